//! `varp geostat krige`.

mod areas;
mod several;
mod wanted;

pub use wanted::block_of;

use std::path::PathBuf;

use anyhow::bail;
use clap::Args;
use serde_json::{Value, json};
use varp_geostat::krige::{Estimates, Fitted, Outcome as Found, Search, SharedError, Targets};
use varp_geostat::warning::{of_discretisation, of_targets};

use super::arguments::{Data, Estimator};
use super::estimator::kriging;
use super::output::{self, Column, Sheet};
use super::table::{Axes, Sampled};
use super::{doubts, plot, running};
use crate::cli::{Outcome, show};
use wanted::Wanted;

/// Estimate by kriging.
#[derive(Debug, Args)]
pub struct Krige {
    /// Samples
    #[command(flatten)]
    pub data: Data,
    /// Estimator
    #[command(flatten)]
    pub estimator: Estimator,
    /// Nodes: first place, number, step on each axis
    #[arg(long, value_name = "x0,nx,dx,y0,ny,dy[,z0,nz,dz]", allow_hyphen_values = true)]
    pub grid: Option<String>,
    /// Places in a table with the same coordinate columns
    #[arg(long, value_name = "POINTS", conflicts_with = "grid")]
    pub at: Option<PathBuf>,
    /// Means over polygons: GeoJSON, or a table of corners in order with --area
    #[arg(long, value_name = "POLYGONS", conflicts_with_all = ["grid", "at", "block"])]
    pub areas: Option<PathBuf>,
    /// Column or property that names the polygon
    #[arg(long, value_name = "COLUMN", requires = "areas")]
    pub area: Option<String>,
    /// Means over blocks of this size
    #[arg(long, value_name = "dx,dy[,dz]")]
    pub block: Option<String>,
    /// Points on each axis that stand for a block (4,4,4 without it) or for the box around a
    /// polygon (16,16)
    #[arg(long, value_name = "a,b,c")]
    pub discretisation: Option<String>,
    /// Share one neighbourhood of --nmax samples among about this many nodes: faster, with small
    /// steps; its error is told
    #[arg(long, value_name = "NODES", requires = "nmax")]
    pub tile: Option<usize>,
    /// Co-kriging with these columns, in the order of the matrices of --model; their cells may be
    /// empty
    #[arg(long, value_name = "COLUMN,…", conflicts_with_all = ["collocated", "indicator", "tile"])]
    pub with: Option<String>,
    /// Collocated co-kriging with this column, known at every target (--at) and, for the
    /// correlation, at the samples; needs --method sk:MEAN
    #[arg(long, value_name = "COLUMN", requires = "at", conflicts_with = "indicator")]
    pub collocated: Option<String>,
    /// Correlation of the value with the collocated column; without it that of the samples
    #[arg(long, value_name = "R", requires = "collocated", allow_hyphen_values = true)]
    pub correlation: Option<f64>,
    /// Indicator kriging: the probability of a value at most each cut-off; one --model for all,
    /// or as many, separated by |
    #[arg(long, value_name = "CUTOFF,…", allow_hyphen_values = true)]
    pub indicator: Option<String>,
    /// Also write samples used, nearest distance, slope of regression, kriging efficiency
    #[arg(long)]
    pub diagnostics: bool,
    /// EPSG number of the coordinates, for a GeoTIFF or GeoParquet file
    #[arg(long, value_name = "EPSG")]
    pub crs: Option<u32>,
    /// Print a summary as JSON
    #[arg(long)]
    pub json: bool,
    /// Draw maps of a grid's estimate and standard deviation
    #[arg(long, value_name = "OUT.svg", requires = "grid")]
    pub plot: Option<PathBuf>,
    /// The result; its ending says the format: csv, parquet, tif (a plane grid), vtk
    #[arg(short, long, value_name = "OUT")]
    pub output: PathBuf,
}

/// Estimates and writes.
pub fn run(command: &Krige) -> anyhow::Result<Outcome> {
    let progress = running::progress();
    plot::check(command.plot.as_deref())?;
    if command.with.is_some() {
        return several::cokrige(command);
    }
    if let Some(cutoffs) = &command.indicator {
        return several::indicators(command, cutoffs);
    }
    let sampled = Sampled::read_for(&command.data, &command.estimator)?;
    let mut kriging = kriging(&command.estimator, sampled.axes.dimensions(), sampled.values.len())?;
    if let (Some(targets), Some(samples)) = (command.tile, command.estimator.nmax) {
        if command.estimator.octants.is_some() || command.estimator.per_hole.is_some() {
            bail!("--tile shares the nearest samples: it knows neither --octants nor --per-hole");
        }
        kriging.search = Search::Shared { samples, targets };
    }
    let wanted = Wanted::read(command, &sampled.axes)?;
    let external: Vec<&[f64]> = wanted.external.iter().map(Vec::as_slice).collect();
    let targets = wanted.targets(command)?.with_external(&external);
    output::check(&command.output, wanted.grid.as_ref())?;
    let fitted = sampled.with(|samples| kriging.fit(samples))?;
    let mut warnings = doubts::of_kriging(&sampled, &kriging);
    warnings.extend(of_targets(&kriging.model, &sampled.places, &targets));
    if let Some(block) = &command.block {
        let (size, parts) = block_of(block, command.discretisation.as_deref())?;
        warnings.extend(of_discretisation(&kriging.model, size, parts));
    }
    let warnings = doubts::tell(&warnings, Some(&sampled.table));
    let mut estimates = fitted.predict(&targets, &progress)?;
    let shared = shared_error(command, &fitted, &targets, &estimates)?;
    let mut notes = Vec::new();
    if let Some(column) = &command.collocated {
        estimates =
            several::collocate(command, &kriging, &sampled, column, &estimates, &mut notes)?;
    }
    let report = Report {
        samples: sampled.values.len(),
        targets: targets.len(),
        without: estimates.outcome.iter().filter(|o| **o != Found::Estimated).count(),
        shared,
        notes,
        warnings,
    };
    let columns = columns(command, estimates);
    draw(command, &wanted, &sampled, &columns)?;
    write(command, &sampled.axes, &wanted, targets, columns)?;
    report.tell(command)
}

fn shared_error(
    command: &Krige,
    fitted: &Fitted,
    targets: &Targets<'_>,
    estimates: &Estimates,
) -> anyhow::Result<Option<SharedError>> {
    match command.tile {
        Some(_) => Ok(fitted.shared_error(targets, estimates, (targets.len() / 500).max(1))?),
        None => Ok(None),
    }
}

fn columns(command: &Krige, estimates: Estimates) -> Vec<Column> {
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
    columns
}

/// Writes columns at the targets, polygons with their names.
fn write(
    command: &Krige,
    axes: &Axes,
    wanted: &Wanted,
    targets: Targets<'_>,
    mut columns: Vec<Column>,
) -> anyhow::Result<()> {
    if let Some(areas) = &wanted.areas {
        columns.insert(0, Column::texts("area", areas.names.clone()));
        let points = areas.points.iter().map(|p| p.len() as f64).collect();
        columns.push(Column::new("points", points));
    }
    let mut sheet = Sheet::placed(axes.names(), targets, columns);
    sheet.crs = command.crs;
    output::write(&command.output, &sheet)
}

/// Maps of the estimate and of the kriging standard deviation.
fn draw(
    command: &Krige,
    wanted: &Wanted,
    sampled: &Sampled,
    columns: &[Column],
) -> anyhow::Result<()> {
    let (Some(path), Some(grid)) = (&command.plot, &wanted.grid) else { return Ok(()) };
    let axes = sampled.axes.names();
    let value = &command.data.value;
    let deviation: Vec<f64> = columns[1].numbers().iter().map(|v| v.sqrt()).collect();
    let panels = [
        plot::map(grid, columns[0].numbers(), &sampled.places, &axes, "Estimate"),
        plot::map(grid, &deviation, &sampled.places, &axes, "Kriging standard deviation"),
    ];
    let title = format!("Kriging of {value}");
    plot::write(path, (&title, &command.estimator.model), &panels, 2)
}

/// What is told after an estimation.
struct Report {
    samples: usize,
    targets: usize,
    without: usize,
    shared: Option<SharedError>,
    notes: Vec<String>,
    warnings: Value,
}

impl Report {
    fn tell(&self, command: &Krige) -> anyhow::Result<Outcome> {
        let Self { samples, targets, without, shared, notes, warnings } = self;
        if command.json {
            let shared: Option<Value> = shared.map(|e| {
                json!({ "targets": e.targets, "root_mean_square": e.root_mean_square,
                    "largest": e.largest })
            });
            show::json(&json!({ "samples": samples, "targets": targets,
                "without_estimate": without, "output": command.output, "shared_error": shared,
                "notes": notes, "warnings": warnings }))?;
            return Ok(Outcome::Clean);
        }
        show::note(format!(
            "{} of {targets} targets estimated from {samples} samples",
            targets - without
        ));
        notes.iter().for_each(show::note);
        if let Some(e) = shared {
            show::note(format!(
                "sharing neighbours: {:.4} root mean square, {:.4} largest difference from node by \
                 node, in kriging standard deviations, on {} nodes",
                e.root_mean_square, e.largest, e.targets
            ));
        }
        Ok(Outcome::Clean)
    }
}
