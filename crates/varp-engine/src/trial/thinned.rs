//! Real sample sets, thinned: does the interval from a few samples hold the mean of all?

use varp_geostat::random::{Random, Stream};
use varp_geostat::regional::{Region, Scale};

use super::score::Score;
use crate::estimate::{Support, Variability};

/// A set of samples or whole holes that is dense enough to stand for the truth.
#[derive(Clone, Debug, PartialEq)]
pub struct Dense {
    /// Name of the set and the variable.
    pub name: String,
    /// East and north, metres.
    pub places: Vec<[f64; 2]>,
    /// Values above zero.
    pub values: Vec<f64>,
    /// What a value stands for: a single sample or a hole.
    pub support: Support,
}

/// Takes `sizes` samples `repeats` times by chance and estimates the mean of all from them, as the method
/// `mean` does: the same prior, the same continuity, both scales.
pub fn thinned(
    set: &Dense,
    sizes: &[usize],
    repeats: u32,
    variability: &Variability,
) -> Vec<Score> {
    let all = set.values.len();
    let truth = set.values.iter().sum::<f64>() / all as f64;
    let random = Random::new(11, Stream::Sampling);
    let stride = all.div_ceil(80).max(1);
    let flat = |i: usize| [set.places[i][0], set.places[i][1], 0.0];
    let order = random.permutation(1, all);
    let nodes: Vec<[f64; 3]> = order.iter().step_by(stride).map(|i| flat(*i as usize)).collect();
    let side = |d: usize| {
        let fold =
            |start: f64, f: fn(f64, f64) -> f64| set.places.iter().map(|p| p[d]).fold(start, f);
        fold(f64::NEG_INFINITY, f64::max) - fold(f64::INFINITY, f64::min)
    };
    // half of the box holds samples, as blast patterns and drill fields do
    let area = 0.5 * side(0) * side(1);
    let prior = variability.prior(area, 1.0, set.support);
    let weights = vec![1.0; nodes.len()];
    let cell = [(area / nodes.len() as f64).sqrt(), 0.0];
    let scales = [(Scale::Log, 0.5), (Scale::Linear, 0.5)];
    let mut scores = Vec::new();
    for size in sizes.iter().filter(|s| **s < all / 2) {
        for repeat in 0..repeats {
            let order = random.permutation(1000 * *size as u64 + u64::from(repeat), all);
            let chosen: Vec<usize> = order[..*size].iter().map(|i| *i as usize).collect();
            let places: Vec<[f64; 3]> = chosen.iter().map(|i| flat(*i)).collect();
            let values: Vec<f64> = chosen.iter().map(|i| set.values[*i]).collect();
            let region = Region::new((&places, &values), (&nodes, &weights), cell);
            let Ok(posterior) = region.posterior(&prior, &scales) else { continue };
            let steps: Vec<f64> = (1..20).map(|i| f64::from(i) / 20.0).collect();
            scores.push(Score {
                method: "mean",
                of: "grade",
                strata: vec![set.name.clone(), format!("{size} samples")],
                truth,
                quantiles: posterior.quantiles(&steps, 0.0),
                mean: posterior.mean(),
                naive_interval: 0.0,
                naive_crps: 0.0,
            });
        }
    }
    scores
}
