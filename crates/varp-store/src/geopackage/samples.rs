//! Writing samples and assays in bulk: few statements, no allocation per assay.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};
use uuid::Uuid;
use varp_model::{
    Assay, BodyId, Dataset, Determination, Locator, Measured, Position, QaRole, Reported, Sample,
    SampleRow, Visibility,
};

use super::links::{Links, Parents};
use super::results::Slot;
use super::row::level;
use super::values::original_columns;
use super::{Doing, assay, change, materials, results, sample, visibility};
use crate::query::Imported;
use crate::{Result, StoreError};

/// Samples of a first import that are found without an index.
const IN_MEMORY: usize = 4_000_000;

/// The part of an import that writes samples and assays.
#[derive(Default)]
pub(super) struct Samples {
    import: i64,
    dataset: String,
    last: i64,
    /// Where an import fills an empty table: its samples so far. The index is built at the end.
    fresh: Option<HashMap<u128, i64>>,
    /// Numbers in the register of the determinations of this import, in its order.
    numbers: Vec<i64>,
    parents: Parents,
    /// Panel and position in it of each determination of this import.
    places: Vec<(usize, usize)>,
    panels: Vec<Panel>,
    json: String,
    /// Determinations that found something, a bit each, by body.
    found: BTreeMap<i64, Vec<u64>>,
    /// Bodies whose samples changed: what was found in them is worked out anew.
    recheck: BTreeSet<i64>,
}

impl Samples {
    pub(super) fn begin(connection: &Connection, import: i64, dataset: &Dataset) -> Result<Self> {
        let last = connection
            .query_row("SELECT coalesce(max(fid), 0) FROM sample", [], |row| row.get(0))
            .doing("preparing samples")?;
        let mut samples = Self { import, dataset: dataset.0.clone(), last, ..Self::default() };
        if last == 0 {
            samples.fresh = Some(HashMap::new());
            connection.execute_batch("DROP INDEX sample_id").doing("preparing samples")?;
        }
        Ok(samples)
    }

    /// Numbers further determinations, which make one panel: those that the register knows keep
    /// their number.
    pub(super) fn determinations(
        &mut self,
        connection: &Connection,
        new: &[Determination],
    ) -> Result<()> {
        if new.is_empty() {
            return Ok(());
        }
        let first = self.numbers.len();
        for determination in new {
            let values = assay::write(determination, &self.dataset);
            let same: Vec<String> = assay::COLUMNS.iter().map(|c| format!("{c} IS ?")).collect();
            let known: Vec<i64> = connection
                .prepare_cached(&format!(
                    "SELECT fid FROM determination WHERE {} ORDER BY fid",
                    same.join(" AND ")
                ))
                .and_then(|mut s| {
                    s.query_map(params_from_iter(&values), |row| row.get(0))?.collect()
                })
                .doing("looking for a determination")?;
            // A file may have two columns that say the same of themselves: they stay two.
            let number = match known.into_iter().find(|number| !self.numbers.contains(number)) {
                Some(number) => number,
                None => self.add_determination(connection, values)?,
            };
            self.places.push((self.panels.len(), self.numbers.len() - first));
            self.numbers.push(number);
        }
        let number = results::panel_of(connection, &self.numbers[first..])?;
        self.panels.push(Panel { number, slots: vec![None; new.len()], filled: false });
        Ok(())
    }

    fn add_determination(&self, connection: &Connection, values: Vec<Value>) -> Result<i64> {
        let next: i64 = connection
            .query_row("SELECT coalesce(max(fid), 0) + 1 FROM determination", [], |row| row.get(0))
            .doing("numbering a determination")?;
        if next >= results::MOST {
            return Err(StoreError::Refused(format!(
                "a register numbers at most {} determinations",
                results::MOST - 1
            )));
        }
        let marks = vec!["?"; assay::COLUMNS.len() + 2].join(", ");
        let sql = format!(
            "INSERT INTO determination ({}, fid, import) VALUES ({marks})",
            assay::COLUMNS.join(", ")
        );
        let values = values.into_iter().chain([next.into(), self.import.into()]);
        connection
            .prepare_cached(&sql)
            .and_then(|mut s| s.execute(params_from_iter(values)))
            .doing("adding a determination")?;
        Ok(next)
    }

    /// Adds a sample with its assays, or brings what stands there up to date.
    pub(super) fn add(
        &mut self,
        connection: &Connection,
        row: &SampleRow,
        redirects: &HashMap<Uuid, Uuid>,
        done: &mut Imported,
    ) -> Result<()> {
        let links = self.parents.of(connection, &row.sample, redirects)?;
        match self.find(connection, row.sample.id.0)? {
            None => {
                let fid = self.insert(connection, &row.sample, links)?;
                done.added += 1;
                done.assays += row.assays.len() as u64;
                self.add_assays(connection, fid, links.body, row)
            }
            Some(fid) => self.refresh(connection, fid, row, links, done),
        }
    }

    fn find(&self, connection: &Connection, id: Uuid) -> Result<Option<i64>> {
        if let Some(fresh) = &self.fresh {
            return Ok(fresh.get(&id.as_u128()).copied());
        }
        connection
            .prepare_cached(
                "SELECT fid FROM sample WHERE substr(id, 1, 6) = substr(?1, 1, 6) AND id = ?1",
            )
            .and_then(|mut s| s.query_row([id.as_bytes().as_slice()], |row| row.get(0)).optional())
            .doing("looking for a sample")
    }

    fn insert(&mut self, connection: &Connection, sample: &Sample, links: Links) -> Result<i64> {
        self.last += 1;
        let fid = self.last;
        connection
            .prepare_cached(
                "INSERT INTO sample (fid, id, key, name, body, hole, from_m, to_m, method, mass_kg, size_from_mm,
                   size_to_mm, size_share, date, role, provenance, source_row, visibility, licence,
                   position_visibility, geom, x, y, epsg, accuracy_m, import)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
                   ?21, ?22, ?23, ?24, ?25, ?26)",
            )
            .and_then(|mut statement| {
                bind(&mut statement, fid, sample, links)?;
                statement.raw_bind_parameter(26, self.import)?;
                statement.raw_execute()
            })
            .doing("adding a sample")?;
        if let Some(fresh) = &mut self.fresh {
            fresh.insert(sample.id.0.as_u128(), fid);
            if fresh.len() >= IN_MEMORY {
                self.build_index(connection)?;
            }
        }
        Ok(fid)
    }

    fn build_index(&mut self, connection: &Connection) -> Result<()> {
        if self.fresh.take().is_some() {
            connection
                .execute_batch("CREATE INDEX sample_id ON sample (substr(id, 1, 6))")
                .doing("indexing samples")?;
        }
        Ok(())
    }

    /// Writes the results of a new sample, a row for each panel that has some.
    fn add_assays(
        &mut self,
        connection: &Connection,
        fid: i64,
        body: Option<i64>,
        row: &SampleRow,
    ) -> Result<()> {
        for assay in &row.assays {
            let number = self.number(assay)?;
            let (panel, position) = self.places[assay.determination.0 as usize];
            let panel = &mut self.panels[panel];
            if panel.slots[position].replace(assay.value).is_some() {
                return Err(twice_measured(&row.sample));
            }
            panel.filled = true;
            if let Some(body) = body.filter(|_| results::shows(assay.value)) {
                self.note_found(body, number);
            }
        }
        for panel in self.panels.iter_mut().filter(|panel| panel.filled) {
            let count = results::encode(&panel.slots, &mut self.json);
            connection
                .prepare_cached("INSERT INTO results VALUES (?1, ?2, ?3)")
                .and_then(|mut s| s.execute((results::key(fid, panel.number), count, &self.json)))
                .doing("adding results")?;
            panel.slots.fill(None);
            panel.filled = false;
        }
        Ok(())
    }

    fn number(&self, assay: &Assay) -> Result<i64> {
        self.numbers.get(assay.determination.0 as usize).copied().ok_or_else(|| {
            StoreError::Refused(format!(
                "an assay names determination {}, which no batch brought",
                assay.determination.0
            ))
        })
    }

    fn note_found(&mut self, body: i64, number: i64) {
        let bits = self.found.entry(body).or_default();
        let (word, bit) = ((number / 64) as usize, number % 64);
        if bits.len() <= word {
            bits.resize(word + 1, 0);
        }
        bits[word] |= 1 << bit;
    }

    /// Brings a sample that is there already up to date.
    fn refresh(
        &mut self,
        connection: &Connection,
        fid: i64,
        row: &SampleRow,
        links: Links,
        done: &mut Imported,
    ) -> Result<()> {
        let mut changed = self.refresh_record(connection, fid, &row.sample, links)?;
        let standing: HashMap<i64, Measured<Reported>> =
            results::of_sample(connection, fid)?.into_iter().collect();
        let mut seen = BTreeSet::new();
        for assay in &row.assays {
            let number = self.number(assay)?;
            if !seen.insert(number) {
                return Err(twice_measured(&row.sample));
            }
            let old = standing.get(&number).copied();
            if old.is_some_and(|old| same_result(old, assay.value)) {
                continue;
            }
            changed = true;
            done.assays += u64::from(old.is_none());
            let panel = self.panels[self.places[assay.determination.0 as usize].0].number;
            results::put(connection, fid, number, Some(assay.value), Some(panel))?;
            change::log_assay(connection, fid, number, old, assay.value)?;
            self.recheck.extend(links.body);
        }
        if changed {
            done.changed += 1;
        } else {
            done.unchanged += 1;
        }
        Ok(())
    }

    /// Brings the record of a sample up to date; what a person edited is left to the person.
    fn refresh_record(
        &mut self,
        connection: &Connection,
        fid: i64,
        new: &Sample,
        links: Links,
    ) -> Result<bool> {
        let mut select = sample::selection(Visibility::Private);
        select.that("m.fid = ?", [fid.into()]);
        let Some(old) = select.all(connection, sample::read)?.pop() else { return Ok(false) };
        let same_links = links.matches(connection, fid)?;
        // the same in another file or row is no change
        let locator = Locator { page: new.locator.page.clone(), ..old.sample.locator.clone() };
        let as_read = Sample { body: old.sample.body, locator, ..new.clone() };
        let same = as_read == old.sample && same_links;
        if same || change::edited(connection, new.id.0)? {
            return Ok(false);
        }
        self.recheck.extend(links.body);
        if let Some(BodyId(id)) = old.sample.body {
            self.recheck.extend(self.parents.body(connection, id)?);
        }
        visibility::release(connection, "sample", fid)?;
        connection
            .prepare_cached(
                "UPDATE sample SET id = ?2, key = ?3, name = ?4, body = ?5, hole = ?6, from_m = ?7, to_m = ?8,
                   method = ?9, mass_kg = ?10, size_from_mm = ?11, size_to_mm = ?12, size_share = ?13, date = ?14,
                   role = ?15, provenance = ?16, source_row = ?17, visibility = ?18, licence = ?19,
                   position_visibility = ?20, geom = ?21, x = ?22, y = ?23, epsg = ?24, accuracy_m = ?25
                 WHERE fid = ?1",
            )
            .and_then(|mut statement| {
                bind(&mut statement, fid, new, links)?;
                statement.raw_execute()
            })
            .doing("changing a sample")?;
        Ok(true)
    }

    /// Builds the index and states what was found.
    pub(super) fn finish(&mut self, connection: &Connection) -> Result<()> {
        self.build_index(connection)?;
        for (body, bits) in &self.found {
            for (word, bits) in (0_i64..).zip(bits) {
                for bit in (0..64).filter(|bit| bits >> bit & 1 == 1) {
                    materials::found(connection, *body, word * 64 + bit, 0)?;
                }
            }
        }
        self.recheck.iter().try_for_each(|body| materials::refresh_found(connection, *body))
    }
}

/// Binds the columns of a sample from 1, its fid, to 25, its accuracy.
fn bind(
    statement: &mut rusqlite::Statement<'_>,
    fid: i64,
    sample: &Sample,
    links: Links,
) -> rusqlite::Result<()> {
    let mut at = 0;
    let mut put = |value: &dyn rusqlite::ToSql| {
        at += 1;
        statement.raw_bind_parameter(at, value)
    };
    let size = sample.size_fraction.as_ref();
    put(&fid)?;
    put(&sample.id.0.as_bytes().as_slice())?;
    put(&(sample.origin.key != sample.name).then_some(&sample.origin.key))?;
    put(&sample.name)?;
    put(&links.body)?;
    put(&links.hole)?;
    put(&sample.from_m)?;
    put(&sample.to_m)?;
    put(&sample.method)?;
    put(&sample.mass_kg)?;
    put(&size.map(|s| s.from_mm))?;
    put(&size.and_then(|s| s.to_mm))?;
    put(&size.and_then(|s| s.mass_share))?;
    put(&sample.date.map(|date| date.to_string()))?;
    put(&(sample.role != QaRole::Original).then(|| sample.role.word()))?;
    put(&links.provenance)?;
    put(&sample.locator.row)?;
    put(&level(sample.visibility))?;
    put(&sample.licence.as_ref().map(|l| &l.0))?;
    let position = sample.position.as_ref();
    put(&position.map_or(0, |p: &Position| level(p.visibility)))?;
    put(&position.map(|p| crate::blob::from_place(p.place)))?;
    let original = position.and_then(original_columns);
    put(&original.map(|o| o.0))?;
    put(&original.map(|o| o.1))?;
    put(&original.map(|o| o.2))?;
    put(&position.and_then(|p| p.accuracy_m))
}

/// Whether two results say the same; 0.5 and 0.50 do.
fn same_result(a: Measured<Reported>, b: Measured<Reported>) -> bool {
    std::mem::discriminant(&a) == std::mem::discriminant(&b)
        && a.number().value() == b.number().value()
}

fn twice_measured(sample: &Sample) -> StoreError {
    StoreError::Refused(format!("sample {} has two results of one determination", sample.name))
}

/// A panel of this import and the results of the sample that is being written.
struct Panel {
    number: i64,
    slots: Vec<Slot>,
    filled: bool,
}
