//! Profile of a body: what a register says of it, as numbers a decision needs. Each number says
//! whether it was measured, derived or is a prior, and how it came about.

mod bulk;
mod criteria;
mod estimated;
mod facts;
pub mod figure;
mod grade;
pub mod knowledge;
mod statement;
mod worth;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use varp_model::{Body, Claim, Country, Hole, HoleId, LonLat, Measured, References};

pub use bulk::Size;
pub use criteria::{ProfileRow, priors};
pub use estimated::{EstimatedBody, EstimatedProduct};
pub use figure::Figure;
pub use grade::{Grade, GradeUpdate, element_of};
pub use knowledge::{Knowledge, ProductRow};
pub use worth::ProductWorth;

/// What a register knows of one body.
#[derive(Clone, Debug)]
pub struct BodyRecord {
    /// The body.
    pub body: Body,
    /// Country of its site.
    pub country: Country,
    /// Name of its site.
    pub site_name: String,
    /// Place of its site.
    pub site_place: Option<LonLat>,
    /// Claims about the body, then about its site.
    pub claims: Vec<Claim>,
    /// Holes in it.
    pub holes: Vec<Hole>,
    /// Places of samples without a hole.
    pub sampled: Vec<LonLat>,
    /// What laboratories found in its samples.
    pub measurements: Vec<Measurement>,
    /// The stored estimate that speaks for it.
    pub estimate: Option<EstimatedBody>,
}

impl BodyRecord {
    /// Places where its holes start.
    pub fn collars(&self) -> Vec<LonLat> {
        self.holes.iter().filter_map(|h| h.collar.as_ref().map(|c| c.place)).collect()
    }
}

/// One assay of an original sample, as content of an element.
#[derive(Clone, Debug, PartialEq)]
pub struct Measurement {
    /// Name of the sample.
    pub sample: String,
    /// Its hole.
    pub hole: Option<HoleId>,
    /// Its place, or that of the collar.
    pub place: Option<LonLat>,
    /// Upper end, m.
    pub from_m: Option<f64>,
    /// Lower end, m.
    pub to_m: Option<f64>,
    /// Element symbol.
    pub element: String,
    /// kg per kg.
    pub content: Measured<f64>,
}

/// Whose place stands for that of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceOf {
    /// Its own.
    Body,
    /// The middle of its holes.
    Holes,
    /// Its site: it may lie kilometres off.
    Site,
}

/// A body in numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Identity of the body.
    pub id: String,
    /// Name.
    pub name: String,
    /// Name of its site.
    pub site: String,
    /// Kind of body.
    pub kind: String,
    /// Country code.
    pub country: String,
    /// Commodities mined.
    pub commodities: Vec<String>,
    /// List-of-Waste entry.
    pub list_of_waste: Option<String>,
    /// Place: longitude, latitude, degrees.
    pub place: Option<(f64, f64)>,
    /// Whose place that is.
    pub place_of: PlaceOf,
    /// The stored estimate that mass, density and grades come from, by its id.
    pub estimate: Option<String>,
    /// Mass, area, thickness, density.
    pub size: Size,
    /// Grades by element, kg/kg.
    pub grades: BTreeMap<String, Grade>,
    /// Worth by element, the largest return first.
    pub products: Vec<ProductWorth>,
    /// In-situ recoverable value, M€; for ranking only.
    pub value_meur: Option<Figure>,
    /// Net smelter return, € per tonne.
    pub smelter_return: Option<Figure>,
    /// Coefficient of variation of grade between holes.
    pub hole_variation: Figure,
    /// Acid neutralisation per acid potential, where stated.
    pub neutralisation_ratio: Option<Figure>,
}

impl Profile {
    /// The profile of a record.
    pub fn of(record: &BodyRecord, known: &Knowledge, references: &References) -> Self {
        let size = bulk::size(record, known);
        let grades = grade::grades(record, known, references);
        let products = worth::products(record, (&size, &grades), known, references);
        let main = products.first().map(|p| p.element.clone());
        let (place, place_of) = place(record);
        Self {
            id: record.body.id.to_string(),
            name: record.body.name.clone(),
            site: record.site_name.clone(),
            kind: record.body.kind.0.clone(),
            country: record.country.code().to_owned(),
            commodities: record.body.commodities.clone(),
            list_of_waste: record.body.list_of_waste.clone(),
            place,
            place_of,
            estimate: record.estimate.as_ref().map(|e| e.result.clone()),
            value_meur: worth::value(&size, &products),
            smelter_return: worth::smelter_return(&products),
            hole_variation: grade::hole_variation(record, main.as_deref(), known),
            neutralisation_ratio: statement::figure(
                &record.claims,
                "neutralisation_ratio",
                None,
                known.spread("neutralisation ratio"),
            ),
            size,
            grades,
            products,
        }
    }

    /// The element that earns most.
    pub fn main_product(&self) -> Option<&ProductWorth> {
        self.products.first()
    }
}

/// The place of a body, of its holes, or of its site.
fn place(record: &BodyRecord) -> (Option<(f64, f64)>, PlaceOf) {
    let degrees = |p: LonLat| (p.longitude(), p.latitude());
    if let Some(position) = &record.body.position {
        return (Some(degrees(position.place)), PlaceOf::Body);
    }
    let collars: Vec<(f64, f64)> = record.collars().into_iter().map(degrees).collect();
    if !collars.is_empty() {
        let n = collars.len() as f64;
        let mean = |of: fn(&(f64, f64)) -> f64| collars.iter().map(of).sum::<f64>() / n;
        return (Some((mean(|p| p.0), mean(|p| p.1))), PlaceOf::Holes);
    }
    (record.site_place.map(degrees), PlaceOf::Site)
}
