//! A quantity statement on the terminal.

use varp_engine::estimate::{Estimate, ProductEstimate, QuantityStatement};

use super::super::show;
use crate::jobs::estimate::Change;

/// Prints an estimate.
pub fn estimate(estimate: &Estimate, json: bool) -> anyhow::Result<()> {
    if json {
        return show::json(estimate);
    }
    statement(&estimate.statement);
    Ok(())
}

fn statement(statement: &QuantityStatement) {
    show::line(format!(
        "Quantity statement for {}, {}, {} ({})",
        statement.body, statement.effective, statement.reference_point, statement.method
    ));
    show::line("                     low         best         high");
    show::line(row("dry mass, t", statement.mass_t));
    if let Some(volume) = statement.volume_m3 {
        show::line(row("volume, m3", volume));
    }
    if let Some(density) = statement.density {
        show::line(row("density, t/m3", density));
    }
    statement.products.iter().for_each(product);
    if !statement.levels.is_empty() {
        show::line("below a level:   height, m     area, m2   volume, m3");
        for level in &statement.levels {
            show::line(row("", [level.height_m, level.area_m2, level.volume_m3]));
        }
    }
    for warning in &statement.warnings {
        show::line(format!("  doubt: {warning}"));
    }
    for assumption in &statement.assumptions {
        show::line(format!("  {assumption}"));
    }
}

fn product(product: &ProductEstimate) {
    show::line(row(&format!("{}, %", product.substance), product.grade.map(|g| g * 100.0)));
    show::line(row(&format!("{}, t", product.substance), product.contained_t));
    let shares: Vec<String> =
        product.shares.iter().map(|(n, s)| format!("{n} {:.0} %", s * 100.0)).collect();
    if !shares.is_empty() {
        show::line(format!("  uncertainty of {}: {}", product.substance, shares.join(", ")));
    }
    for reason in &product.cap.reasons {
        show::line(format!("  {} at best: {reason}", product.cap.category));
    }
}

fn row(name: &str, [low, best, high]: [f64; 3]) -> String {
    format!("{name:<14}{:>12} {:>12} {:>12}", figure(low), figure(best), figure(high))
}

/// Whole from a thousand on, else four significant digits.
fn figure(value: f64) -> String {
    match value.abs() {
        size if size >= 1000.0 => format!("{value:.0}"),
        size if size >= 1.0 || size == 0.0 => format!("{value:.4}"),
        size => format!("{value:.*}", (3.0 - size.log10().floor()).min(12.0) as usize),
    }
}

/// Prints what differs between two estimates.
pub fn changes(changes: &[Change], only_first: &[String], only_second: &[String]) {
    let range = |r: Option<[f64; 3]>| match r {
        Some([low, best, high]) => {
            format!("{} ({} to {})", figure(best), figure(low), figure(high))
        }
        None => "–".to_owned(),
    };
    let percent = |v: Option<f64>| v.map_or("–".to_owned(), |v| format!("{:+.1} %", v * 100.0));
    for change in changes {
        show::line(format!(
            "{}: {} -> {}, best {}, width {}",
            change.what,
            range(change.first),
            range(change.second),
            percent(change.best_change),
            percent(change.width_change)
        ));
    }
    only_first.iter().for_each(|text| show::line(format!("- {text}")));
    only_second.iter().for_each(|text| show::line(format!("+ {text}")));
    if changes.is_empty() && only_first.is_empty() && only_second.is_empty() {
        show::line("the same");
    }
}
