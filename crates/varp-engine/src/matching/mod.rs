//! Which sites or bodies of different sources may be one thing: candidates with reasons.
//!
//! Nothing is merged here; a person decides. Names are compared by soft TF-IDF: tokens count the
//! more the rarer they are, and tokens that differ by a few letters still count (Cohen, Ravikumar
//! and Fienberg 2003, "A comparison of string distance metrics for name-matching tasks").

mod blocks;
mod name;
mod score;

use uuid::Uuid;
use varp_model::{Bbox, Body, Country, LonLat, Period, Site};

use name::Name;
pub use name::folded;
use score::Judge;

/// A site or a body as matching sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Thing {
    /// Identity.
    pub id: Uuid,
    /// Name in the local language.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Country or territory, if known.
    pub country: Option<Country>,
    /// Where it is.
    pub place: Option<LonLat>,
    /// Radius in metres within which the place is stated to be right.
    pub accuracy_m: Option<f64>,
    /// Box around its outline, degrees.
    pub footprint: Option<Bbox>,
    /// When it was worked or laid down.
    pub period: Option<Period>,
    /// Kind of body; empty for a site.
    pub kind: String,
}

impl Thing {
    /// A site.
    pub fn of_site(site: &Site) -> Self {
        Self {
            id: site.id.0,
            name: site.name.clone(),
            aliases: site.aliases.clone(),
            country: Some(site.country),
            place: site.position.as_ref().map(|p| p.place),
            accuracy_m: site.position.as_ref().and_then(|p| p.accuracy_m),
            footprint: None,
            period: None,
            kind: String::new(),
        }
    }

    /// A body at a site of this country.
    pub fn of_body(body: &Body, country: Option<Country>) -> Self {
        Self {
            id: body.id.0,
            name: body.name.clone(),
            aliases: body.aliases.clone(),
            country,
            place: body.position.as_ref().map(|p| p.place),
            accuracy_m: body.position.as_ref().and_then(|p| p.accuracy_m),
            footprint: body.footprint.as_ref().and_then(Bbox::of),
            period: body.period,
            kind: body.kind.0.clone(),
        }
    }
}

/// Two things that may be one.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Place of the first in the list given.
    pub first: usize,
    /// Place of the second, after the first.
    pub second: usize,
    /// Between 0 and 1: an order for a reader, no probability.
    pub score: f64,
    /// Why, each in a few words.
    pub reasons: Vec<String>,
}

/// Pairs that may be one thing with a score of at least `least`, best first.
///
/// Only pairs that share a rare token, a consonant skeleton or a neighbourhood are compared, so
/// that the effort grows with the number of things and not with its square.
pub fn candidates(things: &[Thing], least: f64) -> Vec<Candidate> {
    let names: Vec<Vec<Name>> = things
        .iter()
        .map(|t| {
            let all = std::iter::once(&t.name).chain(&t.aliases);
            all.map(|n| Name::new(n)).filter(|n| !n.tokens.is_empty()).collect()
        })
        .collect();
    let judge = Judge::new(things, &names);
    let mut found: Vec<Candidate> = blocks::pairs(things, &names)
        .into_iter()
        .filter_map(|(first, second)| judge.compare(first, second))
        .filter(|candidate| candidate.score >= least)
        .collect();
    found.sort_by(|a, b| {
        b.score.total_cmp(&a.score).then(a.first.cmp(&b.first)).then(a.second.cmp(&b.second))
    });
    found
}
