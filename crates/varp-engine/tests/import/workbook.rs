//! Workbooks.

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use varp_engine::import::{Accept, Input};

use super::{import, import_with};

const MAPPING: &str = r#"
dataset = "holes"
[source]
title = "Drilling"
[[table]]
sheet = "Collar"
header = 3
crs = 3067
stop_at = "Total"
[table.hole]
key = "HOLEID"
depth = "EOH"
[table.hole.place]
x = "X"
y = "Y"
[[table]]
sheet = "Survey"
dip = "negative down"
[table.survey]
hole = "HOLEID"
depth = "AT"
azimuth = "AZ"
dip = "DIP"
[[table]]
sheet = "Assays"
header = 1
units_row = 2
method_row = 3
[table.sample]
key = ["HOLEID", "FROM", "TO"]
hole = "HOLEID"
from = "FROM"
to = "TO"
date = "DATE"
[table.assay_defaults]
basis = "dry"
unit = "units row"
method = "method row"
[[table.assay]]
column = "Cu"
substance = "Cu"
[[table.assay]]
column = "Zn"
substance = "Zn"
"#;

fn workbook(fault: bool) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let collar = workbook.add_worksheet();
    collar.set_name("Collar").unwrap();
    collar.write(0, 0, "Drilling of 2019").unwrap();
    for (column, title) in ["HOLEID", "X", "Y", "EOH"].iter().enumerate() {
        collar.write(2, column as u16, *title).unwrap();
    }
    collar.write_row(3, 0, ["DH1"]).unwrap();
    collar.write_row(3, 1, [500_000.0, 7_100_000.0, 20.0]).unwrap();
    collar.write(5, 0, "Total").unwrap();
    collar.write(5, 3, 20.0).unwrap();
    let survey = workbook.add_worksheet();
    survey.set_name("Survey").unwrap();
    survey.write_row(0, 0, ["HOLEID", "AT", "AZ", "DIP"]).unwrap();
    for (row, at) in [(1, 10.0), (2, 0.0)] {
        survey.write(row, 0, "DH1").unwrap();
        survey.write_row(row, 1, [at, 327.0, -60.0]).unwrap();
    }
    let assays = workbook.add_worksheet();
    assays.set_name("Assays").unwrap();
    assays.write_row(0, 0, ["HOLEID", "FROM", "TO", "DATE", "Cu", "Zn"]).unwrap();
    assays.write_row(1, 4, ["ppm", "%"]).unwrap();
    assays.write_row(2, 4, ["ME-MS61", "Zn-OG62"]).unwrap();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    for (row, from) in [(3, 0.0), (4, 2.0)] {
        assays.write(row, 0, "DH1").unwrap();
        assays.write_row(row, 1, [from, from + 2.0]).unwrap();
        let day = ExcelDateTime::from_ymd(2019, 6, 3).unwrap();
        assays.write_with_format(row, 3, &day, &date).unwrap();
        assays.write(row, 4, 0.1 + 0.2).unwrap();
        assays.write(row, 5, "<0.01").unwrap();
    }
    if fault {
        assays.write(5, 0, "DH2").unwrap();
        assays.write_row(5, 1, [4.0, 2.0]).unwrap();
        assays.write(5, 4, "1.2 x").unwrap();
        assays.write_formula(5, 5, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

#[test]
fn a_drill_hole_triplet_becomes_holes_with_surveys_and_samples() {
    let outcome = import("holes.xlsx", workbook(false), MAPPING);
    assert_eq!(outcome.issues(), "");
    let hole = &outcome.batch.holes[0];
    assert_eq!(hole.depth_m, Some(20.0));
    let depths: Vec<f64> = hole.surveys.iter().map(|s| s.depth_m).collect();
    assert_eq!((depths, hole.surveys[0].dip), (vec![0.0, 10.0], 60.0));
    let row = &outcome.batch.samples[1];
    assert_eq!((row.sample.from_m, row.sample.to_m), (Some(2.0), Some(4.0)));
    assert_eq!(row.sample.hole, Some(hole.id));
    assert_eq!(row.sample.date.unwrap().to_string(), "2019-06-03");
    assert_eq!(row.sample.locator.row, Some(5));
    assert_eq!(row.assays[0].value.number().to_string(), "0.3");
    let zinc = &outcome.batch.determinations[1];
    assert_eq!((zinc.unit.symbol(), zinc.method.as_deref()), ("%", Some("Zn-OG62")));
}

#[test]
fn problems_in_a_workbook_are_placed_by_sheet_row_and_letter() {
    let input = vec![Input::from_bytes("holes.xlsx", workbook(true))];
    let outcome = import_with(input, MAPPING, Accept::ValidRows);
    insta::assert_snapshot!(outcome.issues());
    assert_eq!(outcome.batch.samples.len(), 2);
}

#[test]
fn a_file_that_only_claims_to_be_a_workbook_is_refused() {
    let outcome = import("holes.xlsx", "HOLEID,FROM\n", MAPPING);
    assert!(outcome.issues().contains("not a workbook"), "{}", outcome.issues());
    let outcome = import("holes.xlsx", b"PK\x03\x04 and then nothing".to_vec(), MAPPING);
    assert!(outcome.issues().contains("damaged"), "{}", outcome.issues());
}

#[test]
fn what_stands_beside_the_table_of_a_worksheet_is_not_of_it() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, text) in ["Gruva", "Land"].iter().enumerate() {
        sheet.write(0, column as u16, *text).unwrap();
    }
    for (column, text) in ["Laver", "SE", "", "see the report"].iter().enumerate() {
        sheet.write(1, column as u16, *text).unwrap();
    }
    let mapping = "dataset = \"t\"\n[source]\ntitle = \"t\"\n[[table]]\n[table.site]\n\
                   key = \"Gruva\"\ncountry = \"Land\"\n";
    let outcome = import("t.xlsx", workbook.save_to_buffer().unwrap(), mapping);
    assert_eq!((outcome.report.issues.errors(), outcome.batch.sites.len()), (0, 1));
}
