//! `varp geostat decluster`.

use anyhow::bail;
use serde_json::json;
use varp_geostat::decluster::{CellPlan, Extreme, cell};
use varp_geostat::krige::Targets;

use super::arguments::Decluster;
use super::output::{self, Column};
use super::table::{Sampled, numbers};
use crate::cli::{Outcome, show};

/// Weighs the samples.
pub fn run(command: &Decluster) -> anyhow::Result<Outcome> {
    let sampled = Sampled::read(&command.data)?;
    let [from, to, count] = numbers(&command.cells, "--cells")?[..] else {
        bail!("--cells takes least size, greatest size, number of sizes: 1,25,49");
    };
    if !(1.0..=1e6).contains(&count) || count.fract() != 0.0 || !(0.0 < from && from <= to) {
        bail!("--cells {}: sizes must be above 0 and in order", command.cells);
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
    let naive = sampled.values.iter().sum::<f64>() / sampled.values.len() as f64;
    if let Some(path) = &command.output {
        let columns = [
            Column::new(&command.data.value, sampled.values.clone()),
            Column::new("weight", found.weights.clone()),
        ];
        let axes = [command.data.x.as_str(), &command.data.y];
        let axes: Vec<&str> = axes.into_iter().chain(command.data.z.as_deref()).collect();
        output::write(path, &axes, &Targets::points(&sampled.places), None, &columns)?;
    }
    if command.json {
        show::json(&json!({ "samples": sampled.values.len(), "naive_mean": naive,
            "declustered_mean": found.mean, "cell_size": found.size, "curve": found.curve }))?;
    } else {
        show::line(format!("naive mean        {naive:.6}"));
        show::line(format!("declustered mean  {:.6} at cell size {}", found.mean, found.size));
    }
    Ok(Outcome::Clean)
}
