//! What a reader of the file finds: structure, figures, tables, links, the same bytes.

use varp_report::{
    Block, Column, Day, Figure, RangeRow, Report, ReportError, Table, Words, range_chart, to_html,
    to_pdf,
};

fn figure(alternative: &str) -> Block {
    let rows = [RangeRow {
        label: "Otanmäki, TiO2".into(),
        value: "774 kt".into(),
        low: Some(600.0),
        best: Some(774.0),
        high: Some(900.0),
    }];
    Block::Figure(Figure {
        drawing: range_chart(&rows, "kt").expect("a row has numbers"),
        caption: "Contained oxide".into(),
        alternative: alternative.into(),
    })
}

pub fn report(rows: usize) -> Report {
    let mut report = Report::new("Study of a pond", "en");
    report.subtitle = Some("Made for a test ≤ 5 °C".into());
    report.authors = vec!["A. Person".into()];
    report.date = Some(Day { year: 2026, month: 11, day: 28 });
    report.footer = "varp".into();
    report.push(Block::heading(1, "Quantities"));
    report.push(Block::paragraph(
        Words::from("See ").link("the source", "https://example.org/a").plain(" and more."),
    ));
    report.push(Block::List(vec!["one".into(), "two".into()]));
    report.push(Block::Facts(vec![("Place".into(), "Finland".into())]));
    report.push(Block::note("Nothing here was measured."));
    report.push(Block::Table(Table {
        caption: "Quantities".into(),
        columns: vec![Column::words("What"), Column::numbers("t")],
        rows: (0..rows).map(|i| vec![format!("row {i}").into(), format!("{i}").into()]).collect(),
    }));
    report.push(figure("One bar from 600 to 900 kt, best 774 kt"));
    report
}

#[test]
fn a_report_is_pdf_ua_and_has_pages() {
    let pdf = to_pdf(&report(120)).unwrap();
    let text = String::from_utf8_lossy(&pdf);
    assert!(text.starts_with("%PDF-1.7"));
    assert!(text.contains("pdfuaid:part"), "it does not say that it is PDF/UA");
    assert!(text.contains("/StructTreeRoot"));
    let pages = text.matches("/Type/Page/").count();
    assert!(pages >= 3, "120 rows and a chart take three pages, not {pages}");
}

#[test]
fn a_figure_without_words_is_refused() {
    let mut bare = report(1);
    bare.push(Block::Figure(match figure("") {
        Block::Figure(figure) => figure,
        _ => unreachable!(),
    }));
    assert!(matches!(to_pdf(&bare), Err(ReportError::NotAccessible(_))));
}

#[test]
fn the_same_report_has_the_same_bytes() {
    assert_eq!(to_pdf(&report(40)).unwrap(), to_pdf(&report(40)).unwrap());
}

#[test]
fn links_that_could_run_something_are_words() {
    let mut odd = report(1);
    odd.push(Block::paragraph(Words::default().link("press", "javascript:alert(1)")));
    let html = to_html(&odd);
    assert!(html.contains("press") && !html.contains("javascript:"));
    assert!(html.contains("<a href=\"https://example.org/a\">the source</a>"));
    assert!(html.contains("<th scope=\"row\">row 0</th>"));
}

#[test]
fn a_row_longer_than_a_page_goes_on() {
    let mut long = report(1);
    let words = "many words ".repeat(2000);
    long.push(Block::Table(Table {
        caption: "Long".into(),
        columns: vec![Column::words("A"), Column::words("B")],
        rows: vec![vec!["x".into(), words.into()]],
    }));
    assert!(to_pdf(&long).is_ok());
}
