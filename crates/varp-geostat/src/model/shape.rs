//! The shapes a structure can have, as correlation against the reduced distance `t = h / range`.

use crate::error::ModelError;

/// Shape of one structure.
///
/// `t` is the lag divided by the structure's range; the correlation is 1 at 0. Formulas after
/// Chilès & Delfiner, *Geostatistics: Modeling Spatial Uncertainty*, 2nd ed. 2012, §2.5.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// `1 − 1.5 t + 0.5 t³` below `t = 1`, then 0; the range is where the sill is reached.
    Spherical,
    /// `1 − 7t² + 35/4 t³ − 7/2 t⁵ + 3/4 t⁷` below 1, then 0; the range is where the sill is reached.
    Cubic,
    /// `1 − 15/8 t + 5/4 t³ − 3/8 t⁵` below 1, then 0; the range is where the sill is reached.
    Pentaspherical,
    /// `exp(−t)`; 95 % of the sill at `t = 3` (practical range, taken as exactly 3a).
    Exponential,
    /// `exp(−t²)`; practical range √3 a.
    Gaussian,
    /// `2^(1−ν)/Γ(ν) t^ν K_ν(t)`, smoothness `nu` within 0.1 to 20.
    Matern {
        /// Smoothness.
        nu: f64,
    },
    /// `sin(t)/t`, the hole effect that is valid in three dimensions; wavelength 2πa.
    HoleEffect,
    /// Semivariance `h^exponent`, exponent above 0 and below 2: no sill, no stationary covariance.
    Power {
        /// Power of the lag.
        exponent: f64,
    },
}

/// Smallest and largest smoothness of a Matérn shape.
pub const MATERN_SMOOTHNESS: (f64, f64) = (0.1, 20.0);

impl Shape {
    /// Correlation at reduced distance `t` ≥ 0; for [`Shape::Power`] the negative semivariance.
    pub fn correlation(&self, t: f64) -> f64 {
        match *self {
            Self::Spherical if t < 1.0 => 1.0 - t * (1.5 - 0.5 * t * t),
            Self::Cubic if t < 1.0 => {
                let t2 = t * t;
                1.0 + t2 * (-7.0 + t * (8.75 + t2 * (-3.5 + 0.75 * t2)))
            }
            Self::Pentaspherical if t < 1.0 => {
                let t2 = t * t;
                1.0 + t * (-1.875 + t2 * (1.25 - 0.375 * t2))
            }
            Self::Spherical | Self::Cubic | Self::Pentaspherical => 0.0,
            Self::Exponential => libm::exp(-t),
            Self::Gaussian => libm::exp(-t * t),
            Self::Matern { nu } => matern(nu, t),
            Self::HoleEffect if t < 1e-4 => 1.0 - t * t / 6.0,
            Self::HoleEffect => libm::sin(t) / t,
            Self::Power { exponent } => -libm::pow(t, exponent),
        }
    }

    /// Practical range divided by the range: where 95 % of the sill is reached.
    ///
    /// 1 for the shapes that reach their sill; `None` for the power and the hole effect.
    pub fn practical_factor(&self) -> Option<f64> {
        match *self {
            Self::Spherical | Self::Cubic | Self::Pentaspherical => Some(1.0),
            Self::Exponential => Some(3.0),
            Self::Gaussian => Some(3f64.sqrt()),
            Self::Matern { nu } => Some(matern_practical(nu)),
            Self::HoleEffect | Self::Power { .. } => None,
        }
    }

    /// Whether the shape has a sill and so a covariance of its own.
    pub fn is_stationary(&self) -> bool {
        !matches!(self, Self::Power { .. })
    }

    pub(crate) fn check(&self) -> Result<(), ModelError> {
        let within = |parameter, value: f64, low, high, open: bool| {
            let inside =
                if open { value > low && value < high } else { (low..=high).contains(&value) };
            if inside { Ok(()) } else { Err(ModelError::Parameter { parameter, value, low, high }) }
        };
        match *self {
            Self::Matern { nu } => {
                within("Matérn smoothness", nu, MATERN_SMOOTHNESS.0, MATERN_SMOOTHNESS.1, false)
            }
            Self::Power { exponent } => within("power exponent", exponent, 0.0, 2.0, true),
            _ => Ok(()),
        }
    }
}

fn matern(nu: f64, t: f64) -> f64 {
    if nu == 0.5 {
        return libm::exp(-t);
    }
    if nu == 1.5 {
        return (1.0 + t) * libm::exp(-t);
    }
    if nu == 2.5 {
        return (1.0 + t + t * t / 3.0) * libm::exp(-t);
    }
    if t == 0.0 {
        return 1.0;
    }
    matern_mixture(nu).iter().map(|&(weight, rate)| weight * libm::exp(-rate * t * t)).sum()
}

/// The Matérn correlation as a sum of Gaussians: `Σ weight · exp(−rate · t²)`, weights sum to 1.
///
/// From `K_ν(t) = ½∫exp(−t cosh s − νs) ds` with `s = ln t − u`:
/// `t^ν K_ν(t) = ½ ∫ exp(νu − e^u/2 − t² e^(−u)/2) du`, by the trapezoidal rule, whose error falls
/// as `exp(−π²/step)` because the integrand is analytic in the strip |Im u| < π/2. Every term is a
/// valid covariance in any dimension, so the sum is. Ordered by falling share at large distance:
/// small rates first.
pub(crate) fn matern_mixture(nu: f64) -> Vec<(f64, f64)> {
    let step = 0.25;
    let log_weight = |u: f64| nu * u - 0.5 * libm::exp(u);
    let peak = log_weight(libm::log(2.0 * nu));
    let mut terms = Vec::new();
    let mut u = 16.0 * step * libm::ceil(libm::log(2.0 * nu + 100.0) / (16.0 * step));
    while u > libm::log(2.0 * nu) || log_weight(u) - peak > -42.0 {
        let weight = libm::exp(log_weight(u) - peak);
        if weight > 1e-19 {
            terms.push((weight, 0.5 * libm::exp(-u)));
        }
        u -= step;
    }
    let total: f64 = terms.iter().map(|t| t.0).sum();
    terms.iter_mut().for_each(|t| t.0 /= total);
    terms
}

fn matern_practical(nu: f64) -> f64 {
    let (mut low, mut high) = (0.0, 200.0);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if matern(nu, middle) > 0.05 { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matern_by_mixture_equals_its_closed_forms() {
        for t in [1e-6, 1e-3, 0.1, 0.7, 1.0, 2.5, 8.0, 30.0] {
            let sum = |nu: f64| -> f64 {
                matern_mixture(nu).iter().map(|&(w, r)| w * libm::exp(-r * t * t)).sum()
            };
            for nu in [0.5, 1.5, 2.5] {
                assert!((sum(nu) - matern(nu, t)).abs() < 1e-14, "nu {nu}, t {t}");
            }
        }
    }

    #[test]
    fn matern_of_smoothness_one_equals_the_bessel_function() {
        // t K_1(t): Abramowitz & Stegun, table 9.8 (K_1(1) = 0.6019072301972346, K_1(2) = 0.1398658818165224).
        assert!((matern(1.0, 1.0) - 0.601_907_230_197_234_6).abs() < 1e-14);
        assert!((matern(1.0, 2.0) - 2.0 * 0.139_865_881_816_522_4).abs() < 1e-14);
    }

    #[test]
    fn practical_ranges_reach_95_percent() {
        for shape in [Shape::Exponential, Shape::Gaussian, Shape::Matern { nu: 1.2 }] {
            let t = shape.practical_factor().unwrap();
            assert!((shape.correlation(t) - 0.05).abs() < 3e-4);
        }
    }

    #[test]
    fn shapes_start_at_one_and_bounded_ones_end_at_their_range() {
        for shape in [Shape::Spherical, Shape::Cubic, Shape::Pentaspherical] {
            assert_eq!(shape.correlation(0.0), 1.0);
            assert!(shape.correlation(1.0 - 1e-9).abs() < 1e-8);
            assert_eq!(shape.correlation(1.0), 0.0);
        }
        assert!(
            (Shape::HoleEffect.correlation(1e-4) - Shape::HoleEffect.correlation(1.000_1e-4)).abs()
                < 1e-12
        );
    }
}
