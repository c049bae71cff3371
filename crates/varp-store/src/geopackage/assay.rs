//! Assays and determinations.

use std::collections::BTreeMap;
use std::sync::Mutex;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row};
use varp_model::{
    Assay, BodyId, Determination, DeterminationId, Digestion, Measured, Reported, SampleId,
    Visibility,
};

use super::claim::unit_of;
use super::page::{Select, Totals, counted, only_page};
use super::row::{Cells, Values, level};
use super::{Doing, sample};
use crate::query::{AssayItem, DeterminationSummary, Filter, Page, Query};
use crate::{Result, StoreError};

/// Determinations that one register can number: 14 bits of the key of an assay.
pub(super) const MOST: i64 = 1 << 14;

/// Key of an assay.
pub(super) const fn key(sample: i64, determination: i64) -> i64 {
    (sample << 14) | determination
}

/// The result as it stands in `assay_data`: an integer, or text where the mantissa is too great.
pub(super) fn pack(value: Measured<Reported>) -> Value {
    let number = value.number();
    let sign = match value {
        Measured::Exact(_) => 0,
        Measured::Below(_) => 1,
        Measured::Above(_) => 2,
    };
    match number.mantissa().checked_mul(64) {
        Some(shifted) => Value::Integer(shifted + sign * 20 + i64::from(number.decimals())),
        None => {
            let sign = if sign == 0 { "=" } else { value.sign() };
            Value::Text(format!("{sign}{number}"))
        }
    }
}

/// What [`pack`] wrote.
pub(super) fn unpack(value: ValueRef<'_>) -> Option<Measured<Reported>> {
    match value {
        ValueRef::Integer(packed) => {
            let form = packed & 63;
            let number = Reported::new(packed >> 6, u8::try_from(form % 20).ok()?)?;
            Some(match form / 20 {
                0 => Measured::Exact(number),
                1 => Measured::Below(number),
                2 => Measured::Above(number),
                _ => return None,
            })
        }
        ValueRef::Text(text) => {
            let (sign, digits) = std::str::from_utf8(text).ok()?.split_at_checked(1)?;
            let number = Reported::parse(digits)?;
            Some(match sign {
                "=" => Measured::Exact(number),
                "<" => Measured::Below(number),
                ">" => Measured::Above(number),
                _ => return None,
            })
        }
        _ => None,
    }
}

/// Whether the result shows that the substance is there.
pub(super) fn shows(value: Measured<Reported>) -> bool {
    !matches!(value, Measured::Below(_)) && value.number().mantissa() > 0
}

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

fn columns() -> String {
    COLUMNS[1..].iter().map(|c| format!("d.{c}")).collect::<Vec<_>>().join(", ")
}

fn read_determination(row: &Row<'_>, from: usize) -> Result<Determination> {
    let mut cells = Cells::new(row, from, "determination");
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

/// Reads key and value of an assay at `at`.
fn read_assay(row: &Row<'_>, at: usize) -> Result<Assay> {
    let key: i64 = row.get(at).doing("reading an assay")?;
    let value = row.get_ref(at + 1).doing("reading an assay")?;
    let value = unpack(value).ok_or_else(|| StoreError::BadValue {
        table: "assay_data",
        row: key.to_string(),
        column: "value".into(),
        reason: "it is not mantissa * 64 + sign * 20 + decimals".into(),
    })?;
    Ok(Assay { determination: number(key & (MOST - 1)), value })
}

fn number(fid: i64) -> DeterminationId {
    DeterminationId(u32::try_from(fid).unwrap_or(u32::MAX))
}

fn read(row: &Row<'_>) -> Result<AssayItem> {
    let mut cells = Cells::new(row, 2, "sample");
    let (sample, sample_name) = (SampleId(cells.uuid()?), cells.text()?);
    let key: i64 = row.get(0).doing("reading an assay")?;
    let value = row.get_ref(1).doing("reading an assay")?;
    let assay = Assay {
        determination: number(key & (MOST - 1)),
        value: unpack(value).ok_or_else(|| StoreError::BadValue {
            table: "assay_data",
            row: key.to_string(),
            column: "value".into(),
            reason: "it is not mantissa * 64 + sign * 20 + decimals".into(),
        })?,
    };
    Ok(AssayItem {
        id: public_id(sample, assay.determination),
        sample,
        sample_name,
        assay,
        determination: read_determination(row, 4)?,
    })
}

/// The derived public id: that of the sample and the number of the determination.
fn public_id(sample: SampleId, determination: DeterminationId) -> String {
    format!("{sample}-{}", determination.0)
}

const JOINED: &str = "sample m
    CROSS JOIN assay_data a ON a.fid BETWEEN m.fid << 14 AND (m.fid << 14) + 16383
    CROSS JOIN determination d ON d.fid = a.fid & 16383";

fn selection(audience: Visibility) -> Select {
    let columns = format!("a.value, m.id, m.name, {}", columns());
    let mut select = Select::new("a.fid", columns, JOINED.into(), JOINED);
    select.order = "m.fid, a.fid";
    select.start = "m.fid >= ? >> 14";
    select.shown("m", audience);
    select.that(format!("d.visibility <= {}", level(audience)), []);
    select
}

/// A page of assays.
pub(super) fn list(
    connection: &Connection,
    query: &Query,
    totals: &Mutex<Totals>,
) -> Result<Page<AssayItem>> {
    let mut select = selection(query.audience);
    select.during(query.period, "m.date", "m.date");
    for filter in &query.filters {
        match filter {
            Filter::Substance(substance) => {
                select.that("d.substance = ?", [substance.clone().into()])
            }
            other => sample::condition(&mut select, other, query.audience),
        }
    }
    if let Some(bbox) = query.bbox {
        let h = "(SELECT h.geom FROM hole h WHERE h.fid = m.hole)";
        let place = if query.audience == Visibility::Public {
            format!("coalesce(m.geom, {h})")
        } else {
            let a = level(query.audience);
            let withheld = |layer: &str, row: &str| {
                format!(
                    "(SELECT w.place FROM withheld_place w WHERE w.layer = '{layer}' AND w.row = {row} AND w.visibility <= {a})"
                )
            };
            format!(
                "coalesce(m.geom, {}, {h}, {})",
                withheld("sample", "m.fid"),
                withheld("hole", "m.hole")
            )
        };
        select.walk_box(&place, bbox);
    }
    let mut page = select.page(connection, query, read)?;
    page.matched = match only_page(query, &page) {
        _ if !query.count => None,
        Some(count) => Some(count),
        None if query.bbox.is_none() && query.filters.is_empty() && query.period.is_none() => {
            total(connection, query.audience, totals)?
        }
        None if query.filters.iter().any(|f| matches!(f, Filter::Sample(_) | Filter::Body(_))) => {
            select.matched(connection, query, &page, totals)?
        }
        None => None,
    };
    Ok(page)
}

/// All assays that the audience may see: all there are less those of closed samples.
fn total(
    connection: &Connection,
    audience: Visibility,
    totals: &Mutex<Totals>,
) -> Result<Option<u64>> {
    let a = level(audience);
    let closed: bool = connection
        .prepare_cached(&format!(
            "SELECT EXISTS (SELECT 1 FROM determination WHERE visibility > {a})"
        ))
        .and_then(|mut s| s.query_row([], |row| row.get(0)))
        .doing("counting assays")?;
    if closed {
        return Ok(None);
    }
    counted(connection, totals, format!("assays {a}"), || {
        connection
            .prepare_cached(&format!(
                "SELECT (SELECT count(*) FROM assay_data) - (SELECT count(*) FROM sample m
                   CROSS JOIN assay_data a ON a.fid BETWEEN m.fid << 14 AND (m.fid << 14) + 16383
                   WHERE (m.visibility > 0 OR m.position_visibility > 0 OR m.shown > 0) AND m.shown > {a})"
            ))
            .and_then(|mut s| s.query_row([], |row| row.get(0)))
            .doing("counting assays")
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
    select.that("m.id = ?", [Value::Blob(sample.0.as_bytes().to_vec())]);
    select.that("d.fid = ?", [i64::from(determination).into()]);
    Ok(select.all(connection, read)?.pop())
}

/// Results of a sample with what was determined.
pub(super) fn of_sample(
    connection: &Connection,
    sample: i64,
    audience: Visibility,
) -> Result<Vec<(Assay, Determination)>> {
    let sql = format!(
        "SELECT a.fid, a.value, {} FROM assay_data a JOIN determination d ON d.fid = a.fid & 16383
         WHERE a.fid BETWEEN ?1 AND ?2 AND d.visibility <= {} ORDER BY a.fid",
        columns(),
        level(audience)
    );
    let mut statement = connection.prepare_cached(&sql).doing("reading assays")?;
    let mut rows =
        statement.query((key(sample, 0), key(sample, MOST - 1))).doing("reading assays")?;
    let mut assays = Vec::new();
    while let Some(row) = rows.next().doing("reading assays")? {
        assays.push((read_assay(row, 0)?, read_determination(row, 2)?));
    }
    Ok(assays)
}

/// What is known of each determination in a body; quality-control samples are left out.
pub(super) fn summaries(
    connection: &Connection,
    body: BodyId,
    audience: Visibility,
) -> Result<Vec<DeterminationSummary>> {
    let a = level(audience);
    let sql = format!(
        "SELECT a.fid, a.value FROM sample m
         CROSS JOIN assay_data a ON a.fid BETWEEN m.fid << 14 AND (m.fid << 14) + 16383
         WHERE m.body = (SELECT fid FROM body WHERE id = ?1) AND m.shown <= {a} AND m.role IS NULL"
    );
    let mut numbers: BTreeMap<DeterminationId, (u64, Vec<f64>)> = BTreeMap::new();
    let mut statement = connection.prepare_cached(&sql).doing("reading assays of a body")?;
    let mut rows = statement.query([body.to_string()]).doing("reading assays of a body")?;
    while let Some(row) = rows.next().doing("reading assays of a body")? {
        let assay = read_assay(row, 0)?;
        let (censored, values) = numbers.entry(assay.determination).or_default();
        *censored += u64::from(!matches!(assay.value, Measured::Exact(_)));
        values.push(assay.value.number().value());
    }
    let mut summaries = Vec::new();
    for (id, (censored, mut values)) in numbers {
        if let Some(determination) = determination(connection, id, audience)? {
            values.sort_unstable_by(f64::total_cmp);
            summaries.push(DeterminationSummary {
                id,
                determination,
                results: values.len() as u64,
                censored,
                least: values[0],
                median: f64::midpoint(values[(values.len() - 1) / 2], values[values.len() / 2]),
                greatest: values[values.len() - 1],
            });
        }
    }
    Ok(summaries)
}

fn determination(
    connection: &Connection,
    id: DeterminationId,
    audience: Visibility,
) -> Result<Option<Determination>> {
    connection
        .prepare_cached(&format!(
            "SELECT {} FROM determination d WHERE d.fid = ?1 AND d.visibility <= {}",
            columns(),
            level(audience)
        ))
        .doing("reading a determination")?
        .query_row([id.0], |row| Ok(read_determination(row, 0)))
        .optional()
        .doing("reading a determination")?
        .transpose()
}
