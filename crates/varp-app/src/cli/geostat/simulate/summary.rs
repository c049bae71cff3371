//! Results of a simulation: summaries by node, grade and tonnage, periods, figures.

use anyhow::{Context, bail};
use serde_json::{Value, json};
use varp_geostat::krige::{Grid, Targets};
use varp_geostat::simulate::{GradeTonnage, PeriodError, Realisations};

use super::{Simulate, Simulated, Task};
use crate::chart::CutoffRow;
use crate::cli::geostat::output::{self, Column, Sheet};
use crate::cli::geostat::spacing::periods;
use crate::cli::geostat::{plot, table::numbers};
use crate::cli::{Outcome, show};

/// Writes everything asked for.
pub fn finish(
    task: &Task<'_>,
    simulated: Vec<Simulated>,
    notes: Vec<String>,
) -> anyhow::Result<Outcome> {
    let command = task.command;
    let (grid, simulated) = match &command.blocks {
        Some(text) => to_blocks(task.grid, simulated, text)?,
        None => (*task.grid, simulated),
    };
    let mut columns = Vec::new();
    for (k, one) in simulated.iter().enumerate() {
        let before = if k == 0 { String::new() } else { format!("{}_", one.name) };
        columns.extend(columns_of(command, &one.fields, &before)?);
    }
    let fields = &simulated[0].fields;
    let mass = command.node_mass.unwrap_or(1.0);
    if !(mass.is_finite() && mass > 0.0) {
        bail!("--node-mass {mass} is not a number above 0");
    }
    let masses = vec![mass; grid.len()];
    let mut curve = match &command.cutoffs {
        Some(text) => fields.grade_tonnage(&masses, &numbers(text, "--cutoffs")?)?,
        None => Vec::new(),
    };
    if command.node_mass.is_none() {
        curve.iter_mut().for_each(|row| as_shares(row, grid.len() as f64));
    }
    let errors = match command.periods {
        Some(count) => {
            let of_node = periods(count, grid.count[0], grid.len())?;
            fields.production_errors(&masses, &of_node, command.coverage)?
        }
        None => Vec::new(),
    };
    if let Some(path) = &command.curve {
        output::write(path, &Sheet::plain(curve_columns(&curve)))?;
    }
    draw(task, &grid, &columns, &curve)?;
    let means: Vec<(String, f64)> = simulated
        .iter()
        .map(|s| (s.name.clone(), s.fields.expected().iter().sum::<f64>() / grid.len() as f64))
        .collect();
    let mut sheet = Sheet::placed(task.axes.names(), Targets::grid(grid), columns);
    sheet.crs = command.crs;
    output::write(&command.output, &sheet)?;
    tell(task, &grid, &means, &curve, &errors, &notes)
}

/// Tonnage and metal counted in nodes become shares of the whole.
fn as_shares(row: &mut GradeTonnage, nodes: f64) {
    for band in [&mut row.tonnage, &mut row.metal] {
        for end in [&mut band.low, &mut band.best, &mut band.high] {
            *end /= nodes;
        }
    }
}

fn to_blocks(
    grid: &Grid,
    simulated: Vec<Simulated>,
    text: &str,
) -> anyhow::Result<(Grid, Vec<Simulated>)> {
    let given = numbers(text, "--blocks")?;
    if !(2..=3).contains(&given.len()) || given.iter().any(|n| *n < 1.0 || n.fract() != 0.0) {
        bail!("--blocks {text} is not two or three whole numbers from 1");
    }
    let mut parts = [1; 3];
    parts.iter_mut().zip(&given).for_each(|(p, n)| *p = *n as usize);
    let mut blocks = *grid;
    let mut out = Vec::new();
    for one in simulated {
        let (of_blocks, fields) = one.fields.to_blocks(grid, parts)?;
        blocks = of_blocks;
        out.push(Simulated { name: one.name, fields });
    }
    Ok((blocks, out))
}

fn columns_of(
    command: &Simulate,
    fields: &Realisations,
    before: &str,
) -> anyhow::Result<Vec<Column>> {
    let mut columns = vec![Column::new(format!("{before}mean"), fields.expected())];
    for (name, share) in [("low", 0.1), ("best", 0.5), ("high", 0.9)] {
        columns.push(Column::new(format!("{before}{name}"), fields.quantile(share)?));
    }
    if let Some(text) = &command.quantiles {
        for share in numbers(text, "--quantiles")? {
            columns.push(Column::new(format!("{before}q{share}"), fields.quantile(share)?));
        }
    }
    if let Some(text) = &command.above {
        for cutoff in numbers(text, "--above")? {
            let share = fields.probability_above(cutoff);
            columns.push(Column::new(format!("{before}above_{cutoff}"), share));
        }
    }
    if command.all {
        for number in 0..fields.count() {
            columns.push(Column::new(format!("{before}r{}", number + 1), fields.field(number)));
        }
    }
    Ok(columns)
}

fn curve_columns(curve: &[GradeTonnage]) -> Vec<Column> {
    let column = |name: &str, of: &dyn Fn(&GradeTonnage) -> f64| {
        Column::new(name, curve.iter().map(of).collect())
    };
    let grade =
        |r: &GradeTonnage, k: usize| r.grade.map_or(f64::NAN, |g| [g.low, g.best, g.high][k]);
    vec![
        column("cutoff", &|r| r.cutoff),
        column("tonnage_low", &|r| r.tonnage.low),
        column("tonnage_best", &|r| r.tonnage.best),
        column("tonnage_high", &|r| r.tonnage.high),
        column("metal_low", &|r| r.metal.low),
        column("metal_best", &|r| r.metal.best),
        column("metal_high", &|r| r.metal.high),
        column("grade_low", &|r| grade(r, 0)),
        column("grade_best", &|r| grade(r, 1)),
        column("grade_high", &|r| grade(r, 2)),
    ]
}

fn draw(
    task: &Task<'_>,
    grid: &Grid,
    columns: &[Column],
    curve: &[GradeTonnage],
) -> anyhow::Result<()> {
    let command = task.command;
    let Some(path) = &command.plot else { return Ok(()) };
    let axes = task.axes.names();
    let [mean, low, _, high] = columns.get(..4).context("a simulation has four columns")? else {
        bail!("a simulation has four columns");
    };
    let width: Vec<f64> = high.numbers().iter().zip(low.numbers()).map(|(h, l)| h - l).collect();
    let mut panels = vec![
        plot::map(grid, mean.numbers(), task.places, &axes, "Mean"),
        plot::map(grid, &width, task.places, &axes, "Width of the 80 % interval"),
    ];
    if !curve.is_empty() {
        let three = |b: varp_geostat::simulate::Band| [b.low, b.best, b.high];
        let rows: Vec<CutoffRow> = curve
            .iter()
            .map(|r| CutoffRow {
                cutoff: r.cutoff,
                tonnage: three(r.tonnage),
                grade: r.grade.map(three),
            })
            .collect();
        let tonnage = if command.node_mass.is_some() { "tonnes" } else { "share of tonnage" };
        let names = ["cut-off", tonnage, "mean grade above cut-off"];
        panels.push(plot::grade_tonnage(&rows, names, "Grade and tonnage, 80 % bands"));
    }
    let title = format!("{} realisations of {}", command.realisations, command.data.value);
    plot::write(path, (&title, &command.model), &panels, 2)
}

fn tell(
    task: &Task<'_>,
    grid: &Grid,
    means: &[(String, f64)],
    curve: &[GradeTonnage],
    errors: &[PeriodError],
    notes: &[String],
) -> anyhow::Result<Outcome> {
    let command = task.command;
    if command.json {
        let band = |b: varp_geostat::simulate::Band| json!([b.low, b.best, b.high]);
        let curve: Vec<Value> = curve
            .iter()
            .map(|r| {
                json!({ "cutoff": r.cutoff, "tonnage": band(r.tonnage),
                "metal": band(r.metal), "grade": r.grade.map(band) })
            })
            .collect();
        let errors: Vec<Value> = errors
            .iter()
            .map(|e| {
                json!({ "expected": e.expected, "low": e.low, "high": e.high,
                "half_width": e.half_width() })
            })
            .collect();
        let by_name: serde_json::Map<String, Value> =
            means.iter().map(|(n, m)| (n.clone(), json!(m))).collect();
        show::json(&json!({ "samples": task.places.len(), "nodes": grid.len(),
            "realisations": command.realisations, "seed": command.seed, "mean": means[0].1,
            "means": by_name, "grade_tonnage": curve, "periods": errors,
            "notes": notes, "warnings": task.warnings, "output": command.output }))?;
        return Ok(Outcome::Clean);
    }
    for (name, mean) in means {
        show::note(format!(
            "{} realisations of {} {}, mean of {name} {mean:.6}",
            command.realisations,
            grid.len(),
            if command.blocks.is_some() { "blocks" } else { "nodes" }
        ));
    }
    notes.iter().for_each(show::note);
    if command.curve.is_none() && !curve.is_empty() {
        let mut text = Vec::new();
        output::csv(&mut text, &Sheet::plain(curve_columns(curve)))?;
        show::line(String::from_utf8_lossy(&text).trim_end());
    }
    for (period, error) in errors.iter().enumerate() {
        show::line(format!(
            "period {}: metal {:.6}, within ±{:.1} % at {} %",
            period + 1,
            error.expected,
            100.0 * error.half_width(),
            100.0 * command.coverage
        ));
    }
    Ok(Outcome::Clean)
}
