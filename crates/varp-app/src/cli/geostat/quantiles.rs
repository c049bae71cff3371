//! `varp geostat qq`: are two columns of one distribution, or one column normal?

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use serde_json::json;
use varp_geostat::stats::distribution::normal_quantile;
use varp_geostat::stats::{Summary, quantile, quantile_pairs};
use varp_geostat::warning::of_values;

use super::output::{self, Column, Sheet};
use super::table::Table;
use super::{doubts, plot};
use crate::cli::{Outcome, show};

/// Compare quantiles.
#[derive(Debug, Args)]
pub struct Quantiles {
    /// The table: CSV with a header, or (Geo)Parquet
    #[arg(value_name = "DATA")]
    pub file: Option<PathBuf>,
    /// The table by flag, as plans have it
    #[arg(id = "data", long = "data", value_name = "DATA", hide = true)]
    pub named: Option<PathBuf>,
    /// Column of the variable; empty cells are left out
    #[arg(long, value_name = "COLUMN")]
    pub value: String,
    /// Column to compare with
    #[arg(long, value_name = "COLUMN", conflicts_with = "law")]
    pub against: Option<String>,
    /// Table of the column to compare with, where it is another
    #[arg(long, value_name = "DATA", requires = "against")]
    pub against_data: Option<PathBuf>,
    /// Compare with a law of the same mean and variance
    #[arg(long, value_enum, default_value_t = Law::Normal)]
    pub law: Law,
    /// Number of quantiles; without it one for each value of the shorter column, at most 200
    #[arg(long, value_name = "N")]
    pub points: Option<usize>,
    /// Draw the quantiles and the line on which they would be equal
    #[arg(long, value_name = "OUT.svg")]
    pub plot: Option<PathBuf>,
    /// Write share, quantile, and quantile compared with: csv, parquet
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,
    /// Print a summary as JSON
    #[arg(long)]
    pub json: bool,
}

/// A law to compare with.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub enum Law {
    /// Normal
    Normal,
    /// Lognormal: the mean and variance are those of the logarithms
    Lognormal,
}

/// Compares and writes.
pub fn run(command: &Quantiles) -> anyhow::Result<Outcome> {
    plot::check(command.plot.as_deref())?;
    let path = command.file.as_deref().or(command.named.as_deref());
    let table = Table::read(path.context("say which table: varp geostat qq DATA.csv …")?)?;
    let (values, mut missing) = present(&table, &command.value)?;
    let mut warnings = of_values(&values);
    let (pairs, other) = match &command.against {
        Some(column) => {
            let own = command.against_data.as_deref().map(Table::read).transpose()?;
            let (others, empty) = present(own.as_ref().unwrap_or(&table), column)?;
            missing += empty;
            warnings.extend(of_values(&others));
            let count = points(command, values.len().min(others.len()))?;
            (quantile_pairs(&values, &others, count)?, column.clone())
        }
        None => (of_law(command, &values)?, law_name(command.law).to_owned()),
    };
    let warnings = doubts::tell(&warnings, None);
    let correlation = correlation(&pairs)?;
    let largest = pairs.iter().map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    let share = |i: usize| (i as f64 + 0.5) / pairs.len() as f64;
    let sheet = Sheet::plain(vec![
        Column::new("share", (0..pairs.len()).map(share).collect()),
        Column::new(&command.value, pairs.iter().map(|p| p.0).collect()),
        Column::new(format!("against_{other}"), pairs.iter().map(|p| p.1).collect()),
    ]);
    if let Some(path) = &command.output {
        output::write(path, &sheet)?;
    }
    if let Some(path) = &command.plot {
        let drawn: Vec<(f64, f64)> = pairs.iter().map(|(a, b)| (*b, *a)).collect();
        let titles = (other.as_str(), command.value.as_str());
        let panel = plot::quantiles(&drawn, titles).context("no quantile to draw")?;
        let title = format!("Quantiles of {} against {other}", command.value);
        plot::write(path, (&title, ""), &[panel], 1)?;
    }
    if command.json {
        show::json(&json!({ "values": values.len(), "missing": missing, "points": pairs.len(),
            "against": other, "correlation": correlation, "largest_difference": largest,
            "output": command.output, "warnings": warnings }))?;
    } else {
        if command.output.is_none() && command.plot.is_none() {
            let mut text = Vec::new();
            output::csv(&mut text, &sheet)?;
            show::line(String::from_utf8_lossy(&text).trim_end());
        }
        show::note(format!(
            "{} quantiles of {} values against {other}: correlation {correlation:.6}, largest \
             difference {largest:.6}",
            pairs.len(),
            values.len()
        ));
    }
    Ok(Outcome::Clean)
}

/// Numbers of a column, and how many cells are empty.
fn present(table: &Table, column: &str) -> anyhow::Result<(Vec<f64>, usize)> {
    let all = table.numbers_or_empty(column)?;
    let values: Vec<f64> = all.iter().copied().filter(|v| !v.is_nan()).collect();
    if values.len() < 2 {
        bail!("column {column} holds {} numbers; quantiles need at least 2", values.len());
    }
    let missing = all.len() - values.len();
    Ok((values, missing))
}

fn points(command: &Quantiles, values: usize) -> anyhow::Result<usize> {
    match command.points {
        Some(n) if !(2..=100_000).contains(&n) => bail!("--points {n} is not from 2 to 100000"),
        Some(n) => Ok(n),
        None => Ok(values.clamp(2, 200)),
    }
}

fn law_name(law: Law) -> &'static str {
    match law {
        Law::Normal => "normal",
        Law::Lognormal => "lognormal",
    }
}

/// Quantiles beside those of the law with the moments of the values (or of their logarithms).
fn of_law(command: &Quantiles, values: &[f64]) -> anyhow::Result<Vec<(f64, f64)>> {
    let count = points(command, values.len())?;
    let logs: Vec<f64>;
    let scale = match command.law {
        Law::Normal => values,
        Law::Lognormal => {
            if let Some(value) = values.iter().find(|v| **v <= 0.0) {
                bail!("--law lognormal: {value} has no logarithm");
            }
            logs = values.iter().map(|v| v.ln()).collect();
            &logs
        }
    };
    let moments = Summary::of(scale)?;
    let (mean, deviation) = (moments.mean, moments.standard_deviation());
    (0..count)
        .map(|i| (i as f64 + 0.5) / count as f64)
        .map(|p| {
            let expected = mean + deviation * normal_quantile(p);
            let expected = if command.law == Law::Lognormal { expected.exp() } else { expected };
            Ok((quantile(values, p)?, expected))
        })
        .collect()
}

/// Correlation of the pairs: 1 where the two distributions differ by origin and scale alone.
fn correlation(pairs: &[(f64, f64)]) -> anyhow::Result<f64> {
    let n = pairs.len() as f64;
    let (a, b) = (pairs.iter().map(|p| p.0), pairs.iter().map(|p| p.1));
    let (mean_a, mean_b) = (a.sum::<f64>() / n, b.sum::<f64>() / n);
    let sums = pairs.iter().fold([0.0; 3], |s, (a, b)| {
        let (a, b) = (a - mean_a, b - mean_b);
        [s[0] + a * a, s[1] + a * b, s[2] + b * b]
    });
    if sums[0] == 0.0 || sums[2] == 0.0 {
        let which = if sums[0] == 0.0 { ("compared", mean_a) } else { ("compared with", mean_b) };
        bail!("all {} quantiles {} are {}; a spread is needed", pairs.len(), which.0, which.1);
    }
    Ok(sums[1] / (sums[0] * sums[2]).sqrt())
}
