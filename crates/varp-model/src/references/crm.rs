//! Lists of critical and strategic raw materials by jurisdiction and year.

use serde::Deserialize;

use super::{References, Status};
use crate::Substance;

/// One material on a list.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct CrmEntry {
    /// Identity of the list, such as `EU-2024`.
    pub list: String,
    /// Name of the material as the list prints it.
    pub material: String,
    /// Commodity codes that it covers, separated by spaces.
    pub commodities: String,
    /// Whether it is on the critical list.
    pub critical: bool,
    /// Whether it is on the strategic list.
    pub strategic: bool,
    /// Form or grade that the law names, such as `battery grade`, `metal`; empty if any.
    pub form: String,
    /// Form or grade that the strategic list names, where it differs.
    pub strategic_form: String,
    /// Where the row comes from.
    pub source: String,
    /// Whether it was seen there.
    pub status: Status,
}

/// A list as a whole.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct CrmList {
    /// Identity, such as `EU-2024`.
    pub list: String,
    /// Who made it: `EU`, `US`.
    pub jurisdiction: String,
    /// Year by which people name it.
    pub year: i16,
    /// First day on which it held.
    pub valid_from: String,
    /// Number of critical materials that the list itself states.
    pub count: usize,
    /// Number of strategic materials that it states; 0 if it has no such list.
    #[serde(default)]
    pub strategic_count: usize,
    /// Citation.
    pub source: String,
    /// Whether the list was seen there.
    pub status: Status,
    /// Its materials.
    #[serde(skip)]
    pub entries: Vec<CrmEntry>,
}

/// What a list says of a substance that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed<'a> {
    /// The entry.
    pub entry: &'a CrmEntry,
    /// Whether the element alone makes it the listed material: only where no form is named.
    pub any_form: bool,
}

impl CrmList {
    /// Entries that the commodity falls under.
    pub fn entries_of_commodity<'a>(&'a self, code: &str) -> Vec<&'a CrmEntry> {
        self.entries
            .iter()
            .filter(|e| e.commodities.split_whitespace().any(|c| c == code))
            .collect()
    }

    /// Entries that a substance present in a body points to.
    ///
    /// An assay shows an element; the law lists forms and grades. `any_form` tells whether the
    /// entry asks for more than the element's presence.
    pub fn entries_of_substance<'a>(
        &'a self,
        substance: &Substance,
        references: &References,
    ) -> Vec<Listed<'a>> {
        let mut listed: Vec<Listed<'a>> = Vec::new();
        for commodity in references.commodities_of(substance) {
            for entry in self.entries_of_commodity(&commodity.code) {
                if !listed.iter().any(|l| l.entry == entry) {
                    listed.push(Listed { entry, any_form: entry.form.is_empty() });
                }
            }
        }
        listed
    }
}
