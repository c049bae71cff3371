//! Classes read the estimate that stands, name it, and tell when it is another.

use varp_app::jobs::classes::{ClassView, RuleSet, class_view, keep_classes};
use varp_engine::classify::{How, Prepared};
use varp_model::*;
use varp_store::Store;

use super::{estimate_b00, fixture, register};

fn shown(store: &dyn Store, audience: Visibility) -> ClassView {
    let (rules, references) = (RuleSet::embedded(), References::embedded());
    let body = fixture::body_id("b00");
    class_view(store, body, &rules, &references, audience).unwrap().unwrap()
}

fn keep(store: &dyn Store) -> u64 {
    let (rules, references) = (RuleSet::embedded(), References::embedded());
    let text = RuleSet::embedded_text();
    let prepared = Prepared::new(&rules);
    let kept = keep_classes(store, text, &prepared, &references, Visibility::Public, "Ada");
    kept.unwrap().new
}

fn estimates(store: &dyn Store) -> Vec<String> {
    let body = Some(fixture::body_id("b00"));
    let all = store.results_of(body, ResultKind::Estimate, Visibility::Private).unwrap();
    all.iter().map(|r| r.result.id().to_string()).collect()
}

/// The estimate that the class of copper names, and whether the evidence has changed since it was stored.
fn of_copper(store: &dyn Store) -> (Option<String>, bool) {
    let view = shown(store, Visibility::Public);
    let (entry, ..) = view.products.iter().find(|(entry, ..)| entry.product == "Cu").unwrap();
    (entry.estimate.clone(), view.stored.as_ref().is_some_and(|(_, _, changed)| *changed))
}

#[test]
fn a_class_names_its_estimate_and_is_stale_when_another_stands() {
    let register = register(Visibility::Public);
    let store = &*register.store;
    assert!(keep(store) > 0);
    assert_eq!(of_copper(store), (None, false));
    estimate_b00(store, 1);
    let first = estimates(store)[0].clone();
    assert_eq!(of_copper(store), (None, true), "an estimate is new evidence");
    assert_eq!(keep(store), 1, "the class of one body is proposed anew");
    assert_eq!(of_copper(store), (Some(first.clone()), false));
    estimate_b00(store, 2);
    assert_eq!(of_copper(store), (Some(first.clone()), true));
    for standing in [Standing::Draft, Standing::Reviewed, Standing::Adopted] {
        let result = first.parse().unwrap();
        let decision = Decision {
            result,
            item: String::new(),
            standing,
            instead: None,
            person: "Ada".into(),
            capacity: "competent person".into(),
            reason: "the second run is a trial".into(),
            date: "2026-11-28".into(),
        };
        store.add_decision(&decision).unwrap();
    }
    assert_eq!(of_copper(store), (Some(first.clone()), false), "the adopted estimate stands");
    let view = shown(store, Visibility::Public);
    let (entry, classified, _) = view.products.iter().find(|(e, ..)| e.product == "Cu").unwrap();
    let contained = entry.contained.as_ref().unwrap();
    assert_eq!((contained.how, contained.evidence.len()), (How::Estimated, 1));
    let named = format!("estimate {first}");
    assert_eq!(contained.evidence[0], named);
    let findings = classified.axes.iter().flat_map(|axis| &axis.findings);
    assert!(findings.flat_map(|f| &f.evidence).any(|e| *e == named), "a rule names it");
    let address = format!("/collections/classifications/items/{}.Cu", fixture::body_id("b00"));
    let page = register.door.ask("GET", &address, &[("accept", "text/html")]).text();
    assert!(
        page.contains(&format!("/collections/estimates/items/{first}")),
        "a reason links to it"
    );
    let item = register.door.json(&address);
    let products = item["properties"]["products"].as_array().unwrap();
    let copper = products.iter().find(|p| p["product"] == "Cu").unwrap();
    assert_eq!(copper["estimate"], first);
}

#[test]
fn what_a_closed_estimate_says_is_in_no_public_class() {
    let register = register(Visibility::Authority);
    let store = &*register.store;
    keep(store);
    let before = register.door.json("/classes");
    estimate_b00(store, 1);
    let closed = estimates(store)[0].clone();
    let named = |audience| {
        let view = shown(store, audience);
        view.products.iter().any(|(entry, ..)| entry.estimate.as_deref() == Some(&closed))
    };
    assert!(!named(Visibility::Public));
    assert_eq!(keep(store), 0, "nothing is new to the public");
    assert_eq!(register.door.json("/classes"), before);
    let now = varp_app::jobs::classes::class_of_body(
        store,
        fixture::body_id("b00"),
        &Prepared::new(&RuleSet::embedded()),
        &References::embedded(),
        Visibility::Authority,
    );
    let products = now.unwrap().unwrap().record.products;
    assert!(products.iter().any(|p| p.estimate.as_deref() == Some(&closed)));
}
