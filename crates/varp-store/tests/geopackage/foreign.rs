//! GeoPackages of other programs, read as raw tables.

use varp_model::CellValue;
use varp_store::{GeoPackage, StoreError, foreign};

use crate::fixture::{batch, load};

#[test]
fn layers_come_with_their_columns_and_crs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.gpkg");
    load(&GeoPackage::create(&path).unwrap(), "1", &batch()).unwrap();
    let sheets = foreign::layers(&path).unwrap();
    let site = sheets.iter().find(|s| s.name == "site").unwrap();
    assert_eq!(site.crs.unwrap().epsg(), 4326);
    assert_eq!(site.rows.len(), 2);
    let at =
        |name: &str| site.rows[0].iter().position(|c| *c == CellValue::Text(name.into())).unwrap();
    assert_eq!(site.rows[1][at("name")], CellValue::Text("Yxsjöberg".into()));
    let place = geo_types::Point::new(15.0, 60.0);
    assert_eq!(site.rows[1][at("geom")], CellValue::Geometry(varp_model::Geometry::Point(place)));
    assert_eq!(site.rows[1][at("note")], CellValue::Empty);
    let footprint = sheets.iter().find(|s| s.name == "footprint").unwrap();
    assert!(footprint.rows[1].iter().any(|c| matches!(c, CellValue::Geometry(_))));
    assert!(sheets.iter().any(|s| s.name == "assay" && s.crs.is_none()));
}

#[test]
fn a_damaged_geometry_is_named_with_table_and_row() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("o.gpkg");
    let file = rusqlite::Connection::open(&path).unwrap();
    file.execute_batch(
        "CREATE TABLE gpkg_spatial_ref_sys (srs_id INTEGER, organization TEXT, organization_coordsys_id INTEGER);
         INSERT INTO gpkg_spatial_ref_sys VALUES (77, 'epsg', 3006);
         CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT);
         CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);
         INSERT INTO gpkg_contents VALUES ('my \"dumps\"', 'features'), ('tiles', 'tiles');
         INSERT INTO gpkg_geometry_columns VALUES ('my \"dumps\"', 'Shape', 77);
         CREATE TABLE \"my \"\"dumps\"\"\" (shape BLOB, n INTEGER, r REAL);
         INSERT INTO \"my \"\"dumps\"\"\" VALUES (NULL, 7, 0.5), (x'47500001', 8, 0.5);",
    )
    .unwrap();
    let foreign = foreign::Foreign::open(&path).unwrap();
    let layers = foreign.layers().unwrap();
    assert_eq!((layers.len(), layers[0].rows, layers[0].crs.unwrap().epsg()), (1, 2, 3006));
    let mut read = Vec::new();
    let error = foreign.rows(&layers[0], |number, cells| {
        read.push((number, cells));
        Ok(())
    });
    assert_eq!(read, [(1, vec![CellValue::Empty, CellValue::Number(7.0), CellValue::Number(0.5)])]);
    let error = error.unwrap_err();
    assert!(
        matches!(&error, StoreError::BadCell { row: 2, column, .. } if column == "shape"),
        "{error}"
    );
    assert!(error.to_string().starts_with("table my \"dumps\", row 2, column shape"));
}

#[test]
fn other_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.gpkg");
    assert!(matches!(foreign::layers(&path), Err(StoreError::Open { .. })));
    std::fs::write(&path, vec![7; 10_000]).unwrap();
    assert!(matches!(foreign::layers(&path), Err(StoreError::Open { .. })));
    std::fs::write(&path, "").unwrap();
    assert!(matches!(foreign::layers(&path), Err(StoreError::NotARegister { .. })));
}
