//! Claims, and quantities: claims whose value is a number.

use std::collections::HashMap;
use std::sync::Mutex;

use rusqlite::types::Value;
use rusqlite::{Connection, Row};
use uuid::Uuid;
use varp_model::{
    Claim, ClaimId, ClaimValue, Coverage, Range, SourceId, Spread, Subject, Unit, Visibility,
};

use super::page::{Select, Totals};
use super::record::{Record, select};
use super::row::{Cells, level};
use super::values::Values;
use crate::query::{BodyItem, Filter, Page, QuantityItem, Query};
use crate::{Result, StoreError};

/// Claims that a list of bodies shows; an index holds exactly these.
const KEY_FIGURES: &str =
    "(property = 'mass' OR property = 'volume' OR property = 'area') AND substance IS NULL";

impl Record for Claim {
    const TABLE: &'static str = "claim";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "dataset",
        "key",
        "subject_kind",
        "subject",
        "property",
        "substance",
        "substance_kind",
        "value_kind",
        "best",
        "low",
        "high",
        "coverage",
        "no_range",
        "unit",
        "text",
        "basis",
        "term",
        "date",
        "period_start",
        "period_end",
        "method",
        "note",
        "source",
        "source_page",
        "source_file",
        "source_sheet",
        "source_row",
        "source_column",
        "preferred",
        "visibility",
        "licence",
    ];
    const REFERENCES: &'static [&'static str] = &["subject"];
    const STICKY: &'static [&'static str] = &["preferred"];

    fn is_print(&self, column: &str) -> bool {
        // beside a number stands how it was printed
        let printed = column == "text" && matches!(self.value, ClaimValue::Number(_));
        printed || super::record::PRINT.contains(&column)
    }

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn write(&self, values: &mut Values) {
        values
            .text(&self.id.to_string())
            .origin(&self.origin)
            .text(self.subject.kind())
            .text(&self.subject.uuid().to_string())
            .text(&self.property)
            .substance(self.substance.as_ref());
        write_value(&self.value, values);
        values
            .text(self.basis.word())
            .text(self.term.word())
            .opt_display(self.date)
            .period(self.period)
            .opt_text(self.method.as_deref())
            .opt_text(self.note.as_deref())
            .text(&self.source.to_string())
            .locator(&self.locator)
            .opt_text(self.preferred.as_deref())
            .visibility(self.visibility)
            .opt_text(self.licence.as_ref().map(|l| l.0.as_str()));
    }
}

/// Columns value_kind, best, low, high, coverage, no_range, unit and text.
fn write_value(value: &ClaimValue, values: &mut Values) {
    let words = |values: &mut Values, kind: &str, text: &str| {
        values.text(kind);
        for _ in 0..6 {
            values.put(Value::Null);
        }
        values.text(text);
    };
    match value {
        ClaimValue::Text(text) => words(values, "text", text),
        ClaimValue::Code(code) => words(values, "code", code),
        ClaimValue::Date(date) => words(values, "date", &date.to_string()),
        ClaimValue::Number(range) => {
            let (coverage, missing) = match &range.spread {
                Spread::Range { coverage: Coverage::Stated(p), .. } => (Some(*p), None),
                Spread::Range { coverage: Coverage::Unstated, .. } => (None, None),
                Spread::Missing(why) => (None, Some(why.as_str())),
            };
            values
                .text("number")
                .put(range.best)
                .put(range.low())
                .put(range.high())
                .put(coverage)
                .opt_text(missing)
                .text(range.unit.symbol())
                .text(&range.reported);
        }
    }
}

fn read(row: &Row<'_>, from: usize) -> Result<Claim> {
    let mut cells = Cells::new(row, from, "claim");
    let id = ClaimId(cells.uuid()?);
    let origin = cells.origin(id.0)?;
    let kind = cells.str()?;
    let about = cells.uuid()?;
    let subject = Subject::new(kind, about).ok_or_else(|| bad(id, "subject_kind", kind))?;
    Ok(Claim {
        id,
        origin,
        subject,
        property: cells.text()?,
        substance: cells.substance()?,
        value: read_value(&mut cells, id)?,
        basis: cells.word()?,
        term: cells.word()?,
        date: cells.opt_word()?,
        period: cells.period()?,
        method: cells.opt_text()?,
        note: cells.opt_text()?,
        source: SourceId(cells.uuid()?),
        locator: cells.locator()?,
        preferred: cells.opt_text()?,
        visibility: cells.visibility()?,
        licence: cells.licence()?,
    })
}

fn read_value(cells: &mut Cells<'_, '_>, id: ClaimId) -> Result<ClaimValue> {
    let kind = cells.str()?;
    let (best, low, high) = (cells.opt_real()?, cells.opt_real()?, cells.opt_real()?);
    let coverage = cells.opt_real()?.map_or(Coverage::Unstated, Coverage::Stated);
    let missing = cells.opt_text()?;
    let unit = cells.opt_text()?;
    let text = cells.opt_text()?.unwrap_or_default();
    Ok(match kind {
        "number" => {
            let unit = unit.as_deref().unwrap_or("");
            let unit = unit_of(unit).ok_or_else(|| bad(id, "unit", unit))?;
            let spread = match (low, high) {
                (Some(low), Some(high)) => Spread::Range { low, high, coverage },
                _ => Spread::Missing(missing.unwrap_or_else(|| "not stated".into())),
            };
            ClaimValue::Number(Range { best, spread, unit, reported: text })
        }
        "text" => ClaimValue::Text(text),
        "code" => ClaimValue::Code(text),
        _ => ClaimValue::Date(text.parse().map_err(|_| bad(id, "text", &text))?),
    })
}

/// The unit with exactly this symbol.
pub(super) fn unit_of(symbol: &str) -> Option<Unit> {
    Unit::all().find(|unit| unit.symbol() == symbol)
}

fn bad(id: ClaimId, column: &str, found: &str) -> StoreError {
    StoreError::BadValue {
        table: "claim",
        row: id.to_string(),
        column: column.into(),
        reason: format!("\"{found}\" cannot be read"),
    }
}

fn selection(audience: Visibility) -> Select {
    let mut select = Select::new(
        "c.fid",
        select(Claim::COLUMNS, "c", Visibility::Public),
        "claim c".into(),
        "claim c",
    );
    select.shown("c", audience);
    select
}

/// One claim.
pub(super) fn one(
    connection: &Connection,
    id: ClaimId,
    audience: Visibility,
) -> Result<Option<Claim>> {
    let mut select = selection(audience);
    select.that("c.id = ?", [id.to_string().into()]);
    Ok(select.all(connection, |row| read(row, 1))?.pop())
}

/// Claims about these subjects, ordered by property, substance, preference.
pub(super) fn of_subjects(
    connection: &Connection,
    subjects: &[Uuid],
    audience: Visibility,
) -> Result<Vec<Claim>> {
    let ids: Vec<String> = subjects.iter().map(ToString::to_string).collect();
    let mut select = selection(audience);
    select.that("c.subject IN (SELECT value FROM json_each(?))", [super::page::json(&ids)]);
    let mut claims = select.all(connection, |row| read(row, 1))?;
    claims.sort_by_cached_key(|c| {
        let substance = c.substance.as_ref().map(|s| s.code().to_owned());
        (c.property.clone(), substance, c.preferred.is_none())
    });
    Ok(claims)
}

/// Adds the preferred, or else the only, claim of each key figure and term.
pub(super) fn add_key_figures(
    connection: &Connection,
    items: &mut [BodyItem],
    audience: Visibility,
) -> Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = items.iter().map(|item| item.body.id.to_string()).collect();
    let mut select = selection(audience);
    select.that("c.subject IN (SELECT value FROM json_each(?))", [super::page::json(&ids)]);
    select.that(KEY_FIGURES, []);
    select.from = "claim c INDEXED BY claim_key_figure".into();
    select.order = "";
    let mut by_body: HashMap<Uuid, Vec<Claim>> = HashMap::new();
    for claim in select.all(connection, |row| read(row, 1))? {
        by_body.entry(claim.subject.uuid()).or_default().push(claim);
    }
    for item in items {
        if let Some(claims) = by_body.remove(&item.body.id.0) {
            item.key_figures = decided(claims);
        }
    }
    Ok(())
}

/// Of each property and term the preferred claim, or the only one; none where sources disagree.
fn decided(mut claims: Vec<Claim>) -> Vec<Claim> {
    claims.sort_by(|a, b| (&a.property, a.term).cmp(&(&b.property, b.term)));
    let same = |a: &Claim, b: &Claim| a.property == b.property && a.term == b.term;
    let keep: Vec<bool> = claims
        .iter()
        .map(|claim| match &claim.preferred {
            Some(_) => true,
            None => claims.iter().filter(|other| same(claim, other)).count() == 1,
        })
        .collect();
    let mut keep = keep.into_iter();
    claims.retain(|_| keep.next() == Some(true));
    claims.dedup_by(|b, a| same(a, b));
    claims
}

/// Columns after those of the claim: name and place of its subject.
fn read_quantity(row: &Row<'_>) -> Result<QuantityItem> {
    let claim = read(row, 1)?;
    let mut cells = Cells::new(row, 1 + Claim::COLUMNS.len(), "claim");
    Ok(QuantityItem {
        claim,
        subject_name: cells.opt_text()?.unwrap_or_default(),
        place: cells.place()?,
    })
}

const SUBJECTS: &str = "claim c
    LEFT JOIN zone z ON c.subject_kind = 'zone' AND z.id = c.subject
    LEFT JOIN sample m ON c.subject_kind = 'sample' AND substr(m.id, 1, 6) = substr(unhex(c.subject, '-'), 1, 6) AND m.id = unhex(c.subject, '-')
    LEFT JOIN hole h ON h.id = CASE c.subject_kind WHEN 'hole' THEN c.subject ELSE (SELECT o.id FROM hole o WHERE o.fid = m.hole) END
    LEFT JOIN body b ON b.id = CASE c.subject_kind WHEN 'body' THEN c.subject WHEN 'zone' THEN z.body
        ELSE coalesce((SELECT o.id FROM body o WHERE o.fid = m.body), h.body) END
    LEFT JOIN site s ON s.id = CASE c.subject_kind WHEN 'site' THEN c.subject ELSE b.site END";

/// Claims with subject, its body `b` and its site `s`, and the columns of name and place.
fn with_subjects(audience: Visibility) -> (Select, String) {
    let a = level(audience);
    let place_of = |layer: &str, t: &str| {
        if audience == Visibility::Public {
            return format!("{t}.geom");
        }
        format!(
            "coalesce({t}.geom, (SELECT w.place FROM withheld_place w
               WHERE w.layer = '{layer}' AND w.row = {t}.fid AND w.visibility <= {a}))"
        )
    };
    let place = format!(
        "CASE c.subject_kind WHEN 'site' THEN {} WHEN 'sample' THEN coalesce({}, {}) WHEN 'hole' THEN {} ELSE {} END",
        place_of("site", "s"),
        place_of("sample", "m"),
        place_of("hole", "h"),
        place_of("hole", "h"),
        place_of("body", "b")
    );
    let name = "CASE c.subject_kind WHEN 'site' THEN s.name WHEN 'body' THEN b.name WHEN 'zone' THEN z.name
                WHEN 'hole' THEN h.name ELSE m.name END";
    let columns = format!("{}, {name}, {place}", select(Claim::COLUMNS, "c", Visibility::Public));
    let mut select = Select::new("c.fid", columns, SUBJECTS.into(), SUBJECTS);
    select.shown("c", audience);
    (select, place)
}

/// A page of quantities.
pub(super) fn list(
    connection: &Connection,
    query: &Query,
    totals: &Mutex<Totals>,
) -> Result<Page<QuantityItem>> {
    let (mut select, place) = with_subjects(query.audience);
    select.that("c.value_kind = 'number'", []);
    if query.bbox.is_none() && query.filters.is_empty() {
        select.from_to_count = "claim c".into();
    }
    select.during(
        query.period,
        "coalesce(c.date, c.period_start)",
        "coalesce(c.date, c.period_end)",
    );
    for filter in &query.filters {
        condition(&mut select, filter, query.audience);
    }
    if let Some(bbox) = query.bbox {
        select.walk_box(&place, bbox);
    }
    let mut page = select.page(connection, query, read_quantity)?;
    page.matched = select.matched(connection, query, &page, totals)?;
    Ok(page)
}

fn condition(select: &mut Select, filter: &Filter, audience: Visibility) {
    match filter {
        Filter::Property(property) => select.that("c.property = ?", [property.clone().into()]),
        Filter::Substance(substance) => select.that("c.substance = ?", [substance.clone().into()]),
        Filter::Source(id) => select.that("c.source = ?", [id.to_string().into()]),
        Filter::Site(id) => select.that(
            "(c.subject = ? OR b.site = ?)",
            std::iter::repeat_n(Value::from(id.to_string()), 2),
        ),
        Filter::Body(id) => select.that("b.id = ?", [id.to_string().into()]),
        Filter::Sample(id) => select.that("c.subject = ?", [id.to_string().into()]),
        Filter::Country(_) | Filter::Kind(_) | Filter::Material { .. } => {
            super::body::condition(select, filter, audience);
        }
        Filter::Words(words) => {
            super::search::subject_condition(select, words);
        }
    }
}

/// The claims that a source is cited for.
pub(super) fn of_source(
    connection: &Connection,
    id: SourceId,
    audience: Visibility,
) -> Result<Vec<QuantityItem>> {
    let (mut select, _) = with_subjects(audience);
    select.that("c.source = ?", [id.to_string().into()]);
    select.all(connection, read_quantity)
}
