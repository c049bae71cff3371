//! Computed results and what people decide of them.

use varp_model::{
    BodyId, Decision, ReferenceVersion, ResultKind, Standing, StoredResult, Visibility,
};
use varp_store::StoreError;

use super::fresh;
use crate::fixture::{batch, dataset, load};

fn estimate(subject: Option<BodyId>, document: &str) -> StoredResult {
    StoredResult {
        kind: ResultKind::Estimate,
        subject,
        plan: "seed = 7".into(),
        inputs: "ab12".into(),
        seed: u64::MAX,
        versions: vec![ReferenceVersion { name: "priors.csv".into(), version: "cd34".into() }],
        document: document.into(),
        visibility: Visibility::Public,
    }
}

fn decision(of: &StoredResult, standing: Standing) -> Decision {
    Decision {
        result: of.id(),
        item: "Co".into(),
        standing,
        instead: None,
        person: "Ada".into(),
        capacity: "competent person".into(),
        reason: "checked the logs".into(),
        date: "2026-11-28".into(),
    }
}

#[test]
fn results_are_kept_as_they_are_and_once() {
    let (_folder, store) = fresh();
    let records = batch();
    load(&*store, "1", &records).unwrap();
    let body = Some(records.bodies[0].id);
    let (old, new) = (estimate(body, r#"{"mass":1}"#), estimate(body, r#"{"mass":2}"#));
    assert_eq!(store.add_results(std::slice::from_ref(&old), "Ada", "x").unwrap(), 1);
    assert_eq!(store.add_results(&[old.clone(), new.clone()], "Bo", "x").unwrap(), 1);
    let all = store.results_of(body, ResultKind::Estimate, Visibility::Public).unwrap();
    assert_eq!(all.iter().map(|r| &r.result).collect::<Vec<_>>(), [&new, &old]);
    assert_eq!((all[0].actor.as_str(), all[1].actor.as_str()), ("Bo", "Ada"));
    let latest = store.latest_results(ResultKind::Estimate, Visibility::Public).unwrap();
    assert_eq!(latest.len(), 1);
    assert_eq!(latest[0].result, new);
    assert_eq!(store.result(old.id(), Visibility::Public).unwrap().unwrap().result, old);
    assert!(store.latest_results(ResultKind::Ranking, Visibility::Public).unwrap().is_empty());
    assert_eq!(store.health().unwrap().findings, Vec::<String>::new());
}

#[test]
fn what_was_adopted_stands_before_what_is_newer() {
    let (_folder, store) = fresh();
    let records = batch();
    load(&*store, "1", &records).unwrap();
    let body = Some(records.bodies[0].id);
    let (old, new) = (estimate(body, r#"{"mass":1}"#), estimate(body, r#"{"mass":2}"#));
    store.add_results(&[old.clone(), new.clone()], "Ada", "x").unwrap();
    let stands = |of| {
        let found = store.standing_results(ResultKind::Estimate, of, Visibility::Public).unwrap();
        found.into_iter().map(|r| r.result).collect::<Vec<_>>()
    };
    assert_eq!(stands(None), std::slice::from_ref(&new));
    for step in [Standing::Draft, Standing::Reviewed, Standing::Adopted] {
        assert_eq!(stands(body), std::slice::from_ref(&new), "before it is {step}");
        store.add_decision(&Decision { item: String::new(), ..decision(&old, step) }).unwrap();
    }
    assert_eq!((stands(body), stands(None)), (vec![old.clone()], vec![old.clone()]));
    let back = Decision { item: String::new(), ..decision(&old, Standing::Withdrawn) };
    store.add_decision(&back).unwrap();
    assert_eq!(stands(body), [new]);
    assert!(stands(Some(BodyId::of(&dataset(), "nobody"))).is_empty());
}

#[test]
fn a_result_is_never_more_open_than_its_body() {
    let (_folder, store) = fresh();
    let mut records = batch();
    load(&*store, "1", &records).unwrap();
    let body = Some(records.bodies[0].id);
    let open = estimate(body, "{}");
    let of_nobody = estimate(Some(BodyId::of(&dataset(), "nobody")), "{}");
    let register_wide = estimate(None, "{}");
    let results = [open.clone(), of_nobody.clone(), register_wide.clone()];
    store.add_results(&results, "Ada", "x").unwrap();
    let seen =
        |result: &StoredResult| store.result(result.id(), Visibility::Public).unwrap().is_some();
    assert!(seen(&open) && seen(&register_wide) && !seen(&of_nobody));
    records.bodies[0].visibility = Visibility::Authority;
    load(&*store, "2", &records).unwrap();
    assert!(!seen(&open), "the body was closed");
    assert!(seen(&register_wide));
    assert!(store.results_of(body, ResultKind::Estimate, Visibility::Public).unwrap().is_empty());
    assert!(store.result(open.id(), Visibility::Authority).unwrap().is_some());
    store.add_decision(&decision(&open, Standing::Draft)).unwrap();
    assert!(store.decisions(open.id(), Visibility::Public).unwrap().is_empty());
    assert_eq!(store.decisions(open.id(), Visibility::Authority).unwrap().len(), 1);
}

#[test]
fn decisions_follow_the_way_and_name_a_person() {
    let (_folder, store) = fresh();
    let records = batch();
    load(&*store, "1", &records).unwrap();
    let result = estimate(Some(records.bodies[0].id), "{}");
    assert!(matches!(
        store.add_decision(&decision(&result, Standing::Draft)),
        Err(StoreError::NotFound { .. })
    ));
    store.add_results(std::slice::from_ref(&result), "Ada", "x").unwrap();
    let take = |standing| store.add_decision(&decision(&result, standing));
    assert!(matches!(take(Standing::Adopted), Err(StoreError::Refused(_))));
    for standing in [Standing::Draft, Standing::Reviewed, Standing::Adopted, Standing::Published] {
        take(standing).unwrap();
    }
    let whole = Decision { item: String::new(), ..decision(&result, Standing::Draft) };
    store.add_decision(&whole).unwrap();
    let nameless = Decision { person: " ".into(), ..decision(&result, Standing::Withdrawn) };
    assert!(matches!(store.add_decision(&nameless), Err(StoreError::Refused(_))));
    let decisions = store.decisions(result.id(), Visibility::Public).unwrap();
    assert_eq!(decisions.len(), 5);
    assert_eq!(decisions[3], decision(&result, Standing::Published));
}

#[test]
fn a_reference_file_is_kept_as_it_was_first() {
    let (_folder, store) = fresh();
    let file = ReferenceVersion { name: "priors.csv".into(), version: "cd34".into() };
    store.keep_reference(&file, "a,b", "Ada").unwrap();
    store.keep_reference(&file, "other", "Ada").unwrap();
    assert_eq!(store.reference("cd34").unwrap().as_deref(), Some("a,b"));
    assert_eq!(store.reference("ef56").unwrap(), None);
}
