//! Question: how long do portfolios of many bodies take, and are they proved?
//!
//! `cargo run --release -p varp-engine --example bench_portfolio [BODIES [RULES]]`: for each set of rules, or one of them,
//! the best portfolio, ten budgets and a core index over 100 draws; one line each, as JSON.
//! `oracle/bench_peers.py` sets other solvers beside the first set.

#![allow(clippy::print_stdout, reason = "printing is the purpose")]

use std::collections::BTreeMap;
use std::time::Instant;
use varp_engine::chance::{CellKey, Draws, Purpose};
use varp_engine::portfolio::robust::{core_index, frontier};
use varp_engine::portfolio::{Candidate, Outcome, Quota, Rules, solve};

const DRAWS: usize = 100;
const COUNTRIES: usize = 8;

fn main() {
    let bodies = std::env::args().nth(1).map_or(10_000, |n| n.parse().expect("a number"));
    let list = candidates(bodies);
    let plain = Rules::default();
    let quota = |k: usize| Quota {
        attribute: "country".into(),
        value: k.to_string(),
        at_least: Some(1),
        at_most: Some(6),
    };
    let quotas = Rules { quotas: (0..COUNTRIES).map(quota).collect(), ..Rules::default() };
    let id = |k: usize| list[k % bodies].id.clone();
    let all = Rules {
        cluster: Some("municipality".into()),
        requires: (0..bodies / 200).map(|k| (id(97 * k), id(97 * k + 1))).collect(),
        must: vec![id(3)],
        never: vec![id(4)],
        ..quotas.clone()
    };
    // precedence that ties nearly all municipalities together
    let tied = Rules {
        cluster: Some("municipality".into()),
        requires: (0..bodies / 2).map(|k| (id(2 * k), id(2 * k + 1))).collect(),
        ..quotas.clone()
    };
    let chosen = std::env::args().nth(2);
    let sets = [("budget", &plain), ("quotas", &quotas), ("all rules", &all), ("tied", &tied)];
    let wanted = |name: &str| chosen.as_ref().is_none_or(|chosen| chosen == name);
    for (name, rules) in sets.into_iter().filter(|(name, _)| wanted(name)) {
        for budget in [1e6, 5e6, 50e6] {
            report(name, &list, rules, budget);
        }
    }
}

fn report(name: &str, list: &[Candidate], rules: &Rules, budget: f64) {
    let start = Instant::now();
    let (said, chosen) = match solve(list, rules, budget).expect("rules are right") {
        Outcome::Optimal { portfolio } => ("optimal".to_owned(), portfolio.chosen.len()),
        Outcome::Limited { portfolio, gap } => (format!("gap {gap:?}"), portfolio.chosen.len()),
        Outcome::Infeasible { .. } => ("infeasible".to_owned(), 0),
    };
    let one = start.elapsed().as_secs_f64();
    let budgets: Vec<f64> = (1..=10).map(|k| 0.2 * f64::from(k) * budget).collect();
    let start = Instant::now();
    let points = frontier(list, rules, &budgets).expect("rules are right");
    let ten = start.elapsed().as_secs_f64();
    let proved = points.iter().filter(|p| !matches!(p.outcome, Outcome::Limited { .. })).count();
    let start = Instant::now();
    let core = core_index(list, rules, budget, &draws(list)).expect("rules are right");
    let hundred = start.elapsed().as_secs_f64();
    let (unproved, gap) = core.map_or((0, 0.0), |c| (c.unproved, c.widest_gap));
    println!(
        "{{\"rules\": \"{name}\", \"bodies\": {}, \"budget\": {budget:e}, \"outcome\": \"{said}\", \
         \"studies\": {chosen}, \"one_s\": {one:.3}, \"frontier_s\": {ten:.3}, \
         \"frontier_proved\": {proved}, \"core_s\": {hundred:.3}, \"core_unproved\": {unproved}, \
         \"core_gap\": {gap:.1e}}}",
        list.len()
    );
}

/// Studies of 5 to 40 holes, 2 to 20 m deep; worth like the mean of an additive value.
fn candidates(bodies: usize) -> Vec<Candidate> {
    let draw = Draws::new(1, Purpose::Values).draw(0);
    let uniform = |i: usize, k: u64| draw.words(CellKey::numbered(4 * i as u64 + k)).uniform(0);
    let body = |i: usize| {
        let holes = (5.0 + 35.0 * uniform(i, 0) * uniform(i, 0)).floor();
        let depth = 2.0 + 18.0 * uniform(i, 1);
        let attributes = [
            ("country", i % COUNTRIES),
            ("municipality", (uniform(i, 2) * bodies as f64 / 4.0) as usize),
        ];
        Candidate {
            id: format!("B{i:06}"),
            worth: 0.2 + 0.3 * (uniform(i, 2) + uniform(i, 3)),
            cost: 60_000.0 + holes * (3_000.0 + 220.0 * depth),
            attributes: attributes
                .map(|(name, value)| (name.to_owned(), value.to_string()))
                .into_iter()
                .collect::<BTreeMap<_, _>>(),
        }
    };
    (0..bodies).map(body).collect()
}

fn draws(list: &[Candidate]) -> Vec<Vec<f64>> {
    let draws = Draws::new(2, Purpose::Values);
    (0..DRAWS)
        .map(|t| {
            let draw = draws.draw(t as u64);
            let noise = |i: usize| draw.words(CellKey::numbered(i as u64)).normal(0);
            let body = |(i, c): (usize, &Candidate)| (c.worth + 0.08 * noise(i)).max(0.0);
            list.iter().enumerate().map(body).collect()
        })
        .collect()
}
