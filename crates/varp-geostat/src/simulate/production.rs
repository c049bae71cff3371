use rayon::prelude::*;

use super::SimulationError;
use super::realisations::Realisations;
use crate::stats::{StatsError, quantile_sorted};

/// Marks a node that belongs to no period.
pub const NEVER: u32 = u32::MAX;

/// How well the metal of one period of production is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PeriodError {
    /// Mean metal over the realisations.
    pub expected: f64,
    /// Lower end of the interval of the asked coverage, relative to the mean: 0.85 is −15 %.
    pub low: f64,
    /// Upper end, relative to the mean.
    pub high: f64,
}

impl PeriodError {
    /// The larger distance of an end from 1: 0.15 means within ±15 %.
    pub fn half_width(&self) -> f64 {
        (1.0 - self.low).max(self.high - 1.0)
    }

    /// Whether the metal is within ± `tolerance` at the coverage asked for; 0.15 at 0.90 for a
    /// quarter is a common rule for Measured, for a year Indicated (Verly, Postolski & Parker
    /// 2014). A rule, not a class: the competent person decides.
    pub fn is_within(&self, tolerance: f64) -> bool {
        self.half_width() <= tolerance
    }

    /// From the metal of one period in every realisation, in any order.
    pub(super) fn of(metal: &mut [f64], coverage: f64) -> Self {
        metal.sort_unstable_by(f64::total_cmp);
        let expected = metal.iter().sum::<f64>() / metal.len() as f64;
        let end = |p: f64| quantile_sorted(metal, p) / expected;
        Self { expected, low: end(0.5 - 0.5 * coverage), high: end(0.5 + 0.5 * coverage) }
    }
}

impl Realisations {
    /// Error of each period's metal.
    ///
    /// - `masses`: one for each node; `periods`: 0.. for each node, or [`NEVER`]
    /// - `coverage`: such as 0.90
    ///
    /// # Errors
    /// Lists of another length than nodes, coverage outside 0..1, a period without metal.
    pub fn production_errors(
        &self,
        masses: &[f64],
        periods: &[u32],
        coverage: f64,
    ) -> Result<Vec<PeriodError>, SimulationError> {
        self.check_nodes(masses.len())?;
        self.check_nodes(periods.len())?;
        check_coverage(coverage)?;
        let count = period_count(periods);
        let sums: Vec<Vec<f64>> = self
            .chunks
            .par_iter()
            .map(|chunk| {
                let mut sums = vec![0.0; count * chunk.count];
                for (node, (mass, period)) in masses.iter().zip(periods).enumerate() {
                    if *period != NEVER {
                        let row = &mut sums[*period as usize * chunk.count..][..chunk.count];
                        row.iter_mut().zip(chunk.at(node)).for_each(|(s, v)| *s += mass * v);
                    }
                }
                sums
            })
            .collect();
        (0..count)
            .map(|period| {
                let rows = self.chunks.iter().zip(&sums);
                let mut metal: Vec<f64> = rows
                    .flat_map(|(c, s)| s[period * c.count..][..c.count].iter().copied())
                    .collect();
                let error = PeriodError::of(&mut metal, coverage);
                check_metal(error.expected)?;
                Ok(error)
            })
            .collect()
    }
}

pub(super) fn period_count(periods: &[u32]) -> usize {
    periods.iter().filter(|p| **p != NEVER).max().map_or(0, |p| *p as usize + 1)
}

pub(super) fn check_coverage(coverage: f64) -> Result<(), SimulationError> {
    if coverage > 0.0 && coverage < 1.0 {
        return Ok(());
    }
    let rule = "above 0 and below 1";
    Err(StatsError::OutOfRange { name: "coverage", value: coverage, rule }.into())
}

pub(super) fn check_metal(expected: f64) -> Result<(), SimulationError> {
    if expected > 0.0 {
        return Ok(());
    }
    let (name, rule) = ("mean metal of a period", "above zero for a relative error");
    Err(SimulationError::OutOfRange { name, value: expected, rule })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_ends_follow_the_realisations() {
        let fields = (0..101).map(|i| vec![0.5 + 0.01 * f64::from(i), 1.0, 7.0]).collect();
        let realisations = Realisations::from_fields(fields).unwrap();
        let errors = realisations.production_errors(&[1.0; 3], &[0, 1, NEVER], 0.9).unwrap();
        assert_eq!(errors.len(), 2);
        assert!((errors[0].half_width() - 0.45).abs() < 1e-12);
        assert!(!errors[0].is_within(0.15) && errors[1].is_within(0.15));
    }

    #[test]
    fn a_period_without_metal_is_refused() {
        let realisations = Realisations::from_fields(vec![vec![0.0, 1.0]]).unwrap();
        let refused = realisations.production_errors(&[1.0; 2], &[0, 1], 0.9);
        assert!(matches!(refused, Err(SimulationError::OutOfRange { value: 0.0, .. })));
    }
}
