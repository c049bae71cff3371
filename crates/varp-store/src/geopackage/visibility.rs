//! What may be shown to whom: children follow their parents, closed places leave the layers.

use rusqlite::Connection;

use super::Doing;
use super::context::quietly;
use crate::Result;

/// Tables from parents to children, with the visibility that each row has by itself and its
/// parents.
const SHOWN: &[(&str, &str)] = &[
    ("source", "t.visibility"),
    ("site", "max(t.visibility, coalesce((SELECT visibility FROM source WHERE id = t.source), 0))"),
    (
        "body",
        "max(t.visibility, coalesce((SELECT shown FROM site WHERE id = t.site), 0),
             coalesce((SELECT visibility FROM source WHERE id = t.source), 0))",
    ),
    (
        "zone",
        "max(t.visibility, coalesce((SELECT shown FROM body WHERE id = t.body), 0),
             coalesce((SELECT visibility FROM source WHERE id = t.source), 0))",
    ),
    (
        "hole",
        "max(t.visibility, coalesce((SELECT shown FROM body WHERE id = t.body), 0),
             coalesce((SELECT visibility FROM source WHERE id = t.source), 0))",
    ),
    (
        "sample",
        "max(t.visibility, coalesce((SELECT shown FROM body WHERE fid = t.body), 0),
             coalesce((SELECT shown FROM hole WHERE fid = t.hole), 0),
             coalesce((SELECT max(q.visibility, p.visibility) FROM provenance p JOIN source q ON q.id = p.source
                       WHERE p.fid = t.provenance), 0))",
    ),
    (
        "claim",
        "max(t.visibility, coalesce((SELECT visibility FROM source WHERE id = t.source), 0),
             coalesce(CASE t.subject_kind
               WHEN 'site' THEN (SELECT shown FROM site WHERE id = t.subject)
               WHEN 'body' THEN (SELECT shown FROM body WHERE id = t.subject)
               WHEN 'zone' THEN (SELECT shown FROM zone WHERE id = t.subject)
               WHEN 'hole' THEN (SELECT shown FROM hole WHERE id = t.subject)
               WHEN 'sample' THEN (SELECT shown FROM sample WHERE substr(id, 1, 6) = substr(unhex(t.subject, '-'), 1, 6) AND id = unhex(t.subject, '-')) END, 0))",
    ),
    (
        "computed",
        "max(t.visibility, coalesce((SELECT shown FROM body WHERE id = t.subject),
             CASE WHEN t.subject IS NULL THEN 0 ELSE 2 END))",
    ),
];

/// Layers with the visibility of a place: its own, that of its record, and that of the places of
/// its parents, which it would give away.
const PLACES: &[(&str, &str)] = &[
    ("site", "max(t.shown, t.position_visibility)"),
    (
        "body",
        "max(t.shown, t.position_visibility, coalesce((SELECT position_visibility FROM site WHERE id = t.site), 0))",
    ),
    ("footprint", "max(t.visibility, coalesce((SELECT max(b.shown, b.position_visibility, coalesce(s.position_visibility, 0)) FROM body b LEFT JOIN site s ON s.id = b.site WHERE b.id = t.body), 0))"),
    ("zone", "max(t.shown, coalesce((SELECT max(b.shown, b.position_visibility, coalesce(s.position_visibility, 0)) FROM body b LEFT JOIN site s ON s.id = b.site WHERE b.id = t.body), 0))"),
    ("hole", "max(t.shown, t.position_visibility, coalesce((SELECT max(b.shown, b.position_visibility, coalesce(s.position_visibility, 0)) FROM body b LEFT JOIN site s ON s.id = b.site WHERE b.id = t.body), 0))"),
    (
        "sample",
        "max(t.shown, t.position_visibility,
             coalesce((SELECT max(b.position_visibility, coalesce(s.position_visibility, 0)) FROM body b LEFT JOIN site s ON s.id = b.site WHERE b.fid = t.body), 0),
             coalesce((SELECT position_visibility FROM hole WHERE fid = t.hole), 0))",
    ),
];

/// Whether `layer` keeps original coordinates beside the geometry.
fn has_original(layer: &str) -> bool {
    !matches!(layer, "footprint" | "zone")
}

/// Brings `shown` and the withheld places up to date with the visibilities that people set.
pub(super) fn settle(connection: &Connection) -> Result<()> {
    if !anything_closed(connection)? {
        return Ok(());
    }
    quietly(connection, || {
        for (table, shown) in SHOWN {
            connection
                .execute_batch(&format!(
                    "UPDATE {table} AS t SET shown = {shown} WHERE shown IS NOT {shown}"
                ))
                .doing("working out who may see what")?;
        }
        for (layer, closed) in PLACES {
            withhold(connection, layer, closed)?;
            release_public(connection, layer, closed)?;
        }
        super::materials::refresh_closed(connection)
    })
}

fn anything_closed(connection: &Connection) -> Result<bool> {
    let placed = ["site", "body", "hole", "sample"];
    let mut any: Vec<String> = placed
        .iter()
        .map(|t| format!("EXISTS (SELECT 1 FROM {t} WHERE visibility > 0 OR position_visibility > 0 OR shown > 0)"))
        .collect();
    any.extend(
        ["source", "zone", "claim", "computed"]
            .iter()
            .map(|t| format!("EXISTS (SELECT 1 FROM {t} WHERE visibility > 0 OR shown > 0)")),
    );
    any.push("EXISTS (SELECT 1 FROM withheld_place)".into());
    any.push("EXISTS (SELECT 1 FROM footprint WHERE visibility > 0)".into());
    any.push("EXISTS (SELECT 1 FROM determination WHERE visibility > 0)".into());
    connection
        .prepare_cached(&format!("SELECT {}", any.join(" OR ")))
        .and_then(|mut s| s.query_row([], |row| row.get(0)))
        .doing("looking for closed records")
}

fn withhold(connection: &Connection, layer: &str, closed: &str) -> Result<()> {
    let (original, cleared) = if has_original(layer) {
        ("x, y, epsg, accuracy_m", ", x = NULL, y = NULL, epsg = NULL, accuracy_m = NULL")
    } else {
        ("NULL, NULL, NULL, NULL", "")
    };
    connection
        .execute_batch(&format!(
            "INSERT OR REPLACE INTO withheld_place (layer, row, place, x, y, epsg, accuracy_m, visibility)
             SELECT '{layer}', t.fid, t.geom, {original}, {closed} FROM {layer} AS t
             WHERE t.geom IS NOT NULL AND {closed} > 0;
             UPDATE {layer} AS t SET geom = NULL {cleared} WHERE t.geom IS NOT NULL AND {closed} > 0;
             UPDATE withheld_place AS w SET visibility = (SELECT {closed} FROM {layer} AS t WHERE t.fid = w.row)
             WHERE w.layer = '{layer}' AND (SELECT {closed} FROM {layer} AS t WHERE t.fid = w.row) > 0;
             DELETE FROM withheld_place WHERE layer = '{layer}' AND row NOT IN (SELECT fid FROM {layer});"
        ))
        .doing("withholding places")
}

fn release_public(connection: &Connection, layer: &str, closed: &str) -> Result<()> {
    let rows: Vec<i64> = connection
        .prepare_cached(&format!(
            "SELECT w.row FROM withheld_place w JOIN {layer} AS t ON t.fid = w.row
             WHERE w.layer = '{layer}' AND {closed} = 0"
        ))
        .and_then(|mut s| s.query_map([], |row| row.get(0))?.collect())
        .doing("looking for places that may be shown")?;
    rows.into_iter().try_for_each(|row| put_back(connection, layer, row))
}

/// Puts a withheld place back into its layer, so that an edit and its log see the whole row; the
/// next [`settle`] withholds it again where it must.
pub(super) fn release(connection: &Connection, layer: &str, row: i64) -> Result<()> {
    let withheld: bool = connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM withheld_place WHERE layer = ?1 AND row = ?2)",
        )
        .and_then(|mut s| s.query_row((layer, row), |r| r.get(0)))
        .doing("looking for a withheld place")?;
    if withheld { quietly(connection, || put_back(connection, layer, row)) } else { Ok(()) }
}

fn put_back(connection: &Connection, layer: &str, row: i64) -> Result<()> {
    let (columns, place) = if has_original(layer) {
        ("geom, x, y, epsg, accuracy_m", "place, x, y, epsg, accuracy_m")
    } else {
        ("geom", "place")
    };
    connection
        .prepare_cached(&format!(
            "UPDATE {layer} SET ({columns}) = (SELECT {place} FROM withheld_place WHERE layer = '{layer}' AND row = ?1)
             WHERE fid = ?1 AND geom IS NULL"
        ))
        .and_then(|mut s| s.execute([row]))
        .doing("showing a place")?;
    connection
        .prepare_cached("DELETE FROM withheld_place WHERE layer = ?1 AND row = ?2")
        .and_then(|mut s| s.execute((layer, row)))
        .map(|_| ())
        .doing("showing a place")
}

/// The same for the footprint of a body.
pub(super) fn release_footprint(connection: &Connection, body: i64) -> Result<()> {
    let rows: Vec<i64> = connection
        .prepare_cached(
            "SELECT f.fid FROM footprint f JOIN body b ON b.id = f.body WHERE b.fid = ?1",
        )
        .and_then(|mut s| s.query_map([body], |row| row.get(0))?.collect())
        .doing("looking for a footprint")?;
    rows.into_iter().try_for_each(|row| release(connection, "footprint", row))
}
