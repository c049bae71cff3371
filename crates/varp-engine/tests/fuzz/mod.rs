//! Parsers of the import against anything: nothing panics, nothing hangs.
//!
//! `VARP_FUZZ_SECONDS=600 cargo test --release -p varp-engine --test main fuzz` runs each for ten minutes.

mod mutate;

use mutate::fuzz;
use rust_xlsxwriter::Workbook;
use varp_engine::import::propose::{Wishes, propose};
use varp_engine::import::{
    Accept, CellRef, Dates, Input, Mapping, Marks, NumberFormat, Options, parse_number, read_date,
    read_measured, read_period, run,
};
use varp_model::{References, Substance, Unit};

const MAPPING: &str = r#"
dataset = "fuzz"
country = "SE"
[source]
title = "t"
[[table]]
crs = 3006
[table.site]
key = "Gruva"
place = { x = "E", y = "N" }
[table.body]
key = "ID"
name = "Objekt"
kind = { column = "Typ", map = { "sandmagasin" = "tailings" } }
period = "Period"
commodities = "Brutet"
[table.claim_defaults]
basis = "dry"
term = "remaining"
[[table.claim]]
subject = "body"
property = "mass"
column = "Mängd"
unit = "Mt"
[[table.claim]]
subject = "body"
property = "grade"
substance = "Cu"
column = "Cu"
unit = "%"
"#;

const CSV: &str = "Gruva;ID;Objekt;Typ;Period;Brutet;E;N;Mängd;Cu\n\
    Yxsjöberg;A;Smaltjärnen;sandmagasin;1897-1963;W, Cu;486500;6656000;2,2;0,12\n\
    Yxsjöberg;B;\"Morkull\ntjärnen\";varp;1969-;Cu;487500;6657000;ca 2,6 Mt;<0,1\n";

const GEOJSON: &str = r#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:3006"}},
"features":[{"type":"Feature","properties":{"Gruva":"Laver","ID":"A","Typ":"tailings","Mängd":1.2},
"geometry":{"type":"Point","coordinates":[486500,6656000]}},
{"type":"Feature","properties":{"Gruva":null},"geometry":{"type":"Polygon","coordinates":
[[[0,0],[1,0],[1,1],[0,0]]]}},{"type":"Feature","properties":null,"geometry":null}]}"#;

/// Reads the bytes through a mapping, and proposes a mapping for them.
fn read(name: &str, bytes: &[u8], mapping: &Mapping, references: &References) {
    let options = Options { accept: Accept::ValidRows, ..Options::new(references) };
    let input = || vec![Input::from_bytes(name, bytes)];
    let report = run(input(), mapping, &options, |_| Ok::<(), ()>(()));
    report.unwrap().issues.groups();
    let proposal = propose(input(), references, &Wishes::default());
    // what is proposed is a mapping, but for its questions
    let answered = proposal.text.replace("\"?\"", "\"m\"");
    let _ = Mapping::parse(&answered);
    assert!(
        proposal.text.is_empty() || toml::from_str::<toml::Table>(&proposal.text).is_ok(),
        "{}",
        proposal.text
    );
}

#[test]
fn cells_of_any_content_are_read_or_refused() {
    let references = References::embedded();
    let seeds: Vec<&[u8]> =
        ["1,2 milj. ton", "<0,5", "17.5.1963", "1897–1963", "120 ppm", "WO3", "6 664 900"]
            .map(str::as_bytes)
            .to_vec();
    let words =
        ["−", "1e309", "≤", "\u{a0}", "n.d.", "-0", "..", "9999999999999999999", "’", "½", "Ä"];
    fuzz("cell", &seeds, &words, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        for decimal in ['.', ','] {
            let format = NumberFormat { decimal, thousands: None };
            if let Ok(number) = parse_number(&text, format) {
                let again = number.to_string().replace('.', &decimal.to_string());
                assert_eq!(parse_number(&again, format), Ok(number), "{text:?}");
            }
            let _ = read_measured(CellRef::Text(&text), format, &Marks::default());
        }
        for dates in [Dates::Clear, Dates::DayFirst, Dates::MonthFirst, Dates::Excel] {
            let _ = read_date(CellRef::Text(&text), dates);
            let _ = read_period(CellRef::Text(&text), dates);
        }
        let _ = (Unit::parse(&text), Substance::parse(&text, &references));
    });
}

#[test]
fn text_files_of_any_content_are_read_or_refused() {
    let references = References::embedded();
    let mapping = Mapping::parse(MAPPING).unwrap();
    let latin = encoded(CSV);
    let seeds = [CSV.as_bytes(), &latin, b"sep=,\na,b\n1,2\n", b"\xff\xfea\0;\0b\0\n\0"];
    let words = [
        "\"",
        "\"\"",
        ";",
        "\r",
        "\n",
        "\t",
        ",,,,,,,,",
        "\0",
        "Summa",
        "\u{feff}",
        "(SWEREF99TM)",
    ];
    fuzz("csv", &seeds, &words, |bytes| read("t.csv", bytes, &mapping, &references));
}

/// The text in one byte a letter.
fn encoded(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect()
}

#[test]
fn mappings_of_any_content_are_read_or_refused() {
    let references = References::embedded();
    let words = [
        "header = [1, 2]",
        "units_row = 4000000000",
        "first_row = 0",
        "crs = 99999",
        "[[table]]",
        "letter = \"ZZZZZ\"",
        "decimal = \"\"",
        "delimiter = \"ö\"",
        "encoding = \"x\"",
        "{ value = \"\" }",
        "[table.long]",
        "existing = true",
        "geometry = true",
        "stop_at = \"\"",
        "[table.censoring]",
        "\"?\"",
        "column = []",
        "join = \"\"",
    ];
    fuzz("mapping", &[MAPPING.as_bytes()], &words, |bytes| {
        if let Ok(mapping) = Mapping::parse(&String::from_utf8_lossy(bytes)) {
            let options = Options { accept: Accept::ValidRows, ..Options::new(&references) };
            let input = vec![Input::from_bytes("t.csv", CSV)];
            run(input, &mapping, &options, |_| Ok::<(), ()>(())).unwrap();
        }
    });
}

#[test]
fn geojson_of_any_content_is_read_or_refused() {
    let references = References::embedded();
    let mapping = Mapping::parse(MAPPING).unwrap();
    let nested = format!("{{\"features\":{}", "[".repeat(5000));
    let words = [
        "null",
        "[[[[[[[[",
        "{\"a\":{\"a\":",
        "1e400",
        "\"MultiPolygon\"",
        "\"\\ud800\"",
        "EPSG:0",
        "[]",
        "-0",
        "\"GeometryCollection\",\"geometries\":[]",
    ];
    let seeds = [GEOJSON.as_bytes(), nested.as_bytes()];
    fuzz("geojson", &seeds, &words, |bytes| read("t.geojson", bytes, &mapping, &references));
}

#[test]
fn shapefiles_of_any_content_are_read_or_refused() {
    let references = References::embedded();
    let mapping = Mapping::parse(MAPPING).unwrap();
    let mut shape = 9994_i32.to_be_bytes().to_vec();
    shape.resize(100, 0);
    for (content, bytes) in [(1, 20_usize), (5, 44 + 4 + 64)] {
        shape.extend(1_i32.to_be_bytes());
        shape.extend(i32::try_from(bytes / 2).unwrap().to_be_bytes());
        let mut record = i32::to_le_bytes(content).to_vec();
        if content == 5 {
            record.extend([0; 32]);
            record.extend([1_i32, 4, 0].map(i32::to_le_bytes).concat());
        }
        record.resize(bytes, 0x40);
        shape.extend(record);
    }
    fuzz("shapefile", &[&shape], &[], |bytes| read("t.shp", bytes, &mapping, &references));
}

#[test]
fn workbooks_of_any_content_are_read_or_refused() {
    let references = References::embedded();
    let mapping = Mapping::parse(MAPPING).unwrap();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in (0..).zip(CSV.lines()) {
        for (column, cell) in (0..).zip(line.split(';')) {
            sheet.write(row, column, cell).unwrap();
        }
    }
    let seed = book.save_to_buffer().unwrap();
    // the reader of workbooks panics on some damage, which the import takes as damage
    fuzz("workbook", &[&seed], &[], |bytes| read("t.xlsx", bytes, &mapping, &references));
}
