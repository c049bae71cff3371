//! `/matches`: public records that may be one thing, for a person to decide.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::response::Response;
use serde_json::{Value, json};
use varp_model::Visibility;
use varp_store::{Collection, Store, StoreError};

use super::AppState;
use super::answer::{html, respond};
use super::ask::Ask;
use super::collections::{Spec, links_json};
use super::negotiate::{Format, PLAIN};
use super::problem::Problem;
use crate::jobs::{self, Pair, Side};
use crate::portal;

/// Pairs that score less are not worth a look.
const LEAST: f64 = 0.5;
/// Most pairs of an answer.
const MOST: usize = 100;

/// The candidates among public records, found once per version of the register.
#[derive(Debug, Default)]
pub struct Candidates(Mutex<Option<(u64, Arc<Vec<Pair>>)>>);

impl Candidates {
    fn current(&self, store: &dyn Store) -> Result<Arc<Vec<Pair>>, StoreError> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let version = store.version()?;
        if let Some((of, pairs)) = &*kept
            && *of == version
        {
            return Ok(Arc::clone(pairs));
        }
        let pairs = Arc::new(jobs::matches(store, Visibility::Public, LEAST)?);
        *kept = Some((version, Arc::clone(&pairs)));
        Ok(pairs)
    }
}

impl AppState {
    /// The public bodies that each public body may be, by id.
    ///
    /// # Errors
    /// Those of the store.
    pub fn perhaps_same_bodies(&self) -> Result<BTreeMap<String, Vec<String>>, StoreError> {
        let pairs = self.candidates.current(&*self.store)?;
        let mut same: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for pair in pairs.iter().filter(|pair| pair.collection == Collection::Bodies) {
            let [first, second] = [&pair.first, &pair.second].map(|side| side.id.to_string());
            same.entry(first.clone()).or_default().push(second.clone());
            same.entry(second).or_default().push(first);
        }
        Ok(same)
    }
}

/// `/matches`.
pub fn matches(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    ask.allow(&[])?;
    let offer = ask.format(PLAIN)?;
    let links = ask.links(PLAIN, offer);
    let pairs = state.candidates.current(&*state.store)?;
    let shown = &pairs[..pairs.len().min(MOST)];
    if offer.format == Format::Html {
        return Ok(html(portal::matches_page((shown, pairs.len()), &ask.page(state, &links))));
    }
    let found: Vec<Value> = shown.iter().map(|pair| pair_json(pair, ask)).collect();
    let document = json!({
        "candidates": found,
        "numberReturned": shown.len(),
        "numberMatched": pairs.len(),
        "links": links_json(&links),
    });
    Ok(respond(offer.media, document.to_string()))
}

fn pair_json(pair: &Pair, ask: &Ask) -> Value {
    let collection = Spec::of(pair.collection).id;
    let side = |side: &Side| {
        json!({
            "id": side.id.to_string(),
            "name": side.name,
            "href": ask.url(&format!("/collections/{collection}/items/{}", side.id)),
        })
    };
    json!({
        "collection": collection,
        "score": (pair.score * 1e4).round() / 1e4,
        "reasons": pair.reasons,
        "first": side(&pair.first),
        "second": side(&pair.second),
    })
}
