//! `varp geostat variogram`.

use std::path::PathBuf;

use anyhow::bail;
use clap::Args;
use serde_json::{Value, json};
use varp_geostat::krige::{Grid, Targets};
use varp_geostat::variogram::{
    Direction, Estimator, Lags, Plan, Variogram, cross_variogram, indicator, variogram,
    variogram_map,
};
use varp_geostat::warning::{Warning, of_variograms};

use super::arguments::Data;
use super::estimator::parse_model;
use super::output::{self, Column, Sheet};
use super::table::{Sampled, numbers};
use super::transform::scores_of;
use super::{doubts, plot};
use crate::cli::{Outcome, show};

/// Compute experimental variograms.
#[derive(Debug, Clone, Args)]
pub struct Experimental {
    /// Samples
    #[command(flatten)]
    pub data: Data,
    /// Width of a class of distance; without it fifteen classes up to a third of the diagonal
    #[arg(long, value_name = "WIDTH", allow_negative_numbers = true)]
    pub lag: Option<f64>,
    /// Number of classes
    #[arg(long, value_name = "N")]
    pub lags: Option<usize>,
    /// Directions clockwise from north, separated by commas; without it all directions together
    #[arg(long, value_name = "DEG,…", allow_hyphen_values = true)]
    pub azimuth: Option<String>,
    /// Degrees below the horizontal: one for all directions, or one for each
    #[arg(long, value_name = "DEG,…", default_value = "0", allow_hyphen_values = true)]
    pub dip: String,
    /// Largest angle between a pair and the direction
    #[arg(long, value_name = "DEG", default_value_t = 22.5, allow_negative_numbers = true)]
    pub tolerance: f64,
    /// Largest distance of a pair's end from the line of the direction
    #[arg(long, value_name = "D", allow_negative_numbers = true)]
    pub bandwidth: Option<f64>,
    /// matheron, cressie-hawkins, genton, dowd, madogram, rodogram, correlogram
    #[arg(long, value_name = "WORD", default_value = "matheron")]
    pub estimator: String,
    /// Of the indicator of values at most this
    #[arg(long, value_name = "CUTOFF", allow_hyphen_values = true, conflicts_with = "scores")]
    pub indicator: Option<f64>,
    /// Of the normal scores of the values
    #[arg(long)]
    pub scores: bool,
    /// Cross-variogram with this column (`fit`: columns of a model of coregionalisation)
    #[arg(long, value_name = "COLUMN")]
    pub with: Option<String>,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
    /// Write the classes: csv, parquet; a map also as tif, vtk
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,
    /// Draw
    #[arg(long, value_name = "OUT.svg")]
    pub plot: Option<PathBuf>,
    /// Model to draw with it
    #[arg(long, value_name = "MODEL", requires = "plot", allow_hyphen_values = true)]
    pub model: Option<String>,
    /// A map by lag vector instead: this many cells of --lag on each side of the middle
    #[arg(long, value_name = "CELLS", requires = "lag", conflicts_with_all = ["azimuth", "with"])]
    pub map: Option<usize>,
}

/// What was computed, with what it was computed from.
pub struct Computed {
    /// Lags, directions, estimator.
    pub plan: Plan,
    /// One for each direction.
    pub variograms: Vec<Variogram>,
    /// Samples with the values that were compared.
    pub sampled: Sampled,
}

impl Computed {
    /// Doubts about the samples and their pairs.
    pub fn doubts(&self) -> Vec<Warning> {
        let mut warnings = doubts::of_samples(&self.sampled);
        warnings.extend(of_variograms(&self.variograms));
        warnings
    }
}

/// Computes and writes the experimental variogram.
pub fn run(command: &Experimental) -> anyhow::Result<Outcome> {
    plot::check(command.plot.as_deref())?;
    if let Some(cells) = command.map {
        return map(command, cells);
    }
    let computed = experimental(command)?;
    let Computed { plan, variograms, .. } = &computed;
    let warnings = computed.doubts();
    let warnings = doubts::tell(&warnings, Some(&computed.sampled.table));
    if let Some(path) = &command.output {
        output::write(path, &Sheet::plain(columns(plan, variograms)))?;
    }
    if let Some(path) = &command.plot {
        let model = command.model.as_deref().map(parse_model).transpose()?;
        let panel = plot::variograms(variograms, &plan.lags, model.as_ref(), &command.subject());
        let subtitle = model.map(|m| plot::shortened(&m.to_string())).unwrap_or_default();
        plot::write(path, ("Variogram", &subtitle), &[panel], 1)?;
    }
    if command.json {
        show::json(&as_json(plan, variograms, &warnings))?;
    } else if command.output.is_none() {
        let mut text = Vec::new();
        output::csv(&mut text, &Sheet::plain(columns(plan, variograms)))?;
        show::line(String::from_utf8_lossy(&text).trim_end());
    }
    Ok(Outcome::Clean)
}

impl Experimental {
    /// What is compared, in words.
    pub fn subject(&self) -> String {
        let value = &self.data.value;
        match (&self.with, self.indicator) {
            (Some(with), _) => format!("{value} with {with}"),
            (None, Some(cutoff)) => format!("{value} at most {cutoff}"),
            (None, None) if self.scores => format!("normal scores of {value}"),
            (None, None) => value.clone(),
        }
    }

    /// The same without the second column.
    pub fn first_of(asked: &Self) -> Self {
        Self { with: None, ..asked.clone() }
    }

    fn read(&self) -> anyhow::Result<Sampled> {
        let mut sampled = Sampled::read(&self.data)?;
        sampled.values = self.transformed(&sampled.values)?;
        Ok(sampled)
    }

    /// Indicators or scores of the values, if they are asked for.
    pub fn transformed(&self, values: &[f64]) -> anyhow::Result<Vec<f64>> {
        Ok(match (self.indicator, self.scores) {
            (Some(cutoff), _) => indicator(values, cutoff),
            (None, true) => scores_of(values)?,
            (None, false) => values.to_vec(),
        })
    }
}

/// Reads the samples and computes the variograms.
pub fn experimental(command: &Experimental) -> anyhow::Result<Computed> {
    let sampled = command.read()?;
    let plan = plan(command, &sampled.places)?;
    let variograms = match &command.with {
        Some(column) => {
            let second = command.transformed(&sampled.table.numbers(column)?)?;
            cross_variogram(&sampled.places, &sampled.values, &second, &plan)?
        }
        None => variogram(&sampled.places, &sampled.values, &plan)?,
    };
    Ok(Computed { plan, variograms, sampled })
}

/// Lags and directions.
pub fn plan(command: &Experimental, places: &[[f64; 3]]) -> anyhow::Result<Plan> {
    let lags = match (command.lag, command.lags) {
        (Some(width), count) => Lags::Regular { width, count: count.unwrap_or(15) },
        (None, Some(_)) => bail!("--lags needs the width of a class: --lag WIDTH"),
        (None, None) => Lags::from_extent(places),
    };
    let directions = match &command.azimuth {
        None => vec![Direction::any()],
        Some(text) => {
            let azimuths = numbers(text, "--azimuth")?;
            let mut dips = numbers(&command.dip, "--dip")?;
            if dips.len() == 1 {
                dips = vec![dips[0]; azimuths.len()];
            }
            if dips.len() != azimuths.len() {
                bail!("--azimuth has {} directions, --dip {}", azimuths.len(), dips.len());
            }
            let direction = |(azimuth, dip)| Direction {
                azimuth,
                dip,
                tolerance: command.tolerance,
                bandwidth: command.bandwidth,
            };
            azimuths.into_iter().zip(dips).map(direction).collect()
        }
    };
    Ok(Plan { lags, directions, estimator: estimator(&command.estimator)? })
}

/// The map by lag vector: a grid of lags whose middle is 0.
fn map(command: &Experimental, cells: usize) -> anyhow::Result<Outcome> {
    if cells > 2_000 {
        bail!("--map {cells}: at most 2000 cells on each side");
    }
    let sampled = command.read()?;
    let width = command.lag.unwrap_or(1.0);
    let found = variogram_map(&sampled.places, &sampled.values, width, cells)?;
    let (start, count) = (-(cells as f64) * width, 2 * cells + 1);
    let grid =
        Grid { origin: [start, start, 0.0], step: [width, width, 1.0], count: [count, count, 1] };
    if let Some(path) = &command.plot {
        let heading = format!("semivariance of {}", command.subject());
        let panel = plot::map(&grid, &found.gamma, &[], &["lag east", "lag north"], &heading);
        plot::write(path, ("Variogram map", ""), &[panel], 1)?;
    }
    let warnings = doubts::tell(&doubts::of_samples(&sampled), Some(&sampled.table));
    let pairs: Vec<f64> = found.pairs.iter().map(|p| *p as f64).collect();
    let filled = pairs.iter().filter(|p| **p > 0.0).count();
    let columns = vec![Column::new("gamma", found.gamma), Column::new("pairs", pairs)];
    let sheet = Sheet::placed(vec!["lag_east", "lag_north"], Targets::grid(grid), columns);
    if command.json {
        show::json(&json!({ "cells": count * count, "cells_with_pairs": filled,
            "output": command.output, "warnings": warnings }))?;
    }
    match &command.output {
        Some(path) => output::write(path, &sheet)?,
        None if command.plot.is_some() || command.json => {}
        None => {
            let mut text = Vec::new();
            output::csv(&mut text, &sheet)?;
            show::line(String::from_utf8_lossy(&text).trim_end());
        }
    }
    Ok(Outcome::Clean)
}

fn estimator(word: &str) -> anyhow::Result<Estimator> {
    Ok(match word {
        "matheron" => Estimator::Matheron,
        "cressie-hawkins" => Estimator::CressieHawkins,
        "genton" => Estimator::Genton,
        "dowd" => Estimator::Dowd,
        "madogram" => Estimator::Madogram,
        "rodogram" => Estimator::Rodogram,
        "correlogram" => Estimator::Correlogram,
        _ => bail!(
            "--estimator {word} is none of matheron, cressie-hawkins, genton, dowd, madogram, \
             rodogram, correlogram"
        ),
    })
}

/// One row for each direction and class.
fn columns(plan: &Plan, variograms: &[Variogram]) -> Vec<Column> {
    let n = plan.lags.len();
    let each = |f: &dyn Fn(&Variogram, usize) -> f64| -> Vec<f64> {
        variograms.iter().flat_map(|v| (0..n).map(move |i| (v, i))).map(|(v, i)| f(v, i)).collect()
    };
    let filled = |v: &Variogram, i: usize, x: f64| if v.pairs[i] > 0 { x } else { f64::NAN };
    vec![
        Column::new("azimuth", each(&|v, _| v.direction.azimuth)),
        Column::new("dip", each(&|v, _| v.direction.dip)),
        Column::new("tolerance", each(&|v, _| v.direction.tolerance)),
        Column::new("from", each(&|_, i| plan.lags.class(i).0)),
        Column::new("to", each(&|_, i| plan.lags.class(i).1)),
        Column::new("pairs", each(&|v, i| v.pairs[i] as f64)),
        Column::new("distance", each(&|v, i| filled(v, i, v.distance[i]))),
        Column::new("gamma", each(&|v, i| filled(v, i, v.gamma[i]))),
    ]
}

fn as_json(plan: &Plan, variograms: &[Variogram], warnings: &Value) -> Value {
    let number = |v: f64| if v.is_nan() { Value::Null } else { json!(v) };
    variograms
        .iter()
        .map(|v| {
            let classes: Vec<Value> = (0..plan.lags.len())
                .map(|i| {
                    let (from, to) = plan.lags.class(i);
                    json!({ "from": from, "to": to, "pairs": v.pairs[i],
                        "distance": number(v.distance[i]), "gamma": number(v.gamma[i]) })
                })
                .collect();
            json!({ "azimuth": v.direction.azimuth, "dip": v.direction.dip,
                "tolerance": v.direction.tolerance, "classes": classes, "warnings": warnings })
        })
        .collect()
}
