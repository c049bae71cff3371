use super::{Observation, StatsError, check_detected, check_positive};
use crate::stats::distribution::{normal_hazard, normal_log_probability};

/// The distribution a likelihood is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Normal values.
    Normal,
    /// Values whose natural logarithm is normal.
    Lognormal,
}

/// Maximum-likelihood fit to exact and left-censored values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LikelihoodFit {
    /// The distribution fitted.
    pub family: Family,
    /// μ: mean of the values, or of their logarithms.
    pub location: f64,
    /// σ: standard deviation of the values, or of their logarithms.
    pub scale: f64,
    /// Largest log-likelihood, of the values or of their logarithms.
    pub log_likelihood: f64,
}

const STEPS: usize = 100;

impl LikelihoodFit {
    /// Maximises Σ_exact ln[φ((x − μ)/σ)/σ] + Σ_below ln Φ((limit − μ)/σ), x or ln x.
    ///
    /// Newton's method in (1/σ, μ/σ), in which the log-likelihood is concave (Burridge 1981).
    ///
    /// # Errors
    /// Numbers not finite (or not above zero for the lognormal), more than 80 % censored, fewer
    /// than three detected, detected values all equal, no convergence.
    pub fn fit(data: &[Observation], family: Family) -> Result<Self, StatsError> {
        check_detected(data)?;
        if family == Family::Lognormal {
            check_positive(data)?;
        }
        let number = |o: &Observation| match family {
            Family::Normal => o.number(),
            Family::Lognormal => libm::log(o.number()),
        };
        let numbers: Vec<(f64, bool)> = data.iter().map(|o| (number(o), o.is_below())).collect();
        let exact: Vec<f64> = numbers.iter().filter(|n| !n.1).map(|n| n.0).collect();
        let count = exact.len() as f64;
        let centre = exact.iter().sum::<f64>() / count;
        let spread = (exact.iter().map(|x| (x - centre).powi(2)).sum::<f64>() / count).sqrt();
        if spread <= f64::EPSILON * centre.abs() {
            return Err(StatsError::NoSpread { count: exact.len(), value: centre });
        }
        // values in units of the detected ones' own spread
        let scaled: Vec<(f64, bool)> =
            numbers.iter().map(|(x, below)| ((x - centre) / spread, *below)).collect();
        let ([precision, shift], likelihood) = maximise(&scaled)?;
        Ok(Self {
            family,
            location: centre + spread * shift / precision,
            scale: spread / precision,
            log_likelihood: likelihood - count * libm::log(spread),
        })
    }

    /// Mean of the values: μ, or exp(μ + σ²/2).
    pub fn mean(&self) -> f64 {
        match self.family {
            Family::Normal => self.location,
            Family::Lognormal => libm::exp(self.location + 0.5 * self.scale * self.scale),
        }
    }

    /// Median of the values: μ, or exp μ.
    pub fn median(&self) -> f64 {
        match self.family {
            Family::Normal => self.location,
            Family::Lognormal => libm::exp(self.location),
        }
    }

    /// Standard deviation of the values: σ, or mean · √(exp σ² − 1).
    pub fn standard_deviation(&self) -> f64 {
        match self.family {
            Family::Normal => self.scale,
            Family::Lognormal => self.mean() * libm::expm1(self.scale * self.scale).sqrt(),
        }
    }
}

/// Damped Newton ascent from (1, 0).
fn maximise(data: &[(f64, bool)]) -> Result<([f64; 2], f64), StatsError> {
    let mut at = [1.0, 0.0];
    let mut value = log_likelihood(data, at);
    let mut change = f64::INFINITY;
    for _ in 0..STEPS {
        let (gradient, hessian) = derivatives(data, at);
        let determinant = hessian[0] * hessian[2] - hessian[1] * hessian[1];
        let step = [
            -(hessian[2] * gradient[0] - hessian[1] * gradient[1]) / determinant,
            -(hessian[0] * gradient[1] - hessian[1] * gradient[0]) / determinant,
        ];
        let mut factor = 1.0;
        loop {
            let next = [at[0] + factor * step[0], at[1] + factor * step[1]];
            let reached = if next[0] > 0.0 { log_likelihood(data, next) } else { f64::NAN };
            if reached >= value || factor < 1e-10 {
                change = step[0].abs().max(step[1].abs());
                if reached >= value {
                    (at, value) = (next, reached);
                }
                break;
            }
            factor *= 0.5;
        }
        if change < 1e-13 * (1.0 + at[0].abs() + at[1].abs()) || factor < 1e-10 {
            break;
        }
    }
    if change < 1e-6 {
        return Ok((at, value));
    }
    Err(StatsError::NotConverged { what: "the censored likelihood", iterations: STEPS, change })
}

fn log_likelihood(data: &[(f64, bool)], [precision, shift]: [f64; 2]) -> f64 {
    let constant = libm::log(precision) - 0.918_938_533_204_672_7;
    data.iter()
        .map(|(x, below)| {
            let z = precision * x - shift;
            if *below { normal_log_probability(z) } else { constant - 0.5 * z * z }
        })
        .sum()
}

/// Gradient and Hessian (aa, ab, bb) in a = 1/σ, b = μ/σ, where z = a·x − b.
fn derivatives(data: &[(f64, bool)], [precision, shift]: [f64; 2]) -> ([f64; 2], [f64; 3]) {
    let (mut gradient, mut hessian) = ([0.0; 2], [0.0; 3]);
    for (x, below) in data {
        let z = precision * x - shift;
        let (slope, curvature) = if *below {
            let hazard = normal_hazard(z);
            (hazard, -hazard * (z + hazard))
        } else {
            gradient[0] += 1.0 / precision;
            hessian[0] -= 1.0 / (precision * precision);
            (-z, -1.0)
        };
        gradient[0] += slope * x;
        gradient[1] -= slope;
        hessian[0] += curvature * x * x;
        hessian[1] -= curvature * x;
        hessian[2] += curvature;
    }
    (gradient, hessian)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Observation::{Below, Exact};

    #[test]
    fn without_censoring_the_normal_fit_is_mean_and_population_deviation() {
        let fit = LikelihoodFit::fit(&[1.0, 2.0, 3.0, 6.0].map(Exact), Family::Normal).unwrap();
        assert!((fit.mean() - 3.0).abs() < 1e-12);
        assert!((fit.standard_deviation() - 3.5_f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn a_change_of_unit_scales_the_lognormal_fit() {
        let data = [Exact(5.0), Exact(4.0), Exact(9.0), Below(3.0), Below(2.0)];
        let thousandfold = data.map(|o| match o {
            Exact(x) => Exact(1e3 * x),
            Below(x) => Below(1e3 * x),
        });
        let small = LikelihoodFit::fit(&data, Family::Lognormal).unwrap();
        let large = LikelihoodFit::fit(&thousandfold, Family::Lognormal).unwrap();
        assert!((large.mean() / small.mean() - 1e3).abs() < 1e-8);
        assert!((large.scale - small.scale).abs() < 1e-11);
    }

    #[test]
    fn equal_detected_values_are_refused() {
        let data = [Exact(5.0), Exact(5.0), Exact(5.0), Below(3.0)];
        assert!(matches!(
            LikelihoodFit::fit(&data, Family::Normal),
            Err(StatsError::NoSpread { count: 3, .. })
        ));
    }
}
