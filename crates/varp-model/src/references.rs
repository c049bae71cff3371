//! Reference data: facts about the world in versioned files, each row with source and status.
//!
//! The files stand in `reference/`, are embedded in the program and parsed into a [`References`]
//! value that is passed as an argument. A folder of files of the same names can override them.

mod codes;
#[cfg(test)]
mod consistency;
mod crm;
mod load;
mod names;
mod places;
mod size;
mod skos;
mod substances;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use codes::{Code, CodeList, KindFacts};
pub use crm::{CrmEntry, CrmList, Listed};
pub use places::{CountryBox, CrsEntry};
pub use size::Size;
pub use substances::{FractionRange, Mineral, MineralContent, Sum};

use crate::{Dimension, Element};
use names::Names;
use substances::ElementRow;

/// Whether somebody has seen the fact in its primary source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Read in the source named.
    Verified,
    /// From memory or at second hand: shown as such wherever it decided a result.
    Unverified,
}

/// A reference file that cannot be used, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("reference file {file}, row {row}: {message}")]
pub struct ReferenceError {
    /// File name.
    pub file: String,
    /// Row, 1 being the header.
    pub row: u64,
    /// What is wrong.
    pub message: String,
}

/// A raw material of commerce.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Commodity {
    /// Code, such as `Cu`, `REE`, `feldspar`; stable.
    pub code: String,
    /// Group for maps and filters, such as `battery metals`.
    pub group: String,
    /// Substances that witness it in an assay, separated by spaces.
    pub substances: String,
    /// Concept of the CGI commodity list, where one exists.
    pub uri_cgi: String,
    /// Concept of the INSPIRE commodity list, where one exists.
    pub uri_inspire: String,
    /// Name in English.
    pub en: String,
    /// Name in Finnish; empty where no source has it.
    pub fi: String,
    /// Name in Swedish.
    pub sv: String,
    /// Name in Norwegian bokmål.
    pub nb: String,
    /// Name in Danish.
    pub da: String,
    /// Name in Icelandic.
    pub is: String,
    /// Where the row comes from.
    pub source: String,
    /// Whether it was seen there.
    pub status: Status,
}

/// A property that a claim may state.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Property {
    /// Code, such as `mass`, `grade`, `land_owner`.
    pub code: String,
    /// What kind of value it takes.
    pub value: ValueKind,
    /// Dimension of its numbers; empty for words.
    pub dimension: Option<Dimension>,
    /// Subjects it may be stated of, separated by spaces: `site body zone hole sample`.
    pub subjects: String,
    /// Group on a page: `quantity`, `ownership`, `environment`, `permission`, `history`.
    pub group: String,
    /// Whether a substance must be named.
    pub needs_substance: bool,
    /// Code list of a code value; empty otherwise.
    pub list: String,
    /// Visibility unless the mapping says otherwise.
    pub visibility: crate::Visibility,
    /// Label in English.
    pub en: String,
    /// What it means, in a sentence.
    pub definition: String,
}

/// Kind of value that a property takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ValueKind {
    /// A number with unit and uncertainty.
    Number,
    /// Words.
    Text,
    /// A code of a list.
    Code,
    /// A date.
    Date,
}

/// Contained tonnes from which a deposit counts as small, medium, large, very large.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct SizeClass {
    /// Commodity code.
    pub commodity: String,
    /// What the tonnes are of: `metal`, `WO3`, `bauxite ore` …
    pub basis: String,
    /// Least tonnes of "very large".
    pub very_large: f64,
    /// Least tonnes of "large".
    pub large: f64,
    /// Least tonnes of "medium".
    pub medium: f64,
    /// Least tonnes of "small"; less is an occurrence.
    pub small: f64,
    /// Where the row comes from.
    pub source: String,
    /// Whether it was seen there.
    pub status: Status,
}

impl SizeClass {
    /// The class of `tonnes` of the basis substance.
    pub fn of(&self, tonnes: f64) -> &'static str {
        match tonnes {
            t if t >= self.very_large => "very large",
            t if t >= self.large => "large",
            t if t >= self.medium => "medium",
            t if t >= self.small => "small",
            _ => "occurrence",
        }
    }
}

/// Elements that accompany a type of deposit, so that nobody forgets to look for them.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Association {
    /// Deposit type or commodity mined.
    pub deposit_type: String,
    /// Commodity that may come with it.
    pub commodity: String,
    /// How often it does: `common`, `occasional`.
    pub frequency: String,
    /// Where the row comes from.
    pub source: String,
    /// Whether it was seen there.
    pub status: Status,
}

/// All reference data of one version.
#[derive(Clone, Debug)]
pub struct References {
    elements: BTreeMap<Element, ElementRow>,
    /// Defined sums and species of analysis.
    pub sums: Vec<Sum>,
    /// Minerals with their end members.
    pub minerals: Vec<Mineral>,
    /// What minerals hold beside their formula.
    pub mineral_contents: Vec<MineralContent>,
    /// Raw materials.
    pub commodities: Vec<Commodity>,
    /// Properties of claims.
    pub properties: Vec<Property>,
    /// Size classes of contained tonnes.
    pub size_classes: Vec<SizeClass>,
    /// Coordinate systems in use.
    pub crs: Vec<CrsEntry>,
    /// Boxes around countries, for doubt about coordinates.
    pub country_boxes: Vec<CountryBox>,
    /// Facts about kinds of bodies beside their labels.
    pub kinds: Vec<KindFacts>,
    /// Deposit types and what accompanies them.
    pub associations: Vec<Association>,
    /// Lists of critical and strategic raw materials, oldest first.
    pub crm_lists: Vec<CrmList>,
    /// Code lists by name: `body_kinds`, `mine_status`, `waste_storage`, `list_of_waste`, ….
    pub lists: BTreeMap<String, CodeList>,
    /// Text of each file, by name: what a result pins by hash.
    pub files: BTreeMap<String, String>,
    names: Names,
}

impl References {
    /// The property with this code.
    pub fn property(&self, code: &str) -> Option<&Property> {
        self.properties.iter().find(|p| p.code == code)
    }

    /// The commodity with this code.
    pub fn commodity(&self, code: &str) -> Option<&Commodity> {
        self.commodities.iter().find(|c| c.code == code)
    }

    /// What is known of a kind of body beside its labels.
    pub fn kind_facts(&self, code: &str) -> Option<&KindFacts> {
        self.kinds.iter().find(|k| k.code == code)
    }

    /// The code list of this name.
    pub fn list(&self, name: &str) -> Option<&CodeList> {
        self.lists.get(name)
    }
}
