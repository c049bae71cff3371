//! Edits of other programs, by plain SQLite: logged by triggers, taken in at the next look.

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use varp_model::Visibility;
use varp_store::{Collection, GeoPackage, Store};

use crate::fixture::{batch, load, query};

const KEEPER: Visibility = Visibility::Private;

/// A register that is open, and a guest who edits the file without knowing of varp.
fn hosted() -> (tempfile::TempDir, GeoPackage, Connection) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.gpkg");
    let store = GeoPackage::create(&path).unwrap();
    load(&store, "1", &batch()).unwrap();
    let guest = Connection::open(&path).unwrap();
    bring_functions(&guest);
    (folder, store, guest)
}

/// What every GIS brings: the five functions of the R-tree triggers, here for places alone.
fn bring_functions(guest: &Connection) {
    let flags = FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    guest.create_scalar_function("ST_IsEmpty", 1, flags, |_| Ok(false)).unwrap();
    for (name, at) in [("ST_MinX", 13), ("ST_MaxX", 13), ("ST_MinY", 21), ("ST_MaxY", 21)] {
        guest
            .create_scalar_function(name, 1, flags, move |context| {
                let blob: Vec<u8> = context.get(0)?;
                Ok(f64::from_le_bytes(blob[at..at + 8].try_into().unwrap()))
            })
            .unwrap();
    }
}

#[test]
fn an_edit_is_logged_and_found_by_its_new_words() {
    let (_folder, store, guest) = hosted();
    guest.execute("UPDATE body SET name = 'Dammen', commodities = '[\"Au\"]'", []).unwrap();
    let body = &store.bodies(&query()).unwrap().items[0].body;
    assert_eq!((body.name.as_str(), body.commodities.as_slice()), ("Dammen", &["Au".into()][..]));
    let log = store.changes(&body.id.to_string(), KEEPER).unwrap();
    assert_eq!((log.len(), log[0].actor.as_deref()), (1, None));
    assert!(log[0].before.as_ref().unwrap().contains("Norra sandmagasin"));
    assert_eq!(store.search("dammen", 3, Visibility::Public).unwrap().len(), 1);
    let gold = varp_store::Filter::Material { commodities: vec!["Au".into()], substances: vec![] };
    assert_eq!(store.bodies(&crate::fixture::only(gold)).unwrap().items.len(), 1);
}

#[test]
fn health_counts_edits_of_others_and_names_what_no_list_knows() {
    let (_folder, store, guest) = hosted();
    assert_eq!(store.health().unwrap().findings, Vec::<String>::new());
    guest.execute("UPDATE body SET kind = 'sandbox'", []).unwrap();
    guest.execute("UPDATE body SET site = '00000000-0000-4000-a000-000000000000'", []).unwrap();
    let health = store.health().unwrap();
    assert_eq!(health.foreign_edits, 2);
    assert!(health.findings.iter().any(|f| f.contains("kind \"sandbox\"")), "{health:?}");
    assert!(health.findings.iter().any(|f| f.contains("refers to site")), "{health:?}");
    assert_eq!(store.health().unwrap().foreign_edits, 0, "each is reported once");
    let kind: String = guest.query_row("SELECT kind FROM body", [], |row| row.get(0)).unwrap();
    assert_eq!(kind, "sandbox", "nothing is repaired behind the steward's back");
}

#[test]
fn a_record_closed_by_a_guest_is_closed_with_its_children_at_once() {
    let (_folder, store, guest) = hosted();
    assert_eq!(store.samples(&query()).unwrap().matched, Some(2));
    guest.execute("UPDATE site SET visibility = 2", []).unwrap();
    assert_eq!(store.samples(&query()).unwrap().matched, Some(0));
    assert!(store.map_points(Visibility::Public).unwrap().is_empty());
    assert_eq!(store.extent(Collection::Bodies, Visibility::Public).unwrap(), None);
    let places: i64 = guest
        .query_row("SELECT (SELECT count(*) FROM body WHERE geom IS NOT NULL) + (SELECT count(*) FROM rtree_body_geom)", [], |r| r.get(0))
        .unwrap();
    assert_eq!(places, 0, "the layer holds no closed place");
    let extent: Option<f64> = guest
        .query_row("SELECT max_x FROM gpkg_contents WHERE table_name = 'body'", [], |r| r.get(0))
        .unwrap();
    assert_eq!(extent, None);
}

#[test]
fn the_file_refuses_what_nobody_could_read() {
    let (_folder, _store, guest) = hosted();
    let refused = |sql: &str| guest.execute(sql, []).unwrap_err().to_string();
    assert!(refused("DELETE FROM site").contains("refer to this site"));
    assert!(refused("DELETE FROM source").contains("cite this source"));
    assert!(refused("UPDATE body SET id = 'x'").contains("identity of a body"));
    assert!(refused("UPDATE body SET fid = 77").contains("identity of a body"));
    assert!(refused("UPDATE claim SET unit = 'furlong'").contains("table unit"));
    assert!(refused("UPDATE site SET country = 'Sweden'").contains("CHECK"));
    assert!(refused("UPDATE body SET visibility = 7").contains("CHECK"));
    assert!(refused("UPDATE body SET commodities = 'W, Cu'").contains("CHECK"));
    guest.execute("UPDATE body SET name = 'logged'", []).unwrap();
    assert!(refused("DELETE FROM change").contains("append-only"));
}

#[test]
fn a_row_drawn_in_a_gis_gets_an_identity() {
    let (_folder, store, guest) = hosted();
    let source = batch().sources[0].id.to_string();
    guest
        .execute("INSERT INTO site (name, country, source) VALUES ('Drawn', 'FI', ?1)", [&source])
        .unwrap();
    let hits = store.search("drawn", 3, Visibility::Public).unwrap();
    let id = uuid::Uuid::try_parse(&hits[0].id).unwrap();
    assert_eq!((id.get_version_num(), id.get_variant()), (4, uuid::Variant::RFC4122));
    let page = store.site(varp_model::SiteId(id), Visibility::Public).unwrap().unwrap();
    assert_eq!(page.site.origin.key, id.to_string());
    assert_eq!(page.site.origin.dataset.0, "entered by hand");
}

#[test]
fn a_guests_edit_outlives_the_same_import() {
    let (_folder, store, guest) = hosted();
    guest.execute("UPDATE site SET name = 'Corrected'", []).unwrap();
    guest.execute("UPDATE sample SET name = 'Corrected' WHERE name = 'S1'", []).unwrap();
    assert_eq!(load(&store, "2", &batch()).unwrap().changed, 0);
    assert_eq!(store.sites(&query()).unwrap().items[0].site.name, "Corrected");
    let mut newer = batch();
    newer.sites[0].municipality = Some("Hällefors".into());
    assert_eq!(load(&store, "3", &newer).unwrap().changed, 1, "a new word of the source counts");
}

/// SQLite before 3.45 calls NULL invalid JSON, and GIS programs ship older ones and write all columns.
#[test]
fn an_unknown_list_passes_the_checks_of_older_programs() {
    let (_folder, _store, guest) = hosted();
    let mut tables = guest.prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").unwrap();
    let texts = tables.query_map([], |row| row.get::<_, String>(0)).unwrap();
    for sql in texts.map(Result::unwrap) {
        let checks = sql.matches("CHECK (").count();
        let strict = sql.match_indices("json_valid(").filter(|(at, _)| {
            let before = &sql[..*at];
            before.rfind("CHECK (").is_some_and(|c| !before[c..].contains("IS NULL OR"))
        });
        assert_eq!(strict.count(), 0, "of {checks} checks: {sql}");
    }
}
