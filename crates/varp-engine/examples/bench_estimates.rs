//! How long do estimates take? 1,000 bodies of 50 samples with 10,000 draws each, and one pond of 500
//! composites with a million blocks and 100 realisations: both under 10 s on two cores.
//! `cargo run --release -p varp-engine --example bench_estimates`

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "an example prints its answer")]

use std::time::Instant;

use geo_types::{MultiPolygon, Polygon};
use rayon::prelude::*;
use varp_engine::estimate::{
    AssayData, BodyData, EstimationPlan, GradeFrom, HoleData, Priors, SampleData, SampleMethod,
    Taken, estimate_body,
};
use varp_geostat::progress::Progress;
use varp_model::{Measured, QaRole};

const PLAN: &str = include_str!("../tests/estimate/pond.toml");

/// `side`² holes on a grid of 100 m, `layers` samples of a metre in each.
fn pond(side: usize, layers: usize, seed: usize) -> BodyData {
    let edge = 100.0 * side as f64;
    let ring = vec![(0.0, 0.0), (edge, 0.0), (edge, edge), (0.0, edge)];
    let outline = Some(MultiPolygon(vec![Polygon::new(ring.into(), vec![])]));
    let mut data = BodyData { outline, ..BodyData::default() };
    let chance = |i: usize| {
        let mut z = (i as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ seed as u64;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (z >> 11) as f64 / (1_u64 << 53) as f64
    };
    for h in 0..side * side {
        let (x, y) = ((h % side) as f64 * 100.0, (h / side) as f64 * 100.0);
        let name = format!("H{h}");
        let place = [x + 20.0 + 60.0 * chance(7 * h), y + 20.0 + 60.0 * chance(7 * h + 1), 100.0];
        data.holes.push(HoleData {
            name: name.clone(),
            collar: Some(place),
            surveys: vec![],
            depth_m: Some(layers as f64 + chance(7 * h + 2)),
            reached_base: Some(true),
        });
        for k in 0..layers {
            let value = 1e-4 * (1.0 + (x / edge * 6.0).sin().abs() + chance(1000 + h * layers + k));
            data.samples.push(SampleData {
                name: format!("{name}-{k}"),
                taken: Taken::Interval {
                    hole: name.clone(),
                    from_m: k as f64,
                    to_m: k as f64 + 1.0,
                },
                role: QaRole::Original,
                repeats: None,
                size_fraction: None,
                assays: vec![AssayData {
                    substance: "Co".into(),
                    value: if value < 1.2e-4 {
                        Measured::Below(1.2e-4)
                    } else {
                        Measured::Exact(value)
                    },
                    method: "ICP".into(),
                    size_fraction: None,
                    certified: None,
                }],
            });
        }
    }
    data
}

fn main() {
    let priors = Priors::embedded();
    let plan = EstimationPlan { draws: 10_000, ..EstimationPlan::parse(PLAN).unwrap() };
    let start = Instant::now();
    let total: f64 = (0..1000_usize)
        .into_par_iter()
        .map(|i| {
            let data = pond(5, 2, i);
            let found = estimate_body(&plan, &data, &priors, &Progress::none()).unwrap();
            found.statement.products[0].contained_t[1]
        })
        .sum();
    println!(
        "1,000 bodies x 50 samples x 10,000 draws: {:.2} s ({total:.0} t)",
        start.elapsed().as_secs_f64()
    );

    let mut plan = plan;
    if let GradeFrom::Samples(samples) = &mut plan.products[0].grade {
        samples.method = SampleMethod::Simulation { realisations: 100, neighbours: 16 };
        samples.composite_m = Some(1.0);
        samples.block_m = Some([5.0, 5.0, 0.198]);
    }
    let data = pond(10, 5, 1);
    let start = Instant::now();
    let found = estimate_body(&plan, &data, &priors, &Progress::none()).unwrap();
    let composites = found.statement.products[0].sampled.as_ref().unwrap().composites;
    println!(
        "{composites} composites, {} blocks, 100 realisations: {:.2} s",
        found.blocks.unwrap().len(),
        start.elapsed().as_secs_f64()
    );
}
