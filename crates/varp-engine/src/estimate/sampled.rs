//! The grade of a body from its samples.

use varp_geostat::progress::Progress;
use varp_geostat::regional::ContinuityPrior;
use varp_model::Measured;

use super::belief::Belief;
use super::believed::{around, posterior};
use super::data::BodyData;
use super::error::EstimateError;
use super::field::{Field, FieldFound};
use super::grade::{GradeFound, probabilities};
use super::priors::{Priors, Support};
use super::product::{CensoredRule, SampleMethod, SamplePlan, Vertical};
use super::quantity::Basis;
use super::report::report;
use super::samples::{
    Composite, Imputed, Interval, SampleError, Screened, Surroundings, UsedSample, calibrated,
    composite, impute, quality_summary, screen,
};
use super::solid::Solid;
use super::volume::VolumeFound;

/// A composite with its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Placed {
    pub hole: u32,
    pub place: [f64; 3],
    pub depth_m: f64,
    pub length_m: f64,
}

/// What the samples of one substance come to before any method looks at them.
pub(super) struct Prepared<'a> {
    pub substance: &'a str,
    pub plan: &'a SamplePlan,
    pub screened: Screened,
    pub solid: Solid,
    pub imputed: Imputed,
    /// Composites; flat for methods of whole holes.
    pub placed: Vec<Placed>,
    /// One list of composite values for each imputation.
    pub values: Vec<Vec<f64>>,
    pub flat: bool,
    pub prior: ContinuityPrior,
    /// Relative variance of the error that calibration left in each value.
    pub noise: Option<Vec<f64>>,
    pub top_cut: Option<(usize, f64)>,
    pub warnings: Vec<String>,
    pub assumptions: Vec<String>,
}

/// The grade from samples by the plan's method.
pub(super) fn from_samples(
    (substance, plan): (&str, &SamplePlan),
    (data, priors, volume): (&BodyData, &Priors, Option<&VolumeFound>),
    seed: u64,
    progress: &Progress<'_>,
) -> Result<GradeFound, EstimateError> {
    let prepared = prepare((substance, plan), (data, priors, volume), seed)?;
    let posterior = posterior(&prepared)?;
    let field = match plan.method {
        SampleMethod::Mean => None,
        _ => Some(Field::new(&prepared)?.estimate(&prepared, &posterior, seed, progress)?),
    };
    let zones = super::zone::zone_means(&prepared, data)?;
    let mut quantiles = match &field {
        Some(FieldFound { means, .. }) if !means.is_empty() => quantiles_of(means),
        Some(FieldFound { weights, .. }) if !weights.is_empty() => {
            around(&prepared, &posterior, weights)?.quantiles(&probabilities(), 0.0)
        }
        _ => posterior.quantiles(&probabilities(), 0.0),
    };
    let mut warnings = prepared.warnings.clone();
    if let Some(combined) = zones.combined(seed) {
        quantiles = combined;
    }
    let best = quantiles[100];
    let method_grade = field.as_ref().map_or(best, |f| f.grade);
    if method_grade < quantiles[20] || method_grade > quantiles[180] {
        warnings.push(format!(
            "{substance}: the grade by {} lies outside the 80 % interval that continuity gives",
            plan.method.word()
        ));
    }
    if quantiles[0] <= 0.0 && quantiles[20] <= 0.0 {
        warnings.push(format!("{substance}: the interval reaches zero"));
    }
    quantiles.iter_mut().for_each(|q| *q = q.clamp(0.0, 1.0));
    let sampled = report(
        &prepared,
        &posterior,
        field.as_ref(),
        (zones.means, quality_summary(data, substance)),
        method_grade,
    );
    let holes = sampled.holes;
    Ok(GradeFound {
        belief: Belief::Table(quantiles),
        basis: Basis::Measured,
        source: format!("{} samples of {holes} holes and places", sampled.samples),
        warnings,
        assumptions: prepared.assumptions,
        sampled: Some(sampled),
        periods: field.as_ref().map_or(Vec::new(), |f| f.periods.clone()),
        blocks: field.and_then(|f| f.blocks),
    })
}

/// 201 quantiles of equally likely values.
fn quantiles_of(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    probabilities().into_iter().map(|p| super::carry::quantile(&sorted, p)).collect()
}

fn prepare<'a>(
    (substance, plan): (&'a str, &'a SamplePlan),
    (data, priors, volume): (&BodyData, &Priors, Option<&VolumeFound>),
    seed: u64,
) -> Result<Prepared<'a>, EstimateError> {
    let (mut assumptions, mut owned, mut error) = (Vec::new(), None, 0.0);
    if let Some(method) = &plan.calibrate {
        let (changed, words, residual) = calibrated(data, substance, method)?;
        assumptions.push(format!("{substance}: {words}"));
        (owned, error) = (Some(changed), residual);
    }
    let data = owned.as_ref().unwrap_or(data);
    let mut screened = screen(data, substance)?;
    let top_cut = plan.top_cut.map(|limit| cut(&mut screened, limit));
    let flat = matches!(plan.method, SampleMethod::Mean | SampleMethod::InverseDistance { .. });
    let solid = Solid::of(data, &screened, volume, if flat { 40 } else { 20 })?;
    let measured: Vec<Measured<f64>> = screened.samples.iter().map(|s| s.value).collect();
    let row = priors.variability(&plan.variability)?;
    let imputed = {
        let places = sample_places(&screened, &solid, plan.vertical);
        let prior = row.prior(solid.footprint.area_m2, solid.thickness_m, Support::Composites);
        let around = Surroundings { places: &places, prior: &prior, scale: plan.scale };
        impute(&measured, plan.censored, substance, (around, seed))?
    };
    if imputed.censored > 0 {
        let (n, all) = (imputed.censored, measured.len());
        assumptions.push(format!("{substance}: {n} of {all} below a limit; {}", imputed.rule));
    }
    let length = if flat { None } else { Some(composite_length(plan, &screened, &solid)) };
    let placed = places(&screened, &solid, plan, length);
    let values: Vec<Vec<f64>> =
        imputed.lists.iter().map(|l| composite_values(&screened, l, plan, length)).collect();
    let support = match flat {
        true => Support::Holes { of: screened.samples.len() / screened.names.len().max(1) },
        false => Support::Composites,
    };
    let prior = row.prior(solid.footprint.area_m2, solid.thickness_m, support);
    let mut warnings = doubts((substance, plan), &screened, &solid, &imputed);
    warnings.extend(values.first().and_then(|list| super::skew::warning(substance, list)));
    let noise = (error > 0.0).then(|| vec![(error / prior.variation).powi(2); placed.len()]);
    let mut prepared = Prepared {
        substance,
        plan,
        screened,
        solid,
        imputed,
        placed,
        values,
        flat,
        prior,
        noise,
        top_cut,
        warnings,
        assumptions,
    };
    merge_twins(&mut prepared);
    Ok(prepared)
}

/// What a reader should doubt before any method looks at the samples.
fn doubts(
    (substance, plan): (&str, &SamplePlan),
    screened: &Screened,
    solid: &Solid,
    imputed: &Imputed,
) -> Vec<String> {
    let mut warnings = Vec::new();
    let over = screened.samples.iter().filter(|s| matches!(s.value, Measured::Above(_))).count();
    if over > 0 {
        warnings.push(format!(
            "{over} assays of {substance} lie above the method's limit and count as the limit: the \
             grade is too low; have them assayed again"
        ));
    }
    warnings.extend(solid.warnings.clone());
    if matches!(plan.censored, CensoredRule::Substitute(_)) && imputed.censored > 0 {
        warnings.push(format!("{substance}: values below a limit were substituted, which biases"));
    }
    tell_small(substance, screened, &mut warnings);
    warnings
}

fn tell_small(substance: &str, screened: &Screened, warnings: &mut Vec<String>) {
    let holes = screened.names.len();
    if screened.samples.len() == 1 {
        warnings.push(format!(
            "{substance}: one sample; its interval is the prior on variation, not knowledge of this body"
        ));
    } else if holes < 5 {
        warnings.push(format!(
            "{substance}: samples of {holes} holes or places; the prior on variation speaks in the interval"
        ));
    }
    for (reason, count) in &screened.left_out {
        warnings.push(format!("{substance}: {count} assays left out: {reason}"));
    }
}

fn cut(screened: &mut Screened, limit: f64) -> (usize, f64) {
    let (mut lowered, mut removed, mut all) = (0, 0.0, 0.0);
    for sample in &mut screened.samples {
        let (value, length) = (sample.value.number(), sample.to_m - sample.from_m);
        all += value * length;
        if value > limit && !matches!(sample.value, Measured::Below(_)) {
            lowered += 1;
            removed += (value - limit) * length;
            sample.value = Measured::Exact(limit);
        }
    }
    (lowered, if all > 0.0 { removed / all } else { 0.0 })
}

/// The plan's length, or the most common sample length, but at least an eighth of the thickness.
fn composite_length(plan: &SamplePlan, screened: &Screened, solid: &Solid) -> f64 {
    plan.composite_m.unwrap_or_else(|| {
        let mut lengths: Vec<f64> = screened.samples.iter().map(|s| s.to_m - s.from_m).collect();
        lengths.sort_unstable_by(f64::total_cmp);
        lengths[lengths.len() / 2].max(solid.thickness_m / 8.0)
    })
}

fn holes_of(screened: &Screened) -> impl Iterator<Item = (u32, std::ops::Range<usize>)> + '_ {
    (0..screened.names.len() as u32).map(|hole| {
        let start = screened.samples.partition_point(|s| s.hole < hole);
        let end = screened.samples.partition_point(|s| s.hole <= hole);
        (hole, start..end)
    })
}

fn composites_of(
    screened: &Screened,
    range: std::ops::Range<usize>,
    values: &[f64],
    (plan, length): (&SamplePlan, Option<f64>),
) -> Vec<Composite> {
    let interval = |i: usize| {
        let s = &screened.samples[i];
        Interval { from_m: s.from_m, to_m: s.to_m, value: values[i] }
    };
    let intervals: Vec<Interval> = range.map(interval).collect();
    composite(&intervals, length, plan.residual)
}

fn composite_values(
    screened: &Screened,
    values: &[f64],
    plan: &SamplePlan,
    length: Option<f64>,
) -> Vec<f64> {
    holes_of(screened)
        .flat_map(|(_, range)| composites_of(screened, range, values, (plan, length)))
        .map(|c| c.value)
        .collect()
}

fn places(
    screened: &Screened,
    solid: &Solid,
    plan: &SamplePlan,
    length: Option<f64>,
) -> Vec<Placed> {
    let zeros = vec![0.0; screened.samples.len()];
    let mut placed = Vec::new();
    for (hole, range) in holes_of(screened) {
        let path = &screened.paths[hole as usize];
        let top = path.place(0.0)[2];
        for c in composites_of(screened, range, &zeros, (plan, length)) {
            let [x, y, z] = path.place(0.5 * (c.from_m + c.to_m));
            let depth_m = top - z;
            let vertical = match length {
                None => 0.0,
                Some(_) => solid.vertical([x, y], depth_m, plan.vertical),
            };
            placed.push(Placed { hole, place: [x, y, vertical], depth_m, length_m: c.sampled_m });
        }
    }
    placed
}

/// The middle of each sample.
fn sample_places(screened: &Screened, solid: &Solid, rule: Vertical) -> Vec<[f64; 3]> {
    let place = |s: &UsedSample| {
        let path = &screened.paths[s.hole as usize];
        let [x, y, z] = path.place(0.5 * (s.from_m + s.to_m));
        [x, y, solid.vertical([x, y], path.place(0.0)[2] - z, rule)]
    };
    screened.samples.iter().map(place).collect()
}

/// Composites at one place (within a decimetre) become one with their mean; told as a warning.
fn merge_twins(prepared: &mut Prepared<'_>) {
    let mut kept: Vec<usize> = Vec::new();
    let mut twin_of: Vec<usize> = Vec::new();
    for (i, p) in prepared.placed.iter().enumerate() {
        let near = |j: &&usize| {
            let q = prepared.placed[**j].place;
            (0..3).all(|d| (p.place[d] - q[d]).abs() < 0.1)
        };
        match kept.iter().find(near) {
            Some(j) => twin_of.push(*j),
            None => {
                kept.push(i);
                twin_of.push(i);
            }
        }
    }
    let twins = prepared.placed.len() - kept.len();
    if twins == 0 {
        return;
    }
    prepared.warnings.push(format!(
        "{}: {twins} composites lie at the place of another and were averaged with it",
        prepared.substance
    ));
    let lengths: Vec<f64> = prepared.placed.iter().map(|p| p.length_m).collect();
    for list in &mut prepared.values {
        let mean = |keep: &usize| {
            let own = (0..twin_of.len()).filter(|i| twin_of[*i] == *keep);
            let (sum, total) =
                own.fold((0.0, 0.0), |(s, t), i| (s + lengths[i] * list[i], t + lengths[i]));
            sum / total
        };
        *list = kept.iter().map(mean).collect();
    }
    prepared.placed = kept.iter().map(|i| prepared.placed[*i]).collect();
    if let Some(noise) = &mut prepared.noise {
        noise.truncate(kept.len());
    }
}

pub(super) fn statistics(substance: &str, error: &impl std::fmt::Display) -> SampleError {
    SampleError::Statistics { substance: substance.into(), message: error.to_string() }
}
