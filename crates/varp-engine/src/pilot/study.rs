//! The documents of a pilot study: what is asked for, and what is planned.

use super::cost::CostEstimate;
use super::gy::Material;
use super::information::{Campaign, Decision};
use super::polygon::Point;
use super::spatial::Variogram;
use crate::quality::{Insertions, SampleCounts};
use crate::rank::criteria::Level;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What the study is for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "objective", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Objective {
    /// Mean grade within a relative half-width.
    MeanGrade {
        /// Relative half-width of the interval of the mean.
        half_width: f64,
    },
    /// A map of zones: places spread for the point kriging variance.
    ZoneMap {
        /// Relative half-width of the interval of the mean, as for the mean grade.
        half_width: f64,
    },
    /// Mean above or below a threshold.
    Threshold {
        /// Difference from the threshold that must be seen, as a share of the mean.
        difference: f64,
        /// Chance to call it above when it is not.
        alpha: f64,
        /// Chance to miss it when it is.
        beta: f64,
    },
    /// Whether to go on: the number of holes with the largest expected net gain.
    Decide,
}

/// A part of the body that is one population.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stratum {
    /// Name.
    pub name: String,
    /// Outline, metres in one plane.
    pub outline: Vec<Point>,
    /// Mean thickness, m.
    pub thickness_m: f64,
    /// Coefficient of variation of hole grades.
    pub variation: f64,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyRequest {
    /// Body.
    pub body: String,
    /// Objective.
    pub objective: Objective,
    /// Level of the study.
    pub level: Level,
    /// Strata.
    pub strata: Vec<Stratum>,
    /// Holes that exist already.
    #[serde(default)]
    pub existing: Vec<Point>,
    /// Areas that must not be drilled.
    #[serde(default)]
    pub no_go: Vec<Vec<Point>>,
    /// Variogram of hole grades, sill one.
    pub variogram: Variogram,
    /// Confidence of the interval, such as 0.90.
    pub confidence: f64,
    /// A decision that hangs on the grade, where there is one.
    #[serde(default)]
    pub decision: Option<Decision>,
    /// Number of holes, when it is given and not searched.
    #[serde(default)]
    pub holes: Option<usize>,
    /// Metres drilled below the base into natural ground.
    pub below_base_m: f64,
    /// Length of a sample, m.
    pub interval_m: f64,
    /// Control samples.
    pub insertions: Insertions,
    /// Material, for the smallest mass.
    #[serde(default)]
    pub material: Option<Material>,
    /// Fundamental sampling error allowed, relative deviation (usually 0.05).
    pub sampling_error: f64,
    /// Relative deviation of preparation and analysis of one sample.
    pub analytical_error: f64,
    /// Coefficient of variation of thickness between holes.
    pub thickness_variation: f64,
    /// Relative deviation of the dry density of the whole body.
    pub density_error: f64,
    /// Relative deviation of the area.
    pub area_error: f64,
    /// Cost options chosen, such as `auger`.
    #[serde(default)]
    pub options: BTreeSet<String>,
    /// Composites for tests per stratum.
    pub composites_per_stratum: usize,
    /// Metres drilled in a day.
    pub metres_per_day: f64,
    /// Persons in the field.
    pub persons: usize,
    /// Fewest holes per stratum, for a first look at its spread.
    pub fewest_per_stratum: usize,
    /// Surcharge on the costs for what nobody thought of, as a share.
    pub contingency: f64,
    /// Seed of the location search.
    pub seed: u64,
}

/// Number of holes by each argument.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HoleCounts {
    /// Independent samples, Student's t.
    pub classical: Option<usize>,
    /// Test against a threshold.
    pub threshold: Option<usize>,
    /// Correlated in space, at the places of the design.
    pub spatial: Option<usize>,
    /// Largest expected net gain.
    pub information: Option<Campaign>,
    /// As many per stratum as the request asks at least.
    pub fewest: usize,
    /// Chosen.
    pub chosen: usize,
    /// Why.
    pub reason: String,
}

/// A hole to be drilled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedHole {
    /// Name: body and number.
    pub name: String,
    /// Stratum.
    pub stratum: String,
    /// Place, metres in the plane of the outlines.
    pub place: Point,
    /// Depth, m.
    pub depth_m: f64,
    /// Samples.
    pub samples: usize,
}

/// Relative half-widths of the interval of a mean at one confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Precision {
    /// Confidence.
    pub confidence: f64,
    /// Mean grade.
    pub grade: f64,
    /// Mean grade if the holes were independent.
    pub grade_independent: f64,
    /// Dry tonnes.
    pub tonnage: f64,
    /// Contained metal, grade and tonnage taken as independent.
    pub contained: f64,
}

/// Mass of one sample.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SampleMass {
    /// Smallest mass for the allowed fundamental error, g.
    pub minimum_g: f64,
    /// Fundamental error of one kilogram, relative deviation.
    pub error_of_one_kg: f64,
}

/// A planned study.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Study {
    /// Body.
    pub body: String,
    /// Level.
    pub level: Level,
    /// Number of holes by each argument.
    pub counts: HoleCounts,
    /// Holes.
    pub holes: Vec<PlannedHole>,
    /// Metres.
    pub metres: f64,
    /// Samples with controls.
    pub samples: SampleCounts,
    /// Mass of a sample, where the material is known.
    pub mass: Option<SampleMass>,
    /// Precision at 80 % and at the confidence asked for.
    pub precision: Vec<Precision>,
    /// Expected value of the information of this very design, €, where a decision is given.
    pub information: Option<f64>,
    /// Cost.
    pub cost: CostEstimate,
    /// What is assumed, in words.
    pub assumptions: Vec<String>,
}

/// Why a study cannot be planned.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StudyError {
    /// A number out of range.
    #[error("{what} must be {rule}")]
    Range {
        /// What.
        what: String,
        /// Rule.
        rule: &'static str,
    },
    /// A stratum has no place left to drill.
    #[error("no place in {0} may be drilled: its outline is empty or covered by no-go areas")]
    NoPlace(String),
    /// An outline that no grid fits.
    #[error(
        "the outline of {0} crosses itself or is a thread: its area is less than a ten-thousandth of the box \
         around it"
    )]
    Thread(String),
    /// Options that no line of the cost list has.
    #[error("no cost has the option {unknown}; the options are {known}")]
    Option {
        /// As given.
        unknown: String,
        /// Those of the cost list.
        known: String,
    },
    /// The objective is to decide, but no decision is given.
    #[error("the objective is to decide, but break-even grade and prior are not given")]
    NoDecision,
    /// Numbers of holes or masses could not be computed.
    #[error("{0}")]
    Numbers(String),
}
