//! Text tables.

use varp_engine::import::{Accept, Input};
use varp_model::{Basis, ClaimValue, Measured, Reported};

use super::{import, import_with};

const BODIES: &str = r#"
dataset = "test"
country = "SE"
[source]
title = "A report"

[[table]]
decimal = ","
crs = 3006
[table.site]
key = "Gruva"
[table.site.place]
x = "E"
y = "N"
[table.body]
key = ["Gruva", "Upplag"]
name = "Upplag"
kind = { column = "Typ", map = { "sandmagasin" = "tailings", "varp" = "waste rock" } }
period = "År"
[[table.claim]]
subject = "body"
property = "mass"
column = "Mängd"
unit = "Mt"
basis = "dry"
term = "remaining"
[[table.claim]]
subject = "body"
property = "grade"
substance = "WO3"
column = "WO3"
unit = "%"
basis = "dry"
"#;

const TABLE: &str = "Gruva;Upplag;Typ;År;E;N;Mängd;WO3\n\
    Yxsjöberg;Smaltjärnen;Sandmagasin;1897-1963;486500;6656000;2,2;0,12\n\
    Yxsjöberg;Morkulltjärnen;Sandmagasin;1969–1989;486500;6656000;2,6;0,19\n";

#[test]
fn a_row_makes_a_site_a_body_and_its_claims() {
    let outcome = import("bodies.csv", TABLE, BODIES);
    assert_eq!(outcome.issues(), "");
    let batch = &outcome.batch;
    assert_eq!((batch.sites.len(), batch.bodies.len(), batch.claims.len()), (1, 2, 4));
    let site = &batch.sites[0];
    assert_eq!(site.name, "Yxsjöberg");
    let place = site.position.as_ref().unwrap();
    assert!((place.place.latitude() - 60.04).abs() < 0.01, "{place:?}");
    let body = &batch.bodies[1];
    assert_eq!(body.origin.key, "Yxsjöberg|Morkulltjärnen");
    assert_eq!(body.site, site.id);
    assert_eq!(body.period.unwrap().to_string(), "1969/1989");
    let claim = &batch.claims[0];
    let ClaimValue::Number(mass) = &claim.value else { panic!("{claim:?}") };
    assert_eq!((mass.best, mass.unit.symbol()), (Some(2.2), "Mt"));
    assert_eq!(claim.basis, Basis::Dry);
    assert_eq!(claim.locator.row, Some(2));
    assert_eq!(claim.locator.column.as_deref(), Some("Mängd"));
}

#[test]
fn the_same_file_gives_the_same_records_whatever_its_encoding() {
    let utf8 = import("bodies.csv", TABLE, BODIES).batch;
    let latin = encoding_of(TABLE);
    assert_eq!(import("bodies.csv", latin, BODIES).batch, utf8);
    let marked = format!("\u{feff}sep=;\n{TABLE}");
    assert_eq!(import("bodies.csv", marked, BODIES).batch, utf8);
}

fn encoding_of(text: &str) -> Vec<u8> {
    // characters up to ÿ are their own bytes in Latin-1; the dash is 0x96 in Windows-1252
    text.chars()
        .map(|c| if c == '–' { 0x96 } else { u8::try_from(u32::from(c)).unwrap() })
        .collect()
}

const SAMPLES: &str = r#"
dataset = "test"
[source]
title = "Laboratory file"
[[table]]
[table.sample]
key = "Sample"
[table.assay_defaults]
basis = "dry"
laboratory = "A laboratory"
[[table.assay]]
column = "Li_ppm"
substance = "Li"
unit = "ppm"
detection_limit = 0.2
[[table.assay]]
column = "Cu_pct"
substance = "Cu"
unit = "%"
[table.censoring]
negative = "below limit"
missing = ["-99"]
"#;

#[test]
fn assays_keep_their_digits_and_their_censoring() {
    let text = "Sample,Li_ppm,Cu_pct\nA,12.30,<0.01\nB,<LOD,120 ppm\nC,-0.5,-99\nD,>10000,\n";
    let outcome = import("assays.csv", text, SAMPLES);
    assert_eq!(outcome.issues(), "");
    let printed: Vec<String> = outcome
        .batch
        .samples
        .iter()
        .flat_map(|row| row.assays.iter())
        .map(|a| format!("{}{}", a.value.sign(), a.value.number()))
        .collect();
    assert_eq!(printed, ["12.30", "<0.01", "<0.2", "0.0120", "<0.5", ">10000"]);
    assert!(matches!(outcome.batch.samples[2].assays[0].value, Measured::Below(_)));
    assert_eq!(outcome.batch.determinations.len(), 2);
    assert_eq!(outcome.batch.determinations[0].detection_limit, Some(0.2));
    assert_eq!(
        outcome.batch.samples[0].assays[0].value,
        Measured::Exact(Reported::new(1230, 2).unwrap())
    );
}

const DIRTY: &str = "Sample,Li_ppm,Cu_pct\n\
    A,1.2 x,0.3\n\
    B,12,3120\n\
    B,13,0.2\n\
    ,14,0.1\n\
    C,0,0.1\n\
    D,n.d.,0.1\n\
    E,\"1,5\",-0.2\n\
    F,1,2,3\n\
    G,12,0.2\n";

#[test]
fn every_problem_of_a_dirty_table_is_placed_and_explained() {
    let outcome = import("tailings.csv", DIRTY, SAMPLES);
    insta::assert_snapshot!(outcome.issues());
    assert!(outcome.batch.samples.is_empty(), "one error, and nothing is written");
}

#[test]
fn valid_rows_are_taken_and_the_others_come_back_with_their_reasons() {
    let input = vec![Input::from_bytes("tailings.csv", DIRTY)];
    let outcome = import_with(input, SAMPLES, Accept::ValidRows);
    let names: Vec<&str> = outcome.batch.samples.iter().map(|s| s.sample.name.as_str()).collect();
    assert_eq!(names, ["B", "G"], "row 3 is refused, so its key is free for row 4");
    let rows: Vec<u32> = outcome.rejected.iter().map(|r| r.row).collect();
    assert_eq!(rows, [2, 3, 5, 6, 7, 8, 9]);
    assert_eq!(outcome.rejected[1].cells, ["B", "12", "3120"]);
    assert_eq!(outcome.rejected[1].reasons[0].code.as_str(), "V023");
}

#[test]
fn a_mapping_that_does_not_fit_the_table_is_told_before_any_row() {
    let outcome = import("tailings.csv", "Sampel,Li ppm,Cu_pct\nA,1,2\n", SAMPLES);
    insta::assert_snapshot!(outcome.issues());
    assert!(outcome.batch.samples.is_empty());
}

#[test]
fn a_line_of_100_mb_is_refused_in_bounded_memory() {
    let mut text = b"Sample,Li_ppm\n\"".to_vec();
    text.resize(100 << 20, b'x');
    let outcome = import("long.csv", text, SAMPLES);
    assert!(outcome.issues().contains("row 2 is longer than 4 MiB"), "{}", outcome.issues());
}

#[test]
fn what_is_not_a_table_is_told_so() {
    let garbage: Vec<u8> =
        (0..200_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let outcome = import("garbage.csv", garbage, SAMPLES);
    assert!(outcome.issues().contains("it is not text"), "{}", outcome.issues());
    let outcome = import("empty.csv", "", SAMPLES);
    assert!(outcome.issues().contains("the file is empty"), "{}", outcome.issues());
}

#[test]
fn a_header_that_contradicts_the_mapping_is_noted() {
    let mapping = SAMPLES.replace("unit = \"ppm\"", "unit = \"ppb\"");
    let outcome = import("assays.csv", "Sample,Li_ppm,Cu_pct\nA,12,0.3\n", &mapping);
    let issues = outcome.issues();
    assert!(issues.contains("column B (Li_ppm): the header says ppm, the mapping ppb"), "{issues}");
    assert_eq!(outcome.batch.samples.len(), 1, "a suspicion keeps nothing out");
}

/// A heading over the bodies that follow stands under the site's key: it names no body.
#[test]
fn a_lonely_text_under_the_key_of_a_coarser_record_is_a_note() {
    let mapping = r#"
dataset = "notes"
country = "SE"
[source]
title = "A list"
[[table]]
[table.site]
key = "Gruva"
[table.body]
key = "Upplag"
name = "Upplag"
kind = { value = "tailings" }
"#;
    let text = "Gruva,Upplag,Yta,Anm\nKällor: se rapporten,,,\nA,B,,\n,C only,,\n";
    let outcome = import("upplag.csv", text, mapping);
    let issues = outcome.issues();
    assert!(issues.contains("row 2, column A (Gruva): the row holds a note"), "{issues}");
    assert!(issues.contains("row 4"), "a key of a body without its site is no note: {issues}");
    assert_eq!(outcome.report.issues.errors(), 1, "{issues}");
}

#[test]
fn a_text_that_says_it_is_a_note_is_one_under_the_key_of_the_body_too() {
    let mapping = r#"
dataset = "notes"
country = "FI"
[source]
title = "A list"
[[table]]
[table.site]
key = "Kohde"
[table.body]
key = "Kohde"
name = "Kohde"
kind = { value = "tailings" }
[[table.claim]]
subject = "body"
property = "mass"
column = "Määrä"
unit = "t"
basis = "dry"
term = "remaining"
"#;
    let text = "Kohde;Määrä;Tila;Muuta\nAijala;n. 800;;\nHuom: Makola on epävarma;;;\nHitura;;;\n";
    let outcome = import("kohteet.csv", text, mapping);
    let names: Vec<_> = outcome.batch.bodies.iter().map(|b| b.name.as_str()).collect();
    assert_eq!(names, ["Aijala", "Hitura"], "{}", outcome.issues());
    assert!(outcome.issues().contains("row 3, column A (Kohde): the row holds a note"));
    assert_eq!(outcome.report.issues.errors(), 0, "{}", outcome.issues());
}

#[test]
fn a_place_of_one_number_is_an_error() {
    let mapping = "dataset = \"t\"\ncountry = \"SE\"\n[source]\ntitle = \"t\"\n[[table]]\n\
                   [table.site]\nkey = \"name\"\nplace = { geometry = true }\n";
    for shape in [
        r#"{"type":"Point","coordinates":[15]}"#,
        r#"{"type":"Polygon","coordinates":[[[15],[16,60],[16,61],[15,60]]]}"#,
    ] {
        let text = format!(
            r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"name":"A"}},"geometry":{shape}}}]}}"#
        );
        let outcome = import("t.geojson", text, mapping);
        assert!(outcome.report.issues.errors() > 0, "{shape}");
        assert!(outcome.batch.sites.is_empty(), "{shape}");
    }
}

/// The header of a column where a date of the mapping belongs: told, never dropped.
#[test]
fn a_fixed_period_that_is_no_date_is_an_error_with_the_way_out() {
    let mapping = r#"
dataset = "mill"
[source]
title = "Production"
[[table]]
[table.subject]
kind = { value = "body" }
key = { value = "B" }
[[table.claim]]
property = "ore_mined"
column = "Malm"
unit = "t"
basis = "dry"
term = "produced"
period = "År"
"#;
    let issues = import("prod.csv", "År;Malm\n1907;12400\n", mapping).issues();
    assert!(issues.contains("period = \"År\" of the mapping is not a date"), "{issues}");
}

/// Years of a production table are no new bodies: the error says how such rows are read.
#[test]
fn a_key_twice_tells_how_several_rows_of_a_body_are_read() {
    let mapping = r#"
dataset = "mill"
[source]
title = "Production"
[[table]]
[table.site]
key = "Dam"
country = { value = "SE" }
[table.body]
key = "Dam"
name = "Dam"
kind = { value = "tailings" }
"#;
    let issues = import("prod.csv", "Dam;Malm\nA;12400\nA;9100\n", mapping).issues();
    assert!(issues.contains("the key \"A\" stands in row 2 already"), "{issues}");
    assert!(issues.contains("[table.subject]"), "{issues}");
}
