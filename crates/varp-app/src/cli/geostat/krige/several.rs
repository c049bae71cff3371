//! Kriging with several variables: co-kriging, collocated co-kriging, indicators.

use anyhow::{Context, bail};
use varp_geostat::krige::{
    Cokriging, Estimates, IndicatorKriging, Kriging, Method, Outcome as Found, Samples, Secondary,
    collocated,
};
use varp_geostat::model::{Coregionalisation, Model};
use varp_geostat::warning::{of_model, of_places, of_targets, of_values};

use super::wanted::Wanted;
use super::{Krige, Report, write};
use crate::cli::Outcome;
use crate::cli::geostat::arguments::Estimator;
use crate::cli::geostat::estimator::{kriging, parse_model};
use crate::cli::geostat::output::{self, Column};
use crate::cli::geostat::table::{Sampled, numbers, open};
use crate::cli::geostat::{doubts, running};

/// Refuses flags that the method would not honour.
fn refuse(estimator: &Estimator, method: &str, flags: &[(&str, bool)]) -> anyhow::Result<()> {
    let own = [("--drift", estimator.drift.is_some()), ("--method", estimator.method != "ok")];
    match own.iter().chain(flags).find(|f| f.1) {
        Some((flag, _)) => bail!("{method} knows no {flag}"),
        None => Ok(()),
    }
}

/// Full ordinary co-kriging from all samples; the first variable is `--value`.
pub fn cokrige(command: &Krige) -> anyhow::Result<Outcome> {
    let estimator = &command.estimator;
    let all = [
        ("--nmax, it takes all samples", estimator.nmax.is_some()),
        ("--maxdist, it takes all samples", estimator.maxdist.is_some()),
        ("--ellipsoid, it takes all samples", estimator.ellipsoid.is_some()),
        ("--octants, it takes all samples", estimator.octants.is_some()),
        ("--per-hole, it takes all samples", estimator.per_hole.is_some()),
        ("--error", estimator.error.is_some()),
        ("--plot", command.plot.is_some()),
    ];
    refuse(estimator, "co-kriging", &all)?;
    let (model, names) = variables(command)?;
    let (table, axes, places) = open(&command.data, &names)?;
    let mut known: Vec<(Vec<[f64; 3]>, Vec<f64>)> = Vec::new();
    for name in &names {
        let values = table.numbers_or_empty(name)?;
        known.push(
            places.iter().zip(values).filter(|(_, v)| !v.is_nan()).map(|(p, v)| (*p, v)).unzip(),
        );
    }
    let wanted = Wanted::read(command, &axes)?;
    let targets = wanted.targets(command)?;
    output::check(&command.output, wanted.grid.as_ref())?;
    let samples: Vec<Samples<'_>> = known.iter().map(|(p, v)| Samples::new(p, v)).collect();
    let (first_places, first_values) = (&known[0].0, &known[0].1);
    let own = model.marginal(0)?;
    let mut warnings = of_values(first_values);
    warnings.extend(of_places(first_places, first_values, axes.dimensions()));
    warnings.extend(of_model(&own, first_places, first_values, true));
    warnings.extend(of_targets(&own, first_places, &targets));
    let warnings = doubts::tell(&warnings, None);
    let found = Cokriging { model }.fit(&samples)?.predict(&targets, &running::progress())?;
    let first = &found.variables[0];
    let without = first.outcome.iter().filter(|o| **o != Found::Estimated).count();
    let mut columns = Vec::new();
    for (name, estimates) in names.iter().zip(found.variables.iter()) {
        let ending = if *name == names[0] { String::new() } else { format!("_{name}") };
        columns.push(Column::new(format!("estimate{ending}"), estimates.estimate.clone()));
        columns.push(Column::new(format!("variance{ending}"), estimates.variance.clone()));
    }
    if command.diagnostics {
        for (i, a) in names.iter().enumerate() {
            for (j, b) in names[..i].iter().enumerate() {
                let values = found.covariances[i * (i - 1) / 2 + j].clone();
                columns.push(Column::new(format!("covariance_{b}_{a}"), values));
            }
        }
    }
    let counts: Vec<String> =
        names.iter().zip(&known).map(|(n, k)| format!("{} of {n}", k.1.len())).collect();
    let report = Report {
        samples: places.len(),
        targets: targets.len(),
        without,
        shared: None,
        notes: vec![format!("values: {}", counts.join(", "))],
        warnings,
    };
    write(command, &axes, &wanted, targets, columns)?;
    report.tell(command)
}

/// The model and the variables it joins, the first being `--value`.
fn variables(command: &Krige) -> anyhow::Result<(Coregionalisation, Vec<&str>)> {
    let estimator = &command.estimator;
    let model: Coregionalisation = estimator
        .model
        .parse()
        .with_context(|| format!("understanding the model \"{}\"", estimator.model))?;
    let with = command.with.as_deref().unwrap_or_default();
    let names: Vec<&str> = std::iter::once(command.data.value.as_str())
        .chain(with.split(',').map(str::trim))
        .collect();
    if model.variables() != names.len() {
        bail!(
            "the matrices of --model have {} rows, but there are {} variables: {}",
            model.variables(),
            names.len(),
            names.join(", ")
        );
    }
    Ok((model, names))
}

/// Updates simple kriging by a column that is known at every target.
pub fn collocate(
    command: &Krige,
    kriging: &Kriging,
    sampled: &Sampled,
    column: &str,
    simple: &Estimates,
    notes: &mut Vec<String>,
) -> anyhow::Result<Estimates> {
    let Method::Simple { mean } = kriging.method else {
        bail!("--collocated updates simple kriging: give --method sk:MEAN");
    };
    let table = Wanted::read(command, &sampled.axes)?.table.context("--collocated needs --at")?;
    let dense = table.numbers(column)?;
    let (dense_mean, dense_deviation) = moments(&dense);
    let correlation = match command.correlation {
        Some(given) => given,
        None => {
            let there = sampled
                .table
                .numbers(column)
                .context("the correlation is taken from the samples; or give --correlation R")?;
            let r = pearson(&sampled.values, &there);
            notes.push(format!("correlation with {column} at the samples: {r:.4}"));
            r
        }
    };
    let relation = Secondary {
        correlation,
        primary: (mean, kriging.model.sill().sqrt()),
        secondary: (dense_mean, dense_deviation),
    };
    Ok(collocated(simple, &dense, &relation)?)
}

fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt())
}

fn pearson(a: &[f64], b: &[f64]) -> f64 {
    let ((ma, sa), (mb, sb)) = (moments(a), moments(b));
    let cross: f64 = a.iter().zip(b).map(|(x, y)| (x - ma) * (y - mb)).sum();
    cross / a.len() as f64 / (sa * sb)
}

/// Probabilities of values at most each cut-off.
pub fn indicators(command: &Krige, cutoffs: &str) -> anyhow::Result<Outcome> {
    let others = [
        ("--error", command.estimator.error.is_some()),
        ("--tile", command.tile.is_some()),
        ("--block: means of indicators are no probabilities of blocks", command.block.is_some()),
        ("--plot", command.plot.is_some()),
    ];
    refuse(&command.estimator, "indicator kriging", &others)?;
    let cutoffs = numbers(cutoffs, "--indicator")?;
    let models: Vec<Model> =
        command.estimator.model.split('|').map(parse_model).collect::<anyhow::Result<_>>()?;
    if models.len() != 1 && models.len() != cutoffs.len() {
        bail!("--model has {} models for {} cut-offs", models.len(), cutoffs.len());
    }
    let first = Estimator { model: models[0].to_string(), ..command.estimator.clone() };
    let sampled = Sampled::read_for(&command.data, &first)?;
    let search = kriging(&first, sampled.axes.dimensions(), sampled.values.len())?.search;
    let wanted = Wanted::read(command, &sampled.axes)?;
    let targets = wanted.targets(command)?;
    output::check(&command.output, wanted.grid.as_ref())?;
    let (at, values) = (&sampled.places, &sampled.values);
    let mut warnings = of_values(values);
    warnings.extend(of_places(at, values, sampled.axes.dimensions()));
    warnings.extend(of_model(&models[0], at, values, false));
    warnings.extend(of_targets(&models[0], at, &targets));
    let warnings = doubts::tell(&warnings, Some(&sampled.table));
    let plan = IndicatorKriging { cutoffs, models, search };
    let found = sampled.with(|s| plan.predict(s, &targets, &running::progress()))?;
    let without = found.below.first().map_or(0, |c| c.iter().filter(|v| v.is_nan()).count());
    let mut columns = Vec::new();
    for (c, cutoff) in plan.cutoffs.iter().enumerate() {
        columns.push(Column::new(format!("below_{cutoff}"), found.below[c].clone()));
    }
    for (c, cutoff) in plan.cutoffs.iter().enumerate() {
        columns.push(Column::new(format!("variance_{cutoff}"), found.variance[c].clone()));
        if command.diagnostics {
            columns.push(Column::new(format!("raw_{cutoff}"), found.raw[c].clone()));
        }
    }
    let report = Report {
        samples: sampled.values.len(),
        targets: targets.len(),
        without,
        shared: None,
        notes: Vec::new(),
        warnings,
    };
    write(command, &sampled.axes, &wanted, targets, columns)?;
    report.tell(command)
}
