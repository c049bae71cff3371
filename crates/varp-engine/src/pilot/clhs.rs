//! Conditioned Latin hypercube: places whose covariates look like those of the whole area
//! (Minasny & McBratney 2006).

use crate::chance::{CellKey, Draws, Purpose};
use std::collections::BTreeMap;

/// Places to choose from.
#[derive(Debug, Clone, Default)]
pub struct Covariates {
    /// Continuous covariates: `continuous[j][i]` of place i.
    pub continuous: Vec<Vec<f64>>,
    /// Class of each place, such as a map unit; empty where there is none.
    pub classes: Vec<u32>,
}

/// Chosen places, ascending, and the objective.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// Places.
    pub places: Vec<usize>,
    /// Σ|hist − 1| + Σ|share − share| · count + Σ|ΔR|; 0 is perfect.
    pub objective: f64,
}

impl Covariates {
    /// Number of places.
    fn len(&self) -> usize {
        self.continuous.first().map_or(self.classes.len(), Vec::len)
    }

    /// Objective of a choice: in each of `count` strata of equal probability of each covariate
    /// one place, class shares and correlations as in the whole.
    pub fn objective(&self, places: &[usize]) -> f64 {
        let frame = Frame::of(self, places.len());
        frame.objective(self, places)
    }

    /// The best `count` places found by `moves` exchanges under falling temperature.
    pub fn choose(&self, count: usize, moves: usize, seed: u64) -> Chosen {
        let n = self.len();
        let count = count.min(n);
        let frame = Frame::of(self, count);
        let draws = Draws::new(seed, Purpose::Places);
        let key = CellKey::new("hypercube", "move");
        let first = draws.draw(u64::MAX).words(key);
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by_key(|i| first.word(*i as u64));
        let mut current = frame.objective(self, &order[..count]);
        let mut best = (current, order[..count].to_vec());
        for t in 0..moves {
            if count == 0 || count == n {
                break;
            }
            let words = draws.draw(t as u64).words(key);
            let (a, b) = (words.index(0, count), count + words.index(1, n - count));
            order.swap(a, b);
            let next = frame.objective(self, &order[..count]);
            let temperature = 1.0 - t as f64 / moves as f64;
            let worse = next - current;
            if worse <= 0.0 || words.uniform(2) < libm::exp(-worse / (0.5 * temperature)) {
                current = next;
                if current < best.0 {
                    best = (current, order[..count].to_vec());
                }
            } else {
                order.swap(a, b);
            }
        }
        best.1.sort_unstable();
        Chosen { places: best.1, objective: best.0 }
    }
}

/// What a choice is compared with.
struct Frame {
    edges: Vec<Vec<f64>>,
    correlations: Vec<f64>,
    shares: BTreeMap<u32, f64>,
}

impl Frame {
    fn of(covariates: &Covariates, strata: usize) -> Self {
        let all: Vec<usize> = (0..covariates.len()).collect();
        Self {
            edges: covariates.continuous.iter().map(|c| quantile_edges(c, strata)).collect(),
            correlations: correlations(covariates, &all),
            shares: shares(&covariates.classes, &all),
        }
    }

    fn objective(&self, covariates: &Covariates, places: &[usize]) -> f64 {
        let mut sum = 0.0;
        for (column, edges) in covariates.continuous.iter().zip(&self.edges) {
            let mut counts = vec![0.0; places.len()];
            for i in places {
                // Strata are closed on the left; the last one on both sides.
                let stratum = edges[1..edges.len() - 1].iter().filter(|e| column[*i] >= **e);
                counts[stratum.count()] += 1.0;
            }
            sum += counts.iter().map(|c: &f64| (c - 1.0).abs()).sum::<f64>();
        }
        let found = shares(&covariates.classes, places);
        for (class, share) in &self.shares {
            let own = found.get(class).copied().unwrap_or(0.0);
            sum += (own - share).abs() * places.len() as f64;
        }
        let own = correlations(covariates, places);
        sum + self.correlations.iter().zip(own).map(|(a, b)| (a - b).abs()).sum::<f64>()
    }
}

/// Quantiles 0, 1/k, …, 1 with linear interpolation.
fn quantile_edges(column: &[f64], strata: usize) -> Vec<f64> {
    let mut sorted = column.to_vec();
    sorted.sort_by(f64::total_cmp);
    (0..=strata)
        .map(|k| {
            let place = (sorted.len() - 1) as f64 * k as f64 / strata.max(1) as f64;
            let low = place.floor() as usize;
            let high = (low + 1).min(sorted.len() - 1);
            sorted[low] + (place - low as f64) * (sorted[high] - sorted[low])
        })
        .collect()
}

/// All entries of the correlation matrix; 0 where a covariate is constant.
fn correlations(covariates: &Covariates, places: &[usize]) -> Vec<f64> {
    let n = places.len() as f64;
    let centred: Vec<Vec<f64>> = covariates
        .continuous
        .iter()
        .map(|column| {
            let mean = places.iter().map(|i| column[*i]).sum::<f64>() / n;
            places.iter().map(|i| column[*i] - mean).collect()
        })
        .collect();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let mut result = Vec::new();
    for a in &centred {
        for b in &centred {
            let scale = (dot(a, a) * dot(b, b)).sqrt();
            result.push(if scale > 0.0 { dot(a, b) / scale } else { 0.0 });
        }
    }
    result
}

fn shares(classes: &[u32], places: &[usize]) -> BTreeMap<u32, f64> {
    let mut shares = BTreeMap::new();
    for class in places.iter().filter_map(|i| classes.get(*i)) {
        *shares.entry(*class).or_insert(0.0) += 1.0 / places.len() as f64;
    }
    shares
}
