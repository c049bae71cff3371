//! What an import would change, told for a person to look through: old → new, a line per row.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use varp_model::{Change, Operation};

use super::show;
use crate::jobs::Review;

/// New rows of one kind that are listed one by one; more are counted.
const LISTED: usize = 20;

/// Columns that keep books and say nothing of the record.
const BOOKS: &[&str] = &[
    "fid",
    "id",
    "key",
    "dataset",
    "import",
    "digest",
    "shown",
    "provenance",
    "source_file",
    "source_sheet",
    "source_row",
    "source_column",
    "file_hash",
    "header",
];

/// Prints the review; `all` lists every new row.
pub fn print(review: &Review, all: bool) {
    let counts = review.counts;
    let mut news: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for change in &review.changes {
        let row = Told::of(change);
        match change.operation {
            Operation::Insert if change.table != "assay" => {
                news.entry(&change.table).or_default().push(row.label);
            }
            Operation::Delete => show::line(format!("would remove {}{}", row.label, row.place)),
            _ => {
                for (name, before, after) in row.fields {
                    let (label, place) = (&row.label, &row.place);
                    show::line(format!("{label}{place}: {name}: {before} → {after}"));
                }
            }
        }
    }
    for (table, labels) in news {
        let shown = if all { labels.len() } else { labels.len().min(LISTED) };
        labels[..shown].iter().for_each(|label| show::line(format!("would add {label}")));
        if shown < labels.len() {
            let more = labels.len() - shown;
            show::line(format!("would add {more} more of table {table}; --all lists them"));
        }
    }
    show::note(format!(
        "would add {}, change {}, leave {} as they are; {} new assays",
        counts.added, counts.changed, counts.unchanged, counts.assays
    ));
}

/// The review for machines.
pub fn as_json(review: &Review) -> Value {
    let change = |change: &Change| {
        let told = Told::of(change);
        let fields: Map<String, Value> = told
            .fields
            .into_iter()
            .map(|(name, before, after)| (name, json!({ "before": before, "after": after })))
            .collect();
        json!({
            "table": change.table, "id": change.row, "operation": change.operation.word(),
            "record": told.label, "row": told.row, "fields": fields,
        })
    };
    let counts = review.counts;
    json!({
        "added": counts.added, "changed": counts.changed, "unchanged": counts.unchanged,
        "assays": counts.assays,
        "changes": review.changes.iter().map(change).collect::<Vec<_>>(),
    })
}

/// A change in words.
struct Told {
    /// The record, such as `body "SE02-A"` or `mass of body "SE02-A"`.
    label: String,
    /// Where the new value stands, such as ` (row 5)`.
    place: String,
    row: Option<u64>,
    /// Name, old and new value of each field that differs.
    fields: Vec<(String, String, String)>,
}

impl Told {
    fn of(change: &Change) -> Self {
        let side = |json: &Option<String>| -> Map<String, Value> {
            json.as_deref().and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
        };
        let (before, after) = (side(&change.before), side(&change.after));
        let newest = if after.is_empty() { &before } else { &after };
        let row = after.get("source_row").and_then(Value::as_u64);
        let sheet = after.get("source_sheet").and_then(Value::as_str);
        let place = match (row, sheet) {
            (Some(row), Some(sheet)) => format!(" (sheet \"{sheet}\", row {row})"),
            (Some(row), None) => format!(" (row {row})"),
            _ => String::new(),
        };
        let fields = match change.operation {
            Operation::Insert if change.table != "assay" => Vec::new(),
            Operation::Delete => Vec::new(),
            _ => differences(&before, &after),
        };
        Self { label: label(change, newest), place, row, fields }
    }
}

fn label(change: &Change, row: &Map<String, Value>) -> String {
    let key = row.get("key").and_then(Value::as_str).unwrap_or(&change.row);
    match change.table.as_str() {
        "footprint" => format!("outline of body {}", change.row),
        "assay" => format!("sample \"{key}\""),
        // the key of a claim starts with what it is about and what it says something of
        "claim" => match key.split('|').collect::<Vec<_>>()[..] {
            [kind, subject, property, substance, ..] if !substance.is_empty() => {
                format!("{property} of {substance} of {kind} \"{subject}\"")
            }
            [kind, subject, property, ..] => format!("{property} of {kind} \"{subject}\""),
            _ => format!("claim \"{key}\""),
        },
        table => format!("{table} \"{key}\""),
    }
}

fn differences(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
) -> Vec<(String, String, String)> {
    let names = after.keys().chain(before.keys().filter(|name| !after.contains_key(*name)));
    // beside a number stands how it was printed
    let number = after.get("value_kind").and_then(Value::as_str) == Some("number");
    names
        .filter(|name| !BOOKS.contains(&name.as_str()))
        .filter(|name| !number || *name != "text")
        .filter(|name| before.get(*name) != after.get(*name))
        .map(|name| match name.as_str() {
            "geom" => ("place".to_owned(), "there".to_owned(), "moved".to_owned()),
            _ => (name.clone(), shown(before.get(name)), shown(after.get(name))),
        })
        .collect()
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "nothing".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
