//! GDAL reads every layer and table without a warning, and its edits are logged.

use std::path::Path;
use std::process::Command;

use varp_model::Visibility;
use varp_store::{GeoPackage, Store};

use crate::fixture::{batch, load, query};

/// Runs `ogrinfo`; `None`, with a word, where GDAL is not installed.
fn ogrinfo(arguments: &[&str], path: &Path) -> Option<String> {
    let run = Command::new("ogrinfo").arg(path).args(arguments).output();
    let Ok(output) = run else {
        println!("skipped: ogrinfo is not installed");
        return None;
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert_eq!(text(&output.stderr), "", "{arguments:?}");
    assert!(output.status.success(), "{arguments:?}");
    Some(text(&output.stdout))
}

#[test]
fn gdal_reads_all_layers_and_tables() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.gpkg");
    load(&GeoPackage::create(&path).unwrap(), "1", &batch()).unwrap();
    let Some(listed) = ogrinfo(&["-ro"], &path) else { return };
    for layer in [
        "site (Point)",
        "body (Point)",
        "footprint (Multi Polygon)",
        "hole (Point)",
        "sample (Point)",
        "zone (Multi Polygon)",
        "claim (None)",
        "source (None)",
        "assay (None)",
        "determination (None)",
        "change (None)",
    ] {
        assert!(listed.contains(layer), "{layer} in {listed}");
    }
    let count = |layer: &str| ogrinfo(&["-ro", "-al", layer], &path).unwrap();
    assert!(count("body").contains("POINT (15.01 60.01)"));
    assert!(count("footprint").contains("MULTIPOLYGON (((15 60,"));
    let assays = count("assay");
    assert!(assays.contains("Feature Count: 3"), "{assays}");
    assert!(
        assays.contains("value (Real) = 12.3") && assays.contains("sign (String) = <"),
        "{assays}"
    );
    assert!(count("claim").contains("Feature Count: 2"));
}

#[test]
fn an_edit_through_gdal_while_the_register_is_open_has_a_change_record() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.gpkg");
    let store = GeoPackage::create(&path).unwrap();
    load(&store, "1", &batch()).unwrap();
    let edit = "UPDATE body SET name = 'Through GDAL', geom = (SELECT geom FROM site LIMIT 1)";
    if ogrinfo(&["-q", "-sql", edit], &path).is_none() {
        return;
    }
    let body = store.bodies(&query()).unwrap().items.remove(0).body;
    assert_eq!(body.name, "Through GDAL");
    let position = body.position.unwrap();
    assert_eq!(
        (position.place.longitude(), position.original.x),
        (15.0, 15.0),
        "the source's coordinates are gone"
    );
    assert_eq!(position.accuracy_m, None);
    let log = store.changes(&body.id.to_string(), Visibility::Private).unwrap();
    assert_eq!(log.iter().filter(|c| c.actor.is_none()).count(), 1);
    assert_eq!(store.health().unwrap().findings, Vec::<String>::new());
}
