//! `varp classify`: UNFC classes with their reasons, kept in the register, under other rules, lists and
//! dates.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use jiff::civil::Date;
use varp_engine::classify::{Classified, Prepared, RuleSet, classify};
use varp_model::{References, Visibility};

use super::{Outcome, Settings, moved, prices, rules, settings, show};
use crate::jobs::classes::{Computed, class_of_body, classify_register, entries, keep_classes};
use crate::jobs::{self, Store};

/// Compute UNFC classes with their reasons.
#[derive(Debug, Args)]
pub struct Classify {
    /// Id or name of a body; without it, all bodies
    pub body: Option<String>,
    /// Only this product, a substance code such as Co or WO3
    #[arg(long, value_name = "SUBSTANCE")]
    pub product: Option<String>,
    /// Rules of your own instead of the embedded ones
    #[arg(long, value_name = "RULES.toml")]
    pub rules: Option<PathBuf>,
    /// Show only what your rules change against the embedded ones
    #[arg(long, requires = "rules", conflicts_with = "store")]
    pub diff: bool,
    /// Keep the classes of all bodies in the register
    #[arg(long, conflicts_with_all = ["body", "product"])]
    pub store: bool,
    /// Whose knowledge to classify by: public, authority, private. Kept classes are as open as that
    #[arg(long, value_name = "WHO")]
    pub audience: Option<Visibility>,
    /// The register as of this day against today: lists of critical raw materials, and the class of every product as
    /// it stood in the register or is evaluated from evidence dated up to the day; what moved, and why
    #[arg(long, value_name = "DATE", conflicts_with_all = ["store", "diff"])]
    pub as_of: Option<Date>,
    /// A proposed list, rows as in crm_entries.csv: what it would move
    #[arg(long, value_name = "LIST.csv", conflicts_with_all = ["store", "diff"])]
    pub list: Option<PathBuf>,
    /// A price deck: screening cash flows under it and under the shipped prices; with --as-of the prices of
    /// that day
    #[arg(long, value_name = "DECK.csv", conflicts_with_all = ["store", "diff", "list", "rules"])]
    pub prices: Option<PathBuf>,
    /// Who makes the lists
    #[arg(long, value_name = "EU|US", default_value = "EU")]
    pub jurisdiction: String,
    /// Who has it computed, for the record
    #[arg(long, env = "VARP_ACTOR", value_name = "NAME")]
    pub actor: Option<String>,
    /// Print as JSON, with every rule that fired or failed
    #[arg(long)]
    pub json: bool,
}

/// A body's products with their computed classes.
#[derive(Clone, Debug, serde::Serialize)]
struct BodyClasses {
    id: String,
    name: String,
    kind: String,
    country: String,
    classes: Vec<Classified>,
}

/// Classifies one body or all.
pub fn run(command: &Classify, settings: &Settings) -> anyhow::Result<Outcome> {
    let store = jobs::open(&settings.register)?;
    let references = settings.read_references()?;
    if let Some(deck) = &command.prices {
        return prices::run(command, deck, &store, &references);
    }
    if command.as_of.is_some() || command.list.is_some() {
        return moved::run(command, &store, &references);
    }
    let own = rules::read(command.rules.as_deref())?;
    if command.store {
        return keep(command, &store, &own, &references);
    }
    let mut found = classes(&store, command, &own, &references)?;
    if command.diff {
        let usual = classes(&store, command, &RuleSet::embedded(), &references)?;
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

fn keep(
    command: &Classify,
    store: &dyn Store,
    own: &RuleSet,
    references: &References,
) -> anyhow::Result<Outcome> {
    let text = match &command.rules {
        Some(path) => rules::text(path)?,
        None => RuleSet::embedded_text().to_owned(),
    };
    let actor = settings::actor(command.actor.as_deref());
    let audience = command.audience.unwrap_or(Visibility::Public);
    let kept = keep_classes(store, &text, &Prepared::new(own), references, audience, &actor)?;
    show::note(format!(
        "{} products of {} bodies classified by {} from what is {audience}; {} results are new",
        kept.products,
        kept.bodies,
        own.title(),
        kept.new
    ));
    let stands = entries(store, own, references, audience)?;
    let stale: Vec<_> = stands.iter().filter(|entry| entry.stale.is_some()).collect();
    if !stale.is_empty() {
        show::note(format!(
            "{} adopted classes stand on evidence that has changed since: varp adopt --confirm keeps one, --to adopted \
             takes the new one over",
            stale.len()
        ));
    }
    for entry in stale {
        let computed = entry.stale.as_ref().and_then(|stale| stale.computed.as_ref());
        let computed = computed.map_or_else(|| "nothing".to_owned(), ToString::to_string);
        show::note(format!(
            "  {}  {}  {}: adopted {}, computed now {computed}",
            entry.country, entry.name, entry.product, entry.code
        ));
    }
    Ok(Outcome::Clean)
}

fn classes(
    store: &dyn Store,
    command: &Classify,
    rules: &RuleSet,
    references: &References,
) -> anyhow::Result<Vec<BodyClasses>> {
    let prepared = Prepared::new(rules);
    let audience = command.audience.unwrap_or(Visibility::Private);
    let mut found = Vec::new();
    let mut add = |computed: Computed| found.push(with_reasons(&computed, command, rules));
    match &command.body {
        Some(id) => {
            let id = jobs::find_body(store, id)?;
            let computed = class_of_body(store, id, &prepared, references, audience)?;
            add(computed.with_context(|| format!("there is no body {id}"))?);
        }
        None => classify_register(store, &prepared, references, audience, add)?,
    }
    Ok(found)
}

fn with_reasons(computed: &Computed, command: &Classify, rules: &RuleSet) -> BodyClasses {
    let dossier = &computed.record.dossier;
    let wanted = |product: &&String| command.product.as_ref().is_none_or(|w| w == *product);
    BodyClasses {
        id: computed.item.body.id.to_string(),
        name: computed.item.body.name.clone(),
        kind: computed.item.body.kind.0.clone(),
        country: computed.item.country.code().to_owned(),
        classes: dossier
            .products
            .keys()
            .filter(wanted)
            .map(|product| classify(dossier, product, rules))
            .collect(),
    }
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
