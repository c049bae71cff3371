//! What changed between two states of what is known of a product: why a class may no longer hold.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::contained::Contained;
use super::dossier::Fact;
use super::record::ClassRecord;

/// One thing that is otherwise than before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// A fact by its name, or `quantity`, `estimate`, `project`, `product`, `rules`.
    pub what: String,
    /// As it was; `None` where it was not known.
    pub before: Option<String>,
    /// As it is; `None` where it is no longer known.
    pub after: Option<String>,
    /// The claims, assays or estimates that it rests on now.
    pub evidence: Vec<String>,
}

/// What is otherwise in `after` than in `before` for one product: facts of the body and the product with their
/// evidence, the quantity, the estimate, the project. Rules are told where `with_rules` asks for it.
pub fn changed(
    before: &ClassRecord,
    after: &ClassRecord,
    product: &str,
    with_rules: bool,
) -> Vec<Changed> {
    let mut all = Vec::new();
    if with_rules {
        let rules = (Some(before.rules.clone()), Some(after.rules.clone()));
        all.extend(differing("rules", rules, &[]));
    }
    let projects = (before.dossier.project.clone(), after.dossier.project.clone());
    all.extend(differing("project", projects, &[]));
    let own = |record: &ClassRecord| record.products.iter().find(|p| p.product == product).cloned();
    let (own_before, own_after) = (own(before), own(after));
    let there = |own: bool| own.then(|| product.to_owned());
    all.extend(differing(
        "product",
        (there(own_before.is_some()), there(own_after.is_some())),
        &[],
    ));
    let (old, new) = (facts(before, product), facts(after, product));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).copied().collect();
    for name in names {
        all.extend(fact_changed(name, old.get(name).copied(), new.get(name).copied()));
    }
    let quantity = |own: &Option<super::record::ProductRecord>| {
        own.as_ref().and_then(|own| own.contained.as_ref()).map(quantity_words)
    };
    let evidence = own_after.as_ref().and_then(|own| own.contained.as_ref());
    let evidence = evidence.map(|c| c.evidence.clone()).unwrap_or_default();
    all.extend(differing("quantity", (quantity(&own_before), quantity(&own_after)), &evidence));
    let estimate = |own: Option<super::record::ProductRecord>| own.and_then(|own| own.estimate);
    all.extend(differing("estimate", (estimate(own_before), estimate(own_after)), &[]));
    all
}

fn differing(
    what: &str,
    (before, after): (Option<String>, Option<String>),
    evidence: &[String],
) -> Option<Changed> {
    (before != after).then(|| Changed {
        what: what.to_owned(),
        before,
        after,
        evidence: evidence.to_vec(),
    })
}

/// The facts of the body and of one product of it.
fn facts<'a>(record: &'a ClassRecord, product: &str) -> BTreeMap<&'a String, &'a Fact> {
    let mut all: BTreeMap<&String, &Fact> = record.dossier.facts.iter().collect();
    all.extend(record.dossier.products.get(product).into_iter().flat_map(|own| own.facts.iter()));
    all
}

fn fact_changed(name: &str, before: Option<&Fact>, after: Option<&Fact>) -> Option<Changed> {
    if before == after {
        return None;
    }
    let evidence = after.map(|fact| fact.evidence.clone()).unwrap_or_default();
    let words = |fact: Option<&Fact>| fact.map(fact_words);
    Some(Changed { what: name.to_owned(), before: words(before), after: words(after), evidence })
}

fn fact_words(fact: &Fact) -> String {
    match (&fact.level, fact.number) {
        (Some(level), _) => level.clone(),
        (None, Some(number)) => number.to_string(),
        (None, None) => String::new(),
    }
}

fn quantity_words(own: &Contained) -> String {
    let tonnes = |value: Option<f64>| value.map(|v| format!("{v:.0}"));
    let best = tonnes(own.best).unwrap_or_else(|| "no best value".to_owned());
    match (tonnes(own.low), tonnes(own.high)) {
        (Some(low), Some(high)) => format!("{best} t ({low} to {high}), {}", own.term.word()),
        _ => format!("{best} t, {}", own.term.word()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Grounds, Prepared, RuleSet, WorkedCase};
    use super::*;

    fn record(change: impl FnOnce(&mut super::super::Dossier)) -> ClassRecord {
        let rules = RuleSet::embedded();
        let case = WorkedCase::embedded().into_iter().find(|c| c.name.starts_with("Kors")).unwrap();
        let mut dossier = case.dossier;
        change(&mut dossier);
        let none = BTreeMap::new();
        ClassRecord::compute(dossier, &none, &BTreeMap::new(), &Prepared::new(&rules))
    }

    fn fact(level: &str, evidence: &str) -> Fact {
        let evidence = vec![evidence.to_owned()];
        Fact { level: Some(level.into()), number: None, grounds: Grounds::Evidence, evidence }
    }

    #[test]
    fn what_is_the_same_has_not_changed() {
        let (one, two) = (record(|_| {}), record(|_| {}));
        let product = &one.products[0].product;
        assert_eq!(changed(&one, &two, product, true), []);
    }

    #[test]
    fn facts_that_came_went_and_rest_on_other_evidence_are_told() {
        let put = |level: &'static str, claim: &'static str| {
            record(move |d| drop(d.facts.insert("approvals".into(), fact(level, claim))))
        };
        let (none, granted) = (record(|d| drop(d.facts.remove("approvals"))), put("granted", "a"));
        let product = none.products[0].product.clone();
        let told = |a: &ClassRecord, b: &ClassRecord| {
            let all = changed(a, b, &product, false);
            all.into_iter().map(|c| (c.what, c.before, c.after)).collect::<Vec<_>>()
        };
        let (what, word) = ("approvals".to_owned(), Some("granted".to_owned()));
        assert_eq!(told(&none, &granted), [(what.clone(), None, word.clone())]);
        assert_eq!(told(&granted, &none), [(what.clone(), word.clone(), None)]);
        assert_eq!(told(&granted, &put("granted", "b")), [(what, word.clone(), word)]);
    }

    #[test]
    fn a_product_that_is_gone_and_other_rules_are_told() {
        let before = record(|_| {});
        let product = before.products[0].product.clone();
        let mut after = record(|d| drop(d.products.remove(&product)));
        after.rules = "another 1".into();
        let all = changed(&before, &after, &product, true);
        assert!(all.iter().any(|c| c.what == "product" && c.after.is_none()), "{all:?}");
        assert!(all.iter().any(|c| c.what == "rules"));
        assert!(changed(&before, &after, &product, false).iter().all(|c| c.what != "rules"));
    }
}
