//! A document review from its form to the page.

use rust_xlsxwriter::Workbook;
use varp_app::jobs::{self, Finding, ImportOrder};
use varp_engine::import::{Accept, Mapping};
use varp_model::{References, Visibility};

use super::{Register, fixture, register};

/// Imports a form whose rows are these: number, property, value, unit, document, page.
fn import(register: &Register, rows: &[[&str; 6]]) -> (u64, u64) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("review.xlsx");
    let form = jobs::review_form(&*register.store, fixture::body_id("b00"), &path).unwrap();
    let mapping = Mapping::parse(&form.mapping).unwrap_or_else(|e| panic!("{e}\n{}", form.mapping));
    if rows.is_empty() {
        std::fs::write(&path, &form.workbook).unwrap();
    } else {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet().set_name("Review").unwrap();
        let header = [
            "Nr",
            "Section",
            "Question",
            "Look in",
            "Property",
            "Substance",
            "Value",
            "Low",
            "High",
            "Unit",
            "Basis",
            "Term",
            "Date",
            "Period",
            "How found",
            "Document",
            "Address or shelf mark",
            "Page",
            "Remark",
        ];
        for (at, name) in header.iter().enumerate() {
            sheet.write_string(4, at as u16, *name).unwrap();
        }
        for (i, [number, property, value, unit, document, page]) in rows.iter().enumerate() {
            let row = 5 + i as u32;
            for (column, text) in
                [(0, number), (4, property), (6, value), (9, unit), (15, document), (17, page)]
            {
                sheet.write_string(row, column, *text).unwrap();
            }
        }
        book.save(&path).unwrap();
    }
    let files = [path];
    let order = ImportOrder {
        files: &files,
        mapping: &mapping,
        mapping_text: &form.mapping,
        accept: Accept::AllOrNothing,
        check: false,
        actor: "a test",
        references: &References::embedded(),
    };
    let done = jobs::import(&register.path, &order, |_| Ok(()), |_| {}).unwrap();
    let issues = &done.report.issues;
    assert_eq!(issues.errors(), 0, "{:?}", issues.all());
    (done.imported.map_or(0, |(_, d)| d.added), issues.errors() as u64)
}

#[test]
fn an_empty_form_says_nothing_and_breaks_nothing() {
    let register = register(Visibility::Public);
    import(&register, &[]);
    let searched =
        jobs::searched(&*register.store, fixture::body_id("b00"), Visibility::Public).unwrap();
    assert!(searched.unwrap().statements.is_empty());
}

#[test]
fn answers_become_claims_with_document_and_page_and_the_stage_is_closed() {
    let register = register(Visibility::Public);
    import(
        &register,
        &[
            ["r-1", "volume", "0.9–1.1", "Mm3", "Closure plan 1998", "p. 12"],
            [
                "r-2",
                "review",
                "Permit files at the county board: nothing found",
                "",
                "County archive",
                "",
            ],
            [
                "r-3",
                "review",
                "stage documented; signed A. Reader; because all archives were read",
                "",
                "Review of 2026",
                "",
            ],
        ],
    );
    let id = fixture::body_id("b00");
    let searched = jobs::searched(&*register.store, id, Visibility::Public).unwrap().unwrap();
    assert!(searched.answered.contains(&"volume".to_owned()));
    assert!(searched.open.contains(&"ore_mined".to_owned()));
    let findings: Vec<&Finding> = searched.statements.iter().map(|s| &s.finding).collect();
    assert!(findings.contains(&&Finding::Nothing));
    let closed =
        |f: &&Finding| matches!(f, Finding::Closed { signed, .. } if signed == "A. Reader");
    assert!(findings.iter().any(closed));
    let page = register.door.ask(
        "GET",
        &format!("/collections/bodies/items/{id}"),
        &[("accept", "text/html")],
    );
    let page = page.text();
    for part in ["id=\"review\"", "nothing found", "A. Reader", "Closure plan 1998", "p. 12"] {
        assert!(page.contains(part), "{part} is not on the page");
    }
}
