//! What an import writes is what readers get.

use varp_model::{BodyId, SampleId, SiteId, Visibility};
use varp_store::StoreError;

use super::fresh;
use crate::fixture::{self, batch, dataset, import, load, query};

const PUBLIC: Visibility = Visibility::Public;

#[test]
fn records_come_back_as_they_went_in() {
    let (_folder, store) = fresh();
    let batch = batch();
    let done = load(&*store, "1", &batch).unwrap();
    assert_eq!((done.added, done.changed, done.unchanged, done.assays), (9, 0, 0, 3));

    assert_eq!(store.sources(&query()).unwrap().items, batch.sources);
    let sites = store.sites(&query()).unwrap();
    assert_eq!(sites.items[0].site, batch.sites[0]);
    assert_eq!((sites.matched, sites.next), (Some(1), None));
    let bodies = store.bodies(&query()).unwrap().items;
    assert_eq!(bodies[0].body, batch.bodies[0]);
    assert_eq!(bodies[0].site_name, "Yxsjöberg");
    assert_eq!(bodies[0].substances, ["Sn", "W"]);
    assert_eq!(bodies[0].key_figures, [batch.claims[0].clone()]);
    let samples = store.samples(&query()).unwrap().items;
    assert_eq!(samples[0].sample, batch.samples[0].sample);
    assert_eq!(samples[1].sample, batch.samples[1].sample);
    assert_eq!(samples[1].place, Some(batch.holes[0].collar.as_ref().unwrap().place));
    assert_eq!(store.hole(batch.holes[0].id, PUBLIC).unwrap().as_ref(), Some(&batch.holes[0]));
    assert_eq!(store.claim(batch.claims[1].id, PUBLIC).unwrap().as_ref(), Some(&batch.claims[1]));
    let quantities = store.quantities(&query()).unwrap().items;
    assert_eq!(quantities.len(), 2);
    assert_eq!(quantities[0].subject_name, "Norra sandmagasin");
}

#[test]
fn a_body_page_holds_all_that_is_known() {
    let (_folder, store) = fresh();
    let batch = batch();
    load(&*store, "1", &batch).unwrap();
    let page = store.body(batch.bodies[0].id, PUBLIC).unwrap().unwrap();
    assert_eq!(page.site, batch.sites[0]);
    assert_eq!(page.zones, batch.zones);
    assert_eq!(page.holes, batch.holes);
    assert_eq!(page.claims.len(), 2);
    assert_eq!(page.samples, 2);
    assert_eq!(page.sources, batch.sources);
    let tungsten = &page.determinations[0];
    assert_eq!(tungsten.determination, batch.determinations[0]);
    assert_eq!((tungsten.results, tungsten.censored), (2, 0));
    assert_eq!((tungsten.least, tungsten.median, tungsten.greatest), (7.0, 9.65, 12.3));
    assert_eq!(page.determinations[1].censored, 1);
}

#[test]
fn an_assay_keeps_its_digits_and_its_sign() {
    let (_folder, store) = fresh();
    load(&*store, "1", &batch()).unwrap();
    let sample = store.sample(SampleId::of(&dataset(), "S1"), PUBLIC).unwrap().unwrap();
    let printed: Vec<String> = sample
        .assays
        .iter()
        .map(|(a, _)| format!("{}{}", a.value.sign(), a.value.number()))
        .collect();
    assert_eq!(printed, ["12.30", "<5"]);
    let listed = store.assays(&query()).unwrap();
    assert_eq!(listed.matched, Some(3));
    assert_eq!(store.assay(&listed.items[1].id, PUBLIC).unwrap().as_ref(), Some(&listed.items[1]));
    assert_eq!(store.assay("nothing", PUBLIC).unwrap(), None);
}

#[test]
fn the_same_import_again_changes_nothing() {
    let (_folder, store) = fresh();
    load(&*store, "1", &batch()).unwrap();
    let version = store.version().unwrap();
    let again = load(&*store, "2", &batch()).unwrap();
    assert_eq!((again.added, again.changed, again.unchanged, again.assays), (0, 0, 9, 0));
    assert!(store.version().unwrap() > version, "an import is a commit");
    assert!(
        store.changes(&batch().sites[0].id.to_string(), Visibility::Private).unwrap().is_empty()
    );
}

#[test]
fn a_dropped_import_leaves_nothing() {
    let (_folder, store) = fresh();
    let mut writer = store.begin_import(&import("1")).unwrap();
    writer.add(&batch()).unwrap();
    assert_eq!(writer.progress().added, 9);
    drop(writer);
    assert!(store.sites(&query()).unwrap().items.is_empty());
    assert!(store.imports().unwrap().is_empty());
    load(&*store, "1", &batch()).unwrap();
    assert_eq!(store.sites(&query()).unwrap().items.len(), 1);
}

#[test]
fn a_reference_to_nothing_is_named_by_the_users_key() {
    let (_folder, store) = fresh();
    let mut batch = batch();
    batch.bodies[0].site = SiteId::of(&dataset(), "not there");
    let error = load(&*store, "1", &batch).unwrap_err();
    assert!(
        matches!(&error, StoreError::Dangling { kind, id, missing_kind, .. }
            if kind == "body" && id == "Norra" && missing_kind == "site"),
        "{error}"
    );
    let mut batch = fixture::batch();
    batch.samples[0].sample.body = Some(BodyId::of(&dataset(), "not there"));
    assert!(
        matches!(load(&*store, "1", &batch), Err(StoreError::Dangling { kind, .. }) if kind == "sample")
    );
    assert!(store.sources(&query()).unwrap().items.is_empty());
}
