//! What bodies hold: commodities mined, substances that claims state or assays found.

use std::collections::BTreeMap;

use rusqlite::Connection;
use rusqlite::types::Value;
use varp_model::Visibility;

use super::page::json;
use super::row::level;
use super::{Doing, results};
use crate::Result;

/// A condition on the fid of a body, with its values.
pub(super) fn condition(
    body: &str,
    commodities: &[String],
    substances: &[String],
    audience: Visibility,
) -> (String, Vec<Value>) {
    let a = level(audience);
    (
        format!(
            "{body} IN (SELECT k.body FROM body_material k WHERE k.visibility <= {a} AND
               ((k.found = 0 AND k.code IN (SELECT value FROM json_each(?)))
                OR (k.found > 0 AND k.code IN (SELECT value FROM json_each(?)))))"
        ),
        vec![json(commodities), json(substances)],
    )
}

/// Works out anew what was mined from a body and what claims state of it.
pub(super) fn refresh(connection: &Connection, body: i64) -> Result<()> {
    for sql in [
        "DELETE FROM body_material WHERE body = ?1 AND found < 2",
        "INSERT OR IGNORE INTO body_material
         SELECT b.fid, 0, j.value, 0 FROM body b, json_each(b.commodities) j WHERE b.fid = ?1",
        "INSERT OR IGNORE INTO body_material
         SELECT b.fid, 1, c.substance, min(c.shown) FROM body b JOIN claim c ON c.subject = b.id
         WHERE b.fid = ?1 AND c.substance IS NOT NULL GROUP BY c.substance",
    ] {
        connection
            .prepare_cached(sql)
            .and_then(|mut s| s.execute([body]))
            .doing("working out what a body holds")?;
    }
    Ok(())
}

/// Works out anew what assays found in a body, by going through its samples.
pub(super) fn refresh_found(connection: &Connection, body: i64) -> Result<()> {
    let panels = results::panels(connection)?;
    let mut found: BTreeMap<i64, i64> = BTreeMap::new();
    let mut statement = connection
        .prepare_cached(
            "SELECT a.fid, a.numbers, m.shown FROM sample m
             CROSS JOIN results a ON a.fid BETWEEN m.fid << 14 AND (m.fid << 14) + 16383
             WHERE m.body = ?1",
        )
        .doing("working out what assays found")?;
    let mut rows = statement.query([body]).doing("working out what assays found")?;
    while let Some(row) = rows.next().doing("working out what assays found")? {
        let shown: i64 = row.get(2).doing("working out what assays found")?;
        for (determination, value) in results::read(row, 0, &panels)? {
            if results::shows(value) {
                found
                    .entry(determination)
                    .and_modify(|least| *least = shown.min(*least))
                    .or_insert(shown);
            }
        }
    }
    connection
        .prepare_cached("DELETE FROM body_material WHERE body = ?1 AND found = 2")
        .and_then(|mut s| s.execute([body]))
        .doing("working out what assays found")?;
    found.iter().try_for_each(|(determination, shown)| {
        self::found(connection, body, *determination, *shown)
    })
}

/// States that a determination found something in a body, in samples shown to `shown` at least.
pub(super) fn found(
    connection: &Connection,
    body: i64,
    determination: i64,
    shown: i64,
) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO body_material SELECT ?1, 2, substance, max(visibility, ?3)
             FROM determination WHERE fid = ?2
             ON CONFLICT DO UPDATE SET visibility = min(visibility, excluded.visibility)",
        )
        .and_then(|mut s| s.execute((body, determination, shown)))
        .map(|_| ())
        .doing("stating what assays found")
}

/// Works out anew the bodies that have closed claims or samples.
pub(super) fn refresh_closed(connection: &Connection) -> Result<()> {
    let bodies = |sql: &str| -> Result<Vec<i64>> {
        connection
            .prepare_cached(sql)
            .and_then(|mut s| s.query_map([], |row| row.get(0))?.collect())
            .doing("looking for closed evidence")
    };
    for body in bodies(
        "SELECT DISTINCT b.fid FROM claim c JOIN body b ON b.id = c.subject
         WHERE c.substance IS NOT NULL AND (c.visibility > 0 OR c.shown > 0)
         UNION SELECT body FROM body_material WHERE found = 1 AND visibility > 0",
    )? {
        refresh(connection, body)?;
    }
    for body in bodies(
        "SELECT DISTINCT body FROM sample
         WHERE (visibility > 0 OR position_visibility > 0 OR shown > 0) AND body IS NOT NULL
         UNION SELECT body FROM body_material WHERE found = 2 AND (visibility > 0
           OR code IN (SELECT substance FROM determination WHERE visibility > 0))",
    )? {
        refresh_found(connection, body)?;
    }
    Ok(())
}
