//! How the differences of pairs become a semivariance.

use super::pairs::{Contribution, PairSums, for_each_pair};
use super::{Plan, Variogram, in_parts};
use crate::linalg::{F64x8, run};
use crate::search::Bins;

/// Estimator of the semivariance from the differences Δ of `N` pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Estimator {
    /// ½ mean Δ². Source: Matheron 1962.
    Matheron,
    /// ½ (mean √|Δ|)⁴ / (0.457 + 0.494/N). Source: Cressie & Hawkins 1980.
    CressieHawkins,
    /// ½ (2.2191 · first quartile of |Δ_i − Δ_j|)²: half of pairs may be outliers. Keeps every
    /// difference in memory. Source: Genton 1998.
    Genton,
    /// ½ · 2.198 · median(|Δ|)². Keeps every difference in memory. Source: Dowd 1984.
    Dowd,
    /// ½ mean |Δ|.
    Madogram,
    /// ½ mean √|Δ|.
    Rodogram,
    /// 1 − correlation of the two ends, with the class's own mean and variance.
    Correlogram,
}

impl Estimator {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Matheron => "Matheron's estimator",
            Self::CressieHawkins => "the estimator of Cressie and Hawkins",
            Self::Genton => "Genton's estimator",
            Self::Dowd => "Dowd's estimator",
            Self::Madogram => "the madogram",
            Self::Rodogram => "the rodogram",
            Self::Correlogram => "the correlogram",
        }
    }
}

macro_rules! contribution {
    ($name:ident, $cross:expr, |$here:ident, $first:ident, $second:ident, $l:ident| $value:expr) => {
        #[derive(Clone, Copy)]
        struct $name;
        impl Contribution for $name {
            const CROSS: bool = $cross;
            #[inline(always)]
            fn of(&self, $here: [f64; 2], $first: F64x8, $second: F64x8) -> F64x8 {
                let mut out = F64x8::ZERO;
                for $l in 0..8 {
                    out.0[$l] = $value;
                }
                let _ = $second;
                out
            }
        }
    };
}

contribution!(Squares, false, |here, first, second, l| (first.0[l] - here[0])
    * (first.0[l] - here[0]));
contribution!(Crosses, true, |here, first, second, l| (first.0[l] - here[0])
    * (second.0[l] - here[1]));
contribution!(Absolutes, false, |here, first, second, l| (first.0[l] - here[0]).abs());
contribution!(Roots, false, |here, first, second, l| (first.0[l] - here[0]).abs().sqrt());
contribution!(Products, false, |here, first, second, l| first.0[l] * here[0]);
contribution!(Sums, false, |here, first, second, l| first.0[l] + here[0]);
contribution!(BothSquares, false, |here, first, second, l| first.0[l] * first.0[l]
    + here[0] * here[0]);

/// One variogram for each direction.
pub(crate) fn estimate(bins: &Bins, columns: &[Vec<f64>; 2], plan: &Plan) -> Vec<Variogram> {
    let half_mean = |s: &[f64; 3]| 0.5 * s[1] / s[2];
    match plan.estimator {
        Estimator::Matheron if columns[1].is_empty() => {
            build(plan, &sums(bins, columns, plan, Squares), |_, s| half_mean(s))
        }
        Estimator::Matheron => {
            build(plan, &sums(bins, columns, plan, Crosses), |_, s| half_mean(s))
        }
        Estimator::Madogram => {
            build(plan, &sums(bins, columns, plan, Absolutes), |_, s| half_mean(s))
        }
        Estimator::Rodogram => build(plan, &sums(bins, columns, plan, Roots), |_, s| half_mean(s)),
        Estimator::CressieHawkins => build(plan, &sums(bins, columns, plan, Roots), |_, s| {
            0.5 * (s[1] / s[2]).powi(4) / (0.457 + 0.494 / s[2])
        }),
        Estimator::Correlogram => {
            let ends = sums(bins, columns, plan, Sums);
            let squares = sums(bins, columns, plan, BothSquares);
            build(plan, &sums(bins, columns, plan, Products), |c, s| {
                let mean = 0.5 * ends[c][1] / s[2];
                let variance = 0.5 * squares[c][1] / s[2] - mean * mean;
                1.0 - (s[1] / s[2] - mean * mean) / variance
            })
        }
        Estimator::Genton | Estimator::Dowd => by_order(bins, &columns[0], plan),
    }
}

fn sums<C: Contribution + Copy>(
    bins: &Bins,
    columns: &[Vec<f64>; 2],
    plan: &Plan,
    contribution: C,
) -> Vec<[f64; 3]> {
    let parts =
        in_parts(bins.len(), |range| run(PairSums { bins, columns, plan, range, contribution }));
    let mut total = vec![[0.0; 3]; plan.lags.len() * plan.directions.len()];
    for part in parts {
        for (t, p) in total.iter_mut().zip(part) {
            (0..3).for_each(|k| t[k] += p[k]);
        }
    }
    total
}

/// Columns from sums; `gamma` sees the class's number and sums.
fn build(
    plan: &Plan,
    sums: &[[f64; 3]],
    gamma: impl Fn(usize, &[f64; 3]) -> f64,
) -> Vec<Variogram> {
    let classes = plan.lags.len();
    let of_direction = |(d, direction): (usize, &super::Direction)| {
        let range = d * classes..(d + 1) * classes;
        let value = |c: usize| if sums[c][2] > 0.0 { gamma(c, &sums[c]) } else { f64::NAN };
        Variogram {
            direction: *direction,
            pairs: sums[range.clone()].iter().map(|s| s[2] as u64).collect(),
            distance: sums[range.clone()].iter().map(|s| s[0] / s[2]).collect(),
            gamma: range.map(value).collect(),
        }
    };
    plan.directions.iter().enumerate().map(of_direction).collect()
}

/// Estimators that need the differences themselves.
fn by_order(bins: &Bins, values: &[f64], plan: &Plan) -> Vec<Variogram> {
    let classes = plan.lags.len();
    let slots = classes * plan.directions.len();
    let parts = in_parts(bins.len(), |range| {
        let mut lists: Vec<(f64, Vec<f64>)> = vec![(0.0, Vec::new()); slots];
        for_each_pair(bins, plan, range, |direction, class, distance, i, j| {
            let list = &mut lists[direction * classes + class];
            list.0 += distance;
            list.1.push(values[j] - values[i]);
        });
        lists
    });
    let mut lists: Vec<(f64, Vec<f64>)> = vec![(0.0, Vec::new()); slots];
    for part in parts {
        for (all, list) in lists.iter_mut().zip(part) {
            all.0 += list.0;
            all.1.extend(list.1);
        }
    }
    let sums: Vec<[f64; 3]> = lists.iter().map(|l| [l.0, 0.0, l.1.len() as f64]).collect();
    build(plan, &sums, |c, _| match plan.estimator {
        Estimator::Dowd => 0.5 * 2.198 * median_absolute(&lists[c].1).powi(2),
        _ => 0.5 * (2.2191 * quartile_of_distances(&lists[c].1)).powi(2),
    })
}

fn median_absolute(differences: &[f64]) -> f64 {
    let mut sorted: Vec<f64> = differences.iter().map(|d| d.abs()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let n = sorted.len();
    0.5 * (sorted[(n - 1) / 2] + sorted[n / 2])
}

/// The k-th smallest |Δ_i − Δ_j|, i < j, with k = C(⌊N/2⌋ + 1, 2): Rousseeuw & Croux 1993.
///
/// Counts pairs below a threshold in one sweep over the sorted differences and halves the bracket
/// until it holds one number.
fn quartile_of_distances(differences: &[f64]) -> f64 {
    let mut sorted = differences.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let n = sorted.len();
    if n < 2 {
        return f64::NAN;
    }
    let h = (n / 2 + 1) as u64;
    let k = h * (h - 1) / 2;
    let count = |t: f64| {
        let mut j = 0;
        let mut total = 0u64;
        for i in 0..n {
            while sorted[i] - sorted[j] > t {
                j += 1;
            }
            total += (i - j) as u64;
        }
        total
    };
    let (mut low, mut high) = (0.0f64, sorted[n - 1] - sorted[0]);
    if count(0.0) >= k {
        return 0.0;
    }
    // Bits of positive numbers are ordered as the numbers: 64 halvings reach the exact one.
    while low.to_bits() + 1 < high.to_bits() {
        let middle = f64::from_bits(
            low.to_bits() / 2 + high.to_bits() / 2 + (low.to_bits() & high.to_bits() & 1),
        );
        if count(middle) >= k { high = middle } else { low = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quartile_of_distances_equals_sorting_all_of_them() {
        let values: Vec<f64> =
            (0..37).map(|i| libm::sin(f64::from(i) * 1.7) * f64::from(i % 5 + 1)).collect();
        let mut all: Vec<f64> = (0..37)
            .flat_map(|i| (0..i).map(move |j| (i, j)))
            .map(|(i, j)| (values[i] - values[j]).abs())
            .collect();
        all.sort_by(f64::total_cmp);
        let h = 37 / 2 + 1;
        assert_eq!(quartile_of_distances(&values), all[h * (h - 1) / 2 - 1]);
        assert_eq!(quartile_of_distances(&[2.0; 9]), 0.0);
    }
}
