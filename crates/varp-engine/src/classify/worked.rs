//! Worked examples stored with the rules, what they prove, and agreement with blind codes.

use serde::{Deserialize, Serialize};

use super::code::{Axis, Code};
use super::dossier::Dossier;
use super::engine::classify;
use super::rules::{RuleSet, Side};

/// A case with the code that it must get.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkedCase {
    /// Its name.
    pub name: String,
    /// The product classified.
    pub product: String,
    /// The code that the rules must give.
    pub expect: Code,
    /// The code that somebody published, if any.
    #[serde(default)]
    pub published: Option<Code>,
    /// Why both differ, where they do.
    #[serde(default)]
    pub why: Option<String>,
    /// Where the facts come from.
    pub source: String,
    /// Whether this is a published case or one made to prove a rule.
    pub made_up: bool,
    /// What is known.
    pub dossier: Dossier,
}

impl WorkedCase {
    /// Reads a file of cases: `[[case]]` tables.
    ///
    /// # Errors
    /// What the reader of the document says.
    pub fn parse_all(text: &str) -> Result<Vec<Self>, String> {
        #[derive(Deserialize)]
        struct File {
            case: Vec<WorkedCase>,
        }
        toml::from_str::<File>(text).map(|file| file.case).map_err(|e| e.to_string())
    }

    /// The cases that the program was built with.
    pub fn embedded() -> Vec<Self> {
        Self::parse_all(include_str!("../../reference/rules_examples.toml"))
            .expect("the embedded examples are tested")
    }
}

/// Cases that get another code than they must: name, expected, computed.
pub fn check(rules: &RuleSet, cases: &[WorkedCase]) -> Vec<(String, Code, Code)> {
    cases
        .iter()
        .filter_map(|case| {
            let computed = classify(&case.dossier, &case.product, rules).code;
            (computed != case.expect).then(|| (case.name.clone(), case.expect.clone(), computed))
        })
        .collect()
}

/// A rule turned around, and the cases that notice.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mutation {
    /// The rule.
    pub rule: String,
    /// Cases whose code changes if the rule is turned around.
    pub noticed_by: Vec<String>,
}

/// Turns each rule around, one at a time, and tells which cases notice.
///
/// A rule is turned around by dropping it; where a category has no other rule, dropping it lets the
/// category go as well.
pub fn mutations(rules: &RuleSet, cases: &[WorkedCase]) -> Vec<Mutation> {
    (0..rules.rules.len())
        .map(|at| {
            let mut mutant = rules.clone();
            let rule = mutant.rules.remove(at);
            let noticed = check(&mutant, cases).into_iter().map(|(name, _, _)| name).collect();
            Mutation { rule: rule.id, noticed_by: noticed }
        })
        .collect()
}

/// Cohen's kappa of two coders on one axis: (pₒ − pₑ)/(1 − pₑ); `None` for no pairs.
///
/// Source: Cohen 1960, Educational and Psychological Measurement 20(1), 37–46, eq. 1.
#[expect(clippy::cast_precision_loss, reason = "counts of dossiers are small")]
pub fn kappa(pairs: &[(Code, Code)], axis: Axis) -> Option<f64> {
    let label = |code: &Code| match axis {
        Axis::E => code.e().whole(),
        Axis::F => code.f().whole(),
        Axis::G => code.g()[0].whole(),
    };
    if pairs.is_empty() {
        return None;
    }
    let n = pairs.len() as f64;
    let agreed = pairs.iter().filter(|(a, b)| label(a) == label(b)).count() as f64 / n;
    let mut labels: Vec<_> = pairs.iter().flat_map(|(a, b)| [label(a), label(b)]).collect();
    labels.sort_unstable();
    labels.dedup();
    let by_chance: f64 = labels
        .iter()
        .map(|l| {
            let first = pairs.iter().filter(|(a, _)| label(a) == *l).count() as f64 / n;
            let second = pairs.iter().filter(|(_, b)| label(b) == *l).count() as f64 / n;
            first * second
        })
        .sum();
    if by_chance >= 1.0 { Some(1.0) } else { Some((agreed - by_chance) / (1.0 - by_chance)) }
}

/// Rules of one side, for documents.
impl RuleSet {
    /// Rules that argue for or pull down to categories of an axis, in the order of the document.
    pub fn rules_of(&self, axis: Axis, side: Side) -> Vec<&super::rules::Rule> {
        self.rules.iter().filter(|r| r.category.axis == axis && r.side == side).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::dossier::{Fact, Grounds};
    use super::super::rules::FactKind;
    use super::*;

    #[test]
    fn every_worked_example_gets_its_code() {
        assert_eq!(check(&RuleSet::embedded(), &WorkedCase::embedded()), Vec::new());
    }

    #[test]
    fn turning_any_rule_around_breaks_an_example() {
        let rules = RuleSet::embedded();
        for mutation in mutations(&rules, &WorkedCase::embedded()) {
            assert!(!mutation.noticed_by.is_empty(), "nothing notices {}", mutation.rule);
        }
    }

    #[test]
    fn a_published_code_that_differs_has_its_reason() {
        for case in WorkedCase::embedded() {
            if case.published.as_ref().is_some_and(|p| *p != case.expect) {
                assert!(case.why.is_some(), "{}", case.name);
            }
        }
    }

    /// Every fact raised by one level from every example: no axis gets a lower category.
    #[test]
    fn better_evidence_never_lowers_a_category() {
        let rules = RuleSet::embedded();
        for case in WorkedCase::embedded() {
            let before = classify(&case.dossier, &case.product, &rules).code;
            for fact in &rules.facts {
                let FactKind::Levels(levels) = &fact.kind else { continue };
                let now = case.dossier.fact(fact, &case.product);
                let rank =
                    now.and_then(|f| levels.iter().position(|l| Some(l) == f.level.as_ref()));
                let Some(next) = rank.and_then(|r| levels.get(r + 1)) else { continue };
                let better = with_fact(&case, &fact.fact, fact.per_product, next);
                let after = classify(&better, &case.product, &rules).code;
                assert!(after.e() <= before.e(), "{}: {} to {next}", case.name, fact.fact);
                assert!(after.f() <= before.f(), "{}: {} to {next}", case.name, fact.fact);
                assert!(after.g() <= before.g(), "{}: {} to {next}", case.name, fact.fact);
            }
        }
    }

    fn with_fact(case: &WorkedCase, name: &str, per_product: bool, level: &str) -> Dossier {
        let fact = Fact {
            level: Some(level.to_owned()),
            number: None,
            grounds: Grounds::Evidence,
            evidence: Vec::new(),
        };
        let mut dossier = case.dossier.clone();
        let facts = if per_product {
            &mut dossier.products.entry(case.product.clone()).or_default().facts
        } else {
            &mut dossier.facts
        };
        facts.insert(name.to_owned(), fact);
        dossier
    }

    /// Forgetting a fact never raises a category, except from an adverse one to undetermined.
    #[test]
    fn forgetting_lifts_at_most_to_undetermined() {
        let rules = RuleSet::embedded();
        for case in WorkedCase::embedded() {
            let before = classify(&case.dossier, &case.product, &rules);
            let own = case.dossier.products.values().flat_map(|p| p.facts.keys());
            for name in case.dossier.facts.keys().chain(own) {
                let mut less = case.dossier.clone();
                less.facts.remove(name);
                less.products.values_mut().for_each(|p| drop(p.facts.remove(name)));
                let after = classify(&less, &case.product, &rules);
                for (at, axis) in Axis::ALL.into_iter().enumerate() {
                    let (b, a) = (before.axes[at].category, after.axes[at].category);
                    let limit = b.min(rules.undetermined(axis));
                    assert!(a >= limit, "{}: without {name}: {b} to {a}", case.name);
                }
            }
        }
    }

    #[test]
    fn advice_names_what_is_missing_and_what_it_costs() {
        let rules = RuleSet::embedded();
        let case = WorkedCase::embedded().into_iter().find(|c| c.name.starts_with("Kors")).unwrap();
        let classified = classify(&case.dossier, &case.product, &rules);
        let advice = classified.axes[2].advice.as_ref().unwrap();
        assert_eq!(advice.category.to_string(), "G3");
        assert_eq!(advice.rules, ["G3-estimate"]);
        assert_eq!(advice.steps, ["estimate"]);
        assert!(classified.notional);
        assert_eq!(classified.class_words(), "Prospective");
    }

    #[test]
    fn kappa_is_one_for_agreement_and_zero_for_chance() {
        let code = |t: &str| t.parse::<Code>().unwrap();
        let same = vec![(code("111"), code("111")), (code("221"), code("221"))];
        assert_eq!(kappa(&same, Axis::E), Some(1.0));
        let chance = vec![
            (code("111"), code("111")),
            (code("111"), code("211")),
            (code("211"), code("111")),
            (code("211"), code("211")),
        ];
        assert!(kappa(&chance, Axis::E).unwrap().abs() < 1e-12);
        assert_eq!(kappa(&[], Axis::E), None);
    }

    #[test]
    fn names_of_examples_are_unique() {
        let names: BTreeSet<_> = WorkedCase::embedded().into_iter().map(|c| c.name).collect();
        assert_eq!(names.len(), WorkedCase::embedded().len());
    }
}
