//! Versions of the schema, and the triggers and registrations that follow from its tables.

use rusqlite::Connection;
use varp_model::Unit;

use super::Doing;
use crate::{Result, StoreError};

/// `GPKG` in the header of the file.
pub(crate) const APPLICATION_ID: i64 = 0x4750_4b47;

/// GeoPackage 1.2, the version whose R-tree triggers GDAL writes too.
pub(crate) const GEOPACKAGE_VERSION: i64 = 10200;

/// Forward only: the file of version n stands at n − 1.
const MIGRATIONS: &[&str] = &[
    concat!(
        include_str!("../schema/000_geopackage.sql"),
        include_str!("../schema/001_register.sql")
    ),
    include_str!("../schema/002_computed.sql"),
    include_str!("../schema/003_rests_on.sql"),
    include_str!("../schema/004_attachments.sql"),
];

/// Newest schema that this program knows.
pub(super) const KNOWN: u32 = MIGRATIONS.len() as u32;

/// A layer: table and geometry type.
pub(super) const LAYERS: &[(&str, &str)] = &[
    ("site", "POINT"),
    ("body", "POINT"),
    ("footprint", "MULTIPOLYGON"),
    ("zone", "MULTIPOLYGON"),
    ("hole", "POINT"),
    ("sample", "POINT"),
];

/// Tables and views without geometry that a GIS may show.
const ATTRIBUTES: &[(&str, &str)] = &[
    ("source", "Citations"),
    ("claim", "Sourced facts about sites, bodies, zones, holes and samples"),
    ("determination", "Analyte, unit, method and laboratory of assays"),
    ("assay", "Results of determinations, to read"),
    ("results", "Results of determinations as stored, a row per sample and panel"),
    ("panel", "Determinations whose results stand in one row"),
    ("provenance", "Dataset, source and place in it that samples share"),
    ("import", "Runs of imports"),
    ("change", "Who changed what, when and why"),
    ("computed", "Estimates, classes and rankings, with all that computes them again"),
    ("decision", "What people decided of computed results"),
    ("reference_file", "Rules, priors, prices and lists that results used"),
    ("withheld_place", "Exact places that the public may not see"),
    ("redirect", "Identities that were merged into others"),
    ("kept_apart", "Pairs that were compared and are different things"),
    ("unit", "Units that claims may have"),
];

/// Tables whose rows the change log follows, and the column that names a row.
pub(super) const LOGGED: &[(&str, &str)] = &[
    ("source", "id"),
    ("site", "id"),
    ("body", "id"),
    ("footprint", "body"),
    ("zone", "id"),
    ("hole", "id"),
    ("sample", "id"),
    ("determination", "fid"),
    ("claim", "id"),
];

/// Brings a register, or an empty file, to the newest schema. Call it inside a transaction.
pub(super) fn migrate(connection: &Connection, from: u32) -> Result<()> {
    if from > KNOWN {
        return Err(StoreError::TooNew { found: from, known: KNOWN });
    }
    for migration in &MIGRATIONS[from as usize..] {
        connection.execute_batch(migration).doing("bringing the schema up to date")?;
    }
    if from < KNOWN {
        connection
            .execute_batch(&format!(
                "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {GEOPACKAGE_VERSION};
                 INSERT OR REPLACE INTO register VALUES ('schema', {KNOWN});"
            ))
            .doing("stating the schema")?;
        register_layers(connection).doing("registering layers")?;
        restore_triggers(connection).doing("making triggers")?;
    }
    connection
        .execute("INSERT OR IGNORE INTO register VALUES ('secret', random())", [])
        .doing("making the secret of the register")?;
    for unit in Unit::all() {
        connection
            .prepare_cached("INSERT OR IGNORE INTO unit (symbol) VALUES (?1)")
            .and_then(|mut s| s.execute([unit.symbol()]))
            .doing("listing units")?;
    }
    Ok(())
}

/// Whether the file has a secret, and the units of the program.
pub(super) fn complete(connection: &Connection) -> rusqlite::Result<bool> {
    let sql = "SELECT (SELECT count(*) FROM unit) >= ?1
                  AND EXISTS (SELECT 1 FROM register WHERE name = 'secret')";
    connection.query_row(sql, [Unit::all().count()], |row| row.get(0))
}

fn register_layers(connection: &Connection) -> rusqlite::Result<()> {
    for (table, geometry) in LAYERS {
        connection.execute(
            "INSERT OR IGNORE INTO gpkg_contents (table_name, data_type, identifier, srs_id)
             VALUES (?1, 'features', ?1, 4326)",
            [table],
        )?;
        connection.execute(
            "INSERT OR IGNORE INTO gpkg_geometry_columns VALUES (?1, 'geom', ?2, 4326, 0, 0)",
            [table, geometry],
        )?;
        let indexed = connection.execute(
            "INSERT OR IGNORE INTO gpkg_extensions VALUES (?1, 'geom', 'gpkg_rtree_index',
             'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')",
            [table],
        )?;
        if indexed > 0 {
            connection.execute_batch(&format!(
                "CREATE VIRTUAL TABLE rtree_{table}_geom USING rtree(id, minx, maxx, miny, maxy);
                 INSERT INTO rtree_{table}_geom
                 SELECT fid, ST_MinX(geom), ST_MaxX(geom), ST_MinY(geom), ST_MaxY(geom)
                 FROM {table} WHERE geom IS NOT NULL AND NOT ST_IsEmpty(geom);"
            ))?;
        }
    }
    for (table, description) in ATTRIBUTES {
        connection.execute(
            "INSERT OR IGNORE INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)
             VALUES (?1, 'attributes', ?1, ?2, 0)",
            [table, description],
        )?;
    }
    Ok(())
}

/// Drops the triggers that would slow a bulk load: index and log of new rows.
pub(super) fn drop_insert_triggers(connection: &Connection) -> rusqlite::Result<()> {
    for (table, _) in LAYERS {
        connection.execute_batch(&format!("DROP TRIGGER IF EXISTS rtree_{table}_geom_insert"))?;
    }
    for (table, _) in LOGGED {
        connection.execute_batch(&format!("DROP TRIGGER IF EXISTS {table}_logs_insert"))?;
    }
    Ok(())
}

/// Makes all triggers of the R-tree and of the change log that are missing or out of date.
pub(super) fn restore_triggers(connection: &Connection) -> rusqlite::Result<()> {
    let wanted = LAYERS.iter().flat_map(|(table, _)| rtree_triggers(table)).map(Ok).chain(
        LOGGED.iter().map(|(table, key)| log_triggers(connection, table, key)).flat_map(
            |triggers| match triggers {
                Ok(triggers) => triggers.into_iter().map(Ok).collect::<Vec<_>>(),
                Err(error) => vec![Err(error)],
            },
        ),
    );
    for trigger in wanted {
        let (name, sql) = trigger?;
        let found: Option<String> = connection
            .query_row(
                "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?1",
                [&name],
                |r| r.get(0),
            )
            .map(Some)
            .or_else(|error| match error {
                rusqlite::Error::QueryReturnedNoRows => Ok(None),
                other => Err(other),
            })?;
        if found.as_deref() != Some(&sql) {
            connection.execute_batch(&format!("DROP TRIGGER IF EXISTS {name}; {sql}"))?;
        }
    }
    Ok(())
}

/// The triggers of the R-tree extension of GeoPackage 1.2 (OGC 12-128r14, annex F.3).
fn rtree_triggers(table: &str) -> Vec<(String, String)> {
    let index = format!("rtree_{table}_geom");
    let put = format!(
        "INSERT OR REPLACE INTO \"{index}\" VALUES (NEW.\"fid\",ST_MinX(NEW.\"geom\"), ST_MaxX(NEW.\"geom\"),ST_MinY(NEW.\"geom\"), ST_MaxY(NEW.\"geom\"));"
    );
    let drop = format!("DELETE FROM \"{index}\" WHERE id = OLD.\"fid\";");
    let full = "(NEW.\"geom\" NOTNULL AND NOT ST_IsEmpty(NEW.\"geom\"))";
    let empty = "(NEW.\"geom\" ISNULL OR ST_IsEmpty(NEW.\"geom\"))";
    let same = "OLD.\"fid\" = NEW.\"fid\"";
    let other = "OLD.\"fid\" != NEW.\"fid\"";
    [
        ("insert", format!("AFTER INSERT ON \"{table}\" WHEN {full} BEGIN {put} END")),
        ("update1", format!("AFTER UPDATE OF \"geom\" ON \"{table}\" WHEN {same} AND {full} BEGIN {put} END")),
        ("update2", format!("AFTER UPDATE OF \"geom\" ON \"{table}\" WHEN {same} AND {empty} BEGIN {drop} END")),
        ("update3", format!("AFTER UPDATE ON \"{table}\" WHEN {other} AND {full} BEGIN {drop} {put} END")),
        ("update4", format!("AFTER UPDATE ON \"{table}\" WHEN {other} AND {empty} BEGIN DELETE FROM \"{index}\" WHERE id IN (OLD.\"fid\", NEW.\"fid\"); END")),
        ("delete", format!("AFTER DELETE ON \"{table}\" WHEN OLD.\"geom\" NOT NULL BEGIN {drop} END")),
    ]
    .into_iter()
    .map(|(event, rest)| {
        let name = format!("{index}_{event}");
        let sql = format!("CREATE TRIGGER \"{name}\" {rest}");
        (name, sql)
    })
    .collect()
}

/// Triggers that write rows before and after a change as JSON, in SQL that every SQLite has.
fn log_triggers(
    connection: &Connection,
    table: &str,
    key: &str,
) -> rusqlite::Result<Vec<(String, String)>> {
    let logged = Logged::read(connection, table, key)?;
    let loud = "(SELECT quiet FROM context) IS NOT 1";
    let changed: Vec<String> =
        logged.columns.iter().map(|c| format!("OLD.{c} IS NOT NEW.{c}")).collect();
    let changed = changed.join(" OR ");
    let insert = logged.record("insert", None, Some("NEW"));
    let update = logged.record("update", Some("OLD"), Some("NEW"));
    let delete = logged.record("delete", Some("OLD"), None);
    Ok([
        ("insert", format!("AFTER INSERT ON {table} WHEN {loud} BEGIN {insert} END")),
        (
            "update",
            format!("AFTER UPDATE ON {table} WHEN {loud} AND ({changed}) BEGIN {update} END"),
        ),
        ("delete", format!("AFTER DELETE ON {table} WHEN {loud} BEGIN {delete} END")),
    ]
    .into_iter()
    .map(|(event, rest)| {
        let name = format!("{table}_logs_{event}");
        let sql = format!("CREATE TRIGGER {name} {rest}");
        (name, sql)
    })
    .collect())
}

/// A table that the change log follows, with its columns.
struct Logged<'a> {
    table: &'a str,
    key: &'a str,
    columns: Vec<String>,
}

impl<'a> Logged<'a> {
    fn read(connection: &Connection, table: &'a str, key: &'a str) -> rusqlite::Result<Self> {
        let columns = connection
            .prepare(
                "SELECT name FROM pragma_table_info(?1) WHERE name NOT IN ('shown', 'digest')",
            )?
            .query_map([table], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        Ok(Self { table, key, columns })
    }

    /// The statement that writes a record; `OLD` or `NEW` may not exist.
    fn record(&self, operation: &str, old: Option<&str>, new: Option<&str>) -> String {
        let (table, row) = (self.table, old.or(new).unwrap_or("NEW"));
        let name = match table {
            "sample" => uuid_text(&format!("{row}.id")),
            _ => format!("{row}.{}", self.key),
        };
        let json = |row: Option<&str>| row.map_or("NULL".into(), |row| self.json(row));
        let closed: Vec<String> =
            [old, new].into_iter().flatten().flat_map(|r| self.closed(r)).collect();
        format!(
            "INSERT INTO change \
             (actor, reason, import, table_name, row, operation, before, after, visibility) \
             VALUES ((SELECT actor FROM context), (SELECT reason FROM context), \
             (SELECT import FROM context), '{table}', {name}, '{operation}', {}, {}, max(0, {}));",
            json(old),
            json(new),
            closed.join(", ")
        )
    }

    fn json(&self, row: &str) -> String {
        let pairs = self.columns.iter().map(|column| match (column.as_str(), self.table) {
            ("geom", _) | ("id", "sample") => format!("'{column}', hex({row}.{column})"),
            _ => format!("'{column}', {row}.{column}"),
        });
        format!("json_object({})", pairs.collect::<Vec<_>>().join(", "))
    }

    fn closed(&self, row: &str) -> Vec<String> {
        self.columns
            .iter()
            .filter(|c| matches!(c.as_str(), "visibility" | "position_visibility"))
            .map(|c| format!("{row}.{c}"))
            .collect()
    }
}

/// SQL for the text of a UUID that stands in 16 bytes.
pub(super) fn uuid_text(bytes: &str) -> String {
    let part = |from: u8, length: u8| format!("substr(hex({bytes}), {from}, {length})");
    format!(
        "lower({} || '-' || {} || '-' || {} || '-' || {} || '-' || {})",
        part(1, 8),
        part(9, 4),
        part(13, 4),
        part(17, 4),
        part(21, 12)
    )
}
