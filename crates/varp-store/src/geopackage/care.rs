//! Care of the register: edits of other programs, health, version, copies.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use varp_model::References;

use super::context::{enter, leave, seen};
use super::schema::{KNOWN, LAYERS};
use super::{Doing, materials, search, visibility};
use crate::query::Health;
use crate::{Result, StoreError};

/// The actor of what follows from edits of other programs.
const ACTOR: &str = "varp";

/// Whether another program changed something that was not taken in yet.
pub(super) fn foreign_edits_wait(connection: &Connection) -> Result<bool> {
    connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM change
               WHERE fid > (SELECT value FROM register WHERE name = 'seen_change') AND actor IS NULL)",
        )
        .and_then(|mut s| s.query_row([], |row| row.get(0)))
        .doing("looking for edits of other programs")
}

/// Draws the consequences of edits of other programs: original coordinates of moved places are
/// forgotten, visibility, words and materials follow. Returns how many edits there were.
pub(super) fn take_in(connection: &Connection) -> Result<u64> {
    if !foreign_edits_wait(connection)? {
        return Ok(0);
    }
    let since = "fid > (SELECT value FROM register WHERE name = 'seen_change') AND actor IS NULL";
    let edits = connection
        .prepare_cached(&format!("SELECT count(*) FROM change WHERE {since}"))
        .and_then(|mut s| s.query_row([], |row| row.get(0)))
        .doing("counting edits of other programs")?;
    let edited: BTreeSet<(String, String)> = connection
        .prepare_cached(&format!("SELECT DISTINCT table_name, row FROM change WHERE {since}"))
        .and_then(|mut s| s.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
        .doing("reading edits of other programs")?;
    enter(connection, ACTOR, Some("follows from an edit of another program"), None)?;
    forget_moved(connection, since)?;
    for (table, row) in &edited {
        follow(connection, table, row)?;
    }
    visibility::settle(connection)?;
    leave(connection)?;
    Ok(edits)
}

/// A place that somebody moved is no longer the one that its source gave.
fn forget_moved(connection: &Connection, since: &str) -> Result<()> {
    for table in ["site", "body", "hole", "sample"] {
        let id = if table == "sample" { super::schema::uuid_text("t.id") } else { "t.id".into() };
        connection
            .execute(
                &format!(
                    "UPDATE {table} AS t SET x = NULL, y = NULL, epsg = NULL, accuracy_m = NULL
                     WHERE {id} IN (SELECT row FROM change WHERE {since} AND table_name = '{table}'
                       AND operation = 'update'
                       AND json_extract(before, '$.geom') <> json_extract(after, '$.geom')
                       AND json_extract(before, '$.x') IS json_extract(after, '$.x')
                       AND json_extract(before, '$.y') IS json_extract(after, '$.y'))
                     AND x IS NOT NULL"
                ),
                [],
            )
            .doing("forgetting coordinates of a moved place")?;
    }
    Ok(())
}

/// Words of a name and materials of a body follow the row.
fn follow(connection: &Connection, table: &str, row: &str) -> Result<()> {
    let fids = |sql: &str| -> Result<Vec<i64>> {
        connection
            .prepare_cached(sql)
            .and_then(|mut s| s.query_map([row], |r| r.get(0))?.collect())
            .doing("following an edit")
    };
    match table {
        "source" | "site" => {
            let kind = if table == "site" { search::SITE } else { search::SOURCE };
            for fid in fids(&format!("SELECT fid FROM {table} WHERE id = ?1"))? {
                search::refresh(connection, kind, fid)?;
            }
        }
        "body" => {
            for fid in fids("SELECT fid FROM body WHERE id = ?1")? {
                search::refresh(connection, search::BODY, fid)?;
                materials::refresh(connection, fid)?;
            }
        }
        "claim" => {
            for fid in fids(
                "SELECT b.fid FROM change g JOIN body b
                   ON b.id IN (json_extract(g.before, '$.subject'), json_extract(g.after, '$.subject'))
                 WHERE g.row = ?1",
            )? {
                materials::refresh(connection, fid)?;
            }
        }
        "sample" => {
            for fid in fids(
                "SELECT DISTINCT b.fid FROM change g JOIN body b
                   ON b.fid IN (json_extract(g.before, '$.body'), json_extract(g.after, '$.body'))
                 WHERE g.row = ?1",
            )? {
                materials::refresh_found(connection, fid)?;
            }
        }
        _ => {}
    }
    seen(connection)
}

/// A number that moves with every committed change.
pub(super) fn version(connection: &Connection) -> Result<u64> {
    connection
        .prepare_cached(
            "SELECT (SELECT value FROM register WHERE name = 'commits') + (SELECT coalesce(max(fid), 0) FROM change)",
        )
        .and_then(|mut s| s.query_row([], |row| row.get(0)))
        .doing("reading the version of the register")
}

/// The number with which tokens are sealed.
pub(super) fn secret(connection: &Connection) -> Result<u64> {
    connection
        .query_row("SELECT value FROM register WHERE name = 'secret'", [], |row| row.get(0))
        .map(i64::cast_unsigned)
        .doing("reading the secret of the register")
}

/// Writes a consistent copy to a new file, through a connection of its own: it may take long.
pub(super) fn backup(from: &Path, to: &Path) -> Result<()> {
    if to.exists() {
        return Err(StoreError::Open {
            path: to.to_owned(),
            reason: "the file exists already".into(),
        });
    }
    let name = to.to_str().ok_or_else(|| StoreError::Open {
        path: to.to_owned(),
        reason: "its name is not Unicode".into(),
    })?;
    let connection = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_WRITE)
        .doing("copying the register")?;
    connection.busy_timeout(std::time::Duration::from_secs(20)).doing("copying the register")?;
    connection.execute("VACUUM INTO ?1", [name]).map(|_| ()).doing("copying the register")
}

/// Checks integrity, references, places and codes.
pub(super) fn health(connection: &Connection, foreign_edits: u64) -> Result<Health> {
    let mut findings = integrity(connection)?;
    findings.extend(dangling(connection)?);
    findings.extend(places(connection)?);
    findings.extend(codes(connection)?);
    let rows = [
        "source",
        "site",
        "body",
        "zone",
        "hole",
        "sample",
        "determination",
        "results",
        "claim",
        "import",
        "change",
    ]
    .into_iter()
    .map(|table| {
        let count = connection
            .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))
            .doing("counting rows")?;
        Ok((table.to_owned(), count))
    })
    .collect::<Result<_>>()?;
    Ok(Health { schema: KNOWN, findings, foreign_edits, rows })
}

fn sentences(connection: &Connection, sql: &str) -> Result<Vec<String>> {
    connection
        .prepare_cached(sql)
        .and_then(|mut s| s.query_map([], |row| row.get(0))?.collect())
        .doing("checking the register")
}

fn integrity(connection: &Connection) -> Result<Vec<String>> {
    let mut findings = sentences(connection, "PRAGMA quick_check")?;
    findings.retain(|finding| finding != "ok");
    for (layer, _) in LAYERS {
        let indexed: bool = connection
            .query_row(
                &format!(
                    "SELECT (SELECT count(*) FROM rtree_{layer}_geom)
                          = (SELECT count(*) FROM {layer} WHERE geom IS NOT NULL AND NOT ST_IsEmpty(geom))"
                ),
                [],
                |row| row.get(0),
            )
            .doing("checking the spatial index")?;
        if !indexed {
            findings
                .push(format!("the spatial index of {layer} does not hold each of its geometries"));
        }
    }
    Ok(findings)
}

fn dangling(connection: &Connection) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for (table, column, parent) in REFERENCES {
        findings.extend(sentences(
            connection,
            &format!(
                "SELECT '{table} ' || t.id || ' refers to {parent} ' || t.{column} || ', which is not there'
                 FROM {table} t WHERE t.{column} IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM {parent} p WHERE p.id = t.{column}) LIMIT 20"
            ),
        )?);
    }
    findings.extend(sentences(
        connection,
        "SELECT 'claim ' || c.id || ' is about ' || c.subject_kind || ' ' || c.subject || ', which is not there'
         FROM claim c WHERE NOT CASE c.subject_kind
           WHEN 'site' THEN EXISTS (SELECT 1 FROM site WHERE id = c.subject)
           WHEN 'body' THEN EXISTS (SELECT 1 FROM body WHERE id = c.subject)
           WHEN 'zone' THEN EXISTS (SELECT 1 FROM zone WHERE id = c.subject)
           WHEN 'hole' THEN EXISTS (SELECT 1 FROM hole WHERE id = c.subject)
           ELSE EXISTS (SELECT 1 FROM sample WHERE substr(id, 1, 6) = substr(unhex(c.subject, '-'), 1, 6) AND id = unhex(c.subject, '-')) END LIMIT 20",
    )?);
    findings.extend(sentences(
        connection,
        "SELECT 'footprint ' || f.fid || ' belongs to body ' || f.body || ', which is not there'
         FROM footprint f WHERE NOT EXISTS (SELECT 1 FROM body WHERE id = f.body) LIMIT 20",
    )?);
    findings.extend(sentences(
        connection,
        "SELECT 'sample ' || m.name || ' refers to a body or hole that is not there' FROM sample m
         WHERE (m.body IS NOT NULL AND NOT EXISTS (SELECT 1 FROM body WHERE fid = m.body))
            OR (m.hole IS NOT NULL AND NOT EXISTS (SELECT 1 FROM hole WHERE fid = m.hole))
            OR NOT EXISTS (SELECT 1 FROM provenance WHERE fid = m.provenance) LIMIT 20",
    )?);
    Ok(findings)
}

/// Table, column and table referred to by a UUID in text.
pub(super) const REFERENCES: &[(&str, &str, &str)] = &[
    ("site", "source", "source"),
    ("body", "site", "site"),
    ("body", "source", "source"),
    ("body", "origin_deposit", "body"),
    ("zone", "body", "body"),
    ("zone", "source", "source"),
    ("hole", "body", "body"),
    ("hole", "source", "source"),
    ("claim", "source", "source"),
];

fn places(connection: &Connection) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for layer in ["site", "body", "hole", "sample"] {
        findings.extend(sentences(
            connection,
            &format!(
                "SELECT '{layer} ' || t.name || ' is not on Earth' FROM {layer} t WHERE t.geom IS NOT NULL
                 AND NOT (ST_MinX(t.geom) >= -180 AND ST_MaxX(t.geom) <= 180
                      AND ST_MinY(t.geom) >= -90 AND ST_MaxY(t.geom) <= 90) LIMIT 20"
            ),
        )?);
    }
    Ok(findings)
}

/// Codes that an edit may have brought in and no list knows.
fn codes(connection: &Connection) -> Result<Vec<String>> {
    let references = References::embedded();
    let mut findings = Vec::new();
    for (table, column, list) in [
        ("body", "kind", "body_kinds"),
        ("body", "status", "mine_status"),
        ("body", "storage", "waste_storage"),
        ("site", "country", "countries"),
    ] {
        let Some(list) = references.list(list) else { continue };
        let used: Vec<(String, String, u64)> = connection
            .prepare_cached(&format!(
                "SELECT {column}, min(id), count(*) FROM {table} WHERE {column} IS NOT NULL GROUP BY {column}"
            ))
            .and_then(|mut s| s.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect())
            .doing("checking codes")?;
        for (code, id, count) in used {
            if list.get(&code).is_none() {
                findings.push(format!(
                    "{column} \"{code}\" of {count} {table} rows, such as {id}, is in no list"
                ));
            }
        }
    }
    Ok(findings)
}
