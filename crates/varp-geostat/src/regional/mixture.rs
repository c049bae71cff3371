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
    /// Normalises; components that count less than 1e-6 are dropped. `None` without any.
    pub fn of(components: Vec<Component>) -> Option<Self> {
        let most = components.iter().map(|c| c.log_weight).fold(f64::NEG_INFINITY, f64::max);
        if !most.is_finite() {
            return None;
        }
        let share = |c: &Component| libm::exp(c.log_weight - most);
        let total: f64 = components.iter().map(share).sum();
        let kept: Vec<Component> =
            components.into_iter().filter(|c| share(c) > 1e-6 * total).collect();
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
    pub fn quantiles(&self, probabilities: &[f64], least: f64) -> Vec<f64> {
        let reach = |z: f64| self.components.iter().map(move |c| c.law.reach(z));
        let low = reach(-7.0).fold(f64::INFINITY, f64::min).max(least);
        let high = reach(7.0).fold(f64::NEG_INFINITY, f64::max).max(low);
        let below = if least.is_finite() { self.probability(least) } else { 0.0 };
        let mut from = low;
        probabilities
            .iter()
            .map(|p| {
                let wanted = below + p * (1.0 - below);
                let (mut a, mut b) = (from, high);
                for _ in 0..60 {
                    let middle = 0.5 * (a + b);
                    if self.probability(middle) < wanted {
                        a = middle
                    } else {
                        b = middle
                    }
                    if b - a <= 1e-7 * b.abs() {
                        break;
                    }
                }
                from = a;
                0.5 * (a + b)
            })
            .collect()
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
