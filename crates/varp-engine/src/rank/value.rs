//! Value functions: from a measured criterion to 0 (worst that matters) … 1 (best that matters).

use serde::{Deserialize, Serialize};

/// Whether more of a criterion is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// More is better.
    Gain,
    /// Less is better.
    Cost,
}

/// Scale on which a value function is linear between its points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// Linear in x.
    #[default]
    Linear,
    /// Linear in ln x; x ≤ 0 has the value of the first point.
    Log,
}

/// A piecewise linear value function as written in a criteria document.
///
/// v(x) runs straight from point to point, in x or in ln x, and is constant outside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValueFunction {
    /// Scale of x.
    #[serde(default)]
    pub scale: Scale,
    /// Pairs (x, v): x strictly increasing, v within 0..=1 and monotone.
    pub points: Vec<(f64, f64)>,
}

/// Why a value function is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ValueError {
    /// Fewer than two points.
    #[error("{found} points, but a value function needs at least two")]
    TooFewPoints {
        /// Points given.
        found: usize,
    },
    /// The x of the points do not increase, or are not numbers.
    #[error("x = {x} does not come after the point before it")]
    NotIncreasing {
        /// The offending x.
        x: f64,
    },
    /// A logarithmic scale needs positive x.
    #[error("x = {x} on a logarithmic scale must be above zero")]
    NotPositive {
        /// The offending x.
        x: f64,
    },
    /// A value outside 0..=1, or one that goes against the direction.
    #[error("value {value} at x = {x} is outside 0 to 1 or goes against the stated direction")]
    WrongValue {
        /// Place.
        x: f64,
        /// Value there.
        value: f64,
    },
}

impl ValueFunction {
    /// Checks the points against the direction and prepares the function for use.
    pub fn curve(&self, direction: Direction) -> Result<Curve, ValueError> {
        if self.points.len() < 2 {
            return Err(ValueError::TooFewPoints { found: self.points.len() });
        }
        let mut before: Option<(f64, f64)> = None;
        for &(x, value) in &self.points {
            if self.scale == Scale::Log && x <= 0.0 {
                return Err(ValueError::NotPositive { x });
            }
            let follows = before.is_none_or(|(old, _)| x > old);
            if !x.is_finite() || !follows {
                return Err(ValueError::NotIncreasing { x });
            }
            let monotone = before.is_none_or(|(_, old)| match direction {
                Direction::Gain => value >= old,
                Direction::Cost => value <= old,
            });
            if !(0.0..=1.0).contains(&value) || !monotone {
                return Err(ValueError::WrongValue { x, value });
            }
            before = Some((x, value));
        }
        Ok(Curve::through(self.scale, &self.points))
    }
}

/// A value function ready for use.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    scale: Scale,
    /// Knots on the scale of the function.
    knots: Vec<f64>,
    values: Vec<f64>,
    slopes: Vec<f64>,
}

impl Curve {
    fn through(scale: Scale, points: &[(f64, f64)]) -> Self {
        let knots: Vec<f64> = points.iter().map(|p| onto(scale, p.0)).collect();
        let values: Vec<f64> = points.iter().map(|p| p.1).collect();
        let slopes = (1..knots.len())
            .map(|k| (values[k] - values[k - 1]) / (knots[k] - knots[k - 1]))
            .collect();
        Self { scale, knots, values, slopes }
    }

    /// Value of `x` (in the unit of the criterion).
    #[inline]
    pub fn value(&self, x: f64) -> f64 {
        match self.scale {
            Scale::Linear => self.value_on_scale(x),
            Scale::Log if x > 0.0 => self.value_on_scale(libm::log(x)),
            Scale::Log => self.values[0],
        }
    }

    /// Value of a number already on the function's scale (x or ln x).
    #[inline]
    pub fn value_on_scale(&self, t: f64) -> f64 {
        let last = self.knots.len() - 1;
        if t <= self.knots[0] {
            return self.values[0];
        }
        if t >= self.knots[last] {
            return self.values[last];
        }
        let segment = self.knots[1..last].iter().filter(|knot| t >= **knot).count();
        self.values[segment] + self.slopes[segment] * (t - self.knots[segment])
    }

    /// Scale on which the function is linear.
    pub fn scale(&self) -> Scale {
        self.scale
    }
}

fn onto(scale: Scale, x: f64) -> f64 {
    match scale {
        Scale::Linear => x,
        Scale::Log => libm::log(x),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn recoverable_value() -> ValueFunction {
        ValueFunction {
            scale: Scale::Log,
            points: vec![(1.0, 0.0), (10.0, 0.4), (100.0, 0.8), (500.0, 1.0)],
        }
    }

    #[test]
    fn log_values_are_halfway_at_the_geometric_middle() {
        let curve = recoverable_value().curve(Direction::Gain).unwrap();
        assert!((curve.value(10.0_f64.powf(1.5)) - 0.6).abs() < 1e-12);
        assert_eq!(curve.value(0.0), 0.0);
        assert_eq!(curve.value(1e6), 1.0);
    }

    #[test]
    fn refuses_points_that_contradict_the_direction() {
        let error = recoverable_value().curve(Direction::Cost).unwrap_err();
        assert_eq!(error, ValueError::WrongValue { x: 10.0, value: 0.4 });
        let twice = ValueFunction { scale: Scale::Linear, points: vec![(0.0, 0.0), (0.0, 1.0)] };
        assert_eq!(twice.curve(Direction::Gain), Err(ValueError::NotIncreasing { x: 0.0 }));
        let nan = ValueFunction { scale: Scale::Linear, points: vec![(f64::NAN, 0.0), (0.0, 1.0)] };
        assert!(nan.curve(Direction::Gain).is_err());
    }

    proptest! {
        #[test]
        fn a_change_of_unit_leaves_the_value_unchanged(x in 0.01_f64..2e3, factor in 1e-3_f64..1e3) {
            for scale in [Scale::Linear, Scale::Log] {
                let one = ValueFunction { scale, ..recoverable_value() };
                let other = ValueFunction {
                    scale,
                    points: one.points.iter().map(|p| (p.0 * factor, p.1)).collect(),
                };
                let a = one.curve(Direction::Gain).unwrap().value(x);
                let b = other.curve(Direction::Gain).unwrap().value(x * factor);
                prop_assert!((a - b).abs() < 1e-12);
            }
        }

        #[test]
        fn more_of_a_gain_is_never_worth_less(x in -5.0_f64..1e3, more in 0.0_f64..1e3) {
            let curve = recoverable_value().curve(Direction::Gain).unwrap();
            prop_assert!(curve.value(x + more) >= curve.value(x));
        }
    }
}
