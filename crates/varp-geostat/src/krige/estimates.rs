//! Estimates by column and one target's row of them.

/// Why a target has or has not an estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Outcome {
    /// The numbers hold.
    Estimated,
    /// Fewer samples within the search than the minimum.
    TooFewSamples,
    /// The neighbours do not determine the trend, such as samples on one line.
    TrendUndetermined,
}

/// Estimates by column; where the outcome is not [`Outcome::Estimated`] the numbers are NaN.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Estimates {
    /// In the variable's unit.
    pub estimate: Vec<f64>,
    /// Kriging variance, square of the unit.
    pub variance: Vec<f64>,
    /// Slope of the regression of the truth on the estimate: Cov(Z, Z*)/Var(Z*), 1 is ideal.
    pub slope: Vec<f64>,
    /// `(prior variance − kriging variance)/prior variance`: 1 is certain, 0 knows no more than
    /// the mean, below 0 is worse than the mean. Source: Krige 1996.
    pub efficiency: Vec<f64>,
    /// Distance from the target's centre to the nearest sample used, in the search's metric.
    pub nearest: Vec<f64>,
    /// Number of samples used.
    pub samples: Vec<u32>,
    /// Whether there is an estimate.
    pub outcome: Vec<Outcome>,
}

/// One target's numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub estimate: f64,
    pub variance: f64,
    pub slope: f64,
    pub efficiency: f64,
    pub nearest: f64,
    pub samples: u32,
    pub outcome: Outcome,
}

impl Row {
    pub fn missing(samples: usize, outcome: Outcome) -> Self {
        let nan = f64::NAN;
        let samples = samples as u32;
        Self {
            estimate: nan,
            variance: nan,
            slope: nan,
            efficiency: nan,
            nearest: nan,
            samples,
            outcome,
        }
    }

    /// `prior` is the variance of the target itself; rounding below zero becomes zero.
    pub fn new(
        estimate: f64,
        variance: f64,
        prior: f64,
        (with_truth, of_estimate): (f64, f64),
    ) -> Self {
        Self {
            estimate,
            variance: variance.max(0.0),
            slope: with_truth / of_estimate,
            efficiency: (prior - variance) / prior,
            nearest: f64::NAN,
            samples: 0,
            outcome: Outcome::Estimated,
        }
    }
}

impl Estimates {
    pub(crate) fn with_len(n: usize) -> Self {
        let column = || vec![f64::NAN; n];
        Self {
            estimate: column(),
            variance: column(),
            slope: column(),
            efficiency: column(),
            nearest: column(),
            samples: vec![0; n],
            outcome: vec![Outcome::TooFewSamples; n],
        }
    }

    pub(crate) fn set(&mut self, id: usize, row: &Row) {
        self.estimate[id] = row.estimate;
        self.variance[id] = row.variance;
        self.slope[id] = row.slope;
        self.efficiency[id] = row.efficiency;
        self.nearest[id] = row.nearest;
        self.samples[id] = row.samples;
        self.outcome[id] = row.outcome;
    }

    pub(crate) fn copy_row(&mut self, to: usize, other: &Self, from: usize) {
        self.estimate[to] = other.estimate[from];
        self.variance[to] = other.variance[from];
        self.slope[to] = other.slope[from];
        self.efficiency[to] = other.efficiency[from];
        self.nearest[to] = other.nearest[from];
        self.samples[to] = other.samples[from];
        self.outcome[to] = other.outcome[from];
    }

    /// Number of targets with an estimate.
    pub fn estimated(&self) -> usize {
        self.outcome.iter().filter(|o| **o == Outcome::Estimated).count()
    }

    /// Number of targets.
    pub fn len(&self) -> usize {
        self.estimate.len()
    }

    /// Whether there is no target.
    pub fn is_empty(&self) -> bool {
        self.estimate.is_empty()
    }
}
