//! Do the intervals of estimates hold what they promise? Over 500 synthetic ponds of known truth:
//! `cargo run --release -p varp-engine --example calibrate_estimates [PONDS] > docs/estimate-calibration.md`

#![allow(clippy::print_stdout, reason = "an example prints its answer")]

use varp_engine::estimate::Priors;
use varp_engine::trial::{Recipe, run, written};

fn main() {
    let count = std::env::args().nth(1).and_then(|a| a.parse().ok()).unwrap_or(500);
    let priors = Priors::embedded();
    let variability = priors.variability("tailings").expect("a shipped row");
    for (name, variation, range) in [
        ("As the priors say", 1.0, 1.0),
        ("More variable than the priors say", 1.6, 1.0),
        ("Shorter ranges than the priors say", 1.0, 0.4),
    ] {
        let recipe = Recipe { variability, variation, range, seed: 20_260_101 };
        let trial = run(&recipe, count, &priors);
        println!("## {name}\n\n{}\n{}", written(&trial), trial.strata());
        let ((a, b), (c, d)) = (trial.flagged, trial.false_alarms);
        println!("Biased tables flagged: {a} of {b}; honest tables flagged: {c} of {d}.");
        println!("Failures: {:?}\n", trial.failures);
    }
}
