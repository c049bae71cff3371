//! `varp geostat krige`.

use anyhow::{Context, bail};
use serde_json::json;
use varp_geostat::krige::{Fitted, Grid, Outcome as Found, Search, Targets};
use varp_geostat::progress::Progress;

use super::arguments::Krige;
use super::output::{self, Column};
use super::table::{Sampled, Table, drift_columns, kriging, numbers, parse_grid};
use crate::cli::{Outcome, show};

/// Places asked for, with external drifts.
struct Wanted {
    points: Vec<[f64; 3]>,
    grid: Option<Grid>,
    external: Vec<Vec<f64>>,
}

/// Estimates and writes.
pub fn run(command: &Krige) -> anyhow::Result<Outcome> {
    let sampled = Sampled::read_for(&command.data, &command.estimator)?;
    let dimensions = if command.data.z.is_some() { 3 } else { 2 };
    let mut kriging = kriging(&command.estimator, dimensions, sampled.values.len())?;
    if let (Some(targets), Some(samples)) = (command.tile, command.estimator.nmax) {
        kriging.search = Search::Shared { samples, targets };
    }
    let wanted = Wanted::read(command)?;
    let fitted = sampled.with(|samples| kriging.fit(samples))?;
    let external: Vec<&[f64]> = wanted.external.iter().map(Vec::as_slice).collect();
    let mut targets = match wanted.grid {
        Some(grid) => Targets::grid(grid),
        None => Targets::points(&wanted.points),
    }
    .with_external(&external);
    if let Some(block) = &command.block {
        let (size, parts) = block_of(block, &command.discretisation)?;
        targets = targets.blocks(size, parts);
    }
    write(command, &fitted, &targets, wanted.grid.as_ref(), sampled.values.len())
}

fn write(
    command: &Krige,
    fitted: &Fitted,
    targets: &Targets<'_>,
    grid: Option<&Grid>,
    samples: usize,
) -> anyhow::Result<Outcome> {
    let estimates = fitted.predict(targets, &Progress::none())?;
    let without = estimates.outcome.iter().filter(|o| **o != Found::Estimated).count();
    let shared = command
        .tile
        .and_then(|_| {
            fitted.shared_error(targets, &estimates, (targets.len() / 500).max(1)).transpose()
        })
        .transpose()?;
    let mut columns = vec![
        Column::new("estimate", estimates.estimate),
        Column::new("variance", estimates.variance),
    ];
    if command.diagnostics {
        let used = estimates.samples.iter().map(|n| f64::from(*n)).collect();
        columns.push(Column::new("samples", used));
        columns.push(Column::new("nearest", estimates.nearest));
        columns.push(Column::new("slope", estimates.slope));
        columns.push(Column::new("efficiency", estimates.efficiency));
    }
    let z = command.data.z.as_deref();
    let axes: Vec<&str> = [command.data.x.as_str(), &command.data.y].into_iter().chain(z).collect();
    output::write(&command.output, &axes, targets, grid, &columns)?;
    if command.json {
        show::json(&json!({
            "samples": samples, "targets": targets.len(), "without_estimate": without,
            "output": command.output,
            "shared_error": shared.map(|e| json!({ "targets": e.targets,
                "root_mean_square": e.root_mean_square, "largest": e.largest })),
        }))?;
    } else {
        let total = targets.len();
        show::note(format!(
            "{} of {total} targets estimated from {samples} samples",
            total - without
        ));
        if let Some(e) = shared {
            show::note(format!(
                "sharing neighbours: {:.4} root mean square, {:.4} largest difference from node by \
                 node, in kriging standard deviations, on {} nodes",
                e.root_mean_square, e.largest, e.targets
            ));
        }
    }
    Ok(Outcome::Clean)
}

impl Wanted {
    fn read(command: &Krige) -> anyhow::Result<Self> {
        let columns = drift_columns(&command.estimator);
        match (&command.grid, &command.at) {
            (Some(grid), _) => {
                if !columns.is_empty() {
                    bail!("a drift by columns needs them at the targets too: use --at POINTS.csv");
                }
                let grid = Some(parse_grid(grid)?);
                Ok(Self { points: Vec::new(), grid, external: Vec::new() })
            }
            (None, Some(path)) => {
                let table = Table::read(path)?;
                let data = &command.data;
                let points = table.places(&data.x, &data.y, data.z.as_deref())?;
                let external =
                    columns.iter().map(|c| table.numbers(c)).collect::<Result<_, _>>()?;
                Ok(Self { points, grid: None, external })
            }
            (None, None) => bail!("say where: --grid x0,nx,dx,y0,ny,dy or --at POINTS.csv"),
        }
    }
}

fn block_of(size: &str, parts: &str) -> anyhow::Result<([f64; 3], [usize; 3])> {
    let mut edges = numbers(size, "--block")?;
    if edges.len() == 2 {
        edges.push(0.0);
    }
    let edges: [f64; 3] =
        edges.try_into().ok().with_context(|| format!("--block {size} has not 2 or 3 numbers"))?;
    let mut counts = [1; 3];
    let given = numbers(parts, "--discretisation")?;
    if given.len() > 3 || given.iter().any(|n| *n < 1.0 || n.fract() != 0.0 || *n > 1000.0) {
        bail!("--discretisation {parts} is not up to three whole numbers from 1");
    }
    for (axis, n) in given.into_iter().enumerate() {
        counts[axis] = if edges[axis] == 0.0 { 1 } else { n as usize };
    }
    Ok((edges, counts))
}
