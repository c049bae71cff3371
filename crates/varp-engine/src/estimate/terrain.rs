//! Two surfaces: the volume between them, and how it fills level by level.

/// A grid of heights in metres, rows from north to south; NaN is "no data".
#[derive(Clone, Debug, PartialEq)]
pub struct Dem {
    columns: usize,
    rows: usize,
    cell_m: f64,
    west: f64,
    north: f64,
    heights: Vec<f64>,
    epsg: Option<u16>,
}

/// Why grids cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DemError {
    /// The file is no height model.
    #[error("{}{message}", match line { 0 => String::new(), line => format!("line {line}: ") })]
    Unreadable {
        /// Line, from 1; 0 for a file that has no lines.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// The grids do not cover the same cells.
    #[error("the grids differ: {0}; resample one to the other first")]
    Different(String),
    /// The number of heights is not columns × rows, or the cell size is not positive.
    #[error("{columns} × {rows} cells of {cell_m} m do not fit {heights} heights")]
    Shape {
        /// Columns.
        columns: usize,
        /// Rows.
        rows: usize,
        /// Cell size.
        cell_m: f64,
        /// Heights given.
        heights: usize,
    },
    /// The base lies above the top.
    #[error("the base lies above the top by up to {most_m} m in {cells} cells")]
    BaseAboveTop {
        /// Cells concerned.
        cells: usize,
        /// Greatest difference.
        most_m: f64,
    },
}

/// One level of a stage–storage curve.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Level {
    /// Height of the level, metres.
    pub height_m: f64,
    /// Area of the body at the level, m².
    pub area_m2: f64,
    /// Volume of the body below the level, m³.
    pub volume_m3: f64,
}

impl DemError {
    /// What is different between two grids; else the whole message.
    pub(super) fn difference(&self) -> String {
        match self {
            Self::Different(what) => what.clone(),
            other => other.to_string(),
        }
    }
}

impl Dem {
    /// A grid of heights; `west` and `north` are the outer corner.
    ///
    /// # Errors
    /// If the numbers do not fit.
    pub fn new(
        columns: usize,
        rows: usize,
        cell_m: f64,
        (west, north): (f64, f64),
        heights: Vec<f64>,
    ) -> Result<Self, DemError> {
        let fits = columns.checked_mul(rows) == Some(heights.len()) && cell_m > 0.0;
        if !fits || heights.is_empty() {
            return Err(DemError::Shape { columns, rows, cell_m, heights: heights.len() });
        }
        Ok(Self { columns, rows, cell_m, west, north, heights, epsg: None })
    }

    /// The same grid in a named projected system.
    pub fn in_system(self, epsg: Option<u16>) -> Self {
        Self { epsg, ..self }
    }

    /// EPSG code of its projected system, where it is known.
    pub fn epsg(&self) -> Option<u16> {
        self.epsg
    }

    /// Reads an Esri ASCII grid: header `ncols` … `NODATA_value`, then heights from north to south. A
    /// line `epsg` in the header, which [`Self::to_ascii`] writes, names the system.
    ///
    /// # Errors
    /// The first line that does not fit.
    pub fn parse_ascii(text: &str) -> Result<Self, DemError> {
        if text.contains([char::REPLACEMENT_CHARACTER, '\0']) {
            let message = "this is neither a GeoTIFF nor an ASCII grid".to_owned();
            return Err(DemError::Unreadable { line: 1, message });
        }
        let mut header = std::collections::BTreeMap::new();
        let mut heights = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let fail = |message: String| DemError::Unreadable { line: at + 1, message };
            let mut words = line.split_whitespace();
            let Some(first) = words.next() else { continue };
            let number = |word: &str| {
                word.parse::<f64>().map_err(|_| {
                    let shown: String = word.chars().filter(|c| !c.is_control()).take(20).collect();
                    fail(format!("\"{shown}\" is not a number"))
                })
            };
            if first.starts_with(|c: char| c.is_ascii_alphabetic()) && heights.is_empty() {
                let value = words.next().ok_or_else(|| fail(format!("{first} has no value")))?;
                header.insert(first.to_lowercase(), number(value)?);
            } else {
                heights.push(number(first)?);
                for word in words {
                    heights.push(number(word)?);
                }
            }
        }
        from_header(&header, heights)
    }

    /// Centre of cell `i`, east and north.
    pub fn centre(&self, i: usize) -> [f64; 2] {
        let (column, row) = (i % self.columns, i / self.columns);
        let east = self.west + (column as f64 + 0.5) * self.cell_m;
        [east, self.north - (row as f64 + 0.5) * self.cell_m]
    }

    /// Height at a place: that of its cell; `None` outside and where there are no data.
    pub fn height_at(&self, [east, north]: [f64; 2]) -> Option<f64> {
        let column = ((east - self.west) / self.cell_m).floor();
        let row = ((self.north - north) / self.cell_m).floor();
        let inside =
            (0.0..self.columns as f64).contains(&column) && (0.0..self.rows as f64).contains(&row);
        let height = inside.then(|| self.heights[row as usize * self.columns + column as usize]);
        height.filter(|h| h.is_finite())
    }

    /// Height at a place between the centres of four cells, by bilinear interpolation; where one of them
    /// has no data, that of its cell.
    pub fn height_between(&self, [east, north]: [f64; 2]) -> Option<f64> {
        let x = (east - self.west) / self.cell_m - 0.5;
        let y = (self.north - north) / self.cell_m - 0.5;
        let (column, row) = (x.floor(), y.floor());
        let corner = |dx: f64, dy: f64| {
            let (c, r) = (column + dx, row + dy);
            let inside = c >= 0.0 && r >= 0.0 && c < self.columns as f64 && r < self.rows as f64;
            inside.then(|| self.heights[r as usize * self.columns + c as usize])
        };
        let corners = [corner(0., 0.), corner(1., 0.), corner(0., 1.), corner(1., 1.)];
        let [Some(a), Some(b), Some(c), Some(d)] = corners else {
            return self.height_at([east, north]);
        };
        let (u, v) = (x - column, y - row);
        let height = (a * (1.0 - u) + b * u) * (1.0 - v) + (c * (1.0 - u) + d * u) * v;
        Some(height).filter(|h| h.is_finite()).or_else(|| self.height_at([east, north]))
    }

    /// The part whose cells meet a box (west, south, east, north); `None` where none does.
    pub fn cut(&self, [west, south, east, north]: [f64; 4]) -> Option<Self> {
        let within = |v: f64, most: usize| v.clamp(0.0, most as f64) as usize;
        let first = within(((west - self.west) / self.cell_m).floor(), self.columns);
        let end = within(((east - self.west) / self.cell_m).ceil(), self.columns);
        let top = within(((self.north - north) / self.cell_m).floor(), self.rows);
        let bottom = within(((self.north - south) / self.cell_m).ceil(), self.rows);
        if first >= end || top >= bottom {
            return None;
        }
        let row = |r: usize| &self.heights[r * self.columns + first..r * self.columns + end];
        Some(Self {
            columns: end - first,
            rows: bottom - top,
            west: self.west + first as f64 * self.cell_m,
            north: self.north - top as f64 * self.cell_m,
            heights: (top..bottom).flat_map(row).copied().collect(),
            ..*self
        })
    }

    /// The grid as text that [`Self::parse_ascii`] reads to the same heights.
    pub fn to_ascii(&self) -> String {
        let south = self.north - self.rows as f64 * self.cell_m;
        let mut text = format!(
            "ncols {}\nnrows {}\nxllcorner {}\nyllcorner {south}\ncellsize {}\nNODATA_value -99999\n",
            self.columns, self.rows, self.west, self.cell_m
        );
        if let Some(epsg) = self.epsg {
            text.push_str(&format!("epsg {epsg}\n"));
        }
        for row in self.heights.chunks(self.columns) {
            let cells = row.iter().map(|h| match h.is_nan() {
                true => "-99999".to_owned(),
                false => h.to_string(),
            });
            text.push_str(&cells.collect::<Vec<_>>().join(" "));
            text.push('\n');
        }
        text
    }

    /// Columns and rows.
    pub fn size(&self) -> [usize; 2] {
        [self.columns, self.rows]
    }

    /// Edge of a cell, metres.
    pub fn cell_m(&self) -> f64 {
        self.cell_m
    }

    /// Area of one cell in m².
    pub fn cell_area(&self) -> f64 {
        self.cell_m * self.cell_m
    }

    /// Heights, rows from north to south.
    pub fn heights(&self) -> &[f64] {
        &self.heights
    }

    pub(super) fn same_cells(&self, other: &Self) -> Result<(), DemError> {
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-6 * self.cell_m;
        if (self.columns, self.rows) != (other.columns, other.rows) {
            let sizes = (self.columns, self.rows, other.columns, other.rows);
            return Err(DemError::Different(format!(
                "{} × {} and {} × {} cells",
                sizes.0, sizes.1, sizes.2, sizes.3
            )));
        }
        if !near(self.cell_m, other.cell_m) {
            return Err(DemError::Different(format!("{} m and {} m", self.cell_m, other.cell_m)));
        }
        if !(near(self.west, other.west) && near(self.north, other.north)) {
            return Err(DemError::Different("their corners".into()));
        }
        Ok(())
    }
}

fn from_header(
    header: &std::collections::BTreeMap<String, f64>,
    mut heights: Vec<f64>,
) -> Result<Dem, DemError> {
    let get = |name: &str| {
        header.get(name).copied().ok_or_else(|| DemError::Unreadable {
            line: 1,
            message: format!("the header has no {name}"),
        })
    };
    let whole = |v: f64| if v >= 0.0 && v.fract() == 0.0 { v as usize } else { 0 };
    let (columns, rows) = (whole(get("ncols")?), whole(get("nrows")?));
    let cell = get("cellsize")?;
    let half = if header.contains_key("xllcenter") { cell / 2.0 } else { 0.0 };
    let west = get("xllcorner").or_else(|_| get("xllcenter"))? - half;
    let south = get("yllcorner").or_else(|_| get("yllcenter"))? - half;
    if let Some(nodata) = header.get("nodata_value") {
        heights.iter_mut().filter(|h| **h == *nodata).for_each(|h| *h = f64::NAN);
    }
    let epsg =
        header.get("epsg").map(|code| whole(*code)).and_then(|code| u16::try_from(code).ok());
    let dem = Dem::new(columns, rows, cell, (west, south + rows as f64 * cell), heights)?;
    Ok(dem.in_system(epsg))
}

/// Thickness of each cell, top − base, in metres; NaN where either has no data.
///
/// # Errors
/// If the grids differ, or the base lies above the top by more than `tolerance_m` anywhere.
pub fn fill_between(top: &Dem, base: &Dem, tolerance_m: f64) -> Result<Vec<f64>, DemError> {
    top.same_cells(base)?;
    let thickness: Vec<f64> = top.heights.iter().zip(&base.heights).map(|(t, b)| t - b).collect();
    let above = thickness.iter().filter(|t| **t < -tolerance_m);
    let (cells, most_m) = above.fold((0, 0.0_f64), |(n, most), t| (n + 1, most.max(-t)));
    if cells > 0 {
        return Err(DemError::BaseAboveTop { cells, most_m });
    }
    Ok(thickness)
}

/// Area and volume of the fill between `base` and `top` below each of `steps` + 1 equal levels.
///
/// # Errors
/// As [`fill_between`].
pub fn stage_storage(
    top: &Dem,
    base: &Dem,
    steps: usize,
    tolerance_m: f64,
) -> Result<Vec<Level>, DemError> {
    fill_between(top, base, tolerance_m)?;
    let cells: Vec<(f64, f64)> = base.heights.iter().copied().zip(top.heights.clone()).collect();
    Ok(levels_between(&cells, steps, top.cell_area()))
}

/// The same of cells by the heights of their base and top.
pub(super) fn levels_between(columns: &[(f64, f64)], steps: usize, cell_area: f64) -> Vec<Level> {
    let cells: Vec<&(f64, f64)> = columns.iter().filter(|(base, top)| top > base).collect();
    if cells.is_empty() {
        return Vec::new();
    }
    let lowest = cells.iter().map(|c| c.0).fold(f64::INFINITY, f64::min);
    let highest = cells.iter().map(|c| c.1).fold(f64::NEG_INFINITY, f64::max);
    let level = |i: usize| {
        let height_m = lowest + (highest - lowest) * i as f64 / steps.max(1) as f64;
        let filled = |c: &&(f64, f64)| (height_m.min(c.1) - c.0).max(0.0);
        let covered = cells.iter().filter(|c| c.0 <= height_m && height_m < c.1).count();
        Level {
            height_m,
            area_m2: covered as f64 * cell_area,
            volume_m3: cells.iter().map(filled).sum::<f64>() * cell_area,
        }
    };
    (0..=steps.max(1)).map(level).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRID: &str = "ncols 2\nnrows 2\nxllcorner 0\nyllcorner 0\ncellsize 10\nNODATA_value -9\n\
                        5 5\n5 -9\n";

    #[test]
    fn an_ascii_grid_is_read_with_its_gaps() {
        let dem = Dem::parse_ascii(GRID).unwrap();
        assert_eq!(dem.heights()[..3], [5.0, 5.0, 5.0]);
        assert!(dem.heights()[3].is_nan());
    }

    #[test]
    fn noise_is_named_and_not_shown() {
        for noise in ["\u{FFFD}\u{7}x 3", "ncols\0 2"] {
            let said = Dem::parse_ascii(noise).unwrap_err().to_string();
            assert!(said.contains("neither a GeoTIFF nor an ASCII grid"), "{said}");
        }
    }

    #[test]
    fn a_part_written_and_read_is_the_same_part() {
        let heights = (0..12).map(|i| f64::from(i) / 3.0).collect();
        let dem = Dem::new(4, 3, 2.5, (500_000.1, 7_000_000.0), heights).unwrap();
        let part = dem.in_system(Some(3006)).cut([500_003.0, 6_999_990.0, 500_007.0, 6_999_996.0]);
        let part = part.unwrap();
        assert_eq!((part.size(), part.heights()[0]), ([2, 2], 5.0 / 3.0));
        let again = Dem::parse_ascii(&part.to_ascii()).unwrap();
        part.same_cells(&again).unwrap();
        assert_eq!((again.heights(), again.epsg()), (part.heights(), Some(3006)));
        assert_eq!(part.cut([0.0, 0.0, 1.0, 1.0]), None);
    }

    #[test]
    fn heights_between_cells_lie_on_the_plane_through_them() {
        let heights = (0..16).map(|i| f64::from(i % 4) + 10.0 * f64::from(i / 4)).collect();
        let dem = Dem::new(4, 4, 1.0, (0.0, 4.0), heights).unwrap();
        let found = dem.height_between([1.75, 2.0]).unwrap();
        assert!((found - (1.25 + 10.0 * 1.5)).abs() < 1e-12, "{found}");
        assert_eq!(dem.height_between([0.1, 3.9]), Some(0.0), "beyond the last centre: its cell");
        assert_eq!(dem.height_between([-1.0, 0.0]), None);
    }

    #[test]
    fn tilted_planes_enclose_their_analytic_volume() {
        let n = 50;
        let plane = |slope: f64, lift: f64| {
            let heights = (0..n * n).map(|i| lift + slope * ((i % n) as f64 + 0.5) * 2.0).collect();
            Dem::new(n, n, 2.0, (0.0, 100.0), heights).unwrap()
        };
        let thickness = fill_between(&plane(0.05, 10.0), &plane(0.0, 10.0), 0.01).unwrap();
        let volume: f64 = thickness.iter().sum::<f64>() * 4.0;
        assert!((volume / 25_000.0 - 1.0).abs() < 1e-9, "mean thickness 2.5 m on 10,000 m²");
    }

    #[test]
    fn a_paraboloid_pit_fills_to_its_analytic_volume() {
        let (n, cell, r, depth) = (400, 0.5, 90.0, 12.0);
        let height = |i: usize| {
            let x = ((i % n) as f64 + 0.5) * cell - 100.0;
            let y = ((i / n) as f64 + 0.5) * cell - 100.0;
            ((x * x + y * y) / (r * r) * depth).min(depth)
        };
        let base = Dem::new(n, n, cell, (0.0, 200.0), (0..n * n).map(height).collect()).unwrap();
        let top = Dem::new(n, n, cell, (0.0, 200.0), vec![depth; n * n]).unwrap();
        let levels = stage_storage(&top, &base, 10, 0.01).unwrap();
        let last = levels.last().unwrap().volume_m3;
        assert!((last / crate::estimate::paraboloid_volume(r, depth) - 1.0).abs() < 1e-3);
        assert!(levels.windows(2).all(|w| w[0].volume_m3 <= w[1].volume_m3));
    }

    #[test]
    fn a_base_above_the_top_is_told_with_its_extent() {
        let flat = |h| Dem::new(2, 1, 1.0, (0.0, 1.0), vec![h, h]).unwrap();
        let error = fill_between(&flat(1.0), &flat(3.0), 0.1).unwrap_err();
        assert_eq!(error, DemError::BaseAboveTop { cells: 2, most_m: 2.0 });
    }

    #[test]
    fn broken_grids_are_refused() {
        for text in [
            "",
            "ncols 2",
            "ncols 2\nnrows 1\nxllcorner 0\nyllcorner 0\ncellsize 1\n1 x\n",
            "ncols 9999999999\nnrows 9999999999\nxllcorner 0\nyllcorner 0\ncellsize 1\n1\n",
        ] {
            assert!(Dem::parse_ascii(text).is_err());
        }
    }
}
