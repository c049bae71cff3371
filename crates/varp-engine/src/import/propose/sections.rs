//! The sections of a proposed table.

use varp_model::{Dimension, Unit};

use super::column::Column;
use super::place;
use super::table::Draft;
use super::write::{Writer, quoted};

type W<'w> = &'w mut Writer;

/// Writes `key = column` where the table has a column of this meaning; whether it has.
fn field(w: W<'_>, d: &Draft<'_>, key: &str, meaning: &str) -> bool {
    let Some(column) = d.find(meaning) else { return false };
    let named = d.named(column);
    w.raw(key, &named);
    true
}

fn fields(w: W<'_>, d: &Draft<'_>, pairs: &[(&str, &str)]) {
    for (key, meaning) in pairs {
        field(w, d, key, meaning);
    }
}

/// The first column that has one of the meanings, as the mapping names it.
fn first_of(d: &Draft<'_>, meanings: &[&str]) -> Option<String> {
    meanings.iter().find_map(|m| d.find(m)).map(|c| d.named(c))
}

/// The system of coordinates of the table.
fn crs(w: W<'_>, d: &Draft<'_>) {
    let Some((x, y)) = coordinates(d) else { return };
    if let Some(zones) = zones(d) {
        return w.reasoned("crs", &zones, "zones of ETRS89 / UTM");
    }
    if let Some(named) = x.guess.system.or(y.guess.system) {
        let name = d.references.crs_entry(named).map_or("", |e| e.name.as_str());
        if place::fits(x, y, named, d.references) {
            return w.reasoned("crs", &named.to_string(), &format!("{name}, as the headers say"));
        }
        w.comment(&format!("the headers say {name}, but the numbers do not fit it"));
    }
    let guess = place::guess(x, y, country_of(d).as_deref(), d.references);
    let mut fitting = guess.straight;
    fitting.extend(guess.swapped.iter().filter(|_| ambiguous_axes(d)));
    fitting.sort_unstable();
    fitting.dedup();
    let name = |epsg: &u16| {
        d.references.crs_entry(*epsg).map_or(epsg.to_string(), |e| format!("{epsg} ({})", e.name))
    };
    match fitting.as_slice() {
        [one] => {
            let name = name(one);
            w.reasoned("crs", &one.to_string(), &format!("the coordinates fit {name} alone"));
        }
        many => {
            let mut many = many.to_vec();
            // stable: the rest keeps its order; old datums come last
            many.sort_by_key(|epsg| (!national(d, *epsg), (23_028..=23_038).contains(epsg)));
            let answers: Vec<String> = many.iter().take(6).map(name).collect();
            let question = "Which coordinate system (EPSG code) are the coordinates in?";
            w.ask(&d.path, "crs", question, &answers);
        }
    }
}

/// The zones of UTM that a column names, as the system of each row.
fn zones(d: &Draft<'_>) -> Option<String> {
    let column = d.find("zone")?;
    let number = |text: &str| -> Option<u16> {
        let digits = text.trim().trim_end_matches(|c: char| c.is_alphabetic());
        digits.parse().ok().filter(|zone| (28..=38).contains(zone))
    };
    let numbers = column.values.iter().map(|v| v.to_string());
    let mut words: Vec<String> = numbers.chain(column.words.keys().cloned()).collect();
    words.sort();
    words.dedup();
    let map: Option<Vec<String>> = words
        .iter()
        .map(|word| number(word).map(|zone| format!("{} = {}", quoted(word), 25_800 + zone)))
        .collect();
    let map = map.filter(|map| !map.is_empty())?.join(", ");
    Some(format!("{{ column = {}, map = {{ {map} }} }}", quoted(&column.header)))
}

/// The only country that uses the system of the coordinates.
fn country_of_system<'d>(d: &'d Draft<'_>) -> Option<(&'d str, &'d str)> {
    let (x, y) = coordinates(d)?;
    let named = x.guess.system.or(y.guess.system).filter(|e| place::fits(x, y, *e, d.references));
    let entry = d.references.crs_entry(named?)?;
    let mut countries = entry.countries.split_whitespace();
    let first = countries.next()?;
    // Åland is a part of Finland
    countries.all(|c| c == "AX").then_some((first, entry.name.as_str()))
}

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
pub(crate) fn missing(w: W<'_>, d: &Draft<'_>, marks_too: bool) {
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

/// Whether a system is one of the country whose language the headers are in.
fn national(d: &Draft<'_>, epsg: u16) -> bool {
    let likely = d.likely.unwrap_or("-");
    d.references
        .crs_entry(epsg)
        .is_some_and(|e| e.countries.split_whitespace().any(|c| c == likely))
}

/// The country of the rows, where all have the same.
fn country_of(d: &Draft<'_>) -> Option<String> {
    if let Some(column) = d.find("country") {
        let list = d.references.list("countries")?;
        let mut codes = column.words.keys().map(|w| list.recognise(w).map(|c| c.code.clone()));
        let first = codes.next()??;
        return codes.all(|c| c.as_deref() == Some(&first)).then_some(first);
    }
    d.country.clone()
}

fn coordinates<'d>(d: &'d Draft<'_>) -> Option<(&'d Column, &'d Column)> {
    let degrees = d.find("lon").zip(d.find("lat"));
    degrees.or(d.find("x").zip(d.find("y"))).filter(|(x, y)| x.is_numeric() && y.is_numeric())
}

/// X is north in many Nordic tables; only headers that say east or north are trusted.
fn ambiguous_axes(d: &Draft<'_>) -> bool {
    coordinates(d).is_some_and(|(x, _)| {
        let header = x.header.to_lowercase();
        x.meaning() == "x" && (header.starts_with('x') || header.contains('x'))
    })
}

/// The place of a record: `[table.NAME.place]`.
fn place_of(w: W<'_>, d: &Draft<'_>, record: &str) {
    if d.has_geometry {
        w.section(&format!("[table.{record}.place]"));
        w.raw("geometry", "true");
        if d.crs.is_none() {
            let question = "Which coordinate system (EPSG code) are the shapes in?";
            w.ask(&format!("{} {record} place", d.path), "crs", question, &[]);
        }
        return;
    }
    let Some((mut x, mut y)) = coordinates(d) else { return };
    w.section(&format!("[table.{record}.place]"));
    let guess = place::guess(x, y, country_of(d).as_deref(), d.references);
    if ambiguous_axes(d) && guess.straight.is_empty() && !guess.swapped.is_empty() {
        w.comment("by the ranges, north stands under X and east under Y");
        std::mem::swap(&mut x, &mut y);
    } else if ambiguous_axes(d) && !guess.straight.is_empty() && !guess.swapped.is_empty() {
        let path = format!("{} {record} place", d.path);
        let answers = [d.named(x), d.named(y)];
        w.ask(&path, "x", "Which column is east (or longitude)?", &answers);
        let answers = [d.named(y), d.named(x)];
        w.ask(&path, "y", "Which column is north (or latitude)?", &answers);
        return;
    }
    let (x, y) = (d.named(x), d.named(y));
    w.raw("x", &x);
    w.raw("y", &y);
}

/// `site`, with its key and country.
fn site(w: W<'_>, d: &Draft<'_>, with_place: bool) {
    w.section("[table.site]");
    let name = first_of(d, &["site", "name", "body"]);
    let id = if with_place { first_of(d, &["id"]) } else { None };
    match id.clone().or(name.clone()) {
        Some(key) => w.raw("key", &key),
        None => w.ask(&format!("{} site", d.path), "key", "Which column names the site?", &[]),
    }
    if let (Some(_), Some(name)) = (id, name) {
        w.raw("name", &name);
    }
    if d.find("country").is_some() {
        field(w, d, "country", "country");
    } else if let (None, Some((country, system))) = (&d.country, country_of_system(d)) {
        let value = format!("{{ value = {} }}", quoted(country));
        w.reasoned("country", &value, &format!("where {system} is used"));
    } else if d.country.is_none() {
        let mut countries = ["SE", "FI", "NO", "DK", "IS", "GL"];
        countries.sort_by_key(|c| d.likely != Some(c));
        let answers: Vec<String> =
            countries.iter().map(|c| format!("{{ value = \"{c}\" }}")).collect();
        w.ask(&format!("{} site", d.path), "country", "In which country are the sites?", &answers);
    }
    fields(w, d, &[("municipality", "municipality")]);
    if with_place {
        fields(w, d, &[("aliases", "aliases"), ("note", "note")]);
        place_of(w, d, "site");
    }
}

pub(crate) fn sites(w: W<'_>, d: &Draft<'_>) {
    crs(w, d);
    source(w, d);
    site(w, d, true);
    claims_of(w, d, "site");
}

pub(crate) fn bodies(w: W<'_>, d: &Draft<'_>) {
    crs(w, d);
    source(w, d);
    site(w, d, false);
    w.section("[table.body]");
    let path = format!("{} body", d.path);
    match first_of(d, &["id", "body", "name", "site"]) {
        Some(key) => w.raw("key", &key),
        None => w.ask(&path, "key", "Which column names the body?", &[]),
    }
    if let Some(name) = first_of(d, &["body", "name", "site"]) {
        w.raw("name", &name);
    }
    kind(w, d, &path);
    let rest = [
        ("aliases", "aliases"),
        ("storage", "storage"),
        ("commodities", "commodities"),
        ("period", "period"),
        ("start", "start"),
        ("end", "end"),
        ("note", "note"),
    ];
    fields(w, d, &rest);
    place_of(w, d, "body");
    claims_of(w, d, "body");
}

/// The kind of body: a column whose words are known, or asked for.
fn kind(w: W<'_>, d: &Draft<'_>, path: &str) {
    let Some(list) = d.references.list("body_kinds") else { return };
    let kinds: Vec<String> = list.codes.iter().map(|c| quoted(&c.code)).collect();
    let Some(column) = d.find("kind") else {
        let answers: Vec<String> = kinds.iter().map(|k| format!("{{ value = {k} }}")).collect();
        return w.ask(path, "kind", "What kind of body are they?", &answers);
    };
    let unknown: Vec<&String> =
        column.words.keys().filter(|word| list.recognise(word).is_none()).collect();
    if unknown.is_empty() {
        let named = d.named(column);
        return w.raw("kind", &named);
    }
    w.comment(&format!("What do these words mean? {}", kinds.join(", ")));
    let map: Vec<String> = unknown.iter().map(|word| format!("{} = \"?\"", quoted(word))).collect();
    let column_name = quoted(&column.header);
    w.raw("kind", &format!("{{ column = {column_name}, map = {{ {} }} }}", map.join(", ")));
    for word in unknown {
        w.questions.push(super::Question {
            path: format!("{path} kind map {word}"),
            question: format!("What kind of body is \"{word}\"?"),
            answers: kinds.clone(),
        });
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

fn claims_of(w: W<'_>, d: &Draft<'_>, subject: &str) {
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

/// Sources by row, where the table names them.
fn source(w: W<'_>, d: &Draft<'_>) {
    if d.find("source").is_none() && d.find("address").is_none() {
        return;
    }
    w.section("[table.source]");
    fields(w, d, &[("title", "source"), ("address", "address"), ("page", "page")]);
}

pub(crate) fn collars(w: W<'_>, d: &Draft<'_>) {
    crs(w, d);
    let dips = d.find("azimuth").is_some() && d.find("dip").is_some();
    if dips {
        dip_sense(w, d);
    }
    w.section("[table.hole]");
    fields(
        w,
        d,
        &[("key", "hole"), ("body", "body"), ("elevation", "elevation"), ("depth", "depth")],
    );
    if dips {
        fields(w, d, &[("azimuth", "azimuth"), ("dip", "dip")]);
    }
    fields(w, d, &[("method", "method")]);
    place_of(w, d, "hole");
}

fn dip_sense(w: W<'_>, d: &Draft<'_>) {
    let values = d.find("dip").map(|c| c.values.as_slice()).unwrap_or_default();
    let answers = ["\"positive down\"".to_owned(), "\"negative down\"".to_owned()];
    if !values.is_empty() && values.iter().all(|v| *v <= 0.0) {
        w.reasoned("dip", &answers[1], "all dips are negative");
    } else if !values.is_empty() && values.iter().all(|v| *v >= 0.0) {
        w.reasoned("dip", &answers[0], "all dips are positive");
    } else {
        w.ask(&d.path, "dip", "Which sign has a hole that goes down?", &answers);
    }
}

pub(crate) fn surveys(w: W<'_>, d: &Draft<'_>) {
    dip_sense(w, d);
    w.section("[table.survey]");
    let pairs = [("hole", "hole"), ("depth", "depth"), ("azimuth", "azimuth"), ("dip", "dip")];
    fields(w, d, &pairs);
    if d.find("depth").is_none() {
        w.ask(&format!("{} survey", d.path), "depth", "Which column is the depth?", &[]);
    }
}

pub(crate) fn samples(w: W<'_>, d: &Draft<'_>) {
    let in_hole = d.find("hole").is_some() && d.find("from").is_some();
    if !in_hole {
        crs(w, d);
    }
    source(w, d);
    sample(w, d, in_hole);
    w.section("[table.assay_defaults]");
    let path = format!("{} assay_defaults", d.path);
    let answers = ["\"dry\"", "\"wet\"", "\"unstated\""].map(String::from);
    w.ask(&path, "basis", "Are the grades of dry or of wet material?", &answers);
    w.comment("digestion = \"aqua regia\"    laboratory = \"…\"    method = \"…\"");
    censoring(w, d);
    for (at, column) in d.assays().enumerate() {
        w.section("[[table.assay]]");
        let named = d.named(column);
        w.raw("column", &named);
        w.text("substance", column.guess.substance.as_deref().unwrap_or_default());
        match column.guess.unit {
            Some(unit) => w.reasoned("unit", &quoted(unit.symbol()), "from the header"),
            None => {
                let answers = likely_units(column);
                let question = format!(
                    "In which unit is \"{}\" (median {})?",
                    column.header,
                    column.median().unwrap_or_default()
                );
                w.ask(&format!("{} assay {}", d.path, at + 1), "unit", &question, &answers);
            }
        }
        if let Some(method) = &column.guess.method {
            w.text("method", method);
        }
    }
}

fn likely_units(column: &Column) -> Vec<String> {
    let most = column.values.iter().copied().fold(0.0, f64::max);
    let units: &[&str] = if most > 100.0 { &["ppm", "ppb"] } else { &["%", "ppm", "ppb"] };
    units.iter().map(|u| quoted(u)).collect()
}

fn sample(w: W<'_>, d: &Draft<'_>, in_hole: bool) {
    w.section("[table.sample]");
    match (first_of(d, &["sample"]), in_hole) {
        (Some(key), _) => w.raw("key", &key),
        (None, true) => {
            let part = |m: &str| d.find(m).map_or(String::new(), |c| quoted(&c.header));
            w.raw("key", &format!("[{}, {}, {}]", part("hole"), part("from"), part("to")));
        }
        (None, false) => match first_of(d, &["id", "name", "site"]) {
            Some(key) => w.raw("key", &key),
            None => {
                w.ask(&format!("{} sample", d.path), "key", "Which column names the sample?", &[])
            }
        },
    }
    let pairs = [
        ("body", "body"),
        ("hole", "hole"),
        ("from", "from"),
        ("to", "to"),
        ("method", "method"),
        ("date", "date"),
        ("role", "role"),
    ];
    fields(w, d, &pairs);
    if !in_hole {
        place_of(w, d, "sample");
    }
}

/// What stands in place of numbers in the columns of assays.
fn censoring(w: W<'_>, d: &Draft<'_>) {
    let mut marks = std::collections::BTreeMap::<&str, usize>::new();
    let mut negatives = std::collections::BTreeMap::<&str, usize>::new();
    let mut zeros = 0;
    let long = d.columns.iter().filter(|c| c.meaning() == "value");
    for column in d.assays().chain(long) {
        for (mark, count) in &column.marks {
            *marks.entry(mark).or_default() += count;
        }
        for (number, count) in &column.negatives {
            *negatives.entry(number).or_default() += count;
        }
        zeros += column.zeros;
    }
    let sentinel = |n: &str| {
        let digits = n.trim_start_matches('-').trim_end_matches(".0");
        digits.len() >= 2 && digits.bytes().all(|b| b == b'9')
    };
    let (missing, negative): (Vec<_>, Vec<_>) =
        negatives.into_iter().partition(|(n, _)| sentinel(n));
    if marks.is_empty() && missing.is_empty() && negative.is_empty() && zeros == 0 {
        return;
    }
    w.section("[table.censoring]");
    let path = format!("{} censoring", d.path);
    if !missing.is_empty() {
        let list: Vec<String> = missing.iter().map(|(n, _)| quoted(n)).collect();
        w.reasoned("missing", &format!("[{}]", list.join(", ")), "these numbers stand for nothing");
    }
    if !marks.is_empty() {
        let list: Vec<String> =
            marks.iter().map(|(m, n)| format!("{} ({n} cells)", quoted(m))).collect();
        let question = format!(
            "Which of {} mean below the limit? (the others go to missing)",
            list.join(", ")
        );
        w.ask(&path, "below", &question, &["[…]".to_owned()]);
    }
    if zeros > 0 {
        let answers = ["\"below limit\"", "\"missing\"", "\"value\""].map(String::from);
        w.ask(&path, "zero", &format!("What does 0 mean ({zeros} cells)?"), &answers);
    }
    if !negative.is_empty() {
        let count: usize = negative.iter().map(|(_, n)| n).sum();
        let answers = ["\"below limit\"", "\"missing\""].map(String::from);
        let question = format!("What do negative numbers mean ({count} cells)?");
        w.ask(&path, "negative", &question, &answers);
    }
}

pub(crate) fn long(w: W<'_>, d: &Draft<'_>) {
    let in_hole = d.find("hole").is_some() && d.find("from").is_some();
    source(w, d);
    sample(w, d, in_hole);
    w.section("[table.long]");
    fields(w, d, &[("substance", "analyte"), ("value", "value"), ("qualifier", "qualifier")]);
    let path = format!("{} long", d.path);
    let column =
        |meaning: &str| d.find(meaning).map(|c| format!("{{ column = {} }}", quoted(&c.header)));
    match column("unit") {
        Some(unit) => w.raw("unit", &unit),
        None => w.ask(&path, "unit", "In which unit are the values?", &[]),
    }
    let answers = ["\"dry\"", "\"wet\"", "\"unstated\""].map(String::from);
    w.ask(&path, "basis", "Are the grades of dry or of wet material?", &answers);
    let rest =
        [("method", "analysis_method"), ("laboratory", "laboratory"), ("detection_limit", "limit")];
    for (key, meaning) in rest {
        if let Some(column) = column(meaning) {
            w.raw(key, &column);
        }
    }
    censoring(w, d);
}

pub(crate) fn claims(w: W<'_>, d: &Draft<'_>) {
    source(w, d);
    w.section("[table.subject]");
    let path = format!("{} subject", d.path);
    let answers = ["\"body\"".to_owned(), "\"site\"".to_owned()];
    w.ask(&path, "kind", "What are the claims about?", &answers);
    match first_of(d, &["id", "body", "site", "name"]) {
        Some(key) => w.raw("key", &key),
        None => w.ask(&path, "key", "Which column holds its key?", &[]),
    }
    w.section("[[table.claim]]");
    let column =
        |meaning: &str| d.find(meaning).map(|c| format!("{{ column = {} }}", quoted(&c.header)));
    if let Some(property) = column("property") {
        w.raw("property", &property);
    }
    field(w, d, "column", "value");
    fields(w, d, &[("low", "low"), ("high", "high")]);
    for (key, meaning) in
        [("substance", "analyte"), ("unit", "unit"), ("date", "date"), ("note", "note")]
    {
        if let Some(column) = column(meaning) {
            w.raw(key, &column);
        }
    }
}
