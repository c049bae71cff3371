//! Boxes asked of the R-tree of a layer.

use rusqlite::{Connection, Row};
use varp_model::Bbox;

use super::Doing;
use crate::Result;

/// Boxes that hold more than this are answered by walking the table.
pub(super) const FEW: usize = 1000;

/// How to answer a box over a layer with an R-tree.
pub(super) enum Boxed {
    /// Keys of all rows that match: in the box, or without a place.
    Few(Vec<i64>),
    /// All rows: the box holds the whole layer.
    All,
    /// More than a thousand: walk the table.
    Many,
}

/// Looks a box up in the R-tree of a layer whose rows without a place an index lists: for the
/// public, as the tree holds nothing closed.
pub(super) fn look_up(connection: &Connection, layer: &str, bbox: Bbox) -> Result<Boxed> {
    if holds_all(connection, layer, bbox)? {
        return Ok(Boxed::All);
    }
    let Some(mut keys) = hits(connection, layer, bbox)? else { return Ok(Boxed::Many) };
    let mut statement = connection
        .prepare_cached(&format!(
            "SELECT fid FROM {layer} WHERE geom IS NULL AND shown = 0 LIMIT {}",
            FEW + 1
        ))
        .doing("looking for rows without a place")?;
    let unplaced = statement
        .query_map([], |row| row.get(0))
        .and_then(Iterator::collect::<rusqlite::Result<Vec<i64>>>)
        .doing("looking for rows without a place")?;
    keys.extend(unplaced);
    keys.sort_unstable();
    Ok(if keys.len() > FEW { Boxed::Many } else { Boxed::Few(keys) })
}

/// Keys of rows of a layer whose geometry meets the box; `None` if there are more than a thousand.
pub(super) fn hits(connection: &Connection, layer: &str, bbox: Bbox) -> Result<Option<Vec<i64>>> {
    let halves = if bbox.west <= bbox.east {
        vec![(bbox.west, bbox.east)]
    } else {
        vec![(bbox.west, 180.0), (-180.0, bbox.east)]
    };
    let sql = format!(
        "SELECT id, minx, maxx, miny, maxy FROM rtree_{layer}_geom
         WHERE maxx >= ?1 AND minx <= ?2 AND maxy >= ?3 AND miny <= ?4 LIMIT {}",
        FEW + 1
    );
    let mut keys = Vec::new();
    for (west, east) in halves {
        let mut statement = connection.prepare_cached(&sql).doing("looking into a box")?;
        let mut rows =
            statement.query([west, east, bbox.south, bbox.north]).doing("looking into a box")?;
        while let Some(row) = rows.next().doing("looking into a box")? {
            let (key, sure) = read_hit(row, (west, east), bbox).doing("looking into a box")?;
            if sure || meets(connection, layer, key, (west, east), bbox)? {
                keys.push(key);
            }
            if keys.len() > FEW {
                return Ok(None);
            }
        }
    }
    keys.sort_unstable();
    keys.dedup();
    Ok(Some(keys))
}

fn holds_all(connection: &Connection, layer: &str, bbox: Bbox) -> Result<bool> {
    connection
        .prepare_cached(
            "SELECT min_x >= ?2 AND max_x <= ?3 AND min_y >= ?4 AND max_y <= ?5
             FROM gpkg_contents WHERE table_name = ?1",
        )
        .and_then(|mut s| {
            s.query_row((layer, bbox.west, bbox.east, bbox.south, bbox.north), |row| {
                row.get::<_, Option<bool>>(0)
            })
        })
        .map(|all| all.unwrap_or(false))
        .doing("comparing a box with the extent")
}

/// A hit of the R-tree and whether it surely meets the box: the tree rounds outwards to single
/// precision.
fn read_hit(row: &Row<'_>, (west, east): (f64, f64), bbox: Bbox) -> rusqlite::Result<(i64, bool)> {
    let (min_x, max_x): (f64, f64) = (row.get(1)?, row.get(2)?);
    let (min_y, max_y): (f64, f64) = (row.get(3)?, row.get(4)?);
    let inside = min_x >= west && max_x <= east && min_y >= bbox.south && max_y <= bbox.north;
    Ok((row.get(0)?, inside))
}

fn meets(
    connection: &Connection,
    layer: &str,
    key: i64,
    (west, east): (f64, f64),
    bbox: Bbox,
) -> Result<bool> {
    connection
        .prepare_cached(&format!(
            "SELECT ST_MaxX(geom) >= ?2 AND ST_MinX(geom) <= ?3 AND ST_MaxY(geom) >= ?4 AND ST_MinY(geom) <= ?5
             FROM {layer} WHERE fid = ?1"
        ))
        .and_then(|mut s| s.query_row((key, west, east, bbox.south, bbox.north), |row| row.get(0)))
        .doing("looking at the edge of a box")
}
