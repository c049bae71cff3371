use super::{Observation, StatsError, check_detected, check_numbers};

/// Where the probability goes that Kaplan–Meier leaves below the smallest detected value when
/// limits reach below it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Remainder {
    /// At zero: the mean integrates the distribution down to 0 (R's `survfit` on flipped data).
    AtZero,
    /// At the smallest limit (Efron's convention).
    AtSmallestLimit,
}

/// Kaplan–Meier estimate of the distribution, left-censored data turned to right-censored.
///
/// A limit equal to a detected value counts as censored just below it.
#[derive(Debug, Clone, PartialEq)]
pub struct KaplanMeier {
    data: Vec<Observation>,
    /// (detected value, probability of a smaller value), values descending.
    steps: Vec<(f64, f64)>,
}

impl KaplanMeier {
    /// Estimates the distribution; any share of censored values will do, see
    /// [`KaplanMeier::mean`] for the limit on means.
    ///
    /// # Errors
    /// No values, or numbers not finite.
    pub fn fit(data: &[Observation]) -> Result<Self, StatsError> {
        check_numbers(data)?;
        let mut order = data.to_vec();
        // descending; at equal numbers the detected come first
        order.sort_by(|a, b| {
            b.number().total_cmp(&a.number()).then(a.is_below().cmp(&b.is_below()))
        });
        let (mut steps, mut below, mut i) = (Vec::<(f64, f64)>::new(), 1.0, 0);
        while i < order.len() {
            let value = order[i].number();
            let same = order[i..].iter().take_while(|o| o.number() == value);
            let detected = same.clone().filter(|o| !o.is_below()).count();
            let at_risk = order.len() - i;
            if detected > 0 {
                below *= 1.0 - detected as f64 / at_risk as f64;
                steps.push((value, below));
            }
            i += same.count();
        }
        Ok(Self { data: data.to_vec(), steps })
    }

    /// (detected value, probability of a smaller value), values descending.
    pub fn steps(&self) -> &[(f64, f64)] {
        &self.steps
    }

    /// Probability of a value at or above the cut-off; exact down to the smallest detected value,
    /// an upper bound is 1 below it.
    pub fn share_above(&self, cutoff: f64) -> f64 {
        let reached = self.steps.iter().take_while(|(value, _)| *value >= cutoff);
        reached.last().map_or(0.0, |(_, below)| 1.0 - below)
    }

    /// Mean, Σ value · step + remainder.
    ///
    /// # Errors
    /// More than 80 % censored or fewer than three detected values.
    pub fn mean(&self, remainder: Remainder) -> Result<f64, StatsError> {
        check_detected(&self.data)?;
        let (mut mean, mut above) = (0.0, 1.0);
        for (value, below) in &self.steps {
            mean += value * (above - below);
            above = *below;
        }
        let limits = self.data.iter().filter(|o| o.is_below()).map(|o| o.number());
        Ok(mean
            + match remainder {
                Remainder::AtSmallestLimit if above > 0.0 => {
                    above * limits.fold(f64::INFINITY, f64::min)
                }
                _ => 0.0,
            })
    }

    /// Median: the largest detected value with at most half the probability below it; the
    /// middle between two where exactly half lies below. None if more than half the probability
    /// lies below every detected value.
    pub fn median(&self) -> Option<f64> {
        let place = self.steps.iter().position(|(_, below)| *below <= 0.5 + 1e-12)?;
        let (value, below) = self.steps[place];
        match self.steps.get(place + 1) {
            Some((next, _)) if (below - 0.5).abs() <= 1e-12 => Some(0.5 * (value + next)),
            _ => Some(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Observation::{Below, Exact};

    #[test]
    fn without_censoring_the_mean_is_the_arithmetic_mean() {
        let fit = KaplanMeier::fit(&[3.0, 1.0, 2.0, 6.0].map(Exact)).unwrap();
        assert!((fit.mean(Remainder::AtZero).unwrap() - 3.0).abs() < 1e-15);
        assert_eq!(fit.median(), Some(2.5));
        assert_eq!(fit.share_above(3.0), 0.5);
    }

    #[test]
    fn the_remainder_convention_bounds_the_mean() {
        let data = [Exact(5.0), Exact(4.0), Exact(3.0), Below(1.0), Below(2.0)];
        let fit = KaplanMeier::fit(&data).unwrap();
        assert!((fit.mean(Remainder::AtZero).unwrap() - 12.0 / 5.0).abs() < 1e-14);
        assert!((fit.mean(Remainder::AtSmallestLimit).unwrap() - 14.0 / 5.0).abs() < 1e-14);
    }

    #[test]
    fn limits_above_a_value_spread_their_mass_below() {
        // 2 at risk at 1.0, one of them censored at 4: half of what lies below 4
        let fit = KaplanMeier::fit(&[Exact(5.0), Below(4.0), Exact(1.0)]).unwrap();
        assert_eq!(fit.steps(), [(5.0, 1.0 - 1.0 / 3.0), (1.0, 0.0)]);
    }
}
