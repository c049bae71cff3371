//! Samples.

use std::collections::BTreeSet;
use std::sync::Mutex;

use rusqlite::types::Value;
use rusqlite::{Connection, Row};
use varp_model::{
    BodyId, Dataset, HoleId, Locator, Origin, QaRole, Sample, SampleId, SourceId, Visibility,
};

use super::boxes::hits;
use super::page::{Select, Totals, counted};
use super::row::{Cells, level};
use super::{Doing, assay};
use crate::Result;
use crate::query::{Filter, Page, Query, SampleItem};

const COLUMNS: &str =
    "m.id, coalesce(m.key, m.name), m.name, b.id, h.id, m.from_m, m.to_m, m.method,
    m.mass_kg, m.size_from_mm, m.size_to_mm, m.size_share, m.date, m.role, p.dataset, p.source,
    p.source_page, p.source_file, p.source_sheet, m.source_row, p.source_column, m.visibility,
    m.licence, m.position_visibility";

/// The sample `m` with an identity, by the index of the first six bytes.
pub(super) const IS: &str = "substr(m.id, 1, 6) = ? AND m.id = ?";

/// Which of these bodies have samples or zones.
pub(super) fn sampled_or_zoned(
    connection: &Connection,
    bodies: &[BodyId],
) -> Result<BTreeSet<BodyId>> {
    let ids: Vec<String> = bodies.iter().map(ToString::to_string).collect();
    let found: Vec<String> = connection
        .prepare_cached(
            "SELECT b.id FROM json_each(?) j JOIN body b ON b.id = j.value
             WHERE EXISTS (SELECT 1 FROM sample m WHERE m.body = b.fid)
                OR EXISTS (SELECT 1 FROM zone z WHERE z.body = b.id)",
        )
        .and_then(|mut s| s.query_map([super::page::json(&ids)], |row| row.get(0))?.collect())
        .doing("looking for bodies with samples or zones")?;
    Ok(found.iter().filter_map(|id| id.parse().ok()).collect())
}

/// The values that [`IS`] asks for.
pub(super) fn id_values(id: SampleId) -> [Value; 2] {
    let bytes = id.0.as_bytes();
    [Value::Blob(bytes[..6].to_vec()), Value::Blob(bytes.to_vec())]
}

/// Reads a sample whose columns start at 1; the last one is the place of its hole.
pub(super) fn read(row: &Row<'_>) -> Result<SampleItem> {
    let mut cells = Cells::new(row, 1, "sample");
    let id = SampleId(cells.uuid()?);
    let (key, name) = (cells.text()?, cells.text()?);
    let (body, hole) = (cells.opt_uuid()?.map(BodyId), cells.opt_uuid()?.map(HoleId));
    let (from_m, to_m) = (cells.opt_real()?, cells.opt_real()?);
    let (method, mass_kg) = (cells.opt_text()?, cells.opt_real()?);
    let size_fraction = cells.size_fraction()?;
    let (date, role) = (cells.opt_word()?, cells.opt_word::<QaRole>()?.unwrap_or_default());
    let origin = Origin { dataset: Dataset(cells.text()?), key };
    let source = SourceId(cells.uuid()?);
    let locator: Locator = cells.locator()?;
    let (visibility, licence) = (cells.visibility()?, cells.licence()?);
    let position = cells.position()?;
    let of_hole = cells.place()?;
    let sample = Sample {
        id,
        origin,
        name,
        body,
        hole,
        position,
        from_m,
        to_m,
        method,
        mass_kg,
        size_fraction,
        date,
        role,
        source,
        locator,
        visibility,
        licence,
    };
    let place = sample.position.as_ref().map(|p| p.place).or(of_hole);
    Ok(SampleItem { sample, place, assays: Vec::new() })
}

/// The expression of the place of a sample `m` in a hole `h`.
fn place(audience: Visibility) -> &'static str {
    if audience == Visibility::Public {
        "coalesce(m.geom, h.geom)"
    } else {
        "coalesce(m.geom, w.place, h.geom, wh.place)"
    }
}

pub(super) fn selection(audience: Visibility) -> Select {
    let a = level(audience);
    let mut from = "sample m JOIN provenance p ON p.fid = m.provenance
        LEFT JOIN body b ON b.fid = m.body LEFT JOIN hole h ON h.fid = m.hole"
        .to_owned();
    let position = if audience == Visibility::Public {
        "m.geom, m.x, m.y, m.epsg, m.accuracy_m, h.geom"
    } else {
        from += &format!(
            " LEFT JOIN withheld_place w ON w.layer = 'sample' AND w.row = m.fid AND w.visibility <= {a}
              LEFT JOIN withheld_place wh ON wh.layer = 'hole' AND wh.row = h.fid AND wh.visibility <= {a}"
        );
        "coalesce(m.geom, w.place), coalesce(m.x, w.x), coalesce(m.y, w.y), coalesce(m.epsg, w.epsg),
         coalesce(m.accuracy_m, w.accuracy_m), coalesce(h.geom, wh.place)"
    };
    let mut select = Select::new("m.fid", format!("{COLUMNS}, {position}"), from.clone(), &from);
    select.shown("m", audience);
    select
}

/// A page of samples.
pub(super) fn list(
    connection: &Connection,
    query: &Query,
    totals: &Mutex<Totals>,
) -> Result<Page<SampleItem>> {
    let mut select = selection(query.audience);
    if query.bbox.is_none() && query.filters.is_empty() {
        select.from_to_count = "sample m".into();
    }
    select.during(query.period, "m.date", "m.date");
    for filter in &query.filters {
        condition(&mut select, filter, query.audience);
    }
    if let Some(bbox) = query.bbox {
        match boxed(connection, query, totals)? {
            Some(keys) => select.one_of(keys),
            None => select.walk_box(place(query.audience), bbox),
        }
    }
    let mut page = select.page(connection, query, read)?;
    page.matched = select.matched(connection, query, &page, totals)?;
    Ok(page)
}

/// Keys of the samples in a small box, if the R-trees know all of them.
fn boxed(
    connection: &Connection,
    query: &Query,
    totals: &Mutex<Totals>,
) -> Result<Option<Vec<i64>>> {
    let Some(bbox) = query.bbox.filter(|_| query.audience == Visibility::Public) else {
        return Ok(None);
    };
    let unplaced = "SELECT count(*) FROM sample WHERE geom IS NULL AND shown = 0
        AND (hole IS NULL OR hole IN (SELECT fid FROM hole WHERE geom IS NULL))";
    let unplaced = counted(connection, totals, unplaced.into(), || {
        connection
            .prepare_cached(unplaced)
            .and_then(|mut s| s.query_row([], |row| row.get(0)))
            .doing("counting samples without a place")
    })?;
    if unplaced > 0 {
        return Ok(None);
    }
    let (Some(mut keys), Some(holes)) =
        (hits(connection, "sample", bbox)?, hits(connection, "hole", bbox)?)
    else {
        return Ok(None);
    };
    let holes = serde_json::Value::from(holes).to_string();
    let mut statement = connection
        .prepare_cached(
            "SELECT fid FROM sample WHERE hole IN (SELECT value FROM json_each(?1)) AND geom IS NULL
             AND shown = 0 LIMIT 1001",
        )
        .doing("looking for samples in holes")?;
    let in_holes = statement
        .query_map([holes], |row| row.get(0))
        .and_then(Iterator::collect::<rusqlite::Result<Vec<i64>>>)
        .doing("looking for samples in holes")?;
    if in_holes.len() > 1000 {
        return Ok(None);
    }
    keys.extend(in_holes);
    keys.sort_unstable();
    Ok(Some(keys))
}

/// What a filter means for a sample `m`.
pub(super) fn condition(select: &mut Select, filter: &Filter, audience: Visibility) {
    let a = level(audience);
    let in_body = |condition: &str| {
        format!(
            "m.body IN (SELECT b.fid FROM body b JOIN site s ON s.id = b.site WHERE b.shown <= {a} AND {condition})"
        )
    };
    match filter {
        Filter::Sample(id) => select.that(IS, id_values(*id)),
        Filter::Body(id) => {
            select.that("m.body = (SELECT fid FROM body WHERE id = ?)", [id.to_string().into()]);
        }
        Filter::Site(id) => select.that(in_body("b.site = ?"), [id.to_string().into()]),
        Filter::Country(country) => select.that(in_body("s.country = ?"), [country.code().to_owned().into()]),
        Filter::Kind(kind) => select.that(in_body("b.kind = ?"), [kind.clone().into()]),
        Filter::Material { commodities, substances } => {
            let (materials, values) = super::materials::condition("b.fid", commodities, substances, audience);
            select.that(in_body(&materials), values);
        }
        Filter::Source(id) => select.that(
            "m.provenance IN (SELECT fid FROM provenance WHERE source = ?)",
            [id.to_string().into()],
        ),
        Filter::Property(property) => select.that(
            format!(
                "m.fid IN (SELECT o.fid FROM claim c JOIN sample o
                    ON substr(o.id, 1, 6) = substr(unhex(c.subject, '-'), 1, 6) AND o.id = unhex(c.subject, '-')
                  WHERE c.subject_kind = 'sample' AND c.shown <= {a} AND c.property = ?)"
            ),
            [property.clone().into()],
        ),
        Filter::Substance(substance) => select.that(
            format!(
                "EXISTS (SELECT 1 FROM results a
                  JOIN panel p ON p.panel = a.fid & 16383 JOIN determination d ON d.fid = p.determination
                  WHERE a.fid BETWEEN m.fid << 14 AND (m.fid << 14) + 16383
                  AND d.substance = ? AND d.visibility <= {a}
                  AND json_extract(a.numbers, '$[' || p.position || ']') IS NOT NULL)"
            ),
            [substance.clone().into()],
        ),
        Filter::Words(words) => {
            for word in super::search::words(words) {
                select.that("m.name LIKE '%' || ? || '%'", [word.into()]);
            }
        }
    }
}

/// One sample with its assays.
pub(super) fn item(
    connection: &Connection,
    id: SampleId,
    audience: Visibility,
) -> Result<Option<SampleItem>> {
    let mut select = selection(audience);
    select.that(IS, id_values(id));
    let mut found = select
        .all(connection, |row| Ok((read(row)?, row.get::<_, i64>(0).doing("reading a sample")?)))?;
    let Some((mut item, fid)) = found.pop() else { return Ok(None) };
    item.assays = assay::of_sample(connection, fid, audience)?;
    Ok(Some(item))
}

/// Number of samples of a body.
pub(super) fn count_of_body(
    connection: &Connection,
    body: BodyId,
    audience: Visibility,
) -> Result<u64> {
    connection
        .prepare_cached(&format!(
            "SELECT count(*) FROM sample WHERE body = (SELECT fid FROM body WHERE id = ?1) AND shown <= {}",
            level(audience)
        ))
        .and_then(|mut s| s.query_row([body.to_string()], |row| row.get(0)))
        .doing("counting samples")
}

/// Sources of the samples of a body.
pub(super) fn sources_of_body(
    connection: &Connection,
    body: BodyId,
    audience: Visibility,
) -> Result<BTreeSet<SourceId>> {
    let mut statement = connection
        .prepare_cached(&format!(
            "SELECT DISTINCT p.source FROM provenance p WHERE p.fid IN
               (SELECT provenance FROM sample WHERE body = (SELECT fid FROM body WHERE id = ?1) AND shown <= {})",
            level(audience)
        ))
        .doing("reading sources of samples")?;
    let mut rows = statement.query([body.to_string()]).doing("reading sources of samples")?;
    let mut sources = BTreeSet::new();
    while let Some(row) = rows.next().doing("reading sources of samples")? {
        sources.insert(SourceId(Cells::new(row, 0, "provenance").uuid()?));
    }
    Ok(sources)
}
