//! The dossier: what is known of a body and of what might be recovered from it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::rules::{Condition, FactKind, FactRule, RuleSet};

/// What a fact rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grounds {
    /// Seen, measured, decided: stated by a source about this very body.
    Evidence,
    /// Computed from evidence.
    Derived,
    /// Defaults and literature: never argues E or F up.
    Prior,
}

/// A known fact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// The level, for a fact of levels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// The number, for a fact of numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<f64>,
    /// What it rests on.
    pub grounds: Grounds,
    /// Ids of the claims or results that say so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
}

/// What might be recovered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Its facts, by name; what is not here is unknown.
    #[serde(default)]
    pub facts: BTreeMap<String, Fact>,
}

/// All that is known of a body for classification. A missing fact is unknown, never false.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dossier {
    /// Name of the project; `None` makes it a notional one, labelled so wherever it is shown.
    #[serde(default)]
    pub project: Option<String>,
    /// Facts of the body and the project.
    #[serde(default)]
    pub facts: BTreeMap<String, Fact>,
    /// Products by substance code.
    #[serde(default)]
    pub products: BTreeMap<String, Product>,
}

impl Dossier {
    /// Looks for what a hand may have mistyped: facts and levels that the rules do not know, and a product of
    /// which the dossier says nothing.
    ///
    /// # Errors
    /// What is not known, and what there is.
    pub fn check(&self, product: &str, rules: &RuleSet) -> Result<(), String> {
        if !self.products.contains_key(product) {
            let known: Vec<&str> = self.products.keys().map(String::as_str).collect();
            let known = known.join(", ");
            return Err(format!(
                "it says nothing of the product {product}\n  hint: it has {known}"
            ));
        }
        let own = self.products.values().flat_map(|own| &own.facts);
        for (name, fact) in self.facts.iter().chain(own) {
            let Some(rule) = rules.facts.iter().find(|rule| rule.fact == *name) else {
                let known: Vec<&str> = rules.facts.iter().map(|rule| rule.fact.as_str()).collect();
                let known = known.join(", ");
                return Err(format!("the rules know no fact {name}\n  hint: they know {known}"));
            };
            match (&rule.kind, &fact.level, fact.number) {
                (FactKind::Levels(levels), Some(level), _) if !levels.contains(level) => {
                    let levels = levels.join(", ");
                    return Err(format!(
                        "{name} has no level \"{level}\"\n  hint: its levels are {levels}"
                    ));
                }
                (FactKind::Levels(levels), None, _) => {
                    let levels = levels.join(", ");
                    return Err(format!("{name} needs a level\n  hint: its levels are {levels}"));
                }
                (FactKind::More(unit) | FactKind::Less(unit), _, None) => {
                    return Err(format!("{name} needs a number in {unit}"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The fact as it stands for a product: its own, or that of the whole.
    pub fn fact(&self, rule: &FactRule, product: &str) -> Option<&Fact> {
        let own = self.products.get(product).and_then(|p| p.facts.get(&rule.fact));
        if rule.per_product { own } else { own.or_else(|| self.facts.get(&rule.fact)) }
    }
}

/// How a fact stands to a condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Standing {
    /// It meets the condition.
    Met,
    /// It is known and falls short; in words, by how much.
    Short(String),
    /// It is not known, or rests on what does not count here.
    Unknown,
}

impl Standing {
    /// How `fact` stands to `condition`.
    pub fn of(fact: Option<&Fact>, rule: &FactRule, condition: &Condition) -> Self {
        let Some(fact) = fact else { return Self::Unknown };
        match &rule.kind {
            FactKind::Levels(levels) => {
                let rank = |name: &Option<String>| {
                    name.as_ref().and_then(|n| levels.iter().position(|l| l == n))
                };
                match (rank(&fact.level), rank(&condition.level)) {
                    (Some(has), Some(needs)) if has >= needs => Self::Met,
                    (Some(has), Some(needs)) => {
                        Self::Short(format!("is \"{}\", needs \"{}\"", levels[has], levels[needs]))
                    }
                    _ => Self::Unknown,
                }
            }
            FactKind::More(unit) => numbers(fact, condition, unit, |has, needs| has >= needs),
            FactKind::Less(unit) => numbers(fact, condition, unit, |has, needs| has <= needs),
        }
    }
}

fn numbers(
    fact: &Fact,
    condition: &Condition,
    unit: &str,
    meets: impl Fn(f64, f64) -> bool,
) -> Standing {
    match (fact.number.filter(|n| !n.is_nan()), condition.number) {
        (Some(has), Some(needs)) if meets(has, needs) => Standing::Met,
        (Some(has), Some(needs)) => {
            let off = (has - needs).abs();
            Standing::Short(format!("is {has} {unit}, needs {needs} {unit}, {off:.3} off"))
        }
        _ => Standing::Unknown,
    }
}
