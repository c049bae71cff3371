//! What samples refer to: bodies, holes, and the places in sources that many share.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};
use uuid::Uuid;
use varp_model::{BodyId, Dataset, HoleId, Locator, Sample, SourceId};

use super::Doing;
use crate::{Result, StoreError};

/// Keys of what a sample refers to.
#[derive(Clone, Copy)]
pub(super) struct Links {
    pub(super) body: Option<i64>,
    pub(super) hole: Option<i64>,
    pub(super) provenance: i64,
}

impl Links {
    /// Whether the sample in the register has the same body and hole.
    pub(super) fn matches(self, connection: &Connection, sample: i64) -> Result<bool> {
        connection
            .prepare_cached("SELECT body IS ?2 AND hole IS ?3 FROM sample WHERE fid = ?1")
            .and_then(|mut s| s.query_row((sample, self.body, self.hole), |row| row.get(0)))
            .doing("comparing a sample")
    }
}

/// Keys found so far in an import.
#[derive(Default)]
pub(super) struct Parents {
    bodies: HashMap<Uuid, i64>,
    holes: HashMap<Uuid, i64>,
    provenance: HashMap<(String, SourceId, Locator), i64>,
    recent: Option<(Dataset, SourceId, Locator, i64)>,
}

impl Parents {
    /// Key of a body.
    pub(super) fn body(&mut self, connection: &Connection, id: Uuid) -> Result<Option<i64>> {
        key_of(connection, "body", &mut self.bodies, id)
    }

    /// Keys of body, hole and provenance of a sample.
    pub(super) fn of(
        &mut self,
        connection: &Connection,
        sample: &Sample,
        redirects: &HashMap<Uuid, Uuid>,
    ) -> Result<Links> {
        let body = sample.body.map(|id| BodyId(redirects.get(&id.0).copied().unwrap_or(id.0)));
        let missing = |missing_kind: &str, missing: Uuid| StoreError::Dangling {
            kind: "sample".into(),
            id: sample.origin.key.clone(),
            missing_kind: missing_kind.into(),
            missing: missing.to_string(),
        };
        let body = match body {
            Some(BodyId(id)) => {
                Some(self.body(connection, id)?.ok_or_else(|| missing("body", id))?)
            }
            None => None,
        };
        let hole = match sample.hole {
            Some(HoleId(id)) => Some(
                key_of(connection, "hole", &mut self.holes, id)?
                    .ok_or_else(|| missing("hole", id))?,
            ),
            None => None,
        };
        Ok(Links { body, hole, provenance: self.provenance(connection, sample)? })
    }

    fn provenance(&mut self, connection: &Connection, sample: &Sample) -> Result<i64> {
        if let Some((dataset, source, locator, number)) = &self.recent
            && *dataset == sample.origin.dataset
            && *source == sample.source
            && same_place(locator, &sample.locator)
        {
            return Ok(*number);
        }
        let locator = Locator { row: None, ..sample.locator.clone() };
        let key = (sample.origin.dataset.0.clone(), sample.source, locator.clone());
        let number = match self.provenance.get(&key) {
            Some(number) => *number,
            None => {
                let number = find_or_add_provenance(connection, sample, &locator)?;
                self.provenance.insert(key, number);
                number
            }
        };
        self.recent = Some((sample.origin.dataset.clone(), sample.source, locator, number));
        Ok(number)
    }
}

fn same_place(a: &Locator, b: &Locator) -> bool {
    a.page == b.page && a.file == b.file && a.sheet == b.sheet && a.column == b.column
}

fn key_of(
    connection: &Connection,
    table: &str,
    known: &mut HashMap<Uuid, i64>,
    id: Uuid,
) -> Result<Option<i64>> {
    if let Some(fid) = known.get(&id) {
        return Ok(Some(*fid));
    }
    let fid: Option<i64> = connection
        .prepare_cached(&format!("SELECT fid FROM {table} WHERE id = ?1"))
        .and_then(|mut s| s.query_row([id.to_string()], |row| row.get(0)).optional())
        .doing("looking for what a sample refers to")?;
    if let Some(fid) = fid {
        known.insert(id, fid);
    }
    Ok(fid)
}

fn find_or_add_provenance(
    connection: &Connection,
    sample: &Sample,
    locator: &Locator,
) -> Result<i64> {
    let source = sample.source.to_string();
    let known: bool = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM source WHERE id = ?1)")
        .and_then(|mut s| s.query_row([&source], |row| row.get(0)))
        .doing("looking for a source")?;
    if !known {
        return Err(StoreError::Dangling {
            kind: "sample".into(),
            id: sample.origin.key.clone(),
            missing_kind: "source".into(),
            missing: source,
        });
    }
    let values = (
        &sample.origin.dataset.0,
        &source,
        &locator.page,
        &locator.file,
        &locator.sheet,
        &locator.column,
    );
    let found: Option<i64> = connection
        .prepare_cached(
            "SELECT fid FROM provenance WHERE dataset = ?1 AND source = ?2 AND source_page IS ?3
             AND source_file IS ?4 AND source_sheet IS ?5 AND source_column IS ?6",
        )
        .and_then(|mut s| s.query_row(values, |row| row.get(0)).optional())
        .doing("looking for a provenance")?;
    if let Some(found) = found {
        return Ok(found);
    }
    connection
        .prepare_cached(
            "INSERT INTO provenance (dataset, source, source_page, source_file, source_sheet, source_column)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )
        .and_then(|mut s| s.insert(values))
        .doing("adding a provenance")
}
