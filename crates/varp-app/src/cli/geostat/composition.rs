//! `varp geostat composition`: log-ratios of parts of a whole, and back.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use varp_geostat::compositional::{
    alr, alr_inverse, centre, clr, clr_inverse, ilr, ilr_inverse, replace_zeros, total_variance,
    variation_matrix, with_rest,
};

use super::output::{self, Column, Sheet};
use super::table::{Table, numbers};
use crate::cli::{Outcome, show};

/// Turn parts of a whole into log-ratios, or back.
#[derive(Debug, Args)]
pub struct Composition {
    /// The table: CSV with a header, or (Geo)Parquet
    #[arg(value_name = "DATA")]
    pub file: Option<PathBuf>,
    /// The table by flag, as plans have it
    #[arg(id = "data", long = "data", value_name = "DATA", hide = true)]
    pub named: Option<PathBuf>,
    /// Columns of the parts, in one unit; with --back their names in the result
    #[arg(long, value_name = "COLUMN,…")]
    pub parts: String,
    /// Which log-ratios
    #[arg(long, value_enum, default_value_t = Ratio::Ilr)]
    pub ratio: Ratio,
    /// The whole in the unit of the parts: 100 for per cent, 1e6 for ppm
    #[arg(long, value_name = "WHOLE", default_value_t = 100.0)]
    pub whole: f64,
    /// Also a part of this name, the last, that fills up to the whole
    #[arg(long, value_name = "NAME")]
    pub rest: Option<String>,
    /// Detection limits of the parts, in their order: zeros become 0.65 of them, other parts shrink
    #[arg(long, value_name = "LIMIT,…", conflicts_with = "back")]
    pub limits: Option<String>,
    /// From log-ratios back to parts that sum to the whole: these columns, in their order
    #[arg(long, value_name = "COLUMN,…")]
    pub back: Option<String>,
    /// Write the table with the new columns beside the old: csv, parquet
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,
    /// Print centre, total variance and variation matrix as JSON
    #[arg(long)]
    pub json: bool,
}

/// Log-ratios.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub enum Ratio {
    /// Centred: one for each part, their sum 0
    Clr,
    /// Isometric, pivot coordinates: one fewer, distances stay
    Ilr,
    /// Additive, against the last part: one fewer
    Alr,
}

/// Transforms and writes.
pub fn run(command: &Composition) -> anyhow::Result<Outcome> {
    if !(command.whole.is_finite() && command.whole > 0.0) {
        bail!("--whole {} is not a number above 0", command.whole);
    }
    let path = command.file.as_deref().or(command.named.as_deref());
    let table = Table::read(path.context("say which table: varp geostat composition DATA.csv …")?)?;
    let mut names: Vec<String> = command.parts.split(',').map(|n| n.trim().to_owned()).collect();
    let measured = names.len();
    names.extend(command.rest.clone());
    if names.len() < 2 {
        bail!("--parts {}: a composition has at least two parts, or one and --rest", command.parts);
    }
    let (rows, added) = match &command.back {
        Some(columns) => back(command, &table, columns, &names)?,
        None => forth(command, &table, &names, measured)?,
    };
    let mut columns = every_column(&table)?;
    if let Some(name) = added.iter().map(|c| &c.name).find(|n| table.has(n)) {
        bail!("the table has a column {name} already");
    }
    columns.extend(added);
    let sheet = Sheet::plain(columns);
    if let Some(path) = &command.output {
        output::write(path, &sheet)?;
    }
    if command.json {
        show::json(&summary(command, &rows, &names)?)?;
    } else if command.output.is_none() {
        let mut text = Vec::new();
        output::csv(&mut text, &sheet)?;
        show::line(String::from_utf8_lossy(&text).trim_end());
    } else {
        let shares: Vec<String> = centre(&rows)?
            .iter()
            .zip(&names)
            .map(|(c, name)| format!("{name} {:.6}", c * command.whole))
            .collect();
        show::note(format!("{} compositions, centre: {}", rows.len(), shares.join(", ")));
    }
    Ok(Outcome::Clean)
}

/// Compositions, and the columns to add.
type Made = (Vec<Vec<f64>>, Vec<Column>);

fn forth(
    command: &Composition,
    table: &Table,
    names: &[String],
    measured: usize,
) -> anyhow::Result<Made> {
    let limits = command.limits.as_deref().map(|l| numbers(l, "--limits")).transpose()?;
    if let Some(limits) = limits.as_ref().filter(|l| l.len() != measured) {
        bail!("--limits has {} numbers for {measured} parts", limits.len());
    }
    let columns: Vec<Vec<f64>> =
        names[..measured].iter().map(|n| table.numbers(n)).collect::<Result<_, _>>()?;
    let mut rows = Vec::new();
    let mut ratios: Vec<Vec<f64>> = Vec::new();
    for row in 0..columns[0].len() {
        let at = || format!("row {}, parts {}", table.line(row), command.parts);
        let mut parts: Vec<f64> = columns.iter().map(|c| c[row]).collect();
        let sum: f64 = parts.iter().sum();
        if sum > command.whole * (1.0 + 1e-9) {
            bail!("{}: they sum to {sum}, more than the whole of {}", at(), command.whole);
        }
        if let Some(limits) = &limits {
            parts = replace_zeros(&parts, limits, 0.65).with_context(at)?;
        }
        if command.rest.is_some() {
            parts = with_rest(&parts, command.whole).with_context(at)?;
        }
        ratios.push(
            match command.ratio {
                Ratio::Clr => clr(&parts),
                Ratio::Ilr => ilr(&parts),
                Ratio::Alr => alr(&parts),
            }
            .with_context(at)?,
        );
        rows.push(parts);
    }
    let count = ratios.first().map_or(0, Vec::len);
    let name = |k: usize| match command.ratio {
        Ratio::Clr => format!("clr_{}", names[k]),
        Ratio::Ilr => format!("ilr_{}", k + 1),
        Ratio::Alr => format!("alr_{}", names[k]),
    };
    let column = |k: usize| Column::new(name(k), ratios.iter().map(|r| r[k]).collect());
    Ok((rows, (0..count).map(column).collect()))
}

fn back(
    command: &Composition,
    table: &Table,
    columns: &str,
    names: &[String],
) -> anyhow::Result<Made> {
    let columns: Vec<&str> = columns.split(',').map(str::trim).collect();
    let needed = if command.ratio == Ratio::Clr { names.len() } else { names.len() - 1 };
    if columns.len() != needed {
        bail!(
            "--back has {} columns; {} parts have {needed} such ratios",
            columns.len(),
            names.len()
        );
    }
    let values: Vec<Vec<f64>> =
        columns.iter().map(|c| table.numbers(c)).collect::<Result<_, _>>()?;
    let rows: Vec<Vec<f64>> = (0..values[0].len())
        .map(|row| {
            let ratios: Vec<f64> = values.iter().map(|v| v[row]).collect();
            let shares = match command.ratio {
                Ratio::Clr => clr_inverse(&ratios),
                Ratio::Ilr => ilr_inverse(&ratios),
                Ratio::Alr => alr_inverse(&ratios),
            };
            shares.into_iter().map(|s| s * command.whole).collect()
        })
        .collect();
    let column = |(k, name): (usize, &String)| {
        Column::new(name, rows.iter().map(|r: &Vec<f64>| r[k]).collect())
    };
    let added = names.iter().enumerate().map(column).collect();
    Ok((rows, added))
}

/// The columns of the table: numbers where every filled cell is one.
fn every_column(table: &Table) -> anyhow::Result<Vec<Column>> {
    let column = |name: &String| match table.numbers_or_empty(name) {
        Ok(numbers) => Ok(Column::new(name, numbers)),
        Err(_) => Ok(Column::texts(name, table.texts(name)?)),
    };
    table.headers().iter().map(column).collect()
}

fn summary(command: &Composition, rows: &[Vec<f64>], names: &[String]) -> anyhow::Result<Value> {
    let middle: serde_json::Map<String, Value> = names
        .iter()
        .cloned()
        .zip(centre(rows)?.into_iter().map(|c| json!(c * command.whole)))
        .collect();
    let mut told = json!({ "compositions": rows.len(), "parts": names, "centre": middle,
        "output": command.output });
    if rows.len() > 1 {
        let matrix = variation_matrix(rows)?;
        told["total_variance"] = json!(total_variance(rows)?);
        told["variation_matrix"] = json!(matrix.chunks(names.len()).collect::<Vec<_>>());
    }
    Ok(told)
}
