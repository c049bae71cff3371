//! The rule document: facts, categories, rules, classes. Read, checked, never changed here.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use varp_model::Status;

use super::code::{Axis, Category, ClassTable, ProductClass};
use super::steps::Step;

/// The rule set that the program was built with.
const EMBEDDED: &str = include_str!("../../reference/rules.toml");

/// What values a fact takes, and which way is favourable.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    /// Words from the least to the most favourable.
    Levels(Vec<String>),
    /// A number of which more is favourable, in the unit given.
    More(String),
    /// A number of which less is favourable, in the unit given.
    Less(String),
}

/// A fact that rules may ask for. Its name is the property of the claims that state it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactRule {
    /// Property code.
    pub fact: String,
    /// Its values.
    pub kind: FactKind,
    /// Group of the heat map, such as `contents`, `environment`.
    pub factor: String,
    /// Question as asked of a person.
    pub question: String,
    /// Whether it is asked of each product.
    #[serde(default)]
    pub per_product: bool,
    /// Capture step that answers it, a code of the steps.
    pub step: String,
}

/// What a rule asks of a fact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The fact.
    pub fact: String,
    /// At least as favourable as this level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// At least as favourable as this number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<f64>,
}

/// Whether a rule argues for a category or pulls down to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// All `requires` rules of a category, and of those below it on the ladder, must hold for it.
    Requires,
    /// One `adverse` rule, known to hold, gives the lowest category it names.
    Adverse,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name, stable: what results quote.
    pub id: String,
    /// The category that it argues for or pulls down to.
    pub category: Category,
    /// Which of both.
    pub side: Side,
    /// Conditions of which one suffices. For an adverse rule: one of them known *not* to be met.
    pub any: Vec<Condition>,
    /// What it says, in a sentence.
    pub says: String,
    /// Standard or paper that it follows.
    pub follows: String,
    /// Whether that was read there.
    pub status: Status,
}

/// What is wrong with a rule document.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RulesError {
    /// It is not TOML of the right form.
    #[error("the rule document cannot be read: {0}")]
    Unreadable(String),
    /// A rule speaks of something that the document does not define.
    #[error("rule {rule}: {message}")]
    Rule {
        /// The rule.
        rule: String,
        /// What is wrong.
        message: String,
    },
}

/// Meaning of a category.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryMeaning {
    /// The category.
    pub category: Category,
    /// What it means, in our words.
    pub means: String,
    /// Where that comes from.
    pub source: String,
    /// Whether it was read there.
    pub status: Status,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    name: String,
    version: String,
    /// Category of each axis where nothing argues for a better one and nothing is adverse.
    undetermined: BTreeMap<Axis, Category>,
    #[serde(rename = "category")]
    categories: Vec<CategoryMeaning>,
    #[serde(rename = "class")]
    classes: Vec<ProductClass>,
    #[serde(rename = "fact")]
    facts: Vec<FactRule>,
    #[serde(rename = "step")]
    steps: Vec<Step>,
    #[serde(rename = "rule")]
    rules: Vec<Rule>,
}

/// A checked rule set.
#[derive(Clone, Debug)]
pub struct RuleSet {
    /// Name, such as `varp` or a survey's own.
    pub name: String,
    /// Version, quoted by results.
    pub version: String,
    /// What the categories mean.
    pub categories: Vec<CategoryMeaning>,
    /// Which codes make which class.
    pub classes: ClassTable,
    /// Facts that rules ask for.
    pub facts: Vec<FactRule>,
    /// Capture steps.
    pub steps: Vec<Step>,
    /// The rules.
    pub rules: Vec<Rule>,
    undetermined: BTreeMap<Axis, Category>,
}

impl RuleSet {
    /// The rules that the program was built with.
    pub fn embedded() -> Self {
        Self::parse(EMBEDDED).expect("the embedded rules are tested")
    }

    /// The text of the rules that the program was built with.
    pub const fn embedded_text() -> &'static str {
        EMBEDDED
    }

    /// Reads and checks a rule document.
    ///
    /// # Errors
    /// If the document has another form, or a rule names an unknown fact, level or step.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let document: Document =
            toml::from_str(text).map_err(|e| RulesError::Unreadable(e.to_string()))?;
        let rules = Self {
            name: document.name,
            version: document.version,
            categories: document.categories,
            classes: ClassTable(document.classes),
            facts: document.facts,
            steps: document.steps,
            rules: document.rules,
            undetermined: document.undetermined,
        };
        rules.check_axes()?;
        rules.check_rules()?;
        Ok(rules)
    }

    /// Name and version, as results quote them.
    pub fn title(&self) -> String {
        format!("{} {}", self.name, self.version)
    }

    /// Category of an axis where nothing is known.
    pub fn undetermined(&self, axis: Axis) -> Category {
        self.undetermined[&axis]
    }

    /// The fact of this name.
    pub fn fact(&self, name: &str) -> Option<&FactRule> {
        self.facts.iter().find(|f| f.fact == name)
    }

    /// The step of this code.
    pub fn step(&self, code: &str) -> Option<&Step> {
        self.steps.iter().find(|s| s.code == code)
    }

    /// Categories of an axis that rules argue for, best first.
    pub fn ladder(&self, axis: Axis) -> Vec<Category> {
        let required = self.rules.iter().filter(|r| r.side == Side::Requires);
        let of_axis: BTreeSet<Category> =
            required.map(|r| r.category).filter(|c| c.axis == axis).collect();
        of_axis.into_iter().collect()
    }

    fn check_axes(&self) -> Result<(), RulesError> {
        for axis in Axis::ALL {
            if self.undetermined.get(&axis).is_none_or(|c| c.axis != axis) {
                let message = format!("undetermined names no category of axis {axis}");
                return Err(RulesError::Unreadable(message));
            }
        }
        Ok(())
    }

    fn check_rules(&self) -> Result<(), RulesError> {
        let mut seen = BTreeSet::new();
        for rule in &self.rules {
            let fail = |message: String| Err(RulesError::Rule { rule: rule.id.clone(), message });
            if !seen.insert(&rule.id) {
                return fail("this id stands twice".into());
            }
            if rule.any.is_empty() {
                return fail("it has no condition".into());
            }
            for condition in &rule.any {
                if let Err(message) = self.check_condition(condition) {
                    return fail(message);
                }
            }
        }
        for fact in &self.facts {
            if self.step(&fact.step).is_none() {
                let message = format!("fact {} names the unknown step {}", fact.fact, fact.step);
                return Err(RulesError::Unreadable(message));
            }
        }
        Ok(())
    }

    fn check_condition(&self, condition: &Condition) -> Result<(), String> {
        let fact = self
            .fact(&condition.fact)
            .ok_or_else(|| format!("there is no fact {}", condition.fact))?;
        match (&fact.kind, &condition.level, condition.number) {
            (FactKind::Levels(levels), Some(level), None) => {
                if levels.contains(level) {
                    Ok(())
                } else {
                    Err(format!("{} is not a level of {}", level, fact.fact))
                }
            }
            (FactKind::More(_) | FactKind::Less(_), None, Some(number)) if number.is_finite() => {
                Ok(())
            }
            _ => Err(format!("the condition on {} needs one level or one number", fact.fact)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_rules_are_sound() {
        let rules = RuleSet::embedded();
        assert!(!rules.rules.is_empty());
        for fact in &rules.facts {
            let used = rules.rules.iter().any(|r| r.any.iter().any(|c| c.fact == fact.fact));
            assert!(used, "no rule asks for {}", fact.fact);
        }
    }

    #[test]
    fn a_rule_on_an_unknown_fact_is_refused_by_name() {
        let broken = EMBEDDED.replacen("fact = \"assays\", number", "fact = \"asays\", number", 1);
        assert!(broken != EMBEDDED);
        assert!(matches!(RuleSet::parse(&broken), Err(RulesError::Rule { .. })));
    }

    #[test]
    fn every_fact_can_be_stated_by_a_claim() {
        let references = varp_model::References::embedded();
        for fact in RuleSet::embedded().facts {
            assert!(references.property(&fact.fact).is_some(), "no property {}", fact.fact);
        }
    }
}
