//! The mapping document: which column is what. `docs/guide/mapping.md` explains it by example.

use serde::Deserialize;
use varp_model::Visibility;

use super::field::{Field, Given};
use super::record::{BodyFields, HoleFields, SampleFields, SiteFields, SourceFields, SurveyFields};
use crate::import::date::Dates;

/// How the tables of one collection become records.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Name of the collection; keys are unique in it, for ever.
    pub dataset: String,
    /// The source of everything that names no other.
    pub source: Option<SourceDocument>,
    /// Licence of the records, where it differs from that of the source.
    pub licence: Option<String>,
    /// Who may see the records; public unless stated.
    #[serde(default)]
    pub visibility: Visibility,
    /// Country of sites whose row has none, and the one in which coordinates are expected.
    pub country: Option<String>,
    /// The tables.
    #[serde(rename = "table", default)]
    pub tables: Vec<TableMapping>,
}

/// A source written in the mapping itself.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceDocument {
    /// Title as printed.
    pub title: String,
    /// Authors or publisher.
    pub authors: Option<String>,
    /// When it was published or obtained, ISO 8601.
    pub date: Option<String>,
    /// Address, DOI or shelf mark.
    pub address: Option<String>,
    /// Licence of the content.
    pub licence: Option<String>,
    /// How far it is to be trusted.
    pub reliability: Option<String>,
}

/// One table, or all tables of one shape.
#[derive(Clone, Debug, PartialEq, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct TableMapping {
    /// Pattern of the file's name, `*` standing for anything; any file if absent.
    pub file: Option<String>,
    /// Pattern of the worksheet's or layer's name; any if absent.
    pub sheet: Option<String>,
    /// Name of the table that this one is a later state of; `varp export --mapping` writes it.
    pub of: Option<String>,
    /// Row or rows of the header, from 1; the first row if absent.
    pub header: Option<Rows>,
    /// Row that holds units.
    pub units_row: Option<u32>,
    /// Row that holds method codes.
    pub method_row: Option<u32>,
    /// First row of data, where it does not follow the header rows.
    pub first_row: Option<u32>,
    /// The table ends before a row whose first filled cell starts with this.
    pub stop_at: Option<String>,
    /// Encoding of a text file, where detection fails.
    pub encoding: Option<String>,
    /// Delimiter of a text file, where detection fails.
    pub delimiter: Option<String>,
    /// Decimal sign, `.` or `,`; a point if absent.
    pub decimal: Option<String>,
    /// Sign between thousands besides spaces and apostrophes.
    pub thousands: Option<String>,
    /// Words for an empty cell.
    pub missing: Vec<String>,
    /// How dates are written.
    pub dates: Dates,
    /// EPSG code of coordinates.
    pub crs: Option<Given>,
    /// Unit of depths and heights: `m` unless stated.
    pub length_unit: Option<String>,
    /// Sense of dips: `positive down` or `negative down`.
    pub dip: Option<DipSign>,
    /// Columns that are left out on purpose.
    pub ignore: Vec<String>,
    /// Who may see the records of this table.
    pub visibility: Option<Visibility>,
    /// Licence of the records of this table.
    pub licence: Option<String>,
    /// Source by row.
    pub source: Option<SourceFields>,
    /// Each row makes or repeats a site.
    pub site: Option<SiteFields>,
    /// Each row makes a body.
    pub body: Option<BodyFields>,
    /// Each row makes a hole.
    pub hole: Option<HoleFields>,
    /// Each row is a direction of a hole.
    pub survey: Option<SurveyFields>,
    /// Each row makes a sample.
    pub sample: Option<SampleFields>,
    /// What the claims of the row are about, where the row makes no such record.
    pub subject: Option<SubjectFields>,
    /// Claims of the row.
    #[serde(rename = "claim")]
    pub claims: Vec<ClaimFields>,
    /// What all claims of the table share.
    pub claim_defaults: ClaimDefaults,
    /// Assays of the row.
    #[serde(rename = "assay")]
    pub assays: Vec<AssayFields>,
    /// What all assays of the table share.
    pub assay_defaults: AssayDefaults,
    /// One assay per row.
    pub long: Option<LongFields>,
    /// Marks that stand in place of numbers.
    pub censoring: CensoringRules,
}

/// One row or several.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Rows {
    /// A single row.
    One(u32),
    /// Several rows, read from top to bottom.
    Many(Vec<u32>),
}

impl Rows {
    /// The rows in order.
    pub fn list(&self) -> Vec<u32> {
        match self {
            Self::One(row) => vec![*row],
            Self::Many(rows) => rows.clone(),
        }
    }
}

/// Sense of dips.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum DipSign {
    /// 90 is straight down.
    #[serde(rename = "positive down")]
    PositiveDown,
    /// -90 is straight down.
    #[serde(rename = "negative down")]
    NegativeDown,
}

/// What claims are about, where their table makes no such record.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubjectFields {
    /// `site`, `body`, `hole` or `sample`.
    pub kind: Given,
    /// Its key.
    pub key: Field,
}

/// A claim of the row.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimFields {
    /// `site`, `body`, `hole` or `sample` of the row; the table's subject if absent.
    pub subject: Option<String>,
    /// Code of `properties.csv`.
    pub property: Given,
    /// The value.
    pub column: Option<Field>,
    /// Low end of the range, in the same unit.
    pub low: Option<Field>,
    /// High end of the range, in the same unit.
    pub high: Option<Field>,
    /// Probability that the range was meant to hold, 0 to 1.
    pub coverage: Option<Given>,
    /// The substance of a grade, content or recovery.
    pub substance: Option<Given>,
    /// Unit; may stand in the cell instead.
    pub unit: Option<Given>,
    /// `dry`, `wet` or `unstated`.
    pub basis: Option<Given>,
    /// `original`, `remaining`, `produced` or `unstated`.
    pub term: Option<Given>,
    /// Date for which it holds.
    pub date: Option<Given>,
    /// Period for which it holds.
    pub period: Option<Given>,
    /// How it was found out.
    pub method: Option<Given>,
    /// What else the source says.
    pub note: Option<Given>,
    /// Page, table or figure.
    pub page: Option<Given>,
    /// Why this claim is preferred.
    pub preferred: Option<Given>,
    /// Key, where property, substance, term, basis, date and source do not suffice.
    pub key: Option<Given>,
    /// Who may see it.
    pub visibility: Option<Visibility>,
    /// Meaning of words, for codes.
    #[serde(default)]
    pub map: std::collections::BTreeMap<String, String>,
}

/// What all claims of a table share unless they say otherwise.
#[derive(Clone, Debug, PartialEq, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct ClaimDefaults {
    /// `dry`, `wet` or `unstated`.
    pub basis: Option<Given>,
    /// `original`, `remaining`, `produced` or `unstated`.
    pub term: Option<Given>,
    /// Date for which the claims hold.
    pub date: Option<Given>,
    /// How they were found out.
    pub method: Option<Given>,
}

/// What all assays of a table share unless they say otherwise.
#[derive(Clone, Debug, PartialEq, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct AssayDefaults {
    /// Unit.
    pub unit: Option<String>,
    /// `dry`, `wet` or `unstated`.
    pub basis: Option<String>,
    /// Digestion: code of `digestions.csv`.
    pub digestion: Option<String>,
    /// Instrument or method code.
    pub method: Option<String>,
    /// Laboratory.
    pub laboratory: Option<String>,
    /// Lower limit in the unit of the assay.
    pub detection_limit: Option<f64>,
    /// Upper limit in the unit of the assay.
    pub upper_limit: Option<f64>,
}

/// An assay column.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssayFields {
    /// The column.
    pub column: Field,
    /// Element, formula, mineral or defined sum.
    pub substance: String,
    /// Unit; `units row` takes it from the row of units.
    pub unit: Option<String>,
    /// `dry`, `wet` or `unstated`.
    pub basis: Option<String>,
    /// Digestion: code of `digestions.csv`.
    pub digestion: Option<String>,
    /// Instrument or method code; `method row` takes it from the row of methods.
    pub method: Option<String>,
    /// Laboratory.
    pub laboratory: Option<String>,
    /// Lower limit in the unit of the assay.
    pub detection_limit: Option<f64>,
    /// Upper limit in the unit of the assay.
    pub upper_limit: Option<f64>,
    /// Finest grain analysed, millimetres.
    pub finest_mm: Option<f64>,
    /// Coarsest grain analysed, millimetres.
    pub coarsest_mm: Option<f64>,
    /// Meaning of zero in this column.
    pub zero: Option<ZeroRule>,
    /// Meaning of negative numbers in this column.
    pub negative: Option<NegativeRule>,
}

/// One assay per row.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LongFields {
    /// Column of the analyte.
    pub substance: Field,
    /// Column of the value.
    pub value: Field,
    /// `<` or `>` in a column of its own.
    pub qualifier: Option<Field>,
    /// Unit.
    pub unit: Option<Given>,
    /// `dry`, `wet` or `unstated`.
    pub basis: Option<Given>,
    /// Digestion.
    pub digestion: Option<Given>,
    /// Method code.
    pub method: Option<Given>,
    /// Laboratory.
    pub laboratory: Option<Given>,
    /// Lower limit in the unit of the row.
    pub detection_limit: Option<Given>,
}

/// Meaning of zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum ZeroRule {
    /// Zero was measured.
    #[serde(rename = "value")]
    Value,
    /// Below the detection limit, which must be stated.
    #[serde(rename = "below limit")]
    BelowLimit,
    /// Not analysed.
    #[serde(rename = "missing")]
    Missing,
}

/// Meaning of negative numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum NegativeRule {
    /// -0.5 is <0.5.
    #[serde(rename = "below limit")]
    BelowLimit,
    /// Not analysed.
    #[serde(rename = "missing")]
    Missing,
}

/// Marks that stand in place of numbers.
#[derive(Clone, Debug, PartialEq, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct CensoringRules {
    /// Marks for below the detection limit.
    pub below: Vec<String>,
    /// Marks for above the upper limit.
    pub above: Vec<String>,
    /// Marks for not analysed.
    pub missing: Vec<String>,
    /// Meaning of zero.
    pub zero: Option<ZeroRule>,
    /// Meaning of negative numbers.
    pub negative: Option<NegativeRule>,
}
