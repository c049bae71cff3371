//! `varp geostat simulate`.

use anyhow::bail;
use serde_json::json;
use varp_geostat::krige::Targets;
use varp_geostat::model::{Ellipsoid, Model};
use varp_geostat::progress::Progress;
use varp_geostat::simulate::{Realisations, Scores, SequentialGaussian};
use varp_geostat::transform::{LowerTail, NormalScore, Tails, UpperTail};

use super::arguments::Simulate;
use super::output::{self, Column};
use super::table::{Sampled, numbers, parse_grid, parse_model};
use crate::cli::{Outcome, show};

/// Simulates, summarises, writes.
pub fn run(command: &Simulate) -> anyhow::Result<Outcome> {
    let sampled = Sampled::read(&command.data)?;
    let model = parse_model(&command.model)?;
    let grid = parse_grid(&command.grid)?;
    let weights = match &command.weights {
        Some(column) => sampled.table.numbers(column)?,
        None => vec![1.0; sampled.values.len()],
    };
    let transform = NormalScore::fit(&sampled.values, &weights, tails(command, &sampled.values)?)?;
    let scores: Vec<f64> = sampled.values.iter().map(|v| transform.score(*v)).collect();
    let plan = SequentialGaussian {
        search: Ellipsoid::ball(command.maxdist.unwrap_or(3.0 * longest_range(&model)?)),
        neighbours: command.neighbours,
        path_seed: command.seed,
        model,
    };
    let progress = Progress::none();
    let path = plan.fit(&grid, &sampled.places, &progress)?;
    let count = command.realisations;
    let mut fields = path.simulate(Scores::Fixed(&scores), count, command.seed, &progress)?;
    fields.map(|score| transform.value(score));
    let columns = columns(command, &fields)?;
    let axes = [command.data.x.as_str(), &command.data.y];
    let axes: Vec<&str> = axes.into_iter().chain(command.data.z.as_deref()).collect();
    output::write(&command.output, &axes, &Targets::grid(grid), Some(&grid), &columns)?;
    let mean = columns[0].values.iter().sum::<f64>() / grid.len() as f64;
    let unseen = path.unreachable_samples();
    if command.json {
        show::json(&json!({ "samples": sampled.values.len(), "nodes": grid.len(),
            "realisations": count, "seed": command.seed, "mean": mean,
            "samples_out_of_reach": unseen, "output": command.output }))?;
    } else {
        show::note(format!("{count} realisations of {} nodes, mean {mean:.6}", grid.len()));
        if unseen > 0 {
            show::note(format!("{unseen} samples lie too far from the grid to count"));
        }
    }
    Ok(Outcome::Clean)
}

fn columns(command: &Simulate, fields: &Realisations) -> anyhow::Result<Vec<Column>> {
    let summary = fields.per_node(|values| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        values.sort_unstable_by(f64::total_cmp);
        let at = |p: f64| values[((values.len() - 1) as f64 * p).round() as usize];
        [mean, at(0.1), at(0.5), at(0.9)]
    });
    let mut columns: Vec<Column> = ["mean", "low", "best", "high"]
        .into_iter()
        .enumerate()
        .map(|(k, name)| Column::new(name, summary.iter().map(|s| s[k]).collect()))
        .collect();
    for cutoff in command.above.as_deref().map_or(Ok(Vec::new()), |t| numbers(t, "--above"))? {
        let share = fields.per_node(|values| {
            values.iter().filter(|v| **v > cutoff).count() as f64 / values.len() as f64
        });
        columns.push(Column::new(format!("above_{cutoff}"), share));
    }
    if command.all {
        for number in 0..fields.count() {
            columns.push(Column::new(format!("r{}", number + 1), fields.field(number)));
        }
    }
    Ok(columns)
}

fn tails(command: &Simulate, values: &[f64]) -> anyhow::Result<Tails> {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let greatest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (min, max) = match command.bounds.as_deref().map(|t| numbers(t, "--bounds")).transpose()? {
        Some(bounds) => match bounds[..] {
            [low, high] => (low, high),
            _ => bail!("--bounds takes two numbers, such as 0,100"),
        },
        None => (least, greatest),
    };
    Ok(Tails { lower: LowerTail::Linear { min }, upper: UpperTail::Linear { max } })
}

fn longest_range(model: &Model) -> anyhow::Result<f64> {
    let ranges = model.structures().iter().flat_map(|s| s.ellipsoid.radii);
    let longest = ranges.fold(0.0, f64::max);
    if longest > 0.0 { Ok(longest) } else { bail!("the model has no range: give --maxdist") }
}
