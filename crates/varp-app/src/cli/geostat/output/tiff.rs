//! GeoTIFF: one band of 64-bit floats for each column, north up, NaN where there is no value.
//!
//! Layout: TIFF 6.0 sections 2 and 8, GeoTIFF 1.1 (OGC 19-008r4); nodes are centres of pixels.
//! Band names and the value for "no data" stand in the two tags that GDAL defined for them.

use std::io::{self, Write};

use varp_geostat::krige::Grid;

use super::Sheet;

const SHORT: u16 = 3;
const LONG: u16 = 4;
const ASCII: u16 = 2;
const DOUBLE: u16 = 12;

/// An entry of the directory with the bytes of its value.
struct Entry {
    tag: u16,
    kind: u16,
    count: u32,
    bytes: Vec<u8>,
}

fn shorts(tag: u16, values: &[u16]) -> Entry {
    let bytes = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    Entry { tag, kind: SHORT, count: values.len() as u32, bytes }
}

fn longs(tag: u16, values: &[u32]) -> Entry {
    let bytes = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    Entry { tag, kind: LONG, count: values.len() as u32, bytes }
}

fn doubles(tag: u16, values: &[f64]) -> Entry {
    let bytes = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    Entry { tag, kind: DOUBLE, count: values.len() as u32, bytes }
}

fn text(tag: u16, words: &str) -> Entry {
    let mut bytes = words.as_bytes().to_vec();
    bytes.push(0);
    Entry { tag, kind: ASCII, count: bytes.len() as u32, bytes }
}

/// Writes the columns of numbers of a plane grid.
pub fn write(mut out: impl Write, sheet: &Sheet<'_>) -> io::Result<()> {
    let Some(grid) = sheet.grid() else {
        return Err(io::Error::other("a GeoTIFF holds a grid"));
    };
    let bands: Vec<(&str, &[f64])> = sheet.number_columns().collect();
    let [width, height, _] = grid.count;
    let band_bytes = 8 * width * height;
    let total = band_bytes as u64 * bands.len() as u64;
    if total > 4_000_000_000 || bands.len() > usize::from(u16::MAX) {
        return Err(io::Error::other(format!(
            "{} bands of {width} x {height} nodes are more than the 4 GB of a TIFF; write .parquet \
             or .vtk",
            bands.len()
        )));
    }
    let entries = directory(grid, &bands, sheet.crs, band_bytes);
    out.write_all(b"II\x2a\0\x08\0\0\0")?;
    write_directory(&mut out, &entries)?;
    for (_, values) in &bands {
        for row in (0..height).rev() {
            for value in &values[row * width..][..width] {
                out.write_all(&value.to_le_bytes())?;
            }
        }
    }
    Ok(())
}

/// The tags in rising order; the strips, one for each band, follow the directory.
fn directory(
    grid: &Grid,
    bands: &[(&str, &[f64])],
    crs: Option<u32>,
    band_bytes: usize,
) -> Vec<Entry> {
    let [width, height, _] = grid.count;
    let n = bands.len();
    let corner = [
        grid.origin[0] - 0.5 * grid.step[0],
        grid.origin[1] + (height as f64 - 0.5) * grid.step[1],
    ];
    let items: String = bands
        .iter()
        .enumerate()
        .map(|(i, (name, _))| {
            format!(
                "<Item name=\"DESCRIPTION\" sample=\"{i}\" role=\"description\">{}</Item>",
                escaped(name)
            )
        })
        .collect();
    let mut entries = vec![
        longs(256, &[width as u32]),
        longs(257, &[height as u32]),
        shorts(258, &vec![64; n]),
        shorts(259, &[1]),
        shorts(262, &[1]),
        longs(273, &vec![0; n]),
        shorts(277, &[n as u16]),
        longs(278, &[height as u32]),
        longs(279, &vec![band_bytes as u32; n]),
        shorts(284, &[2]),
        shorts(339, &vec![3; n]),
        doubles(33550, &[grid.step[0], grid.step[1], 0.0]),
        doubles(33922, &[0.0, 0.0, 0.0, corner[0], corner[1], 0.0]),
        shorts(34735, &keys(crs)),
        text(42112, &format!("<GDALMetadata>{items}</GDALMetadata>")),
        text(42113, "nan"),
    ];
    if n > 1 {
        // the second and later bands are none of the colours
        let extra = shorts(338, &vec![0; n - 1]);
        entries.insert(10, extra);
    }
    let first = 8 + directory_bytes(&entries);
    let offsets: Vec<u32> = (0..n).map(|band| (first + band * band_bytes) as u32).collect();
    entries[5] = longs(273, &offsets);
    entries
}

/// Model type, pixels as areas, and the system's number. Geographic systems have EPSG numbers
/// from 4000 to 4999; all others that maps of bodies use are projected.
fn keys(crs: Option<u32>) -> Vec<u16> {
    let code = crs.and_then(|c| u16::try_from(c).ok());
    match code {
        None => vec![1, 1, 1, 1, 1025, 0, 1, 1],
        Some(code) => {
            let geographic = (4000..5000).contains(&code);
            let (model, key) = if geographic { (2, 2048) } else { (1, 3072) };
            vec![1, 1, 1, 3, 1024, 0, 1, model, 1025, 0, 1, 1, key, 0, 1, code]
        }
    }
}

fn padded(bytes: usize) -> usize {
    if bytes <= 4 { 0 } else { bytes.next_multiple_of(8) }
}

/// Length of the directory and the values that do not fit into it, a multiple of 8.
fn directory_bytes(entries: &[Entry]) -> usize {
    let values: usize = entries.iter().map(|e| padded(e.bytes.len())).sum();
    (2 + 12 * entries.len() + 4).next_multiple_of(8) + values
}

fn write_directory(out: &mut impl Write, entries: &[Entry]) -> io::Result<()> {
    let fixed = (2 + 12 * entries.len() + 4).next_multiple_of(8);
    let mut at = 8 + fixed;
    out.write_all(&(entries.len() as u16).to_le_bytes())?;
    for entry in entries {
        out.write_all(&entry.tag.to_le_bytes())?;
        out.write_all(&entry.kind.to_le_bytes())?;
        out.write_all(&entry.count.to_le_bytes())?;
        if entry.bytes.len() <= 4 {
            let mut inline = [0; 4];
            inline[..entry.bytes.len()].copy_from_slice(&entry.bytes);
            out.write_all(&inline)?;
        } else {
            out.write_all(&(at as u32).to_le_bytes())?;
            at += padded(entry.bytes.len());
        }
    }
    out.write_all(&[0; 4])?;
    out.write_all(&vec![0; fixed - (2 + 12 * entries.len() + 4)])?;
    for entry in entries.iter().filter(|e| e.bytes.len() > 4) {
        out.write_all(&entry.bytes)?;
        out.write_all(&vec![0; padded(entry.bytes.len()) - entry.bytes.len()])?;
    }
    Ok(())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::super::Column;
    use super::*;
    use varp_geostat::krige::Targets;

    #[test]
    fn the_first_pixel_is_the_north_western_node() {
        let grid = Grid { origin: [10.0, 20.0, 0.0], step: [1.0, 2.0, 1.0], count: [2, 3, 1] };
        let columns = vec![
            Column::new("a", vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
            Column::new("b", vec![-1.0; 6]),
        ];
        let mut sheet = Sheet::placed(vec!["x", "y"], Targets::grid(grid), columns);
        sheet.crs = Some(3067);
        let mut bytes = Vec::new();
        write(&mut bytes, &sheet).unwrap();
        let number = |at: usize| f64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
        let first = bytes.len() - 2 * 6 * 8;
        assert_eq!([number(first), number(first + 8), number(first + 40)], [5.0, 6.0, 2.0]);
        assert_eq!(number(first + 48), -1.0);
        assert_eq!(first % 8, 0);
        let corner = [9.5_f64, 25.0].map(f64::to_le_bytes).concat();
        assert!(bytes.windows(16).any(|w| w == corner));
    }
}
