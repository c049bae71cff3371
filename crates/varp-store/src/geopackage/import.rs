//! Imports: one transaction that adds batches and becomes true as a whole.

use std::collections::HashMap;
use std::sync::MutexGuard;

use rusqlite::{Connection, OptionalExtension};
use uuid::Uuid;
use varp_model::{Batch, Change, Dataset, Import, ImportId};

use super::context::{enter, leave};
use super::open::execute;
use super::record::{Put, Record, put};
use super::samples::Samples;
use super::{Doing, GeoPackage, care, materials, review, rtree, schema, search, visibility};
use crate::query::Imported;
use crate::{ImportWriter, Result, StoreError};

/// An import under way: holds the write lock until it commits or is dropped.
pub(super) struct Writer<'a> {
    connection: MutexGuard<'a, Connection>,
    number: i64,
    /// Last row of each layer before the import.
    starts: Vec<(&'static str, i64)>,
    redirects: HashMap<Uuid, Uuid>,
    samples: Samples,
    done: Imported,
    /// Rows whose words changed.
    named: Vec<(i64, i64)>,
    /// Bodies whose materials may have changed.
    touched: std::collections::BTreeSet<i64>,
    /// Set while a batch is being added: one that failed must not become true.
    broken: bool,
    /// Whether the transaction is still open.
    open: bool,
}

impl<'a> Writer<'a> {
    /// Takes the write lock and starts the import.
    pub(super) fn begin(store: &'a GeoPackage, import: &Import) -> Result<Self> {
        let connection = store.writer()?;
        store.begin(&connection)?;
        let mut writer = Self {
            connection,
            number: 0,
            starts: Vec::new(),
            redirects: HashMap::new(),
            samples: Samples::default(),
            done: Imported::default(),
            named: Vec::new(),
            touched: std::collections::BTreeSet::new(),
            broken: false,
            open: true,
        };
        writer.prepare(import)?;
        Ok(writer)
    }

    fn prepare(&mut self, import: &Import) -> Result<()> {
        care::take_in(&self.connection)?;
        self.number = add_import(&self.connection, import)?;
        enter(&self.connection, &import.actor, Some("import"), Some(self.number))?;
        schema::drop_insert_triggers(&self.connection).doing("preparing an import")?;
        for (layer, _) in schema::LAYERS {
            let last = self
                .connection
                .query_row(&format!("SELECT coalesce(max(fid), 0) FROM {layer}"), [], |row| {
                    row.get(0)
                })
                .doing("preparing an import")?;
            self.starts.push((layer, last));
        }
        self.redirects = redirects(&self.connection)?;
        self.samples = Samples::begin(&self.connection, self.number, &import.dataset)?;
        Ok(())
    }

    fn add_batch(&mut self, batch: &Batch) -> Result<()> {
        batch.sources.iter().try_for_each(|record| self.put(record, Some(search::SOURCE)))?;
        batch.sites.iter().try_for_each(|record| self.put(record, Some(search::SITE)))?;
        for body in &batch.bodies {
            self.put(body, Some(search::BODY))?;
        }
        batch.zones.iter().try_for_each(|record| self.put(record, None))?;
        batch.holes.iter().try_for_each(|record| self.put(record, None))?;
        self.samples.determinations(&self.connection, &batch.determinations)?;
        for row in &batch.samples {
            self.samples.add(&self.connection, row, &self.redirects, &mut self.done)?;
        }
        for claim in &batch.claims {
            self.put(claim, None)?;
        }
        Ok(())
    }

    fn put<R: Record>(&mut self, record: &R, words: Option<i64>) -> Result<()> {
        let redirect = |id: Uuid| self.redirects.get(&id).copied();
        let (fid, known) = match put(&self.connection, record, self.number, redirect)? {
            Put::Unchanged => {
                self.done.unchanged += 1;
                return Ok(());
            }
            Put::Added(fid) => {
                self.done.added += 1;
                (fid, false)
            }
            Put::Changed(fid) => {
                self.done.changed += 1;
                (fid, true)
            }
        };
        self.named.extend(words.map(|kind| (kind, fid)));
        match R::TABLE {
            "body" => {
                self.touched.insert(fid);
                put_footprint(&self.connection, record, known)?;
            }
            "claim" => {
                let bodies: Vec<i64> = self
                    .connection
                    .prepare_cached(
                        "SELECT b.fid FROM claim c JOIN body b ON b.id = c.subject
                         WHERE c.fid = ?1 AND c.substance IS NOT NULL",
                    )
                    .and_then(|mut s| s.query_map([fid], |row| row.get(0))?.collect())
                    .doing("looking for the subject of a claim")?;
                self.touched.extend(bodies);
            }
            _ => {}
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        if self.broken {
            return Err(StoreError::Refused(
                "a batch of this import failed; nothing was written".into(),
            ));
        }
        let connection = &*self.connection;
        self.samples.finish(connection)?;
        check_references(connection, self.number, self.done.changed > 0)?;
        for (kind, fid) in &self.named {
            search::refresh(connection, *kind, *fid)?;
        }
        for body in &self.touched {
            materials::refresh(connection, *body)?;
        }
        for (layer, last) in &self.starts {
            rtree::add_after(connection, layer, *last)?;
        }
        schema::restore_triggers(connection).doing("restoring triggers")?;
        visibility::settle(connection)?;
        connection
            .execute(
                "UPDATE import SET added = ?2, changed = ?3, unchanged = ?4, assays = ?5 WHERE fid = ?1",
                (self.number, self.done.added, self.done.changed, self.done.unchanged, self.done.assays),
            )
            .doing("counting what an import did")?;
        leave(connection)
    }
}

impl ImportWriter for Writer<'_> {
    fn add(&mut self, batch: &Batch) -> Result<()> {
        self.broken = true;
        self.add_batch(batch)?;
        self.broken = false;
        Ok(())
    }

    fn progress(&self) -> Imported {
        self.done
    }

    fn review(mut self: Box<Self>) -> Result<(Imported, Vec<Change>)> {
        self.finish()?;
        let changes = review::of_import(&self.connection, self.number)?;
        Ok((self.done, changes)) // dropping the writer takes all of it back
    }

    fn commit(mut self: Box<Self>) -> Result<Imported> {
        self.finish()?;
        execute(&self.connection, "COMMIT").doing("ending an import")?;
        self.open = false;
        Ok(self.done)
    }
}

impl Drop for Writer<'_> {
    fn drop(&mut self) {
        if self.open {
            // Fails only where the database has rolled back by itself.
            let _ = execute(&self.connection, "ROLLBACK");
        }
    }
}

fn add_import(connection: &Connection, import: &Import) -> Result<i64> {
    let files: Vec<[&str; 2]> =
        import.files.iter().map(|(name, hash)| [name.as_str(), hash.as_str()]).collect();
    connection
        .execute(
            "INSERT INTO import (id, dataset, files, mapping, actor, time, program) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            (
                import.id.to_string(),
                &import.dataset.0,
                serde_json::json!(files).to_string(),
                &import.mapping,
                &import.actor,
                &import.time,
                &import.program,
            ),
        )
        .doing("recording an import")?;
    Ok(connection.last_insert_rowid())
}

fn redirects(connection: &Connection) -> Result<HashMap<Uuid, Uuid>> {
    let pairs: Vec<(String, String)> = connection
        .prepare("SELECT gone, kept FROM redirect")
        .and_then(|mut s| s.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
        .doing("reading redirects")?;
    Ok(pairs
        .iter()
        .filter_map(|(a, b)| Some((Uuid::try_parse(a).ok()?, Uuid::try_parse(b).ok()?)))
        .collect())
}

/// Writes, changes or removes the outline of a body; `known` bodies have it in the log.
fn put_footprint<R: Record>(connection: &Connection, record: &R, known: bool) -> Result<()> {
    let id = record.id().to_string();
    let found: Option<i64> = connection
        .prepare_cached("SELECT fid FROM footprint WHERE body = ?1")
        .and_then(|mut s| s.query_row([&id], |row| row.get(0)).optional())
        .doing("looking for a footprint")?;
    if let Some(fid) = found {
        visibility::release(connection, "footprint", fid)?;
    }
    let area = record.outline().and_then(crate::blob::from_area);
    let run = |sql: &str, values: &[&dyn rusqlite::ToSql]| {
        connection
            .prepare_cached(sql)
            .and_then(|mut s| s.execute(values))
            .map(|_| ())
            .doing("writing a footprint")
    };
    match (found, &area) {
        (None, None) => Ok(()),
        (Some(_), None) => run("DELETE FROM footprint WHERE body = ?1", &[&id]),
        (Some(_), Some(area)) => {
            run("UPDATE footprint SET geom = ?2 WHERE body = ?1 AND geom IS NOT ?2", &[&id, area])
        }
        (None, Some(area)) => {
            run("INSERT INTO footprint (body, geom) VALUES (?1, ?2)", &[&id, area])?;
            if !known {
                return Ok(());
            }
            run(
                "INSERT INTO change (actor, reason, import, table_name, row, operation)
                 SELECT actor, reason, import, 'footprint', ?1, 'insert' FROM context",
                &[&id],
            )
        }
    }
}

/// Refuses an import whose records refer to what is not there.
fn check_references(connection: &Connection, import: i64, all: bool) -> Result<()> {
    for (table, column, parent) in care::REFERENCES {
        let key = if *table == "zone" { "name" } else { "key" };
        let missing: Option<(Option<String>, String, String)> = connection
            .prepare_cached(&format!(
                "SELECT t.{key}, t.id, t.{column} FROM {table} t
                 WHERE (t.import = ?1 OR ?2) AND t.{column} IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM {parent} p WHERE p.id = t.{column}) LIMIT 1"
            ))
            .and_then(|mut s| {
                s.query_row((import, all), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                    .optional()
            })
            .doing("checking references")?;
        if let Some((key, id, missing)) = missing {
            let (kind, missing_kind) = ((*table).to_owned(), (*parent).to_owned());
            return Err(StoreError::Dangling {
                kind,
                id: key.unwrap_or(id),
                missing_kind,
                missing,
            });
        }
    }
    let missing: Option<(Option<String>, String, String, String)> = connection
        .prepare_cached(
            "SELECT c.key, c.id, c.subject_kind, c.subject FROM claim c
             WHERE (c.import = ?1 OR ?2) AND NOT CASE c.subject_kind
               WHEN 'site' THEN EXISTS (SELECT 1 FROM site WHERE id = c.subject)
               WHEN 'body' THEN EXISTS (SELECT 1 FROM body WHERE id = c.subject)
               WHEN 'zone' THEN EXISTS (SELECT 1 FROM zone WHERE id = c.subject)
               WHEN 'hole' THEN EXISTS (SELECT 1 FROM hole WHERE id = c.subject)
               ELSE EXISTS (SELECT 1 FROM sample WHERE substr(id, 1, 6) = substr(unhex(c.subject, '-'), 1, 6) AND id = unhex(c.subject, '-')) END LIMIT 1",
        )
        .and_then(|mut s| {
            s.query_row((import, all), |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .optional()
        })
        .doing("checking references")?;
    match missing {
        None => Ok(()),
        Some((key, id, missing_kind, missing)) => Err(StoreError::Dangling {
            kind: "claim".into(),
            id: key.unwrap_or(id),
            missing_kind,
            missing,
        }),
    }
}

/// The imports so far, newest first.
pub(super) fn read_all(connection: &Connection) -> Result<Vec<(Import, Imported)>> {
    let mut statement = connection
        .prepare_cached(
            "SELECT id, dataset, files, mapping, actor, time, program, added, changed, unchanged, assays
             FROM import ORDER BY fid DESC",
        )
        .doing("reading imports")?;
    let mut rows = statement.query([]).doing("reading imports")?;
    let mut imports = Vec::new();
    while let Some(row) = rows.next().doing("reading imports")? {
        let mut cells = super::row::Cells::new(row, 0, "import");
        let import = Import {
            id: ImportId(cells.uuid()?),
            dataset: Dataset(cells.text()?),
            files: cells.pairs()?,
            mapping: cells.text()?,
            actor: cells.text()?,
            time: cells.text()?,
            program: cells.text()?,
        };
        let mut count = || -> Result<u64> { Ok(u64::try_from(cells.integer()?).unwrap_or(0)) };
        let done =
            Imported { added: count()?, changed: count()?, unchanged: count()?, assays: count()? };
        imports.push((import, done));
    }
    Ok(imports)
}
