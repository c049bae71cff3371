//! The change log of a row.

use rusqlite::{Connection, Row};
use uuid::Uuid;
use varp_model::{Change, Measured, Operation, Reported, Visibility};

use super::row::level;
use super::{Doing, results};
use crate::Result;

/// Fields of a row that tell where it is.
const PLACE: &[&str] = &["geom", "x", "y", "epsg", "accuracy_m"];

/// The change log of one row, newest first.
pub(super) fn of_row(
    connection: &Connection,
    row: &str,
    audience: Visibility,
) -> Result<Vec<Change>> {
    let a = level(audience);
    let keeper = audience == Visibility::Private;
    if !keeper && !visible(connection, row, a)? {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT fid, time, actor, reason, table_name, row, operation, before, after FROM change
         WHERE row = ?1 AND visibility <= {a} ORDER BY fid DESC"
    );
    let mut statement = connection.prepare_cached(&sql).doing("reading changes")?;
    let mut rows = statement.query([row]).doing("reading changes")?;
    let mut changes = Vec::new();
    while let Some(found) = rows.next().doing("reading changes")? {
        let mut change = read(found).doing("reading changes")?;
        if !keeper && change.table == "footprint" {
            continue;
        }
        if !keeper {
            change.before = change.before.as_deref().map(without_place);
            change.after = change.after.as_deref().map(without_place);
        }
        changes.push(change);
    }
    Ok(changes)
}

/// Whether the audience may see the record with this identity.
fn visible(connection: &Connection, row: &str, a: i64) -> Result<bool> {
    let of = |table: &str| format!("EXISTS (SELECT 1 FROM {table} WHERE id = ?1 AND shown <= {a})");
    let tables = ["source", "site", "body", "zone", "hole", "claim"].map(of).join(" OR ");
    let sql = format!(
        "SELECT {tables} OR EXISTS (SELECT 1 FROM sample WHERE substr(id, 1, 6) = substr(unhex(?1, '-'), 1, 6) AND id = unhex(?1, '-') AND shown <= {a})"
    );
    connection
        .prepare_cached(&sql)
        .and_then(|mut s| s.query_row([row], |r| r.get(0)))
        .doing("reading changes")
}

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Change> {
    let operation: String = row.get(6)?;
    Ok(Change {
        number: row.get(0)?,
        time: row.get(1)?,
        actor: row.get(2)?,
        reason: row.get(3)?,
        table: row.get(4)?,
        row: row.get(5)?,
        operation: match operation.as_str() {
            "insert" => Operation::Insert,
            "delete" => Operation::Delete,
            _ => Operation::Update,
        },
        before: row.get(7)?,
        after: row.get(8)?,
    })
}

/// Places are told by the record alone, which knows who may see them.
fn without_place(json: &str) -> String {
    match serde_json::from_str::<serde_json::Value>(json) {
        Ok(serde_json::Value::Object(mut fields)) => {
            fields.retain(|name, _| !PLACE.contains(&name.as_str()));
            serde_json::Value::Object(fields).to_string()
        }
        _ => String::new(),
    }
}

/// Whether a person changed the sample since it was imported.
pub(super) fn edited(connection: &Connection, id: Uuid) -> Result<bool> {
    connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM change WHERE row = ?1 AND table_name = 'sample' AND import IS NULL)",
        )
        .and_then(|mut s| s.query_row([id.to_string()], |row| row.get(0)))
        .doing("looking for edits of a sample")
}

/// Writes the change record of an assay of a sample that was there already.
pub(super) fn log_assay(
    connection: &Connection,
    sample: i64,
    number: i64,
    old: Option<Measured<Reported>>,
    new: Measured<Reported>,
) -> Result<()> {
    let operation = if old.is_some() { "update" } else { "insert" };
    connection
        .prepare_cached(&format!(
            "INSERT INTO change (actor, reason, import, table_name, row, operation, before, after, visibility)
             SELECT c.actor, c.reason, c.import, 'assay', {}, ?2,
               CASE ?2 WHEN 'update' THEN json_object('determination', ?3, 'value', ?4) END,
               json_object('determination', ?3, 'value', ?5), m.shown
             FROM context c, sample m WHERE m.fid = ?1",
            super::schema::uuid_text("m.id")
        ))
        .and_then(|mut s| s.execute((sample, operation, number, old.map(results::text), results::text(new))))
        .map(|_| ())
        .doing("recording a changed assay")
}
