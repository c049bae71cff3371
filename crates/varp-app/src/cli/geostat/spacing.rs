//! `varp geostat spacing`: how well would each drill spacing know the metal of each period?

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use serde_json::{Value, json};
use varp_geostat::model::Ellipsoid;
use varp_geostat::simulate::{Scores, SequentialGaussian, SpacingResult, SpacingStudy};
use varp_geostat::warning::of_model;

use super::estimator::parse_model;
use super::output::{self, Column, Sheet};
use super::simulate::check_sill;
use super::table::parse_grid;
use super::{doubts, running};
use crate::cli::{Outcome, show};

/// Study drill spacings.
#[derive(Debug, Args)]
pub struct Spacing {
    /// Covariance model of the normal scores, sill 1
    #[arg(long, value_name = "MODEL", allow_hyphen_values = true)]
    pub model: String,
    /// Nodes: first place, number, step on each axis
    #[arg(long, value_name = "x0,nx,dx,y0,ny,dy[,z0,nz,dz]", allow_hyphen_values = true)]
    pub grid: String,
    /// Coefficient of variation of the grade, lognormal
    #[arg(long, value_name = "CV", allow_negative_numbers = true)]
    pub cv: f64,
    /// Spacings in nodes along x and y
    #[arg(long, value_name = "5x5,10x10")]
    pub spacings: String,
    /// Number of periods that mine the grid from west to east
    #[arg(long, value_name = "N", default_value_t = 4)]
    pub periods: u32,
    /// Half-width of a period's metal that counts as well known, per cent
    #[arg(long, value_name = "PER CENT", default_value_t = 15.0, allow_negative_numbers = true)]
    pub tolerance: f64,
    /// Share of the realisations that the half-width covers
    #[arg(long, value_name = "SHARE", default_value_t = 0.9)]
    pub coverage: f64,
    /// Number of truths
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub truths: usize,
    /// Realisations for each truth and spacing
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub realisations: usize,
    /// Neighbours that each node sees
    #[arg(long, value_name = "N", default_value_t = 32)]
    pub neighbours: usize,
    /// How far each node sees
    #[arg(long, value_name = "D", allow_negative_numbers = true)]
    pub maxdist: f64,
    /// Seed
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
    /// Write the table: csv, parquet
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,
}

/// Runs the study on truths made by simulation, lognormal of the coefficient of variation given.
pub fn run(command: &Spacing) -> anyhow::Result<Outcome> {
    let progress = running::progress();
    let grid = parse_grid(&command.grid)?;
    if !(command.cv.is_finite() && command.cv > 0.0) {
        bail!("--cv {} is not a number above 0", command.cv);
    }
    let model = parse_model(&command.model)?;
    check_sill(&model, &command.model)?;
    let warnings = doubts::tell(&of_model(&model, &[], &[], false), None);
    let spacings: Vec<[usize; 2]> =
        command.spacings.split(',').map(pair).collect::<anyhow::Result<_>>()?;
    let simulation = SequentialGaussian {
        search: Ellipsoid::ball(command.maxdist),
        neighbours: command.neighbours,
        path_seed: command.seed,
        model,
    };
    let path = simulation.fit(&grid, &[], &progress)?;
    let truths =
        path.simulate(Scores::Fixed(&[]), command.truths, command.seed ^ 0x5eed, &progress)?;
    let study = SpacingStudy {
        simulation,
        grid,
        masses: &vec![1.0; grid.len()],
        periods: &periods(command.periods, grid.count[0], grid.len())?,
        spacings: &spacings,
        realisations: command.realisations,
        coverage: command.coverage,
        tolerance: command.tolerance / 100.0,
        seed: command.seed,
    };
    // ln-sigma of a lognormal with this coefficient of variation and mean 1
    let sigma = (1.0 + command.cv * command.cv).ln().sqrt();
    let results =
        study.run(&truths, |score| (sigma * score - sigma * sigma / 2.0).exp(), &progress)?;
    if let Some(path) = &command.output {
        output::write(path, &Sheet::plain(columns(&results)))?;
    }
    print(command, &results, &warnings)?;
    Ok(Outcome::Clean)
}

fn print(command: &Spacing, results: &[SpacingResult], warnings: &Value) -> anyhow::Result<()> {
    if command.json {
        let rows: Vec<_> = results
            .iter()
            .map(|r| {
                json!({ "spacing": r.spacing, "holes": r.holes,
                    "half_width": [r.half_width.low, r.half_width.best, r.half_width.high],
                    "share_within": r.share_within, "truths_covered": r.truths_covered,
                    "actual_error": [r.actual_error.low, r.actual_error.best, r.actual_error.high],
                    "warnings": warnings })
            })
            .collect();
        show::json(&rows)?;
    } else {
        show::line(format!(
            "spacing   holes   half-width at {} %: best (high)   periods within   truths inside",
            command.coverage * 100.0
        ));
        for r in results {
            show::line(format!(
                "{:>3} x {:<3} {:>6} {:>15.1} % ({:>5.1} %) {:>18.0} % {:>14.0} %",
                r.spacing[0],
                r.spacing[1],
                r.holes,
                r.half_width.best * 100.0,
                r.half_width.high * 100.0,
                r.share_within * 100.0,
                r.truths_covered * 100.0
            ));
        }
    }
    Ok(())
}

fn columns(results: &[SpacingResult]) -> Vec<Column> {
    let column = |name: &str, of: fn(&SpacingResult) -> f64| {
        Column::new(name, results.iter().map(of).collect())
    };
    vec![
        column("spacing_x", |r| r.spacing[0] as f64),
        column("spacing_y", |r| r.spacing[1] as f64),
        column("holes", |r| r.holes as f64),
        column("half_width_low", |r| r.half_width.low),
        column("half_width_best", |r| r.half_width.best),
        column("half_width_high", |r| r.half_width.high),
        column("share_within", |r| r.share_within),
        column("truths_covered", |r| r.truths_covered),
        column("actual_error_best", |r| r.actual_error.best),
    ]
}

/// Periods that mine the grid in slabs from west to east.
pub fn periods(count: u32, columns: usize, nodes: usize) -> anyhow::Result<Vec<u32>> {
    if count == 0 || count as usize > columns {
        bail!("--periods {count} is not between 1 and the {columns} nodes from west to east");
    }
    let period = |node: usize| (node % columns * count as usize / columns) as u32;
    Ok((0..nodes).map(period).collect())
}

fn pair(text: &str) -> anyhow::Result<[usize; 2]> {
    let whole = |t: &str| t.trim().parse().ok().filter(|n: &usize| *n > 0);
    let (x, y) = text.split_once('x').unwrap_or((text, text));
    whole(x)
        .zip(whole(y))
        .map(|(x, y)| [x, y])
        .with_context(|| format!("--spacings: \"{text}\" is not nodes x nodes, such as 5x5"))
}
