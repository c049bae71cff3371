//! Values of which some are known only to lie below a laboratory's limit.
//!
//! Nothing is put in the place of a censored value unless [`substituted`] is asked for it.

mod kaplan_meier;
mod likelihood;
mod order_statistics;

pub use kaplan_meier::{KaplanMeier, Remainder};
pub use likelihood::{Family, LikelihoodFit};
pub use order_statistics::RegressionOnOrder;

use super::StatsError;

/// One measured value, any unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Observation {
    /// The value itself.
    Exact(f64),
    /// Some value below this limit.
    Below(f64),
}

impl Observation {
    /// The value or the limit.
    pub fn number(self) -> f64 {
        match self {
            Self::Exact(value) | Self::Below(value) => value,
        }
    }

    /// Whether only a limit is known.
    pub fn is_below(self) -> bool {
        matches!(self, Self::Below(_))
    }
}

/// Largest censored share for which a mean is given.
pub const MAX_CENSORED_SHARE: f64 = 0.8;
/// Detected values needed for a mean.
pub const MIN_DETECTED: usize = 3;

/// What the share of censored values allows (Helsel 2012, table 6.11 in substance).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// Nothing is censored: use the plain statistics.
    Plain,
    /// Less than half: Kaplan–Meier.
    KaplanMeier,
    /// Half to 80 %, fewer than 50 values: robust regression on order statistics.
    RegressionOnOrder,
    /// Half to 80 %, 50 values or more: maximum likelihood.
    MaximumLikelihood,
    /// More than 80 % or fewer than three detected: only shares above a cut-off.
    SharesOnly,
}

/// Advice for a data set.
///
/// Source: D. R. Helsel, "Statistics for Censored Environmental Data Using Minitab and R",
/// 2nd ed., 2012.
pub fn advice(data: &[Observation]) -> Advice {
    let censored = data.iter().filter(|o| o.is_below()).count();
    let share = censored as f64 / data.len().max(1) as f64;
    if share > MAX_CENSORED_SHARE || data.len() - censored < MIN_DETECTED {
        Advice::SharesOnly
    } else if censored == 0 {
        Advice::Plain
    } else if share < 0.5 {
        Advice::KaplanMeier
    } else if data.len() < 50 {
        Advice::RegressionOnOrder
    } else {
        Advice::MaximumLikelihood
    }
}

/// Puts `fraction` · limit in the place of every censored value. Biased; for comparison with
/// reports that did so.
///
/// # Errors
/// Numbers not finite, fraction outside 0..=1.
pub fn substituted(data: &[Observation], fraction: f64) -> Result<Vec<f64>, StatsError> {
    if !(0.0..=1.0).contains(&fraction) {
        let rule = "within 0..=1";
        return Err(StatsError::OutOfRange { name: "fraction", value: fraction, rule });
    }
    check_numbers(data)?;
    Ok(data
        .iter()
        .map(|o| match o {
            Observation::Exact(value) => *value,
            Observation::Below(limit) => fraction * limit,
        })
        .collect())
}

fn check_numbers(data: &[Observation]) -> Result<(), StatsError> {
    let numbers: Vec<f64> = data.iter().map(|o| o.number()).collect();
    super::finite(&numbers, 1)
}

/// Refuses data of which a mean would be mostly invention.
fn check_detected(data: &[Observation]) -> Result<(), StatsError> {
    check_numbers(data)?;
    if advice(data) != Advice::SharesOnly {
        return Ok(());
    }
    let censored = data.iter().filter(|o| o.is_below()).count();
    Err(StatsError::NearlyAllCensored {
        count: data.len(),
        censored,
        detected: data.len() - censored,
        max_share: MAX_CENSORED_SHARE,
        needed: MIN_DETECTED,
    })
}

fn check_positive(data: &[Observation]) -> Result<(), StatsError> {
    match data.iter().position(|o| o.number() <= 0.0) {
        Some(index) => Err(StatsError::NotPositive { index, value: data[index].number() }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(exact: usize, below: usize) -> Vec<Observation> {
        let exact = (0..exact).map(|i| Observation::Exact(2.0 + i as f64));
        exact.chain((0..below).map(|_| Observation::Below(1.0))).collect()
    }

    #[test]
    fn advice_follows_the_censored_share() {
        assert_eq!(advice(&data(10, 0)), Advice::Plain);
        assert_eq!(advice(&data(6, 4)), Advice::KaplanMeier);
        assert_eq!(advice(&data(4, 6)), Advice::RegressionOnOrder);
        assert_eq!(advice(&data(40, 60)), Advice::MaximumLikelihood);
        assert_eq!(advice(&data(10, 90)), Advice::SharesOnly);
        assert_eq!(advice(&data(2, 1)), Advice::SharesOnly);
    }

    #[test]
    fn a_mean_of_nearly_all_censored_values_is_refused_with_the_counts() {
        let refused = KaplanMeier::fit(&data(2, 98)).unwrap().mean(Remainder::AtZero);
        assert_eq!(
            refused,
            Err(StatsError::NearlyAllCensored {
                count: 100,
                censored: 98,
                detected: 2,
                max_share: 0.8,
                needed: 3
            })
        );
        assert!(RegressionOnOrder::fit(&data(2, 98)).is_err());
        assert!(LikelihoodFit::fit(&data(2, 98), Family::Lognormal).is_err());
    }

    #[test]
    fn substitution_happens_only_at_the_stated_fraction() {
        let values = substituted(&data(1, 2), 0.5).unwrap();
        assert_eq!(values, [2.0, 0.5, 0.5]);
    }
}
