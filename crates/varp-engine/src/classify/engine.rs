//! From facts and rules to a code, with every reason.

use serde::Serialize;

use super::code::{Axis, Category, Code, ProductClass};
use super::dossier::{Dossier, Grounds, Standing};
use super::rules::{Rule, RuleSet, Side};
use super::steps::{Advice, advise};

/// What a rule found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// The rule.
    pub rule: String,
    /// The category it speaks of.
    pub category: Category,
    /// Which side it is on.
    pub side: Side,
    /// Whether it fired: a requirement that holds, or an adverse condition that is known.
    pub fired: bool,
    /// What is missing or by how much it fails, per condition; empty if it fired.
    pub short: Vec<String>,
    /// Facts that are not known.
    pub unknown: Vec<String>,
    /// Claims and results that decided it.
    pub evidence: Vec<String>,
    /// Whether the rule itself is only from memory or at second hand.
    pub unverified: bool,
}

/// The outcome on one axis.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AxisResult {
    /// The category reached.
    pub category: Category,
    /// Whether it stands for lack of anything better known.
    pub undetermined: bool,
    /// All rules of the axis, in the order of the document.
    pub findings: Vec<Finding>,
    /// The cheapest way to a better category; `None` at the top.
    pub advice: Option<Advice>,
}

/// A computed class. It becomes an adopted one only by a named competent person.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Classified {
    /// The product.
    pub product: String,
    /// The code.
    pub code: Code,
    /// Class and sub-class; `None` for other combinations.
    pub class: Option<(String, String)>,
    /// Whether the project is a notional one.
    pub notional: bool,
    /// The three axes, E, F, G.
    pub axes: [AxisResult; 3],
    /// Name and version of the rules.
    pub rules: String,
    /// Whether a rule, category or class that decided it is unverified.
    pub unverified: bool,
}

impl Classified {
    /// Class and sub-class in words, the label of other combinations included.
    pub fn class_words(&self) -> String {
        match &self.class {
            Some((class, sub)) if sub.is_empty() => class.clone(),
            Some((class, sub)) => format!("{class}: {sub}"),
            None => "Other combination".to_owned(),
        }
    }
}

/// Classifies one product of a dossier.
///
/// On each axis the categories form a ladder: one is reached if its requirements and those of all
/// lower ones hold; if none is, the axis is undetermined. An adverse rule that is known to hold pulls
/// down to its category. A fact that rests on priors counts as unknown.
pub fn classify(dossier: &Dossier, product: &str, rules: &RuleSet) -> Classified {
    let axes = Axis::ALL.map(|axis| axis_result(dossier, product, rules, axis));
    let [e, f, g] = [&axes[0], &axes[1], &axes[2]].map(|axis| axis.category);
    let code = Code::new(e, f, vec![g]).expect("one category per axis");
    let class = rules.classes.class_of(&code);
    let unverified = decided_by_unverified(&axes, class);
    Classified {
        product: product.to_owned(),
        class: class.map(|row| (row.class.clone(), row.sub_class.clone())),
        code,
        notional: dossier.project.is_none(),
        axes,
        rules: rules.title(),
        unverified,
    }
}

fn decided_by_unverified(axes: &[AxisResult; 3], class: Option<&ProductClass>) -> bool {
    let rules = axes.iter().any(|axis| {
        axis.findings.iter().any(|f| f.fired && f.category == axis.category && f.unverified)
    });
    rules || class.is_some_and(|row| row.status == varp_model::Status::Unverified)
}

fn axis_result(dossier: &Dossier, product: &str, rules: &RuleSet, axis: Axis) -> AxisResult {
    let findings: Vec<Finding> = rules
        .rules
        .iter()
        .filter(|rule| rule.category.axis == axis)
        .map(|rule| finding(dossier, product, rules, rule))
        .collect();
    let adverse =
        findings.iter().filter(|f| f.side == Side::Adverse && f.fired).map(|f| f.category).max();
    let holds = |category: &Category| {
        let required = |f: &&Finding| f.side == Side::Requires && f.category >= *category;
        findings.iter().filter(required).all(|f| f.fired)
    };
    let climbed = rules.ladder(axis).into_iter().find(holds);
    let without_adverse = climbed.unwrap_or_else(|| rules.undetermined(axis));
    let category = adverse.map_or(without_adverse, |pulled| pulled.max(without_adverse));
    let undetermined = climbed.is_none() && category == without_adverse;
    let advice = advise(&findings, category, rules);
    AxisResult { category, undetermined, findings, advice }
}

fn finding(dossier: &Dossier, product: &str, rules: &RuleSet, rule: &Rule) -> Finding {
    let mut found = Finding {
        rule: rule.id.clone(),
        category: rule.category,
        side: rule.side,
        fired: false,
        short: Vec::new(),
        unknown: Vec::new(),
        evidence: Vec::new(),
        unverified: rule.status == varp_model::Status::Unverified,
    };
    for condition in &rule.any {
        let fact_rule = rules.fact(&condition.fact).expect("checked when the rules were read");
        let fact = dossier.fact(fact_rule, product).filter(|f| f.grounds != Grounds::Prior);
        match (Standing::of(fact, fact_rule, condition), rule.side) {
            (Standing::Met, Side::Requires) => found.fired = true,
            (Standing::Short(how), Side::Requires) => {
                found.short.push(format!("{} {how}", condition.fact));
            }
            (Standing::Short(how), Side::Adverse) => {
                found.fired = true;
                found.short.push(format!("{} {how}", condition.fact));
            }
            (Standing::Met, Side::Adverse) => {}
            (Standing::Unknown, _) => found.unknown.push(condition.fact.clone()),
        }
        found.evidence.extend(fact.into_iter().flat_map(|f| f.evidence.iter().cloned()));
    }
    found.evidence.sort();
    found.evidence.dedup();
    if found.fired && rule.side == Side::Requires {
        found.short.clear();
        found.unknown.clear();
    }
    found
}
