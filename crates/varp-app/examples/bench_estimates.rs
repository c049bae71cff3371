//! How long do the estimates of 1,000 bodies with 50 samples each and 10,000 draws take, from the
//! register and back into it? `cargo run --release -p varp-app --example bench_estimates`

use std::time::Instant;

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use varp_app::jobs::estimate::{EstimateAll, estimate_all};
use varp_app::jobs::{self, Store};
use varp_engine::planning::Terms;
use varp_model::*;

const BODIES: usize = 1000;
const HOLES: usize = 10;
const DEPTH: usize = 5;

fn main() -> anyhow::Result<()> {
    let path = std::env::temp_dir().join(format!("varp-bench-{}.gpkg", std::process::id()));
    let store = varp_store::GeoPackage::create(&path)?;
    let mut import = store.begin_import(&Import {
        id: ImportId::of(&dataset(), "bench"),
        dataset: dataset(),
        files: Vec::new(),
        mapping: String::new(),
        actor: "bench".into(),
        time: "2026-01-01T00:00:00Z".into(),
        program: "varp".into(),
    })?;
    import.add(&register()?)?;
    import.commit()?;
    let bodies = jobs::body_ids(&store, Vec::new())?;
    let references = References::embedded();
    let order = EstimateAll {
        bodies: &bodies,
        terms: &Terms { effective: "2026-01-01".into(), seed: 1, draws: 10_000 },
        audience: Visibility::Private,
        only_changed: true,
        actor: "bench",
        references: &references,
    };
    for run in ["first", "again, nothing changed"] {
        let start = Instant::now();
        let made = estimate_all(&store, &order, |_| true)?;
        let seconds = start.elapsed().as_secs_f64();
        eprintln!("{run}: {} new, {} standing, {seconds:.2} s", made.new, made.standing);
    }
    std::fs::remove_file(&path)?;
    Ok(())
}

fn dataset() -> Dataset {
    Dataset("bench".into())
}

fn origin(key: &str) -> Origin {
    Origin { dataset: dataset(), key: key.into() }
}

/// A number between 0 and 1 that hangs on its key alone.
fn chance(key: usize) -> f64 {
    let mixed = (key as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(31);
    (mixed.wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 11) as f64 / (1u64 << 53) as f64
}

fn position(x: f64, y: f64) -> anyhow::Result<Position> {
    let place = LonLat::new(x, y).ok_or_else(|| anyhow::anyhow!("off the Earth"))?;
    let original = Original { x, y, crs: Crs::WGS84 };
    Ok(Position { place, original, accuracy_m: Some(5.0), visibility: Visibility::Public })
}

fn register() -> anyhow::Result<Batch> {
    let source = SourceId::of(&dataset(), "s");
    let mut batch = Batch {
        sources: vec![Source {
            id: source,
            origin: origin("s"),
            title: "Invented".into(),
            authors: None,
            date: None,
            address: None,
            licence: None,
            file_hash: None,
            reliability: None,
            visibility: Visibility::Public,
        }],
        ..Batch::default()
    };
    let references = References::embedded();
    for symbol in ["Cu", "Co", "Zn"] {
        batch.determinations.push(Determination {
            substance: Substance::parse(symbol, &references)?,
            unit: Unit::parse("ppm")?,
            basis: Basis::Dry,
            digestion: None,
            method: None,
            laboratory: None,
            detection_limit: None,
            upper_limit: None,
            size_fraction: None,
            column: symbol.into(),
        });
    }
    for i in 0..BODIES {
        pond(&mut batch, i, source)?;
    }
    Ok(batch)
}

fn pond(batch: &mut Batch, i: usize, source: SourceId) -> anyhow::Result<()> {
    let key = format!("b{i}");
    let (x, y) = (12.0 + (i % 40) as f64 * 0.2, 58.0 + (i / 40) as f64 * 0.2);
    let locator = Locator::default();
    batch.sites.push(Site {
        id: SiteId::of(&dataset(), &key),
        origin: origin(&key),
        name: key.clone(),
        aliases: Vec::new(),
        country: "SE".parse().map_err(|_| anyhow::anyhow!("no country"))?,
        municipality: None,
        position: Some(position(x, y)?),
        note: None,
        source,
        locator: locator.clone(),
        visibility: Visibility::Public,
        licence: None,
    });
    let corner = |dx: f64, dy: f64| Coord { x: x + dx * 0.01, y: y + dy * 0.005 };
    let ring = vec![corner(0., 0.), corner(1., 0.), corner(1., 1.), corner(0., 1.), corner(0., 0.)];
    batch.bodies.push(Body {
        id: BodyId::of(&dataset(), &key),
        origin: origin(&key),
        site: SiteId::of(&dataset(), &key),
        name: key.clone(),
        aliases: Vec::new(),
        kind: BodyKind("tailings".into()),
        position: Some(position(x + 0.005, y + 0.0025)?),
        footprint: Some(Geometry::MultiPolygon(MultiPolygon(vec![Polygon::new(
            LineString::new(ring),
            vec![],
        )]))),
        period: None,
        status: None,
        storage: None,
        list_of_waste: None,
        commodities: vec!["Cu".into()],
        origin_deposit: None,
        deposit_type: None,
        note: None,
        source,
        locator: locator.clone(),
        visibility: Visibility::Public,
        licence: None,
    });
    holes(batch, i, (x, y), source)
}

fn holes(batch: &mut Batch, i: usize, (x, y): (f64, f64), source: SourceId) -> anyhow::Result<()> {
    let key = format!("b{i}");
    for h in 0..HOLES {
        let (dx, dy) = (0.1 + 0.2 * (h % 5) as f64, 0.25 + 0.5 * (h / 5) as f64);
        let hole = format!("{key}-{h}");
        batch.holes.push(Hole {
            id: HoleId::of(&dataset(), &hole),
            origin: origin(&hole),
            body: Some(BodyId::of(&dataset(), &key)),
            name: hole.clone(),
            collar: Some(position(x + dx * 0.01, y + dy * 0.005)?),
            elevation_m: Some(100.0),
            height_datum: None,
            depth_m: Some(DEPTH as f64),
            surveys: Vec::new(),
            method: None,
            source,
            locator: Locator::default(),
            visibility: Visibility::Public,
            licence: None,
        });
        for d in 0..DEPTH {
            batch.samples.push(sample(&key, &hole, (i * HOLES + h) * DEPTH + d, d, source)?);
        }
    }
    Ok(())
}

fn sample(
    body: &str,
    hole: &str,
    number: usize,
    depth: usize,
    source: SourceId,
) -> anyhow::Result<SampleRow> {
    let name = format!("{hole}-{depth}");
    let assay = |at: u32, typical: f64| {
        let ppm = typical * (1.0 + 0.8 * (chance(number * 3 + at as usize) - 0.5));
        let reported = Reported::parse(&format!("{ppm:.0}"));
        let value = reported.ok_or_else(|| anyhow::anyhow!("{ppm} cannot be printed"))?;
        Ok::<_, anyhow::Error>(Assay {
            determination: DeterminationId(at),
            value: Measured::Exact(value),
        })
    };
    Ok(SampleRow {
        sample: Sample {
            id: SampleId::of(&dataset(), &name),
            origin: origin(&name),
            name,
            body: Some(BodyId::of(&dataset(), body)),
            hole: Some(HoleId::of(&dataset(), hole)),
            position: None,
            from_m: Some(depth as f64),
            to_m: Some(depth as f64 + 1.0),
            method: None,
            mass_kg: None,
            size_fraction: None,
            date: None,
            role: QaRole::Original,
            source,
            locator: Locator::default(),
            visibility: Visibility::Public,
            licence: None,
        },
        assays: vec![assay(0, 900.0)?, assay(1, 60.0)?, assay(2, 4000.0)?],
    })
}
