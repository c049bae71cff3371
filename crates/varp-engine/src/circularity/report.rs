//! What may become of one body, along every way, with what the numbers rest on.

use serde::Serialize;

use super::scenario::{Fates, ScenarioError, WaysDocument, fates};
use crate::profile::{Figure, Knowledge, Profile};

/// A number that the scenarios rest on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ground {
    /// What, such as `mass, t` or `Cu, recovery`.
    pub what: String,
    /// The number, its interval, evidence and words.
    #[serde(flatten)]
    pub figure: Figure,
}

/// All scenarios of a body.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Circularity {
    /// Id of the body.
    pub body: String,
    /// Its name.
    pub name: String,
    /// Its site.
    pub site: String,
    /// The stored estimate that mass and grades come from.
    pub estimate: Option<String>,
    /// Mass, then grade and recovery of each product.
    pub rests_on: Vec<Ground>,
    /// Version of the document of scenarios.
    pub scenarios_version: String,
    /// A scenario each.
    pub fates: Vec<Fates>,
}

/// Draws up every way of the document for one body.
///
/// # Errors
/// If mass or grades are not known, or contradict each other.
pub fn circularity(
    profile: &Profile,
    ways: &WaysDocument,
    known: &Knowledge,
) -> Result<Circularity, ScenarioError> {
    let all: Result<Vec<Fates>, _> =
        ways.scenarios.iter().map(|way| fates(profile, way, known)).collect();
    let ground = |what: String, figure: &Figure| Ground { what, figure: figure.clone() };
    let mass = profile.size.mass_t.iter().map(|mass| ground("mass, t".into(), mass));
    let products = profile.products.iter().flat_map(|p| {
        [
            ground(format!("{}, grade, kg/kg", p.element), &p.grade),
            ground(format!("{}, recovery", p.element), &p.recovery),
        ]
    });
    Ok(Circularity {
        body: profile.id.clone(),
        name: profile.name.clone(),
        site: profile.site.clone(),
        estimate: profile.estimate.clone(),
        rests_on: mass.chain(products).collect(),
        scenarios_version: ways.version.clone(),
        fates: all?,
    })
}
