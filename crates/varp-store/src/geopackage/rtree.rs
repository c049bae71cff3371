//! Building the R-tree of a layer in one go: nodes packed full, written straight into its tables.
//!
//! Inserting entries one by one costs some ten microseconds each and leaves nodes two thirds full.
//! The format of the tables is that of SQLite's R-tree module: rowid and nodes as below, numbers
//! big-endian, coordinates in single precision, rounded outwards.
//!
//! Source: SQLite, "The SQLite R*Tree Module", section 7 (shadow tables), and `ext/rtree/rtree.c`.

use rusqlite::Connection;

use super::Doing;
use crate::{Result, StoreError};

/// Bytes of an entry: a key and four coordinates.
const ENTRY: usize = 24;

/// Fewer new rows than this are inserted one by one.
const WORTH_IT: i64 = 500;

/// A key and its box: least and greatest x, least and greatest y.
#[derive(Clone, Copy)]
struct Entry {
    key: i64,
    edges: [f32; 4],
}

impl Entry {
    fn centre(&self) -> (f32, f32) {
        let [west, east, south, north] = self.edges;
        (f32::midpoint(west, east), f32::midpoint(south, north))
    }
}

/// Adds the rows of a layer after `last` to its R-tree: by building it anew where they are many.
pub(super) fn add_after(connection: &Connection, layer: &str, last: i64) -> Result<()> {
    let (new, old): (i64, i64) = connection
        .query_row(
            &format!(
                "SELECT (SELECT count(*) FROM {layer} WHERE fid > ?1 AND geom IS NOT NULL),
                        (SELECT count(*) FROM rtree_{layer}_geom_rowid)"
            ),
            [last],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .doing("looking at the spatial index")?;
    if new < WORTH_IT || new < old / 4 {
        return connection
            .execute(
                &format!(
                    "INSERT OR REPLACE INTO rtree_{layer}_geom
                     SELECT fid, ST_MinX(geom), ST_MaxX(geom), ST_MinY(geom), ST_MaxY(geom)
                     FROM {layer} WHERE fid > ?1 AND geom IS NOT NULL AND NOT ST_IsEmpty(geom)"
                ),
                [last],
            )
            .map(|_| ())
            .doing("filling the spatial index");
    }
    build(connection, layer)
}

fn build(connection: &Connection, layer: &str) -> Result<()> {
    let index = format!("rtree_{layer}_geom");
    let size: usize = connection
        .query_row(&format!("SELECT length(data) FROM {index}_node WHERE nodeno = 1"), [], |row| {
            row.get(0)
        })
        .doing("looking at the spatial index")?;
    connection
        .execute_batch(&format!(
            "DELETE FROM {index}_node; DELETE FROM {index}_rowid; DELETE FROM {index}_parent;"
        ))
        .doing("emptying the spatial index")?;
    let mut writer = Nodes { connection, index, size, last: 1 };
    let mut level = entries(connection, layer)?;
    let mut depth = 0;
    let capacity = (size - 4) / ENTRY;
    while level.len() > capacity {
        sort_into_tiles(&mut level, capacity);
        let leaves = depth == 0;
        level =
            level.chunks(capacity).map(|node| writer.write(node, leaves)).collect::<Result<_>>()?;
        depth += 1;
    }
    writer.write_root(&level, depth)
}

fn entries(connection: &Connection, layer: &str) -> Result<Vec<Entry>> {
    let mut statement = connection
        .prepare(&format!("SELECT fid, geom FROM {layer} WHERE geom IS NOT NULL"))
        .doing("reading geometries")?;
    let mut rows = statement.query([]).doing("reading geometries")?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next().doing("reading geometries")? {
        let key = row.get(0).doing("reading geometries")?;
        let blob = row.get_ref(1).doing("reading geometries")?;
        let bounds = blob.as_blob().ok().and_then(|blob| crate::blob::bounds(blob).ok());
        let bounds = bounds.ok_or_else(|| {
            StoreError::Refused(format!("the geometry of row {key} of {layer} is damaged"))
        })?;
        if let Some([west, east, south, north]) = bounds {
            entries.push(Entry { key, edges: [down(west), up(east), down(south), up(north)] });
        }
    }
    Ok(entries)
}

/// The greatest single-precision number that is not above `value`.
#[expect(clippy::cast_possible_truncation, reason = "rounding is the point")]
fn down(value: f64) -> f32 {
    let near = value as f32;
    if f64::from(near) > value { near.next_down() } else { near }
}

/// The least single-precision number that is not below `value`.
#[expect(clippy::cast_possible_truncation, reason = "rounding is the point")]
fn up(value: f64) -> f32 {
    let near = value as f32;
    if f64::from(near) < value { near.next_up() } else { near }
}

/// Orders entries so that each run of `capacity` lies close together: sort-tile-recursive.
///
/// Source: S. T. Leutenegger, M. A. Lopez, J. Edgington, STR: a simple and efficient algorithm for
/// R-tree packing, ICDE 1997.
fn sort_into_tiles(entries: &mut [Entry], capacity: usize) {
    let nodes = entries.len().div_ceil(capacity);
    let slices = (1..).find(|s| s * s >= nodes).unwrap_or(1);
    entries.sort_unstable_by(|a, b| a.centre().0.total_cmp(&b.centre().0).then(a.key.cmp(&b.key)));
    for slice in entries.chunks_mut(slices * capacity) {
        slice
            .sort_unstable_by(|a, b| a.centre().1.total_cmp(&b.centre().1).then(a.key.cmp(&b.key)));
    }
}

/// Writes nodes, numbered from 2 on; 1 is the root.
struct Nodes<'c> {
    connection: &'c Connection,
    index: String,
    size: usize,
    last: i64,
}

impl Nodes<'_> {
    /// Writes a node and who its children are; returns the entry for its parent.
    fn write(&mut self, entries: &[Entry], leaves: bool) -> Result<Entry> {
        self.last += 1;
        self.put(self.last, entries, 0, leaves)?;
        let mut edges = [f32::INFINITY, f32::NEG_INFINITY, f32::INFINITY, f32::NEG_INFINITY];
        for Entry { edges: [west, east, south, north], .. } in entries {
            edges = [
                edges[0].min(*west),
                edges[1].max(*east),
                edges[2].min(*south),
                edges[3].max(*north),
            ];
        }
        Ok(Entry { key: self.last, edges })
    }

    fn write_root(&self, entries: &[Entry], depth: u16) -> Result<()> {
        self.put(1, entries, depth, depth == 0)
    }

    fn put(&self, number: i64, entries: &[Entry], depth: u16, leaves: bool) -> Result<()> {
        let mut data = Vec::with_capacity(self.size);
        data.extend_from_slice(&depth.to_be_bytes());
        let count = u16::try_from(entries.len()).expect("a node holds at most 51 entries");
        data.extend_from_slice(&count.to_be_bytes());
        for entry in entries {
            data.extend_from_slice(&entry.key.to_be_bytes());
            entry.edges.iter().for_each(|edge| data.extend_from_slice(&edge.to_be_bytes()));
        }
        data.resize(self.size, 0);
        self.run(&format!("INSERT INTO {}_node VALUES (?1, ?2)", self.index), (number, data))?;
        let children = if leaves { "rowid" } else { "parent" };
        let sql = format!("INSERT OR REPLACE INTO {}_{children} VALUES (?1, ?2)", self.index);
        entries.iter().try_for_each(|entry| self.run(&sql, (entry.key, number)))
    }

    fn run(&self, sql: &str, values: impl rusqlite::Params) -> Result<()> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut s| s.execute(values))
            .map(|_| ())
            .doing("building the spatial index")
    }
}

/// Least box around the entries: what the root says.
pub(super) fn extent(connection: &Connection, layer: &str) -> Result<Option<[f64; 4]>> {
    let data: Vec<u8> = connection
        .prepare_cached(&format!("SELECT data FROM rtree_{layer}_geom_node WHERE nodeno = 1"))
        .and_then(|mut s| s.query_row([], |row| row.get(0)))
        .doing("reading the extent of a layer")?;
    let count =
        data.get(2..4).map_or(0, |bytes| usize::from(u16::from_be_bytes([bytes[0], bytes[1]])));
    let mut extent: Option<[f64; 4]> = None;
    for entry in data.get(4..).unwrap_or_default().chunks_exact(ENTRY).take(count) {
        let edge = |at: usize| {
            let bytes = [entry[at], entry[at + 1], entry[at + 2], entry[at + 3]];
            f64::from(f32::from_be_bytes(bytes))
        };
        let [west, east, south, north] = [edge(8), edge(12), edge(16), edge(20)];
        let e = extent.get_or_insert([west, east, south, north]);
        *e = [e[0].min(west), e[1].max(east), e[2].min(south), e[3].max(north)];
    }
    Ok(extent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blob;

    fn layer(places: usize) -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        crate::geopackage::functions::register(&connection).unwrap();
        connection
            .execute_batch(
                "CREATE TABLE body (fid INTEGER PRIMARY KEY, geom POINT);
                 CREATE VIRTUAL TABLE rtree_body_geom USING rtree(id, minx, maxx, miny, maxy);",
            )
            .unwrap();
        for n in 0..places {
            let (x, y) = (
                5.0 + 25.0 * ((n * 7919 % 1009) as f64 / 1009.0),
                55.0 + 15.0 * ((n * 104_729 % 997) as f64 / 997.0),
            );
            let place = varp_model::LonLat::new(x, y).unwrap();
            connection
                .execute("INSERT INTO body (geom) VALUES (?1)", [blob::from_place(place)])
                .unwrap();
        }
        connection
    }

    #[test]
    fn sqlite_finds_nothing_wrong_with_a_tree_of_any_depth() {
        for places in [0, 1, 51, 52, 600, 3000, 7000] {
            let connection = layer(places);
            build(&connection, "body").unwrap();
            let check: String = connection
                .query_row("SELECT rtreecheck('rtree_body_geom')", [], |r| r.get(0))
                .unwrap();
            assert_eq!(check, "ok", "{places} places");
            let found: usize = connection
                .query_row("SELECT count(*) FROM rtree_body_geom", [], |r| r.get(0))
                .unwrap();
            assert_eq!(found, places);
            let scanned: Vec<Option<f64>> = connection
                .query_row(
                    "SELECT min(minx), max(maxx), min(miny), max(maxy) FROM rtree_body_geom",
                    [],
                    |r| Ok(vec![r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?]),
                )
                .unwrap();
            let extent = extent(&connection, "body").unwrap();
            assert_eq!(extent.map(|e| e.map(Some).to_vec()).unwrap_or(vec![None; 4]), scanned);
        }
    }

    #[test]
    fn a_packed_tree_finds_what_the_table_holds_and_takes_further_entries() {
        let connection = layer(5000);
        add_after(&connection, "body", 0).unwrap();
        let count = |sql: &str| -> i64 { connection.query_row(sql, [], |row| row.get(0)).unwrap() };
        let boxed = "SELECT count(*) FROM rtree_body_geom WHERE maxx >= 10 AND minx <= 12 AND maxy >= 60 AND miny <= 61";
        let walked = "SELECT count(*) FROM body WHERE ST_MaxX(geom) >= 10 AND ST_MinX(geom) <= 12
                      AND ST_MaxY(geom) >= 60 AND ST_MinY(geom) <= 61";
        assert_eq!(count(boxed), count(walked));
        assert!(count(boxed) > 10);
        for n in 0..300 {
            let place = varp_model::LonLat::new(11.0 + f64::from(n) * 1e-3, 60.5).unwrap();
            connection
                .execute("INSERT INTO body (geom) VALUES (?1)", [blob::from_place(place)])
                .unwrap();
        }
        connection.execute("DELETE FROM rtree_body_geom WHERE id % 3 = 0", []).unwrap();
        connection.execute("DELETE FROM body WHERE fid % 3 = 0 AND fid <= 5000", []).unwrap();
        add_after(&connection, "body", 5000).unwrap();
        assert_eq!(count(boxed), count(walked));
        let check: String =
            connection.query_row("SELECT rtreecheck('rtree_body_geom')", [], |r| r.get(0)).unwrap();
        assert_eq!(check, "ok");
    }
}
