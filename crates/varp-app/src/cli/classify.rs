//! `varp classify`: UNFC classes with their reasons.

use anyhow::Context;
use varp_engine::classify::{Classified, RuleSet};
use varp_model::BodyId;

use super::arguments::Classify;
use super::{Outcome, Settings, rules, show};
use crate::jobs::{self, BodyClasses, Store};

/// Classifies one body or all.
pub fn run(command: &Classify, settings: &Settings) -> anyhow::Result<Outcome> {
    let store = jobs::open(&settings.register)?;
    let own = rules::read(command.rules.as_deref())?;
    let mut found = classes(&store, command, &own)?;
    if command.diff {
        let usual = classes(&store, command, &RuleSet::embedded())?;
        keep_changed(&mut found, &usual);
    }
    if command.json {
        show::json(&found)?;
    } else {
        found.iter().for_each(|body| print(body, command.body.is_some()));
    }
    let changed = command.diff && found.iter().any(|body| !body.classes.is_empty());
    Ok(if changed { Outcome::Findings } else { Outcome::Clean })
}

fn classes(
    store: &dyn Store,
    command: &Classify,
    rules: &RuleSet,
) -> anyhow::Result<Vec<BodyClasses>> {
    let ids = match &command.body {
        Some(id) => {
            vec![id.parse::<BodyId>().with_context(|| format!("\"{id}\" is not an id of a body"))?]
        }
        None => jobs::body_ids(store, Vec::new())?,
    };
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let body = jobs::classify(store, id, rules)?;
        let mut body = body.with_context(|| format!("there is no body {id}"))?;
        if let Some(product) = &command.product {
            body.classes.retain(|c| c.product == *product);
        }
        found.push(body);
    }
    Ok(found)
}

/// Keeps the classes whose code differs from the one under the embedded rules.
fn keep_changed(found: &mut Vec<BodyClasses>, usual: &[BodyClasses]) {
    for (body, before) in found.iter_mut().zip(usual) {
        body.classes.retain(|class| {
            before.classes.iter().find(|c| c.product == class.product).map(|c| &c.code)
                != Some(&class.code)
        });
    }
    found.retain(|body| !body.classes.is_empty());
}

fn print(body: &BodyClasses, with_reasons: bool) {
    for class in &body.classes {
        let notional = if class.notional { ", notional project" } else { "" };
        let unverified = if class.unverified { ", rests on unverified rules" } else { "" };
        show::line(format!(
            "{}  {}  {}  {}  {} (computed{notional}{unverified})",
            body.country,
            body.name,
            class.product,
            class.code,
            class.class_words()
        ));
        if with_reasons {
            reasons(class);
        }
    }
}

fn reasons(class: &Classified) {
    for axis in &class.axes {
        let lack = if axis.undetermined { ": nothing argues for better" } else { "" };
        show::line(format!("  {}{lack}", axis.category));
        for finding in &axis.findings {
            let mark = if finding.fired { "holds" } else { "fails" };
            let mut why = finding.short.clone();
            why.extend(finding.unknown.iter().map(|fact| format!("{fact} is not known")));
            let why = if why.is_empty() { String::new() } else { format!(": {}", why.join("; ")) };
            show::line(format!("    {mark} {}{why}", finding.rule));
        }
        if let Some(advice) = &axis.advice {
            let [low, high] = advice.cost_eur;
            let decision = if advice.needs_decision { ", and a decision of others" } else { "" };
            show::line(format!(
                "    next: {} for {}, about {low:.0} to {high:.0} EUR{decision}",
                advice.steps.join(", "),
                advice.category
            ));
        }
    }
}
