//! Writes a wide table of assays, 1,000,000 samples by 12 analytes, about 85 MB, 3 % of the rows
//! dirty, and its mapping: `cargo run --release --example make_big_csv -- FOLDER [ROWS]`.

use std::io::Write;

const ANALYTES: [(&str, f64); 12] = [
    ("Cu_ppm", 120.0),
    ("Zn_ppm", 340.0),
    ("Pb_ppm", 60.0),
    ("Ni_ppm", 45.0),
    ("Co_ppm", 18.0),
    ("As_ppm", 25.0),
    ("W_ppm", 4.0),
    ("Mo_ppm", 3.0),
    ("V_ppm", 90.0),
    ("Li_ppm", 22.0),
    ("Ce_ppm", 70.0),
    ("La_ppm", 35.0),
];

/// A stream of numbers that is the same everywhere (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Between 0 and 1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// About normal: the sum of twelve shares less six.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.share()).sum::<f64>() - 6.0
    }
}

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| ".".into());
    let rows: u64 = arguments.next().and_then(|r| r.parse().ok()).unwrap_or(1_000_000);
    std::fs::create_dir_all(&folder)?;
    let path = std::path::Path::new(&folder);
    let mut csv = std::io::BufWriter::new(std::fs::File::create(path.join("big.csv"))?);
    let names: Vec<&str> = ANALYTES.iter().map(|(name, _)| *name).collect();
    writeln!(csv, "sample,x,y,{}", names.join(","))?;
    let mut random = Random(42);
    for row in 0..rows {
        let (x, y) =
            (480_000.0 + 50_000.0 * random.share(), 6_640_000.0 + 50_000.0 * random.share());
        write!(csv, "S{row:07},{x:.0},{y:.0}")?;
        let dirty = random.share() < 0.03;
        let place = (random.next() % 12) as usize;
        for (at, (_, middle)) in ANALYTES.iter().enumerate() {
            let value = middle * (0.9 * random.normal()).exp();
            match (dirty && at == place, row % 6) {
                (true, 0) => write!(csv, ",{value:.1} x")?,
                (true, 1) => write!(csv, ",n.d.")?,
                (true, 2) => write!(csv, ",0")?,
                (true, 3) => write!(csv, ",-1")?,
                (true, 4) => write!(csv, ",{:.0}", value * 1e6)?,
                (true, _) => write!(csv, ",\"{:.0},{:02}\"", value, row % 100)?,
                (false, _) if value < middle / 12.0 => write!(csv, ",<{:.2}", middle / 12.0)?,
                (false, _) if value < 100.0 => write!(csv, ",{value:.2}")?,
                (false, _) => write!(csv, ",{value:.0}")?,
            }
        }
        writeln!(csv)?;
    }
    csv.flush()?;
    let mut mapping = String::from(
        "dataset = \"big\"\n[source]\ntitle = \"Made by make_big_csv\"\n\n[[table]]\ncrs = 3006\n\
         [table.sample]\nkey = \"sample\"\n[table.sample.place]\nx = \"x\"\ny = \"y\"\n\
         [table.assay_defaults]\nbasis = \"dry\"\nunit = \"ppm\"\n",
    );
    for (name, _) in ANALYTES {
        let symbol = name.trim_end_matches("_ppm");
        mapping += &format!("[[table.assay]]\ncolumn = \"{name}\"\nsubstance = \"{symbol}\"\n");
    }
    std::fs::write(path.join("big.toml"), mapping)
}
