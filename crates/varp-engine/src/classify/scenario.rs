//! The other use of the G axis: low, best and high of one estimate as G1, G1+G2, G1+G2+G3.
//!
//! Never mixed with the confidence category of an estimate, and never added to it.

use serde::Serialize;

use super::code::{Axis, Category, Code, CodeError};

/// Low, best and high of one estimate with the increments that UNFC names.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scenarios {
    /// Code and quantity of the low estimate: G1, or G4.1 where prospective.
    pub low: (Code, f64),
    /// Of the best estimate: G1+G2, or G4.1+G4.2.
    pub best: (Code, f64),
    /// Of the high estimate: G1+G2+G3, or G4.1+G4.2+G4.3.
    pub high: (Code, f64),
}

/// Why three numbers are no scenarios.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ScenarioError {
    /// They do not rise.
    #[error("low {low}, best {best} and high {high} must be at least 0 and rise")]
    NotRising {
        /// Low estimate.
        low: f64,
        /// Best estimate.
        best: f64,
        /// High estimate.
        high: f64,
    },
    /// E and F do not make a code.
    #[error(transparent)]
    Code(#[from] CodeError),
}

impl Scenarios {
    /// Scenarios of an estimate under these categories of E and F.
    ///
    /// # Errors
    /// If the numbers are negative or do not rise.
    pub fn new(
        e: Category,
        f: Category,
        [low, best, high]: [f64; 3],
        prospective: bool,
    ) -> Result<Self, ScenarioError> {
        if !(low >= 0.0 && low <= best && best <= high && high.is_finite()) {
            return Err(ScenarioError::NotRising { low, best, high });
        }
        let step = |count: u8| {
            let category = |n: u8| {
                let (number, sub) = if prospective { (4, n) } else { (n, 0) };
                Category { axis: Axis::G, number, sub }
            };
            Code::new(e, f, (1..=count).map(category).collect())
        };
        Ok(Self { low: (step(1)?, low), best: (step(2)?, best), high: (step(3)?, high) })
    }

    /// What each category adds: the low estimate, what best adds to it, what high adds to best.
    pub fn increments(&self) -> [f64; 3] {
        [self.low.1, self.best.1 - self.low.1, self.high.1 - self.best.1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn low_best_and_high_are_cumulated_and_their_increments_add_up() {
        let (e, f) = ("E3.2".parse().unwrap(), "F2.2".parse().unwrap());
        let known = Scenarios::new(e, f, [2.0, 3.0, 5.0], false).unwrap();
        assert_eq!(known.best.0.to_string(), "E3.2;F2.2;G1+G2");
        assert_eq!(known.high.0.to_string(), "E3.2;F2.2;G1+G2+G3");
        assert_eq!(known.increments(), [2.0, 1.0, 2.0]);
        let prospective = Scenarios::new(e, "F3".parse().unwrap(), [2.0, 3.0, 5.0], true).unwrap();
        assert_eq!(prospective.high.0.to_string(), "E3.2;F3;G4.1+G4.2+G4.3");
        assert!(Scenarios::new(e, f, [3.0, 2.0, 5.0], false).is_err());
        assert!(Scenarios::new(e, f, [f64::NAN, 2.0, 5.0], false).is_err());
    }
}
