//! A programme under a budget: the best offer, then the best after it, until the money is spent.

use serde::Serialize;

use super::{Knowledge, Offer, Strategy, Uncertain, information};

/// By what the order goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// Drop of variance per euro, weighed by the size of the product.
    #[default]
    Variance,
    /// Value of information per euro; bodies without a price come last.
    Value,
}

/// What a budget buys.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Programme {
    /// €.
    pub budget_eur: f64,
    /// € spent at best cost.
    pub spent_eur: f64,
    /// By what the order goes.
    pub by: Wanted,
    /// Offers taken, the best first.
    pub taken: Vec<Offer>,
    /// Mean factor between high and low over all bodies before and after, geometric.
    pub spread: [f64; 2],
}

/// Least weighed drop of variance for which anybody would go out.
const NOTICEABLE: f64 = 1e-3;

/// Takes offers one by one, the best per euro first; what a step has told is known to the next.
///
/// Greedy: close to the best that a budget can buy while each offer is small against it.
pub fn programme(
    items: &[Uncertain],
    strategy: &Strategy,
    budget_eur: f64,
    by: Wanted,
) -> Programme {
    let mut known: Vec<Knowledge> = items.iter().map(Knowledge::of).collect();
    let before: Vec<f64> = known.iter().map(Knowledge::variance).collect();
    let mut left = budget_eur;
    let mut taken = Vec::new();
    let ahead = |at: usize, known: &Knowledge| {
        let mut all = offers_from(&items[at], known, strategy);
        all.sort_by(|a, b| merit(b, by).total_cmp(&merit(a, by)));
        all
    };
    let mut offers: Vec<Vec<Offer>> =
        known.iter().enumerate().map(|(at, k)| ahead(at, k)).collect();
    loop {
        let affordable = |all: &Vec<Offer>| all.iter().position(|o| o.cost_eur[1] <= left);
        let mut best: Option<(usize, usize, f64)> = None;
        for (at, all) in offers.iter().enumerate() {
            let Some(i) = affordable(all) else { continue };
            let merit = merit(&all[i], by);
            if merit > 0.0 && best.is_none_or(|(.., m)| merit > m) {
                best = Some((at, i, merit));
            }
        }
        let Some((at, i, _)) = best else { break };
        let offer = offers[at].swap_remove(i);
        left -= offer.cost_eur[1];
        for step in &offer.steps {
            known[at] = known[at].after(step, strategy).0;
        }
        taken.push(offer);
        offers[at] = ahead(at, &known[at]);
    }
    let spread = |variances: &mut dyn Iterator<Item = f64>| {
        let logs: Vec<f64> = variances.map(|v| 2.0 * crate::chance::Z80 * v.sqrt()).collect();
        if logs.is_empty() { 1.0 } else { (logs.iter().sum::<f64>() / logs.len() as f64).exp() }
    };
    Programme {
        budget_eur,
        spent_eur: budget_eur - left,
        by,
        taken,
        spread: [
            spread(&mut before.iter().copied()),
            spread(&mut known.iter().map(Knowledge::variance)),
        ],
    }
}

fn merit(offer: &Offer, by: Wanted) -> f64 {
    match by {
        Wanted::Variance => offer.drop_per_keur,
        Wanted::Value => offer.information_eur.unwrap_or(0.0) / offer.cost_eur[1].max(1.0),
    }
}

/// Offers for a body with this knowledge: each step with those that must come before it.
pub(super) fn offers_from(item: &Uncertain, known: &Knowledge, strategy: &Strategy) -> Vec<Offer> {
    let variance = known.variance();
    let mut all = Vec::new();
    for step in strategy.steps.iter().filter(|s| s.suits(&item.kind)) {
        if known.done.contains(&step.step) {
            continue;
        }
        let mut chain = vec![step];
        while let Some(before) = strategy.step(&chain[0].after) {
            if known.done.contains(&before.step) || chain.len() > strategy.steps.len() {
                break;
            }
            chain.insert(0, before);
        }
        let mut next = known.clone();
        let mut constrains: Vec<(String, f64, f64)> = Vec::new();
        let mut cost = [0.0; 3];
        for step in &chain {
            let (after, told) = next.after(&step.step, strategy);
            next = after;
            for (name, before, after) in told {
                match constrains.iter_mut().find(|(n, ..)| *n == name) {
                    Some(known) => known.2 = after,
                    None => constrains.push((name, before, after)),
                }
            }
            cost.iter_mut().zip(step.cost(item.hectares)).for_each(|(sum, c)| *sum += c);
        }
        let drop = (variance - next.variance()).max(0.0);
        if drop * item.weight < NOTICEABLE {
            continue;
        }
        let factor = |v: f64| (2.0 * crate::chance::Z80 * v.sqrt()).exp();
        let mut access: Vec<String> = chain.iter().map(|s| s.access.clone()).collect();
        access.dedup();
        access.retain(|a| a != "none");
        all.push(Offer {
            body: item.body.clone(),
            name: item.name.clone(),
            country: item.country.clone(),
            product: item.product.clone(),
            steps: chain.iter().map(|s| s.step.clone()).collect(),
            words: chain.iter().map(|s| s.name.clone()).collect(),
            constrains,
            cost_eur: cost,
            variance,
            drop,
            drop_per_keur: drop * item.weight / (cost[1].max(1.0) / 1000.0),
            spread: [factor(variance), factor(next.variance())],
            information_eur: information(item, drop, variance),
            access,
        });
    }
    all
}
