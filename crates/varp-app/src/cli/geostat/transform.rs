//! `varp geostat transform`.

use std::path::PathBuf;

use anyhow::bail;
use clap::{Args, ValueEnum};
use serde_json::json;
use varp_geostat::krige::Targets;
use varp_geostat::transform::{Hermite, LowerTail, NormalScore, Tails, UpperTail};

use super::arguments::Data;
use super::output::{self, Column, Sheet};
use super::table::{Sampled, numbers};
use crate::cli::{Outcome, show};

/// Turn values into normal scores.
#[derive(Debug, Args)]
pub struct Transform {
    /// Samples
    #[command(flatten)]
    pub data: Data,
    /// Into what
    #[arg(long, value_enum, default_value_t = To::Scores)]
    pub to: To,
    /// Column of declustering weights
    #[arg(long, value_name = "COLUMN")]
    pub weights: Option<String>,
    /// Least and greatest possible value; without it the least and greatest sample
    #[arg(long, value_name = "LOW,HIGH", allow_hyphen_values = true)]
    pub bounds: Option<String>,
    /// Number of Hermite coefficients
    #[arg(long, value_name = "N", default_value_t = 30)]
    pub terms: usize,
    /// Write the samples with their scores, or the coefficients: csv, parquet
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// What values become.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub enum To {
    /// Standard normal scores, a column `score`
    Scores,
    /// Coefficients of Hermite polynomials
    Hermite,
}

/// Transforms and writes.
pub fn run(command: &Transform) -> anyhow::Result<Outcome> {
    let sampled = Sampled::read(&command.data)?;
    let weights = weights(&sampled, command.weights.as_deref())?;
    let sheet = match command.to {
        To::Scores => {
            let tails = tails(command.bounds.as_deref(), &sampled.values)?;
            let transform = NormalScore::fit(&sampled.values, &weights, tails)?;
            let scores = sampled.values.iter().map(|v| transform.score(*v)).collect();
            let columns = vec![
                Column::new(&command.data.value, sampled.values.clone()),
                Column::new("score", scores),
            ];
            Sheet::placed(sampled.axes.names(), Targets::points(&sampled.places), columns)
        }
        To::Hermite => {
            let fitted = Hermite::fit(&sampled.values, &weights, command.terms)?;
            let coefficients = fitted.coefficients().to_vec();
            if command.json {
                show::json(
                    &json!({ "coefficients": coefficients, "variance": fitted.variance() }),
                )?;
            } else {
                show::note(format!("variance of the series: {}", fitted.variance()));
            }
            let numbers = (0..coefficients.len()).map(|n| n as f64).collect();
            Sheet::plain(vec![Column::new("n", numbers), Column::new("coefficient", coefficients)])
        }
    };
    match &command.output {
        Some(path) => output::write(path, &sheet)?,
        None if command.json && command.to == To::Hermite => {}
        None => {
            let mut text = Vec::new();
            output::csv(&mut text, &sheet)?;
            show::line(String::from_utf8_lossy(&text).trim_end());
        }
    }
    Ok(Outcome::Clean)
}

/// Declustering weights of a column, or ones.
pub fn weights(sampled: &Sampled, column: Option<&str>) -> anyhow::Result<Vec<f64>> {
    match column {
        Some(column) => sampled.table.numbers(column),
        None => Ok(vec![1.0; sampled.values.len()]),
    }
}

/// Linear tails to the bounds given, or to the extreme samples.
pub fn tails(bounds: Option<&str>, values: &[f64]) -> anyhow::Result<Tails> {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let greatest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (min, max) = match bounds.map(|t| numbers(t, "--bounds")).transpose()?.as_deref() {
        Some([low, high]) => (*low, *high),
        Some(_) => bail!("--bounds takes two numbers, such as 0,100"),
        None => (least, greatest),
    };
    Ok(Tails { lower: LowerTail::Linear { min }, upper: UpperTail::Linear { max } })
}

/// Normal scores with equal weights.
pub fn scores_of(values: &[f64]) -> anyhow::Result<Vec<f64>> {
    let transform = NormalScore::fit(values, &vec![1.0; values.len()], tails(None, values)?)?;
    Ok(values.iter().map(|v| transform.score(*v)).collect())
}
