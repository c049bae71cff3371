//! Tables in: columns by name, every fault with its row.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, bail};
use varp_geostat::krige::{Grid, Kriging, Method, Samples, Search, Trend};
use varp_geostat::model::{Ellipsoid, Model, Rotation};
use varp_geostat::search::Neighbourhood;

use super::arguments::{Data, Estimator};
use crate::cli::show;

/// A table by column, rows counted as an editor shows them.
pub struct Table {
    name: String,
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Reads a CSV file with a header.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let mut reader = csv::Reader::from_path(path).with_context(|| format!("opening {name}"))?;
        let headers = reader.headers().with_context(|| format!("reading {name}"))?;
        let headers = headers.iter().map(|h| h.trim().to_owned()).collect();
        let rows = reader
            .records()
            .map(|row| Ok(row?.iter().map(|c| c.trim().to_owned()).collect()))
            .collect::<Result<_, csv::Error>>()
            .with_context(|| format!("reading {name}"))?;
        Ok(Self { name, headers, rows })
    }

    /// The texts of a column.
    pub fn texts(&self, column: &str) -> anyhow::Result<Vec<&str>> {
        let at = self.headers.iter().position(|h| h == column).with_context(|| {
            format!("{} has no column \"{column}\"; it has: {}", self.name, self.headers.join(", "))
        })?;
        Ok(self.rows.iter().map(|row| row[at].as_str()).collect())
    }

    /// The numbers of a column.
    pub fn numbers(&self, column: &str) -> anyhow::Result<Vec<f64>> {
        let number = |(row, text): (usize, &str)| {
            text.parse::<f64>().ok().filter(|n| n.is_finite()).with_context(|| {
                format!(
                    "{}, row {}, column {column}: \"{text}\" is not a number",
                    self.name,
                    row + 2
                )
            })
        };
        self.texts(column)?.into_iter().enumerate().map(number).collect()
    }

    /// Places from two or three columns.
    pub fn places(&self, x: &str, y: &str, z: Option<&str>) -> anyhow::Result<Vec<[f64; 3]>> {
        let (x, y) = (self.numbers(x)?, self.numbers(y)?);
        let z = z.map_or_else(|| Ok(vec![0.0; x.len()]), |z| self.numbers(z))?;
        Ok(x.into_iter().zip(y).zip(z).map(|((x, y), z)| [x, y, z]).collect())
    }

    fn drop_missing(&mut self, column: &str) -> anyhow::Result<usize> {
        let missing = |text: &str| {
            text.is_empty() || ["na", "nan", "null"].contains(&text.to_lowercase().as_str())
        };
        let keep: Vec<bool> = self.texts(column)?.into_iter().map(|t| !missing(t)).collect();
        let before = self.rows.len();
        let mut kept = keep.into_iter();
        self.rows.retain(|_| kept.next().unwrap_or(true));
        Ok(before - self.rows.len())
    }
}

/// Samples with the columns that an estimator asks for.
pub struct Sampled {
    /// The whole table.
    pub table: Table,
    /// Where.
    pub places: Vec<[f64; 3]>,
    /// What.
    pub values: Vec<f64>,
    noise: Option<Vec<f64>>,
    external: Vec<Vec<f64>>,
    holes: Option<Vec<u32>>,
}

impl Sampled {
    /// Reads samples.
    pub fn read(data: &Data) -> anyhow::Result<Self> {
        let mut table = Table::read(&data.file)?;
        if data.skip_missing {
            let left_out = table.drop_missing(&data.value)?;
            if left_out > 0 {
                show::note(format!("{left_out} rows without {} were left out", data.value));
            }
        }
        let places = table.places(&data.x, &data.y, data.z.as_deref())?;
        let values = table.numbers(&data.value)?;
        Ok(Self { table, places, values, noise: None, external: Vec::new(), holes: None })
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

    /// Hands the samples over as the library takes them.
    pub fn with<T>(&self, f: impl FnOnce(&Samples<'_>) -> T) -> T {
        let external: Vec<&[f64]> = self.external.iter().map(Vec::as_slice).collect();
        let mut samples = Samples::new(&self.places, &self.values).with_external(&external);
        if let Some(noise) = &self.noise {
            samples = samples.with_noise(noise);
        }
        if let Some(holes) = &self.holes {
            samples = samples.with_holes(holes);
        }
        f(&samples)
    }
}

/// Numbers names in the order in which they first stand.
fn numbered(names: Vec<&str>) -> Vec<u32> {
    let mut known: HashMap<&str, u32> = HashMap::new();
    names
        .into_iter()
        .map(|name| {
            let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
            *known.entry(name).or_insert(next)
        })
        .collect()
}

/// Columns of an external drift; none for the drifts of coordinates.
pub fn drift_columns(estimator: &Estimator) -> Vec<String> {
    match estimator.drift.as_deref() {
        None | Some("linear" | "quadratic") => Vec::new(),
        Some(columns) => columns.split(',').map(|c| c.trim().to_owned()).collect(),
    }
}

/// The kriging that the arguments describe.
pub fn kriging(
    estimator: &Estimator,
    dimensions: usize,
    samples: usize,
) -> anyhow::Result<Kriging> {
    let model = parse_model(&estimator.model)?;
    let method = match (estimator.drift.as_deref(), estimator.method.as_str()) {
        (Some("linear"), _) => Method::Universal(Trend::linear(dimensions)),
        (Some("quadratic"), _) => Method::Universal(Trend::quadratic(dimensions)),
        (Some(_), _) => Method::Universal(Trend::external(drift_columns(estimator).len())),
        (None, "ok") => Method::Ordinary,
        (None, method) => match method.strip_prefix("sk:").map(str::parse::<f64>) {
            Some(Ok(mean)) if mean.is_finite() => Method::Simple { mean },
            _ => bail!("--method {method} is neither ok nor sk:MEAN, such as sk:5.9"),
        },
    };
    let ellipsoid = match (&estimator.ellipsoid, estimator.maxdist) {
        (Some(text), _) => Some(parse_ellipsoid(text)?),
        (None, Some(radius)) => Some(Ellipsoid::ball(radius)),
        (None, None) => None,
    };
    let moving = estimator.nmax.is_some()
        || ellipsoid.is_some()
        || estimator.octants.is_some()
        || estimator.per_hole.is_some();
    let search = if moving {
        Search::Moving(Neighbourhood {
            max_samples: estimator.nmax.unwrap_or(samples.max(1)),
            min_samples: estimator.nmin,
            ellipsoid,
            max_per_octant: estimator.octants,
            max_per_hole: estimator.per_hole,
        })
    } else {
        Search::Global
    };
    Ok(Kriging { model, method, search })
}

/// Reads a model string.
pub fn parse_model(text: &str) -> anyhow::Result<Model> {
    text.parse().with_context(|| format!("understanding the model \"{text}\""))
}

fn parse_ellipsoid(text: &str) -> anyhow::Result<Ellipsoid> {
    let [a, b, c, azimuth, dip, plunge] = numbers(text, "--ellipsoid")?[..] else {
        bail!("--ellipsoid takes three radii, azimuth, dip, plunge: 120,72,30,40,-20,0");
    };
    Ok(Ellipsoid { radii: [a, b, c], rotation: Rotation { azimuth, dip, plunge } })
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
