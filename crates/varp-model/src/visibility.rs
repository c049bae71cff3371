//! Who may see a record or a field, and what may be done with it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Who may see a record or a field. The order is from open to closed.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    /// Anybody: pages, API, downloads.
    #[default]
    Public,
    /// The competent authority and the keeper of the register.
    Authority,
    /// The keeper of the register only.
    Private,
}

impl Visibility {
    /// All visibilities, from open to closed.
    pub const ALL: [Self; 3] = [Self::Public, Self::Authority, Self::Private];

    /// The word used in files and tables.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Authority => "authority",
            Self::Private => "private",
        }
    }
}

impl fmt::Display for Visibility {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Visibility {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let word = text.trim().to_lowercase();
        Self::ALL
            .into_iter()
            .find(|v| v.word() == word)
            .ok_or_else(|| format!("\"{text}\" is not one of public, authority, private"))
    }
}

/// Licence under which a record may be used: an SPDX identifier or the publisher's own words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Licence(pub String);
