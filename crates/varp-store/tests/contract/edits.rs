//! Preferring, merging, keeping apart.

use varp_model::{BodyId, Subject, Visibility};
use varp_store::{Filter, StoreError};

use super::fresh;
use crate::fixture::{batch, body, claim, dataset, load, only, query, site};

#[test]
fn one_claim_is_preferred_with_a_reason() {
    let (_folder, store) = fresh();
    let mut batch = batch();
    let subject = Subject::Body(batch.bodies[0].id);
    batch.claims.push(claim("other", subject, "mass", 4.0));
    load(&*store, "1", &batch).unwrap();
    let key_figures = || store.bodies(&query()).unwrap().items[0].key_figures.clone();
    assert!(key_figures().is_empty(), "sources disagree");
    store.prefer(batch.claims[2].id, "Ada", "newer survey").unwrap();
    assert_eq!(key_figures()[0].preferred.as_deref(), Some("newer survey"));
    store.prefer(batch.claims[0].id, "Bo", "drilled").unwrap();
    assert_eq!(key_figures().len(), 1);
    assert_eq!(key_figures()[0].id, batch.claims[0].id);
    let log = store.changes(&batch.claims[0].id.to_string(), Visibility::Public).unwrap();
    assert_eq!((log[0].actor.as_deref(), log[0].reason.as_deref()), (Some("Bo"), Some("drilled")));
    load(&*store, "2", &batch).unwrap();
    assert_eq!(
        key_figures()[0].id,
        batch.claims[0].id,
        "an import does not undo a person's choice"
    );
    assert!(store.prefer(varp_model::ClaimId::of(&dataset(), "no"), "Ada", "x").is_err());
    assert!(store.prefer(batch.claims[0].id, "Ada", " ").is_err());
}

#[test]
fn merged_sites_become_one_and_the_old_id_redirects() {
    let (_folder, store) = fresh();
    let mut batch = batch();
    let twin = site("Yxsjö");
    batch.bodies.push(body("Södra", &twin));
    batch.claims.push(claim("of twin", Subject::Site(twin.id), "area", 3.0));
    batch.sites.push(twin.clone());
    load(&*store, "1", &batch).unwrap();
    let kept = batch.sites[0].id;
    store.merge_sites(kept, twin.id, "Ada", "same mine").unwrap();
    assert_eq!(store.redirect(twin.id.0, Visibility::Public).unwrap(), Some(kept.0));
    assert_eq!(store.redirect(kept.0, Visibility::Public).unwrap(), None);
    let page = store.site(kept, Visibility::Public).unwrap().unwrap();
    assert_eq!((page.bodies.len(), page.claims.len()), (2, 1));
    assert!(page.site.aliases.contains(&"Yxsjö".to_owned()));
    assert!(store.site(twin.id, Visibility::Public).unwrap().is_none());
    assert_eq!(store.search("yxsjo", 9, Visibility::Public).unwrap()[0].id, kept.to_string());
    let again = load(&*store, "2", &batch).unwrap();
    assert_eq!((again.added, again.changed), (0, 0), "the merged file finds its rows");
    assert_eq!(store.sites(&query()).unwrap().items.len(), 1);
    assert_eq!(store.health().unwrap().findings, Vec::<String>::new());
    assert!(matches!(
        store.merge_sites(kept, twin.id, "Ada", "x"),
        Err(StoreError::NotFound { .. })
    ));
    assert!(matches!(store.merge_sites(kept, kept, "Ada", "x"), Err(StoreError::Refused(_))));
}

#[test]
fn later_rows_of_a_merged_site_go_to_the_one_kept() {
    let (_folder, store) = fresh();
    let mut batch = batch();
    let twin = site("Yxsjö");
    batch.sites.push(twin.clone());
    load(&*store, "1", &batch).unwrap();
    store.merge_sites(batch.sites[0].id, twin.id, "Ada", "same mine").unwrap();
    batch.bodies.push(body("Södra", &twin));
    load(&*store, "2", &batch).unwrap();
    let bodies = store.bodies(&only(Filter::Site(batch.sites[0].id))).unwrap().items;
    assert_eq!(bodies.len(), 2);
}

#[test]
fn merged_bodies_share_samples_claims_and_substances() {
    let (_folder, store) = fresh();
    let mut batch = batch();
    let mut twin = body("Twin", &batch.sites[0]);
    twin.footprint = None;
    twin.position = None;
    batch.bodies.push(twin.clone());
    load(&*store, "1", &batch).unwrap();
    let gone = batch.bodies[0].id;
    store.merge_bodies(twin.id, gone, "Ada", "one pond").unwrap();
    let page = store.body(twin.id, Visibility::Public).unwrap().unwrap();
    assert_eq!((page.samples, page.holes.len(), page.zones.len(), page.claims.len()), (2, 1, 1, 2));
    assert_eq!(page.item.substances, ["Sn", "W"]);
    assert_eq!(page.item.body.footprint, batch.bodies[0].footprint);
    assert_eq!(page.item.body.position, batch.bodies[0].position);
    assert_eq!(store.bodies(&query()).unwrap().matched, Some(1));
    assert_eq!(load(&*store, "2", &batch).unwrap().changed, 0);
    assert_eq!(store.health().unwrap().findings, Vec::<String>::new());
}

#[test]
fn pairs_kept_apart_are_remembered_in_any_order() {
    let (_folder, store) = fresh();
    let mut batch = batch();
    batch.sites.push(site("Other"));
    load(&*store, "1", &batch).unwrap();
    let (a, b) = (batch.sites[0].id.0, batch.sites[1].id.0);
    store.keep_apart(b, a, "Ada", "two parishes").unwrap();
    store.keep_apart(a, b, "Ada", "two parishes").unwrap();
    assert_eq!(store.kept_apart().unwrap(), [(a.min(b), a.max(b))]);
    assert!(store.keep_apart(a, a, "Ada", "x").is_err());
    assert!(store.keep_apart(a, BodyId::of(&dataset(), "no").0, "Ada", "x").is_err());
}

#[test]
fn what_was_kept_apart_from_a_merged_record_is_kept_apart_from_the_other() {
    let (_folder, store) = fresh();
    let mut batch = batch();
    batch.sites.extend([site("Other"), site("Third")]);
    load(&*store, "1", &batch).unwrap();
    let [a, b, c] = [0, 1, 2].map(|at| batch.sites[at].id);
    store.keep_apart(b.0, c.0, "Ada", "two parishes").unwrap();
    store.keep_apart(a.0, b.0, "Ada", "a mistake").unwrap();
    store.merge_sites(a, b, "Ada", "one mine").unwrap();
    assert_eq!(store.kept_apart().unwrap(), [(a.0.min(c.0), a.0.max(c.0))]);
}
