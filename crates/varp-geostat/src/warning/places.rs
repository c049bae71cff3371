//! Doubts about samples.

use super::Warning;
use crate::model::eigen;
use crate::resolution::resolution;
use crate::search::{Bins, bounds};

/// Below this many values a distribution is hardly known.
const USUAL_SAMPLES: usize = 10;
/// More samples than this are not searched for twins, which would take longer than kriging them.
const MOST_FOR_TWINS: usize = 50_000;

/// Doubts about values alone: few of them, or all equal.
pub fn of_values(values: &[f64]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if !values.is_empty() && values.len() < USUAL_SAMPLES {
        warnings.push(Warning::FewSamples { found: values.len(), usual: USUAL_SAMPLES });
    }
    if values.len() > 1 && values.iter().all(|v| *v == values[0]) {
        warnings.push(Warning::EqualValues { count: values.len(), value: values[0] });
    }
    warnings
}

/// Doubts about places with their values: on a line or plane, nearly at one place, far from the
/// origin. `dimensions` is 2 or 3.
pub fn of_places(places: &[[f64; 3]], values: &[f64], dimensions: usize) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if places.len() < 3 || places.len() != values.len() {
        return warnings;
    }
    let (largest, extent, step) = resolution(places);
    if step > 1e-9 * extent {
        warnings.push(Warning::Coordinates { largest, extent, step });
    }
    let [thickness, width, length] = spreads(places);
    let samples = places.len();
    if width < 1e-3 * length {
        warnings.push(Warning::OnALine { samples, length, width });
    } else if dimensions == 3 && thickness < 1e-4 * length {
        warnings.push(Warning::OnAPlane { samples, extent: length, thickness });
    }
    warnings.extend(twins(places, values));
    warnings
}

/// Samples at one place, which kriging refuses and everything else counts twice.
pub fn of_coincidence(places: &[[f64; 3]], values: &[f64]) -> Option<Warning> {
    let mut order: Vec<usize> = (0..places.len().min(values.len())).collect();
    let key = |i: usize| places[i].map(|x| (x + 0.0).to_bits());
    order.sort_unstable_by_key(|i| (key(*i), *i));
    let mut pairs = order.windows(2).filter(|w| key(w[0]) == key(w[1]));
    let found = pairs.next()?;
    let (first, second) = (found[0], found[1]);
    let values = [values[first], values[second]];
    Some(Warning::Coincident { first, second, values, pairs: 1 + pairs.count() })
}

/// Distance to the nearest other sample that half of the samples have; 0 for one sample.
pub(super) fn median_spacing(bins: &Bins) -> f64 {
    let every = bins.len().div_ceil(MOST_FOR_TWINS).max(1);
    let nearest = (0..bins.len()).step_by(every).map(|p| bins.nearest_other(p));
    let mut nearest: Vec<f64> = nearest.filter(|d| d.is_finite()).collect();
    nearest.sort_unstable_by(f64::total_cmp);
    nearest.get(nearest.len() / 2).copied().unwrap_or(0.0)
}

/// The places in cells, counted from their lower corner.
pub(super) fn bins_of(places: &[[f64; 3]]) -> Bins {
    let (low, _) = bounds(places);
    let shifted: Vec<[f64; 3]> = places.iter().map(|p| [0, 1, 2].map(|d| p[d] - low[d])).collect();
    Bins::new(&shifted, 2.0)
}

fn twins(places: &[[f64; 3]], values: &[f64]) -> Option<Warning> {
    if places.len() > MOST_FOR_TWINS {
        return None;
    }
    let bins = bins_of(places);
    let usual = median_spacing(&bins);
    let near = |p: usize| Some((p, bins.nearest_other(p))).filter(|n| n.1 < 1e-3 * usual);
    for (position, distance) in (0..bins.len()).filter_map(near).filter(|n| n.1 > 0.0) {
        let (here, place) = (bins.id[position] as usize, bins.place(position));
        let other = (0..bins.len()).filter(|p| *p != position).min_by(|a, b| {
            let apart = |p: usize| {
                let q = bins.place(p);
                (0..3).map(|d| (q[d] - place[d]).powi(2)).sum::<f64>()
            };
            apart(*a).total_cmp(&apart(*b))
        })?;
        let other = bins.id[other] as usize;
        if values[here] != values[other] {
            let (first, second) = (here.min(other), here.max(other));
            let values = [values[first], values[second]];
            return Some(Warning::Twins { first, second, values, distance, usual });
        }
    }
    None
}

/// Standard deviations of the places along their principal axes, the least first.
fn spreads(places: &[[f64; 3]]) -> [f64; 3] {
    let (low, _) = bounds(places);
    let n = places.len() as f64;
    let from_low = |p: &[f64; 3]| [0, 1, 2].map(|d| p[d] - low[d]);
    let mut mean = [0.0; 3];
    for p in places.iter().map(from_low) {
        (0..3).for_each(|d| mean[d] += p[d] / n);
    }
    let mut moments = [0.0; 9];
    for p in places.iter().map(from_low) {
        let u = [0, 1, 2].map(|d| p[d] - mean[d]);
        (0..9).for_each(|k| moments[k] += u[k / 3] * u[k % 3] / n);
    }
    if moments.iter().any(|m| !m.is_finite()) {
        return [1.0; 3]; // too large to square: no doubt can be told
    }
    let (values, _) = eigen(3, &moments);
    [0, 1, 2].map(|d| values.get(d).copied().unwrap_or(0.0).max(0.0).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scattered(n: u32) -> Vec<[f64; 3]> {
        (0..n).map(|i| [f64::from(i * 37 % 101), f64::from(i * 59 % 97), 0.0]).collect()
    }

    fn names(warnings: &[Warning]) -> Vec<&'static str> {
        warnings.iter().map(Warning::name).collect()
    }

    #[test]
    fn samples_of_every_day_raise_no_doubt() {
        let places: Vec<[f64; 3]> =
            scattered(60).iter().map(|p| [p[0] + 5e5, p[1] + 6.9e6, 0.0]).collect();
        let values: Vec<f64> = (0..60).map(|i| f64::from(i * 7 % 11)).collect();
        assert_eq!(of_places(&places, &values, 2), []);
        assert_eq!(of_values(&values), []);
        assert_eq!(of_coincidence(&places, &values), None);
    }

    #[test]
    fn a_line_of_samples_is_seen_in_any_direction() {
        let line: Vec<[f64; 3]> =
            (0..20).map(|i| [f64::from(i) * 10.0, f64::from(i) * 20.0, -f64::from(i)]).collect();
        let values: Vec<f64> = (0..20).map(f64::from).collect();
        assert_eq!(names(&of_places(&line, &values, 3)), ["on-a-line"]);
        let fence: Vec<[f64; 3]> =
            (0..40).map(|i| [f64::from(i / 8) * 10.0, 3.0, -f64::from(i % 8)]).collect();
        assert_eq!(names(&of_places(&fence, &[1.0; 40], 3)), ["on-a-plane"]);
    }

    #[test]
    fn twins_and_coincident_samples_are_named_with_their_values() {
        let mut places = scattered(30);
        places.push([places[4][0] + 1e-7, places[4][1], 0.0]);
        let mut values: Vec<f64> = (0..31).map(f64::from).collect();
        let found = of_places(&places, &values, 2);
        assert!(
            matches!(found[..], [Warning::Twins { first: 4, second: 30, values: [4.0, 30.0], .. }]),
            "{found:?}"
        );
        values[30] = 4.0;
        assert_eq!(of_places(&places, &values, 2), []);
        places[30] = places[4];
        let found = of_coincidence(&places, &values);
        let values = [4.0, 4.0];
        assert_eq!(found, Some(Warning::Coincident { first: 4, second: 30, values, pairs: 1 }));
    }

    #[test]
    fn few_and_equal_values_and_far_coordinates_are_told() {
        assert_eq!(of_values(&[7.0; 4])[1], Warning::EqualValues { count: 4, value: 7.0 });
        assert_eq!(of_values(&[7.0]), [Warning::FewSamples { found: 1, usual: USUAL_SAMPLES }]);
        let far: Vec<[f64; 3]> =
            scattered(30).iter().map(|p| [p[0] + 1e12, p[1] + 1e12, 0.0]).collect();
        let values: Vec<f64> = (0..30).map(f64::from).collect();
        assert_eq!(names(&of_places(&far, &values, 2)), ["coordinates"]);
    }
}
