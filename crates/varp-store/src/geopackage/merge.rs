//! Making two records one, and keeping two apart.

use rusqlite::{Connection, OptionalExtension};
use uuid::Uuid;
use varp_model::{BodyId, SiteId, Visibility};

use super::row::level;
use super::{Doing, materials, search, visibility};
use crate::{Result, StoreError};

/// Makes the site `gone` one with `kept`.
pub(super) fn sites(
    connection: &Connection,
    kept: SiteId,
    gone: SiteId,
    actor: &str,
    because: &str,
) -> Result<()> {
    let pair = Pair::find(connection, "site", kept.0, gone.0)?;
    pair.run(connection, "UPDATE body SET site = ?1 WHERE site = ?2")?;
    pair.finish(connection, search::SITE, actor, because)
}

/// Makes the body `gone` one with `kept`.
pub(super) fn bodies(
    connection: &Connection,
    kept: BodyId,
    gone: BodyId,
    actor: &str,
    because: &str,
) -> Result<()> {
    let pair = Pair::find(connection, "body", kept.0, gone.0)?;
    visibility::release_footprint(connection, pair.gone_fid)?;
    for sql in [
        "UPDATE body SET origin_deposit = ?1 WHERE origin_deposit = ?2",
        "UPDATE zone SET body = ?1 WHERE body = ?2",
        "UPDATE hole SET body = ?1 WHERE body = ?2",
        "UPDATE sample SET body = (SELECT fid FROM body WHERE id = ?1) WHERE body = (SELECT fid FROM body WHERE id = ?2)",
        "UPDATE footprint SET body = ?1 WHERE body = ?2 AND NOT EXISTS (SELECT 1 FROM footprint WHERE body = ?1)",
        "DELETE FROM footprint WHERE body = ?2 AND ?1 <> ?2",
    ] {
        pair.run(connection, sql)?;
    }
    pair.finish(connection, search::BODY, actor, because)?;
    connection
        .execute("DELETE FROM body_material WHERE body = ?1", [pair.gone_fid])
        .doing("merging bodies")?;
    materials::refresh(connection, pair.kept_fid)?;
    materials::refresh_found(connection, pair.kept_fid)
}

struct Pair {
    table: &'static str,
    kept: Uuid,
    gone: Uuid,
    kept_fid: i64,
    gone_fid: i64,
}

impl Pair {
    fn find(connection: &Connection, table: &'static str, kept: Uuid, gone: Uuid) -> Result<Self> {
        if kept == gone {
            return Err(StoreError::Refused(format!("a {table} cannot be merged with itself")));
        }
        let fid = |id: Uuid| -> Result<i64> {
            connection
                .prepare_cached(&format!("SELECT fid FROM {table} WHERE id = ?1"))
                .and_then(|mut s| s.query_row([id.to_string()], |row| row.get(0)).optional())
                .doing("looking for what to merge")?
                .ok_or_else(|| StoreError::NotFound { kind: table, id: id.to_string() })
        };
        let (kept_fid, gone_fid) = (fid(kept)?, fid(gone)?);
        let shown = |fid: i64| -> Result<i64> {
            connection
                .query_row(&format!("SELECT shown FROM {table} WHERE fid = ?1"), [fid], |row| {
                    row.get(0)
                })
                .doing("comparing visibility")
        };
        if shown(gone_fid)? > shown(kept_fid)? {
            return Err(StoreError::Refused(format!(
                "{table} {gone} is less public than {table} {kept}, whose aliases would show its name: \
                 give both the same visibility first"
            )));
        }
        visibility::release(connection, table, kept_fid)?;
        visibility::release(connection, table, gone_fid)?;
        Ok(Self { table, kept, gone, kept_fid, gone_fid })
    }

    /// Runs SQL with ?1 the identity kept and ?2 the one gone.
    fn run(&self, connection: &Connection, sql: &str) -> Result<()> {
        connection
            .prepare_cached(sql)
            .and_then(|mut s| s.execute((self.kept.to_string(), self.gone.to_string())))
            .map(|_| ())
            .doing("merging")
    }

    /// Claims move, names become aliases, gaps are filled, the old id redirects, the row goes.
    fn finish(&self, connection: &Connection, kind: i64, actor: &str, because: &str) -> Result<()> {
        self.run(connection, "UPDATE claim SET subject = ?1 WHERE subject = ?2")?;
        self.merge_names(connection)?;
        self.fill_place(connection)?;
        self.run(connection, "UPDATE redirect SET kept = ?1 WHERE kept = ?2")?;
        self.carry_over_apart(connection)?;
        connection
            .execute(
                "INSERT INTO redirect (gone, kept, time, actor, reason)
                 VALUES (?2, ?1, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ?3, ?4)",
                (self.kept.to_string(), self.gone.to_string(), actor, because),
            )
            .doing("redirecting an identity")?;
        connection
            .execute(&format!("DELETE FROM {} WHERE fid = ?1", self.table), [self.gone_fid])
            .doing("merging")?;
        search::refresh(connection, kind, self.gone_fid)?;
        search::refresh(connection, kind, self.kept_fid)?;
        visibility::settle(connection)
    }

    /// What was kept apart from the one gone is kept apart from the other; the pair itself is one.
    fn carry_over_apart(&self, connection: &Connection) -> Result<()> {
        self.run(
            connection,
            "UPDATE OR IGNORE kept_apart SET (a, b) =
               (SELECT min(?1, other), max(?1, other) FROM (SELECT CASE a WHEN ?2 THEN b ELSE a END AS other))
             WHERE (a = ?2 OR b = ?2) AND a <> ?1 AND b <> ?1",
        )?;
        self.run(connection, "DELETE FROM kept_apart WHERE (a = ?2 OR b = ?2) AND ?1 <> ?2")
    }

    fn merge_names(&self, connection: &Connection) -> Result<()> {
        let names = |fid: i64| -> Result<(String, Vec<String>)> {
            let (name, json): (String, Option<String>) = connection
                .query_row(
                    &format!("SELECT name, aliases FROM {} WHERE fid = ?1", self.table),
                    [fid],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .doing("reading names")?;
            let aliases =
                json.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
            Ok((name, aliases))
        };
        let (name, mut aliases) = names(self.kept_fid)?;
        let (gone, others) = names(self.gone_fid)?;
        for other in std::iter::once(gone).chain(others) {
            if other != name && !aliases.contains(&other) {
                aliases.push(other);
            }
        }
        let json = (!aliases.is_empty()).then(|| serde_json::Value::from(aliases).to_string());
        connection
            .execute(
                &format!("UPDATE {} SET aliases = ?2 WHERE fid = ?1", self.table),
                (self.kept_fid, json),
            )
            .map(|_| ())
            .doing("merging names")
    }

    /// A record without a place takes over that of the other.
    fn fill_place(&self, connection: &Connection) -> Result<()> {
        connection
            .execute(
                &format!(
                    "UPDATE {0} SET (geom, x, y, epsg, accuracy_m, position_visibility) =
                       (SELECT geom, x, y, epsg, accuracy_m, position_visibility FROM {0} WHERE fid = ?2)
                     WHERE fid = ?1 AND geom IS NULL",
                    self.table
                ),
                (self.kept_fid, self.gone_fid),
            )
            .map(|_| ())
            .doing("merging places")
    }
}

/// Records that two sites or bodies are different things.
pub(super) fn keep_apart(
    connection: &Connection,
    a: Uuid,
    b: Uuid,
    actor: &str,
    because: &str,
) -> Result<()> {
    let exists = |id: Uuid| -> Result<()> {
        let found: bool = connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM site WHERE id = ?1) OR EXISTS (SELECT 1 FROM body WHERE id = ?1)")
            .and_then(|mut s| s.query_row([id.to_string()], |row| row.get(0)))
            .doing("looking for what to keep apart")?;
        if found {
            Ok(())
        } else {
            Err(StoreError::NotFound { kind: "site or body", id: id.to_string() })
        }
    };
    exists(a)?;
    exists(b)?;
    if a == b {
        return Err(StoreError::Refused("a record cannot be kept apart from itself".into()));
    }
    connection
        .execute(
            "INSERT OR REPLACE INTO kept_apart (a, b, time, actor, reason)
             VALUES (?1, ?2, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ?3, ?4)",
            (a.min(b).to_string(), a.max(b).to_string(), actor, because),
        )
        .map(|_| ())
        .doing("keeping two records apart")
}

/// Pairs that were compared and are different things.
pub(super) fn kept_apart(connection: &Connection) -> Result<Vec<(Uuid, Uuid)>> {
    let pairs: Vec<(String, String)> = connection
        .prepare_cached("SELECT a, b FROM kept_apart ORDER BY a, b")
        .and_then(|mut s| s.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
        .doing("reading pairs kept apart")?;
    Ok(pairs
        .iter()
        .filter_map(|(a, b)| Some((Uuid::try_parse(a).ok()?, Uuid::try_parse(b).ok()?)))
        .collect())
}

/// Where an id that was merged away points now, if the audience may see that record.
pub(super) fn redirect(
    connection: &Connection,
    gone: Uuid,
    audience: Visibility,
) -> Result<Option<Uuid>> {
    let a = level(audience);
    let kept: Option<String> = connection
        .prepare_cached(&format!(
            "SELECT kept FROM redirect r WHERE gone = ?1
             AND (EXISTS (SELECT 1 FROM site WHERE id = r.kept AND shown <= {a})
               OR EXISTS (SELECT 1 FROM body WHERE id = r.kept AND shown <= {a}))"
        ))
        .and_then(|mut s| s.query_row([gone.to_string()], |row| row.get(0)).optional())
        .doing("following a redirect")?;
    Ok(kept.and_then(|id| Uuid::try_parse(&id).ok()))
}
