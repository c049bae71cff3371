//! `varp geostat trend`: what coordinates and columns explain of the values.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use varp_geostat::krige::Targets;
use varp_geostat::stats::{Order, PlaceTerms, Regression};

use super::arguments::Data;
use super::doubts;
use super::output::{self, Column, Sheet};
use super::table::Sampled;
use crate::cli::{Outcome, show};

/// Fit a trend.
#[derive(Debug, Args)]
pub struct Trend {
    /// Samples
    #[command(flatten)]
    pub data: Data,
    /// Powers of the coordinates
    #[arg(long, value_enum, default_value_t = Degree::Linear)]
    pub order: Degree,
    /// Columns that explain as well, separated by commas
    #[arg(long, value_name = "COLUMN,…")]
    pub with: Option<String>,
    /// Write value, trend and residual of each sample: csv, parquet, vtk
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// Powers of the coordinates.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub enum Degree {
    /// None: the columns alone
    None,
    /// A plane
    Linear,
    /// Squares and products as well
    Quadratic,
}

/// Fits, tells the figures, writes residuals.
pub fn run(command: &Trend) -> anyhow::Result<Outcome> {
    let sampled = Sampled::read(&command.data)?;
    let order = match command.order {
        Degree::None => Order::Constant,
        Degree::Linear => Order::Linear,
        Degree::Quadratic => Order::Quadratic,
    };
    let terms = PlaceTerms::of(&sampled.places, order);
    let (mut names, mut columns) = (terms.names, terms.columns);
    let with = command.with.as_deref().map(|w| w.split(',').map(str::trim));
    for column in with.into_iter().flatten() {
        columns.push(sampled.table.numbers(column)?);
        names.push(column.to_owned());
    }
    if columns.is_empty() {
        anyhow::bail!("nothing to explain the values by: give --order or --with");
    }
    let warnings = doubts::tell(&doubts::of_samples(&sampled), Some(&sampled.table));
    let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let fitted = Regression::fit(&slices, &sampled.values)?;
    if let Some(path) = &command.output {
        let trend = sampled.values.iter().zip(&fitted.residuals).map(|(v, r)| v - r).collect();
        let columns = vec![
            Column::new(&command.data.value, sampled.values.clone()),
            Column::new("trend", trend),
            Column::new("residual", fitted.residuals.clone()),
        ];
        let targets = Targets::points(&sampled.places);
        output::write(path, &Sheet::placed(sampled.axes.names(), targets, columns))?;
    }
    names.insert(0, "constant".to_owned());
    let centre = &terms.centre[..sampled.axes.dimensions()];
    match command.json {
        true => show::json(&as_json(&fitted, &names, centre, &warnings))?,
        false => print(&fitted, &names, centre, command.order != Degree::None),
    }
    Ok(Outcome::Clean)
}

fn print(fitted: &Regression, names: &[String], centre: &[f64], has_places: bool) {
    show::line(format!("{:<18}{:>16}{:>16}{:>14}", "term", "coefficient", "error", "probability"));
    let probabilities = fitted.probabilities();
    for (i, name) in names.iter().enumerate() {
        let (b, s) = (fitted.coefficients[i], fitted.standard_errors[i]);
        show::line(format!("{name:<18}{b:>16.6e}{s:>16.3e}{:>14}", told(probabilities[i])));
    }
    let [of_terms, of_residuals] = fitted.degrees();
    show::line(format!("{:<18}{:>16.6e}{of_terms:>16} degrees", "explained", fitted.explained));
    show::line(format!(
        "{:<18}{:>16.6e}{of_residuals:>16} degrees",
        "unexplained", fitted.unexplained
    ));
    show::line(format!("{:<18}{:>16.6}", "R²", fitted.r_squared()));
    if of_residuals > 0 {
        show::line(format!("{:<18}{:>16.6}", "adjusted R²", fitted.adjusted_r_squared()));
        show::line(format!(
            "{:<18}{:>16.6}{:>16} probability",
            "F",
            fitted.f(),
            told(fitted.f_probability())
        ));
        let deviation = fitted.residual_deviation();
        show::line(format!("{:<18}{deviation:>16.6e}", "residual deviation"));
    }
    if has_places {
        show::note(format!("coordinates are counted from {centre:?}"));
    }
    show::note("probabilities hold for independent residuals; near samples are not independent");
}

fn told(probability: f64) -> String {
    match probability {
        p if p.is_nan() => "none".into(),
        p if p < 1e-4 => format!("{p:.1e}"),
        p => format!("{p:.4}"),
    }
}

fn as_json(fitted: &Regression, names: &[String], centre: &[f64], warnings: &Value) -> Value {
    let number = |v: f64| if v.is_finite() { json!(v) } else { Value::Null };
    let probabilities = fitted.probabilities();
    let terms: Vec<Value> = names
        .iter()
        .enumerate()
        .map(|(i, name)| {
            json!({ "term": name, "coefficient": fitted.coefficients[i],
                "standard_error": number(fitted.standard_errors[i]),
                "probability": number(probabilities[i]) })
        })
        .collect();
    let [of_terms, of_residuals] = fitted.degrees();
    json!({ "samples": fitted.residuals.len(), "centre": centre, "terms": terms,
        "explained": { "sum_of_squares": fitted.explained, "degrees": of_terms },
        "unexplained": { "sum_of_squares": fitted.unexplained, "degrees": of_residuals },
        "r_squared": fitted.r_squared(),
        "adjusted_r_squared": number(fitted.adjusted_r_squared()),
        "f": number(fitted.f()), "f_probability": number(fitted.f_probability()),
        "residual_deviation": number(fitted.residual_deviation()), "warnings": warnings })
}
