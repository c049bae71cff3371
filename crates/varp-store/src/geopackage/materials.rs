//! What bodies hold: commodities mined, substances that claims state or assays found.

use rusqlite::Connection;
use rusqlite::types::Value;
use varp_model::Visibility;

use super::Doing;
use super::page::json;
use super::row::level;
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
    for sql in [
        "DELETE FROM body_material WHERE body = ?1 AND found = 2",
        "INSERT OR IGNORE INTO body_material
         SELECT m.body, 2, d.substance, min(max(m.shown, d.visibility))
         FROM sample m
         JOIN assay_data a ON a.fid BETWEEN m.fid << 14 AND (m.fid << 14) + 16383
         JOIN determination d ON d.fid = a.fid & 16383
         WHERE m.body = ?1 AND CASE WHEN typeof(a.value) = 'text' THEN a.value NOT LIKE '<%'
           ELSE a.value >> 6 > 0 AND (a.value & 63) / 20 <> 1 END
         GROUP BY d.substance",
    ] {
        connection
            .prepare_cached(sql)
            .and_then(|mut s| s.execute([body]))
            .doing("working out what assays found")?;
    }
    Ok(())
}

/// States that a determination found something in a body.
pub(super) fn found(connection: &Connection, body: i64, determination: i64) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO body_material SELECT ?1, 2, substance, visibility FROM determination WHERE fid = ?2",
        )
        .and_then(|mut s| s.execute((body, determination)))
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
