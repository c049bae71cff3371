use super::covariance::Continuity;
use crate::stats::distribution::{normal_probability, student_probability};

/// Where a variable is taken as Gaussian.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// As it is.
    Linear,
    /// Its natural logarithm.
    Log,
}

impl Scale {
    /// From values to the scale.
    pub fn forward(self, value: f64) -> f64 {
        match self {
            Self::Linear => value,
            Self::Log => libm::log(value),
        }
    }

    /// Back to values.
    pub fn back(self, score: f64) -> f64 {
        match self {
            Self::Linear => score,
            Self::Log => libm::exp(score),
        }
    }
}

/// Distribution of the region's mean within one component.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Law {
    /// Student's, moved and stretched.
    Student {
        /// Centre.
        location: f64,
        /// Scale.
        scale: f64,
        /// Degrees of freedom.
        freedom: f64,
    },
    /// Lognormal with this mean and variance.
    Lognormal {
        /// Mean.
        mean: f64,
        /// Variance.
        variance: f64,
    },
}

impl Law {
    /// Probability of at most `x`.
    fn probability(&self, x: f64) -> f64 {
        match *self {
            Self::Student { location, scale, freedom } => {
                if scale <= 0.0 {
                    return f64::from(u8::from(x >= location));
                }
                student_probability((x - location) / scale, freedom)
            }
            Self::Lognormal { mean, variance } => {
                let (mu, sigma) = lognormal_parameters(mean, variance);
                if x <= 0.0 || sigma <= 0.0 {
                    return f64::from(u8::from(x >= mean && x > 0.0));
                }
                normal_probability((libm::log(x) - mu) / sigma)
            }
        }
    }

    /// A value far out: so many deviations from the centre.
    fn reach(&self, z: f64) -> f64 {
        match *self {
            Self::Student { location, scale, freedom } => {
                location + z * scale * (1.0 + 8.0 / freedom.max(1.0))
            }
            Self::Lognormal { mean, variance } => {
                let (mu, sigma) = lognormal_parameters(mean, variance);
                libm::exp(mu + z * sigma)
            }
        }
    }

    fn mean(&self) -> f64 {
        match *self {
            Self::Student { location, .. } => location,
            Self::Lognormal { mean, .. } => mean,
        }
    }
}

fn lognormal_parameters(mean: f64, variance: f64) -> (f64, f64) {
    let square = libm::log1p(variance / (mean * mean));
    (libm::log(mean) - 0.5 * square, square.sqrt())
}

/// Points at which a mixture's distribution function is worked out.
const POINTS: usize = 400;
/// Half the number of steps of a table, and its step: from −12 to 12.
const STEPS: usize = 480;
const STEP: f64 = 0.025;

/// A distribution function at equal steps; beyond them it is 0 and 1.
struct Table(Vec<f64>);

impl Table {
    fn of(law: impl Fn(f64) -> f64) -> Self {
        Self((0..=STEPS * 2).map(|i| law((i as f64 - STEPS as f64) * STEP)).collect())
    }

    fn probability(&self, t: f64) -> f64 {
        let at = (t / STEP + STEPS as f64).clamp(0.0, (2 * STEPS) as f64 - 0.5);
        let below = at as usize;
        let (a, b) = (self.0[below], self.0[below + 1]);
        a + (at - below as f64) * (b - a)
    }
}

/// One candidate's share of the answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Component {
    /// Logarithm of its weight, not normalised.
    pub log_weight: f64,
    /// Distribution of the mean.
    pub law: Law,
    /// Continuity.
    pub continuity: Continuity,
    /// Scale on which it is Gaussian.
    pub scale: Scale,
    /// Mean of the field on the scale.
    pub mean: f64,
    /// Variance of the field on the scale.
    pub variance: f64,
    /// Variance of the error of `mean`, relative to `variance`.
    pub mean_error: f64,
}

/// Distribution of a region's mean: a mixture over what is not known of its continuity.
#[derive(Debug, Clone, PartialEq)]
pub struct Posterior {
    components: Vec<Component>,
    weights: Vec<f64>,
}

impl Posterior {
    /// Normalises; components that count less than 1e-5 are dropped. `None` without any.
    pub fn of(components: Vec<Component>) -> Option<Self> {
        let most = components.iter().map(|c| c.log_weight).fold(f64::NEG_INFINITY, f64::max);
        if !most.is_finite() {
            return None;
        }
        let share = |c: &Component| libm::exp(c.log_weight - most);
        let total: f64 = components.iter().map(share).sum();
        let kept: Vec<Component> =
            components.into_iter().filter(|c| share(c) > 1e-5 * total).collect();
        let total: f64 = kept.iter().map(share).sum();
        let weights = kept.iter().map(|c| share(c) / total).collect();
        Some(Self { components: kept, weights })
    }

    /// Several answers of equal weight, such as those of several imputations, as one.
    pub fn pooled(answers: Vec<Self>) -> Option<Self> {
        let parts = answers.len() as f64;
        if answers.is_empty() {
            return None;
        }
        let (mut components, mut weights) = (Vec::new(), Vec::new());
        for answer in answers {
            weights.extend(answer.weights.iter().map(|w| w / parts));
            components.extend(answer.components);
        }
        Some(Self { components, weights })
    }

    /// Components with their shares.
    pub fn components(&self) -> impl Iterator<Item = (&Component, f64)> {
        self.components.iter().zip(self.weights.iter().copied())
    }

    /// The component that counts most.
    pub fn best(&self) -> &Component {
        let most = (0..self.weights.len())
            .max_by(|a, b| self.weights[*a].total_cmp(&self.weights[*b]).then(b.cmp(a)));
        &self.components[most.expect("a mixture has components")]
    }

    /// Mean of the region's mean.
    pub fn mean(&self) -> f64 {
        self.components().map(|(c, w)| w * c.law.mean()).sum()
    }

    /// Probability that the region's mean is at most `x`; nothing lies below zero where `positive`.
    pub fn probability(&self, x: f64) -> f64 {
        self.components().map(|(c, w)| w * c.law.probability(x)).sum()
    }

    /// Quantiles at the probabilities, rising, cut off below at `least`.
    ///
    /// Read from the distribution function at 400 points: good to a hundredth of the width.
    pub fn quantiles(&self, probabilities: &[f64], least: f64) -> Vec<f64> {
        let reach = |z: f64| self.components.iter().map(move |c| c.law.reach(z));
        let high = reach(6.0).fold(f64::NEG_INFINITY, f64::max);
        let low = reach(-6.0).fold(f64::INFINITY, f64::min).max(least);
        if !(high > low) {
            return vec![low.max(least); probabilities.len()];
        }
        let geometric = low >= 0.0;
        let start = if geometric { low.max(1e-6 * high) } else { low };
        let place = |i: usize| {
            let share = i as f64 / (POINTS - 1) as f64;
            match geometric {
                true => start * libm::pow(high / start, share),
                false => start + share * (high - start),
            }
        };
        let at: Vec<f64> = (0..POINTS).map(place).collect();
        let below = self.distribution(&at);
        let cut = if least.is_finite() { self.probability(least) } else { 0.0 };
        probabilities
            .iter()
            .map(|p| {
                let wanted = cut + p * (1.0 - cut);
                let next = below.partition_point(|b| *b < wanted).clamp(1, POINTS - 1);
                let (a, b) = (below[next - 1], below[next]);
                let share = if b > a { ((wanted - a) / (b - a)).clamp(0.0, 1.0) } else { 0.0 };
                at[next - 1] + share * (at[next] - at[next - 1])
            })
            .collect()
    }

    /// Distribution function at rising places, from tables of the two laws.
    fn distribution(&self, at: &[f64]) -> Vec<f64> {
        let normal = Table::of(normal_probability);
        let freedom = self.components.iter().find_map(|c| match c.law {
            Law::Student { freedom, .. } => Some(freedom),
            Law::Lognormal { .. } => None,
        });
        let student = freedom.map(|f| (f, Table::of(|t| student_probability(t, f))));
        let logs: Vec<f64> = at.iter().map(|x| libm::log(x.max(1e-300))).collect();
        let mut below = vec![0.0; at.len()];
        for (component, weight) in self.components() {
            let mut add = |table: &Table, centre: f64, scale: f64, places: &[f64]| {
                for (sum, x) in below.iter_mut().zip(places) {
                    *sum += weight * table.probability((x - centre) / scale);
                }
            };
            match (component.law, &student) {
                (Law::Lognormal { mean, variance }, _) if variance > 0.0 => {
                    let (mu, sigma) = lognormal_parameters(mean, variance);
                    add(&normal, mu, sigma, &logs);
                }
                (Law::Student { location, scale, freedom }, Some((own, table)))
                    if *own == freedom && scale > 0.0 =>
                {
                    add(table, location, scale, at);
                }
                (law, _) => {
                    below.iter_mut().zip(at).for_each(|(s, x)| *s += weight * law.probability(*x));
                }
            }
        }
        below
    }

    /// Low, middle and high of something of the continuity, weighed: 10, 50, 90 per cent.
    pub fn parameter(&self, of: impl Fn(&Component) -> f64) -> [f64; 3] {
        let mut order: Vec<(f64, f64)> = self.components().map(|(c, w)| (of(c), w)).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        [0.1, 0.5, 0.9].map(|p| {
            let mut sum = 0.0;
            let reached = order.iter().find(|(_, w)| {
                sum += w;
                sum >= p
            });
            reached.or(order.last()).map_or(f64::NAN, |r| r.0)
        })
    }

    /// A component for a number from 0 to 1, by its share.
    pub fn component_at(&self, u: f64) -> &Component {
        let mut sum = 0.0;
        let found = self.weights.iter().position(|w| {
            sum += w;
            sum >= u
        });
        &self.components[found.unwrap_or(self.components.len() - 1)]
    }

    /// Probability of a scale.
    pub fn share_of(&self, scale: Scale) -> f64 {
        self.components().filter(|(c, _)| c.scale == scale).map(|(_, w)| w).sum()
    }
}
