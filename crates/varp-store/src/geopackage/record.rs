//! What the tables of records have in common: a UUID, a list of columns, references to others.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};
use uuid::Uuid;
use varp_model::Visibility;

use super::Doing;
use super::row::level;
use super::values::{Values, digest};
use crate::Result;

/// A record that is one row of a table.
pub(super) trait Record {
    /// Its table, which is also the word for its kind.
    const TABLE: &'static str;
    /// Its columns, `id` first.
    const COLUMNS: &'static [&'static str];
    /// The columns that hold identities of other records.
    const REFERENCES: &'static [&'static str];
    /// Columns that keep what stands there, where the import has nothing for them.
    const STICKY: &'static [&'static str] = &[];

    fn id(&self) -> Uuid;
    fn write(&self, values: &mut Values);

    /// Whether a column only tells where and how the record was read, not what it says.
    ///
    /// A record that says the same in another file or row is unchanged, and keeps the place where
    /// it was read first, which goes with the import that brought it.
    fn is_print(&self, column: &str) -> bool {
        PRINT.contains(&column)
    }

    /// An outline that stands in a table of its own.
    fn outline(&self) -> Option<&varp_model::Geometry> {
        None
    }
}

/// Columns of any record that tell where it was read.
pub(super) const PRINT: &[&str] =
    &["source_file", "source_sheet", "source_row", "source_column", "file_hash"];

/// What [`put`] did.
pub(super) enum Put {
    Added(i64),
    Changed(i64),
    Unchanged,
}

/// Columns to select, `w` being the withheld place that a closed audience may see too.
pub(super) fn select(columns: &[&str], table: &str, audience: Visibility) -> String {
    let withheld = |column: &str| match column {
        "geom" => Some("place"),
        "x" | "y" | "epsg" | "accuracy_m" => None,
        _ => Some(""),
    };
    let listed = columns.iter().map(|column| {
        if audience == Visibility::Public {
            return format!("{table}.{column}");
        }
        match withheld(column) {
            Some("") => format!("{table}.{column}"),
            other => format!("coalesce({table}.{column}, w.{})", other.unwrap_or(column)),
        }
    });
    listed.collect::<Vec<_>>().join(", ")
}

/// The join that [`select`] needs for a closed audience.
pub(super) fn join_withheld(layer: &str, table: &str, audience: Visibility) -> String {
    if audience == Visibility::Public {
        return String::new();
    }
    format!(
        " LEFT JOIN withheld_place w ON w.layer = '{layer}' AND w.row = {table}.fid AND w.visibility <= {}",
        level(audience)
    )
}

/// Adds a record, or updates the row that has its id.
///
/// `redirect` says where an identity that was merged away points now; a record that was itself
/// merged away is left alone.
pub(super) fn put<R: Record>(
    connection: &Connection,
    record: &R,
    import: i64,
    redirect: impl Fn(Uuid) -> Option<Uuid>,
) -> Result<Put> {
    let mut values = Values::default();
    record.write(&mut values);
    let mut values = values.0;
    let digest = digest_of(record, &values);
    let found = find::<R>(connection, record.id())?;
    match found {
        None if redirect(record.id()).is_some() => return Ok(Put::Unchanged),
        Some((_, Some(known))) if known == digest => return Ok(Put::Unchanged),
        _ => {}
    }
    for (column, value) in R::COLUMNS.iter().zip(&mut values) {
        if let (true, Value::Text(text)) = (R::REFERENCES.contains(column), &mut *value)
            && let Some(kept) = Uuid::try_parse(text).ok().and_then(&redirect)
        {
            *text = kept.to_string();
        }
    }
    match found {
        None => insert::<R>(connection, values, import, digest).map(Put::Added),
        Some((fid, _)) if stands(connection, record, fid, &values)? => Ok(Put::Unchanged),
        Some((fid, _)) => {
            super::visibility::release(connection, R::TABLE, fid)?;
            update::<R>(connection, fid, values, digest)?;
            Ok(Put::Changed(fid))
        }
    }
}

/// Digest of what a record says, its outline included.
fn digest_of<R: Record>(record: &R, values: &[Value]) -> i64 {
    let says = R::COLUMNS.iter().zip(values).filter(|(column, _)| !record.is_print(column));
    let mut says: Vec<Value> = says.map(|(_, value)| value.clone()).collect();
    says.push(record.outline().and_then(crate::blob::from_area).into());
    digest(&says)
}

/// Whether the row says already what the record says, as after an edit that the source took over.
fn stands<R: Record>(
    connection: &Connection,
    record: &R,
    fid: i64,
    values: &[Value],
) -> Result<bool> {
    if record.outline().is_some() {
        return Ok(false); // an outline stands in a table of its own, and is compared there
    }
    let sql = format!("SELECT {} FROM {} WHERE fid = ?1", R::COLUMNS.join(", "), R::TABLE);
    connection
        .prepare_cached(&sql)
        .and_then(|mut s| {
            s.query_row([fid], |row| {
                for (at, (column, value)) in R::COLUMNS.iter().zip(values).enumerate() {
                    let kept = R::STICKY.contains(column) && *value == Value::Null;
                    if !kept && !record.is_print(column) && row.get::<_, Value>(at)? != *value {
                        return Ok(false);
                    }
                }
                Ok(true)
            })
        })
        .doing("comparing a record")
}

fn find<R: Record>(connection: &Connection, id: Uuid) -> Result<Option<(i64, Option<i64>)>> {
    connection
        .prepare_cached(&format!("SELECT fid, digest FROM {} WHERE id = ?1", R::TABLE))
        .and_then(|mut s| {
            s.query_row([id.to_string()], |row| Ok((row.get(0)?, row.get(1)?))).optional()
        })
        .doing("looking for a record")
}

fn insert<R: Record>(
    connection: &Connection,
    values: Vec<Value>,
    import: i64,
    digest: i64,
) -> Result<i64> {
    let marks = vec!["?"; values.len() + 2].join(", ");
    let sql = format!(
        "INSERT INTO {} ({}, import, digest) VALUES ({marks})",
        R::TABLE,
        R::COLUMNS.join(", ")
    );
    let values = values.into_iter().chain([import.into(), digest.into()]);
    connection
        .prepare_cached(&sql)
        .and_then(|mut s| s.insert(params_from_iter(values)))
        .doing("adding a record")
}

fn update<R: Record>(
    connection: &Connection,
    fid: i64,
    values: Vec<Value>,
    digest: i64,
) -> Result<()> {
    let sets: Vec<String> = R::COLUMNS
        .iter()
        .map(|c| {
            if R::STICKY.contains(c) {
                format!("{c} = coalesce(?, {c})")
            } else {
                format!("{c} = ?")
            }
        })
        .collect();
    let sql = format!("UPDATE {} SET {}, digest = ? WHERE fid = ?", R::TABLE, sets.join(", "));
    let values = values.into_iter().chain([digest.into(), fid.into()]);
    connection
        .prepare_cached(&sql)
        .and_then(|mut s| s.execute(params_from_iter(values)))
        .map(|_| ())
        .doing("changing a record")
}
