//! Sequential indicator simulation of named categories.

use anyhow::bail;
use serde_json::json;
use varp_geostat::krige::{Grid, Targets};
use varp_geostat::model::{Ellipsoid, Model};
use varp_geostat::simulate::{Category, Realisations, SequentialGaussian, SequentialIndicator};
use varp_geostat::warning::{of_model, of_places, of_targets, of_values};

use super::Simulate;
use crate::cli::geostat::estimator::parse_model;
use crate::cli::geostat::output::{self, Column, Sheet};
use crate::cli::geostat::table::{Table, is_missing, numbers, open};
use crate::cli::geostat::{doubts, running};
use crate::cli::{Outcome, show};

/// Simulates categories and writes their probabilities by node.
pub fn run(command: &Simulate, grid: &Grid) -> anyhow::Result<Outcome> {
    let other = [
        ("--with", command.with.is_some()),
        ("--above", command.above.is_some()),
        ("--quantiles", command.quantiles.is_some()),
        ("--cutoffs", command.cutoffs.is_some()),
        ("--blocks", command.blocks.is_some()),
        ("--periods", command.periods.is_some()),
        ("--bounds", command.bounds.is_some()),
        ("--plot", command.plot.is_some()),
    ];
    if let Some((flag, _)) = other.iter().find(|o| o.1) {
        bail!("categories have no {flag}");
    }
    let (table, axes, places) = open(&command.data, &[&command.data.value])?;
    let words = table.texts(&command.data.value)?;
    let names = names(command, &table, &words)?;
    let of_sample: Vec<usize> =
        words.iter().map(|w| names.binary_search(w).unwrap_or_default()).collect();
    let proportions = proportions(command, &of_sample, names.len(), &table)?;
    let plan = plan(command, &proportions, &names)?;
    let numbers: Vec<f64> = of_sample.iter().map(|k| *k as f64).collect();
    let first = &plan.categories[0].model;
    let mut warnings = of_values(&numbers);
    warnings.extend(of_places(&places, &numbers, axes.dimensions()));
    warnings.extend(of_model(first, &places, &numbers, false));
    warnings.extend(of_targets(first, &places, &Targets::grid(*grid)));
    let warnings = doubts::tell(&warnings, Some(&table));
    let progress = running::progress();
    let path = plan.fit(grid, &places, &progress)?;
    let fields = path.simulate(&of_sample, command.realisations, command.seed, &progress)?;
    let columns = columns(command, &fields, &names);
    let shares: Vec<f64> = columns[..names.len()]
        .iter()
        .map(|c| c.numbers().iter().sum::<f64>() / grid.len() as f64)
        .collect();
    let mut sheet = Sheet::placed(axes.names(), Targets::grid(*grid), columns);
    sheet.crs = command.crs;
    output::write(&command.output, &sheet)?;
    if command.json {
        show::json(&json!({ "samples": words.len(), "nodes": grid.len(),
            "realisations": command.realisations, "seed": command.seed, "categories": names,
            "proportions": proportions, "simulated_shares": shares, "output": command.output,
            "warnings": warnings }))?;
    } else {
        show::note(format!("{} realisations of {} nodes", command.realisations, grid.len()));
        for (k, name) in names.iter().enumerate() {
            show::note(format!(
                "  {name}: share {:.4} asked, {:.4} simulated",
                proportions[k], shares[k]
            ));
        }
    }
    Ok(Outcome::Clean)
}

/// The categories, each once, in the order of the alphabet.
fn names(command: &Simulate, table: &Table, words: &[String]) -> anyhow::Result<Vec<String>> {
    if let Some(row) = words.iter().position(|w| is_missing(w)) {
        bail!(
            "row {}, column {}: no category; --skip-missing leaves it out",
            table.line(row),
            command.data.value
        );
    }
    let mut names = words.to_vec();
    names.sort();
    names.dedup();
    if names.len() > 100 {
        bail!(
            "column {} has {} different words: are these categories?",
            command.data.value,
            names.len()
        );
    }
    Ok(names)
}

fn plan(
    command: &Simulate,
    proportions: &[f64],
    names: &[String],
) -> anyhow::Result<SequentialIndicator> {
    let models: Vec<Model> =
        command.model.split('|').map(parse_model).collect::<anyhow::Result<_>>()?;
    if models.len() != 1 && models.len() != names.len() {
        bail!(
            "--model has {} models for {} categories: {}",
            models.len(),
            names.len(),
            names.join(", ")
        );
    }
    let category = |(k, proportion): (usize, &f64)| Category {
        proportion: *proportion,
        model: models[k % models.len()].clone(),
    };
    let search = match command.maxdist {
        Some(radius) => Ellipsoid::ball(radius),
        None => SequentialGaussian::new(models[0].clone(), command.neighbours).search,
    };
    Ok(SequentialIndicator {
        categories: proportions.iter().enumerate().map(category).collect(),
        neighbours: command.neighbours,
        search,
        path_seed: command.seed,
    })
}

fn proportions(
    command: &Simulate,
    of_sample: &[usize],
    count: usize,
    table: &Table,
) -> anyhow::Result<Vec<f64>> {
    if let Some(text) = &command.proportions {
        let given = numbers(text, "--proportions")?;
        if given.len() != count {
            bail!("--proportions has {} numbers for {count} categories", given.len());
        }
        return Ok(given);
    }
    let weights = match &command.weights {
        Some(column) => table.numbers(column)?,
        None => vec![1.0; of_sample.len()],
    };
    let total: f64 = weights.iter().sum();
    let mut shares = vec![0.0; count];
    of_sample.iter().zip(&weights).for_each(|(k, w)| shares[*k] += w / total);
    Ok(shares)
}

/// Probabilities, the likeliest category, every realisation.
fn columns(command: &Simulate, fields: &Realisations, names: &[String]) -> Vec<Column> {
    let share = |k: usize| {
        fields.per_node(|values| {
            values.iter().filter(|v| **v == k as f64).count() as f64 / values.len() as f64
        })
    };
    let shares: Vec<Vec<f64>> = (0..names.len()).map(share).collect();
    let likeliest = |node: usize| {
        let best = (0..names.len())
            .max_by(|a, b| shares[*a][node].total_cmp(&shares[*b][node]).then(b.cmp(a)));
        names[best.unwrap_or_default()].clone()
    };
    let words = (0..fields.nodes()).map(likeliest).collect();
    let mut columns: Vec<Column> =
        names.iter().zip(shares).map(|(n, s)| Column::new(format!("share_{n}"), s)).collect();
    columns.push(Column::texts("likeliest", words));
    if command.all {
        for number in 0..fields.count() {
            let words = fields.field(number).iter().map(|k| names[*k as usize].clone()).collect();
            columns.push(Column::texts(format!("r{}", number + 1), words));
        }
    }
    columns
}
