//! Pages, boxes, periods, filters, search, map.

use std::num::NonZeroUsize;

use varp_model::{Batch, Bbox, BodyId, Subject, Visibility};
use varp_store::{Collection, Filter, PageLimit, Query, Store};

use super::fresh;
use crate::fixture::{batch, body, claim, load, only, position, query, sample, site, source, zone};

/// 40 bodies on a diagonal from 10°E 55°N on, every tenth without a place.
fn diagonal(store: &dyn Store) -> Vec<BodyId> {
    let place = site("Falun");
    let bodies: Vec<_> = (0..40_u8)
        .map(|n| {
            let mut body = body(&format!("B{n:02}"), &place);
            let step = f64::from(n) * 0.25;
            body.position = (n % 10 != 9).then(|| position(10.0 + step, 55.0 + step));
            body.footprint = None;
            body.kind.0 = if n % 4 == 0 { "slag" } else { "tailings" }.into();
            body.period =
                (n % 2 == 0).then(|| format!("19{:02}/19{:02}", n, n + 1).parse().unwrap());
            body
        })
        .collect();
    let ids = bodies.iter().map(|b| b.id).collect();
    let batch =
        Batch { sources: vec![source("R")], sites: vec![place], bodies, ..Batch::default() };
    load(store, "1", &batch).unwrap();
    ids
}

fn limit(n: usize) -> PageLimit {
    PageLimit(NonZeroUsize::new(n).unwrap())
}

fn walk(store: &dyn Store, mut query: Query) -> Vec<BodyId> {
    let mut found = Vec::new();
    loop {
        let page = store.bodies(&query).unwrap();
        assert!(page.items.len() <= query.limit.0.get());
        found.extend(page.items.iter().map(|item| item.body.id));
        match page.next {
            Some(next) => query.after = Some(next),
            None => return found,
        }
    }
}

#[test]
fn pages_together_hold_every_body_once() {
    let (_folder, store) = fresh();
    let all = diagonal(&*store);
    for n in [1, 7, 40, 100] {
        assert_eq!(walk(&*store, Query { limit: limit(n), ..query() }), all, "limit {n}");
    }
    let page = store.bodies(&Query { limit: limit(7), ..query() }).unwrap();
    assert_eq!(page.matched, Some(40));
    let uncounted = store.bodies(&Query { limit: limit(7), count: false, ..query() }).unwrap();
    assert_eq!(uncounted.matched, None);
}

#[test]
fn a_box_finds_what_is_in_it_and_what_has_no_place() {
    let (_folder, store) = fresh();
    let all = diagonal(&*store);
    let bbox = Bbox { west: 11.0, south: 56.0, east: 12.0, north: 57.0 };
    let expected: Vec<_> =
        (0..40).filter(|n| n % 10 == 9 || (4..=8).contains(n)).map(|n| all[n]).collect();
    let boxed = Query { bbox: Some(bbox), ..query() };
    let page = store.bodies(&boxed).unwrap();
    assert_eq!(page.items.iter().map(|i| i.body.id).collect::<Vec<_>>(), expected);
    assert_eq!(page.matched, Some(expected.len() as u64));
    assert_eq!(walk(&*store, Query { limit: limit(3), ..boxed.clone() }), expected);
    let keeper = Query { audience: Visibility::Private, ..boxed };
    assert_eq!(walk(&*store, keeper), expected, "walking the table finds the same");
}

#[test]
fn the_edge_of_a_box_belongs_to_it() {
    let (_folder, store) = fresh();
    let all = diagonal(&*store);
    let on_edge = Bbox { west: 10.25, south: 55.25, east: 10.5, north: 55.5 };
    let found = walk(&*store, Query { bbox: Some(on_edge), ..query() });
    assert_eq!(&found[..2], &all[1..3]);
    let beside = Bbox { west: 10.25 + 1e-9, south: 55.0, east: 10.5 - 1e-9, north: 56.0 };
    let found = walk(&*store, Query { bbox: Some(beside), ..query() });
    assert_eq!(found.len(), 4, "only those without a place");
}

#[test]
fn a_box_may_cross_the_antimeridian() {
    let (_folder, store) = fresh();
    let all = diagonal(&*store);
    let around = Bbox { west: 19.0, south: 50.0, east: 10.25, north: 70.0 };
    let expected: Vec<_> =
        (0..40).filter(|n| n % 10 == 9 || *n < 2 || *n >= 36).map(|n| all[n]).collect();
    for audience in [Visibility::Public, Visibility::Authority] {
        assert_eq!(walk(&*store, Query { bbox: Some(around), audience, ..query() }), expected);
    }
}

#[test]
fn a_period_finds_what_overlaps_it_and_what_has_no_time() {
    let (_folder, store) = fresh();
    let all = diagonal(&*store);
    let period = Some("1909-12-31/1912-01-01".parse().unwrap());
    let found = walk(&*store, Query { period, ..query() });
    let expected: Vec<_> =
        (0..40).filter(|n| n % 2 == 1 || [8, 10, 12].contains(n)).map(|n| all[n]).collect();
    assert_eq!(found, expected);
}

#[test]
fn filters_hold_together() {
    let (_folder, store) = fresh();
    let all = diagonal(&*store);
    let slag = only(Filter::Kind("slag".into()));
    assert_eq!(store.bodies(&slag).unwrap().matched, Some(10));
    let both =
        Query { filters: vec![Filter::Kind("slag".into()), Filter::Body(all[4])], ..query() };
    assert_eq!(walk(&*store, both), [all[4]]);
    assert_eq!(walk(&*store, only(Filter::Country("FI".parse().unwrap()))), []);
    assert_eq!(walk(&*store, only(Filter::Country("SE".parse().unwrap()))).len(), 40);
    assert_eq!(walk(&*store, only(Filter::Site(site("Falun").id))).len(), 40);
    assert_eq!(walk(&*store, only(Filter::Source(source("other").id))), []);
}

#[test]
fn every_collection_takes_every_filter() {
    let (_folder, store) = fresh();
    let batch = batch();
    load(&*store, "1", &batch).unwrap();
    let material = |c: &str, s: &str| Filter::Material {
        commodities: vec![c.into()],
        substances: vec![s.into()],
    };
    let hits: [(Filter, [usize; 6]); 13] = [
        (Filter::Country("SE".parse().unwrap()), [1, 1, 2, 3, 2, 1]),
        (Filter::Kind("tailings".into()), [1, 1, 2, 3, 2, 1]),
        (material("W", "none"), [1, 1, 2, 3, 2, 1]),
        (material("none", "Sn"), [1, 1, 2, 3, 2, 1]),
        (material("none", "Cu"), [0, 0, 0, 0, 0, 0]),
        (Filter::Site(batch.sites[0].id), [1, 1, 2, 3, 2, 1]),
        (Filter::Body(batch.bodies[0].id), [1, 1, 2, 3, 2, 1]),
        (Filter::Sample(batch.samples[0].sample.id), [1, 1, 1, 2, 0, 1]),
        (Filter::Source(batch.sources[0].id), [1, 1, 2, 3, 2, 1]),
        (Filter::Property("mass".into()), [1, 1, 0, 0, 1, 1]),
        (Filter::Substance("Sn".into()), [1, 1, 0, 0, 1, 1]),
        (Filter::Words("norra sand".into()), [0, 1, 0, 0, 2, 0]),
        (Filter::Words("s1".into()), [0, 0, 1, 2, 0, 0]),
    ];
    for (filter, expected) in hits {
        let q = only(filter.clone());
        let found = [
            store.sites(&q).unwrap().items.len(),
            store.bodies(&q).unwrap().items.len(),
            store.samples(&q).unwrap().items.len(),
            store.assays(&q).unwrap().items.len(),
            store.quantities(&q).unwrap().items.len(),
            store.sources(&q).unwrap().items.len(),
        ];
        assert_eq!(found, expected, "{filter:?}");
    }
}

#[test]
fn assays_page_in_the_order_of_samples() {
    let (_folder, store) = fresh();
    load(&*store, "1", &batch()).unwrap();
    let mut q = Query { limit: limit(1), ..query() };
    let mut found = Vec::new();
    loop {
        let page = store.assays(&q).unwrap();
        assert_eq!(page.matched, Some(3));
        found.extend(
            page.items.into_iter().map(|i| format!("{} {}", i.sample_name, i.assay.value.number())),
        );
        match page.next {
            Some(next) => q.after = Some(next),
            None => break,
        }
    }
    assert_eq!(found, ["S1 12.30", "S1 5", "S2 7"]);
}

#[test]
fn samples_in_holes_lie_at_their_collar() {
    let (_folder, store) = fresh();
    load(&*store, "1", &batch()).unwrap();
    let around = |x: f64, y: f64| Query {
        bbox: Some(Bbox { west: x - 1e-4, south: y - 1e-4, east: x + 1e-4, north: y + 1e-4 }),
        ..query()
    };
    let names = |q: &Query| -> Vec<String> {
        store.samples(q).unwrap().items.into_iter().map(|i| i.sample.name).collect()
    };
    assert_eq!(names(&around(15.012, 60.012)), ["S1"]);
    assert_eq!(names(&around(15.011, 60.011)), ["S2"]);
    assert_eq!(names(&around(16.0, 61.0)), Vec::<String>::new());
    assert_eq!(store.assays(&around(15.011, 60.011)).unwrap().items.len(), 1);
    let extent = store.extent(Collection::Samples, Visibility::Public).unwrap();
    assert_eq!(extent, Some(Bbox { west: 15.011, south: 60.011, east: 15.012, north: 60.012 }));
}

#[test]
fn search_ignores_accents_and_case_and_puts_whole_names_first() {
    let (_folder, store) = fresh();
    let names = ["Grängesberg", "Grängesbergs nya", "Yxsjöberg", "Bjørkåsen", "Ægir", "Falun"];
    let sites = names.map(|name| {
        let mut site = site(name);
        site.aliases = if name == "Falun" { vec!["Stora Kopparberget".into()] } else { Vec::new() };
        site
    });
    let batch = Batch { sources: vec![source("R")], sites: sites.into(), ..Batch::default() };
    load(&*store, "1", &batch).unwrap();
    let find = |words: &str| -> Vec<String> {
        let hits = store.search(words, 10, Visibility::Public).unwrap();
        hits.into_iter().map(|hit| hit.name).collect()
    };
    assert_eq!(find("grangesberg"), ["Grängesberg", "Grängesbergs nya"]);
    assert_eq!(find("GRÄNGESBERG"), ["Grängesberg", "Grängesbergs nya"]);
    assert_eq!(find("nya grang"), ["Grängesbergs nya"]);
    assert_eq!(find("yxsjoberg"), ["Yxsjöberg"]);
    assert_eq!(find("bjorkasen"), ["Bjørkåsen"]);
    assert_eq!(find("aegir"), ["Ægir"]);
    assert_eq!(find("\"' OR *"), Vec::<String>::new());
    assert_eq!(find(""), Vec::<String>::new());
    let by_alias = store.search("kopparberg", 10, Visibility::Public).unwrap();
    assert_eq!(by_alias[0].alias.as_deref(), Some("Stora Kopparberget"));
    assert_eq!(store.search("gr", 1, Visibility::Public).unwrap().len(), 1);
    let listed = store.sites(&only(Filter::Words("grangesberg".into()))).unwrap();
    assert_eq!(listed.items.len(), 2);
}

#[test]
fn a_body_without_a_place_stands_at_its_site() {
    let (_folder, store) = fresh();
    let mut batch = batch();
    let mut lone = body("lone", &batch.sites[0]);
    lone.position = None;
    batch.bodies.push(lone);
    load(&*store, "1", &batch).unwrap();
    let points = store.map_points(Visibility::Public).unwrap();
    assert_eq!(points.len(), 2);
    assert_eq!(
        (points[0].of_site, points[0].substances.as_slice()),
        (false, &["Sn".into(), "W".into()][..])
    );
    assert_eq!(
        (points[1].of_site, points[1].place),
        (true, batch.sites[0].position.as_ref().unwrap().place)
    );
}

#[test]
fn pages_of_sites_and_sources_hold_what_belongs_to_them() {
    let (_folder, store) = fresh();
    let mut batch = batch();
    batch.claims.push(claim("C3", Subject::Site(batch.sites[0].id), "area", 3.0));
    load(&*store, "1", &batch).unwrap();
    let page = store.site(batch.sites[0].id, Visibility::Public).unwrap().unwrap();
    assert_eq!((page.bodies.len(), page.claims.len()), (1, 1));
    assert_eq!(page.sources, batch.sources);
    let cited = store.source(batch.sources[0].id, Visibility::Public).unwrap().unwrap();
    assert_eq!(cited.sites, [(batch.sites[0].id, "Yxsjöberg".to_owned())]);
    assert_eq!(cited.bodies, [(batch.bodies[0].id, "Norra sandmagasin".to_owned())]);
    assert_eq!((cited.claims.len(), cited.samples), (3, 2));
    assert_eq!(store.source(source("no").id, Visibility::Public).unwrap(), None);
    let sample = sample("S1", None);
    assert_eq!(store.sample(sample.id, Visibility::Public).unwrap().unwrap().assays.len(), 2);
}

#[test]
fn claims_of_several_subjects_come_at_once_and_as_far_as_the_audience_sees() {
    let (_folder, store) = fresh();
    let records = batch();
    load(&*store, "1", &records).unwrap();
    for body in &records.bodies {
        for audience in Visibility::ALL {
            let page = store.body(body.id, audience).unwrap();
            let mut own = page.map(|page| page.claims).unwrap_or_default();
            let mut at_once = store.claims_of(&[body.id.0], audience).unwrap();
            if store.body(body.id, audience).unwrap().is_none() {
                continue;
            }
            own.sort_by_key(|c| c.id);
            at_once.sort_by_key(|c| c.id);
            assert_eq!(own, at_once, "{} {audience}", body.name);
        }
    }
}

#[test]
fn bodies_with_samples_or_zones_are_told_from_others() {
    let (_folder, store) = fresh();
    let mut records = batch();
    let sampled = records.bodies[0].id;
    records.zones.clear();
    let zoned = body("zoned", &records.sites[0]);
    records.zones.push(zone("near", &zoned));
    let bare = body("bare", &records.sites[0]);
    let ids = [sampled, zoned.id, bare.id];
    records.bodies.extend([zoned, bare]);
    load(&*store, "1", &records).unwrap();
    assert_eq!(store.sampled_or_zoned(&ids).unwrap(), ids[..2].iter().copied().collect());
    assert_eq!(store.sampled_or_zoned(&ids[2..]).unwrap(), [].into());
}
