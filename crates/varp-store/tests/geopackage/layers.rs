//! Plain layers for other programs.

use geo_types::{Point, polygon};
use varp_model::{CellValue, Geometry};
use varp_store::StoreError;
use varp_store::layers::{ColumnType, Layer, LayerFile, Shape};

const COLUMNS: &[(&str, ColumnType)] =
    &[("name", ColumnType::Text), ("count", ColumnType::Integer)];

fn layer(name: &'static str, shape: Shape) -> Layer<'static> {
    Layer { name, description: "a test", shape, columns: COLUMNS }
}

fn row(name: &str, count: f64) -> Vec<CellValue> {
    vec![CellValue::Text(name.into()), CellValue::Number(count)]
}

#[test]
fn points_areas_and_tables_stand_in_one_file_with_their_extents() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("layers.gpkg");
    let mut file = LayerFile::create(&path).unwrap();
    file.layer(&layer("places", Shape::Point)).unwrap();
    file.add(Some(&Geometry::Point(Point::new(15.0, 60.0))), row("a \"b\"", 2.0)).unwrap();
    file.add(Some(&Geometry::Point(Point::new(14.0, 61.0))), row("c", 3.0)).unwrap();
    file.add(None, row("nowhere", 4.0)).unwrap();
    file.layer(&layer("areas", Shape::Polygon)).unwrap();
    let area = polygon![(x: 1.0, y: 2.0), (x: 3.0, y: 2.0), (x: 3.0, y: 5.0)];
    file.add(Some(&Geometry::Polygon(area)), row("d", 1.0)).unwrap();
    file.layer(&layer("words", Shape::Nothing)).unwrap();
    file.add(None, row("e", 5.0)).unwrap();
    file.finish().unwrap();
    let read = rusqlite::Connection::open(&path).unwrap();
    let extent = |name: &str| {
        read.query_row(
            "SELECT data_type, min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = ?1",
            [name],
            |r| {
                let number = |i| r.get::<_, Option<f64>>(i);
                Ok((r.get::<_, String>(0)?, number(1)?, number(2)?, number(3)?, number(4)?))
            },
        )
        .unwrap()
    };
    let features = |w, s, e, n| ("features".to_owned(), Some(w), Some(s), Some(e), Some(n));
    assert_eq!(extent("places"), features(14.0, 60.0, 15.0, 61.0));
    assert_eq!(extent("areas"), features(1.0, 2.0, 3.0, 5.0));
    assert_eq!(extent("words"), ("attributes".to_owned(), None, None, None, None));
    let counts = "SELECT group_concat(count) FROM places WHERE typeof(count) = 'integer'";
    assert_eq!(read.query_row(counts, [], |r| r.get::<_, String>(0)).unwrap(), "2,3,4");
    assert!(matches!(LayerFile::create(&path), Err(StoreError::Refused(_))), "it is there already");
}

#[test]
fn a_file_that_was_not_finished_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("layers.gpkg");
    let mut file = LayerFile::create(&path).unwrap();
    file.layer(&layer("places", Shape::Point)).unwrap();
    drop(file);
    assert!(!path.exists());
}
