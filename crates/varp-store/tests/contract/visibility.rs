//! Nothing that is not public reaches the public, by no door.

use varp_model::{Bbox, Body, Element, Site, Subject, Substance, Visibility};
use varp_store::{Collection, Filter, Query, Store};

use super::fresh;
use crate::fixture::{batch, body, claim, hole, load, only, position, query, sample, site, source};

const PUBLIC: Visibility = Visibility::Public;
const CLOSED: [Visibility; 2] = [Visibility::Authority, Visibility::Private];

/// The number of things of each collection that the audience gets, with the counts claimed.
fn seen(store: &dyn Store, q: &Query) -> [(usize, Option<u64>); 6] {
    macro_rules! page {
        ($list:ident) => {{
            let page = store.$list(q).unwrap();
            (page.items.len(), page.matched)
        }};
    }
    [page!(sites), page!(bodies), page!(samples), page!(assays), page!(quantities), page!(sources)]
}

fn of(audience: Visibility) -> Query {
    Query { audience, ..query() }
}

#[test]
fn a_closed_site_takes_all_that_is_its_own_along() {
    for closed in CLOSED {
        let (_folder, store) = fresh();
        let mut batch = batch();
        batch.sites[0].visibility = closed;
        load(&*store, "1", &batch).unwrap();
        assert_eq!(seen(&*store, &of(PUBLIC)).map(|s| s.0), [0, 0, 0, 0, 0, 1]);
        assert_eq!(seen(&*store, &of(PUBLIC)).map(|s| s.1.unwrap()), [0, 0, 0, 0, 0, 1]);
        assert_eq!(seen(&*store, &of(closed)).map(|s| s.0), [1, 1, 2, 3, 2, 1]);
        let body = &batch.bodies[0];
        assert!(store.site(batch.sites[0].id, PUBLIC).unwrap().is_none());
        assert!(store.body(body.id, PUBLIC).unwrap().is_none());
        assert!(store.sample(batch.samples[0].sample.id, PUBLIC).unwrap().is_none());
        assert!(store.hole(batch.holes[0].id, PUBLIC).unwrap().is_none());
        assert!(store.claim(batch.claims[0].id, PUBLIC).unwrap().is_none());
        assert!(store.map_points(PUBLIC).unwrap().is_empty());
        assert!(store.search("Yxsjöberg", 9, PUBLIC).unwrap().is_empty());
        assert!(store.search("Norra", 9, PUBLIC).unwrap().is_empty());
        assert!(store.changes(&body.id.to_string(), PUBLIC).unwrap().is_empty());
        let page = store.source(batch.sources[0].id, PUBLIC).unwrap().unwrap();
        assert!(page.sites.is_empty() && page.bodies.is_empty() && page.claims.is_empty());
        assert_eq!(page.samples, 0);
        for collection in [
            Collection::Sites,
            Collection::Bodies,
            Collection::Samples,
            Collection::Assays,
            Collection::Quantities,
        ] {
            assert_eq!(store.extent(collection, PUBLIC).unwrap(), None, "{collection:?}");
            assert!(store.extent(collection, closed).unwrap().is_some(), "{collection:?}");
        }
        let kept = store.body(body.id, closed).unwrap().unwrap();
        assert_eq!(&kept.item.body, body);
        assert_eq!(kept.zones, batch.zones);
        assert_eq!(
            store.sample(batch.samples[0].sample.id, closed).unwrap().unwrap().sample,
            batch.samples[0].sample
        );
    }
}

#[test]
fn the_authority_does_not_see_what_is_private() {
    let (_folder, store) = fresh();
    let mut batch = batch();
    batch.bodies[0].visibility = Visibility::Private;
    batch.claims[0].visibility = Visibility::Authority;
    load(&*store, "1", &batch).unwrap();
    assert_eq!(seen(&*store, &of(Visibility::Authority)).map(|s| s.0), [1, 0, 0, 0, 0, 1]);
    assert_eq!(seen(&*store, &of(Visibility::Private)).map(|s| s.0), [1, 1, 2, 3, 2, 1]);
}

#[test]
fn a_closed_source_closes_what_was_taken_from_it() {
    let (_folder, store) = fresh();
    let mut batch = batch();
    let mut secret = source("secret");
    secret.visibility = Visibility::Authority;
    batch.claims[0].source = secret.id;
    batch.samples[0].sample.source = secret.id;
    batch.sources.push(secret);
    load(&*store, "1", &batch).unwrap();
    assert_eq!(seen(&*store, &of(PUBLIC)).map(|s| s.0), [1, 1, 1, 1, 1, 1]);
    let page = store.body(batch.bodies[0].id, PUBLIC).unwrap().unwrap();
    assert_eq!((page.claims.len(), page.samples, page.sources.len()), (1, 1, 1));
    assert!(page.item.key_figures.is_empty());
}

#[test]
fn a_closed_claim_hides_its_number_and_its_substance() {
    let (_folder, store) = fresh();
    let mut batch = batch();
    batch.claims[1].visibility = Visibility::Authority;
    load(&*store, "1", &batch).unwrap();
    let q = of(PUBLIC);
    assert_eq!(store.bodies(&q).unwrap().items[0].substances, ["W"]);
    assert_eq!(store.map_points(PUBLIC).unwrap()[0].substances, ["W"]);
    assert_eq!(store.quantities(&q).unwrap().matched, Some(1));
    let tin = Filter::Material { commodities: vec![], substances: vec!["Sn".into()] };
    for filter in [tin, Filter::Substance("Sn".into()), Filter::Property("grade".into())] {
        let q = only(filter);
        assert_eq!(seen(&*store, &q).map(|s| s.0), [0; 6], "{q:?}");
    }
    let authority = store.bodies(&of(Visibility::Authority)).unwrap().items;
    assert_eq!(authority[0].substances, ["Sn", "W"]);
}

#[test]
fn a_closed_sample_hides_what_only_it_found() {
    let (_folder, store) = fresh();
    let mut batch = batch();
    batch.samples[0].sample.visibility = Visibility::Authority;
    batch.samples[1].assays.clear();
    load(&*store, "1", &batch).unwrap();
    assert_eq!(store.bodies(&of(PUBLIC)).unwrap().items[0].substances, ["Sn"]);
    let page = store.body(batch.bodies[0].id, PUBLIC).unwrap().unwrap();
    assert!(page.determinations.is_empty());
    assert_eq!(page.samples, 1);
    assert_eq!(store.assays(&of(PUBLIC)).unwrap().matched, Some(0));
    assert_eq!(store.extent(Collection::Samples, PUBLIC).unwrap().unwrap().east, 15.011);
}

/// A public body whose exact place only the authority may know, among others.
fn withheld(store: &dyn Store) -> (Site, Body) {
    let mut place = site("Secret");
    place.position = None;
    let mut body = body("Secret", &place);
    body.position = Some(position(21.123_456, 66.654_321));
    body.position.as_mut().unwrap().visibility = Visibility::Authority;
    body.footprint = Some(crate::fixture::square(21.12, 66.65, 0.01));
    let mut all = batch();
    let mut near = sample("near", Some(&body));
    near.position = Some(position(21.12, 66.65));
    all.samples
        .push(varp_model::SampleRow { sample: near, assays: vec![crate::fixture::exact(0, "3")] });
    let mut drilled = hole("near", &body);
    drilled.collar = Some(position(21.12, 66.65));
    all.holes.push(drilled);
    all.zones.push(crate::fixture::zone("near", &body));
    all.claims.push(claim("near", Subject::Body(body.id), "mass", 1.0));
    all.sites.push(place.clone());
    all.bodies.push(body.clone());
    load(store, "1", &all).unwrap();
    (place, body)
}

#[test]
fn a_withheld_place_is_in_no_record_of_its_neighbours() {
    let (_folder, store) = fresh();
    let (_, body) = withheld(&*store);
    let page = store.body(body.id, PUBLIC).unwrap().unwrap();
    assert_eq!((page.item.body.position, page.item.body.footprint), (None, None));
    assert!(page.holes.iter().all(|h| h.collar.is_none()));
    assert!(page.zones.iter().all(|z| z.outline.is_none()));
    for sample in store.samples(&only(Filter::Body(body.id))).unwrap().items {
        assert_eq!((sample.place, sample.sample.position), (None, None));
    }
    for quantity in store.quantities(&only(Filter::Body(body.id))).unwrap().items {
        assert_eq!(quantity.place, None);
    }
    assert!(store.map_points(PUBLIC).unwrap().iter().all(|p| p.id != body.id));
    for collection in
        [Collection::Bodies, Collection::Samples, Collection::Assays, Collection::Quantities]
    {
        assert!(store.extent(collection, PUBLIC).unwrap().unwrap().north < 61.0, "{collection:?}");
    }
    let known = store.body(body.id, Visibility::Authority).unwrap().unwrap();
    assert_eq!(known.item.body, body);
    let points = store.map_points(Visibility::Authority).unwrap();
    assert!(
        points.iter().any(|p| p.id == body.id && p.place == body.position.as_ref().unwrap().place)
    );
}

#[test]
fn halving_a_box_tells_nothing_of_a_withheld_place() {
    let (_folder, store) = fresh();
    let (_, body) = withheld(&*store);
    let mut bbox = Bbox { west: -180.0, south: -90.0, east: 180.0, north: 90.0 };
    for step in 0..40 {
        let (mut one, mut two) = (bbox, bbox);
        if step % 2 == 0 {
            one.east = f64::midpoint(bbox.west, bbox.east);
            two.west = one.east;
        } else {
            one.north = f64::midpoint(bbox.south, bbox.north);
            two.south = one.north;
        }
        for half in [one, two] {
            let q = Query { bbox: Some(half), ..query() };
            let found = store.bodies(&q).unwrap();
            assert!(
                found.items.iter().any(|i| i.body.id == body.id),
                "without a place it matches any box"
            );
            let samples = store.samples(&q).unwrap();
            assert!(samples.items.iter().any(|i| i.sample.name == "near"));
            assert!(
                store.quantities(&q).unwrap().items.iter().any(|i| i.subject_name == body.name)
            );
        }
        let at = body.position.as_ref().unwrap().place;
        bbox = if one.contains(at.longitude(), at.latitude()) { one } else { two };
    }
    let empty = Query { bbox: Some(bbox), audience: Visibility::Authority, ..query() };
    assert_eq!(
        store.bodies(&empty).unwrap().items.len(),
        1,
        "the authority finds it in the last box"
    );
    let elsewhere = Bbox { west: 0.0, south: 0.0, east: 1.0, north: 1.0 };
    let elsewhere = Query { bbox: Some(elsewhere), audience: Visibility::Authority, ..query() };
    assert!(store.bodies(&elsewhere).unwrap().items.is_empty());
}

#[test]
fn opening_and_closing_a_record_moves_its_place() {
    let (_folder, store) = fresh();
    let mut batch = batch();
    load(&*store, "1", &batch).unwrap();
    for (key, closed) in
        [("2", Visibility::Private), ("3", Visibility::Public), ("4", Visibility::Authority)]
    {
        batch.sites[0].visibility = closed;
        let done = load(&*store, key, &batch).unwrap();
        assert_eq!((done.added, done.changed), (0, 1));
        let public = store.bodies(&of(PUBLIC)).unwrap().items;
        assert_eq!(public.len(), usize::from(closed == PUBLIC));
        assert_eq!(
            store.body(batch.bodies[0].id, closed).unwrap().unwrap().item.body,
            batch.bodies[0]
        );
        assert_eq!(store.extent(Collection::Bodies, PUBLIC).unwrap().is_some(), closed == PUBLIC);
    }
    assert!(store.changes(&batch.sites[0].id.to_string(), PUBLIC).unwrap().is_empty());
    assert_eq!(
        store.changes(&batch.sites[0].id.to_string(), Visibility::Private).unwrap().len(),
        3
    );
}

#[test]
fn the_public_log_tells_no_coordinates() {
    let (_folder, store) = fresh();
    let mut batch = batch();
    load(&*store, "1", &batch).unwrap();
    batch.bodies[0].position = Some(position(16.0, 61.0));
    load(&*store, "2", &batch).unwrap();
    let id = batch.bodies[0].id.to_string();
    let public = store.changes(&id, PUBLIC).unwrap();
    assert_eq!(public.len(), 1);
    assert!(!public[0].before.as_ref().unwrap().contains("geom"));
    assert!(
        store.changes(&id, Visibility::Private).unwrap()[0]
            .before
            .as_ref()
            .unwrap()
            .contains("geom")
    );
    batch.bodies[0].position.as_mut().unwrap().visibility = Visibility::Authority;
    load(&*store, "3", &batch).unwrap();
    assert_eq!(store.changes(&id, PUBLIC).unwrap().len(), 1, "the change that closed it is closed");
}

#[test]
fn a_closed_deposit_does_not_show_through_its_waste() {
    let (_folder, store) = fresh();
    let mut batch = batch();
    let mut deposit = body("deposit", &batch.sites[0]);
    deposit.visibility = Visibility::Authority;
    batch.bodies[0].origin_deposit = Some(deposit.id);
    batch.bodies.push(deposit.clone());
    load(&*store, "1", &batch).unwrap();
    assert_eq!(store.bodies(&of(PUBLIC)).unwrap().items[0].body.origin_deposit, None);
    assert_eq!(
        store.bodies(&of(Visibility::Authority)).unwrap().items[0].body.origin_deposit,
        Some(deposit.id)
    );
    let error = store.merge_bodies(batch.bodies[0].id, deposit.id, "Ada", "same").unwrap_err();
    assert!(error.to_string().contains("less public"), "{error}");
}

#[test]
fn owners_carry_their_own_visibility() {
    let (_folder, store) = fresh();
    let mut batch = batch();
    let mut owner = claim("owner", Subject::Body(batch.bodies[0].id), "land_owner", 0.0);
    owner.value = varp_model::ClaimValue::Text("A. Person".into());
    owner.visibility = Visibility::Authority;
    owner.substance = Some(Substance::Element(Element::from_symbol("Au").unwrap()));
    batch.claims.push(owner.clone());
    load(&*store, "1", &batch).unwrap();
    let claims = |audience| store.body(batch.bodies[0].id, audience).unwrap().unwrap().claims;
    assert_eq!(claims(PUBLIC).len(), 2);
    assert!(claims(Visibility::Authority).contains(&owner));
    assert!(store.sites(&only(Filter::Property("land_owner".into()))).unwrap().items.is_empty());
}

#[test]
fn a_closed_claim_widens_no_extent() {
    let (_folder, store) = fresh();
    let mut batch = batch();
    let mut far = body("far", &batch.sites[0]);
    far.position = Some(position(25.0, 66.0));
    let mut closed = claim("far", Subject::Body(far.id), "mass", 1.0);
    closed.visibility = Visibility::Authority;
    batch.bodies.push(far);
    batch.claims.push(closed);
    load(&*store, "1", &batch).unwrap();
    let east = |audience| store.extent(Collection::Quantities, audience).unwrap().unwrap().east;
    assert_eq!((east(PUBLIC), east(Visibility::Authority)), (15.01, 25.0));
}

#[test]
fn a_closed_sample_counts_in_no_box() {
    let (_folder, store) = fresh();
    let mut batch = batch();
    for n in 0..4 {
        let mut more = batch.samples[1].clone();
        more.sample = sample(&format!("more {n}"), Some(&batch.bodies[0]));
        (more.sample.hole, more.sample.position) = (Some(batch.holes[0].id), None);
        if n > 1 {
            more.sample.visibility = Visibility::Private;
        }
        batch.samples.push(more);
    }
    load(&*store, "1", &batch).unwrap();
    let bbox = Some(Bbox { west: 14.0, south: 59.0, east: 16.0, north: 61.0 });
    let limit = varp_store::PageLimit(std::num::NonZeroUsize::MIN);
    let matched = store.samples(&Query { bbox, limit, ..query() }).unwrap().matched;
    assert_eq!(matched, Some(4));
}

#[test]
fn an_id_that_was_merged_away_leads_only_those_on_who_may_see_where() {
    let (_folder, store) = fresh();
    let mut batch = batch();
    let twin = body("Södra", &batch.sites[0]);
    batch.bodies.push(twin.clone());
    load(&*store, "1", &batch).unwrap();
    let kept = batch.bodies[0].id;
    store.merge_bodies(kept, twin.id, "Ada", "same heap").unwrap();
    assert_eq!(store.redirect(twin.id.0, PUBLIC).unwrap(), Some(kept.0));
    batch.bodies.pop();
    batch.bodies[0].visibility = Visibility::Authority;
    load(&*store, "2", &batch).unwrap();
    assert_eq!(store.redirect(twin.id.0, PUBLIC).unwrap(), None);
    assert_eq!(store.redirect(twin.id.0, Visibility::Authority).unwrap(), Some(kept.0));
}
