//! `varp geostat fit`.

use std::path::PathBuf;

use anyhow::bail;
use clap::Args;
use serde_json::{Value, json};
use varp_geostat::fit::{
    Anisotropy, FitPlan, FittedModel, Weights, choose, fit, fit_coregionalisation,
};
use varp_geostat::model::{Shape, SharedStructure};
use varp_geostat::variogram::{cross_variogram, variogram};
use varp_geostat::warning::of_fit;

use super::variogram::{Computed, Experimental, experimental};
use super::{doubts, output, plot};
use crate::cli::{Outcome, show};

/// Fit a covariance model.
#[derive(Debug, Args)]
pub struct Fit {
    /// Variogram
    #[command(flatten)]
    pub experimental: Experimental,
    /// Structures: sph, exp, gau, cub, pen, hol, mat:NU
    #[arg(long, value_name = "SHAPE,…", default_value = "sph")]
    pub shapes: String,
    /// Fit no nugget
    #[arg(long)]
    pub no_nugget: bool,
    /// Weights of classes: pairs/h2, pairs, pairs/model2, equal
    #[arg(long, value_name = "WORD", default_value = "pairs/h2")]
    pub weights: String,
    /// Ranges by direction: none, horizontal, full
    #[arg(long, value_name = "WORD", default_value = "none")]
    pub anisotropy: String,
    /// Least and greatest range
    #[arg(long, value_name = "LOW,HIGH")]
    pub ranges: Option<String>,
    /// Try up to this many structures of the shapes given, best first by Akaike's criterion
    #[arg(long, value_name = "MOST")]
    pub choose: Option<usize>,
    /// Write the best model to a file
    #[arg(long, value_name = "OUT.txt")]
    pub save_model: Option<PathBuf>,
}

/// Fits a model to the experimental variogram and prints it.
pub fn run(command: &Fit) -> anyhow::Result<Outcome> {
    let asked = &command.experimental;
    if asked.output.is_some() || asked.map.is_some() || asked.model.is_some() {
        bail!(
            "a fit prints its model; classes, maps and given models belong to varp geostat variogram"
        );
    }
    plot::check(asked.plot.as_deref())?;
    let shapes: Vec<Shape> = command.shapes.split(',').map(shape).collect::<Result<_, _>>()?;
    let ranges = command.ranges.as_deref().map(|r| super::table::numbers(r, "--ranges"));
    let ranges = match ranges.transpose()?.as_deref() {
        Some([low, high]) => Some((*low, *high)),
        Some(_) => bail!("--ranges takes the least and the greatest range: 50,2000"),
        None => None,
    };
    let plan = FitPlan {
        nugget: !command.no_nugget,
        weights: weights(&command.weights)?,
        anisotropy: anisotropy(&command.anisotropy)?,
        ranges,
        ..FitPlan::isotropic(shapes.clone())
    };
    if asked.with.is_some() {
        return run_together(command, &plan);
    }
    let computed = experimental(asked)?;
    let candidates = match command.choose {
        Some(most) => choose(&computed.variograms, &shapes, most, &plan)?,
        None => vec![fit(&computed.variograms, &plan)?],
    };
    let mut warnings = computed.doubts();
    if let Some(best) = candidates.first() {
        warnings.extend(of_fit(best, &computed.variograms));
        finish(command, &computed, best)?;
    }
    let warnings = doubts::tell(&warnings, Some(&computed.sampled.table));
    if asked.json {
        let all: Vec<Value> = candidates.iter().map(|c| fitted_json(c, &warnings)).collect();
        return show::json(&all).map(|()| Outcome::Clean);
    }
    for fitted in &candidates {
        show::line(&fitted.model);
        show::note(format!(
            "  weighted squares {:.6e}, criterion {:.3}, {} lag classes, {} parameters",
            fitted.weighted_squares, fitted.criterion, fitted.lags, fitted.parameters
        ));
        for (name, sd) in fitted.names.iter().zip(deviations(fitted)) {
            match sd {
                Some(sd) => show::note(format!("  standard error of {name}: {sd:.4e}")),
                None => show::note(format!("  standard error of {name}: none, it lies at a bound")),
            }
        }
    }
    Ok(Outcome::Clean)
}

/// Draws the best model and writes its text.
fn finish(command: &Fit, computed: &Computed, best: &FittedModel) -> anyhow::Result<()> {
    let asked = &command.experimental;
    if let Some(path) = &asked.plot {
        let lags = &computed.plan.lags;
        let panel =
            plot::variograms(&computed.variograms, lags, Some(&best.model), &asked.subject());
        let subtitle = plot::shortened(&best.model.to_string());
        plot::write(path, ("Variogram and its model", &subtitle), &[panel], 1)?;
    }
    match &command.save_model {
        Some(path) => output::write_text(path, &format!("{}\n", best.model)),
        None => Ok(()),
    }
}

/// A linear model of coregionalisation: the ranges are those of the first variable.
fn run_together(command: &Fit, plan: &FitPlan) -> anyhow::Result<Outcome> {
    let asked = &command.experimental;
    let alone = Experimental::first_of(asked);
    let Computed { plan: lags, variograms, sampled } = experimental(&alone)?;
    let first = fit(&variograms, plan)?;
    let columns = asked.with.as_deref().unwrap_or_default().split(',').map(str::trim);
    let mut values = vec![sampled.values.clone()];
    for column in columns {
        values.push(asked.transformed(&sampled.table.numbers(column)?)?);
    }
    let pair = |i: usize, j: usize| match i == j {
        true => variogram(&sampled.places, &values[i], &lags),
        false => cross_variogram(&sampled.places, &values[i], &values[j], &lags),
    };
    let mut all = Vec::with_capacity(values.len());
    for i in 0..values.len() {
        all.push((0..=i).map(|j| pair(i, j)).collect::<Result<Vec<_>, _>>()?);
    }
    let structures = first.model.structures().iter();
    let structures: Vec<SharedStructure> =
        structures.map(|s| SharedStructure { shape: s.shape, ellipsoid: s.ellipsoid }).collect();
    let model = fit_coregionalisation(&all, &structures, plan.weights)?;
    if let Some(path) = &command.save_model {
        output::write_text(path, &format!("{model}\n"))?;
    }
    if let Some(path) = &asked.plot {
        let names: Vec<&str> = [asked.data.value.as_str()]
            .into_iter()
            .chain(asked.with.as_deref().unwrap_or_default().split(',').map(str::trim))
            .collect();
        let mut panels = Vec::new();
        for (i, name) in names.iter().enumerate() {
            let marginal = model.marginal(i)?;
            panels.push(plot::variograms(&all[i][i], &lags.lags, Some(&marginal), name));
        }
        let subtitle = plot::shortened(&first.model.to_string());
        let subtitle = format!("ranges of {subtitle}");
        plot::write(path, ("Variograms and their model", &subtitle), &panels, 2)?;
    }
    match asked.json {
        true => show::json(&json!({ "model": model.to_string() }))?,
        false => show::line(&model),
    }
    Ok(Outcome::Clean)
}

fn shape(word: &str) -> anyhow::Result<Shape> {
    Ok(match word.trim() {
        "sph" => Shape::Spherical,
        "exp" => Shape::Exponential,
        "gau" => Shape::Gaussian,
        "cub" => Shape::Cubic,
        "pen" => Shape::Pentaspherical,
        "hol" => Shape::HoleEffect,
        other => match other.strip_prefix("mat:").map(str::parse) {
            Some(Ok(nu)) => Shape::Matern { nu },
            _ => bail!("\"{other}\" is none of sph, exp, gau, cub, pen, hol, mat:NU"),
        },
    })
}

fn weights(word: &str) -> anyhow::Result<Weights> {
    Ok(match word {
        "pairs/h2" => Weights::PairsByDistance,
        "pairs" => Weights::Pairs,
        "pairs/model2" => Weights::PairsByModel,
        "equal" => Weights::Equal,
        _ => bail!("--weights {word} is none of pairs/h2, pairs, pairs/model2, equal"),
    })
}

fn anisotropy(word: &str) -> anyhow::Result<Anisotropy> {
    Ok(match word {
        "none" => Anisotropy::None,
        "horizontal" => Anisotropy::Horizontal,
        "full" => Anisotropy::Full,
        _ => bail!("--anisotropy {word} is none of none, horizontal, full"),
    })
}

/// Standard errors; none of a parameter that is held by a bound and so has no variance.
fn deviations(fitted: &FittedModel) -> Vec<Option<f64>> {
    let n = fitted.names.len();
    let variance = |i: usize| fitted.covariance[i * n + i];
    (0..n).map(|i| Some(variance(i).sqrt()).filter(|sd| *sd > 0.0)).collect()
}

fn fitted_json(fitted: &FittedModel, warnings: &Value) -> Value {
    let errors: serde_json::Map<String, Value> = fitted
        .names
        .iter()
        .cloned()
        .zip(deviations(fitted).into_iter().map(|d| json!(d)))
        .collect();
    json!({ "model": fitted.model.to_string(), "weighted_squares": fitted.weighted_squares,
        "criterion": fitted.criterion, "lags": fitted.lags, "parameters": fitted.parameters,
        "standard_errors": errors, "warnings": warnings })
}
