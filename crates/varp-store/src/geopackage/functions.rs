//! The five functions that the R-tree triggers of a GeoPackage call.

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error};

use crate::blob::{self, Bounds};

/// Registers `ST_IsEmpty`, `ST_MinX`, `ST_MaxX`, `ST_MinY` and `ST_MaxY`.
pub(super) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("ST_IsEmpty", 1, flags, |context| {
        argument(context)?.map(|blob| bounds(blob).map(|b| b.is_none())).transpose()
    })?;
    for (name, edge) in [("ST_MinX", 0), ("ST_MaxX", 1), ("ST_MinY", 2), ("ST_MaxY", 3)] {
        connection.create_scalar_function(name, 1, flags, move |context| {
            let Some(blob) = argument(context)? else { return Ok(None) };
            Ok(bounds(blob)?.map(|b| b[edge]))
        })?;
    }
    Ok(())
}

fn argument<'a>(context: &'a Context<'_>) -> rusqlite::Result<Option<&'a [u8]>> {
    match context.get_raw(0) {
        ValueRef::Null => Ok(None),
        ValueRef::Blob(blob) => Ok(Some(blob)),
        other => Err(Error::InvalidFunctionParameterType(0, other.data_type())),
    }
}

fn bounds(blob: &[u8]) -> rusqlite::Result<Option<Bounds>> {
    blob::bounds(blob).map_err(|error| Error::UserFunctionError(Box::new(error)))
}
