//! Assays and determinations.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::sync::Mutex;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row};
use varp_model::{
    Assay, BodyId, Determination, DeterminationId, Digestion, Measured, SampleId, Visibility,
};

use super::claim::unit_of;
use super::page::{Select, Totals, counted, only_page};
use super::row::{Cells, level};
use super::values::Values;
use super::{Doing, results, sample};
use crate::query::{AssayItem, Cursor, DeterminationSummary, Filter, Page, Query};
use crate::{Result, StoreError};

/// Columns of a determination, in the order of [`write`].
pub(super) const COLUMNS: &[&str] = &[
    "dataset",
    "substance",
    "substance_kind",
    "unit",
    "basis",
    "digestion",
    "method",
    "laboratory",
    "detection_limit",
    "upper_limit",
    "size_from_mm",
    "size_to_mm",
    "size_share",
    "header",
];

pub(super) fn write(determination: &Determination, dataset: &str) -> Vec<Value> {
    let mut values = Values::default();
    values
        .text(dataset)
        .substance(Some(&determination.substance))
        .text(determination.unit.symbol())
        .text(determination.basis.word())
        .opt_text(determination.digestion.as_ref().map(|d| d.0.as_str()))
        .opt_text(determination.method.as_deref())
        .opt_text(determination.laboratory.as_deref())
        .put(determination.detection_limit)
        .put(determination.upper_limit)
        .size_fraction(determination.size_fraction)
        .text(&determination.column);
    values.0
}

fn read_determination(row: &Row<'_>) -> Result<Determination> {
    let mut cells = Cells::new(row, 0, "determination");
    let substance = cells.substance()?;
    let unit = cells.str()?;
    let bad = |column: &str, found: &str| StoreError::BadValue {
        table: "determination",
        row: String::new(),
        column: column.into(),
        reason: format!("\"{found}\" cannot be read"),
    };
    Ok(Determination {
        substance: substance.ok_or_else(|| bad("substance", ""))?,
        unit: unit_of(unit).ok_or_else(|| bad("unit", unit))?,
        basis: cells.word()?,
        digestion: cells.opt_text()?.map(Digestion),
        method: cells.opt_text()?,
        laboratory: cells.opt_text()?,
        detection_limit: cells.opt_real()?,
        upper_limit: cells.opt_real()?,
        size_fraction: cells.size_fraction()?,
        column: cells.text()?,
    })
}

/// Determinations that the audience may see, read as they are asked for.
struct Determinations<'c> {
    connection: &'c Connection,
    audience: Visibility,
    known: HashMap<i64, Option<Determination>>,
}

impl<'c> Determinations<'c> {
    fn new(connection: &'c Connection, audience: Visibility) -> Self {
        Self { connection, audience, known: HashMap::new() }
    }

    fn get(&mut self, number: i64) -> Result<Option<&Determination>> {
        if !self.known.contains_key(&number) {
            let read = self.read(number)?;
            self.known.insert(number, read);
        }
        Ok(self.known.get(&number).and_then(Option::as_ref))
    }

    fn read(&self, number: i64) -> Result<Option<Determination>> {
        self.connection
            .prepare_cached(&format!(
                "SELECT {} FROM determination WHERE fid = ?1 AND visibility <= {}",
                COLUMNS[1..].join(", "),
                level(self.audience)
            ))
            .doing("reading a determination")?
            .query_row([number], |row| Ok(read_determination(row)))
            .optional()
            .doing("reading a determination")?
            .transpose()
    }
}

fn number(fid: i64) -> DeterminationId {
    DeterminationId(u32::try_from(fid).unwrap_or(u32::MAX))
}

/// The derived public id: that of the sample and the number of the determination.
fn public_id(sample: SampleId, determination: DeterminationId) -> String {
    format!("{sample}-{}", determination.0)
}

fn selection(audience: Visibility) -> Select {
    let from =
        "sample m CROSS JOIN results a ON a.fid BETWEEN m.fid << 14 AND (m.fid << 14) + 16383";
    let mut select =
        Select::new("m.fid", "a.fid, a.numbers, m.id, m.name".into(), from.into(), from);
    select.order = "m.fid, a.fid";
    select.start = "m.fid >= ? >> 14";
    select.shown("m", audience);
    select
}

/// A page of assays, in the order of samples and determinations.
pub(super) fn list(
    connection: &Connection,
    query: &Query,
    totals: &Mutex<Totals>,
) -> Result<Page<AssayItem>> {
    let mut select = selection(query.audience);
    select.during(query.period, "m.date", "m.date");
    let mut substances = Vec::new();
    for filter in &query.filters {
        sample::condition(&mut select, filter, query.audience);
        if let Filter::Substance(substance) = filter {
            substances.push(substance.as_str());
        }
    }
    if let Some(bbox) = query.bbox {
        select.walk_box(&place(query.audience), bbox);
    }
    let mut page = page(connection, &select, query, &substances)?;
    page.matched = match only_page(query, &page) {
        _ if !query.count => None,
        Some(count) => Some(count),
        None => total(connection, query, totals)?,
    };
    Ok(page)
}

/// Place of a sample `m`, or of the hole it is from.
fn place(audience: Visibility) -> String {
    let hole = "(SELECT h.geom FROM hole h WHERE h.fid = m.hole)";
    if audience == Visibility::Public {
        return format!("coalesce(m.geom, {hole})");
    }
    let withheld = |layer: &str, row: &str| {
        format!(
            "(SELECT w.place FROM withheld_place w
              WHERE w.layer = '{layer}' AND w.row = {row} AND w.visibility <= {})",
            level(audience)
        )
    };
    let (sample, of_hole) = (withheld("sample", "m.fid"), withheld("hole", "m.hole"));
    format!("coalesce(m.geom, {sample}, {hole}, {of_hole})")
}

fn page(
    connection: &Connection,
    select: &Select,
    query: &Query,
    substances: &[&str],
) -> Result<Page<AssayItem>> {
    let after = query.after.as_ref().map_or(i64::MIN, |cursor| cursor.0);
    let limit = query.limit.0.get();
    let panels = results::panels(connection)?;
    let mut determinations = Determinations::new(connection, query.audience);
    // Rows of one sample come together; their assays are put in order before they are taken.
    let mut found: Vec<(i64, AssayItem)> = Vec::new();
    let mut last_sample = i64::MIN;
    select.stream(connection, after, |row| {
        let sample: i64 = row.get(0).doing("reading an assay")?;
        if sample != last_sample && found.len() > limit {
            return Ok(ControlFlow::Break(()));
        }
        last_sample = sample;
        for (determination, value) in results::read(row, 1, &panels)? {
            let key = results::key(sample, determination);
            if key <= after {
                continue;
            }
            let Some(known) = determinations.get(determination)? else { continue };
            if substances.iter().any(|s| *s != known.substance.code()) {
                continue;
            }
            found.push((key, item_of(row, determination, value, known)?));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    found.sort_by_key(|(key, _)| *key);
    let next = (found.len() > limit).then(|| Cursor(found[limit - 1].0));
    found.truncate(limit);
    Ok(Page { items: found.into_iter().map(|(_, item)| item).collect(), next, matched: None })
}

fn item_of(
    row: &Row<'_>,
    determination: i64,
    value: Measured<varp_model::Reported>,
    known: &Determination,
) -> Result<AssayItem> {
    let mut cells = Cells::new(row, 3, "sample");
    let (sample, sample_name) = (SampleId(cells.uuid()?), cells.text()?);
    let assay = Assay { determination: number(determination), value };
    let id = public_id(sample, assay.determination);
    Ok(AssayItem { id, sample, sample_name, assay, determination: known.clone() })
}

/// How many assays there are in all, or of one body; unknown for other questions and where
/// determinations are closed.
fn total(connection: &Connection, query: &Query, totals: &Mutex<Totals>) -> Result<Option<u64>> {
    let a = level(query.audience);
    if query.bbox.is_some() || query.period.is_some() {
        return Ok(None);
    }
    let of = match query.filters.as_slice() {
        [] => "TRUE".to_owned(),
        [Filter::Body(id)] => format!("m.body = (SELECT fid FROM body WHERE id = '{id}')"),
        _ => return Ok(None),
    };
    let closed: bool = connection
        .prepare_cached(&format!(
            "SELECT EXISTS (SELECT 1 FROM determination WHERE visibility > {a})"
        ))
        .and_then(|mut s| s.query_row([], |row| row.get(0)))
        .doing("counting assays")?;
    if closed {
        return Ok(None);
    }
    counted(connection, totals, format!("assays {a} {of}"), || {
        results::count(connection, &format!("m.shown <= {a} AND {of}"))
    })
    .map(Some)
}

/// One assay by its derived public id.
pub(super) fn item(
    connection: &Connection,
    id: &str,
    audience: Visibility,
) -> Result<Option<AssayItem>> {
    let Some((sample, determination)) = id.rsplit_once('-') else { return Ok(None) };
    let (Ok(sample), Ok(determination)) =
        (sample.parse::<SampleId>(), determination.parse::<u32>())
    else {
        return Ok(None);
    };
    let mut select = selection(audience);
    sample::condition(&mut select, &Filter::Sample(sample), audience);
    let panels = results::panels(connection)?;
    let mut determinations = Determinations::new(connection, audience);
    let wanted = i64::from(determination);
    let mut found = None;
    select.stream(connection, i64::MIN, |row| {
        for (determination, value) in results::read(row, 1, &panels)? {
            if determination == wanted
                && let Some(known) = determinations.get(wanted)?
            {
                found = Some(item_of(row, wanted, value, known)?);
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(found)
}

/// Results of a sample with what was determined.
pub(super) fn of_sample(
    connection: &Connection,
    sample: i64,
    audience: Visibility,
) -> Result<Vec<(Assay, Determination)>> {
    let mut determinations = Determinations::new(connection, audience);
    let mut assays = Vec::new();
    for (determination, value) in results::of_sample(connection, sample)? {
        if let Some(known) = determinations.get(determination)? {
            assays.push((Assay { determination: number(determination), value }, known.clone()));
        }
    }
    Ok(assays)
}

/// What is known of each determination in a body; quality-control samples are left out.
pub(super) fn summaries(
    connection: &Connection,
    body: BodyId,
    audience: Visibility,
) -> Result<Vec<DeterminationSummary>> {
    let mut select = selection(audience);
    sample::condition(&mut select, &Filter::Body(body), audience);
    select.that("m.role IS NULL", []);
    let panels = results::panels(connection)?;
    let mut numbers: BTreeMap<i64, (u64, Vec<f64>)> = BTreeMap::new();
    select.stream(connection, i64::MIN, |row| {
        for (determination, value) in results::read(row, 1, &panels)? {
            let (censored, values) = numbers.entry(determination).or_default();
            *censored += u64::from(!matches!(value, Measured::Exact(_)));
            values.push(value.number().value());
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let mut determinations = Determinations::new(connection, audience);
    let mut summaries = Vec::new();
    for (fid, (censored, mut values)) in numbers {
        let Some(known) = determinations.get(fid)? else { continue };
        values.sort_unstable_by(f64::total_cmp);
        summaries.push(DeterminationSummary {
            id: number(fid),
            determination: known.clone(),
            results: values.len() as u64,
            censored,
            least: values[0],
            median: f64::midpoint(values[(values.len() - 1) / 2], values[values.len() / 2]),
            greatest: values[values.len() - 1],
        });
    }
    Ok(summaries)
}
