//! Opening, closing, copying, waiting.

use std::time::{Duration, Instant};

use varp_store::{GeoPackage, Store, StoreError};

use crate::fixture::{batch, import, load, query};

#[test]
fn one_plain_file_is_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.gpkg");
    let store = GeoPackage::create(&path).unwrap();
    load(&store, "1", &batch()).unwrap();
    assert_eq!(store.bodies(&query()).unwrap().items.len(), 1);
    drop(store);
    let names: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|f| f.unwrap().file_name()).collect();
    assert_eq!(names, ["r.gpkg"]);
    let header = std::fs::read(&path).unwrap();
    assert_eq!(&header[18..20], &[1, 1], "rollback journal, not WAL");
    assert_eq!(&header[68..72], b"GPKG");
    assert_eq!(&header[60..64], &10200_u32.to_be_bytes());
    let again = GeoPackage::open(&path).unwrap();
    assert_eq!(again.bodies(&query()).unwrap().items[0].body, batch().bodies[0]);
}

#[test]
fn what_is_no_register_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let reason = |name: &str| GeoPackage::open(&path(name)).err().unwrap().to_string();
    assert!(reason("missing.gpkg").contains("cannot be opened"));
    std::fs::write(path("text.gpkg"), "a,b\n1,2\n".repeat(200)).unwrap();
    assert!(reason("text.gpkg").contains("not a GeoPackage"));
    std::fs::write(path("empty.gpkg"), "").unwrap();
    assert!(reason("empty.gpkg").contains("it is empty"));
    let other = rusqlite::Connection::open(path("other.db")).unwrap();
    other.execute_batch("CREATE TABLE t (a)").unwrap();
    assert!(reason("other.db").contains("no GeoPackage"));
    other.execute_batch("PRAGMA application_id = 0x47504B47").unwrap();
    assert!(reason("other.db").contains("of another program"));
    assert!(matches!(
        GeoPackage::open_or_create(&path("other.db")),
        Err(StoreError::NotARegister { .. })
    ));
    assert!(
        GeoPackage::create(&path("text.gpkg"))
            .err()
            .unwrap()
            .to_string()
            .contains("exists already")
    );
    assert!(GeoPackage::open_or_create(&path("empty.gpkg")).is_ok());
}

#[test]
fn a_register_of_a_newer_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.gpkg");
    drop(GeoPackage::create(&path).unwrap());
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("UPDATE register SET value = 99 WHERE name = 'schema'").unwrap();
    drop(other);
    assert!(matches!(GeoPackage::open(&path), Err(StoreError::TooNew { found: 99, .. })));
}

/// A register of the second schema differs from one of the third in the table that the third adds.
#[test]
fn results_of_a_register_of_an_older_schema_close_with_the_records_of_their_body() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.gpkg");
    let store = GeoPackage::create(&path).unwrap();
    let records = batch();
    load(&store, "1", &records).unwrap();
    let result = varp_model::StoredResult {
        kind: varp_model::ResultKind::Estimate,
        subject: Some(records.bodies[0].id),
        plan: String::new(),
        inputs: String::new(),
        seed: 1,
        versions: Vec::new(),
        document: "{}".into(),
        visibility: varp_model::Visibility::Public,
        rests_on: Vec::new(),
    };
    store.add_results(std::slice::from_ref(&result), "Ada", "x").unwrap();
    drop(store);
    let older = rusqlite::Connection::open(&path).unwrap();
    older
        .execute_batch("DROP TABLE rests_on; UPDATE register SET value = 2 WHERE name = 'schema'")
        .unwrap();
    drop(older);
    let store = GeoPackage::open(&path).unwrap();
    assert_eq!(store.health().unwrap().findings, Vec::<String>::new());
    let seen = || store.result(result.id(), varp_model::Visibility::Public).unwrap().is_some();
    assert!(seen());
    let mut closed = records.clone();
    closed.samples[1].sample.visibility = varp_model::Visibility::Authority;
    load(&store, "2", &closed).unwrap();
    assert!(!seen());
}

#[test]
fn a_copy_made_while_writing_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let store = GeoPackage::create(&folder.path().join("r.gpkg")).unwrap();
    load(&store, "1", &batch()).unwrap();
    let mut writer = store.begin_import(&import("2")).unwrap();
    let mut more = batch();
    more.sites[0].name = "Half done".into();
    writer.add(&more).unwrap();
    let copy = folder.path().join("copy.gpkg");
    store.backup(&copy).unwrap();
    assert!(matches!(store.backup(&copy), Err(StoreError::Open { .. })));
    drop(writer);
    let copy = GeoPackage::open(&copy).unwrap();
    assert_eq!(copy.sites(&query()).unwrap().items[0].site, batch().sites[0]);
    assert_eq!(copy.search("yxsjoberg", 3, varp_model::Visibility::Public).unwrap().len(), 1);
    assert_eq!(copy.health().unwrap().findings, Vec::<String>::new());
}

#[test]
fn a_second_writer_waits_and_is_then_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.gpkg");
    let one = GeoPackage::create(&path).unwrap();
    let two = GeoPackage::open(&path).unwrap().with_patience(Duration::from_millis(300));
    let mut writer = one.begin_import(&import("1")).unwrap();
    writer.add(&batch()).unwrap();
    let start = Instant::now();
    assert!(matches!(two.begin_import(&import("2")), Err(StoreError::Busy { .. })));
    assert!(start.elapsed() >= Duration::from_millis(250));
    assert!(two.sites(&query()).unwrap().items.is_empty(), "readers are not held up");
    writer.commit().unwrap();
    assert_eq!(load(&two, "2", &batch()).unwrap().unchanged, 9);
}

#[test]
fn two_writers_at_once_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.gpkg");
    let shared = GeoPackage::create(&path).unwrap();
    let other = GeoPackage::open(&path).unwrap();
    load(&shared, "0", &batch()).unwrap();
    std::thread::scope(|scope| {
        for (writer, store) in [&shared, &shared, &other].into_iter().enumerate() {
            scope.spawn(move || {
                for n in 0..5 {
                    let mut batch = varp_model::Batch::default();
                    batch.sites.push(crate::fixture::site(&format!("{writer} {n}")));
                    load(store, &format!("{writer} {n}"), &batch).unwrap();
                }
            });
        }
        scope.spawn(|| {
            for _ in 0..20 {
                let sites = shared.sites(&query()).unwrap();
                assert_eq!(sites.matched, Some(sites.items.len() as u64));
            }
        });
    });
    assert_eq!(shared.sites(&query()).unwrap().items.len(), 16);
    assert_eq!(shared.imports().unwrap().len(), 16);
    assert_eq!(other.health().unwrap().findings, Vec::<String>::new());
}

#[test]
fn the_version_moves_with_every_commit_of_anybody() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.gpkg");
    let store = GeoPackage::create(&path).unwrap();
    let other = GeoPackage::open(&path).unwrap();
    let mut last = store.version().unwrap();
    let mut moved = || {
        let now = store.version().unwrap();
        assert!(now > last, "{now} after {last}");
        last = now;
    };
    load(&other, "1", &batch()).unwrap();
    moved();
    store.prefer(batch().claims[0].id, "Ada", "x").unwrap();
    moved();
    let plain = rusqlite::Connection::open(&path).unwrap();
    plain.execute("UPDATE claim SET note = 'seen'", []).unwrap();
    moved();
    let still = store.version().unwrap();
    assert_eq!(store.version().unwrap(), still);
}
