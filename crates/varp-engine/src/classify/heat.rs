//! The heat map: factors against axes, after the idea of Suppes and Heuss-Aßbichler (2021).

use serde::Serialize;

use super::code::Axis;
use super::dossier::{Dossier, Grounds, Standing};
use super::rules::{RuleSet, Side};

/// How a factor stands for a category. The order is from good to unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Shade {
    /// All that is asked of it is met.
    Favourable,
    /// Some of it is met, or it rests on priors.
    Mixed,
    /// What is known falls short.
    Unfavourable,
    /// Nothing is known.
    Unknown,
}

/// One cell of the map.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HeatCell {
    /// The factor, such as `environment`.
    pub factor: String,
    /// The axis.
    pub axis: Axis,
    /// How it stands.
    pub shade: Shade,
    /// Facts known of facts asked.
    pub known: (usize, usize),
}

/// The map of one product, factors in the order of the document.
pub fn heat_map(dossier: &Dossier, product: &str, rules: &RuleSet) -> Vec<HeatCell> {
    let mut factors: Vec<&str> = Vec::new();
    for fact in &rules.facts {
        if !factors.contains(&fact.factor.as_str()) {
            factors.push(&fact.factor);
        }
    }
    let cells = factors.iter().flat_map(|factor| Axis::ALL.map(|axis| (*factor, axis)));
    cells.filter_map(|(factor, axis)| cell(dossier, product, rules, factor, axis)).collect()
}

fn cell(
    dossier: &Dossier,
    product: &str,
    rules: &RuleSet,
    factor: &str,
    axis: Axis,
) -> Option<HeatCell> {
    let (mut met, mut short, mut prior) = (0, 0, 0);
    let mut asked: Vec<&str> = Vec::new();
    let mut known: Vec<&str> = Vec::new();
    for rule in rules.rules.iter().filter(|r| r.category.axis == axis && r.side == Side::Requires) {
        for condition in &rule.any {
            let fact_rule = rules.fact(&condition.fact)?;
            if fact_rule.factor != factor {
                continue;
            }
            asked.push(&fact_rule.fact);
            let fact = dossier.fact(fact_rule, product);
            if fact.is_some() {
                known.push(&fact_rule.fact);
            }
            match Standing::of(fact, fact_rule, condition) {
                Standing::Met if fact.is_some_and(|f| f.grounds == Grounds::Prior) => prior += 1,
                Standing::Met => met += 1,
                Standing::Short(_) => short += 1,
                Standing::Unknown => {}
            }
        }
    }
    for list in [&mut asked, &mut known] {
        list.sort_unstable();
        list.dedup();
    }
    let shade = match (met, short, prior) {
        (0, 0, 0) => Shade::Unknown,
        (_, 0, 0) => Shade::Favourable,
        (0, _, 0) => Shade::Unfavourable,
        _ => Shade::Mixed,
    };
    let counts = (known.len(), asked.len());
    (!asked.is_empty()).then(|| HeatCell { factor: factor.to_owned(), axis, shade, known: counts })
}
