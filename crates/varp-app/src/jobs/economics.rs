//! The register under other prices: what screening cash flows say before and after.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use varp_engine::classify::{
    Classified, Code, Dossier, Fact, Grounds, Prepared, RuleSet, classify,
};
use varp_engine::economics::deck::Deck;
use varp_engine::economics::screening::{Screening, screen};
use varp_engine::profile::{BodyRecord, Knowledge, Profile};
use varp_model::{BodyId, References, Visibility};
use varp_store::{Store, StoreError};

use super::classes::class_of_body;
use super::records::{body_record, body_records};

/// Draws of a screening.
pub(super) const DRAWS: usize = 10_000;
/// The fact that a screening would be, were its inputs those of the site.
const FACT: &str = "npv_probability";

/// A body under other prices.
#[derive(Clone, Debug, Serialize)]
pub struct BodyEconomics {
    /// The body, by id.
    pub body: String,
    /// Its name.
    pub name: String,
    /// Country of its site.
    pub country: String,
    /// Under the shipped prices.
    pub before: Screening,
    /// Under the deck.
    pub after: Screening,
    /// Product, shipped price, price of the deck, € per tonne; those that differ.
    pub prices: Vec<(String, f64, f64)>,
    /// Codes by product.
    pub classes: Vec<PricedClass>,
}

/// The class of a product under other prices.
#[derive(Clone, Debug, Serialize)]
pub struct PricedClass {
    /// The product.
    pub product: String,
    /// Under either prices: what rests on defaults argues nothing up.
    pub code: Code,
    /// If a study of the site found the same chance, under the shipped prices.
    pub if_found_before: Code,
    /// If a study of the site found the same chance, under the deck.
    pub if_found_after: Code,
    /// Rules that would then hold under the deck and not under the shipped prices.
    pub rules_gained: Vec<String>,
    /// Rules that would then hold under the shipped prices and not under the deck.
    pub rules_lost: Vec<String>,
}

/// The screening of the register, or of one body, under the shipped prices and those of a deck.
#[derive(Clone, Debug, Serialize)]
pub struct Repriced {
    /// Bodies with a screening.
    pub bodies: Vec<BodyEconomics>,
    /// Bodies without one, and why.
    pub without: Vec<(String, String)>,
    /// Elements of the deck that screening knows no product of.
    pub unused: Vec<String>,
    /// Draws of each screening.
    pub draws: usize,
}

/// Screens secondary bodies under the shipped prices and under a deck, with the same random numbers.
///
/// # Errors
/// If the register cannot be read.
pub fn reprice(
    store: &dyn Store,
    body: Option<BodyId>,
    deck: &Deck,
    references: &References,
    audience: Visibility,
) -> Result<Repriced, StoreError> {
    let shipped = Knowledge::embedded();
    let (priced, unused) = shipped.with_prices(deck);
    let rules = RuleSet::embedded();
    let records = match body {
        Some(id) => body_record(store, id, references, audience)?.into_iter().collect(),
        None => body_records(store, Vec::new(), references, audience)?,
    };
    let mut found = Repriced { bodies: Vec::new(), without: Vec::new(), unused, draws: DRAWS };
    for record in &records {
        let screened = |known: &Knowledge| {
            let profile = Profile::of(record, known, references);
            screen(&profile, known, DRAWS, 1)
        };
        match (screened(&shipped), screened(&priced)) {
            (Ok(before), Ok(after)) => {
                let dossier = dossier_of(store, record, &rules, references, audience)?;
                found.bodies.push(priced_body(record, before, after, &dossier, &rules));
            }
            (Err(why), _) | (_, Err(why)) => {
                found.without.push((record.body.name.clone(), why.to_string()));
            }
        }
    }
    Ok(found)
}

pub(super) fn dossier_of(
    store: &dyn Store,
    record: &BodyRecord,
    rules: &RuleSet,
    references: &References,
    audience: Visibility,
) -> Result<Dossier, StoreError> {
    let computed =
        class_of_body(store, record.body.id, &Prepared::new(rules), references, audience)?;
    Ok(computed.map(|computed| computed.record.dossier).unwrap_or_default())
}

fn priced_body(
    record: &BodyRecord,
    before: Screening,
    after: Screening,
    dossier: &Dossier,
    rules: &RuleSet,
) -> BodyEconomics {
    let old: BTreeMap<&str, f64> =
        before.products.iter().map(|p| (p.element.as_str(), p.price_eur_per_t)).collect();
    let prices = after.products.iter().filter_map(|p| {
        let old = *old.get(p.element.as_str())?;
        ((old - p.price_eur_per_t).abs() > 0.0).then(|| (p.element.clone(), old, p.price_eur_per_t))
    });
    let class = |product: &str, screening: &Screening, grounds: Grounds| {
        classify(&with_chance(dossier, screening, grounds), product, rules)
    };
    let classes = dossier.products.keys().map(|product| {
        let found_before = class(product, &before, Grounds::Derived);
        let found_after = class(product, &after, Grounds::Derived);
        let [held_before, held_after] = [&found_before, &found_after].map(held);
        PricedClass {
            product: product.clone(),
            code: class(product, &after, Grounds::Prior).code,
            rules_gained: held_after.difference(&held_before).map(ToString::to_string).collect(),
            rules_lost: held_before.difference(&held_after).map(ToString::to_string).collect(),
            if_found_before: found_before.code,
            if_found_after: found_after.code,
        }
    });
    BodyEconomics {
        body: record.body.id.to_string(),
        name: record.body.name.clone(),
        country: record.country.code().to_owned(),
        prices: prices.collect(),
        classes: classes.collect(),
        before,
        after,
    }
}

/// Rules that hold in a class.
fn held(class: &Classified) -> BTreeSet<&str> {
    let findings = class.axes.iter().flat_map(|axis| &axis.findings);
    findings.filter(|finding| finding.fired).map(|finding| finding.rule.as_str()).collect()
}

/// The dossier with the chance of a positive NPV, unless a source states one.
pub(super) fn with_chance(dossier: &Dossier, screening: &Screening, grounds: Grounds) -> Dossier {
    let mut dossier = dossier.clone();
    let fact = Fact {
        level: None,
        number: Some(screening.npv.chance_positive),
        grounds,
        evidence: vec!["screening cash flow".into()],
    };
    dossier.facts.entry(FACT.to_owned()).or_insert(fact);
    dossier
}
