//! Results as they stand in tables: one JSON array per sample and panel, digits as printed.

use std::collections::HashMap;
use std::fmt::Write;

use rusqlite::{Connection, OptionalExtension, Row};
use varp_model::{Measured, Reported};

use super::Doing;
use crate::{Result, StoreError};

/// Determinations, and panels, that one register can number: 14 bits of a key.
pub(super) const MOST: i64 = 1 << 14;

/// One result, or nothing reported.
pub(super) type Slot = Option<Measured<Reported>>;

/// Determinations of each panel, in the order of its rows.
pub(super) type Panels = HashMap<i64, Vec<i64>>;

/// Key of an assay, or of a row of results: the sample and a number below [`MOST`].
pub(super) const fn key(sample: i64, number: i64) -> i64 {
    (sample << 14) | number
}

/// Whether a result shows that the substance is there.
pub(super) fn shows(value: Measured<Reported>) -> bool {
    !matches!(value, Measured::Below(_)) && value.number().mantissa() > 0
}

/// Writes slots as a JSON array, nulls at the end left out; returns how many are reported.
pub(super) fn encode(slots: &[Slot], json: &mut String) -> i64 {
    let end = slots.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
    json.clear();
    json.push('[');
    let mut count = 0;
    for (at, slot) in slots[..end].iter().enumerate() {
        if at > 0 {
            json.push(',');
        }
        let written = match slot {
            None => write!(json, "null"),
            Some(Measured::Exact(number)) => write!(json, "{number}"),
            Some(limit) => write!(json, "\"{}{}\"", limit.sign(), limit.number()),
        };
        written.expect("a String takes all that is written to it");
        count += i64::from(slot.is_some());
    }
    json.push(']');
    count
}

/// Reads what [`encode`] wrote, or what a person wrote in its place; `None` if it is something
/// else.
pub(super) fn decode(json: &str) -> Option<Vec<Slot>> {
    let inner = json.trim().strip_prefix('[')?.strip_suffix(']')?.trim();
    if inner.is_empty() {
        return Some(Vec::new());
    }
    inner.split(',').map(|slot| decode_slot(slot.trim())).collect()
}

fn decode_slot(text: &str) -> Option<Slot> {
    if text == "null" {
        return Some(None);
    }
    let Some(quoted) = text.strip_prefix('"') else {
        return Reported::parse(text).map(|number| Some(Measured::Exact(number)));
    };
    let quoted = quoted.strip_suffix('"')?;
    let limit = |digits: &str| Reported::parse(digits.trim());
    match quoted.split_at_checked(1)? {
        ("<", digits) => limit(digits).map(|number| Some(Measured::Below(number))),
        (">", digits) => limit(digits).map(|number| Some(Measured::Above(number))),
        _ => None,
    }
}

/// One result as text: digits, with a sign where it is a limit.
pub(super) fn text(value: Measured<Reported>) -> String {
    format!("{}{}", value.sign(), value.number())
}

/// What [`text`] wrote.
pub(super) fn parse(text: &str) -> Option<Measured<Reported>> {
    let json = if text.starts_with(['<', '>']) { format!("\"{text}\"") } else { text.to_owned() };
    decode_slot(&json)?
}

/// All panels of the register.
pub(super) fn panels(connection: &Connection) -> Result<Panels> {
    let mut statement = connection
        .prepare_cached("SELECT panel, determination FROM panel ORDER BY panel, position")
        .doing("reading panels")?;
    let mut rows = statement.query([]).doing("reading panels")?;
    let mut panels = Panels::new();
    while let Some(row) = rows.next().doing("reading panels")? {
        let (panel, determination) =
            (row.get(0).doing("reading panels")?, row.get(1).doing("reading panels")?);
        panels.entry(panel).or_default().push(determination);
    }
    Ok(panels)
}

/// Determinations and results in a row whose columns fid and numbers start at `at`.
pub(super) fn read(
    row: &Row<'_>,
    at: usize,
    panels: &Panels,
) -> Result<Vec<(i64, Measured<Reported>)>> {
    let key: i64 = row.get(at).doing("reading results")?;
    let numbers = row.get_ref(at + 1).doing("reading results")?;
    let bad = |reason: &str| StoreError::BadValue {
        table: "results",
        row: key.to_string(),
        column: "numbers".into(),
        reason: reason.into(),
    };
    let slots = numbers
        .as_str()
        .ok()
        .and_then(decode)
        .ok_or_else(|| bad("it is not an array of numbers"))?;
    let panel = panels.get(&(key & (MOST - 1))).ok_or_else(|| bad("its panel is not there"))?;
    if slots.len() > panel.len() {
        return Err(bad("it has more numbers than its panel has determinations"));
    }
    Ok(panel.iter().zip(slots).filter_map(|(d, slot)| slot.map(|value| (*d, value))).collect())
}

/// The panel with exactly these determinations, made if there is none.
pub(super) fn panel_of(connection: &Connection, determinations: &[i64]) -> Result<i64> {
    let panels = panels(connection)?;
    if let Some(known) = panels.iter().filter(|(_, d)| *d == determinations).map(|(p, _)| *p).min()
    {
        return Ok(known);
    }
    let next = panels.keys().max().map_or(1, |last| last + 1);
    if next >= MOST {
        return Err(StoreError::Refused(format!("a register numbers at most {} panels", MOST - 1)));
    }
    for (position, determination) in determinations.iter().enumerate() {
        connection
            .prepare_cached(
                "INSERT INTO panel (panel, position, determination) VALUES (?1, ?2, ?3)",
            )
            .and_then(|mut s| s.execute((next, position as i64, determination)))
            .doing("adding a panel")?;
    }
    Ok(next)
}

/// Writes one result of a sample that is there already, into the row whose panel has the
/// determination; `panel` is the one to use where no row has it.
pub(super) fn put(
    connection: &Connection,
    sample: i64,
    determination: i64,
    value: Slot,
    panel: Option<i64>,
) -> Result<()> {
    let panels = panels(connection)?;
    let holds = |panel: i64| panels.get(&panel)?.iter().position(|d| *d == determination);
    let rows: Vec<(i64, String)> = connection
        .prepare_cached("SELECT fid, numbers FROM results WHERE fid BETWEEN ?1 AND ?2")
        .and_then(|mut s| {
            s.query_map((key(sample, 0), key(sample, MOST - 1)), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?
            .collect()
        })
        .doing("reading results")?;
    let standing =
        rows.iter().find_map(|(fid, json)| Some((*fid, holds(fid & (MOST - 1))?, decode(json)?)));
    let (fid, position, mut slots) = match (standing, panel.and_then(|p| Some((p, holds(p)?)))) {
        (Some(standing), _) => standing,
        (None, Some((panel, position))) => (key(sample, panel), position, Vec::new()),
        (None, None) => return Ok(()),
    };
    if slots.len() <= position {
        slots.resize(position + 1, None);
    }
    slots[position] = value;
    let mut json = String::new();
    let count = encode(&slots, &mut json);
    if count == 0 {
        return connection
            .prepare_cached("DELETE FROM results WHERE fid = ?1")
            .and_then(|mut s| s.execute([fid]))
            .map(|_| ())
            .doing("removing results");
    }
    connection
        .prepare_cached("INSERT OR REPLACE INTO results VALUES (?1, ?2, ?3)")
        .and_then(|mut s| s.execute((fid, count, json)))
        .map(|_| ())
        .doing("writing results")
}

/// Results of a sample by determination.
pub(super) fn of_sample(
    connection: &Connection,
    sample: i64,
) -> Result<Vec<(i64, Measured<Reported>)>> {
    let panels = panels(connection)?;
    let mut statement = connection
        .prepare_cached("SELECT fid, numbers FROM results WHERE fid BETWEEN ?1 AND ?2")
        .doing("reading results")?;
    let mut rows =
        statement.query((key(sample, 0), key(sample, MOST - 1))).doing("reading results")?;
    let mut results = Vec::new();
    while let Some(row) = rows.next().doing("reading results")? {
        results.extend(read(row, 0, &panels)?);
    }
    results.sort_unstable_by_key(|(determination, _)| *determination);
    Ok(results)
}

/// How many results samples have in all; `of` is a condition on the sample `m`.
pub(super) fn count(connection: &Connection, of: &str) -> Result<u64> {
    connection
        .prepare_cached(&format!(
            "SELECT coalesce(sum(a.count), 0) FROM sample m
             CROSS JOIN results a ON a.fid BETWEEN m.fid << 14 AND (m.fid << 14) + 16383 WHERE {of}"
        ))
        .and_then(|mut s| s.query_row([], |row| row.get(0)))
        .optional()
        .map(Option::unwrap_or_default)
        .doing("counting assays")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots(texts: &[&str]) -> Vec<Slot> {
        texts.iter().map(|t| parse(t)).collect()
    }

    #[test]
    fn results_survive_their_text() {
        for texts in [
            &["12.30", "<5", ">10000", "", "-0.05"][..],
            &["0.123456789012345678", "-9223372036854775807", "0", "<0.000"],
            &[],
        ] {
            let slots = slots(texts);
            let mut json = String::new();
            let count = encode(&slots, &mut json);
            assert_eq!(count, slots.iter().flatten().count() as i64);
            assert_eq!(decode(&json).unwrap(), slots, "{json}");
            assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok(), "{json} is JSON");
        }
    }

    #[test]
    fn nulls_at_the_end_are_left_out() {
        let mut json = String::new();
        assert_eq!(encode(&slots(&["", "7", "", ""]), &mut json), 1);
        assert_eq!(json, "[null,7]");
    }

    #[test]
    fn what_is_no_array_of_results_is_refused() {
        for json in ["", "[", "[1", "1]", "[1,]", "[\"5\"]", "[\"<\"]", "[x]", "{\"a\":1}", "[NaN]"]
        {
            assert_eq!(decode(json), None, "{json}");
        }
    }
}
