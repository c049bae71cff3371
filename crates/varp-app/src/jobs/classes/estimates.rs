//! What stored estimates say, as classification reads it.

use std::collections::BTreeMap;

use varp_engine::classify::Estimated;
use varp_engine::estimate::{Basis, Lack};
use varp_model::Term;

use crate::jobs::estimate::StandingEstimate;
use crate::jobs::estimate::document::{Cap, Product};

/// The products of a stored estimate.
pub fn estimated(standing: &StandingEstimate) -> BTreeMap<String, Estimated> {
    let statement = &standing.document.statement;
    let term: Term = statement.term.parse().unwrap_or_default();
    let result = standing.record.result.id().to_string();
    let products = statement.products.iter();
    products.map(|p| (p.substance.clone(), of_product(p, term, &result))).collect()
}

fn of_product(product: &Product, term: Term, result: &str) -> Estimated {
    let best = product.contained_t[1];
    let whole = product.contained_90_t.filter(|_| best > 0.0);
    let sampled = product.sampled.as_ref();
    let production = sampled.and_then(|s| s.production);
    Estimated {
        result: result.to_owned(),
        basis: basis(&product.basis),
        lacks: lacks(product.cap.as_ref()),
        samples: sampled.map_or(0, |s| s.samples),
        contained_t: product.contained_t,
        term,
        half_width_whole: whole.map(|[low, high]| (high - low) / (2.0 * best)),
        half_width_year: production.and_then(|p| p.year),
        half_width_quarter: production.and_then(|p| p.quarter),
    }
}

/// The weakest ground where the word is unknown.
fn basis(word: &str) -> Basis {
    serde_json::from_value(word.into()).unwrap_or(Basis::Analogue)
}

/// What the cap says is lacking; an older document that does not say lacks all that its category leaves open.
fn lacks(cap: Option<&Cap>) -> Vec<Lack> {
    let Some(cap) = cap else { return vec![Lack::Assays] };
    match (&cap.lacks, cap.category.as_str()) {
        (Some(lacks), _) => lacks.clone(),
        (None, "G1") => Vec::new(),
        (None, "G3") => vec![Lack::Depth, Lack::Density],
        (None, _) => vec![Lack::Assays],
    }
}
