use serde::{Deserialize, Serialize};
use std::path::Path;
use varp_engine::rank::live::{LiveTable, Look, look, mixed};

#[derive(Serialize, Deserialize)]
struct Case {
    weights: Vec<f64>,
    k: usize,
    look: Look,
}

#[derive(Serialize, Deserialize)]
struct Golden {
    table: LiveTable,
    looks: Vec<Case>,
}

/// A table with ties, certain cells and a criterion without weight.
fn table() -> LiveTable {
    let number = |k: u32| f64::from(mixed(k) % 10_000) / 10_000.0;
    let (criteria, sites) = (5_u32, 40_u32);
    let mut means: Vec<f64> = (0..criteria * sites).map(|k| number(k + 1)).collect();
    let mut variances: Vec<f64> = (0..criteria * sites).map(|k| number(k + 7000) / 20.0).collect();
    for j in 0..5 {
        means[15 + j] = means[10 + j];
        variances[15 + j] = variances[10 + j];
        variances[20 + j] = 0.0;
    }
    LiveTable { criteria: ["A", "B", "C", "D", "E"].map(String::from).into(), means, variances }
}

fn golden() -> Golden {
    let table = table();
    let asked = [
        (vec![0.3, 0.2, 0.2, 0.2, 0.1], 10),
        (vec![30.0, 0.0, 10.0, 0.0, 60.0], 3),
        (vec![0.0, 0.0, 0.0, 0.0, 1.0], 40),
    ];
    let case =
        |(weights, k): (Vec<f64>, usize)| Case { look: look(&table, &weights, k), weights, k };
    Golden { looks: asked.into_iter().map(case).collect(), table }
}

#[test]
fn the_browser_is_held_to_these_numbers() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../varp-app/web/src/ranking/golden.json");
    let text = format!("{}\n", serde_json::to_string(&golden()).unwrap());
    if std::env::var_os("VARP_UPDATE_DOCS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap();
    assert!(kept == text, "run VARP_UPDATE_DOCS=1 cargo test and look at what changed");
}

#[test]
fn every_draw_has_k_best_and_the_order_is_that_of_the_values() {
    for case in golden().looks {
        let total: f64 = case.look.top.iter().sum();
        assert!((total - case.k as f64).abs() < 1e-9, "{total}");
        let values = &case.look.values;
        assert!(case.look.order.windows(2).all(|w| values[w[0]] >= values[w[1]]));
    }
}
