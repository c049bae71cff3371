//! The five functions that the R-tree triggers of a GeoPackage call, and one of our own for boxes.

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error};

use crate::blob::{self, Bounds};

/// Registers `ST_IsEmpty`, `ST_MinX`, `ST_MaxX`, `ST_MinY` and `ST_MaxY`, and
/// `meets_box(geometry, west, south, east, north)`, where west may be east of east.
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
    connection.create_scalar_function("meets_box", 5, flags, |context| {
        let Some(blob) = argument(context)? else { return Ok(None) };
        let Some([min_x, max_x, min_y, max_y]) = bounds(blob)? else { return Ok(None) };
        let (west, south): (f64, f64) = (context.get(1)?, context.get(2)?);
        let (east, north): (f64, f64) = (context.get(3)?, context.get(4)?);
        let x = if west <= east {
            max_x >= west && min_x <= east
        } else {
            max_x >= west || min_x <= east
        };
        Ok(Some(x && max_y >= south && min_y <= north))
    })
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
