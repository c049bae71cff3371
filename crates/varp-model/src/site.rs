//! Sites: named mining places.

use std::fmt;
use std::str::FromStr;

use crate::{Licence, Locator, Origin, Position, SiteId, SourceId, Visibility};

/// A country or territory by its ISO 3166-1 alpha-2 code; Greenland is `GL`, the Faroes `FO`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

impl Country {
    /// The code in capitals.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).expect("two ASCII letters by construction")
    }
}

impl FromStr for Country {
    type Err = String;

    /// Reads the two letters; names in words are the importer's business.
    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim().as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Ok(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => Err(format!("\"{text}\" is not a two-letter country code")),
        }
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A named mining place, with one or many bodies.
#[derive(Clone, Debug, PartialEq)]
pub struct Site {
    /// Identity.
    pub id: SiteId,
    /// The collection it was imported with and its key there.
    pub origin: Origin,
    /// Name in the local language.
    pub name: String,
    /// Other names, older spellings, names in other languages.
    pub aliases: Vec<String>,
    /// Country or territory.
    pub country: Country,
    /// Municipality or parish, as the source has it.
    pub municipality: Option<String>,
    /// Where it is.
    pub position: Option<Position>,
    /// What else the source says.
    pub note: Option<String>,
    /// Where this record comes from.
    pub source: SourceId,
    /// The place in the source.
    pub locator: Locator,
    /// Who may see it.
    pub visibility: Visibility,
    /// Licence, where it differs from that of the source.
    pub licence: Option<Licence>,
}
