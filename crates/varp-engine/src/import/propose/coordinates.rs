//! Coordinates of a proposed table: their system, their axes, the country they lie in.

use super::column::Column;
use super::place;
use super::sections::W;
use super::table::Draft;
use super::write::quoted;

/// The system of coordinates of the table.
pub(super) fn crs(w: W<'_>, d: &Draft<'_>) {
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
pub(super) fn country_of_system<'d>(d: &'d Draft<'_>) -> Option<(&'d str, &'d str)> {
    let (x, y) = coordinates(d)?;
    let named = x.guess.system.or(y.guess.system).filter(|e| place::fits(x, y, *e, d.references));
    let entry = d.references.crs_entry(named?)?;
    let mut countries = entry.countries.split_whitespace();
    let first = countries.next()?;
    // Åland is a part of Finland
    countries.all(|c| c == "AX").then_some((first, entry.name.as_str()))
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
pub(super) fn place_of(w: W<'_>, d: &Draft<'_>, record: &str) {
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
