//! What to do next: the cheapest way to a better category.

use serde::{Deserialize, Serialize};

use super::code::Category;
use super::engine::Finding;
use super::rules::{RuleSet, Side};

/// Something that can be done to know more, or that others must decide.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its code.
    pub code: String,
    /// What is done.
    pub does: String,
    /// Least and greatest usual cost in euro; `None` where it is a decision that money does not buy.
    #[serde(default)]
    pub cost_eur: Option<[f64; 2]>,
    /// Where the cost comes from.
    pub source: String,
    /// Whether it was read there.
    pub status: varp_model::Status,
}

/// The cheapest way to a better category on one axis.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Advice {
    /// The category that it would reach if all turns out favourable.
    pub category: Category,
    /// Rules that fail now.
    pub rules: Vec<String>,
    /// Facts to establish.
    pub facts: Vec<String>,
    /// Steps to take, each once.
    pub steps: Vec<String>,
    /// Least and greatest usual cost of the steps that can be bought, in euro.
    pub cost_eur: [f64; 2],
    /// Whether somebody else must decide something.
    pub needs_decision: bool,
}

/// The cheapest advice among the categories better than `reached`.
///
/// Steps that only others can decide come after steps that can be bought.
pub(super) fn advise(findings: &[Finding], reached: Category, rules: &RuleSet) -> Option<Advice> {
    let mut ways: Vec<Advice> = rules
        .ladder(reached.axis)
        .into_iter()
        .filter(|category| *category < reached)
        .map(|category| way_to(category, findings, rules))
        .collect();
    ways.sort_by(|a, b| {
        let key = |w: &Advice| (w.needs_decision, w.cost_eur[0] + w.cost_eur[1]);
        let ((da, ca), (db, cb)) = (key(a), key(b));
        da.cmp(&db).then(ca.total_cmp(&cb)).then(b.category.cmp(&a.category))
    });
    ways.into_iter().next()
}

fn way_to(category: Category, findings: &[Finding], rules: &RuleSet) -> Advice {
    let mut way = Advice {
        category,
        rules: Vec::new(),
        facts: Vec::new(),
        steps: Vec::new(),
        cost_eur: [0.0, 0.0],
        needs_decision: false,
    };
    let open = findings.iter().filter(|f| match f.side {
        Side::Requires => f.category >= category && !f.fired,
        Side::Adverse => f.fired,
    });
    for finding in open {
        way.rules.push(finding.rule.clone());
        let rule = rules.rules.iter().find(|r| r.id == finding.rule);
        let conditions = rule.map(|r| r.any.as_slice()).unwrap_or_default();
        let steps = conditions.iter().filter_map(|c| {
            let fact = rules.fact(&c.fact)?;
            Some((fact, rules.step(&fact.step)?))
        });
        let cheapest = steps.min_by(|(_, a), (_, b)| price(a).total_cmp(&price(b)));
        if let Some((fact, step)) = cheapest {
            if !way.facts.contains(&fact.fact) {
                way.facts.push(fact.fact.clone());
            }
            if !way.steps.contains(&step.code) {
                way.steps.push(step.code.clone());
                let [low, high] = step.cost_eur.unwrap_or_default();
                way.cost_eur = [way.cost_eur[0] + low, way.cost_eur[1] + high];
                way.needs_decision |= step.cost_eur.is_none();
            }
        }
    }
    way
}

fn price(step: &Step) -> f64 {
    step.cost_eur.map_or(f64::INFINITY, |[low, high]| low + high)
}
