//! What an import under way has changed so far, as its change records and the rows it added.

use rusqlite::{Connection, Row};
use varp_model::{Change, Operation};

use super::{Doing, change, schema};
use crate::Result;

/// Most rows listed of those that a table gains.
const MOST: usize = 10_000;

/// Changes of rows that stood before, in the order made, then the rows that are new.
pub(super) fn of_import(connection: &Connection, import: i64) -> Result<Vec<Change>> {
    let mut changes = changed(connection, import)?;
    for change in changes.iter_mut().filter(|change| change.table == "assay") {
        name_assay(connection, change)?;
    }
    for table in ["source", "site", "body", "hole", "sample", "claim"] {
        changes.extend(added(connection, table, import)?);
    }
    Ok(changes)
}

fn changed(connection: &Connection, import: i64) -> Result<Vec<Change>> {
    connection
        .prepare_cached(
            "SELECT fid, time, actor, reason, table_name, row, operation, before, after
             FROM change WHERE import = ?1 ORDER BY fid",
        )
        .and_then(|mut s| s.query_map([import], change::read)?.collect())
        .doing("reading what an import changes")
}

/// The key of the sample and what was determined, in place of the number of the determination.
fn name_assay(connection: &Connection, change: &mut Change) -> Result<()> {
    let id = change.row.replace('-', "");
    let name = |json: &str| -> rusqlite::Result<String> {
        connection
            .prepare_cached(
                "SELECT json_object('key', coalesce(m.key, m.name), 'header', d.header,
                   d.substance || ' ' || d.unit, json_extract(?2, '$.value'))
                 FROM sample m, determination d
                 WHERE substr(m.id, 1, 6) = substr(unhex(?1), 1, 6) AND m.id = unhex(?1)
                   AND d.fid = json_extract(?2, '$.determination')",
            )?
            .query_row((&id, json), |row| row.get(0))
    };
    for json in [&mut change.before, &mut change.after].into_iter().flatten() {
        *json = name(json).doing("naming a changed assay")?;
    }
    Ok(())
}

fn added(connection: &Connection, table: &str, import: i64) -> Result<Vec<Change>> {
    let (id, key, sheet) = match table {
        "sample" => {
            let sheet = "(SELECT source_sheet FROM provenance p WHERE p.fid = t.provenance)";
            (schema::uuid_text("t.id"), "coalesce(t.key, t.name)", sheet)
        }
        _ => ("t.id".to_owned(), "t.key", "t.source_sheet"),
    };
    let place = match table {
        "source" => String::new(),
        _ => format!(", 'source_sheet', {sheet}, 'source_row', t.source_row"),
    };
    let sql = format!(
        "SELECT {id}, json_object('key', {key}{place}) FROM {table} t
         WHERE t.import = ?1 ORDER BY t.fid LIMIT {MOST}"
    );
    let insert = |row: &Row<'_>| -> rusqlite::Result<Change> {
        Ok(Change {
            number: 0,
            time: String::new(),
            actor: None,
            reason: None,
            table: table.to_owned(),
            row: row.get(0)?,
            operation: Operation::Insert,
            before: None,
            after: row.get(1)?,
        })
    };
    connection
        .prepare_cached(&sql)
        .and_then(|mut s| s.query_map([import], insert)?.collect())
        .doing("reading what an import adds")
}
