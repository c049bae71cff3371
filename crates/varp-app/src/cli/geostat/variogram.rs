//! `varp geostat variogram` and `varp geostat fit`.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail};
use serde_json::{Value, json};
use varp_geostat::fit::{Anisotropy, FitPlan, FittedModel, Weights, choose, fit};
use varp_geostat::model::Shape;
use varp_geostat::variogram::{Direction, Estimator, Lags, Plan, Variogram, variogram};

use super::arguments::{Experimental, Fit};
use super::table::{Sampled, numbers};
use crate::cli::{Outcome, show};

/// Computes and writes the experimental variogram.
pub fn run(command: &Experimental) -> anyhow::Result<Outcome> {
    let (plan, variograms) = experimental(command)?;
    if let Some(path) = &command.output {
        let file =
            std::fs::File::create(path).with_context(|| format!("creating {}", path.display()))?;
        write(std::io::BufWriter::new(file), &plan, &variograms)
            .with_context(|| format!("writing {}", path.display()))?;
    }
    if command.json {
        show::json(&as_json(&plan, &variograms))?;
    } else if command.output.is_none() {
        let mut text = Vec::new();
        write(&mut text, &plan, &variograms)?;
        show::line(String::from_utf8_lossy(&text).trim_end());
    }
    Ok(Outcome::Clean)
}

/// Fits a model to the experimental variogram and prints it.
pub fn run_fit(command: &Fit) -> anyhow::Result<Outcome> {
    let (_, variograms) = experimental(&command.experimental)?;
    let shapes: Vec<Shape> = command.shapes.split(',').map(shape).collect::<Result<_, _>>()?;
    let plan = FitPlan {
        nugget: !command.no_nugget,
        weights: weights(&command.weights)?,
        anisotropy: anisotropy(&command.anisotropy)?,
        ..FitPlan::isotropic(shapes.clone())
    };
    let candidates = match command.choose {
        Some(most) => choose(&variograms, &shapes, most, &plan)?,
        None => vec![fit(&variograms, &plan)?],
    };
    if command.experimental.json {
        let all: Vec<Value> = candidates.iter().map(fitted_json).collect();
        return show::json(&all).map(|()| Outcome::Clean);
    }
    for fitted in &candidates {
        show::line(&fitted.model);
        show::note(format!(
            "  weighted squares {:.6e}, criterion {:.3}, {} lag classes, {} parameters",
            fitted.weighted_squares, fitted.criterion, fitted.lags, fitted.parameters
        ));
        for (name, sd) in fitted.names.iter().zip(deviations(fitted)) {
            show::note(format!("  standard error of {name}: {sd:.4e}"));
        }
    }
    Ok(Outcome::Clean)
}

fn experimental(command: &Experimental) -> anyhow::Result<(Plan, Vec<Variogram>)> {
    let sampled = Sampled::read(&command.data)?;
    let lags = match (command.lag, command.lags) {
        (Some(width), count) => Lags::Regular { width, count: count.unwrap_or(15) },
        (None, Some(_)) => bail!("--lags needs the width of a class: --lag WIDTH"),
        (None, None) => Lags::from_extent(&sampled.places),
    };
    let directions = match &command.azimuth {
        None => vec![Direction::any()],
        Some(text) => numbers(text, "--azimuth")?
            .into_iter()
            .map(|azimuth| Direction {
                azimuth,
                dip: command.dip,
                tolerance: command.tolerance,
                bandwidth: command.bandwidth,
            })
            .collect(),
    };
    let plan = Plan { lags, directions, estimator: estimator(&command.estimator)? };
    let variograms = variogram(&sampled.places, &sampled.values, &plan)?;
    Ok((plan, variograms))
}

fn estimator(word: &str) -> anyhow::Result<Estimator> {
    Ok(match word {
        "matheron" => Estimator::Matheron,
        "cressie-hawkins" => Estimator::CressieHawkins,
        "genton" => Estimator::Genton,
        "dowd" => Estimator::Dowd,
        "madogram" => Estimator::Madogram,
        "rodogram" => Estimator::Rodogram,
        "correlogram" => Estimator::Correlogram,
        _ => bail!(
            "--estimator {word} is none of matheron, cressie-hawkins, genton, dowd, madogram, \
             rodogram, correlogram"
        ),
    })
}

fn shape(word: &str) -> anyhow::Result<Shape> {
    Ok(match word.trim() {
        "sph" => Shape::Spherical,
        "exp" => Shape::Exponential,
        "gau" => Shape::Gaussian,
        "cub" => Shape::Cubic,
        "pent" => Shape::Pentaspherical,
        "hole" => Shape::HoleEffect,
        other => match other.strip_prefix("mat:").map(str::parse) {
            Some(Ok(nu)) => Shape::Matern { nu },
            _ => bail!("\"{other}\" is none of sph, exp, gau, cub, pent, hole, mat:NU"),
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

fn write(mut out: impl Write, plan: &Plan, variograms: &[Variogram]) -> std::io::Result<()> {
    writeln!(out, "azimuth,dip,tolerance,from,to,pairs,distance,gamma")?;
    for v in variograms {
        let d = v.direction;
        for class in 0..plan.lags.len() {
            let (from, to) = plan.lags.class(class);
            write!(out, "{},{},{},{from},{to},{}", d.azimuth, d.dip, d.tolerance, v.pairs[class])?;
            if v.pairs[class] > 0 {
                writeln!(out, ",{},{}", v.distance[class], v.gamma[class])?;
            } else {
                writeln!(out, ",,")?;
            }
        }
    }
    out.flush()
}

fn as_json(plan: &Plan, variograms: &[Variogram]) -> Value {
    let number = |v: f64| if v.is_nan() { Value::Null } else { json!(v) };
    variograms
        .iter()
        .map(|v| {
            let classes: Vec<Value> = (0..plan.lags.len())
                .map(|i| {
                    let (from, to) = plan.lags.class(i);
                    json!({ "from": from, "to": to, "pairs": v.pairs[i],
                        "distance": number(v.distance[i]), "gamma": number(v.gamma[i]) })
                })
                .collect();
            json!({ "azimuth": v.direction.azimuth, "dip": v.direction.dip,
                "tolerance": v.direction.tolerance, "classes": classes })
        })
        .collect()
}

fn deviations(fitted: &FittedModel) -> Vec<f64> {
    let n = fitted.names.len();
    (0..n).map(|i| fitted.covariance[i * n + i].max(0.0).sqrt()).collect()
}

fn fitted_json(fitted: &FittedModel) -> Value {
    let errors: serde_json::Map<String, Value> = fitted
        .names
        .iter()
        .cloned()
        .zip(deviations(fitted).into_iter().map(|d| json!(d)))
        .collect();
    json!({ "model": fitted.model.to_string(), "weighted_squares": fitted.weighted_squares,
        "criterion": fitted.criterion, "lags": fitted.lags, "parameters": fitted.parameters,
        "standard_errors": errors })
}

/// Says that `--output` belongs to the variogram, where a fit was asked for with one.
pub fn refuse_output(path: Option<&Path>) -> anyhow::Result<()> {
    match path {
        Some(path) => bail!(
            "a fit prints its model; write the variogram to {} with varp geostat variogram",
            path.display()
        ),
        None => Ok(()),
    }
}
