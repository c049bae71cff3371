//! One table of a proposal: what it makes, and how it is written.

use std::collections::BTreeMap;

use varp_model::{Dimension, References};

use super::Wishes;
use super::amounts;
use super::column::Column;
use super::preview::{Heading, Preview};
use super::sections;
use super::vocabulary::{HeaderGuess, Vocabulary, unit_of};
use super::write::{Writer, quoted};
use crate::import::issue::column_letters;

/// What a table makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Directions of holes.
    Surveys,
    /// Holes.
    Collars,
    /// Samples with a column for each analyte.
    Samples,
    /// One analyte per row.
    Long,
    /// One claim per row.
    Claims,
    /// Bodies with their site and claims.
    Bodies,
    /// Sites.
    Sites,
}

/// A table on its way into the proposal.
pub(crate) struct Draft<'a> {
    pub(crate) path: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) crs: Option<varp_model::Crs>,
    pub(crate) has_geometry: bool,
    pub(crate) country: Option<String>,
    /// The country whose language the headers are in: a hint, no answer.
    pub(crate) likely: Option<&'static str>,
    pub(crate) references: &'a References,
}

impl Draft<'_> {
    /// The first column with this meaning.
    pub(crate) fn find(&self, meaning: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.meaning() == meaning)
    }

    /// How a column is named in the mapping.
    pub(crate) fn named(&self, column: &Column) -> String {
        let key = |c: &Column| crate::import::run::header_key(&c.header);
        let twice = self.columns.iter().filter(|c| key(c) == key(column)).count() > 1;
        if twice || column.header.is_empty() {
            format!("{{ letter = {} }}", quoted(&column_letters(column.index)))
        } else {
            quoted(&column.header)
        }
    }

    /// Columns with values that a written mapping does not name.
    fn left_over(&self, written: &str) -> Vec<String> {
        let named = |c: &&Column| written.contains(&self.named(c));
        let filled = self.columns.iter().filter(|c| c.filled > 0 && !c.header.is_empty());
        filled.filter(|c| !named(c)).map(|c| quoted(&c.header)).collect()
    }

    /// Columns that hold an analyte and numbers.
    pub(crate) fn assays(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|c| c.guess.substance.is_some() && c.is_numeric())
    }

    fn kind(&self) -> Kind {
        let has = |meaning: &str| self.find(meaning).is_some();
        let amounts = ["mass", "volume", "area", "kind", "storage", "ore_mined"];
        if has("hole") && has("azimuth") && has("dip") && !has("x") && !has("lon") {
            return Kind::Surveys;
        }
        if has("analyte") && has("value") {
            return Kind::Long;
        }
        if has("property") && has("value") {
            return Kind::Claims;
        }
        let assays = self.assays().count();
        if has("hole") && !has("from") && (has("x") || has("lon") || assays == 0) {
            return Kind::Collars;
        }
        if has("sample") || has("from") && has("to") {
            return Kind::Samples;
        }
        if amounts.iter().any(|meaning| has(meaning)) || has("body") {
            return Kind::Bodies;
        }
        if assays >= 3 { Kind::Samples } else { Kind::Sites }
    }
}

/// Writes the table of one sheet; whether there was one.
pub(crate) fn propose_table(
    writer: &mut Writer,
    preview: &Preview,
    (number, file, wishes): (usize, Option<&str>, &Wishes),
    vocabulary: &Vocabulary<'_>,
    references: &References,
) -> bool {
    let Some(heading) = preview.heading(vocabulary) else {
        if !preview.rows.is_empty() {
            let sheet = preview.sheet.as_deref().unwrap_or("the file");
            writer.note(format!("no header was found in {sheet}"));
        }
        return false;
    };
    let columns = columns(preview, &heading, vocabulary);
    let headers: Vec<String> = columns.iter().map(|c| c.header.clone()).collect();
    let draft = Draft {
        path: format!("table {number}"),
        columns,
        likely: vocabulary.country(&headers),
        crs: preview.crs,
        has_geometry: preview.has_geometry,
        country: wishes.country.clone(),
        references,
    };
    if draft.columns.iter().all(|c| c.filled == 0) {
        return false;
    }
    let start = writer.text.len();
    writer.section("[[table]]");
    if let Some(file) = file {
        writer.text("file", file);
    }
    if let Some(sheet) = &preview.sheet {
        writer.text("sheet", sheet);
    }
    let rows = special_rows(writer, preview, &heading);
    formats(writer, &draft);
    // in a table of claims a mark of a laboratory is no number, whatever it means
    let kind = draft.kind();
    amounts::missing(writer, &draft, matches!(kind, Kind::Bodies | Kind::Sites | Kind::Claims));
    match kind {
        Kind::Surveys => sections::surveys(writer, &draft),
        Kind::Collars => sections::collars(writer, &draft),
        Kind::Samples => sections::samples(writer, &draft),
        Kind::Long => sections::long(writer, &draft),
        Kind::Claims => sections::claims(writer, &draft),
        Kind::Bodies => sections::bodies(writer, &draft),
        Kind::Sites => sections::sites(writer, &draft),
    }
    let kind = format!("{:?}", draft.kind()).to_lowercase();
    let sheet = preview.sheet.as_deref().or(file).unwrap_or("the table");
    writer.note(format!("{sheet}: read as {kind}, header in row {rows}"));
    let left = draft.left_over(&writer.text[start..]);
    if !left.is_empty() {
        writer.note(format!("{sheet}: no field was found for {}", left.join(", ")));
    }
    true
}

/// Writes which rows are header, units, methods and foot; tells the rows of the header in words.
fn special_rows(writer: &mut Writer, preview: &Preview, heading: &Heading) -> String {
    let rows: Vec<String> = heading.header.iter().map(u32::to_string).collect();
    match rows.as_slice() {
        [one] => writer.raw("header", one),
        many => writer.raw("header", &format!("[{}]", many.join(", "))),
    }
    if let Some(row) = heading.units {
        writer.raw("units_row", &row.to_string());
    }
    if let Some(row) = heading.methods {
        writer.raw("method_row", &row.to_string());
    }
    if let Some(word) = preview.footer(heading) {
        writer.text("stop_at", &word);
    }
    rows.join(" and ")
}

/// The columns of a preview with what their header and values tell.
fn columns(preview: &Preview, heading: &Heading, vocabulary: &Vocabulary<'_>) -> Vec<Column> {
    let rows: Vec<Vec<String>> = heading.header.iter().map(|row| preview.texts(*row)).collect();
    let headers = crate::import::run::join_headers(&rows);
    let last = rows.last().cloned().unwrap_or_default();
    let capitals = headers.iter().all(|h| h.to_uppercase() == *h);
    let units = heading.units.map_or_else(Vec::new, |row| preview.texts(row));
    let methods = heading.methods.map_or_else(Vec::new, |row| preview.texts(row));
    let mut columns: Vec<Column> = headers
        .iter()
        .enumerate()
        .map(|(at, header)| {
            let mut guess = vocabulary.read(header, capitals);
            if guess == HeaderGuess::default()
                && let Some(own) = last.get(at)
            {
                guess = vocabulary.read(own, capitals);
            }
            let below = units.get(at).and_then(|u| unit_of(u));
            if below.is_some_and(|u| u.dimension() == Dimension::MassFraction) {
                // with a unit of grades below it, Y is yttrium and N is nitrogen
                guess = vocabulary.graded(header, capitals).unwrap_or(guess);
            }
            guess.unit = guess.unit.or(below);
            let method = methods.get(at).filter(|m| !m.is_empty()).cloned();
            guess.method = guess.method.or(method);
            Column::new(at, header, guess)
        })
        .collect();
    for (_, cells) in preview.rows.iter().filter(|(number, _)| *number >= heading.first) {
        for (column, cell) in columns.iter_mut().zip(cells) {
            column.add(cell);
        }
    }
    first_meaning_wins(&mut columns);
    columns
}

/// Of two columns with one meaning the fuller one keeps it.
fn first_meaning_wins(columns: &mut [Column]) {
    let mut best: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for column in columns.iter() {
        let entry =
            best.entry(column.meaning().to_owned()).or_insert((column.index, column.filled));
        if column.filled > entry.1 * 2 {
            *entry = (column.index, column.filled);
        }
    }
    for column in columns {
        let meaning = column.meaning().to_owned();
        if !meaning.is_empty() && best.get(&meaning).is_some_and(|(at, _)| *at != column.index) {
            column.guess.meaning = None;
        }
    }
}

/// How numbers and dates are written.
fn formats(writer: &mut Writer, draft: &Draft<'_>) {
    let sum = |count: fn(&Column) -> usize| draft.columns.iter().map(count).sum::<usize>();
    let (commas, points) = (sum(|c| c.commas), sum(|c| c.points));
    let unsure = sum(|c| c.unsure_commas);
    if commas > 0 && points == 0 {
        writer.reasoned("decimal", "\",\"", &format!("{commas} numbers have a decimal comma"));
    } else if commas > 0 {
        let question =
            format!("{commas} numbers have a comma and {points} a point: which is decimal?");
        writer.ask(&draft.path, "decimal", &question, &["\",\"".into(), "\".\"".into()]);
    } else if unsure > 0 && points == 0 {
        let question = format!("{unsure} numbers are like 1,407: is the comma decimal?");
        writer.ask(
            &draft.path,
            "decimal",
            &question,
            &["\",\"".into(), "\".\" with thousands = \",\"".into()],
        );
    } else if unsure > 0 {
        writer.reasoned("thousands", "\",\"", "numbers have commas and points");
    }
    dates(writer, draft);
}

fn dates(writer: &mut Writer, draft: &Draft<'_>) {
    let Some(column) = draft.find("date") else { return };
    let (day, month, unsure) = column.slashes;
    match (day, month, unsure) {
        (1.., 0, _) => writer.text("dates", "day first"),
        (0, 1.., _) => writer.text("dates", "month first"),
        (0, 0, 1..) => writer.ask(
            &draft.path,
            "dates",
            "Do the dates with slashes have the day or the month first?",
            &["\"day first\"".into(), "\"month first\"".into()],
        ),
        _ => {
            let serial = |v: &&f64| (10_000.0..80_000.0).contains(*v) && v.fract() == 0.0;
            let serials = column.values.iter().filter(serial).count();
            if serials > 0 && serials == column.values.len() {
                writer.reasoned("dates", "\"excel\"", "the dates are day numbers of a spreadsheet");
            }
        }
    }
}
