//! Doubts about experimental variograms and what was fitted to them.

use super::Warning;
use super::model::longest_range;
use crate::fit::FittedModel;
use crate::variogram::Variogram;

/// Pairs that a class should have. Source: Journel and Huijbregts, Mining Geostatistics, 1978,
/// chapter III.
const USUAL_PAIRS: u64 = 30;

/// Directions without pairs, and classes of few.
pub fn of_variograms(variograms: &[Variogram]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for v in variograms {
        let (azimuth, dip) = (v.direction.azimuth, v.direction.dip);
        let filled: Vec<u64> = v.pairs.iter().copied().filter(|p| *p > 0).collect();
        let few = filled.iter().filter(|p| **p < USUAL_PAIRS);
        match (filled.is_empty(), few.clone().min()) {
            (true, _) => {
                let classes = v.pairs.len();
                warnings.push(Warning::EmptyDirection { azimuth, dip, classes });
            }
            (false, Some(least)) => {
                let (classes, of, least, usual) = (few.count(), filled.len(), *least, USUAL_PAIRS);
                warnings.push(Warning::FewPairs { azimuth, dip, classes, of, least, usual });
            }
            (false, None) => {}
        }
    }
    warnings
}

/// A fit that found no structure, or one whose end no class saw.
pub fn of_fit(fitted: &FittedModel, variograms: &[Variogram]) -> Option<Warning> {
    let last = |v: &Variogram| {
        (0..v.pairs.len()).filter(|i| v.pairs[*i] > 0).map(|i| v.distance[i]).fold(0.0, f64::max)
    };
    let reach = variograms.iter().map(last).fold(0.0, f64::max);
    match longest_range(&fitted.model)? {
        0.0 => Some(Warning::NuggetOnly { nugget: fitted.model.nugget() }),
        range if range > reach => Some(Warning::LongRange { range, reach }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::{FitPlan, fit};
    use crate::model::Shape;
    use crate::variogram::Direction;

    fn experimental(gamma: impl Fn(f64) -> f64, pairs: u64) -> Variogram {
        let distance: Vec<f64> = (1..=12).map(|i| f64::from(i) * 10.0).collect();
        Variogram {
            direction: Direction::any(),
            pairs: vec![pairs; 12],
            gamma: distance.iter().map(|h| gamma(*h)).collect(),
            distance,
        }
    }

    #[test]
    fn few_pairs_and_none_are_told() {
        let few = experimental(|h| h, 29);
        let (azimuth, dip) = (0.0, 0.0);
        assert_eq!(
            of_variograms(&[few]),
            [Warning::FewPairs { azimuth, dip, classes: 12, of: 12, least: 29, usual: 30 }]
        );
        assert_eq!(of_variograms(&[experimental(|h| h, 30)]), []);
        let none = [Warning::EmptyDirection { azimuth, dip, classes: 12 }];
        assert_eq!(of_variograms(&[experimental(|h| h, 0)]), none);
    }

    #[test]
    fn a_fit_without_structure_and_one_beyond_the_classes_are_told() {
        let plan = FitPlan::isotropic(vec![Shape::Spherical]);
        let told = |gamma: fn(f64) -> f64| {
            let v = [experimental(gamma, 100)];
            of_fit(&fit(&v, &plan).unwrap(), &v).map(|w| w.name())
        };
        assert_eq!(told(|h| 2.0 - h * 1e-3), Some("nugget-only"));
        assert_eq!(told(|h| 0.1 * h), Some("long-range"));
        assert_eq!(told(|h| if h < 50.0 { h * (0.03 - h * h * 4e-6) } else { 1.0 }), None);
    }
}
