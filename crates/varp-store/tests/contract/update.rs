//! Imports over what is there, and taking them back.

use varp_model::{ImportId, Operation, Visibility};
use varp_store::StoreError;

use super::fresh;
use crate::fixture::{
    batch, below, body, claim, dataset, determination, exact, import, load, position, query,
    sample, square,
};

const KEEPER: Visibility = Visibility::Private;

#[test]
fn an_updated_file_changes_rows_and_says_so() {
    let (_folder, store) = fresh();
    let mut batch = batch();
    load(&*store, "1", &batch).unwrap();
    batch.bodies[0].name = "Norra dammen".into();
    batch.bodies[0].footprint = Some(square(15.0, 60.0, 0.05));
    batch.samples[0].assays = vec![exact(0, "13"), below(1, "5")];
    let done = load(&*store, "2", &batch).unwrap();
    assert_eq!((done.added, done.changed, done.unchanged, done.assays), (0, 2, 7, 0));
    assert_eq!(store.bodies(&query()).unwrap().items[0].body, batch.bodies[0]);
    let changes = store.changes(&batch.bodies[0].id.to_string(), KEEPER).unwrap();
    let named = changes.iter().find(|c| c.table == "body").unwrap();
    assert_eq!((named.actor.as_deref(), named.operation), (Some("Ada"), Operation::Update));
    assert!(named.before.as_ref().unwrap().contains("Norra sandmagasin"));
    assert!(named.after.as_ref().unwrap().contains("Norra dammen"));
    let assays = store.changes(&batch.samples[0].sample.id.to_string(), KEEPER).unwrap();
    assert_eq!(assays.len(), 1);
    assert_eq!(assays[0].table, "assay");
    assert_eq!(store.search("dammen", 5, Visibility::Public).unwrap().len(), 1);
    assert!(store.search("sandmagasin", 5, Visibility::Public).unwrap().is_empty());
    let imports = store.imports().unwrap();
    assert_eq!(imports.len(), 2);
    assert_eq!((imports[0].0.id, imports[0].1), (ImportId::of(&dataset(), "2"), done));
    assert_eq!(imports[1].0, import("1"));
}

#[test]
fn fewer_rows_delete_nothing() {
    let (_folder, store) = fresh();
    load(&*store, "1", &batch()).unwrap();
    let mut less = batch();
    less.samples.pop();
    less.claims.clear();
    load(&*store, "2", &less).unwrap();
    assert_eq!(store.samples(&query()).unwrap().items.len(), 2);
    assert_eq!(store.quantities(&query()).unwrap().items.len(), 2);
}

#[test]
fn undo_takes_back_what_was_added() {
    let (_folder, store) = fresh();
    load(&*store, "1", &batch()).unwrap();
    let undone = store.undo(ImportId::of(&dataset(), "1"), "Ada", "wrong file").unwrap();
    assert_eq!((undone.removed, undone.restored, undone.assays), (9, 0, 3));
    assert!(store.sites(&query()).unwrap().items.is_empty());
    assert!(store.samples(&query()).unwrap().items.is_empty());
    assert!(store.sources(&query()).unwrap().items.is_empty());
    assert!(store.imports().unwrap().is_empty());
    assert!(store.search("yxsjo", 5, KEEPER).unwrap().is_empty());
    assert_eq!(store.health().unwrap().findings, Vec::<String>::new());
    let again = load(&*store, "1", &batch()).unwrap();
    assert_eq!((again.added, again.assays), (9, 3));
    assert!(matches!(
        store.undo(ImportId::of(&dataset(), "9"), "Ada", "x"),
        Err(StoreError::NotFound { .. })
    ));
}

#[test]
fn undo_restores_what_was_changed() {
    let (_folder, store) = fresh();
    let first = batch();
    load(&*store, "1", &first).unwrap();
    let mut second = batch();
    second.bodies[0].name = "Other".into();
    second.bodies[0].position = Some(position(20.123_456_789, 65.987_654_321));
    second.bodies[0].commodities = vec!["Au".into()];
    second.bodies[0].footprint = None;
    second.claims[0] = claim("C1", second.claims[0].subject, "mass", 9.0);
    second.samples[0].sample.name = "renamed".into();
    second.samples[0].assays = vec![exact(0, "99"), exact(1, "98")];
    second.bodies.push(body("new", &second.sites[0]));
    second.samples.push(varp_model::SampleRow {
        sample: sample("S3", Some(&second.bodies[1])),
        assays: vec![exact(0, "1")],
    });
    let done = load(&*store, "2", &second).unwrap();
    assert_eq!((done.added, done.changed, done.assays), (2, 3, 1));
    let undone = store.undo(ImportId::of(&dataset(), "2"), "Ada", "wrong").unwrap();
    assert_eq!((undone.removed, undone.restored, undone.assays), (2, 3, 1));
    let bodies = store.bodies(&query()).unwrap().items;
    assert_eq!(bodies.len(), 1);
    assert_eq!(bodies[0].body, first.bodies[0]);
    assert_eq!(bodies[0].key_figures, [first.claims[0].clone()]);
    assert_eq!(bodies[0].substances, ["Sn", "W"]);
    let back = store.sample(first.samples[0].sample.id, KEEPER).unwrap().unwrap();
    assert_eq!(back.sample, first.samples[0].sample);
    let printed: Vec<String> = back
        .assays
        .iter()
        .map(|(a, _)| format!("{}{}", a.value.sign(), a.value.number()))
        .collect();
    assert_eq!(printed, ["12.30", "<5"]);
    assert_eq!(store.health().unwrap().findings, Vec::<String>::new());
}

#[test]
fn undo_restores_a_withheld_place() {
    let (_folder, store) = fresh();
    let mut first = batch();
    first.bodies[0].position.as_mut().unwrap().visibility = Visibility::Authority;
    load(&*store, "1", &first).unwrap();
    let mut second = first.clone();
    second.bodies[0].position.as_mut().unwrap().place = position(20.0, 65.0).place;
    load(&*store, "2", &second).unwrap();
    store.undo(ImportId::of(&dataset(), "2"), "Ada", "wrong").unwrap();
    let body = store.body(first.bodies[0].id, Visibility::Authority).unwrap().unwrap().item.body;
    assert_eq!(body, first.bodies[0]);
    assert_eq!(store.bodies(&query()).unwrap().items[0].body.position, None);
}

#[test]
fn undo_is_refused_where_others_build_on_it() {
    let (_folder, store) = fresh();
    let first = batch();
    load(&*store, "1", &first).unwrap();
    let mut second = varp_model::Batch::default();
    second.bodies.push(body("later", &first.sites[0]));
    load(&*store, "2", &second).unwrap();
    let undo = |key: &str| store.undo(ImportId::of(&dataset(), key), "Ada", "x");
    assert!(undo("1").unwrap_err().to_string().contains("refers to site"));
    undo("2").unwrap();
    store.prefer(first.claims[0].id, "Ada", "drilled").unwrap();
    assert!(undo("1").unwrap_err().to_string().contains("changed since by Ada"));
    assert_eq!(store.bodies(&query()).unwrap().items.len(), 1);
}

#[test]
fn a_second_lot_of_determinations_joins_the_first() {
    let (_folder, store) = fresh();
    load(&*store, "1", &batch()).unwrap();
    let mut more = batch();
    more.determinations = vec![determination("Ag"), determination("W")];
    more.samples.truncate(1);
    more.samples[0].assays = vec![exact(0, "0.5"), exact(1, "12.30")];
    let done = load(&*store, "2", &more).unwrap();
    assert_eq!((done.assays, done.changed), (1, 1));
    let page = store.body(more.bodies[0].id, Visibility::Public).unwrap().unwrap();
    assert_eq!(page.determinations.len(), 3);
    assert_eq!(page.item.substances, ["Ag", "Sn", "W"]);
}

#[test]
fn a_sample_measured_twice_by_one_determination_is_refused() {
    let (_folder, store) = fresh();
    let mut batch = batch();
    batch.samples[0].assays = vec![exact(0, "1"), exact(0, "2")];
    assert!(load(&*store, "1", &batch).unwrap_err().to_string().contains("S1 has two results"));
}

#[test]
fn numbers_of_any_length_keep_their_digits() {
    let (_folder, store) = fresh();
    let printed = [
        "0.123456789012345678",
        "-9223372036854775807",
        "0",
        "999999999999999999",
        "0.30000000000000004",
        "-0.05",
    ];
    let mut batch = batch();
    batch.determinations = ["W", "Cu", "Ag", "Au", "Pb", "Zn"].map(determination).into();
    batch.samples.truncate(1);
    batch.samples[0].assays = printed
        .iter()
        .enumerate()
        .map(|(n, text)| exact(u32::try_from(n).unwrap(), text))
        .collect();
    load(&*store, "1", &batch).unwrap();
    let back = store.sample(batch.samples[0].sample.id, KEEPER).unwrap().unwrap();
    let numbers: Vec<String> =
        back.assays.iter().map(|(a, _)| a.value.number().to_string()).collect();
    assert_eq!(numbers, printed);
    assert_eq!(load(&*store, "2", &batch).unwrap().changed, 0);
}

#[test]
fn the_same_in_another_file_and_row_changes_nothing() {
    let (_folder, store) = fresh();
    load(&*store, "1", &batch()).unwrap();
    let mut moved = batch();
    moved.sources[0].file_hash = Some("cd34".into());
    moved.bodies[0].locator.row = Some(99);
    moved.samples[0].sample.locator.file = Some("edited.xlsx".into());
    moved.claims[0].locator.file = Some("edited.xlsx".into());
    let done = load(&*store, "2", &moved).unwrap();
    assert_eq!((done.added, done.changed, done.unchanged), (0, 0, 9));
    assert_eq!(store.bodies(&query()).unwrap().items[0].body, batch().bodies[0]);
}

#[test]
fn a_change_that_the_source_takes_back_is_logged_too() {
    let (_folder, store) = fresh();
    let mut batch = batch();
    load(&*store, "1", &batch).unwrap();
    batch.sites[0].note = Some("new".into());
    load(&*store, "2", &batch).unwrap();
    batch.sites[0].note = None;
    assert_eq!(load(&*store, "3", &batch).unwrap().changed, 1);
    let changes = store.changes(&batch.sites[0].id.to_string(), KEEPER).unwrap();
    assert_eq!(changes.len(), 2);
}

#[test]
fn a_review_tells_what_an_import_would_do_and_does_nothing() {
    let (_folder, store) = fresh();
    let first = batch();
    load(&*store, "1", &first).unwrap();
    let before = store.version().unwrap();
    let mut second = batch();
    second.bodies[0].name = "Norra dammen".into();
    second.samples[0].assays = vec![exact(0, "13"), below(1, "5")];
    let mut third = body("3", &second.sites[0]);
    third.name = "New".into();
    second.bodies.push(third);
    let mut writer = store.begin_import(&import("2")).unwrap();
    writer.add(&second).unwrap();
    let (counts, changes) = writer.review().unwrap();
    assert_eq!((counts.added, counts.changed), (1, 2));
    let of = |table: &str, operation| {
        changes.iter().find(|c| c.table == table && c.operation == operation).unwrap()
    };
    let renamed = of("body", Operation::Update);
    assert!(renamed.before.as_ref().unwrap().contains("Norra sandmagasin"));
    assert!(renamed.after.as_ref().unwrap().contains("Norra dammen"));
    assert!(of("body", Operation::Insert).after.as_ref().unwrap().contains("\"3\""));
    let assay = of("assay", Operation::Update);
    assert!(assay.after.as_ref().unwrap().contains("13"), "{assay:?}");
    assert_eq!(store.bodies(&query()).unwrap().items[0].body, first.bodies[0]);
    assert_eq!(store.version().unwrap(), before);
    assert_eq!(store.imports().unwrap().len(), 1);
}
