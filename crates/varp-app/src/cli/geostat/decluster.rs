//! `varp geostat decluster`.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use varp_geostat::decluster::{CellPlan, Extreme, cell, kriging, polygonal};
use varp_geostat::krige::Targets;
use varp_geostat::warning::Warning;

use super::arguments::Data;
use super::doubts;
use super::estimator::parse_model;
use super::output::{self, Column, Sheet};
use super::table::{Sampled, Table, numbers, parse_grid};
use crate::cli::{Outcome, show};

/// Weigh clustered samples.
#[derive(Debug, Args)]
pub struct Decluster {
    /// Samples
    #[command(flatten)]
    pub data: Data,
    /// How
    #[arg(long, value_enum, default_value_t = How::Cells)]
    pub method: How,
    /// Cell sizes to try: least, greatest, number
    #[arg(long, value_name = "FROM,TO,N", required_if_eq("method", "cells"))]
    pub cells: Option<String>,
    /// Cell size along y and z over that along x
    #[arg(long, value_name = "Y,Z", default_value = "1,1")]
    pub proportions: String,
    /// Origins to average over
    #[arg(long, default_value_t = 8)]
    pub origins: usize,
    /// Take the size of the greatest mean instead of the least: clusters sit in poor places
    #[arg(long)]
    pub greatest: bool,
    /// Corners of the deposit's outline in order, a table with the same coordinate columns
    #[arg(long, value_name = "CORNERS", required_if_eq("method", "polygons"))]
    pub boundary: Option<PathBuf>,
    /// Covariance model
    #[arg(
        long,
        value_name = "MODEL",
        required_if_eq("method", "kriging"),
        allow_hyphen_values = true
    )]
    pub model: Option<String>,
    /// Nodes that fill the deposit
    #[arg(
        long,
        value_name = "x0,nx,dx,y0,ny,dy[,z0,nz,dz]",
        required_if_eq("method", "kriging"),
        allow_hyphen_values = true
    )]
    pub grid: Option<String>,
    /// Write the samples with their weights: csv, parquet, vtk
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// How samples are weighed.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub enum How {
    /// By the number of samples in their cell
    Cells,
    /// By the area nearest to each, inside --boundary
    Polygons,
    /// By the weights in the kriging of the mean over --grid
    Kriging,
}

/// Weights that sum to the number of samples, and what else to tell.
struct Weighed {
    weights: Vec<f64>,
    more: Vec<(&'static str, Value)>,
    warning: Option<Warning>,
}

/// Weighs the samples.
pub fn run(command: &Decluster) -> anyhow::Result<Outcome> {
    let sampled = Sampled::read(&command.data)?;
    let Weighed { weights, more, warning } = match command.method {
        How::Cells => by_cells(command, &sampled)?,
        How::Polygons => by_polygons(command, &sampled)?,
        How::Kriging => by_kriging(command, &sampled)?,
    };
    let mut warnings = doubts::of_samples(&sampled);
    warnings.extend(warning);
    let warnings = doubts::tell(&warnings, Some(&sampled.table));
    let n = sampled.values.len() as f64;
    let naive = sampled.values.iter().sum::<f64>() / n;
    let mean = sampled.values.iter().zip(&weights).map(|(v, w)| v * w).sum::<f64>() / n;
    if let Some(path) = &command.output {
        let columns = vec![
            Column::new(&command.data.value, sampled.values.clone()),
            Column::new("weight", weights),
        ];
        let targets = Targets::points(&sampled.places);
        output::write(path, &Sheet::placed(sampled.axes.names(), targets, columns))?;
    }
    if command.json {
        let mut answer = json!({ "samples": sampled.values.len(), "naive_mean": naive,
            "declustered_mean": mean, "warnings": warnings });
        for (name, value) in more {
            answer[name] = value;
        }
        show::json(&answer)?;
    } else {
        show::line(format!("naive mean             {naive:.6}"));
        show::line(format!("declustered mean       {mean:.6}"));
        for (name, value) in more.iter().filter(|m| m.1.is_number()) {
            show::line(format!("{:<22} {value}", name.replace('_', " ")));
        }
    }
    Ok(Outcome::Clean)
}

fn by_cells(command: &Decluster, sampled: &Sampled) -> anyhow::Result<Weighed> {
    let cells = command.cells.as_deref().context("--cells FROM,TO,N")?;
    let [from, to, count] = numbers(cells, "--cells")?[..] else {
        bail!("--cells takes least size, greatest size, number of sizes: 1,25,49");
    };
    if !(1.0..=1e6).contains(&count) || count.fract() != 0.0 || !(0.0 < from && from <= to) {
        bail!("--cells {cells}: sizes must be above 0 and in order");
    }
    let [y, z] = numbers(&command.proportions, "--proportions")?[..] else {
        bail!("--proportions takes two numbers, such as 1,0.1");
    };
    let steps = (count - 1.0).max(1.0);
    let plan = CellPlan {
        sizes: (0..count as usize).map(|i| from + (to - from) * i as f64 / steps).collect(),
        proportions: [y, z],
        origins: command.origins,
        take: if command.greatest { Extreme::LargestMean } else { Extreme::SmallestMean },
    };
    let found = cell(&sampled.places, &sampled.values, &plan)?;
    let more = vec![("cell_size", json!(found.size)), ("curve", json!(found.curve))];
    Ok(Weighed { weights: found.weights, more, warning: None })
}

fn by_polygons(command: &Decluster, sampled: &Sampled) -> anyhow::Result<Weighed> {
    let path = command.boundary.as_deref().context("--boundary CORNERS")?;
    let corners = Table::read(path)?.places(&sampled.axes)?;
    let plane = |p: &[[f64; 3]]| p.iter().map(|p| [p[0], p[1]]).collect::<Vec<_>>();
    let found = polygonal(&plane(&sampled.places), &plane(&corners))?;
    let outside = found.areas.iter().filter(|a| **a <= 0.0).count();
    let samples = sampled.values.len();
    let warning = (2 * outside > samples).then_some(Warning::Outside { outside, samples });
    let more = vec![
        ("area", json!(found.areas.iter().sum::<f64>())),
        ("samples_without_area", json!(outside)),
    ];
    Ok(Weighed { weights: found.weights, more, warning })
}

fn by_kriging(command: &Decluster, sampled: &Sampled) -> anyhow::Result<Weighed> {
    let model = parse_model(command.model.as_deref().context("--model MODEL")?)?;
    let grid = parse_grid(command.grid.as_deref().context("--grid …")?)?;
    let nodes: Vec<[f64; 3]> = (0..grid.len()).map(|id| grid.place(id)).collect();
    let found = kriging(&sampled.places, &nodes, &model)?;
    let raw = found.raw.iter().zip(&sampled.values).map(|(w, v)| w * v).sum::<f64>();
    let more = vec![
        ("kriged_mean", json!(raw / sampled.values.len() as f64)),
        ("negative_share", json!(found.negative_share)),
    ];
    Ok(Weighed { weights: found.weights, more, warning: None })
}
