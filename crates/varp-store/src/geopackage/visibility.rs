//! What may be shown to whom: children follow their parents, closed places leave the layers.

use rusqlite::Connection;
use varp_model::RestsOn;

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
    if anything_closed(connection)? {
        quietly(connection, || {
            for (table, shown) in SHOWN {
                show(connection, table, shown)?;
            }
            for (layer, closed) in PLACES {
                withhold(connection, layer, closed)?;
                release_public(connection, layer, closed)?;
            }
            super::materials::refresh_closed(connection)
        })?;
    }
    // what rests on a record that is gone must close, even where nothing else is closed
    quietly(connection, || settle_computed(connection, None))
}

fn show(connection: &Connection, table: &str, shown: &str) -> Result<()> {
    connection
        .execute_batch(&format!(
            "UPDATE {table} AS t SET shown = {shown} WHERE shown IS NOT {shown}"
        ))
        .doing("working out who may see what")
}

/// Brings `shown` of a computed result, or of all of them, up to date.
///
/// A result is as closed as its body and as the most closed record that it rests on. One that rests on a
/// record which is gone stays closed until it is computed again: another record may take its row. What is
/// attached to a body that was merged away is as closed as the body that it leads to.
pub(super) fn settle_computed(connection: &Connection, result: Option<i64>) -> Result<()> {
    let of = if result.is_some() { "t.fid = ?1" } else { "TRUE" };
    let run = |sql: &str, doing| {
        let mut statement = connection.prepare_cached(sql).doing(doing)?;
        statement.execute(rusqlite::params_from_iter(result)).map(|_| ()).doing(doing)
    };
    for record in RECORDS {
        run(
            &format!(
                "UPDATE computed AS t SET visibility = 2 WHERE {of} AND visibility < 2 AND EXISTS (
                   SELECT 1 FROM rests_on r WHERE r.result = t.fid AND r.record = '{record}' AND NOT EXISTS (
                     SELECT 1 FROM {record} WHERE fid = r.row))"
            ),
            "closing what rests on records that are gone",
        )?;
    }
    let cases: String = RECORDS
        .iter()
        .map(|record| {
            let of = |closed| format!("(SELECT {closed} FROM {record} AS t WHERE t.fid = r.row)");
            let (own, placed) = (of(own(record)), of(placed(record)));
            format!(" WHEN '{record}' THEN CASE r.placed WHEN 0 THEN {own} ELSE {placed} END")
        })
        .collect();
    let shown = format!(
        "max(t.visibility,
             coalesce((SELECT shown FROM body WHERE id = t.subject),
                      (SELECT b.shown FROM redirect r JOIN body b ON b.id = r.kept
                       WHERE r.gone = t.subject AND t.kind = 'attachment'),
                      CASE WHEN t.subject IS NULL THEN 0 ELSE 2 END),
             coalesce((SELECT max(CASE r.record{cases} END) FROM rests_on r WHERE r.result = t.fid), 0))"
    );
    // attachments first: others rest on them
    for kind in ["kind = 'attachment'", "kind <> 'attachment'"] {
        run(
            &format!(
                "UPDATE computed AS t SET shown = {shown} WHERE {of} AND {kind} AND shown IS NOT {shown}"
            ),
            "working out who may see what",
        )?;
    }
    Ok(())
}

/// Tables whose rows a result may rest on.
const RECORDS: [&str; 8] =
    ["body", "footprint", "zone", "hole", "sample", "determination", "claim", "computed"];

/// SQL for the visibility of a row `t` without its place.
fn own(record: &str) -> &'static str {
    match record {
        "footprint" => placed(record),
        "determination" => "t.visibility",
        _ => "t.shown",
    }
}

/// SQL for the visibility of a row `t` with its place.
fn placed(record: &str) -> &'static str {
    PLACES.iter().find(|(layer, _)| *layer == record).map_or("t.shown", |(_, closed)| closed)
}

/// Determinations of the results of the samples of a body.
const DETERMINED: &str = "t.fid IN (
    SELECT p.determination FROM sample m
    JOIN results a ON a.fid BETWEEN m.fid * 16384 AND m.fid * 16384 + 16383
    JOIN panel p ON p.panel = a.fid & 16383
    WHERE m.body = (SELECT fid FROM body WHERE id = ?3))";

/// Notes what a result rests on. Rows that its readers may not see did not go into it.
pub(super) fn note_records(
    connection: &Connection,
    result: i64,
    visibility: i64,
    rests_on: &[RestsOn],
) -> Result<()> {
    let noted = Noted { connection, result, visibility };
    for one in rests_on {
        match one {
            RestsOn::Claim(id) => noted.rows("claim", false, "t.id = ?3", id.to_string())?,
            RestsOn::Body(id) => noted.rows("body", false, "t.id = ?3", id.to_string())?,
            RestsOn::Samples(id) => noted.samples(&id.to_string(), false)?,
            RestsOn::Places(id) => {
                let id = id.to_string();
                noted.samples(&id, true)?;
                noted.rows("footprint", true, "t.body = ?3", id.clone())?;
                noted.rows("body", true, "t.id = ?3", id)?;
            }
            RestsOn::Result(id) => noted.result(&id.to_string())?,
        }
    }
    Ok(())
}

/// A result whose records are noted.
struct Noted<'a> {
    connection: &'a Connection,
    result: i64,
    visibility: i64,
}

impl Noted<'_> {
    fn samples(&self, body: &str, placed: bool) -> Result<()> {
        let of_body = "t.body = (SELECT fid FROM body WHERE id = ?3)";
        self.rows("sample", placed, of_body, body.to_owned())?;
        self.rows("determination", false, DETERMINED, body.to_owned())?;
        self.rows("hole", placed, "t.body = ?3", body.to_owned())?;
        self.rows("zone", placed, "t.body = ?3", body.to_owned())
    }

    /// Rows of a table of which `of` holds.
    fn rows(&self, record: &str, place: bool, of: &str, id: String) -> Result<()> {
        let closed = if place { placed(record) } else { own(record) };
        // a claim that readers of the result may not see closes it, for it is named
        let seen = if record == "claim" { "TRUE".into() } else { format!("{closed} <= ?2") };
        self.execute(
            &format!(
                "INSERT OR IGNORE INTO rests_on SELECT ?1, '{record}', {}, t.fid FROM {record} AS t
                 WHERE {of} AND {seen} AND ?2 >= 0",
                u8::from(place)
            ),
            (self.result, self.visibility, id),
        )
    }

    /// The body of another result and what that rests on; an attachment itself too.
    fn result(&self, id: &str) -> Result<()> {
        self.execute(
            "INSERT OR IGNORE INTO rests_on
             SELECT ?1, 'computed', 0, fid FROM computed WHERE id = ?2 AND kind = 'attachment'",
            (self.result, id),
        )?;
        self.execute(
            "INSERT OR IGNORE INTO rests_on
             SELECT ?1, 'body', 0, b.fid FROM computed c JOIN body b ON b.id = c.subject WHERE c.id = ?2",
            (self.result, id),
        )?;
        self.execute(
            "INSERT OR IGNORE INTO rests_on
             SELECT ?1, record, placed, row FROM rests_on WHERE result = (SELECT fid FROM computed WHERE id = ?2)",
            (self.result, id),
        )
    }

    fn execute(&self, sql: &str, with: impl rusqlite::Params) -> Result<()> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut s| s.execute(with))
            .map(|_| ())
            .doing("noting what a result rests on")
    }
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
