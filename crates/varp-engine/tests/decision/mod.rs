//! Choosing sites and planning studies. Numbers of independent programs lie in
//! `tests/oracle/decision/`; its README names programs and versions.

mod circularity;
mod criteria;
mod economics;
mod elicitation;
mod foils;
mod live;
mod pilot_numbers;
mod portfolio;
mod quality;
mod ranking;
mod screening;
mod smaa;
pub mod study;

use serde_json::Value;

/// Reads an oracle file.
fn oracle(name: &str) -> Value {
    let path = format!("{}/tests/oracle/decision/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    serde_json::from_str(&text).unwrap()
}

/// A list of numbers.
fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

/// A number; null is NaN.
fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

/// A table of numbers.
fn table(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().unwrap().iter().map(numbers).collect()
}

/// Asserts that all numbers agree within `tolerance` × max(1, |expected|).
#[track_caller]
fn assert_close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (k, (f, e)) in found.iter().zip(expected).enumerate() {
        let allowed = tolerance * e.abs().max(1.0);
        assert!((f - e).abs() <= allowed, "number {k}: {f} is not {e} within {allowed:e}");
    }
}
