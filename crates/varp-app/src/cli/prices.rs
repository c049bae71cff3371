//! `varp classify --prices`: the register under a price deck, what moves and why.

use anyhow::Context;
use varp_engine::economics::deck::Deck;
use varp_engine::economics::screening::Screening;
use varp_model::{References, Visibility};

use super::classify::Classify;
use super::{Outcome, rules, show};
use crate::jobs::{self, BodyEconomics, PricedClass, Repriced, Store, reprice};

const MILLION: f64 = 1e6;

/// Screens under the shipped prices and under the deck.
pub fn run(
    command: &Classify,
    path: &std::path::Path,
    store: &dyn Store,
    references: &References,
) -> anyhow::Result<Outcome> {
    let deck = Deck::parse(&rules::text(path)?, command.as_of)
        .map_err(anyhow::Error::msg)
        .with_context(|| format!("understanding {}", path.display()))?;
    let body = command.body.as_ref().map(|id| jobs::find_body(store, id));
    let body = body.transpose()?;
    let audience = command.audience.unwrap_or(Visibility::Private);
    let mut found = reprice(store, body, &deck, references, audience)?;
    if let Some(product) = &command.product {
        found.bodies.iter_mut().for_each(|b| b.classes.retain(|c| c.product == *product));
        found.bodies.retain(|body| !body.classes.is_empty());
    }
    if command.json {
        show::json(&serde_json::json!({ "deck": deck, "screening": found }))?;
    } else {
        print(&found, &deck, command.body.is_some());
    }
    Ok(Outcome::Clean)
}

fn print(found: &Repriced, deck: &Deck, with_reasons: bool) {
    for body in &found.bodies {
        line(body);
        if with_reasons {
            details(&body.after);
        }
        for class in body.classes.iter().filter(|c| c.if_found_before != c.if_found_after) {
            show::line(format!(
                "    {}: {} as long as it rests on defaults; a study of the site that found this would make \
                 it {} rather than {}{}",
                class.product,
                class.code,
                class.if_found_after,
                class.if_found_before,
                deciding(class)
            ));
        }
    }
    for (name, why) in &found.without {
        show::line(format!("{name}: no screening, {why}"));
    }
    for element in &found.unused {
        show::note(format!("the price of {element} is not used: screening knows no product of it"));
    }
    for price in deck.0.values() {
        show::note(format!(
            "{}: {} EUR/t on {}, {} ({}, {:?})",
            price.element,
            price.price_eur_per_t,
            price.date,
            price.source,
            price.licence,
            price.status
        ));
    }
    show::note(format!(
        "{} bodies, {} draws each; real terms, before tax, inputs independent, as if one plant won all products, \
         which flatters; costs, usual recoveries and \
         shipped prices are defaults, unverified, and argue no class up",
        found.bodies.len(),
        found.draws
    ));
}

/// The rules by which the two differ.
fn deciding(class: &PricedClass) -> String {
    let rules = |word: &str, rules: &[String]| {
        if rules.is_empty() { String::new() } else { format!("; {word}: {}", rules.join(", ")) }
    };
    rules("then holds", &class.rules_gained) + &rules("holds no more", &class.rules_lost)
}

fn line(body: &BodyEconomics) {
    let chance = |s: &Screening| format!("{:.0} %", 100.0 * s.npv.chance_positive);
    let why: Vec<String> = body
        .prices
        .iter()
        .map(|(element, old, new)| format!("{element} {old:.0} -> {new:.0} EUR/t"))
        .collect();
    let why = if why.is_empty() { "no price of it moved".to_owned() } else { why.join(", ") };
    show::line(format!(
        "{}  {}  NPV {:.0} -> {:.0} MEUR, above zero {} -> {}; {why}",
        body.country,
        body.name,
        body.before.npv.best / MILLION,
        body.after.npv.best / MILLION,
        chance(&body.before),
        chance(&body.after),
    ));
}

fn details(s: &Screening) {
    for product in &s.products {
        let even = match product.break_even_eur_per_t {
            Some(price) => format!("NPV zero at {price:.0}"),
            None => "no price makes the NPV zero".to_owned(),
        };
        show::line(format!(
            "    {} as {}: {:.2} EUR/t of waste at {:.0} EUR/t; {even}",
            product.element, product.product, product.return_eur_per_t, product.price_eur_per_t
        ));
    }
    show::line(format!(
        "    return {:.1}, operation {:.1}, remediation credit {:.2} EUR/t; capital {:.0} MEUR for {:.2} Mt a year",
        s.return_eur_per_t,
        s.operating_eur_per_t,
        s.credit_eur_per_t,
        s.capital_eur / MILLION,
        s.rate_t / MILLION
    ));
    show::line(format!(
        "    NPV {:.0} / {:.0} / {:.0} MEUR (10, 50, 90 %), mean {:.0}, expected loss {:.0}",
        s.npv.low / MILLION,
        s.npv.best / MILLION,
        s.npv.high / MILLION,
        s.npv.mean / MILLION,
        s.npv.expected_loss / MILLION
    ));
    for bar in s.npv.tornado.iter().take(6) {
        show::line(format!(
            "      {}: {:.0} to {:.0} MEUR, rank correlation {:.2}",
            bar.input,
            bar.at_low / MILLION,
            bar.at_high / MILLION,
            bar.rank_correlation
        ));
    }
    show::line(format!("    rests on defaults: {}", s.priors.join("; ")));
}
