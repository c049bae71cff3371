//! `varp geostat spacing`: how well would each drill spacing know the metal of each period?

use anyhow::{Context, bail};
use serde_json::json;
use varp_geostat::model::Ellipsoid;
use varp_geostat::progress::Progress;
use varp_geostat::simulate::{Scores, SequentialGaussian, SpacingStudy};

use super::arguments::Spacing;
use super::table::{parse_grid, parse_model};
use crate::cli::{Outcome, show};

/// Runs the study on truths made by simulation, lognormal of the coefficient of variation given.
pub fn run(command: &Spacing) -> anyhow::Result<Outcome> {
    let grid = parse_grid(&command.grid)?;
    let model = parse_model(&command.model)?;
    let spacings: Vec<[usize; 2]> =
        command.spacings.split(',').map(pair).collect::<anyhow::Result<_>>()?;
    let simulation = SequentialGaussian {
        search: Ellipsoid::ball(command.maxdist),
        neighbours: command.neighbours,
        path_seed: command.seed,
        model,
    };
    let progress = Progress::none();
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
        coverage: 0.9,
        tolerance: command.tolerance / 100.0,
        seed: command.seed,
    };
    // ln-sigma of a lognormal with this coefficient of variation and mean 1
    let sigma = (1.0 + command.cv * command.cv).ln().sqrt();
    let results =
        study.run(&truths, |score| (sigma * score - sigma * sigma / 2.0).exp(), &progress)?;
    if command.json {
        let rows: Vec<_> = results
            .iter()
            .map(|r| {
                json!({ "spacing": r.spacing, "holes": r.holes,
                    "half_width": [r.half_width.low, r.half_width.best, r.half_width.high],
                    "share_within": r.share_within, "truths_covered": r.truths_covered,
                    "actual_error": [r.actual_error.low, r.actual_error.best, r.actual_error.high] })
            })
            .collect();
        show::json(&rows)?;
    } else {
        show::line(
            "spacing   holes   half-width at 90 %: best (high)   periods within   truths inside",
        );
        for r in &results {
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
    Ok(Outcome::Clean)
}

/// Periods that mine the grid in slabs from west to east.
fn periods(count: u32, columns: usize, nodes: usize) -> anyhow::Result<Vec<u32>> {
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
