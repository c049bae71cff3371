//! PROMETHEE I and II (Brans & Vincke 1985): outranking flows. A foil.
//!
//! φ⁺_i = 1/(m−1) Σ_b Σ_j w_j P_j(x_i − x_b), φ⁻ the same with the difference turned,
//! φ = φ⁺ − φ⁻. For all shapes but the Gaussian the sums are exact in O(m log m) by sorting and
//! prefix sums (idea: Calders & Van Assche 2016, arXiv 1603.00091).

use super::value::Direction;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Preference as a function of a difference d (in the unit of the criterion, more is better).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "shape", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Preference {
    /// 1 for d > 0.
    Usual,
    /// 1 for d > q.
    UShape {
        /// Indifference.
        q: f64,
    },
    /// d/p up to 1; p > 0.
    VShape {
        /// Full preference.
        p: f64,
    },
    /// ½ for q < d ≤ p, 1 above.
    Level {
        /// Indifference.
        q: f64,
        /// Full preference.
        p: f64,
    },
    /// (d − q)/(p − q) within 0..=1; p > q.
    Linear {
        /// Indifference.
        q: f64,
        /// Full preference.
        p: f64,
    },
    /// 1 − exp(−d²/2s²) for d > 0; s > 0. Costs m² per criterion.
    Gaussian {
        /// Turning point.
        s: f64,
    },
}

impl Preference {
    /// Preference for a difference `d`.
    pub fn of(self, d: f64) -> f64 {
        let above = |limit: f64| f64::from(u8::from(d > limit));
        match self {
            Self::Usual => above(0.0),
            Self::UShape { q } => above(q),
            Self::VShape { p } => (d / p).clamp(0.0, 1.0),
            Self::Level { q, p } => 0.5 * (above(q) + above(p)),
            Self::Linear { q, p } => ((d - q) / (p - q)).clamp(0.0, 1.0),
            Self::Gaussian { s } if d > 0.0 => 1.0 - libm::exp(-d * d / (2.0 * s * s)),
            Self::Gaussian { .. } => 0.0,
        }
    }
}

/// Outranking flows of all sites.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Flows {
    /// φ⁺: how much a site outranks the others.
    pub positive: Vec<f64>,
    /// φ⁻: how much the others outrank it.
    pub negative: Vec<f64>,
}

/// Relation of two sites in the partial order of PROMETHEE I.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// The first is preferred.
    Preferred,
    /// The second is preferred.
    Outranked,
    /// Both flows are equal.
    Indifferent,
    /// The flows contradict each other.
    Incomparable,
}

impl Flows {
    /// φ = φ⁺ − φ⁻, the order of PROMETHEE II.
    pub fn net(&self) -> Vec<f64> {
        self.positive.iter().zip(&self.negative).map(|(p, n)| p - n).collect()
    }

    /// Relation of sites `a` and `b` in PROMETHEE I.
    pub fn relation(&self, a: usize, b: usize) -> Relation {
        let plus = self.positive[a].total_cmp(&self.positive[b]);
        let minus = self.negative[b].total_cmp(&self.negative[a]);
        match (plus as i8, minus as i8) {
            (0, 0) => Relation::Indifferent,
            (p, m) if p >= 0 && m >= 0 => Relation::Preferred,
            (p, m) if p <= 0 && m <= 0 => Relation::Outranked,
            _ => Relation::Incomparable,
        }
    }
}

/// Flows of `columns[j][i]` (criterion j of site i, finite).
pub fn flows(
    columns: &[Vec<f64>],
    weights: &[f64],
    directions: &[Direction],
    preferences: &[Preference],
) -> Flows {
    let sites = columns.first().map_or(0, Vec::len);
    let parts: Vec<(Vec<f64>, Vec<f64>)> = columns
        .par_iter()
        .zip(directions)
        .zip(preferences)
        .map(|((column, direction), preference)| column_flows(column, *direction, *preference))
        .collect();
    let (mut positive, mut negative) = (vec![0.0; sites], vec![0.0; sites]);
    let others = (sites as f64 - 1.0).max(1.0);
    for ((plus, minus), weight) in parts.iter().zip(weights) {
        for i in 0..sites {
            positive[i] += weight * plus[i] / others;
            negative[i] += weight * minus[i] / others;
        }
    }
    Flows { positive, negative }
}

/// Sums of P(x_i − x_b) and P(x_b − x_i) over all b.
fn column_flows(column: &[f64], direction: Direction, shape: Preference) -> (Vec<f64>, Vec<f64>) {
    if let Preference::Gaussian { .. } = shape {
        return pairwise(column, direction, shape);
    }
    let mut order: Vec<(f64, u32)> = column
        .iter()
        .enumerate()
        .map(|(i, x)| (if direction == Direction::Gain { *x } else { -*x }, i as u32))
        .collect();
    order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let sorted = Sorted::of(order);
    match shape {
        Preference::Usual => sorted.steps(&[(1.0, 0.0)]),
        Preference::UShape { q } => sorted.steps(&[(1.0, q)]),
        Preference::Level { q, p } => sorted.steps(&[(0.5, q), (0.5, p)]),
        Preference::VShape { p } => sorted.ramp(0.0, p),
        Preference::Linear { q, p } => sorted.ramp(q, p),
        Preference::Gaussian { .. } => pairwise(column, direction, shape),
    }
}

/// A column in ascending order with sums of its centred values.
struct Sorted {
    order: Vec<(f64, u32)>,
    centred: Vec<f64>,
    sums: Vec<f64>,
}

impl Sorted {
    fn of(order: Vec<(f64, u32)>) -> Self {
        let mean = order.iter().map(|o| o.0).sum::<f64>() / order.len() as f64;
        let centred: Vec<f64> = order.iter().map(|o| o.0 - mean).collect();
        let mut sums = Vec::with_capacity(order.len() + 1);
        let mut sum = 0.0;
        sums.push(sum);
        for x in &centred {
            sum += x;
            sums.push(sum);
        }
        Self { order, centred, sums }
    }

    /// Weighted counts of differences above each limit.
    fn steps(&self, steps: &[(f64, f64)]) -> (Vec<f64>, Vec<f64>) {
        let n = self.order.len();
        let (mut plus, mut minus) = (vec![0.0; n], vec![0.0; n]);
        for &(height, limit) in steps {
            let (mut below, mut not_above) = (0, 0);
            for &(x, site) in &self.order {
                while below < n && x - self.order[below].0 > limit {
                    below += 1;
                }
                while not_above < n && self.order[not_above].0 - x <= limit {
                    not_above += 1;
                }
                plus[site as usize] += height * below as f64;
                minus[site as usize] += height * (n - not_above) as f64;
            }
        }
        (plus, minus)
    }

    /// Sums of the linear shape between `q` and `p` by four moving places.
    fn ramp(&self, q: f64, p: f64) -> (Vec<f64>, Vec<f64>) {
        let n = self.order.len();
        let (mut plus, mut minus) = (vec![0.0; n], vec![0.0; n]);
        let (mut full, mut some, mut none, mut part) = (0, 0, 0, 0);
        for (k, &(x, site)) in self.order.iter().enumerate() {
            while full < n && x - self.order[full].0 >= p {
                full += 1;
            }
            while some < n && x - self.order[some].0 > q {
                some += 1;
            }
            while none < n && self.order[none].0 - x <= q {
                none += 1;
            }
            while part < n && self.order[part].0 - x < p {
                part += 1;
            }
            let c = self.centred[k];
            let lower = (c - q) * (some - full) as f64 - (self.sums[some] - self.sums[full]);
            let upper = (self.sums[part] - self.sums[none]) - (c + q) * (part - none) as f64;
            plus[site as usize] = full as f64 + lower / (p - q);
            minus[site as usize] = (n - part) as f64 + upper / (p - q);
        }
        (plus, minus)
    }
}

fn pairwise(column: &[f64], direction: Direction, shape: Preference) -> (Vec<f64>, Vec<f64>) {
    let sign = if direction == Direction::Gain { 1.0 } else { -1.0 };
    let sum =
        |x: f64, turned: f64| column.iter().map(|b| shape.of(turned * sign * (x - b))).sum::<f64>();
    column.par_iter().map(|x| (sum(*x, 1.0), sum(*x, -1.0))).unzip()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sorted_sums_equal_pairwise_sums(
            column in prop::collection::vec((-40_i32..40).prop_map(|k| f64::from(k) * 0.25), 2..40),
            q in (0_i32..8).prop_map(|k| f64::from(k) * 0.25),
            more in (1_i32..20).prop_map(|k| f64::from(k) * 0.25),
        ) {
            let p = q + more;
            for shape in [
                Preference::Usual,
                Preference::UShape { q },
                Preference::VShape { p },
                Preference::Level { q, p },
                Preference::Linear { q, p },
            ] {
                for direction in [Direction::Gain, Direction::Cost] {
                    let fast = column_flows(&column, direction, shape);
                    let slow = pairwise(&column, direction, shape);
                    for i in 0..column.len() {
                        prop_assert!((fast.0[i] - slow.0[i]).abs() < 1e-9);
                        prop_assert!((fast.1[i] - slow.1[i]).abs() < 1e-9);
                    }
                }
            }
        }
    }
}
