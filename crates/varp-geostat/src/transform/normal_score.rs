use super::TransformError;
use crate::stats::distribution::{normal_probability, normal_quantile};
use crate::stats::{StatsError, finite, same_length, total_weight};

/// How values below the smallest datum are filled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LowerTail {
    /// p-linear down to `min`.
    Linear {
        /// Smallest value possible.
        min: f64,
    },
    /// Power of p down to `min`: z = min + (z₁ − min)·(p/p₁)^(1/exponent).
    Power {
        /// Smallest value possible.
        min: f64,
        /// Above 1: more low values than linear; below 1: fewer.
        exponent: f64,
    },
}

/// How values above the largest datum are filled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum UpperTail {
    /// p-linear up to `max`.
    Linear {
        /// Largest value possible.
        max: f64,
    },
    /// z = zₙ + (max − zₙ)·((p − pₙ)/(1 − pₙ))^(1/exponent).
    Power {
        /// Largest value possible.
        max: f64,
        /// Below 1: a short tail near the largest datum.
        exponent: f64,
    },
    /// z = zₙ·((1 − pₙ)/(1 − p))^(1/exponent), cut at `max`: long positive tails.
    Hyperbolic {
        /// Largest value possible.
        max: f64,
        /// 1.5 is long, 5 is short.
        exponent: f64,
    },
}

/// Both tails.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tails {
    /// Below the smallest datum.
    pub lower: LowerTail,
    /// Above the largest datum.
    pub upper: UpperTail,
}

/// Quantile transform between a variable and standard normal scores.
///
/// The score of a datum is Φ⁻¹ of the cumulative weight at the middle of its own weight; equal
/// values share one score. Between data both directions are linear in (score, value); beyond
/// them the tails of Deutsch & Journel (GSLIB, 2nd ed. 1998, section V.1.6) apply.
#[derive(Debug, Clone, PartialEq)]
pub struct NormalScore {
    values: Vec<f64>,
    scores: Vec<f64>,
    /// First table entry above the left edge of each of [`CELLS`] equal parts of −8..8.
    guide: Vec<u32>,
    tails: Tails,
    /// Probability below the first and the last score.
    ends: [f64; 2],
}

const CELLS: usize = 4096;
const REACH: f64 = 8.0;

impl NormalScore {
    /// Builds the table.
    ///
    /// - `weights`: declustering weights, any sum
    ///
    /// # Errors
    /// Fewer than two different values, numbers not finite, weights negative or all zero, tails
    /// that end inside the data or with exponents not above zero.
    pub fn fit(values: &[f64], weights: &[f64], tails: Tails) -> Result<Self, TransformError> {
        finite(values, 2)?;
        same_length(values.len(), weights.len(), "weights")?;
        let total = total_weight(weights)?;
        // lighter ones could not be told apart from their neighbours by their probability
        let mut order: Vec<usize> =
            (0..values.len()).filter(|&i| weights[i] > 1e-14 * total).collect();
        order.sort_by(|&a, &b| values[a].total_cmp(&values[b]).then(a.cmp(&b)));
        let (mut table, mut scores, mut before) = (Vec::new(), Vec::new(), 0.0);
        for group in order.chunk_by(|&a, &b| values[a] == values[b]) {
            let weight: f64 = group.iter().map(|&i| weights[i]).sum();
            table.push(values[group[0]]);
            scores.push(normal_quantile((before + 0.5 * weight) / total));
            before += weight;
        }
        let last = table.len() - 1;
        if last == 0 {
            return Err(StatsError::NoSpread { count: values.len(), value: table[0] }.into());
        }
        check_tails(&tails, table[0], table[last])?;
        let ends = [normal_probability(scores[0]), normal_probability(scores[last])];
        let edge = |cell: usize| -REACH + 2.0 * REACH * cell as f64 / CELLS as f64;
        let guide = (0..CELLS).map(|c| scores.partition_point(|s| *s <= edge(c)) as u32).collect();
        Ok(Self { values: table, scores, guide, tails, ends })
    }

    /// Score of a value; values in the tails follow the tail, values beyond its end get ±8.
    pub fn score(&self, value: f64) -> f64 {
        let above = self.values.partition_point(|v| *v < value);
        if above < self.values.len() && self.values[above] == value {
            return self.scores[above];
        }
        if above == 0 || above == self.values.len() {
            return normal_quantile(self.tail_probability(value)).clamp(-REACH, REACH);
        }
        let (a, b) = (above - 1, above);
        let t = (value - self.values[a]) / (self.values[b] - self.values[a]);
        self.scores[a] + t * (self.scores[b] - self.scores[a])
    }

    /// Value of a score.
    #[inline]
    pub fn value(&self, score: f64) -> f64 {
        let last = self.scores.len() - 1;
        if !(score >= self.scores[0] && score <= self.scores[last]) {
            return self.tail_value(score);
        }
        let cell = ((score + REACH) * (CELLS as f64 / (2.0 * REACH))).max(0.0) as usize;
        let mut above = self.guide[cell.min(CELLS - 1)] as usize;
        while above < last && self.scores[above] <= score {
            above += 1;
        }
        let (a, b) = (above - 1, above);
        let t = (score - self.scores[a]) / (self.scores[b] - self.scores[a]);
        self.values[a] + t * (self.values[b] - self.values[a])
    }

    /// Replaces scores by values in place.
    pub fn values_of(&self, scores: &mut [f64]) {
        scores.iter_mut().for_each(|s| *s = self.value(*s));
    }

    /// (value, score) pairs of the table, ascending.
    pub fn table(&self) -> impl Iterator<Item = (f64, f64)> {
        self.values.iter().copied().zip(self.scores.iter().copied())
    }

    #[cold]
    fn tail_value(&self, score: f64) -> f64 {
        let last = self.values.len() - 1;
        let [p1, pn] = self.ends;
        if score < self.scores[0] {
            let share = normal_probability(score) / p1;
            let (min, power) = match self.tails.lower {
                LowerTail::Linear { min } => (min, 1.0),
                LowerTail::Power { min, exponent } => (min, 1.0 / exponent),
            };
            return min + (self.values[0] - min) * libm::pow(share, power);
        }
        let above = normal_probability(-score);
        let share = 1.0 - above / (1.0 - pn);
        let top = self.values[last];
        match self.tails.upper {
            UpperTail::Linear { max } => top + (max - top) * share,
            UpperTail::Power { max, exponent } => {
                top + (max - top) * libm::pow(share.max(0.0), 1.0 / exponent)
            }
            UpperTail::Hyperbolic { max, exponent } => {
                (top * libm::pow((1.0 - pn) / above, 1.0 / exponent)).min(max)
            }
        }
    }

    fn tail_probability(&self, value: f64) -> f64 {
        let last = self.values.len() - 1;
        let [p1, pn] = self.ends;
        if value < self.values[0] {
            let (min, power) = match self.tails.lower {
                LowerTail::Linear { min } => (min, 1.0),
                LowerTail::Power { min, exponent } => (min, exponent),
            };
            return p1 * libm::pow(((value - min) / (self.values[0] - min)).max(0.0), power);
        }
        let top = self.values[last];
        let share = |max: f64| ((value - top) / (max - top)).min(1.0);
        match self.tails.upper {
            UpperTail::Linear { max } => pn + (1.0 - pn) * share(max),
            UpperTail::Power { max, exponent } => pn + (1.0 - pn) * libm::pow(share(max), exponent),
            UpperTail::Hyperbolic { exponent, .. } => {
                1.0 - (1.0 - pn) * libm::pow(top / value, exponent)
            }
        }
    }
}

fn check_tails(tails: &Tails, low: f64, high: f64) -> Result<(), TransformError> {
    let (min, lower_exponent) = match tails.lower {
        LowerTail::Linear { min } => (min, 1.0),
        LowerTail::Power { min, exponent } => (min, exponent),
    };
    let (max, upper_exponent) = match tails.upper {
        UpperTail::Linear { max } => (max, 1.0),
        UpperTail::Power { max, exponent } | UpperTail::Hyperbolic { max, exponent } => {
            (max, exponent)
        }
    };
    for value in [lower_exponent, upper_exponent] {
        if !(value.is_finite() && value > 0.0) {
            let rule = "finite and above zero";
            return Err(StatsError::OutOfRange { name: "tail exponent", value, rule }.into());
        }
    }
    if !(min.is_finite() && min <= low) {
        return Err(TransformError::TailInsideData { tail: "lower", end: min, reached: low });
    }
    if !(max.is_finite() && max >= high) {
        return Err(TransformError::TailInsideData { tail: "upper", end: max, reached: high });
    }
    if matches!(tails.upper, UpperTail::Hyperbolic { .. }) && high <= 0.0 {
        let rule = "above zero for a hyperbolic tail";
        return Err(StatsError::OutOfRange { name: "largest value", value: high, rule }.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINEAR: Tails =
        Tails { lower: LowerTail::Linear { min: 0.0 }, upper: UpperTail::Linear { max: 20.0 } };

    fn data() -> Vec<f64> {
        (0..57).map(|i| 1.0 + f64::from(i * 31 % 57) * 0.25).collect()
    }

    #[test]
    fn data_return_from_their_scores() {
        let fitted = NormalScore::fit(&data(), &[1.0; 57], LINEAR).unwrap();
        for value in data() {
            assert!((fitted.value(fitted.score(value)) - value).abs() < 1e-13);
        }
        let mean = data().iter().map(|v| fitted.score(*v)).sum::<f64>() / 57.0;
        assert!(mean.abs() < 1e-14);
    }

    #[test]
    fn tails_are_continuous_monotone_and_inverted() {
        let uppers = [
            UpperTail::Linear { max: 20.0 },
            UpperTail::Power { max: 20.0, exponent: 0.5 },
            UpperTail::Hyperbolic { max: 1e6, exponent: 1.5 },
        ];
        let lowers = [LowerTail::Linear { min: 0.0 }, LowerTail::Power { min: 0.0, exponent: 2.5 }];
        for upper in uppers {
            for lower in lowers {
                let tails = Tails { lower, upper };
                let fitted = NormalScore::fit(&data(), &[1.0; 57], tails).unwrap();
                let mut last = fitted.value(-5.0);
                for i in 1..1000 {
                    let score = -5.0 + 0.01 * f64::from(i);
                    let value = fitted.value(score);
                    assert!(
                        value > last && value - last < 0.2 * value.max(1.0),
                        "{tails:?} {score}"
                    );
                    assert!((fitted.score(value) - score).abs() < 1e-6, "{tails:?} {score}");
                    last = value;
                }
            }
        }
    }

    #[test]
    fn declustering_weights_move_the_median() {
        let fitted = NormalScore::fit(&[1.0, 2.0, 3.0], &[1.0, 1.0, 8.0], LINEAR).unwrap();
        assert!(fitted.value(0.0) > 2.5);
    }

    #[test]
    fn a_tail_that_ends_inside_the_data_is_refused() {
        let upper = UpperTail::Linear { max: 2.0 };
        let refused = NormalScore::fit(&data(), &[1.0; 57], Tails { upper, ..LINEAR });
        let error = TransformError::TailInsideData { tail: "upper", end: 2.0, reached: 15.0 };
        assert_eq!(refused, Err(error));
    }
}
