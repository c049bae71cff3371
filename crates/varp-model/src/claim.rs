//! Claims: the one noun for a sourced fact.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{
    BodyId, ClaimId, HoleId, Licence, Locator, Origin, PartialDate, Period, SampleId, SiteId,
    SourceId, Substance, Unit, Visibility, ZoneId,
};

/// What a claim is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A site.
    Site(SiteId),
    /// A body.
    Body(BodyId),
    /// A zone.
    Zone(ZoneId),
    /// A hole.
    Hole(HoleId),
    /// A sample.
    Sample(SampleId),
}

impl Subject {
    /// Word for the kind of subject, as in addresses.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Site(_) => SiteId::KIND,
            Self::Body(_) => BodyId::KIND,
            Self::Zone(_) => ZoneId::KIND,
            Self::Hole(_) => HoleId::KIND,
            Self::Sample(_) => SampleId::KIND,
        }
    }

    /// Its identity.
    pub fn uuid(&self) -> uuid::Uuid {
        match self {
            Self::Site(id) => id.0,
            Self::Body(id) => id.0,
            Self::Zone(id) => id.0,
            Self::Hole(id) => id.0,
            Self::Sample(id) => id.0,
        }
    }

    /// The subject of this kind and identity.
    pub fn new(kind: &str, id: uuid::Uuid) -> Option<Self> {
        Some(match kind {
            SiteId::KIND => Self::Site(SiteId(id)),
            BodyId::KIND => Self::Body(BodyId(id)),
            ZoneId::KIND => Self::Zone(ZoneId(id)),
            HoleId::KIND => Self::Hole(HoleId(id)),
            SampleId::KIND => Self::Sample(SampleId(id)),
            _ => return None,
        })
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize,
                 Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word used in files and tables.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                let word = text.trim().to_lowercase();
                Self::ALL.iter().copied().find(|v| v.word() == word).ok_or_else(|| {
                    let words: Vec<_> = Self::ALL.iter().map(|v| v.word()).collect();
                    format!("\"{text}\" is not one of {}", words.join(", "))
                })
            }
        }
    };
}

words! {
    /// Whether water is counted in the mass.
    Basis {
        /// The source does not say.
        #[default]
        Unstated = "unstated",
        /// Without water.
        Dry = "dry",
        /// As it lies or was received.
        Wet = "wet",
    }
}

words! {
    /// Which stock or flow a quantity speaks of; sums across different terms are refused.
    Term {
        /// The source does not say.
        #[default]
        Unstated = "unstated",
        /// What there was before anything was taken.
        Original = "original",
        /// What is there at the date given.
        Remaining = "remaining",
        /// What was taken out, up to or within the period given.
        Produced = "produced",
    }
}

/// The probability that a stated range was meant to hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Coverage {
    /// The source does not say; a named rule of the plan must turn the range into a distribution.
    Unstated,
    /// A probability within 0..1, such as 0.8.
    Stated(f64),
}

/// How uncertain a number is said to be.
#[derive(Clone, Debug, PartialEq)]
pub enum Spread {
    /// A range around the best value, in the unit of the number.
    Range {
        /// Low end.
        low: f64,
        /// High end.
        high: f64,
        /// What the range was meant to cover.
        coverage: Coverage,
    },
    /// No uncertainty is given, and why: mostly "not stated by the source".
    Missing(String),
}

/// A number with its unit and uncertainty, in the unit of the source.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    /// Best value; `None` where the source gives only a range.
    pub best: Option<f64>,
    /// How uncertain it is.
    pub spread: Spread,
    /// Unit of all three numbers.
    pub unit: Unit,
    /// The cell as it stood, such as `0.72–0.92 Mt`.
    pub reported: String,
}

impl Range {
    /// Low end, if a range is given.
    pub fn low(&self) -> Option<f64> {
        match self.spread {
            Spread::Range { low, .. } => Some(low),
            Spread::Missing(_) => None,
        }
    }

    /// High end, if a range is given.
    pub fn high(&self) -> Option<f64> {
        match self.spread {
            Spread::Range { high, .. } => Some(high),
            Spread::Missing(_) => None,
        }
    }
}

/// What a claim says.
#[derive(Clone, Debug, PartialEq)]
pub enum ClaimValue {
    /// A number with unit and uncertainty.
    Number(Range),
    /// Words.
    Text(String),
    /// A code of the list that the property names.
    Code(String),
    /// A date.
    Date(PartialDate),
}

/// A sourced fact about a subject. Conflicting claims coexist; one may be preferred with a reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Identity.
    pub id: ClaimId,
    /// The collection it was imported with and its key there.
    pub origin: Origin,
    /// What it is about.
    pub subject: Subject,
    /// What it says something of: a code of `properties.csv`, such as `mass`, `grade`, `permit`.
    pub property: String,
    /// The substance, where the property is a grade, a content or a recovery.
    pub substance: Option<Substance>,
    /// What it says.
    pub value: ClaimValue,
    /// Dry or wet.
    pub basis: Basis,
    /// Original, remaining or produced.
    pub term: Term,
    /// The date for which it holds.
    pub date: Option<PartialDate>,
    /// The period for which a flow or sum holds.
    pub period: Option<Period>,
    /// How it was found out, in the source's words.
    pub method: Option<String>,
    /// What else the source says.
    pub note: Option<String>,
    /// Where it comes from.
    pub source: SourceId,
    /// The place in the source.
    pub locator: Locator,
    /// Why this claim is preferred over the others on the same subject; `None` if it is not.
    pub preferred: Option<String>,
    /// Who may see it.
    pub visibility: Visibility,
    /// Licence, where it differs from that of the source.
    pub licence: Option<Licence>,
}
