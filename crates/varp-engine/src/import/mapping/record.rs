//! Sections of a table that make records: sources, sites, bodies, holes, surveys, samples.

use serde::Deserialize;
use varp_model::Visibility;

use super::field::{Field, Given};

/// Coordinates of a record.
#[derive(Clone, Debug, PartialEq, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct PlaceFields {
    /// East or longitude.
    pub x: Option<Field>,
    /// North or latitude.
    pub y: Option<Field>,
    /// EPSG code, where it differs from the table's.
    pub crs: Option<Given>,
    /// Stated accuracy in metres.
    pub accuracy_m: Option<Field>,
    /// Who may see the exact coordinates.
    pub visibility: Option<Visibility>,
    /// The shape of a row of a GIS file.
    pub geometry: bool,
}

/// A source by row.
#[derive(Clone, Debug, PartialEq, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct SourceFields {
    /// Key; the address or else the title if absent.
    pub key: Option<Field>,
    /// Title as printed.
    pub title: Option<Field>,
    /// Authors or publisher.
    pub authors: Option<Field>,
    /// Date.
    pub date: Option<Field>,
    /// Address, DOI or shelf mark.
    pub address: Option<Field>,
    /// Licence of the content.
    pub licence: Option<Field>,
    /// How far it is to be trusted.
    pub reliability: Option<Field>,
    /// Page, table or figure that the row was taken from.
    pub page: Option<Field>,
}

/// A site.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteFields {
    /// Key.
    pub key: Field,
    /// Name in the local language; the key if absent.
    pub name: Option<Field>,
    /// Other names, separated by `;` or `|`.
    pub aliases: Option<Field>,
    /// Country: code or name.
    pub country: Option<Field>,
    /// Municipality or parish.
    pub municipality: Option<Field>,
    /// Where it is.
    pub place: Option<PlaceFields>,
    /// What else the source says.
    pub note: Option<Field>,
    /// Who may see it.
    pub visibility: Option<Field>,
}

/// A body.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BodyFields {
    /// Key.
    pub key: Field,
    /// Key of its site; the site of the row if absent.
    pub site: Option<Field>,
    /// Name in the local language; the key if absent.
    pub name: Option<Field>,
    /// Other names, separated by `;` or `|`.
    pub aliases: Option<Field>,
    /// What it is.
    pub kind: Field,
    /// Status of the mine.
    pub status: Option<Field>,
    /// How it is stored.
    pub storage: Option<Field>,
    /// Entry of the European List of Waste.
    pub list_of_waste: Option<Field>,
    /// What was mined: symbols or names separated by `,`, `;`, `|` or spaces.
    pub commodities: Option<Field>,
    /// When it was laid down or worked.
    pub period: Option<Field>,
    /// First year, where two columns hold the period.
    pub start: Option<Field>,
    /// Last year, where two columns hold the period.
    pub end: Option<Field>,
    /// Key of the deposit its material came from.
    pub origin_deposit: Option<Field>,
    /// Type of deposit in the source's words.
    pub deposit_type: Option<Field>,
    /// Where it is.
    pub place: Option<PlaceFields>,
    /// What else the source says.
    pub note: Option<Field>,
    /// Who may see it.
    pub visibility: Option<Field>,
}

/// A hole, from a collar table.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoleFields {
    /// Key.
    pub key: Field,
    /// Key of its body; the body of the row if absent.
    pub body: Option<Field>,
    /// Name on the map; the key if absent.
    pub name: Option<Field>,
    /// Where it starts.
    pub place: Option<PlaceFields>,
    /// Height of the collar.
    pub elevation: Option<Field>,
    /// Datum of heights.
    pub height_datum: Option<Field>,
    /// Length along the hole.
    pub depth: Option<Field>,
    /// Azimuth at the collar, where there is no survey table.
    pub azimuth: Option<Field>,
    /// Dip at the collar, where there is no survey table.
    pub dip: Option<Field>,
    /// How it was made.
    pub method: Option<Field>,
    /// Who may see it.
    pub visibility: Option<Field>,
}

/// A direction of a hole, from a survey table.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurveyFields {
    /// Key of the hole.
    pub hole: Field,
    /// Length along the hole.
    pub depth: Field,
    /// Degrees clockwise from north.
    pub azimuth: Field,
    /// Dip, with the sense that the table states.
    pub dip: Field,
}

/// A sample.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleFields {
    /// Key.
    pub key: Field,
    /// Label on the bag; the key if absent.
    pub name: Option<Field>,
    /// Key of its body; the body of the row if absent.
    pub body: Option<Field>,
    /// Key of its hole; the hole of the row if absent.
    pub hole: Option<Field>,
    /// Where it was taken, outside a hole.
    pub place: Option<PlaceFields>,
    /// Start of the interval.
    pub from: Option<Field>,
    /// End of the interval.
    pub to: Option<Field>,
    /// How it was taken.
    pub method: Option<Field>,
    /// Dry mass taken, kilograms.
    pub mass_kg: Option<Field>,
    /// Finest grain included, millimetres.
    pub finest_mm: Option<Field>,
    /// Coarsest grain included, millimetres.
    pub coarsest_mm: Option<Field>,
    /// Share of the whole material's dry mass that the fraction makes, 0 to 1.
    pub mass_share: Option<Field>,
    /// When it was taken.
    pub date: Option<Field>,
    /// What it is for in quality control.
    pub role: Option<Field>,
    /// Who may see it.
    pub visibility: Option<Field>,
    /// The rows add assays to samples that another table makes.
    #[serde(default)]
    pub existing: bool,
}
