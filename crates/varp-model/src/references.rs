//! Reference data: facts about the world in versioned files, each row with source and status.
//!
//! The files stand in `reference/`, are embedded in the program and parsed into a [`References`]
//! value that is passed as an argument. A folder of files of the same names can override them.

mod codes;
mod crm;
mod load;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use codes::{Code, CodeList};
pub use crm::{CrmEntry, CrmList, Listed};

use crate::{Dimension, Element, Substance};

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

/// A coordinate system in use, where, and what its transformation costs.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct CrsEntry {
    /// EPSG code.
    pub epsg: u16,
    /// Name as surveyors say it.
    pub name: String,
    /// Countries where tables use it, separated by spaces.
    pub countries: String,
    /// Least x (east or longitude) that occurs in these countries.
    pub x_min: f64,
    /// Greatest x.
    pub x_max: f64,
    /// Least y (north or latitude).
    pub y_min: f64,
    /// Greatest y.
    pub y_max: f64,
    /// Whether the authority's axis order is north before east.
    pub north_first: bool,
    /// Error in metres of the transformation without grids.
    pub accuracy_m: f64,
    /// The operation used, in words.
    pub operation: String,
    /// Where the accuracy comes from.
    pub source: String,
    /// Whether it was seen there.
    pub status: Status,
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

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct ElementRow {
    symbol: String,
    name: String,
    atomic_weight: Option<f64>,
    status: Status,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct NamedSubstance {
    code: String,
    /// Other spellings, separated by `|`.
    spellings: String,
    definition: String,
}

/// All reference data of one version.
#[derive(Clone, Debug)]
pub struct References {
    elements: BTreeMap<Element, ElementRow>,
    sums: Vec<NamedSubstance>,
    minerals: Vec<NamedSubstance>,
    /// Raw materials.
    pub commodities: Vec<Commodity>,
    /// Properties of claims.
    pub properties: Vec<Property>,
    /// Size classes of contained tonnes.
    pub size_classes: Vec<SizeClass>,
    /// Coordinate systems in use.
    pub crs: Vec<CrsEntry>,
    /// Deposit types and what accompanies them.
    pub associations: Vec<Association>,
    /// Lists of critical and strategic raw materials, oldest first.
    pub crm_lists: Vec<CrmList>,
    /// Code lists by name: `body_kinds`, `mine_status`, `waste_storage`, `list_of_waste`, ….
    pub lists: BTreeMap<String, CodeList>,
    /// Text of each file, by name: what a result pins by hash.
    pub files: BTreeMap<String, String>,
}

impl References {
    /// Mass of one mole in grams.
    pub fn atomic_weight(&self, element: Element) -> Option<f64> {
        self.elements.get(&element)?.atomic_weight
    }

    /// English name of an element.
    pub fn element_name(&self, element: Element) -> Option<&str> {
        self.elements.get(&element).map(|row| row.name.as_str())
    }

    /// Whether the weight of an element was seen in its source.
    pub fn element_status(&self, element: Element) -> Option<Status> {
        self.elements.get(&element).map(|row| row.status)
    }

    /// Code of the defined sum that is written like this, in any case.
    pub fn defined_sum(&self, text: &str) -> Option<&str> {
        find_named(&self.sums, text)
    }

    /// Code of the mineral that is written like this, in any case.
    pub fn mineral(&self, text: &str) -> Option<&str> {
        find_named(&self.minerals, text)
    }

    /// What a defined sum or a mineral means, in words or as a formula.
    pub fn definition(&self, substance: &Substance) -> Option<&str> {
        let (rows, code) = match substance {
            Substance::Defined(code) => (&self.sums, code),
            Substance::Mineral(code) => (&self.minerals, code),
            Substance::Element(_) | Substance::Compound(_) => return None,
        };
        rows.iter().find(|row| row.code == *code).map(|row| row.definition.as_str())
    }

    /// The property with this code.
    pub fn property(&self, code: &str) -> Option<&Property> {
        self.properties.iter().find(|p| p.code == code)
    }

    /// The commodity with this code.
    pub fn commodity(&self, code: &str) -> Option<&Commodity> {
        self.commodities.iter().find(|c| c.code == code)
    }

    /// The coordinate system with this EPSG code.
    pub fn crs_entry(&self, epsg: u16) -> Option<&CrsEntry> {
        self.crs.iter().find(|c| c.epsg == epsg)
    }

    /// The code list of this name.
    pub fn list(&self, name: &str) -> Option<&CodeList> {
        self.lists.get(name)
    }

    /// Commodities that an assay of `substance` witnesses: element present, not material obtainable.
    pub fn commodities_of(&self, substance: &Substance) -> Vec<&Commodity> {
        let mut codes: Vec<&str> = substance.elements().iter().map(|e| e.symbol()).collect();
        codes.push(substance.code());
        self.commodities
            .iter()
            .filter(|c| c.substances.split_whitespace().any(|s| codes.contains(&s)))
            .collect()
    }
}

fn find_named<'a>(rows: &'a [NamedSubstance], text: &str) -> Option<&'a str> {
    let wanted = text.trim().to_lowercase();
    rows.iter()
        .find(|row| {
            row.code.to_lowercase() == wanted
                || row.spellings.split('|').any(|s| s.trim().to_lowercase() == wanted)
        })
        .map(|row| row.code.as_str())
}
