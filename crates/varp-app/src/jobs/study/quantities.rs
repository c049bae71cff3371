//! Quantities of a study: tables as sources state them, contained tonnes as a chart.

use varp_model::{Claim, ClaimValue, Range};
use varp_report::{Block, Column, Figure, RangeRow, Report, Table, Words, range_chart};

use super::Material;

impl Material<'_> {
    pub(super) fn quantities(&self, report: &mut Report) {
        report.push(Block::heading(1, "Quantities and concentrations in the stored waste"));
        let rows = self.quantity_rows(&["mass", "volume", "area", "density", "grade", "contained"]);
        if rows.is_empty() {
            report.push(Block::paragraph("No source in the register states a quantity."));
            return;
        }
        if let Some(figure) = self.chart() {
            report.push(figure);
        }
        report.push(Block::Table(Table {
            caption:
                "Quantities as sources state them; ranges as stated, with the share that they were \
                      meant to cover"
                    .into(),
            columns: columns(),
            rows,
        }));
    }

    /// A row for each claim of one of these properties.
    fn quantity_rows(&self, properties: &[&str]) -> Vec<Vec<Words>> {
        let wanted = |claim: &&Claim| properties.contains(&claim.property.as_str());
        self.claims.iter().filter(wanted).filter_map(|claim| self.quantity_row(claim)).collect()
    }

    pub(super) fn quantity_row(&self, claim: &Claim) -> Option<Vec<Words>> {
        let ClaimValue::Number(range) = &claim.value else { return None };
        let of = claim.substance.as_ref().map_or(String::new(), |s| format!(", {s}"));
        let preferred = if claim.preferred.is_some() { " (preferred)" } else { "" };
        Some(vec![
            format!("{}{of}{preferred}", claim.property).into(),
            range.best.map_or_else(|| "–".to_owned(), number).into(),
            spread(range).into(),
            range.unit.symbol().into(),
            format!("{}, {}", claim.basis.word(), claim.term.word()).into(),
            claim.method.clone().unwrap_or_else(|| "not stated".into()).into(),
            self.cited(claim.source).into(),
        ])
    }

    pub(super) fn chart(&self) -> Option<Block> {
        let class = self.class.as_ref()?;
        let mut rows = Vec::new();
        let mut words = Vec::new();
        for (entry, ..) in &class.products {
            let Some(own) = &entry.contained else { continue };
            let [low, best, high] = [own.low, own.best, own.high].map(|v| v.map(|t| t / 1e3));
            let value = match (low, best, high) {
                (Some(l), Some(b), Some(h)) => {
                    format!("{} ({}–{})", number(b), number(l), number(h))
                }
                (_, Some(b), _) => number(b),
                (Some(l), None, Some(h)) => format!("{}–{}", number(l), number(h)),
                _ => continue,
            };
            words.push(match (low, best, high) {
                (Some(l), Some(b), Some(h)) => format!(
                    "of {} there are {} thousand tonnes, between {} and {}",
                    entry.product,
                    number(b),
                    number(l),
                    number(h)
                ),
                _ => format!("of {} there are {value} thousand tonnes", entry.product),
            });
            rows.push(RangeRow { label: entry.product.clone(), value, low, best, high });
        }
        let drawing = range_chart(&rows, "contained, thousand tonnes")?;
        Some(Block::Figure(Figure {
            drawing,
            caption:
                "Contained tonnes by product: the 80 % interval of the stored estimate where there is \
                      one; else stated, or mass times grade with ends multiplied by ends. A tick \
                      without a bar has no stated range."
                    .into(),
            alternative: format!("A chart of contained tonnes: {}.", words.join("; ")),
        }))
    }

    pub(super) fn generated(&self, report: &mut Report) {
        report.push(Block::heading(1, "Waste being generated"));
        let rows = self.quantity_rows(&["waste_rate", "production_rate", "ore_mined", "ore_grade"]);
        if rows.is_empty() {
            report.push(Block::paragraph(
                "No source in the register states a flow of waste or ore. For a facility in operation \
                 the operator adds tonnes per year and their grades.",
            ));
            return;
        }
        report.push(Block::Table(Table {
            caption: "Flows and ore as sources state them".into(),
            columns: columns(),
            rows,
        }));
    }
}

/// Columns of a table of quantities.
pub(super) fn columns() -> Vec<Column> {
    vec![
        Column::words("Quantity"),
        Column::numbers("Best"),
        Column::numbers("Low–high"),
        Column::words("Unit"),
        Column::words("Basis, term"),
        Column::words("Method"),
        Column::words("Source"),
    ]
}

/// A number with at most four digits that count.
fn number(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let power = 10f64.powf(3.0 - value.abs().log10().floor());
    let rounded = if power > 1.0 { (value * power).round() / power } else { value.round() };
    rounded.to_string()
}

fn spread(range: &Range) -> String {
    match (range.low(), range.high(), &range.spread) {
        (Some(low), Some(high), varp_model::Spread::Range { coverage, .. }) => {
            let share = match coverage {
                varp_model::Coverage::Stated(p) => format!(" ({:.0} %)", p * 100.0),
                varp_model::Coverage::Unstated => " (coverage unstated)".into(),
            };
            format!("{}–{}{share}", number(low), number(high))
        }
        (_, _, varp_model::Spread::Missing(why)) => why.clone(),
        _ => "–".into(),
    }
}
