//! Points measured beside holes and samples: a table of thickness, soundings, heights of the old ground.

use super::data::{BodyData, GroundPoint, ThicknessPoint};
use super::terrain::Dem;

/// What a table of points says, in one projected system.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Points {
    /// Thickness of the body at places.
    pub thickness: Vec<ThicknessPoint>,
    /// Depth of the base below the surface of today: east, north, metres.
    pub depths: Vec<[f64; 3]>,
    /// Heights of the old ground.
    pub ground: Vec<GroundPoint>,
}

/// Why a table of points cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PointsError {
    /// Not a table.
    #[error("{0}")]
    Unreadable(String),
    /// A column that is not there.
    #[error(
        "the header has no {0}; the columns are x, y and one or more of thickness (with sd), depth, height \
         (with kind: rim or sounding)"
    )]
    Column(&'static str),
    /// A cell that does not fit.
    #[error("line {line}, {column}: \"{cell}\" {wrong}")]
    Cell {
        /// Line of the file, from 1.
        line: u64,
        /// Name of the column.
        column: &'static str,
        /// As written.
        cell: String,
        /// What is wrong.
        wrong: &'static str,
    },
    /// A depth without a surface to measure it from.
    #[error(
        "a depth at ({east}, {north}) lies outside the surface {surface}, so its height is not known"
    )]
    NoSurface {
        /// East.
        east: f64,
        /// North.
        north: f64,
        /// Name of the surface.
        surface: String,
    },
}

/// A row of the table under its header.
struct Row<'a> {
    record: &'a csv::StringRecord,
    header: &'a [String],
    line: u64,
}

impl Row<'_> {
    fn text(&self, column: &str) -> Option<&str> {
        let at = self.header.iter().position(|h| h == column)?;
        self.record.get(at).map(str::trim).filter(|cell| !cell.is_empty())
    }

    fn wrong(&self, column: &'static str, wrong: &'static str) -> PointsError {
        let cell = self.text(column).unwrap_or_default().to_owned();
        PointsError::Cell { line: self.line, column, cell, wrong }
    }

    fn number(&self, column: &'static str) -> Result<Option<f64>, PointsError> {
        let Some(cell) = self.text(column) else { return Ok(None) };
        let value = cell.replace(',', ".").parse::<f64>().ok().filter(|v| v.is_finite());
        value.map(Some).ok_or_else(|| self.wrong(column, "is not a number"))
    }

    fn needed(&self, column: &'static str) -> Result<f64, PointsError> {
        self.number(column)?.ok_or_else(|| self.wrong(column, "is empty"))
    }
}

impl Points {
    /// Reads a table: columns `x`, `y` (metres east and north) and one or more of `thickness` with its
    /// standard deviation `sd`, `depth` of the base below the surface of today, `height` of the old ground
    /// with its `kind`, `rim` or `sounding`. Delimiter comma, semicolon or tab; decimal point or comma.
    ///
    /// # Errors
    /// The first cell that does not fit, with its line.
    pub fn parse(text: &str) -> Result<Self, PointsError> {
        Self::parse_with(text, None)
    }

    /// The same, where a thickness without a standard deviation of its own has this one.
    ///
    /// # Errors
    /// The first cell that does not fit, with its line.
    pub fn parse_with(text: &str, sd_m: Option<f64>) -> Result<Self, PointsError> {
        let first = text.lines().next().unwrap_or_default();
        let delimiter = [b'\t', b';'].into_iter().find(|d| first.as_bytes().contains(d));
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter.unwrap_or(b','))
            .comment(Some(b'#'))
            .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let unreadable = |e: csv::Error| PointsError::Unreadable(e.to_string());
        let header: Vec<String> =
            reader.headers().map_err(unreadable)?.iter().map(|h| h.trim().to_lowercase()).collect();
        let has = |column: &str| header.iter().any(|h| h == column);
        for column in ["x", "y"] {
            if !has(column) {
                return Err(PointsError::Column(column));
            }
        }
        if !["thickness", "depth", "height"].iter().any(|c| has(c)) {
            return Err(PointsError::Column("thickness, depth or height"));
        }
        let mut points = Self::default();
        for record in reader.records() {
            let record = record.map_err(unreadable)?;
            let line = record.position().map_or(0, csv::Position::line);
            points.add(&Row { record: &record, header: &header, line }, sd_m)?;
        }
        Ok(points)
    }

    fn add(&mut self, row: &Row<'_>, unstated_sd_m: Option<f64>) -> Result<(), PointsError> {
        let at = [row.needed("x")?, row.needed("y")?];
        if let Some(thickness_m) = row.number("thickness")? {
            if thickness_m < 0.0 {
                return Err(row.wrong("thickness", "is below 0"));
            }
            let stated = row.number("sd")?.or(unstated_sd_m);
            let sd_m = stated.ok_or_else(|| row.wrong("sd", "is empty"))?;
            if sd_m < 0.0 {
                return Err(row.wrong("sd", "is below 0"));
            }
            self.thickness.push(ThicknessPoint { at, thickness_m, sd_m });
        }
        if let Some(depth) = row.number("depth")? {
            if depth < 0.0 {
                return Err(
                    row.wrong("depth", "is below 0; depths are metres down from the surface")
                );
            }
            self.depths.push([at[0], at[1], depth]);
        }
        if let Some(height_m) = row.number("height")? {
            let sounded = match row.text("kind") {
                Some("rim") => false,
                Some("sounding") => true,
                _ => return Err(row.wrong("kind", "is none of rim, sounding")),
            };
            self.ground.push(GroundPoint { at, height_m, sounded });
        }
        Ok(())
    }

    /// Adds the points to what is known of a body; depths are measured down from `top`, a surface and its
    /// name.
    ///
    /// # Errors
    /// A depth where that surface has no height.
    pub fn add_to(
        &self,
        data: &mut BodyData,
        top: Option<(&str, &Dem)>,
    ) -> Result<(), PointsError> {
        data.thickness.extend(&self.thickness);
        data.ground.extend(&self.ground);
        for [east, north, depth] in self.depths.iter().copied() {
            let surface = top.and_then(|(_, dem)| dem.height_between([east, north]));
            let height_m = surface.ok_or_else(|| PointsError::NoSurface {
                east,
                north,
                surface: top.map_or("that the plan would name", |t| t.0).to_owned(),
            })?;
            let at = [east, north];
            data.ground.push(GroundPoint { at, height_m: height_m - depth, sounded: true });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_points_is_read_by_its_columns() {
        let text = "X;Y;thickness;sd;depth;height;kind\n1;2;3,5;0,2;;;\n5;5;;;2;;\n9;9;;;;40;rim\n";
        let points = Points::parse(text).unwrap();
        assert_eq!(
            points.thickness,
            [ThicknessPoint { at: [1.0, 2.0], thickness_m: 3.5, sd_m: 0.2 }]
        );
        let flat = Dem::new(10, 10, 1.0, (0.0, 10.0), vec![50.0; 100]).unwrap();
        let mut data = BodyData::default();
        points.add_to(&mut data, Some(("top", &flat))).unwrap();
        let heights: Vec<(f64, bool)> =
            data.ground.iter().map(|g| (g.height_m, g.sounded)).collect();
        assert_eq!(heights, [(40.0, false), (48.0, true)]);
        let error = points.add_to(&mut BodyData::default(), None).unwrap_err();
        assert!(error.to_string().contains("(5, 5)"), "{error}");
    }

    #[test]
    fn what_does_not_fit_is_told_with_its_line() {
        for (text, said) in [
            ("a,b\n", "has no x"),
            ("x,y\n1,2\n", "has no thickness, depth or height"),
            ("x,y,thickness,sd\n1,2,3,0.1\n1,2,3,\n", "line 3, sd: \"\" is empty"),
            ("x,y,depth\n1,2,-3\n", "line 2, depth: \"-3\" is below 0"),
            ("x,y,height\n1,2,3\n", "line 2, kind: \"\" is none of rim, sounding"),
            ("x,y,height\nnan,2,3\n", "\"nan\" is not a number"),
            ("x,y,depth\n1,2\n", "record"),
        ] {
            let error = Points::parse(text).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
