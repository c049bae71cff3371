//! A small trial on ponds of known truth; the whole one is `docs/estimate-calibration.md`.

use varp_engine::estimate::Priors;
use varp_engine::trial::{Heads, Recipe, run};

#[test]
fn intervals_hold_about_what_they_promise() {
    let priors = Priors::embedded();
    let variability = priors.variability("tailings").unwrap();
    let recipe = Recipe { variability, variation: 1.0, range: 1.0, heads: Heads::Mine, seed: 7 };
    let trial = run(&recipe, 8, &priors);
    assert!(trial.failures.is_empty(), "{:?}", trial.failures);
    // 8 ponds: fewer than four held would be a chance of one in a hundred
    for method in ["mean", "kriging", "simulation"] {
        let s = trial.summary(method, "grade").unwrap();
        assert!((0.45..=1.0).contains(&s.coverage_80), "{method}: {s:?}");
    }
    let (flagged, all) = trial.flagged;
    assert!(flagged * 2 > all, "{flagged} of {all} biased tables were flagged");
}
