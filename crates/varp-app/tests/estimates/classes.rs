//! Classes read the estimate that stands, name it, and tell when it is another.

use varp_app::jobs::classes::{
    Cause, ClassDecision, ClassView, Entry, Moment, RuleSet, class_moves, class_view, decide,
    freeze, keep_classes,
};
use varp_engine::classify::{EditionLine, How, Prepared};
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

fn decided(standing: Standing, instead: Option<&str>, confirm: bool) -> ClassDecision {
    ClassDecision {
        body: fixture::body_id("b00"),
        product: "Cu".into(),
        standing,
        instead: instead.map(|code| code.parse().unwrap()),
        confirm,
        person: "Ada".into(),
        capacity: "competent person".into(),
        reason: "read the logs".into(),
        date: "2026-11-28".into(),
    }
}

fn adopt(store: &dyn Store, code: &str) {
    for standing in [Standing::Draft, Standing::Reviewed] {
        decide(store, &decided(standing, None, false)).unwrap();
    }
    decide(store, &decided(Standing::Adopted, Some(code), false)).unwrap();
}

fn copper(store: &dyn Store) -> Entry {
    let view = shown(store, Visibility::Public);
    view.products.into_iter().map(|(entry, ..)| entry).find(|e| e.product == "Cu").unwrap()
}

fn freeze_edition(store: &dyn Store, name: &str) -> EditionLine {
    let references = References::embedded();
    let public = Visibility::Public;
    let (_, edition) = freeze(store, name, "2026-11-28", &references, public, "Ada").unwrap();
    edition.lines.into_iter().find(|l| l.product == "Cu" && l.body == copper(store).body).unwrap()
}

#[test]
fn an_adopted_class_stands_on_changed_evidence_until_it_is_confirmed() {
    let register = register(Visibility::Public);
    let store = &*register.store;
    keep(store);
    adopt(store, "E2;F2;G2");
    assert_eq!((copper(store).code.to_string(), copper(store).stale), ("E2;F2;G2".into(), None));
    assert!(!freeze_edition(store, "before").stale);
    estimate_b00(store, 1);
    // the evidence is another: before the classes are proposed anew, and after
    for again in [false, true] {
        assert_eq!(keep_if(store, again), u64::from(again));
        let entry = copper(store);
        assert_eq!(
            (entry.code.to_string(), entry.standing.as_str()),
            ("E2;F2;G2".into(), "adopted")
        );
        assert_eq!(entry.person.as_deref(), Some("Ada"));
        let stale = entry.stale.unwrap();
        assert_eq!(stale.adopted, "2026-11-28");
        assert!(stale.computed.is_some_and(|code| code != "E2;F2;G2".parse().unwrap()));
        let what: Vec<&str> = stale.changed.iter().map(|c| c.what.as_str()).collect();
        assert!(what.contains(&"estimate") && what.contains(&"quantity"), "{what:?}");
    }
    let body = fixture::body_id("b00");
    let address = format!("/collections/classifications/items/{body}.Cu");
    let page = register.door.ask("GET", &address, &[("accept", "text/html")]).text();
    assert!(page.contains("stale: evidence changed since 2026-11-28") && page.contains("E2;F2;G2"));
    let item = register.door.json(&address);
    let product = &item["properties"]["products"][0];
    assert_eq!(product["unfc"], "E2;F2;G2");
    assert_eq!(product["evidence_changed_since_adoption"], "2026-11-28");
    assert!(!product["changed_since_adoption"].as_array().unwrap().is_empty());
    let all = register.door.json("/classes");
    let stale = |c: &&serde_json::Value| c["stale"]["adopted"] == "2026-11-28";
    assert_eq!(all["classes"].as_array().unwrap().iter().filter(stale).count(), 1);
    let line = freeze_edition(store, "stale");
    assert!(line.stale && line.code == "E2;F2;G2".parse().unwrap());
    let (_, code) = decide(store, &decided(Standing::Adopted, None, true)).unwrap();
    assert_eq!(code.to_string(), "E2;F2;G2");
    let confirmed = copper(store);
    assert_eq!((confirmed.code.to_string(), confirmed.stale), ("E2;F2;G2".into(), None));
    assert!(confirmed.estimate.is_some(), "it rests on the new evidence");
    assert!(!freeze_edition(store, "confirmed").stale);
    decide(store, &decided(Standing::Withdrawn, None, false)).unwrap();
    let back = copper(store);
    assert_eq!(
        back.standing, "withdrawn",
        "what was taken back does not fall back on the first adoption"
    );
    assert_ne!(back.code.to_string(), "E2;F2;G2");
}

fn keep_if(store: &dyn Store, again: bool) -> u64 {
    if again { keep(store) } else { 0 }
}

#[test]
fn a_draft_on_new_evidence_leaves_the_adopted_class_and_publication_is_of_that() {
    let register = register(Visibility::Public);
    let store = &*register.store;
    keep(store);
    adopt(store, "E2;F2;G2");
    let (first, _) = decide(store, &decided(Standing::Published, None, false)).unwrap();
    estimate_b00(store, 1);
    keep(store);
    let (second, _) = decide(store, &decided(Standing::Draft, None, false)).unwrap();
    assert_ne!(first, second);
    let entry = copper(store);
    assert_eq!((entry.code.to_string(), entry.standing.as_str()), ("E2;F2;G2".into(), "published"));
    let (back, _) = decide(store, &decided(Standing::Withdrawn, None, false)).unwrap();
    assert_eq!(back, second, "the draft is taken back, not what stands");
    assert_eq!(copper(store).standing, "published");
    let (back, _) = decide(store, &decided(Standing::Withdrawn, None, false)).unwrap();
    assert_eq!(back, first);
    assert_eq!(copper(store).stale, None);
    let nothing = decide(store, &decided(Standing::Adopted, None, true)).unwrap_err();
    assert!(nothing.to_string().contains("only a class that stands adopted"), "{nothing}");
}

#[test]
fn the_time_machine_tells_what_stood_on_two_days_and_why_it_moved() {
    let register = register(Visibility::Public);
    let store = &*register.store;
    keep(store);
    adopt(store, "E2;F2;G2");
    let (rules, references) = (RuleSet::embedded(), References::embedded());
    let day = |text: &str| Moment { day: text.parse().unwrap(), list: None };
    let between = |then: &str, now: &str| {
        let days = [day(then), day(now)];
        class_moves(store, days, &rules, &references, Visibility::Public).unwrap()
    };
    assert_eq!(between("2100-01-01", "2100-01-01"), []);
    let moves = between("2000-01-01", "2100-01-01");
    let copper = moves.iter().find(|m| m.product == "Cu").unwrap();
    let (before, after) = (copper.before.as_ref().unwrap(), copper.after.as_ref().unwrap());
    assert!(!before.stored && after.stored, "nothing was stored by the first day");
    assert_eq!((before.standing.as_str(), after.standing.as_str()), ("computed", "adopted"));
    assert_eq!(after.code.to_string(), "E2;F2;G2");
    assert_eq!(copper.causes, [Cause::Decision]);
    let back = between("2100-01-01", "2000-01-01");
    assert_eq!(back.iter().find(|m| m.product == "Cu").unwrap().after.as_ref(), Some(before));
    let address = "/classes/lists?then=2011-02-02&now=2100-01-01";
    let data = register.door.json(address);
    let own = |m: &&serde_json::Value| m["product"] == "Cu" && m["after"]["standing"] == "adopted";
    let told = data["classes"].as_array().unwrap().iter().find(own).unwrap();
    assert_eq!(told["causes"], serde_json::json!(["list", "decision"]));
    let page = register.door.get(&format!("{address}&f=html")).text();
    assert!(page.contains("a person decided") && page.contains("the list says otherwise"));
    let table = register.door.get(&format!("{address}&f=csv")).text();
    assert!(
        table.lines().any(|l| l.contains("E2;F2;G2") && l.contains("list; decision")),
        "{table}"
    );
    estimate_b00(store, 1);
    keep(store);
    let moved = between("2000-01-01", "2100-01-01");
    let copper = moved.iter().find(|m| m.product == "Cu").unwrap();
    assert_eq!(
        copper.after.as_ref().unwrap().code.to_string(),
        "E2;F2;G2",
        "what was adopted stands"
    );
}
