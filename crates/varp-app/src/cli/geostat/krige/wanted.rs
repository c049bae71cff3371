//! Where estimates are wanted.

use anyhow::{Context, bail};
use varp_geostat::krige::{Grid, Targets};

use super::Krige;
use super::areas::{self, Areas};
use crate::cli::geostat::estimator::drift_columns;
use crate::cli::geostat::table::{Axes, Table, numbers, parse_grid};

/// Places asked for, with external drifts.
pub struct Wanted {
    /// Points; empty for a grid or polygons.
    pub points: Vec<[f64; 3]>,
    /// The grid.
    pub grid: Option<Grid>,
    /// Polygons.
    pub areas: Option<Areas>,
    /// Columns of external drifts at the points.
    pub external: Vec<Vec<f64>>,
    /// The table of the points.
    pub table: Option<Table>,
}

impl Wanted {
    /// Reads what `--grid`, `--at` or `--areas` say.
    pub fn read(command: &Krige, axes: &Axes) -> anyhow::Result<Self> {
        let mut wanted =
            Self { points: Vec::new(), grid: None, areas: None, external: Vec::new(), table: None };
        let columns = drift_columns(&command.estimator);
        if !columns.is_empty() && command.at.is_none() {
            bail!("a drift by columns needs them at the targets too: use --at POINTS.csv");
        }
        match (&command.grid, &command.at, &command.areas) {
            (Some(grid), _, _) => {
                let grid = parse_grid(grid)?;
                if axes.z.is_none() && grid.count[2] > 1 {
                    bail!("--grid has {} levels, but the samples have no --z", grid.count[2]);
                }
                wanted.grid = Some(grid);
            }
            (_, Some(path), _) => {
                let table = Table::read(path)?;
                let here = match table.has(&axes.x) {
                    true => axes.clone(),
                    false => table
                        .axes(None, None, None)
                        .or_else(|_| table.axes(Some(&axes.x), Some(&axes.y), axes.z.as_deref()))?,
                };
                wanted.points = table.places(&Axes { z: axes.z.as_ref().and(here.z), ..here })?;
                wanted.external =
                    columns.iter().map(|c| table.numbers(c)).collect::<Result<_, _>>()?;
                wanted.table = Some(table);
            }
            (_, _, Some(path)) => {
                let parts = parts_of(command.discretisation.as_deref(), [16, 16, 1])?;
                wanted.areas = Some(areas::read(path, command.area.as_deref(), axes, parts)?);
            }
            _ => bail!("say where: --grid x0,nx,dx,y0,ny,dy, --at POINTS.csv or --areas POLYGONS"),
        }
        if command.discretisation.is_some() && command.block.is_none() && wanted.areas.is_none() {
            bail!("--discretisation cuts blocks or polygons: give --block or --areas");
        }
        Ok(wanted)
    }

    /// The targets, as blocks if they are asked for.
    pub fn targets(&self, command: &Krige) -> anyhow::Result<Targets<'_>> {
        let targets = match (&self.grid, &self.areas) {
            (Some(grid), _) => Targets::grid(*grid),
            (_, Some(areas)) => Targets::areas(&areas.points),
            _ => Targets::points(&self.points),
        };
        let Some(block) = &command.block else { return Ok(targets) };
        let (size, parts) = block_of(block, command.discretisation.as_deref())?;
        Ok(targets.blocks(size, parts))
    }
}

/// Edges of a block and the number of points along each.
pub fn block_of(size: &str, parts: Option<&str>) -> anyhow::Result<([f64; 3], [usize; 3])> {
    let mut edges = numbers(size, "--block")?;
    if edges.len() == 2 {
        edges.push(0.0);
    }
    let edges: [f64; 3] =
        edges.try_into().ok().with_context(|| format!("--block {size} has not 2 or 3 numbers"))?;
    if edges.iter().all(|e| *e <= 0.0) {
        bail!("--block {size} has no extent");
    }
    let counts = parts_of(parts, [4; 3])?;
    Ok((edges, [0, 1, 2].map(|d| if edges[d] == 0.0 { 1 } else { counts[d] })))
}

fn parts_of(text: Option<&str>, otherwise: [usize; 3]) -> anyhow::Result<[usize; 3]> {
    let Some(text) = text else { return Ok(otherwise) };
    let given = numbers(text, "--discretisation")?;
    if given.len() > 3 || given.iter().any(|n| *n < 1.0 || n.fract() != 0.0 || *n > 1000.0) {
        bail!("--discretisation {text} is not up to three whole numbers from 1");
    }
    let mut counts = [1; 3];
    counts.iter_mut().zip(given).for_each(|(c, n)| *c = n as usize);
    Ok(counts)
}
