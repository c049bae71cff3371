//! Quality control of analyses: duplicates, reference materials, blanks, and calibrations of a
//! field instrument against a laboratory.

pub mod calibration;

use serde::{Deserialize, Serialize};

/// Precision of duplicate pairs; pairs with a sum of zero are left out and counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Duplicates {
    /// Pairs used.
    pub pairs: usize,
    /// Pairs left out because both values are zero, or one is not a number from zero up.
    pub left_out: usize,
    /// Half absolute relative difference of each pair, %: 100·|a − b|/(a + b).
    pub hard: Vec<f64>,
    /// 90 % quantile of these.
    pub hard_p90: f64,
    /// Root mean square coefficient of variation, %: 100·√(2/N Σ((a − b)/(a + b))²)
    /// (Abzalov 2008).
    pub variation: f64,
    /// Mean absolute percentage difference, %: mean of 200·|a − b|/(a + b).
    pub mean_difference: f64,
}

/// Kind of duplicate, with its usual limit of HARD.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DuplicateKind {
    /// Second analysis of one pulp.
    Pulp,
    /// Second split of crushed material.
    Coarse,
    /// Second sample from the field.
    Field,
}

impl DuplicateKind {
    /// Limit that 90 % of the pairs should keep, % (common practice, unverified).
    pub fn limit(self) -> f64 {
        match self {
            Self::Pulp => 10.0,
            Self::Coarse => 15.0,
            Self::Field => 20.0,
        }
    }
}

impl Duplicates {
    /// Precision of pairs (a, b); absent without a usable pair.
    pub fn of(pairs: &[(f64, f64)]) -> Option<Self> {
        let usable = |p: &&(f64, f64)| {
            p.0 >= 0.0 && p.1 >= 0.0 && p.0 + p.1 > 0.0 && (p.0 + p.1).is_finite()
        };
        let relative: Vec<f64> =
            pairs.iter().filter(usable).map(|(a, b)| (a - b).abs() / (a + b)).collect();
        if relative.is_empty() {
            return None;
        }
        let n = relative.len() as f64;
        let hard: Vec<f64> = relative.iter().map(|r| 100.0 * r).collect();
        let squares: f64 = relative.iter().map(|r| r * r).sum();
        Some(Self {
            pairs: relative.len(),
            left_out: pairs.len() - relative.len(),
            hard_p90: quantile(&hard, 0.9),
            variation: 100.0 * (2.0 / n * squares).sqrt(),
            mean_difference: 2.0 * hard.iter().sum::<f64>() / n,
            hard,
        })
    }

    /// Whether 90 % of the pairs keep the limit of their kind.
    pub fn acceptable(&self, kind: DuplicateKind) -> bool {
        self.hard_p90 < kind.limit()
    }
}

/// Results of one reference material in the order of analysis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReferenceMaterial {
    /// z = (value − certified)/deviation of each result.
    pub z: Vec<f64>,
    /// Results beyond three deviations.
    pub failures: Vec<usize>,
    /// Second of two results in a row beyond two deviations on one side.
    pub runs: Vec<usize>,
    /// Mean bias, %.
    pub bias: f64,
}

impl ReferenceMaterial {
    /// Judges results against a certified value and its standard deviation, both above zero;
    /// absent without results.
    pub fn judge(values: &[f64], certified: f64, deviation: f64) -> Option<Self> {
        if values.is_empty() || certified <= 0.0 || deviation <= 0.0 {
            return None;
        }
        let z: Vec<f64> = values.iter().map(|v| (v - certified) / deviation).collect();
        let same_side = |a: f64, b: f64| (a > 2.0 && b > 2.0) || (a < -2.0 && b < -2.0);
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        Some(Self {
            failures: (0..z.len()).filter(|i| z[*i].abs() > 3.0).collect(),
            runs: (1..z.len()).filter(|i| same_side(z[i - 1], z[*i])).collect(),
            bias: 100.0 * (mean / certified - 1.0),
            z,
        })
    }

    /// No failure and no run.
    pub fn acceptable(&self) -> bool {
        self.failures.is_empty() && self.runs.is_empty()
    }
}

/// Places of blanks above `factor` times the detection limit (usually 3 to 5).
pub fn contaminated_blanks(values: &[f64], detection_limit: f64, factor: f64) -> Vec<usize> {
    (0..values.len()).filter(|i| values[*i] > factor * detection_limit).collect()
}

/// Shares of control samples among all samples.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Insertions {
    /// Field duplicates, share of the primary samples.
    pub field_duplicates: f64,
    /// Pulp duplicates.
    pub pulp_duplicates: f64,
    /// Reference materials.
    pub standards: f64,
    /// Blanks.
    pub blanks: f64,
    /// Pulps re-assayed by an umpire laboratory (not part of the first laboratory's count).
    pub umpire: f64,
}

/// Common practice: 5 % field duplicates, 3 % pulp duplicates, 3 % standards, 2 % blanks and
/// 5 % to the umpire (Abzalov 2008 gives 5–10, 3–5, 3–5 % and about 5 %).
pub const USUAL_INSERTIONS: Insertions = Insertions {
    field_duplicates: 0.05,
    pulp_duplicates: 0.03,
    standards: 0.03,
    blanks: 0.02,
    umpire: 0.05,
};

/// Samples of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleCounts {
    /// Primary samples.
    pub primary: usize,
    /// Field duplicates.
    pub field_duplicates: usize,
    /// Pulp duplicates.
    pub pulp_duplicates: usize,
    /// Reference materials.
    pub standards: usize,
    /// Blanks.
    pub blanks: usize,
    /// Umpire assays.
    pub umpire: usize,
}

impl Insertions {
    /// Counts for so many primary samples; each share rounded up, so that none vanishes.
    pub fn counts(&self, primary: usize) -> SampleCounts {
        let share = |s: f64| (s * primary as f64 - 1e-9).ceil().max(0.0) as usize;
        SampleCounts {
            primary,
            field_duplicates: share(self.field_duplicates),
            pulp_duplicates: share(self.pulp_duplicates),
            standards: share(self.standards),
            blanks: share(self.blanks),
            umpire: share(self.umpire),
        }
    }
}

impl SampleCounts {
    /// Analyses of the first laboratory.
    pub fn analyses(&self) -> usize {
        self.primary + self.field_duplicates + self.pulp_duplicates + self.standards + self.blanks
    }
}

/// Quantile with linear interpolation (type 7 of Hyndman & Fan) of at least one value.
fn quantile(values: &[f64], p: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = p * (sorted.len() - 1) as f64;
    let (low, high) = (place.floor() as usize, place.ceil() as usize);
    sorted[low] + (place - low as f64) * (sorted[high] - sorted[low])
}
