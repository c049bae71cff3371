//! A one-page report: `cargo run -p varp-report --example report -- OUT.pdf`.

use varp_report::{Block, Column, Figure, RangeRow, Report, Table, Words, range_chart, to_pdf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut report = Report::new("What a pond holds", "en");
    report.subtitle = Some("Numbers of an example, measured by nobody".into());
    report.footer = "An example of varp-report".into();
    report.push(Block::heading(1, "Quantities"));
    report.push(Block::paragraph(
        Words::from("Low and high are the ").strong("80 % interval").plain("."),
    ));
    let row = |label: &str, low: f64, best: f64, high: f64| RangeRow {
        label: label.into(),
        value: format!("{best} ({low}–{high})"),
        low: Some(low),
        best: Some(best),
        high: Some(high),
    };
    let rows = [row("TiO2", 600.0, 774.0, 900.0), row("V2O5", 20.0, 31.0, 60.0)];
    report.push(Block::Figure(Figure {
        drawing: range_chart(&rows, "contained, kt").expect("rows have numbers"),
        caption: "Contained oxides".into(),
        alternative: "TiO2 600 to 900 kt, best 774; V2O5 20 to 60 kt, best 31".into(),
    }));
    report.push(Block::Table(Table {
        caption: "Contained oxides, kt".into(),
        columns: vec![Column::words("Oxide"), Column::numbers("Best (low–high)")],
        rows: rows.iter().map(|r| vec![r.label.clone().into(), r.value.clone().into()]).collect(),
    }));
    let path = std::env::args().nth(1).ok_or("name the file to write")?;
    std::fs::write(path, to_pdf(&report)?)?;
    Ok(())
}
