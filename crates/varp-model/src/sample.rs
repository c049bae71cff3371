//! Samples: where material was taken, how much of it, and of which grains.

use std::str::FromStr;

use crate::{
    BodyId, HoleId, Licence, Locator, Origin, PartialDate, Position, SampleId, SourceId, Visibility,
};

/// What a sample is for in quality control.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QaRole {
    /// The material itself.
    #[default]
    Original,
    /// A second sample of the same place.
    FieldDuplicate,
    /// A second split of the crushed sample.
    CoarseDuplicate,
    /// A second split of the pulp.
    PulpDuplicate,
    /// A certified reference material.
    Standard,
    /// Material known to hold nothing of the analyte.
    Blank,
}

impl QaRole {
    /// All roles.
    pub const ALL: [Self; 6] = [
        Self::Original,
        Self::FieldDuplicate,
        Self::CoarseDuplicate,
        Self::PulpDuplicate,
        Self::Standard,
        Self::Blank,
    ];

    /// The word used in files and tables.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::FieldDuplicate => "field duplicate",
            Self::CoarseDuplicate => "coarse duplicate",
            Self::PulpDuplicate => "pulp duplicate",
            Self::Standard => "standard",
            Self::Blank => "blank",
        }
    }
}

impl FromStr for QaRole {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let word = text.trim().to_lowercase();
        Self::ALL.into_iter().find(|r| r.word() == word).ok_or_else(|| {
            let words = Self::ALL.map(Self::word).join(", ");
            format!("\"{text}\" is not one of {words}")
        })
    }
}

/// The grains that a sample or an assay stands for, millimetres.
///
/// A grade of one fraction never multiplies the mass of a whole body without its mass share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SizeFraction {
    /// Finest grain included.
    pub from_mm: f64,
    /// Coarsest grain included; `None` is without limit.
    pub to_mm: Option<f64>,
    /// Share of the whole material's dry mass that this fraction makes, within 0..=1.
    pub mass_share: Option<f64>,
}

/// Material taken at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Identity.
    pub id: SampleId,
    /// The collection it was imported with and its key there.
    pub origin: Origin,
    /// Label on the bag.
    pub name: String,
    /// The body it stands for, if known.
    pub body: Option<BodyId>,
    /// The hole it comes from; then `from_m` and `to_m` say where and `position` is `None`.
    pub hole: Option<HoleId>,
    /// Where it was taken, for a sample outside a hole.
    pub position: Option<Position>,
    /// Start of the interval along the hole or below the surface, metres.
    pub from_m: Option<f64>,
    /// End of the interval, metres.
    pub to_m: Option<f64>,
    /// How it was taken: code of `sampling_methods.csv`.
    pub method: Option<String>,
    /// Dry mass taken, kilograms: the support.
    pub mass_kg: Option<f64>,
    /// The grains it is of; `None` is the whole material.
    pub size_fraction: Option<SizeFraction>,
    /// When it was taken.
    pub date: Option<PartialDate>,
    /// What it is for.
    pub role: QaRole,
    /// Where this record comes from.
    pub source: SourceId,
    /// The place in the source.
    pub locator: Locator,
    /// Who may see it.
    pub visibility: Visibility,
    /// Licence, where it differs from that of the source.
    pub licence: Option<Licence>,
}
