//! Tables in: columns by name, every fault with its row.

mod parquet;

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, bail};
use varp_geostat::error::KrigingError;
use varp_geostat::krige::{Grid, Samples};

use super::arguments::{Data, Estimator};
use super::estimator::drift_columns;
use crate::cli::show;

/// A table by column, rows counted as an editor shows them.
pub struct Table {
    name: String,
    headers: Vec<String>,
    rows: Rows,
    /// The number of each row in the file: of CSV, and once some are left out.
    lines: Option<Vec<usize>>,
}

/// What a table holds, as its format gives it.
enum Rows {
    Csv(Vec<csv::StringRecord>),
    Columns(Vec<Cells>),
}

/// A column of a table that knows types.
pub enum Cells {
    /// NaN is an empty cell.
    Numbers(Vec<f64>),
    /// Words.
    Texts(Vec<String>),
}

impl Table {
    /// Reads a CSV file with a header, or a (Geo)Parquet file.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
        if matches!(ending.as_deref(), Some("parquet" | "geoparquet")) {
            let (headers, columns) =
                parquet::read(path).with_context(|| format!("reading {name}"))?;
            return Ok(Self { name, headers, rows: Rows::Columns(columns), lines: None });
        }
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_path(path)
            .with_context(|| format!("opening {name}"))?;
        let headers = reader.headers().with_context(|| format!("reading {name}"))?;
        let headers: Vec<String> =
            headers.iter().map(|h| h.trim_start_matches('\u{feff}').trim().to_owned()).collect();
        let (mut rows, mut lines) = (Vec::new(), Vec::new());
        let mut record = csv::StringRecord::new();
        loop {
            let start = reader.position().line();
            if !reader.read_record(&mut record).with_context(|| format!("reading {name}"))? {
                break;
            }
            // The last line of the record: blank ones before it are not its own.
            let end = reader.position().line();
            lines.push(if end > start { end - 1 } else { end } as usize);
            rows.push(record.clone());
        }
        Ok(Self { name, headers, rows: Rows::Csv(rows), lines: Some(lines) })
    }

    /// Names of the columns.
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// Whether there is a column of this name.
    pub fn has(&self, column: &str) -> bool {
        self.headers.iter().any(|h| h == column)
    }

    /// The number of a row as an editor shows it.
    pub fn line(&self, row: usize) -> usize {
        self.lines.as_ref().map_or(row + 2, |lines| lines[row])
    }

    fn at(&self, column: &str) -> anyhow::Result<usize> {
        self.headers.iter().position(|h| h == column).with_context(|| {
            format!("{} has no column \"{column}\"; it has: {}", self.name, self.headers.join(", "))
        })
    }

    /// The texts of a column.
    pub fn texts(&self, column: &str) -> anyhow::Result<Vec<String>> {
        let at = self.at(column)?;
        Ok(match &self.rows {
            Rows::Csv(rows) => rows.iter().map(|row| row[at].to_owned()).collect(),
            Rows::Columns(columns) => match &columns[at] {
                Cells::Texts(words) => words.clone(),
                Cells::Numbers(values) => values
                    .iter()
                    .map(|v| if v.is_nan() { String::new() } else { v.to_string() })
                    .collect(),
            },
        })
    }

    /// The numbers of a column.
    pub fn numbers(&self, column: &str) -> anyhow::Result<Vec<f64>> {
        let at = self.at(column)?;
        if let Rows::Columns(columns) = &self.rows
            && let Cells::Numbers(values) = &columns[at]
            && values.iter().all(|v| v.is_finite())
        {
            return Ok(values.clone());
        }
        if let Rows::Csv(rows) = &self.rows {
            return rows.iter().enumerate().map(|r| self.number(column, (r.0, &r.1[at]))).collect();
        }
        let texts = self.texts(column)?;
        texts.iter().enumerate().map(|(row, text)| self.number(column, (row, text))).collect()
    }

    /// The numbers of a column in which cells may be empty: NaN there.
    pub fn numbers_or_empty(&self, column: &str) -> anyhow::Result<Vec<f64>> {
        let texts = self.texts(column)?;
        let number = |(row, text): (usize, &String)| match is_missing(text) {
            true => Ok(f64::NAN),
            false => self.number(column, (row, text)),
        };
        texts.iter().enumerate().map(number).collect()
    }

    fn number(&self, column: &str, (row, text): (usize, &str)) -> anyhow::Result<f64> {
        let number = text.parse::<f64>().ok().filter(|n| n.is_finite());
        number.with_context(|| {
            let hint = match text {
                t if is_missing(t) => {
                    "\n  hint: --skip-missing leaves out rows whose value is empty"
                }
                t if t.starts_with(['<', '>']) => {
                    "\n  hint: varp geostat stats and simulate take values known only by a limit"
                }
                _ => "",
            };
            let (name, row) = (&self.name, self.line(row));
            match text {
                "" => format!("{name}, row {row}, column {column}: the cell is empty{hint}"),
                _ => {
                    format!("{name}, row {row}, column {column}: \"{text}\" is not a number{hint}")
                }
            }
        })
    }

    /// Places from two or three columns.
    pub fn places(&self, axes: &Axes) -> anyhow::Result<Vec<[f64; 3]>> {
        let (x, y) = (self.numbers(&axes.x)?, self.numbers(&axes.y)?);
        let z = axes.z.as_deref().map_or_else(|| Ok(vec![0.0; x.len()]), |z| self.numbers(z))?;
        Ok(x.into_iter().zip(y).zip(z).map(|((x, y), z)| [x, y, z]).collect())
    }

    /// The coordinate columns: those named, or those of the table's points.
    pub fn axes(&self, x: Option<&str>, y: Option<&str>, z: Option<&str>) -> anyhow::Result<Axes> {
        if let (Some(x), Some(y)) = (x, y) {
            return Ok(Axes { x: x.into(), y: y.into(), z: z.map(Into::into) });
        }
        let of_points = |axis: &str| {
            let ending = format!(".{axis}");
            self.headers.iter().find(|h| h.ends_with(&ending)).cloned()
        };
        match (&self.rows, x, y, of_points("x"), of_points("y")) {
            (Rows::Columns(_), None, None, Some(x), Some(y)) => {
                Ok(Axes { x, y, z: z.map(Into::into).or_else(|| of_points("z")) })
            }
            _ => bail!(
                "say which columns of {} hold the place: --x COLUMN --y COLUMN; it has: {}",
                self.name,
                self.headers.join(", ")
            ),
        }
    }

    /// Leaves out rows in which every one of the columns is empty, and tells how many.
    pub fn drop_missing(&mut self, columns: &[&str]) -> anyhow::Result<usize> {
        let mut keep: Vec<bool> = Vec::new();
        for column in columns {
            let present = self.texts(column)?.into_iter().map(|t| !is_missing(&t));
            keep = match keep.is_empty() {
                true => present.collect(),
                false => keep.into_iter().zip(present).map(|(a, b)| a || b).collect(),
            };
        }
        let left_out = keep.iter().filter(|k| !**k).count();
        let kept = (0..keep.len()).filter(|row| keep[*row]).map(|row| self.line(row));
        self.lines = Some(kept.collect());
        self.keep(&keep);
        Ok(left_out)
    }

    fn keep(&mut self, keep: &[bool]) {
        fn retain<T>(list: &mut Vec<T>, keep: &[bool]) {
            let mut kept = keep.iter();
            list.retain(|_| *kept.next().unwrap_or(&true));
        }
        match &mut self.rows {
            Rows::Csv(rows) => retain(rows, keep),
            Rows::Columns(columns) => columns.iter_mut().for_each(|column| match column {
                Cells::Numbers(values) => retain(values, keep),
                Cells::Texts(words) => retain(words, keep),
            }),
        }
    }
}

/// Whether a cell says that there is no value.
pub fn is_missing(text: &str) -> bool {
    text.is_empty() || ["na", "nan", "null"].contains(&text.to_lowercase().as_str())
}

/// Names of the coordinate columns.
#[derive(Clone, Debug)]
pub struct Axes {
    /// East.
    pub x: String,
    /// North.
    pub y: String,
    /// Height, in three dimensions.
    pub z: Option<String>,
}

impl Axes {
    /// The names in order.
    pub fn names(&self) -> Vec<&str> {
        [self.x.as_str(), &self.y].into_iter().chain(self.z.as_deref()).collect()
    }

    /// 2 or 3.
    pub fn dimensions(&self) -> usize {
        self.names().len()
    }
}

/// Samples with the columns that an estimator asks for.
pub struct Sampled {
    /// The whole table.
    pub table: Table,
    /// Names of its coordinate columns.
    pub axes: Axes,
    /// Where.
    pub places: Vec<[f64; 3]>,
    /// What.
    pub values: Vec<f64>,
    noise: Option<Vec<f64>>,
    external: Vec<Vec<f64>>,
    holes: Option<Vec<u32>>,
}

impl Sampled {
    /// Reads places and values.
    pub fn read(data: &Data) -> anyhow::Result<Self> {
        let (table, axes, places) = open(data, &[&data.value])?;
        let values = table.numbers(&data.value)?;
        Ok(Self { table, axes, places, values, noise: None, external: Vec::new(), holes: None })
    }

    /// Reads samples and what the estimator asks for beside.
    pub fn read_for(data: &Data, estimator: &Estimator) -> anyhow::Result<Self> {
        let mut sampled = Self::read(data)?;
        let table = &sampled.table;
        sampled.noise = estimator.error.as_deref().map(|c| table.numbers(c)).transpose()?;
        let columns = drift_columns(estimator);
        sampled.external = columns.iter().map(|c| table.numbers(c)).collect::<Result<_, _>>()?;
        sampled.holes =
            estimator.hole.as_deref().map(|c| table.texts(c)).transpose()?.map(numbered);
        Ok(sampled)
    }

    /// Numbers of the holes, if a column names them.
    pub fn holes(&self) -> Option<&[u32]> {
        self.holes.as_deref()
    }

    /// Hands the samples over as the library takes them; its errors get the rows of the file.
    pub fn with<T>(
        &self,
        f: impl FnOnce(&Samples<'_>) -> Result<T, KrigingError>,
    ) -> anyhow::Result<T> {
        let external: Vec<&[f64]> = self.external.iter().map(Vec::as_slice).collect();
        let mut samples = Samples::new(&self.places, &self.values).with_external(&external);
        if let Some(noise) = &self.noise {
            samples = samples.with_noise(noise);
        }
        if let Some(holes) = &self.holes {
            samples = samples.with_holes(holes);
        }
        f(&samples).map_err(|error| {
            let rows = match error {
                KrigingError::Duplicates { first, second, .. } => (first, second),
                KrigingError::SingularSamples { sample, other, .. } => (sample, other),
                _ => return error.into(),
            };
            let (first, second) = (self.table.line(rows.0), self.table.line(rows.1));
            let name = &self.table.name;
            anyhow::Error::from(error).context(format!("{name}, rows {first} and {second}"))
        })
    }
}

/// The table of samples and their places; with `--skip-missing` without the rows in which all of
/// `columns` are empty.
pub fn open(data: &Data, columns: &[&str]) -> anyhow::Result<(Table, Axes, Vec<[f64; 3]>)> {
    let mut table = Table::read(data.path()?)?;
    if data.skip_missing {
        let left_out = table.drop_missing(columns)?;
        if left_out > 0 {
            show::note(format!("{left_out} rows without {} were left out", columns.join(", ")));
        }
    }
    let axes = table.axes(data.x.as_deref(), data.y.as_deref(), data.z.as_deref())?;
    let places = table.places(&axes)?;
    Ok((table, axes, places))
}

/// Numbers names in the order in which they first stand.
pub fn numbered(names: Vec<String>) -> Vec<u32> {
    let mut known: HashMap<String, u32> = HashMap::new();
    names
        .into_iter()
        .map(|name| {
            let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
            *known.entry(name).or_insert(next)
        })
        .collect()
}

/// Numbers separated by commas.
pub fn numbers(text: &str, flag: &str) -> anyhow::Result<Vec<f64>> {
    let number = |word: &str| {
        let number = word.trim().parse::<f64>().ok().filter(|n| n.is_finite());
        number.with_context(|| format!("{flag} {text}: \"{word}\" is not a number"))
    };
    text.split(',').map(number).collect()
}

/// Reads `x0,nx,dx,y0,ny,dy[,z0,nz,dz]`.
pub fn parse_grid(text: &str) -> anyhow::Result<Grid> {
    let mut numbers = numbers(text, "--grid")?;
    if numbers.len() == 6 {
        numbers.extend([0.0, 1.0, 1.0]);
    }
    if numbers.len() != 9 {
        bail!("--grid {text} has neither 6 nor 9 numbers: x0,nx,dx,y0,ny,dy[,z0,nz,dz]");
    }
    let (mut origin, mut step, mut count) = ([0.0; 3], [0.0; 3], [0; 3]);
    for (axis, part) in numbers.chunks(3).enumerate() {
        let nodes = part[1];
        if nodes < 1.0 || nodes.fract() != 0.0 || nodes > 1e9 {
            bail!("--grid {text}: {nodes} is not a number of nodes");
        }
        if part[2] <= 0.0 {
            bail!("--grid {text}: the step {} is not above 0", part[2]);
        }
        (origin[axis], step[axis], count[axis]) = (part[0], part[2], nodes as usize);
    }
    let nodes = count.iter().try_fold(1_usize, |a, b| a.checked_mul(*b));
    if nodes.is_none_or(|n| n > 2_000_000_000) {
        bail!("--grid {text} has more than 2 000 000 000 nodes");
    }
    Ok(Grid { origin, step, count })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_is_read_in_two_and_three_dimensions() {
        let flat = parse_grid("-10,3,5,0,2,1").unwrap();
        assert_eq!((flat.origin, flat.count), ([-10.0, 0.0, 0.0], [3, 2, 1]));
        assert_eq!(parse_grid("0,2,1,0,2,1,5,4,0.5").unwrap().count, [2, 2, 4]);
    }

    #[test]
    fn hostile_grids_are_refused() {
        for text in [
            "",
            "1",
            "0,0,1,0,1,1",
            "0,1.5,1,0,1,1",
            "0,1,0,0,1,1",
            "0,1e9,1,0,1e9,1",
            "0,NaN,1,0,1,1",
            "0,-3,1,0,1,1",
        ] {
            assert!(parse_grid(text).is_err(), "{text}");
        }
    }
}
