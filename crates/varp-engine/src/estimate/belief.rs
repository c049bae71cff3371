//! What is believed of an uncertain number: a distribution with a reason.

use serde::{Deserialize, Serialize};

use crate::chance::Z80;
use crate::chance::distribution::{normal_probability, normal_quantile};

/// A distribution of one number, in the unit of its use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Belief {
    /// Known, as far as it matters here.
    Exact(f64),
    /// Anything between the ends is as likely.
    Uniform {
        /// Least value.
        from: f64,
        /// Greatest value.
        to: f64,
    },
    /// A most likely value between hard ends.
    Triangular {
        /// Least value.
        from: f64,
        /// Most likely value.
        mode: f64,
        /// Greatest value.
        to: f64,
    },
    /// Normal, cut off at `at_least`.
    Normal {
        /// Mean before the cut.
        mean: f64,
        /// Standard deviation before the cut.
        sd: f64,
        /// Least possible value.
        at_least: f64,
    },
    /// Lognormal.
    Lognormal {
        /// Median.
        median: f64,
        /// Standard deviation of the natural logarithm.
        sigma: f64,
    },
    /// Quantiles at equal steps of probability from 0 to 1, rising; straight lines between them.
    Table(Vec<f64>),
}

/// Why a distribution cannot be built.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum BeliefError {
    /// The numbers are not in order, not finite or of the wrong sign.
    #[error("{what} cannot be made of low {low}, best {best}, high {high}")]
    Disordered {
        /// The distribution wanted.
        what: &'static str,
        /// Low end.
        low: f64,
        /// Best value.
        best: f64,
        /// High end.
        high: f64,
    },
    /// The numbers make no distribution.
    #[error("{rule}; {}", told(numbers))]
    Unsound {
        /// What it needs.
        rule: &'static str,
        /// The numbers by their names; those without a name do not count.
        numbers: [(&'static str, f64); 3],
    },
}

/// How a claimed range becomes a distribution: chosen in the plan, told in the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RangeRule {
    /// The range is hard: nothing lies outside.
    Hard,
    /// The range holds 80 %, lognormal around the best value or the geometric middle.
    Lognormal80,
}

impl Belief {
    /// The distribution of a claimed range by a rule. Without a best value its middle is taken.
    ///
    /// # Errors
    /// If the numbers are out of order, not finite, or not positive for a lognormal.
    pub fn of_range(
        low: f64,
        best: Option<f64>,
        high: f64,
        rule: RangeRule,
    ) -> Result<Self, BeliefError> {
        let shown = best.unwrap_or(f64::NAN);
        let fail = |what| Err(BeliefError::Disordered { what, low, best: shown, high });
        let ordered = low <= high && best.is_none_or(|b| low <= b && b <= high);
        if !(ordered && low.is_finite() && high.is_finite()) {
            return fail("a range");
        }
        if low == high {
            return Ok(Self::Exact(low));
        }
        match rule {
            RangeRule::Hard => Ok(match best {
                Some(mode) => Self::Triangular { from: low, mode, to: high },
                None => Self::Uniform { from: low, to: high },
            }),
            RangeRule::Lognormal80 if low > 0.0 => {
                let sigma = (high / low).ln() / (2.0 * Z80);
                Ok(Self::Lognormal { median: best.unwrap_or((low * high).sqrt()), sigma })
            }
            RangeRule::Lognormal80 => fail("a lognormal"),
        }
    }

    /// The value below which a share `p` of the probability lies, 0 < p < 1.
    pub fn quantile(&self, p: f64) -> f64 {
        match *self {
            Self::Exact(value) => value,
            Self::Table(ref quantiles) => interpolate(quantiles, p),
            Self::Uniform { from, to } => from + p * (to - from),
            Self::Triangular { from, mode, to } => {
                let split = (mode - from) / (to - from);
                if p < split {
                    from + (p * (to - from) * (mode - from)).sqrt()
                } else {
                    to - ((1.0 - p) * (to - from) * (to - mode)).sqrt()
                }
            }
            Self::Normal { mean, sd, at_least } => {
                let cut = normal_probability((at_least - mean) / sd);
                let value = mean + sd * normal_quantile(cut + p * (1.0 - cut));
                value.max(at_least)
            }
            Self::Lognormal { median, sigma } => median * (sigma * normal_quantile(p)).exp(),
        }
    }

    /// Whether nothing is uncertain.
    pub fn is_exact(&self) -> bool {
        matches!(self, Self::Exact(_))
    }

    /// The distribution in words with its numbers.
    pub fn words(&self) -> String {
        match self {
            // what is computed, not stated, has no more digits than a reader can use
            Self::Exact(value) => {
                format!("{value:.8e}").parse::<f64>().unwrap_or(*value).to_string()
            }
            Self::Uniform { from, to } => {
                format!("anything from {} to {}", short(*from), short(*to))
            }
            Self::Triangular { from, mode, to } => {
                format!("{} to {}, most likely {}", short(*from), short(*to), short(*mode))
            }
            Self::Normal { mean, sd, .. } => {
                format!("{} ± {} (one standard deviation)", short(*mean), short(*sd))
            }
            Self::Lognormal { median, sigma } => {
                let median = short(*median);
                format!("{median} times or divided by {:.3} (one deviation)", sigma.exp())
            }
            Self::Table(_) => {
                let [low, best, high] = [0.1, 0.5, 0.9].map(|p| short(self.quantile(p)));
                format!("{best} ({low} to {high} at 80 %)")
            }
        }
    }

    /// Checks that the numbers make a distribution.
    ///
    /// # Errors
    /// If they do not.
    pub fn check(&self) -> Result<(), BeliefError> {
        let finite = |values: &[f64]| values.iter().all(|v| v.is_finite());
        let none = ("", f64::NAN);
        let (rule, sound, numbers) = match *self {
            Self::Exact(v) => {
                ("an exact value needs a finite number", finite(&[v]), [("it", v), none, none])
            }
            Self::Table(ref q) => {
                let rising = q.windows(2).all(|w| w[0] <= w[1]);
                let [first, last] = [q.first(), q.last()].map(|v| v.copied().unwrap_or(f64::NAN));
                let sound = q.len() > 1 && rising && finite(q);
                ("a table needs rising numbers", sound, [("first", first), ("last", last), none])
            }
            Self::Uniform { from, to } => (
                "a uniform needs from below to",
                from < to && finite(&[from, to]),
                [("from", from), ("to", to), none],
            ),
            Self::Triangular { from, mode, to } => (
                "a triangle needs from below to and mode between them",
                from <= mode && mode <= to && from < to && finite(&[from, to]),
                [("from", from), ("mode", mode), ("to", to)],
            ),
            Self::Normal { mean, sd, at_least } => (
                "a normal needs a finite mean, a positive sd and at_least not far above the mean",
                finite(&[mean, sd]) && sd > 0.0 && at_least < mean + 6.0 * sd,
                [("mean", mean), ("sd", sd), ("at_least", at_least)],
            ),
            Self::Lognormal { median, sigma } => (
                "a lognormal needs a positive median and a positive sigma, of a natural logarithm: 0.2 for about 20 %",
                finite(&[median]) && median > 0.0 && sigma > 0.0 && sigma <= MOST_SIGMA,
                [("median", median), ("sigma", sigma), none],
            ),
        };
        if sound { Ok(()) } else { Err(BeliefError::Unsound { rule, numbers }) }
    }
}

/// A lognormal wider than this has no use: its ends lie 10⁸ times apart.
const MOST_SIGMA: f64 = 10.0;

/// The numbers that have a name.
fn told(numbers: &[(&str, f64); 3]) -> String {
    let named = numbers.iter().filter(|(name, _)| !name.is_empty());
    named.map(|(name, v)| format!("{name} is {v}")).collect::<Vec<_>>().join(", ")
}

/// Four significant digits.
pub(super) fn short(value: f64) -> String {
    let text = format!("{value:.3e}");
    text.parse::<f64>().map_or(text, |v| v.to_string())
}

/// Linear interpolation in values at equal steps of probability.
fn interpolate(quantiles: &[f64], p: f64) -> f64 {
    let at = p.clamp(0.0, 1.0) * (quantiles.len() - 1) as f64;
    let below = (at.floor() as usize).min(quantiles.len() - 2);
    quantiles[below] + (at - below as f64) * (quantiles[below + 1] - quantiles[below])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_80_per_cent_range_comes_back_as_its_deciles() {
        let belief = Belief::of_range(0.72, None, 0.92, RangeRule::Lognormal80).unwrap();
        assert!((belief.quantile(0.1) - 0.72).abs() < 1e-9);
        assert!((belief.quantile(0.9) - 0.92).abs() < 1e-9);
    }

    #[test]
    fn a_triangle_has_its_quantiles() {
        let belief = Belief::Triangular { from: 0.0, mode: 1.0, to: 2.0 };
        assert!((belief.quantile(0.5) - 1.0).abs() < 1e-12);
        assert!((belief.quantile(0.125) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn a_cut_normal_never_goes_below_the_cut() {
        let belief = Belief::Normal { mean: 0.1, sd: 0.2, at_least: 0.0 };
        assert!(belief.quantile(1e-9) >= 0.0);
        assert!(belief.quantile(0.5) > 0.1);
    }

    #[test]
    fn numbers_out_of_order_are_refused() {
        assert!(Belief::of_range(2.0, None, 1.0, RangeRule::Hard).is_err());
        assert!(Belief::of_range(1.0, Some(3.0), 2.0, RangeRule::Hard).is_err());
        assert!(Belief::of_range(0.0, None, 1.0, RangeRule::Lognormal80).is_err());
        assert!(Belief::Lognormal { median: 1.0, sigma: f64::NAN }.check().is_err());
        let said = Belief::Uniform { from: 2.0, to: 1.0 }.check().unwrap_err().to_string();
        assert_eq!(said, "a uniform needs from below to; from is 2, to is 1");
    }
}
