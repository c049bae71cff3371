//! From the register to a screened, filled table of bodies.

use std::collections::BTreeMap;

use varp_engine::profile::{BodyRecord, Knowledge, Profile, priors};
use varp_engine::rank::screen::{
    Condition, Override, Rule, ScreenDocument, ScreenError, Screening, SiteFacts,
};
use varp_engine::rank::table::{Prior, Row};
use varp_model::{Bbox, LonLat, References, Visibility};
use varp_store::{Store, StoreError};

use super::records::body_records;

/// Which bodies are wanted; each condition is a line of the funnel of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    /// Countries, two letters each.
    pub countries: Vec<String>,
    /// Kinds of body.
    pub kinds: Vec<String>,
    /// Main commodities.
    pub commodities: Vec<String>,
    /// Box in degrees.
    pub bbox: Option<Bbox>,
}

/// Bodies after screening, ready to be ranked.
#[derive(Clone, Debug)]
pub struct Shortlist {
    /// What became of each body.
    pub screening: Screening,
    /// The rules that screened, filters first.
    pub rules: ScreenDocument,
    /// Records of the bodies left.
    pub records: Vec<BodyRecord>,
    /// Their profiles, in the same order.
    pub profiles: Vec<Profile>,
    /// Their rows, in the same order.
    pub rows: Vec<Row>,
    /// How each cell came about, by body and criterion.
    pub how: BTreeMap<String, BTreeMap<String, String>>,
    /// Stored estimates that cells come from, by body.
    pub estimates: BTreeMap<String, String>,
    /// Priors for missing cells.
    pub priors: Vec<Prior>,
    /// Names of all bodies screened, by id.
    pub names: BTreeMap<String, String>,
}

/// Why there is no shortlist.
#[derive(Debug, thiserror::Error)]
pub enum ShortlistError {
    /// The register.
    #[error("reading the register: {0}")]
    Store(#[source] StoreError),
    /// The rules.
    #[error("screening: {0}")]
    Screen(#[source] ScreenError),
}

/// Screens the secondary bodies of a register and fills the criteria of those left.
///
/// # Errors
/// If the register cannot be read, or a rule or override is wrong.
pub fn shortlist(
    store: &dyn Store,
    wanted: &Wanted,
    document: &ScreenDocument,
    overrides: &[Override],
    references: &References,
    audience: Visibility,
) -> Result<Shortlist, ShortlistError> {
    let known = Knowledge::embedded();
    let records =
        body_records(store, Vec::new(), references, audience).map_err(ShortlistError::Store)?;
    let profiles: Vec<Profile> =
        records.iter().map(|r| Profile::of(r, &known, references)).collect();
    let places: Vec<LonLat> =
        profiles.iter().filter_map(|p| LonLat::new(p.place?.0, p.place?.1)).collect();
    let facts: Vec<SiteFacts> =
        records.iter().zip(&profiles).map(|(r, p)| p.facts(r, &places, &known)).collect();
    let rules = with_filters(document, wanted);
    let screening = rules.screen(&facts, overrides).map_err(ShortlistError::Screen)?;
    let names = profiles.iter().map(|p| (p.id.clone(), p.name.clone())).collect();
    let left: Vec<(BodyRecord, Profile)> = records
        .into_iter()
        .zip(profiles)
        .zip(&screening.sites)
        .filter(|(_, screened)| screened.removed_by.is_empty())
        .map(|(pair, _)| pair)
        .collect();
    let (records, profiles): (Vec<_>, Vec<_>) = left.into_iter().unzip();
    let filled: Vec<_> = records.iter().zip(&profiles).map(|(r, p)| p.row(r, &known)).collect();
    let estimates =
        profiles.iter().filter_map(|p| Some((p.id.clone(), p.estimate.clone()?))).collect();
    let how = filled.iter().map(|f| (f.row.id.clone(), f.how.clone())).collect();
    Ok(Shortlist {
        rows: filled.into_iter().map(|f| f.row).collect(),
        priors: priors(&known),
        screening,
        rules,
        records,
        profiles,
        how,
        estimates,
        names,
    })
}

/// The rules with the filters before them.
fn with_filters(document: &ScreenDocument, wanted: &Wanted) -> ScreenDocument {
    let mut rules = Vec::new();
    let mut filter = |code: &str, reason: &str, inside: Condition| {
        rules.push(Rule {
            code: format!("filter-{code}"),
            reason: reason.to_owned(),
            removes_when: Condition::Not(Box::new(inside)),
            source: "asked for".to_owned(),
        });
    };
    for (fact, words, reason) in [
        ("country", &wanted.countries, "Outside the countries asked for."),
        ("kind", &wanted.kinds, "Not of the kinds asked for."),
        ("commodity", &wanted.commodities, "Not of the main commodities asked for."),
    ] {
        if !words.is_empty() {
            let inside = Condition::OneOf { fact: fact.to_owned(), words: words.clone() };
            filter(fact, reason, inside);
        }
    }
    if let Some(b) = wanted.bbox {
        let corners =
            vec![(b.west, b.south), (b.east, b.south), (b.east, b.north), (b.west, b.north)];
        filter("place", "Outside the box asked for.", Condition::Inside(corners));
    }
    rules.extend(document.rules.iter().cloned());
    ScreenDocument { version: document.version.clone(), rules }
}
