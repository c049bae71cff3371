//! `varp capture`: what to find out next, ranked over the register under a budget.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use varp_engine::capture::{
    DEFAULT_EFFECTS, DEFAULT_STEPS, Offer, Programme, Strategy, Wanted, programme,
};

use super::arguments::{Capture, CaptureOrder};
use super::{Outcome, Settings, rules, show};
use crate::jobs::{self, CaptureFilter, Captured};

/// Ranks capture steps and prints the programme.
pub fn run(command: &Capture, settings: &Settings) -> anyhow::Result<Outcome> {
    if !(command.budget > 0.0 && command.budget.is_finite()) {
        bail!("the budget must be above 0 EUR");
    }
    let steps = match &command.steps {
        Some(path) => rules::text(path)?,
        None => DEFAULT_STEPS.to_owned(),
    };
    let strategy = Strategy::parse(&steps, DEFAULT_EFFECTS).context("understanding the steps")?;
    let filter = CaptureFilter {
        country: command.country.clone(),
        product: command.product.clone(),
        prices: prices(&command.price)?,
        recovery: command.recovery,
        treatment: command.treatment,
    };
    let by = match command.by {
        CaptureOrder::Variance => Wanted::Variance,
        CaptureOrder::Value if filter.prices.is_empty() => {
            bail!("the value of information needs a price: --price Co=30000")
        }
        CaptureOrder::Value => Wanted::Value,
    };
    let store = jobs::open(&settings.register)?;
    let captured = jobs::uncertain(&store, &settings.read_references()?, &filter)?;
    if captured.items.is_empty() && !command.json {
        show::note("no body has an estimate yet: varp estimate --all makes them");
    }
    let programme = programme(&captured.items, &strategy, command.budget, by);
    if let Some(path) = &command.output {
        std::fs::write(path, table(&programme)?)
            .with_context(|| format!("writing {}", path.display()))?;
        show::note(format!("wrote {}", path.display()));
    }
    if command.json {
        show::json(&programme)?;
    } else {
        print(&programme, &captured);
    }
    Ok(Outcome::Clean)
}

fn prices(given: &[String]) -> anyhow::Result<BTreeMap<String, f64>> {
    given
        .iter()
        .map(|text| {
            let parts = text.split_once('=').and_then(|(substance, price)| {
                let price: f64 = price.trim().parse().ok()?;
                (price > 0.0).then(|| (substance.trim().to_owned(), price))
            });
            parts.with_context(|| format!("\"{text}\" is not a price such as Co=30000"))
        })
        .collect()
}

fn print(programme: &Programme, captured: &Captured) {
    show::line(format!(
        "{} steps for {:.0} of {:.0} EUR, over {} bodies with an estimate",
        programme.taken.len(),
        programme.spent_eur,
        programme.budget_eur,
        captured.items.len()
    ));
    let [before, after] = programme.spread;
    show::line(format!(
        "high over low of contained tonnes, middle of all bodies: {before:.1} now, {after:.1} expected"
    ));
    for (at, offer) in programme.taken.iter().enumerate() {
        show::line(format!(
            "{:>3}. {}, {}: {}",
            at + 1,
            offer.country,
            offer.name,
            offer.words.join(", then ")
        ));
        let [low, best, high] = offer.cost_eur;
        show::line(format!("     {best:.0} EUR ({low:.0} to {high:.0}); {}", bought(offer)));
        if !offer.access.is_empty() {
            show::line(format!("     needs {}", offer.access.join(", ")));
        }
    }
    if !captured.without.is_empty() {
        show::line(format!(
            "{} bodies have no estimate: nothing tells how much there is or what is in it; review their \
             documents first (varp review BODY)",
            captured.without.len()
        ));
    }
    show::line("costs and precisions are recalled priors, unverified: edit them with --steps");
}

fn bought(offer: &Offer) -> String {
    let constrains: Vec<String> = offer
        .constrains
        .iter()
        .map(|(name, before, after)| {
            format!("{name} ±{:.0} to ±{:.0} %", before * 100.0, after * 100.0)
        })
        .collect();
    let [before, after] = offer.spread;
    let worth = offer
        .information_eur
        .map_or_else(String::new, |v| format!("; worth {v:.0} EUR to the decision"));
    format!(
        "{} of {}: high over low {before:.1} to {after:.1}; {}{worth}",
        percent(offer),
        offer.product,
        constrains.join(", ")
    )
}

fn percent(offer: &Offer) -> String {
    format!("{:.0} % of the variance", 100.0 * offer.drop / offer.variance.max(f64::MIN_POSITIVE))
}

fn table(programme: &Programme) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "order",
        "country",
        "body",
        "body_id",
        "product",
        "steps",
        "cost_low_eur",
        "cost_best_eur",
        "cost_high_eur",
        "share_of_variance",
        "spread_before",
        "spread_after",
        "information_eur",
        "access",
    ])?;
    for (at, o) in programme.taken.iter().enumerate() {
        writer.write_record([
            (at + 1).to_string(),
            o.country.clone(),
            o.name.clone(),
            o.body.clone(),
            o.product.clone(),
            o.steps.join(" "),
            o.cost_eur[0].to_string(),
            o.cost_eur[1].to_string(),
            o.cost_eur[2].to_string(),
            (o.drop / o.variance).to_string(),
            o.spread[0].to_string(),
            o.spread[1].to_string(),
            o.information_eur.map_or_else(String::new, |v| v.to_string()),
            o.access.join("; "),
        ])?;
    }
    writer.into_inner().map_err(|e| anyhow::anyhow!("writing a table: {e}"))
}
