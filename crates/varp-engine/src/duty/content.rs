//! How complete the record of a body is against what the law asks for.

use serde::Serialize;
use varp_model::{Body, Claim, Status};

use super::{ContentItem, Duties};

/// How an item stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ItemState {
    /// The item.
    pub item: String,
    /// The passage of the law.
    pub law: String,
    /// What fills it: properties or fields that have a value with a source.
    pub filled_by: Vec<String>,
    /// What could fill it.
    pub needs: Vec<String>,
    /// Whether the item itself is from memory or at second hand.
    pub unverified: bool,
}

/// The record of a body against the law.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Completeness {
    /// All items in the order of the law.
    pub items: Vec<ItemState>,
}

impl Completeness {
    /// Items filled of items asked for.
    pub fn score(&self) -> (usize, usize) {
        (self.items.iter().filter(|i| !i.filled_by.is_empty()).count(), self.items.len())
    }

    /// What to fill next, in the order of the law.
    pub fn missing(&self) -> impl Iterator<Item = &ItemState> {
        self.items.iter().filter(|i| i.filled_by.is_empty())
    }
}

/// Compares a body and what is claimed of it and its site with what the law asks for.
///
/// Every claim has a source by construction, so a value counts only with its source. A claim of
/// `review` ("searched, nothing found") does not fill an item.
pub fn completeness(body: &Body, claims: &[Claim], assays: u64, duties: &Duties) -> Completeness {
    compare(duties.contents(), body, claims, assays)
}

/// Compares what is known of a body with what an operator's study must hold.
pub fn study_items(body: &Body, claims: &[Claim], assays: u64, duties: &Duties) -> Completeness {
    compare(duties.study(), body, claims, assays)
}

fn compare(asked: &[ContentItem], body: &Body, claims: &[Claim], assays: u64) -> Completeness {
    let one = |need: &str| match need {
        "position" => body.position.is_some(),
        "footprint" => body.footprint.is_some(),
        "origin_deposit" => body.origin_deposit.is_some(),
        "assays" => assays > 0,
        "methods" => claims.iter().any(|c| c.method.is_some()),
        property => claims.iter().any(|c| c.property == property),
    };
    let has = |need: &str| need.split('+').all(one);
    let items = asked
        .iter()
        .map(|item| ItemState {
            item: item.item.clone(),
            law: item.law.clone(),
            filled_by: item.needs.iter().filter(|n| has(n)).cloned().collect(),
            needs: item.needs.clone(),
            unverified: item.status == Status::Unverified,
        })
        .collect();
    Completeness { items }
}
