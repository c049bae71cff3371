//! The table that is ranked: sites × criteria, every cell a distribution, and the rules by which
//! a missing cell gets one. A missing value is never replaced by a single number.

use super::sampler::triangular_quantile;
use crate::chance::distribution::normal_probability;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is known of one criterion at one site, in the unit of the criterion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Cell {
    /// One number.
    Exact {
        /// The number.
        value: f64,
    },
    /// Anything between two numbers alike.
    Uniform {
        /// Low end.
        low: f64,
        /// High end.
        high: f64,
    },
    /// Between two ends with a most likely value.
    Triangular {
        /// Low end.
        low: f64,
        /// Most likely value.
        mode: f64,
        /// High end.
        high: f64,
    },
    /// Normal.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation, from zero up.
        deviation: f64,
    },
    /// Lognormal.
    Lognormal {
        /// Arithmetic mean, above zero.
        mean: f64,
        /// Coefficient of variation, from zero up.
        variation: f64,
    },
    /// A class with probabilities.
    Classes {
        /// Pairs (class, probability); probabilities sum to one.
        classes: Vec<(f64, f64)>,
    },
    /// Not known.
    Missing,
}

/// How a number came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// Measured at the site.
    Measured,
    /// Computed from sourced numbers of the site.
    Derived,
    /// A default, a literature value or an analogue.
    Prior,
}

/// A cell with its evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Datum {
    /// What is known.
    pub cell: Cell,
    /// How it came about; of no meaning where the cell is missing.
    pub evidence: Evidence,
}

/// One site of the table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Identifier of the site or body.
    pub id: String,
    /// Attributes that priors and quotas look at, such as `kind`, `commodity`, `age`, `country`.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// Data by criterion; a criterion that is not there is missing.
    #[serde(default)]
    pub data: BTreeMap<String, Datum>,
}

/// A distribution for missing cells of one criterion at sites with given attributes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prior {
    /// Criterion.
    pub criterion: String,
    /// Attributes a site must have; the prior with most of them wins, then the first.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// The distribution.
    pub cell: Cell,
    /// Where it comes from.
    pub source: String,
}

/// Where the distribution of a cell came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "kebab-case")]
pub enum Origin {
    /// The site's own datum.
    Site {
        /// How it came about.
        evidence: Evidence,
    },
    /// A prior, by its place in the list of priors.
    Prior {
        /// Place.
        index: usize,
    },
    /// The known sites of the table.
    OtherSites,
    /// Nothing: any value from worst to best alike.
    Ignorance,
}

impl Origin {
    /// Whether the number says something about this very site.
    pub fn is_known(self) -> bool {
        matches!(self, Self::Site { evidence: Evidence::Measured | Evidence::Derived })
    }
}

/// Why a table is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TableError {
    /// A cell that is not a distribution.
    #[error("{site}, {criterion}: {problem}")]
    Cell {
        /// Site, or source of a prior.
        site: String,
        /// Criterion.
        criterion: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// Two rows of one id.
    #[error("{0} stands in the table twice")]
    Twice(String),
    /// No rows.
    #[error("nothing to rank: the table has no sites, or screening left none")]
    Empty,
}

impl Cell {
    /// Checks that the cell is a distribution.
    pub fn check(&self) -> Result<(), &'static str> {
        let finite = |values: &[f64]| values.iter().all(|v| v.is_finite());
        let fine = match self {
            Self::Exact { value } => (finite(&[*value]), "the value is not a number"),
            Self::Uniform { low, high } => {
                (finite(&[*low, *high]) && low <= high, "low must not exceed high")
            }
            Self::Triangular { low, mode, high } => (
                finite(&[*low, *mode, *high]) && low <= mode && mode <= high,
                "low, mode and high must be in order",
            ),
            Self::Normal { mean, deviation } => (
                finite(&[*mean, *deviation]) && *deviation >= 0.0,
                "the deviation must be a number from zero up",
            ),
            Self::Lognormal { mean, variation } => (
                finite(&[*mean, *variation]) && *mean > 0.0 && *variation >= 0.0,
                "the mean must be above zero and the variation from zero up",
            ),
            Self::Classes { classes } => {
                let sum: f64 = classes.iter().map(|c| c.1).sum();
                let sound = classes.iter().all(|c| c.0.is_finite() && c.1 >= 0.0);
                (sound && (sum - 1.0).abs() < 1e-6, "probabilities must sum to one")
            }
            Self::Missing => (true, ""),
        };
        if fine.0 { Ok(()) } else { Err(fine.1) }
    }

    /// The quantile that belongs to a standard normal number; `None` where nothing is known.
    pub fn at_normal(&self, z: f64) -> Option<f64> {
        let u = normal_probability(z);
        Some(match *self {
            Self::Exact { value } => value,
            Self::Uniform { low, high } => low + (high - low) * u,
            Self::Triangular { low, mode, high } => triangular_quantile(low, mode, high, u),
            Self::Normal { mean, deviation } => mean + deviation * z,
            Self::Lognormal { mean, variation } => {
                let (mean, deviation) = Self::lognormal_parameters(mean, variation);
                libm::exp(mean + deviation * z)
            }
            Self::Classes { ref classes } => {
                let mut sum = 0.0;
                let reached = classes.iter().find(|(_, probability)| {
                    sum += probability;
                    u < sum
                });
                reached.or(classes.last())?.0
            }
            Self::Missing => return None,
        })
    }

    /// ln-mean and ln-deviation of a lognormal with arithmetic `mean` and `variation`.
    pub(crate) fn lognormal_parameters(mean: f64, variation: f64) -> (f64, f64) {
        let variance = libm::log1p(variation * variation);
        (libm::log(mean) - 0.5 * variance, variance.sqrt())
    }
}
