//! Taking back an import.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};
use varp_model::ImportId;

use super::context::quietly;
use super::{Doing, materials, results, schema, search, visibility};
use crate::query::Undone;
use crate::{Result, StoreError};

/// Tables of records, children before parents.
const TABLES: &[&str] = &["claim", "zone", "hole", "body", "site", "source"];

/// Takes back what an import added and restores what it changed.
pub(super) fn undo(connection: &Connection, import: ImportId) -> Result<Undone> {
    let number: Option<i64> = connection
        .query_row("SELECT fid FROM import WHERE id = ?1", [import.to_string()], |row| row.get(0))
        .optional()
        .doing("looking for an import")?;
    let number =
        number.ok_or_else(|| StoreError::NotFound { kind: "import", id: import.to_string() })?;
    refuse_if_edited(connection, number)?;
    refuse_if_built_on(connection, number)?;
    let mut undone = Undone::default();
    restore(connection, number, &mut undone)?;
    remove(connection, number, &mut undone)?;
    connection
        .execute(
            "INSERT INTO change (actor, reason, table_name, row, operation, before)
             SELECT c.actor, c.reason, 'import', i.id, 'delete',
               json_object('dataset', i.dataset, 'added', i.added, 'changed', i.changed, 'assays', i.assays)
             FROM context c, import i WHERE i.fid = ?1",
            [number],
        )
        .doing("recording an undo")?;
    connection
        .execute("DELETE FROM import WHERE fid = ?1", [number])
        .doing("removing an import")?;
    visibility::settle(connection)?;
    Ok(undone)
}

/// Later edits of rows that the import wrote stand in the way.
fn refuse_if_edited(connection: &Connection, number: i64) -> Result<()> {
    let mut rows: Vec<String> =
        TABLES.iter().map(|t| format!("SELECT id FROM {t} WHERE import = ?1")).collect();
    rows.push(format!("SELECT {} FROM sample WHERE import = ?1", schema::uuid_text("id")));
    rows.push("SELECT row FROM change WHERE import = ?1".into());
    let later: Option<(String, String, Option<String>)> = connection
        .query_row(
            &format!(
                "SELECT g.table_name, g.row, g.actor FROM change g
                 WHERE g.import IS NOT ?1 AND g.row IN ({})
                 AND g.fid > coalesce((SELECT min(fid) FROM change WHERE import = ?1 AND row = g.row), 0)
                 LIMIT 1",
                rows.join(" UNION ALL ")
            ),
            [number],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()
        .doing("looking for later edits")?;
    match later {
        None => Ok(()),
        Some((table, row, actor)) => Err(StoreError::Refused(format!(
            "{table} {row} was changed since by {}; take that back first",
            actor.as_deref().unwrap_or("another program")
        ))),
    }
}

/// Rows of others that refer to what the import added stand in the way.
fn refuse_if_built_on(connection: &Connection, number: i64) -> Result<()> {
    let mut checks: Vec<String> = super::care::REFERENCES
        .iter()
        .map(|(table, column, parent)| {
            format!(
                "SELECT '{table} ' || t.id || ' refers to {parent} ' || t.{column} FROM {table} t
                 JOIN {parent} p ON p.id = t.{column} WHERE p.import = ?1 AND t.import IS NOT ?1"
            )
        })
        .collect();
    for parent in ["site", "body", "zone", "hole"] {
        checks.push(format!(
            "SELECT 'claim ' || t.id || ' is about {parent} ' || t.subject FROM {parent} p
             JOIN claim t ON t.subject = p.id WHERE p.import = ?1 AND t.import IS NOT ?1"
        ));
    }
    checks.push(format!(
        "SELECT 'claim ' || t.id || ' is about sample ' || t.subject FROM claim t
         JOIN sample p ON substr(p.id, 1, 6) = substr(unhex(t.subject, '-'), 1, 6) AND p.id = unhex(t.subject, '-')
         WHERE t.subject_kind = 'sample' AND p.import = {number} AND t.import IS NOT ?1"
    ));
    for (column, parent) in [("body", "body"), ("hole", "hole")] {
        checks.push(format!(
            "SELECT 'sample ' || t.name || ' refers to {parent} ' || p.id FROM {parent} p
             JOIN sample t ON t.{column} = p.fid WHERE p.import = ?1 AND t.import IS NOT ?1"
        ));
    }
    checks.push(
        "SELECT 'sample ' || t.name || ' cites source ' || q.id FROM source q
         JOIN provenance p ON p.source = q.id JOIN sample t ON t.provenance = p.fid
         WHERE q.import = ?1 AND t.import IS NOT ?1"
            .into(),
    );
    for check in checks {
        let built: Option<String> = connection
            .query_row(&format!("{check} LIMIT 1"), [number], |row| row.get(0))
            .optional()
            .doing("looking for what builds on an import")?;
        if let Some(built) = built {
            return Err(StoreError::Refused(format!(
                "{built}, which this import brought; take that back first"
            )));
        }
    }
    Ok(())
}

/// Table, row, operation, before and after of a change record.
type Logged = (String, String, String, Option<String>, Option<String>);

/// Puts rows back that the import changed, newest change first.
fn restore(connection: &Connection, number: i64, undone: &mut Undone) -> Result<()> {
    let changes: Vec<Logged> = connection
        .prepare(
            "SELECT table_name, row, operation, before, after FROM change
             WHERE import = ?1 ORDER BY fid DESC",
        )
        .and_then(|mut s| {
            s.query_map([number], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
            })?
            .collect()
        })
        .doing("reading what an import changed")?;
    let mut rows = std::collections::BTreeSet::new();
    for (table, row, operation, before, after) in changes {
        match (table.as_str(), operation.as_str(), before) {
            ("assay", "insert", _) => {
                undone.assays += restore_assay(connection, &row, after.as_deref(), None)?;
            }
            ("assay", _, Some(before)) => {
                restore_assay(connection, &row, after.as_deref(), Some(&before))?;
            }
            ("footprint", "insert", _) => {
                connection
                    .execute("DELETE FROM footprint WHERE body = ?1", [&row])
                    .doing("removing a footprint")?;
            }
            ("footprint", "delete", Some(before)) => {
                connection
                    .execute(
                        "INSERT INTO footprint (body, geom, visibility, licence)
                         SELECT ?1, unhex(json_extract(?2, '$.geom')), json_extract(?2, '$.visibility'),
                           json_extract(?2, '$.licence')",
                        (&row, before),
                    )
                    .doing("restoring a footprint")?;
            }
            (_, "update", Some(before)) => restore_row(connection, &table, &row, &before)?,
            _ => continue,
        }
        rows.insert(row);
    }
    undone.restored = rows.len() as u64;
    Ok(())
}

fn restore_assay(
    connection: &Connection,
    sample: &str,
    after: Option<&str>,
    before: Option<&str>,
) -> Result<u64> {
    let fid: i64 = connection
        .query_row("SELECT fid FROM sample WHERE substr(id, 1, 6) = substr(unhex(?1, '-'), 1, 6) AND id = unhex(?1, '-')", [sample], |row| row.get(0))
        .doing("restoring an assay")?;
    let determination: i64 = connection
        .query_row("SELECT json_extract(?1, '$.determination')", [after], |row| row.get(0))
        .doing("restoring an assay")?;
    let value = before.map(|before| {
        let fields = serde_json::from_str::<serde_json::Value>(before).ok()?;
        results::parse(fields.get("value")?.as_str()?)
    });
    let value = match value {
        None => None,
        Some(Some(value)) => Some(value),
        Some(None) => {
            return Err(StoreError::BadValue {
                table: "change",
                row: sample.into(),
                column: "before".into(),
                reason: "it is not the value of an assay".into(),
            });
        }
    };
    results::put(connection, fid, determination, value, None)?;
    recheck(connection, Some(fid))?;
    Ok(u64::from(value.is_none()))
}

fn recheck(connection: &Connection, sample: Option<i64>) -> Result<()> {
    let body: Option<i64> = connection
        .query_row("SELECT body FROM sample WHERE fid = ?1", [sample], |row| row.get(0))
        .optional()
        .doing("looking for the body of a sample")?
        .flatten();
    body.map_or(Ok(()), |body| materials::refresh_found(connection, body))
}

/// Writes the columns of a row as the log kept them.
fn restore_row(connection: &Connection, table: &str, row: &str, before: &str) -> Result<()> {
    let known = schema::LOGGED.iter().find(|(t, _)| *t == table);
    let Some((table, key)) = known else { return Ok(()) };
    let key = if *table == "sample" { schema::uuid_text("id") } else { (*key).to_owned() };
    let fid: Option<i64> = connection
        .query_row(&format!("SELECT fid FROM {table} WHERE {key} = ?1"), [row], |r| r.get(0))
        .optional()
        .doing("restoring a row")?;
    let Some(fid) = fid else { return Ok(()) };
    let fields: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(before).map_err(|_| StoreError::BadValue {
            table: "change",
            row: row.into(),
            column: "before".into(),
            reason: "it is not JSON".into(),
        })?;
    visibility::release(connection, table, fid)?;
    let columns: Vec<&String> =
        fields.keys().filter(|c| !matches!(c.as_str(), "fid" | "id")).collect();
    let sets: Vec<String> = columns
        .iter()
        .map(|c| match c.as_str() {
            "geom" => "geom = unhex(nullif(json_extract(?1, '$.geom'), ''))".to_owned(),
            c => format!("{c} = json_extract(?1, '$.{c}')"),
        })
        .collect();
    let digest = if matches!(*table, "footprint" | "sample" | "determination") {
        ""
    } else {
        ", digest = NULL"
    };
    let sql = format!("UPDATE {table} SET {}{digest} WHERE fid = ?2", sets.join(", "));
    connection
        .execute(&sql, params_from_iter([Value::from(before.to_owned()), fid.into()]))
        .doing("restoring a row")?;
    match *table {
        "source" => search::refresh(connection, search::SOURCE, fid),
        "site" => search::refresh(connection, search::SITE, fid),
        "body" => {
            search::refresh(connection, search::BODY, fid)?;
            materials::refresh(connection, fid)
        }
        "claim" => refresh_subject(connection, fid),
        "sample" => recheck(connection, Some(fid)),
        _ => Ok(()),
    }
}

fn refresh_subject(connection: &Connection, claim: i64) -> Result<()> {
    let body: Option<i64> = connection
        .query_row(
            "SELECT b.fid FROM claim c JOIN body b ON b.id = c.subject WHERE c.fid = ?1",
            [claim],
            |r| r.get(0),
        )
        .optional()
        .doing("looking for the subject of a claim")?;
    body.map_or(Ok(()), |body| materials::refresh(connection, body))
}

/// Removes the rows that the import added; the log says so in one record.
fn remove(connection: &Connection, number: i64, undone: &mut Undone) -> Result<()> {
    let bodies: Vec<i64> = connection
        .prepare(
            "SELECT body FROM sample WHERE import = ?1 AND body IS NOT NULL
             UNION SELECT b.fid FROM claim c JOIN body b ON b.id = c.subject WHERE c.import = ?1",
        )
        .and_then(|mut s| s.query_map([number], |row| row.get(0))?.collect())
        .doing("looking for bodies of an import")?;
    quietly(connection, || {
        let run =
            |sql: &str| connection.execute(sql, [number]).doing("removing what an import added");
        undone.assays += results::count(connection, &format!("m.import = {number}"))?;
        run("DELETE FROM results WHERE fid IN (SELECT a.fid FROM sample m
               CROSS JOIN results a ON a.fid BETWEEN m.fid << 14 AND (m.fid << 14) + 16383
               WHERE m.import = ?1)")?;
        for layer in ["site", "body", "zone", "hole", "sample"] {
            run(&format!(
                "DELETE FROM withheld_place WHERE layer = '{layer}' AND row IN (SELECT fid FROM {layer} WHERE import = ?1)"
            ))?;
        }
        run("DELETE FROM withheld_place WHERE layer = 'footprint' AND row IN
               (SELECT f.fid FROM footprint f JOIN body b ON b.id = f.body WHERE b.import = ?1)")?;
        run("DELETE FROM footprint WHERE body IN (SELECT id FROM body WHERE import = ?1)")?;
        run("DELETE FROM body_material WHERE body IN (SELECT fid FROM body WHERE import = ?1)")?;
        for (table, kind) in
            [("source", search::SOURCE), ("site", search::SITE), ("body", search::BODY)]
        {
            run(&format!(
                "DELETE FROM word WHERE rowid IN (SELECT fid * 4 + {kind} FROM {table} WHERE import = ?1)"
            ))?;
        }
        undone.removed += run("DELETE FROM claim WHERE import = ?1")? as u64;
        undone.removed += run("DELETE FROM sample WHERE import = ?1")? as u64;
        run("DELETE FROM panel WHERE panel NOT IN (SELECT fid & 16383 FROM results)
               AND panel IN (SELECT p.panel FROM panel p JOIN determination d ON d.fid = p.determination
                             WHERE d.import = ?1)")?;
        run(
            "DELETE FROM determination WHERE import = ?1 AND fid NOT IN (SELECT determination FROM panel)",
        )?;
        run("DELETE FROM provenance WHERE source IN (SELECT id FROM source WHERE import = ?1)")?;
        // Deposits that bodies of the same import came from go after these.
        run("UPDATE body SET origin_deposit = NULL WHERE import = ?1")?;
        for table in &TABLES[1..] {
            undone.removed += run(&format!("DELETE FROM {table} WHERE import = ?1"))? as u64;
        }
        Ok(())
    })?;
    for body in bodies {
        materials::refresh(connection, body)?;
        materials::refresh_found(connection, body)?;
    }
    Ok(())
}
