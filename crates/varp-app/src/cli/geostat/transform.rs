//! `varp geostat transform`.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use serde_json::json;
use varp_geostat::krige::Targets;
use varp_geostat::transform::{Hermite, LowerTail, NormalScore, Tails, UpperTail};
use varp_geostat::warning::of_values;

use super::arguments::Data;
use super::doubts;
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
    /// Shape of the tails between the bounds and the samples: `linear` or `power:EXPONENT`, above
    /// also `hyperbolic:EXPONENT`
    #[arg(long, value_name = "LOWER,UPPER", requires = "bounds")]
    pub tails: Option<String>,
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
    let warnings = doubts::tell(&of_values(&sampled.values), None);
    let sheet = match command.to {
        To::Scores => {
            let tails =
                tails((command.bounds.as_deref(), command.tails.as_deref()), &sampled.values)?;
            let transform = NormalScore::fit(&sampled.values, &weights, tails)?;
            let scores: Vec<f64> = sampled.values.iter().map(|v| transform.score(*v)).collect();
            if command.json {
                show::json(&json!({ "samples": scores.len(), "scores": scores,
                    "output": command.output, "warnings": warnings }))?;
            }
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
                show::json(&json!({ "coefficients": coefficients, "variance": fitted.variance(),
                        "warnings": warnings }))?;
            } else {
                show::note(format!("variance of the series: {}", fitted.variance()));
            }
            let numbers = (0..coefficients.len()).map(|n| n as f64).collect();
            Sheet::plain(vec![Column::new("n", numbers), Column::new("coefficient", coefficients)])
        }
    };
    match &command.output {
        Some(path) => output::write(path, &sheet)?,
        None if command.json => {}
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

/// Tails to the bounds given, linear unless a shape is, or linear ones to the extreme samples.
pub fn tails(
    (bounds, shapes): (Option<&str>, Option<&str>),
    values: &[f64],
) -> anyhow::Result<Tails> {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let greatest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (min, max) = match bounds.map(|t| numbers(t, "--bounds")).transpose()?.as_deref() {
        Some([low, high]) => (*low, *high),
        Some(_) => bail!("--bounds takes two numbers, such as 0,100"),
        None => (least, greatest),
    };
    let shapes = shapes.unwrap_or("linear,linear");
    let understood = || -> Option<Tails> {
        let (below, above) = shapes.split_once(',')?;
        let lower = match shape(below)? {
            ("linear", None) => LowerTail::Linear { min },
            ("power", Some(exponent)) => LowerTail::Power { min, exponent },
            _ => return None,
        };
        let upper = match shape(above)? {
            ("linear", None) => UpperTail::Linear { max },
            ("power", Some(exponent)) => UpperTail::Power { max, exponent },
            ("hyperbolic", Some(exponent)) => UpperTail::Hyperbolic { max, exponent },
            _ => return None,
        };
        Some(Tails { lower, upper })
    };
    understood().with_context(|| {
        format!("--tails {shapes} is not of a form such as linear,hyperbolic:1.5 or power:2,linear")
    })
}

/// A word, and a number above 0 after a colon.
fn shape(text: &str) -> Option<(&str, Option<f64>)> {
    match text.trim().split_once(':') {
        None => Some((text.trim(), None)),
        Some((word, number)) => {
            let number = number.parse::<f64>().ok().filter(|n| n.is_finite() && *n > 0.0)?;
            Some((word, Some(number)))
        }
    }
}

/// Normal scores with equal weights.
pub fn scores_of(values: &[f64]) -> anyhow::Result<Vec<f64>> {
    let transform =
        NormalScore::fit(values, &vec![1.0; values.len()], tails((None, None), values)?)?;
    Ok(values.iter().map(|v| transform.score(*v)).collect())
}
