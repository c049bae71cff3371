//! From what the register knows of a body to a plan of its estimate, and why each choice was made.
//!
//! The plan is a proposal: a person reads it, edits it, stores it. Nothing is guessed silently: each
//! number names the claims it rests on, or the prior, and what was left out.

mod attached;
mod density;
mod doubts;
mod grades;
mod mass;
mod milled;
mod priors;
mod reading;
mod sampled;
mod samples;
mod surfaces;
mod thickness;
mod write;
mod zones;

use std::collections::BTreeMap;

use serde::Serialize;
use varp_model::{Body, Claim, ClaimId, References, Role, SourceId, Term};

pub use attached::{AttachedError, AttachedFile};
pub use priors::{Prior, Priors};
pub use write::plan_text;

use crate::estimate::{
    BodyData, EstimationPlan, PlannedFiles, Priors as EstimatePriors, Term as PlanTerm,
};
use reading::Reader;

pub use priors::DEFAULT as DEFAULT_PRIORS;
pub use reading::middle as middle_of;

/// What the register knows of a body, as far as an estimate may rest on it.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// The body.
    pub body: &'a Body,
    /// Claims about it.
    pub claims: &'a [Claim],
    /// Claims about its site.
    pub site: &'a [Claim],
    /// Claims about the deposit that its material came from.
    pub deposit: &'a [Claim],
    /// Type of that deposit, in the register's words.
    pub deposit_type: Option<&'a str>,
    /// Area of its outline, m².
    pub footprint_m2: Option<f64>,
    /// Whether it is the only body of processing residue of its site.
    pub alone: bool,
    /// Titles of sources.
    pub titles: &'a BTreeMap<SourceId, String>,
    /// Holes, samples, zones, grades of other bodies.
    pub data: &'a BodyData,
    /// Surfaces and points attached to it, in the system that `data` is in.
    pub attached: &'a [AttachedFile],
    /// Reference data.
    pub references: &'a References,
}

impl<'a> Evidence<'a> {
    fn with_role(&self, role: Role) -> impl Iterator<Item = &'a AttachedFile> + use<'a> {
        self.attached.iter().filter(move |file| file.attachment.role == role)
    }
}

/// One choice of a proposal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Choice {
    /// What it is about: `dry mass`, `dry density`, `grade of Cu`.
    pub about: String,
    /// What was chosen: best (low to high) and unit.
    pub chosen: String,
    /// Why.
    pub because: String,
    /// Source in words.
    pub source: String,
    /// Claims that it rests on.
    pub claims: Vec<ClaimId>,
    /// What was not taken, and why.
    pub left_out: Vec<String>,
}

impl Choice {
    /// A choice that its reason speaks of wholly: of no single claim.
    fn of(about: impl Into<String>, chosen: String, because: String) -> Self {
        let (source, claims, left_out) = Default::default();
        Self { about: about.into(), chosen, because, source, claims, left_out }
    }

    /// In one line.
    fn line(&self) -> String {
        format!("{}: {}; {}", self.about, self.chosen, self.because)
    }
}

/// A plan with its reasons.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Proposal {
    /// The plan.
    pub plan: EstimationPlan,
    /// Why it is as it is.
    pub choices: Vec<Choice>,
    /// What would be needed for a better one.
    pub missing: Vec<String>,
    /// What is known of the samples: control samples, zones, holes that reached the base.
    pub evidence: Vec<String>,
}

impl Proposal {
    /// All claims that the plan rests on, each once, in order.
    pub fn claims(&self) -> Vec<ClaimId> {
        let mut all: Vec<ClaimId> = self.choices.iter().flat_map(|c| c.claims.clone()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Why no plan can be proposed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPlan {
    /// Nothing tells how much there is.
    #[error(
        "no source states a mass, a volume, an area with a thickness, or ore milled for this body alone: \
         {0}"
    )]
    NoMass(String),
    /// Nothing tells what is in it.
    #[error(
        "no source states a grade, and no ore grade of its mine is known; a document review or a \
         surface composite would give one"
    )]
    NoProduct,
}

/// Seed and number of draws of a proposed plan, and the date it is to hold for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Date for which the result holds, ISO 8601.
    pub effective: String,
    /// Seed.
    pub seed: u64,
    /// Number of draws.
    pub draws: usize,
}

/// Proposes a plan.
///
/// # Errors
/// If nothing tells how much there is, or nothing what is in it.
pub fn propose(
    evidence: &Evidence<'_>,
    priors: &Priors,
    terms: &Terms,
) -> Result<Proposal, NoPlan> {
    let shipped = EstimatePriors::embedded();
    let reader = Reader { priors, shipped: &shipped, titles: evidence.titles };
    let mut missing = Vec::new();
    let mass = mass::choose(evidence, &reader, &mut missing)?;
    let grades = grades::choose(evidence, &reader, &mass, &mut missing);
    if grades.products.is_empty() && !mass.carries_products() {
        return Err(NoPlan::NoProduct);
    }
    let mut choices = mass.choices;
    choices.extend(grades.choices);
    let plan = EstimationPlan {
        body: evidence.body.id.to_string(),
        effective: terms.effective.clone(),
        reference_point: "in the body".into(),
        term: PlanTerm::Remaining,
        competent_person: String::new(),
        seed: terms.seed,
        draws: terms.draws,
        epsg: None,
        files: PlannedFiles { attached: mass.attached, ..PlannedFiles::default() },
        mass: mass.from,
        products: grades.products,
        correlations: Vec::new(),
        beside: mass.beside,
        contradictions: doubts::doubts(evidence, &reader),
    };
    let evidence = samples::told(evidence, &plan);
    Ok(Proposal { plan, choices, missing, evidence })
}

/// What the attached surfaces of a body make, before any plan: for those who attach them.
///
/// # Errors
/// What contradicts what; a base that may come yet is no contradiction.
pub fn survey(evidence: &Evidence<'_>, priors: &Priors) -> Result<Vec<String>, String> {
    let shipped = EstimatePriors::embedded();
    let reader = Reader { priors, shipped: &shipped, titles: evidence.titles };
    match surfaces::choose(evidence, &reader) {
        Ok(found) => Ok(found.told),
        Err(surfaces::NotTaken::Contradiction(error)) => Err(error),
        Err(why) => Ok(why.said().into_iter().collect()),
    }
}

/// Claims of a property whose term speaks of what is there now.
fn present<'a>(claims: &'a [Claim], property: &str) -> Vec<&'a Claim> {
    claims
        .iter()
        .filter(|c| c.property == property && matches!(c.term, Term::Remaining | Term::Unstated))
        .collect()
}

#[cfg(test)]
mod tests;
