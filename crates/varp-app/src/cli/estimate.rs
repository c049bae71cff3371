//! `varp estimate`: a plan carried out.

use anyhow::Context;
use varp_engine::estimate::{EstimationPlan, QuantityStatement, estimate};

use super::arguments::Estimate;
use super::{Outcome, rules, show};

/// Carries out the plan and prints the quantity statement.
pub fn run(command: &Estimate) -> anyhow::Result<Outcome> {
    let text = rules::text(&command.plan)?;
    let plan: EstimationPlan = toml::from_str(&text)
        .with_context(|| format!("understanding {}", command.plan.display()))?;
    let statement = estimate(&plan)?;
    if command.json {
        show::json(&statement)?;
    } else {
        print(&statement);
    }
    Ok(Outcome::Clean)
}

fn print(statement: &QuantityStatement) {
    show::line(format!(
        "Quantity statement for {}, {}, {}",
        statement.body, statement.effective, statement.reference_point
    ));
    show::line("                     low         best         high");
    show::line(row("dry mass, t", statement.mass_t));
    if let Some(volume) = statement.volume_m3 {
        show::line(row("volume, m3", volume));
    }
    for product in &statement.products {
        show::line(row(&format!("{}, %", product.substance), product.grade.map(|g| g * 100.0)));
        show::line(row(&format!("{}, t", product.substance), product.contained_t));
        let shares: Vec<String> =
            product.shares.iter().map(|(n, s)| format!("{n} {:.0} %", s * 100.0)).collect();
        if !shares.is_empty() {
            show::line(format!("  uncertainty of {}: {}", product.substance, shares.join(", ")));
        }
    }
    for assumption in &statement.assumptions {
        show::line(format!("  {assumption}"));
    }
}

fn row(name: &str, [low, best, high]: [f64; 3]) -> String {
    let figure = |v: f64| {
        if v.abs() >= 1000.0 { format!("{v:.0}") } else { format!("{v:.4}") }
    };
    format!("{name:<14}{:>12} {:>12} {:>12}", figure(low), figure(best), figure(high))
}
