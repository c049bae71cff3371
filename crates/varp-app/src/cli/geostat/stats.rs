//! `varp geostat stats`.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use serde_json::{Value, json};
use varp_geostat::stats::censored::{
    Advice, Family, KaplanMeier, LikelihoodFit, Observation, RegressionOnOrder, Remainder, advice,
};
use varp_geostat::stats::{Summary, weighted_quantile};
use varp_geostat::warning::of_values;

use super::table::{Table, is_missing};
use super::{doubts, plot};
use crate::cli::{Outcome, show};

/// Summarise a column.
#[derive(Debug, Args)]
pub struct Stats {
    /// The table: CSV with a header, or (Geo)Parquet
    #[arg(value_name = "DATA")]
    pub file: Option<PathBuf>,
    /// The table by flag, as plans have it
    #[arg(id = "data", long = "data", value_name = "DATA", hide = true)]
    pub named: Option<PathBuf>,
    /// Column of the variable; cells such as <5 are values known only to lie below
    #[arg(long, value_name = "COLUMN")]
    pub value: String,
    /// Column of declustering weights
    #[arg(long, value_name = "COLUMN")]
    pub weights: Option<String>,
    /// Draw a histogram
    #[arg(long, value_name = "OUT.svg")]
    pub plot: Option<PathBuf>,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// Summarises and prints.
pub fn run(command: &Stats) -> anyhow::Result<Outcome> {
    plot::check(command.plot.as_deref())?;
    let path = command.file.as_deref().or(command.named.as_deref());
    let table = Table::read(path.context("say which table: varp geostat stats DATA.csv …")?)?;
    let (observations, missing) = observations(&table, &command.value)?;
    let censored = observations.iter().any(|o| o.is_below());
    let rows = if censored {
        if command.weights.is_some() {
            anyhow::bail!(
                "values known only by a limit cannot be weighted yet: leave out --weights"
            );
        }
        of_censored(&observations)
    } else {
        let values: Vec<f64> = observations.iter().map(|o| o.number()).collect();
        let weights = match &command.weights {
            Some(column) => table.numbers(column)?,
            None => vec![1.0; values.len()],
        };
        of_exact(&values, &weights)?
    };
    let numbers: Vec<f64> = observations.iter().map(|o| o.number()).collect();
    let warnings = doubts::tell(&of_values(&numbers), None);
    if let Some(path) = &command.plot {
        let values: Vec<(f64, bool)> =
            observations.iter().map(|o| (o.number(), o.is_below())).collect();
        let note = if censored { "hatched: known only to lie below the value" } else { "" };
        let panel = plot::histogram(&values, &command.value).context("no finite value to draw")?;
        let title = format!("{} values of {}", observations.len(), command.value);
        plot::write(path, (&title, note), &[panel], 1)?;
    }
    if command.json {
        let mut answer = json!({ "values": observations.len(), "missing": missing,
            "warnings": warnings });
        for (name, value) in rows {
            answer[name.replace(' ', "_")] = value;
        }
        show::json(&answer)?;
    } else {
        show::line(format!("{:<34}{:>14}", "values", observations.len()));
        show::line(format!("{:<34}{missing:>14}", "missing"));
        for (name, value) in rows {
            match value.as_f64() {
                Some(number) => show::line(format!("{name:<34}{number:>14.6}")),
                None => show::line(format!("{name:<34}{:>14}", value.as_str().unwrap_or("–"))),
            }
        }
    }
    Ok(Outcome::Clean)
}

/// Values and limits of a column, and how many cells are empty.
fn observations(table: &Table, column: &str) -> anyhow::Result<(Vec<Observation>, usize)> {
    let texts = table.texts(column)?;
    let mut found = Vec::new();
    for (row, text) in texts.iter().enumerate().filter(|t| !is_missing(t.1)) {
        let number = |t: &str| t.trim().parse::<f64>().ok().filter(|n| n.is_finite());
        let observation = match text.strip_prefix('<') {
            Some(limit) => number(limit).map(Observation::Below),
            None => number(text).map(Observation::Exact),
        };
        found.push(observation.with_context(|| {
            let row = table.line(row);
            format!("row {row}, column {column}: \"{text}\" is neither a number nor <LIMIT")
        })?);
    }
    if found.is_empty() {
        anyhow::bail!("column {column} holds no value in {} rows", texts.len());
    }
    let missing = texts.len() - found.len();
    Ok((found, missing))
}

type Rows = Vec<(String, Value)>;

fn of_exact(values: &[f64], weights: &[f64]) -> anyhow::Result<Rows> {
    let s = Summary::weighted(values, weights)?;
    let of_many = |v: f64| if values.len() > 1 { v } else { f64::NAN };
    let mut rows: Rows = [
        ("mean", s.mean),
        ("standard deviation", of_many(s.standard_deviation())),
        ("coefficient of variation", of_many(s.coefficient_of_variation())),
        ("skewness", of_many(s.skewness)),
        ("least", s.min),
    ]
    .into_iter()
    .map(|(n, v)| (n.to_owned(), json!(v)))
    .collect();
    for percent in [10, 25, 50, 75, 90, 95] {
        let value = weighted_quantile(values, weights, f64::from(percent) / 100.0)?;
        rows.push((format!("quantile {percent} %"), json!(value)));
    }
    rows.push(("greatest".into(), json!(s.max)));
    Ok(rows)
}

/// Estimates for values of which some are known only by a limit; what cannot be said is absent.
fn of_censored(data: &[Observation]) -> Rows {
    let below = data.iter().filter(|o| o.is_below()).count();
    let mut rows: Rows = vec![
        ("below a limit".into(), json!(below)),
        ("share below a limit".into(), json!(below as f64 / data.len() as f64)),
    ];
    let advised = match advice(data) {
        Advice::Plain => "plain",
        Advice::KaplanMeier => "Kaplan–Meier",
        Advice::RegressionOnOrder => "regression on order",
        Advice::MaximumLikelihood => "maximum likelihood",
        Advice::SharesOnly => "no mean at all",
    };
    rows.push(("advised".into(), json!(advised)));
    if let Ok(fitted) = KaplanMeier::fit(data) {
        for (name, remainder) in
            [("at 0", Remainder::AtZero), ("at the least limit", Remainder::AtSmallestLimit)]
        {
            if let Ok(mean) = fitted.mean(remainder) {
                rows.push((format!("mean Kaplan-Meier, rest {name}"), json!(mean)));
            }
        }
        if let Some(median) = fitted.median() {
            rows.push(("median Kaplan-Meier".into(), json!(median)));
        }
    }
    if let Ok(fitted) = RegressionOnOrder::fit(data) {
        rows.push(("mean regression on order".into(), json!(fitted.mean())));
        rows.push(("median regression on order".into(), json!(fitted.median())));
    }
    if let Ok(fitted) = LikelihoodFit::fit(data, Family::Lognormal) {
        rows.push(("mean lognormal likelihood".into(), json!(fitted.mean())));
    }
    rows
}
