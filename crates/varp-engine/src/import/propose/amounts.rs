//! Amounts and grades of a proposed table: claims, their units, words for no number.

use varp_model::{Dimension, Unit};

use super::column::Column;
use super::sections::W;
use super::table::Draft;
use super::write::quoted;

/// Words for an empty cell that stand in columns of numbers.
const NOTHING: &[&str] = &[
    "?",
    "-",
    "–",
    "okänd",
    "okänt",
    "uppgift saknas",
    "saknas",
    "ej känt",
    "ej känd",
    "ej bestämd",
    "ej provtagen",
    "ei tietoa",
    "tuntematon",
    "ei tiedossa",
    "puuttuu",
    "ukjent",
    "ikke kjent",
    "mangler",
    "ukendt",
    "ikke kendt",
    "óþekkt",
    "ekki vitað",
    "unknown",
    "not known",
    "no data",
    "not available",
    "missing",
    "tbd",
];

/// What stands in columns of numbers in place of a number, and says that there is none.
pub(super) fn missing(w: W<'_>, d: &Draft<'_>, marks_too: bool) {
    let amount = |c: &&Column| {
        QUANTITIES.iter().any(|(meaning, _)| *meaning == c.meaning()) || c.guess.substance.is_some()
    };
    let mut found: Vec<&str> = Vec::new();
    for column in d.columns.iter().filter(amount) {
        let words = column.words.keys().filter(|w| NOTHING.contains(&w.to_lowercase().as_str()));
        let marks = column.marks.keys().filter(|_| marks_too);
        found.extend(words.chain(marks).map(String::as_str));
    }
    found.sort_unstable();
    found.dedup();
    if !found.is_empty() {
        let list: Vec<String> = found.into_iter().map(quoted).collect();
        w.reasoned("missing", &format!("[{}]", list.join(", ")), "these words stand for no number");
    }
}

/// Meanings that are claims of a number, with the property and its dimension.
const QUANTITIES: &[(&str, Dimension)] = &[
    ("mass", Dimension::Mass),
    ("volume", Dimension::Volume),
    ("area", Dimension::Area),
    ("thickness", Dimension::Length),
    ("density", Dimension::Density),
    ("moisture", Dimension::Ratio),
    ("ore_mined", Dimension::Mass),
];

pub(super) fn claims_of(w: W<'_>, d: &Draft<'_>, subject: &str) {
    let grades: Vec<&Column> = d.assays().collect();
    let said = |(property, _): &&(&str, Dimension)| {
        d.find(property).is_some()
            && d.references.property(property).is_some_and(|p| p.subjects.contains(subject))
    };
    let quantities: Vec<_> = QUANTITIES.iter().filter(said).collect();
    let watery = |p: &str| matches!(p, "mass" | "density" | "ore_mined");
    if !grades.is_empty() || quantities.iter().any(|(p, _)| watery(p)) {
        w.section("[table.claim_defaults]");
        let path = format!("{} claim_defaults", d.path);
        let answers = ["\"dry\"", "\"wet\"", "\"unstated\""].map(String::from);
        w.ask(&path, "basis", "Are masses and grades dry or wet?", &answers);
        if quantities.iter().any(|(p, _)| matches!(*p, "mass" | "volume")) {
            let answers =
                ["\"remaining\"", "\"original\"", "\"produced\"", "\"unstated\""].map(String::from);
            w.ask(&path, "term", "Are the amounts what is there now, or what there was?", &answers);
        }
    }
    let mut number = 0;
    for (property, dimension) in quantities {
        number += 1;
        let Some(column) = d.find(property) else { continue };
        claim(w, d, subject, property, column);
        if *property == "ore_mined" {
            w.text("term", "produced");
        }
        claim_unit(w, d, column, *dimension, number);
    }
    for column in grades {
        number += 1;
        claim(w, d, subject, "grade", column);
        w.text("substance", column.guess.substance.as_deref().unwrap_or_default());
        claim_unit(w, d, column, Dimension::MassFraction, number);
    }
    for property in ["operator", "land_owner", "description"] {
        if let Some(column) = d.find(property) {
            claim(w, d, subject, property, column);
        }
    }
}

fn claim(w: W<'_>, d: &Draft<'_>, subject: &str, property: &str, column: &Column) {
    w.section("[[table.claim]]");
    w.text("subject", subject);
    w.text("property", property);
    let named = d.named(column);
    w.raw("column", &named);
}

fn claim_unit(w: W<'_>, d: &Draft<'_>, column: &Column, dimension: Dimension, number: usize) {
    match column.guess.unit.filter(|u| u.dimension() == dimension) {
        Some(unit) => w.reasoned("unit", &quoted(unit.symbol()), "from the header"),
        None if dimension == Dimension::Ratio => {
            let answers = ["\"%\"".to_owned(), "\"1\"".to_owned()];
            w.ask(&format!("{} claim {number}", d.path), "unit", "In which unit is it?", &answers);
        }
        None if column.numbers > column.units * 2 => {
            let answers = match dimension {
                Dimension::MassFraction => likely_units(column),
                _ => vec![quoted(Unit::canonical(dimension).symbol())],
            };
            let question = format!("In which unit is \"{}\"?", column.header);
            let path = format!("{} claim {number}", d.path);
            w.ask(&path, "unit", &question, &answers);
        }
        None => w.comment("the unit stands behind each number"),
    }
}

pub(super) fn likely_units(column: &Column) -> Vec<String> {
    let most = column.values.iter().copied().fold(0.0, f64::max);
    let units: &[&str] = if most > 100.0 { &["ppm", "ppb"] } else { &["%", "ppm", "ppb"] };
    units.iter().map(|u| quoted(u)).collect()
}
