//! Question: how long do the rankings of large tables take on this machine?
//!
//! `cargo run --release -p varp-engine --example bench_rank`: best wall time of five runs, one
//! line per method, as JSON. `oracle/bench_peers.py` sets other programs beside it.

#![allow(clippy::print_stdout, reason = "printing is the purpose")]

use std::time::Instant;
use varp_engine::chance::{CellKey, Draws, Purpose};
use varp_engine::rank::criteria::{Aim, CriteriaDocument, DEFAULT, Level, Situation};
use varp_engine::rank::promethee::{Preference, flows};
use varp_engine::rank::sampler::PreparedTable;
use varp_engine::rank::smaa::{Counting, accept};
use varp_engine::rank::table::{Cell, Datum, Evidence, Row};
use varp_engine::rank::topsis::{Norm, closeness};
use varp_engine::rank::value::Direction;
use varp_engine::rank::weights::{WeightSpace, draw_weights};

const CRITERIA: usize = 20;

fn main() {
    let gains = vec![Direction::Gain; CRITERIA];
    let weights = vec![1.0 / CRITERIA as f64; CRITERIA];
    for sites in [100, 10_000, 100_000] {
        let columns = lognormal_columns(sites);
        report("TOPSIS", sites, || closeness(&columns, &weights, &gains, Norm::Vector));
        let shapes = vec![Preference::Linear { q: 0.1, p: 1.0 }; CRITERIA];
        report("PROMETHEE II", sites, || flows(&columns, &weights, &gains, &shapes));
    }
    let sites = 1000;
    let (table, draws) = smaa_table(sites);
    let values = Draws::new(1, Purpose::Values);
    report("SMAA-2 10,000 draws", sites, || {
        accept(sites, &draws, &Counting::default(), |t, out| {
            for (j, weight) in draws[t].iter().enumerate() {
                table.add_values(j, *weight, values.draw(t as u64), out);
            }
        })
    });
}

fn report<T>(method: &str, sites: usize, run: impl Fn() -> T) {
    let best = (0..5)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(run());
            start.elapsed().as_secs_f64() * 1e3
        })
        .fold(f64::INFINITY, f64::min);
    println!("{{\"method\": \"{method}\", \"sites\": {sites}, \"best_ms\": {best:.3}}}");
}

fn lognormal_columns(sites: usize) -> Vec<Vec<f64>> {
    let draw = Draws::new(1, Purpose::Values).draw(0);
    let x = |i: usize, j: usize| draw.words(CellKey::numbered((i * CRITERIA + j) as u64)).normal(0);
    (0..CRITERIA).map(|j| (0..sites).map(|i| libm::exp(x(i, j))).collect()).collect()
}

/// Twenty criteria, noise in every cell, weights uniform on the simplex.
fn smaa_table(sites: usize) -> (PreparedTable, Vec<Vec<f64>>) {
    let mut document = CriteriaDocument::parse(DEFAULT).expect("the shipped criteria are sound");
    document.guards.clear();
    document.criteria.truncate(CRITERIA);
    let situation = Situation { level: Level::L0, aim: Aim::Pilots, credit_in_npv: false };
    let criteria = document.active(&situation).expect("twenty criteria are left");
    let draw = Draws::new(2, Purpose::Values).draw(0);
    let rows: Vec<Row> = (0..sites)
        .map(|i| {
            let data = criteria.criteria.iter().map(|c| {
                let u = draw.words(CellKey::new(&i.to_string(), &c.id)).uniform(0);
                let (a, b) = (c.value.points[0].0, c.value.points[c.value.points.len() - 1].0);
                let cell = Cell::Normal { mean: a + u * (b - a), deviation: 0.08 * (b - a) };
                (c.id.clone(), Datum { cell, evidence: Evidence::Measured })
            });
            Row { id: format!("S{i:04}"), attributes: Default::default(), data: data.collect() }
        })
        .collect();
    let table = PreparedTable::new(&criteria, &rows, &[]).expect("all cells are sound");
    let weights = draw_weights(&WeightSpace::Uniform, &criteria, 1, 10_000).expect("no constraint");
    (table, weights)
}
