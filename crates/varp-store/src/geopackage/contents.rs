//! What `gpkg_contents` says of the tables: last change and extent.

use rusqlite::Connection;

use super::Doing;
use super::schema::LAYERS;
use crate::Result;

/// States the extents and marks layers and tables as changed.
pub(super) fn refresh(connection: &Connection) -> Result<()> {
    for (layer, _) in LAYERS {
        connection
            .prepare_cached(&format!(
                "UPDATE gpkg_contents SET (min_x, max_x, min_y, max_y) =
                   (SELECT min(minx), max(maxx), min(miny), max(maxy) FROM rtree_{layer}_geom)
                 WHERE table_name = '{layer}'"
            ))
            .and_then(|mut s| s.execute([]))
            .doing("stating the extent of a layer")?;
    }
    connection
        .prepare_cached(
            "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')",
        )
        .and_then(|mut s| s.execute([]))
        .map(|_| ())
        .doing("stating the last change")
}
