//! How long do 100,000 bodies with 5 products take, codes and rule ids alone?
//!
//! `cargo run --release -p varp-engine --example bench_classify`. Dossiers are drawn at random from
//! the levels of the rules; every product of every body is classified on all processors.

use std::collections::BTreeMap;
use std::time::Instant;

use rayon::prelude::*;
use varp_engine::chance::{CellKey, Draws, Purpose};
use varp_engine::classify::{ClassRecord, Dossier, Fact, FactKind, Grounds, Prepared, RuleSet};

const BODIES: u64 = 100_000;
const PRODUCTS: [&str; 5] = ["Cu", "Co", "Zn", "TREO", "P2O5"];

fn main() {
    let rules = RuleSet::embedded();
    let dossiers: Vec<Dossier> = (0..BODIES).into_par_iter().map(|b| dossier(b, &rules)).collect();
    let prepared = Prepared::new(&rules);
    let start = Instant::now();
    let records: Vec<ClassRecord> = dossiers
        .into_par_iter()
        .map(|dossier| ClassRecord::compute(dossier, &BTreeMap::new(), &BTreeMap::new(), &prepared))
        .collect();
    let seconds = start.elapsed().as_secs_f64();
    let codes: std::collections::BTreeSet<String> =
        records.iter().flat_map(|r| &r.products).map(|p| p.code.to_string()).collect();
    eprintln!(
        "{} bodies, {} products, {} different codes: {seconds:.2} s on {} threads",
        records.len(),
        records.len() * PRODUCTS.len(),
        codes.len(),
        rayon::current_num_threads()
    );
}

fn dossier(body: u64, rules: &RuleSet) -> Dossier {
    let draw = Draws::new(7, Purpose::Values).draw(body);
    let mut dossier = Dossier::default();
    for product in PRODUCTS {
        dossier.products.entry(product.to_owned()).or_default();
    }
    for rule in &rules.facts {
        let products = if rule.per_product { &PRODUCTS[..] } else { &[""] };
        for product in products {
            let words = draw.words(CellKey::new(product, &rule.fact));
            if words.uniform(0) < 0.3 {
                continue;
            }
            let fact = fact(&rule.kind, words.uniform(1));
            let facts = match *product {
                "" => &mut dossier.facts,
                product => &mut dossier.products.entry(product.to_owned()).or_default().facts,
            };
            facts.insert(rule.fact.clone(), fact);
        }
    }
    dossier
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
fn fact(kind: &FactKind, at: f64) -> Fact {
    let (level, number) = match kind {
        FactKind::Levels(levels) => {
            (Some(levels[(at * levels.len() as f64) as usize].clone()), None)
        }
        FactKind::More(_) | FactKind::Less(_) => (None, Some(at * 40.0)),
    };
    Fact { level, number, grounds: Grounds::Evidence, evidence: Vec::new() }
}
