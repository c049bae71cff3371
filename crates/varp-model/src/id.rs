//! Identities: UUIDs that stay the same over re-imports and over edits in a GIS.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Namespace of every name-based identity that varp makes.
const NAMESPACE: Uuid = Uuid::from_u128(0x7661_7270_0000_5000_8000_6d69_6e65_7761);

/// Name of a collection of records that one publisher keeps under its own keys.
///
/// The same dataset and key always give the same identity, so a second import finds its rows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Dataset(pub String);

impl Dataset {
    fn name_based(&self, kind: &str, key: &str) -> Uuid {
        let dataset = Uuid::new_v5(&NAMESPACE, self.0.as_bytes());
        Uuid::new_v5(&Uuid::new_v5(&dataset, kind.as_bytes()), key.as_bytes())
    }
}

/// Identity of something made of `parts` alone, whoever made it. Lengths count, so that no two lists
/// of parts run together.
pub(crate) fn made_of(kind: &str, parts: &[String]) -> Uuid {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    Uuid::new_v5(&Uuid::new_v5(&NAMESPACE, kind.as_bytes()), &bytes)
}

/// Reads a UUID as people write it: any case, with or without braces or hyphens.
pub fn parse_uuid(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text.trim()).ok()
}

macro_rules! identity {
    ($($(#[$doc:meta])* $name:ident = $kind:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Word for this kind of record in addresses and change records.
            pub const KIND: &'static str = $kind;

            /// The identity of the record that `dataset` keeps under `key`.
            pub fn of(dataset: &Dataset, key: &str) -> Self {
                Self(dataset.name_based($kind, key))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                Uuid::try_parse(text.trim()).map(Self)
            }
        }
    )*};
}

identity! {
    /// Identity of a [`Site`](crate::Site).
    SiteId = "site";
    /// Identity of a [`Body`](crate::Body).
    BodyId = "body";
    /// Identity of a [`Zone`](crate::Zone).
    ZoneId = "zone";
    /// Identity of a [`Hole`](crate::Hole).
    HoleId = "hole";
    /// Identity of a [`Sample`](crate::Sample).
    SampleId = "sample";
    /// Identity of a [`Source`](crate::Source).
    SourceId = "source";
    /// Identity of a [`Claim`](crate::Claim).
    ClaimId = "claim";
    /// Identity of an [`Import`](crate::Import).
    ImportId = "import";
    /// Identity of a [`StoredResult`](crate::StoredResult).
    ResultId = "result";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_key_gives_the_same_identity_and_kinds_never_collide() {
        let dataset = Dataset("survey-2026".into());
        assert_eq!(SiteId::of(&dataset, "Yxsjöberg"), SiteId::of(&dataset, "Yxsjöberg"));
        assert_ne!(SiteId::of(&dataset, "A").0, BodyId::of(&dataset, "A").0);
        assert_ne!(SiteId::of(&dataset, "A"), SiteId::of(&Dataset("other".into()), "A"));
    }

    #[test]
    fn an_identity_survives_its_text() {
        let id = BodyId::of(&Dataset("d".into()), "k");
        assert_eq!(id.to_string().parse::<BodyId>().unwrap(), id);
    }
}
