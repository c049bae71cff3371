//! The sections of a proposed table.

use super::amounts::{claims_of, likely_units};
use super::coordinates::{country_of_system, crs, place_of};
use super::table::Draft;
use super::write::{Writer, quoted};

pub(super) type W<'w> = &'w mut Writer;

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
    match (d.find("body"), d.find("site").filter(|_| d.find("sample").is_some())) {
        (Some(_), _) => _ = field(w, d, "body", "body"),
        (None, Some(site)) => {
            let named = d.named(site);
            w.reasoned(
                "body",
                &named,
                "no column names the body; use the body's key where it has its own",
            );
        }
        (None, None) => {}
    }
    let pairs = [
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
