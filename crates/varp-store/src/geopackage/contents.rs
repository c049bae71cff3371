//! What `gpkg_contents` says of the tables: last change and extent.

use rusqlite::Connection;

use super::schema::LAYERS;
use super::{Doing, rtree};
use crate::Result;

/// States the extents and marks layers and tables as changed.
pub(super) fn refresh(connection: &Connection) -> Result<()> {
    for (layer, _) in LAYERS {
        let extent = rtree::extent(connection, layer)?;
        let edge = |at: usize| extent.map(|e| e[at]);
        connection
            .prepare_cached(
                "UPDATE gpkg_contents SET min_x = ?2, max_x = ?3, min_y = ?4, max_y = ?5
                 WHERE table_name = ?1",
            )
            .and_then(|mut s| s.execute((layer, edge(0), edge(1), edge(2), edge(3))))
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
