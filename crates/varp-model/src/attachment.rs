//! Measured surfaces and points that people hand to a body once, for every estimate to come.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{PartialDate, ResultId, Visibility};

/// What an attached file shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A height model of the surface of the body.
    Top,
    /// A height model of the ground below it, such as a map from before the mine.
    Base,
    /// A table of points with the thickness of the body.
    Thickness,
    /// A table of points with the depth of the base or the height of the old ground.
    Soundings,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 4] = [Self::Top, Self::Base, Self::Thickness, Self::Soundings];

    /// The word used in tables and on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Top => "top",
            Self::Base => "base",
            Self::Thickness => "thickness",
            Self::Soundings => "soundings",
        }
    }

    /// Whether the file is a height model; else it is a table of points.
    pub const fn is_surface(self) -> bool {
        matches!(self, Self::Top | Self::Base)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let word = text.trim().to_lowercase();
        Self::ALL
            .into_iter()
            .find(|role| role.word() == word)
            .ok_or_else(|| format!("\"{text}\" is not one of top, base, thickness, soundings"))
    }
}

/// The error of heights, depths or thicknesses as their maker states it; what is not stated is empty, and
/// the plan of an estimate takes a prior for it and says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedError {
    /// Standard deviation at one place, metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sd_m: Option<f64>,
    /// Standard deviation of an offset common to all of a height model, metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset_sd_m: Option<f64>,
    /// Distance over which the error of a height model hangs together, metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range_m: Option<f64>,
}

/// A file attached to a body, as its steward described it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// Name among the attachments of the body; plans call a surface so.
    pub name: String,
    /// What it shows.
    pub role: Role,
    /// Who made it, or where it was taken from.
    pub source: String,
    /// When it was measured, ISO 8601.
    pub date: String,
    /// Licence of the content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// EPSG code of its projected system.
    pub epsg: u16,
    /// Its error.
    #[serde(default)]
    pub error: StatedError,
    /// Name of the file.
    pub file: String,
    /// SHA-256 of the file as it was handed over.
    pub file_hash: String,
    /// SHA-256 of what is kept of it: a height model is cut to the surroundings of the outline.
    pub kept: String,
    /// What is kept, in words: cells or points.
    pub holds: String,
}

impl Attachment {
    /// When it was measured; `None` is a date that cannot be read.
    pub fn measured(&self) -> Option<PartialDate> {
        self.date.parse().ok()
    }
}

/// A step in the history of the attachments of a body; each is stored for good.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum AttachmentStep {
    /// A file was attached.
    Attached(Attachment),
    /// One is not to be used any more. What was made of it stands.
    Withdrawn {
        /// Id of the step that attached it.
        attachment: String,
        /// Why.
        because: String,
    },
}

/// An attachment that stands in the register.
#[derive(Clone, Debug, PartialEq)]
pub struct Attached {
    /// Id of the step that attached it.
    pub id: ResultId,
    /// What it is.
    pub attachment: Attachment,
    /// Who may see it.
    pub visibility: Visibility,
    /// Who attached it.
    pub actor: String,
    /// When, RFC 3339 in UTC.
    pub time: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_read_by_their_words() {
        assert!(Role::ALL.iter().all(|role| role.word().parse() == Ok(*role)));
        assert!("dem".parse::<Role>().unwrap_err().contains("soundings"));
    }
}
