//! The plan of an estimate: everything that decides a result, as a document.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::consistency::Contradiction;
use super::mass::MassFrom;
use super::product::PlannedProduct;
use super::statement::Term;

/// Everything that decides a result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EstimationPlan {
    /// Body, by id.
    pub body: String,
    /// Date for which the result holds, ISO 8601.
    pub effective: String,
    /// Where the quantities are measured: `in the body`, `recovered at the plant gate`.
    pub reference_point: String,
    /// Whether the quantities are original, remaining or produced.
    #[serde(default)]
    pub term: Term,
    /// Who is responsible for adopting the result; empty until somebody is named.
    #[serde(default)]
    pub competent_person: String,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Number of draws.
    pub draws: usize,
    /// EPSG code of the projected system that the body is measured in; without it, and without files,
    /// the UTM zone of its middle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epsg: Option<u16>,
    /// Files with measurements that the register does not hold.
    #[serde(default, skip_serializing_if = "PlannedFiles::is_empty")]
    pub files: PlannedFiles,
    /// Where the mass comes from.
    pub mass: MassFrom,
    /// Products with their grades.
    #[serde(default)]
    pub products: Vec<PlannedProduct>,
    /// Correlations between inputs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub correlations: Vec<PlannedCorrelation>,
    /// What other grounds say of the mass, and whether they agree; told in the result, without effect.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<String>,
    /// What does not fit among the statements about the body; told in the result, without effect.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contradictions: Vec<Contradiction>,
}

/// Files beside a plan: paths from the folder of the plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedFiles {
    /// Height models by the names that `mass.surfaces` uses: GeoTIFF, or an ASCII grid.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub surfaces: BTreeMap<String, String>,
    /// A table of points: thickness, depths of the base, heights of the old ground.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<String>,
    /// What is attached to the body in the register.
    #[serde(default, skip_serializing_if = "PlannedAttachments::is_empty")]
    pub attached: PlannedAttachments,
}

impl PlannedFiles {
    /// Whether the plan names none.
    pub fn is_empty(&self) -> bool {
        !self.are_beside() && self.attached.is_empty()
    }

    /// Whether it names files that the register does not hold.
    pub fn are_beside(&self) -> bool {
        !self.surfaces.is_empty() || self.points.is_some()
    }
}

/// Attachments that a plan takes, by their ids.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedAttachments {
    /// Height models by the names that `mass.surfaces` uses.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub surfaces: BTreeMap<String, String>,
    /// Tables of points.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub points: Vec<PlannedPoints>,
}

/// An attached table of points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedPoints {
    /// Id of the attachment.
    pub id: String,
    /// Standard deviation of the thickness at points that state none, metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sd_m: Option<f64>,
}

impl PlannedAttachments {
    /// Whether the plan takes none.
    pub fn is_empty(&self) -> bool {
        self.surfaces.is_empty() && self.points.is_empty()
    }

    /// Ids of all of them.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let points = self.points.iter().map(|points| &points.id);
        self.surfaces.values().chain(points).map(String::as_str)
    }
}

/// A correlation between two inputs, by the names that results show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedCorrelation {
    /// Name of one input, such as `thickness`.
    pub first: String,
    /// Name of the other.
    pub second: String,
    /// Correlation of their normal scores, above −1 and below 1.
    pub r: f64,
}

impl EstimationPlan {
    /// Reads a plan from TOML.
    ///
    /// # Errors
    /// The place and the words of the first fault.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// The plan as TOML, to be read, edited and replayed.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).expect("a plan has only tables, texts and numbers")
    }
}
