//! What must hold of any dossier whatever, not only of the worked examples.

use std::collections::BTreeMap;

use proptest::prelude::*;
use varp_engine::classify::{
    Axis, ClassRecord, Classified, Code, Dossier, Fact, FactKind, Grounds, Prepared, RuleSet,
    classify, heat_map,
};

const PRODUCT: &str = "Co";

/// A value of a fact: not known, or a place between the least and the most favourable.
type Pick = Option<(u8, bool)>;

fn picks() -> impl Strategy<Value = Vec<Pick>> {
    let count = RuleSet::embedded().facts.len();
    proptest::collection::vec(proptest::option::weighted(0.8, (0u8..=20, any::<bool>())), count)
}

fn fact(kind: &FactKind, (at, prior): (u8, bool)) -> Fact {
    let (level, number) = match kind {
        FactKind::Levels(levels) => {
            (Some(levels[usize::from(at) * levels.len() / 21].clone()), None)
        }
        FactKind::More(_) => (None, Some(f64::from(at) / 10.0)),
        FactKind::Less(_) => (None, Some(40.0 - f64::from(at) * 2.0)),
    };
    let grounds = if prior && at % 5 == 0 { Grounds::Prior } else { Grounds::Evidence };
    Fact { level, number, grounds, evidence: vec![format!("claim {at}")] }
}

fn dossier(picks: &[Pick], rules: &RuleSet) -> Dossier {
    let mut dossier = Dossier::default();
    dossier.products.entry(PRODUCT.into()).or_default();
    for (rule, pick) in rules.facts.iter().zip(picks) {
        let Some(pick) = *pick else { continue };
        let fact = fact(&rule.kind, pick);
        if rule.per_product {
            let product = dossier.products.entry(PRODUCT.into()).or_default();
            product.facts.insert(rule.fact.clone(), fact);
        } else {
            dossier.facts.insert(rule.fact.clone(), fact);
        }
    }
    dossier
}

fn categories(classified: &Classified) -> [String; 3] {
    [0, 1, 2].map(|axis: usize| classified.axes[axis].category.to_string())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// A fact that is known and becomes more favourable never lowers an axis.
    #[test]
    fn better_evidence_never_lowers(picks in picks(), which in 0usize..22, by in 1u8..20) {
        let rules = RuleSet::embedded();
        let which = which % rules.facts.len();
        let Some((at, _)) = picks[which] else { return Ok(()) };
        let mut known = picks.clone();
        known[which] = Some((at, false));
        let mut better = picks.clone();
        better[which] = Some(((at + by).min(20), false));
        let before = classify(&dossier(&known, &rules), PRODUCT, &rules);
        let after = classify(&dossier(&better, &rules), PRODUCT, &rules);
        for axis in 0..3 {
            prop_assert!(
                after.axes[axis].category <= before.axes[axis].category,
                "{}: {:?} to {:?}", rules.facts[which].fact, categories(&before), categories(&after)
            );
        }
    }

    /// Forgetting a fact raises an axis at most to undetermined.
    #[test]
    fn forgetting_lifts_at_most_to_undetermined(picks in picks(), which in 0usize..22) {
        let rules = RuleSet::embedded();
        let which = which % rules.facts.len();
        let mut less = picks.clone();
        less[which] = None;
        let before = classify(&dossier(&picks, &rules), PRODUCT, &rules);
        let after = classify(&dossier(&less, &rules), PRODUCT, &rules);
        for (at, axis) in Axis::ALL.into_iter().enumerate() {
            let limit = before.axes[at].category.min(rules.undetermined(axis));
            prop_assert!(after.axes[at].category >= limit);
        }
    }

    /// The class is one whose row allows each of the three axes, so never better than the weakest.
    #[test]
    fn the_class_is_allowed_by_each_axis(picks in picks()) {
        let rules = RuleSet::embedded();
        let classified = classify(&dossier(&picks, &rules), PRODUCT, &rules);
        if let Some(row) = rules.classes.class_of(&classified.code) {
            prop_assert!(row.e.iter().any(|c| classified.code.e().is_within(*c)));
            prop_assert!(row.f.iter().any(|c| classified.code.f().is_within(*c)));
            let g = classified.code.g();
            prop_assert!(g.iter().all(|g| row.g.iter().any(|c| g.is_within(*c))));
            let words = classified.class_words();
            if words.starts_with("Viable") {
                prop_assert_eq!(classified.code.e().number, 1);
                prop_assert_eq!(classified.code.f().number, 1);
            }
        }
    }

    /// The quick way, the long way, the stored record and its text all say the same.
    #[test]
    fn code_record_and_text_never_disagree(picks in picks()) {
        let rules = RuleSet::embedded();
        let dossier = dossier(&picks, &rules);
        let long = classify(&dossier, PRODUCT, &rules);
        let prepared = Prepared::new(&rules);
        let record = ClassRecord::compute(dossier.clone(), &BTreeMap::new(), &BTreeMap::new(), &prepared);
        prop_assert_eq!(&record.products[0].code, &long.code);
        prop_assert_eq!(long.code.to_string().parse::<Code>().unwrap(), long.code.clone());
        let text = serde_json::to_string(&record).unwrap();
        let read: ClassRecord = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(read.reasons(PRODUCT, &rules).unwrap(), long);
        let again = ClassRecord::compute(dossier, &BTreeMap::new(), &BTreeMap::new(), &prepared);
        prop_assert_eq!(serde_json::to_string(&again).unwrap(), text);
    }

    /// A prior never argues: dropping all facts that rest on priors changes no code.
    #[test]
    fn priors_change_nothing(picks in picks()) {
        let rules = RuleSet::embedded();
        let whole = dossier(&picks, &rules);
        let mut without = whole.clone();
        without.facts.retain(|_, f| f.grounds != Grounds::Prior);
        for product in without.products.values_mut() {
            product.facts.retain(|_, f| f.grounds != Grounds::Prior);
        }
        prop_assert_eq!(
            classify(&whole, PRODUCT, &rules).code,
            classify(&without, PRODUCT, &rules).code
        );
        prop_assert_eq!(heat_map(&whole, PRODUCT, &rules).len(), heat_map(&without, PRODUCT, &rules).len());
    }
}
