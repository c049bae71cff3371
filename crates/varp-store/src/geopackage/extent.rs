//! Least boxes around collections.

use std::sync::Mutex;

use rusqlite::Connection;
use varp_model::{Bbox, Visibility};

use super::open::lock;
use super::page::Totals;
use super::row::level;
use super::{Doing, care};
use crate::Result;
use crate::query::Collection;

/// Least box around what the audience may see of a collection; worked out once per version.
pub(super) fn extent(
    connection: &Connection,
    collection: Collection,
    audience: Visibility,
    totals: &Mutex<Totals>,
) -> Result<Option<Bbox>> {
    let layers: &[&str] = match collection {
        Collection::Sites => &["site"],
        Collection::Bodies | Collection::Estimates | Collection::Classifications => &["body"],
        Collection::Samples | Collection::Assays => &["sample", "hole"],
        Collection::Quantities => &["site", "body", "hole", "sample"],
        Collection::Sources => return Ok(None),
    };
    let version = care::version(connection)?;
    let known_as = format!("{collection:?} {audience}");
    if let Some(known) = lock(totals).of(version).extents.get(&known_as) {
        return Ok(*known);
    }
    let mut extent: Option<Bbox> = None;
    for layer in layers {
        let only = only(collection, layer, audience);
        if let Some(found) = of_layer(connection, layer, &only, audience)? {
            extent = Some(extent.map_or(found, |e| Bbox {
                west: e.west.min(found.west),
                south: e.south.min(found.south),
                east: e.east.max(found.east),
                north: e.north.max(found.north),
            }));
        }
    }
    lock(totals).of(version).extents.insert(known_as, extent);
    Ok(extent)
}

/// Which rows of a layer `t` a collection is about: by what the audience may see of it.
fn only(collection: Collection, layer: &str, audience: Visibility) -> String {
    let shown = format!("shown <= {}", level(audience));
    match (collection, layer) {
        (Collection::Samples | Collection::Assays, "hole") => {
            format!("t.fid IN (SELECT hole FROM sample WHERE {shown})")
        }
        (Collection::Quantities, "sample") => format!(
            "t.id IN (SELECT unhex(subject, '-') FROM claim
             WHERE subject_kind = 'sample' AND value_kind = 'number' AND {shown})"
        ),
        (Collection::Quantities, _) => {
            format!("t.id IN (SELECT subject FROM claim WHERE value_kind = 'number' AND {shown})")
        }
        _ => "TRUE".to_owned(),
    }
}

fn of_layer(
    connection: &Connection,
    layer: &str,
    only: &str,
    audience: Visibility,
) -> Result<Option<Bbox>> {
    let a = level(audience);
    let mut places =
        format!("SELECT t.geom AS place FROM {layer} t WHERE t.shown <= {a} AND {only}");
    if audience != Visibility::Public {
        places += &format!(
            " UNION ALL SELECT w.place FROM withheld_place w JOIN {layer} t ON t.fid = w.row
              WHERE w.layer = '{layer}' AND w.visibility <= {a} AND t.shown <= {a} AND {only}"
        );
    }
    let sql = format!(
        "SELECT min(ST_MinX(place)), min(ST_MinY(place)), max(ST_MaxX(place)), max(ST_MaxY(place)) FROM ({places})"
    );
    let edges: [Option<f64>; 4] = connection
        .prepare_cached(&sql)
        .and_then(|mut s| {
            s.query_row([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))
        })
        .doing("working out an extent")?;
    Ok(match edges {
        [Some(west), Some(south), Some(east), Some(north)] => {
            Some(Bbox { west, south, east, north })
        }
        _ => None,
    })
}
