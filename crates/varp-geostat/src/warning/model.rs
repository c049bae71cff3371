//! Doubts about a model, beside the samples and targets it is for.

use super::Warning;
use super::places::{bins_of, median_spacing};
use crate::krige::{Method, Targets};
use crate::model::Model;
use crate::search::bounds;
use crate::stats::Summary;

/// Ratio of two ranges beyond which the longer is as good as endless.
const MOST_ANISOTROPY: f64 = 100.0;
/// How far sill and variance may be from each other: units or a logarithm make more.
const MOST_SILL: f64 = 100.0;

/// Doubts about a model for these samples; `is_of_values` says that its sill is that of the
/// values themselves, not of residuals from a drift.
pub fn of_model(
    model: &Model,
    places: &[[f64; 3]],
    values: &[f64],
    is_of_values: bool,
) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let (low, high) = bounds(places);
    let dimensions = if low[2] < high[2] { 3 } else { 2 };
    for (i, structure) in model.structures().iter().enumerate() {
        let radii = &structure.ellipsoid.radii[..dimensions];
        let longest = radii.iter().copied().fold(0.0, f64::max);
        let shortest = radii.iter().copied().fold(f64::INFINITY, f64::min);
        if longest > MOST_ANISOTROPY * shortest {
            warnings.push(Warning::Anisotropy { term: i + 1, longest, shortest });
        }
    }
    match longest_range(model) {
        Some(0.0) => warnings.push(Warning::NuggetOnly { nugget: model.nugget() }),
        Some(longest) if places.len() > 2 => {
            let spacing = median_spacing(&bins_of(places));
            if longest < spacing {
                warnings.push(Warning::ShortRange { longest, spacing });
            }
        }
        _ => {}
    }
    if let Ok(summary) = Summary::of(values)
        && is_of_values
        && model.is_stationary()
        && summary.variance > 0.0
        && values.len() > 2
    {
        let (sill, variance) = (model.sill(), summary.sample_variance());
        if sill > MOST_SILL * variance || variance > MOST_SILL * sill {
            warnings.push(Warning::Sill { sill, variance });
        }
    }
    warnings
}

/// A known mean outside the samples.
pub fn of_mean(method: &Method, values: &[f64]) -> Option<Warning> {
    let Method::Simple { mean } = *method else { return None };
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let greatest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (least <= greatest && !(least..=greatest).contains(&mean)).then_some(Warning::Mean {
        mean,
        least,
        greatest,
    })
}

/// Targets whose box lies farther from the box of the samples than the model reaches.
pub fn of_targets(model: &Model, places: &[[f64; 3]], targets: &Targets<'_>) -> Option<Warning> {
    let longest = longest_range(model).filter(|r| *r > 0.0)?;
    if places.is_empty() || targets.is_empty() {
        return None;
    }
    let (low, high) = bounds(places);
    let (first, last) = targets.bounds();
    let gap = [0, 1, 2].map(|d| (first[d] - high[d]).max(low[d] - last[d]).max(0.0));
    let distance = gap.iter().map(|g| g * g).sum::<f64>().sqrt();
    (distance > longest).then_some(Warning::FarTargets { distance, longest })
}

/// Points that stand for a block, farther apart than the model reaches.
pub fn of_discretisation(model: &Model, size: [f64; 3], parts: [usize; 3]) -> Option<Warning> {
    let longest = longest_range(model).filter(|r| *r > 0.0)?;
    let step = (0..3).map(|d| size[d] / parts[d].max(1) as f64).fold(0.0, f64::max);
    (step > longest).then_some(Warning::CoarseBlock { step, longest })
}

/// The longest practical range along any axis, 0 without structures; `None` where one has no end.
pub(super) fn longest_range(model: &Model) -> Option<f64> {
    model.structures().iter().try_fold(0.0_f64, |longest, s| {
        let factor = s.shape.practical_factor()?;
        Some(s.ellipsoid.radii.iter().fold(longest, |l, r| l.max(factor * r)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::krige::Grid;

    fn names(text: &str) -> Vec<&'static str> {
        let places: Vec<[f64; 3]> =
            (0..40).map(|i| [f64::from(i * 37 % 101), f64::from(i * 59 % 97), 0.0]).collect();
        let values: Vec<f64> = (0..40).map(|i| f64::from(i * 7 % 5)).collect();
        let model: Model = text.parse().unwrap();
        of_model(&model, &places, &values, true).iter().map(Warning::name).collect()
    }

    #[test]
    fn suspicious_models_are_named() {
        assert_eq!(names("0.2 nug + 1.8 sph(60, 20; azimuth=30)"), [""; 0]);
        assert_eq!(names("2 sph(1e3, 1e-3)"), ["anisotropy"]);
        assert_eq!(names("2 sph(1e-6)"), ["short-range"]);
        assert_eq!(names("2 nug"), ["nugget-only"]);
        assert_eq!(names("1e6 sph(50)"), ["sill"]);
        assert_eq!(names("1e-6 exp(a=50)"), ["sill"]);
        assert_eq!(names("2 pow(1.2)"), [""; 0]);
    }

    #[test]
    fn targets_in_other_coordinates_are_told_and_those_near_are_not() {
        let model: Model = "1 exp(practical=30)".parse().unwrap();
        let places = [[0.0; 3], [10.0, 20.0, 0.0]];
        let grid = |x| Grid { origin: [x, 0.0, 0.0], step: [1.0; 3], count: [5, 5, 1] };
        let told = |x| of_targets(&model, &places, &Targets::grid(grid(x)));
        assert_eq!(told(39.0), None);
        let Some(Warning::FarTargets { distance, longest }) = told(5e5) else { panic!() };
        assert!((distance - 499_990.0).abs() < 1e-9 && (longest - 30.0).abs() < 1e-12);
    }

    #[test]
    fn a_mean_of_other_units_and_a_coarse_block_are_told() {
        let told = of_mean(&Method::Simple { mean: 500.0 }, &[4.0, 7.0]);
        assert_eq!(told, Some(Warning::Mean { mean: 500.0, least: 4.0, greatest: 7.0 }));
        assert_eq!(of_mean(&Method::Ordinary, &[4.0, 7.0]), None);
        let model: Model = "1 sph(50)".parse().unwrap();
        assert_eq!(of_discretisation(&model, [100.0, 100.0, 0.0], [4, 4, 1]), None);
        let told = of_discretisation(&model, [1e6, 1e6, 0.0], [4, 4, 1]);
        assert_eq!(told, Some(Warning::CoarseBlock { step: 250_000.0, longest: 50.0 }));
    }
}
