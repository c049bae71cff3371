//! Computed results and what people decide of them.

use varp_model::{
    Batch, BodyId, Decision, ImportId, ReferenceVersion, RestsOn, ResultKind, Standing,
    StoredResult, Visibility,
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
        rests_on: Vec::new(),
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
fn the_class_of_a_product_is_adopted_anew_in_one_step_and_an_estimate_is_not() {
    let (_folder, store) = fresh();
    let records = batch();
    load(&*store, "1", &records).unwrap();
    let body = Some(records.bodies[0].id);
    for (kind, in_one_step) in [(ResultKind::Classification, true), (ResultKind::Estimate, false)] {
        let result = |document: &str| StoredResult { kind, ..estimate(body, document) };
        let (old, new) = (result(r#"{"a":1}"#), result(r#"{"a":2}"#));
        store.add_results(&[old.clone(), new.clone()], "Ada", "x").unwrap();
        let decide = |of, standing| store.add_decision(&decision(of, standing));
        let adopted = || {
            let found = store.adopted_results(kind, body, Visibility::Public).unwrap();
            found.into_iter().map(|r| r.result).collect::<Vec<_>>()
        };
        assert!(decide(&new, Standing::Adopted).is_err(), "nothing of it was adopted before");
        for step in [Standing::Draft, Standing::Reviewed, Standing::Adopted] {
            decide(&old, step).unwrap();
        }
        assert_eq!(adopted(), std::slice::from_ref(&old));
        let other = Decision { item: "Ni".into(), ..decision(&new, Standing::Adopted) };
        assert!(store.add_decision(&other).is_err(), "another product");
        assert_eq!(decide(&new, Standing::Adopted).is_ok(), in_one_step, "{kind}");
        if in_one_step {
            assert_eq!(adopted(), [new.clone(), old.clone()]);
            assert!(decide(&old, Standing::Adopted).is_err(), "the earlier one is adopted already");
        }
        let all = store.adopted_results(kind, None, Visibility::Public).unwrap();
        assert_eq!(all.len(), adopted().len());
    }
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

/// How a record of a batch is closed.
type Closing = fn(&mut Batch);

#[test]
fn a_result_closes_with_each_record_that_it_rests_on_and_opens_with_it() {
    let records = batch();
    let (body, claim) = (records.bodies[0].id, records.claims[0].id);
    let cases: [(&str, RestsOn, Closing, bool); 10] = [
        ("claim", RestsOn::Claim(claim), |b| b.claims[0].visibility = CLOSED, false),
        ("other claim", RestsOn::Claim(claim), |b| b.claims[1].visibility = CLOSED, true),
        ("source", RestsOn::Claim(claim), |b| b.sources[0].visibility = CLOSED, false),
        ("body", RestsOn::Body(body), |b| b.bodies[0].visibility = CLOSED, false),
        ("site", RestsOn::Body(body), |b| b.sites[0].visibility = CLOSED, false),
        ("sample", RestsOn::Samples(body), |b| b.samples[0].sample.visibility = CLOSED, false),
        ("hole", RestsOn::Samples(body), |b| b.holes[0].visibility = CLOSED, false),
        ("place", RestsOn::Samples(body), |b| place(b).visibility = CLOSED, true),
        ("place", RestsOn::Places(body), |b| place(b).visibility = CLOSED, false),
        ("zone", RestsOn::Places(body), |b| b.zones[0].visibility = CLOSED, false),
    ];
    for (what, on, close, stays) in cases {
        let (_folder, store) = fresh();
        load(&*store, "1", &records).unwrap();
        let result = StoredResult { rests_on: vec![on], ..estimate(None, "{}") };
        let other = vec![RestsOn::Result(result.id())];
        let edition = StoredResult { rests_on: other, ..estimate(None, r#"{"of":"it"}"#) };
        store.add_results(&[result.clone(), edition.clone()], "Ada", "x").unwrap();
        let seen = || {
            [&result, &edition].map(|r| store.result(r.id(), Visibility::Public).unwrap().is_some())
        };
        assert_eq!(seen(), [true; 2], "{what}");
        let mut closed = records.clone();
        close(&mut closed);
        load(&*store, "2", &closed).unwrap();
        assert_eq!(seen(), [stays; 2], "{what} was closed");
        let kept = store.latest_results(ResultKind::Estimate, Visibility::Public).unwrap();
        assert_eq!(kept.len(), usize::from(stays), "{what}");
        load(&*store, "3", &records).unwrap();
        assert_eq!(seen(), [true; 2], "{what} was opened again");
    }
}

const CLOSED: Visibility = Visibility::Authority;

fn place(batch: &mut Batch) -> &mut varp_model::Position {
    batch.samples[0].sample.position.as_mut().unwrap()
}

#[test]
fn a_result_of_records_that_are_gone_closes_until_it_is_computed_again() {
    let (_folder, store) = fresh();
    let mut first = batch();
    let samples = std::mem::take(&mut first.samples);
    load(&*store, "1", &first).unwrap();
    load(&*store, "2", &Batch { samples: samples.clone(), ..first.clone() }).unwrap();
    let on = vec![RestsOn::Samples(first.bodies[0].id)];
    let result = StoredResult { rests_on: on, ..estimate(Some(first.bodies[0].id), "{}") };
    store.add_results(std::slice::from_ref(&result), "Ada", "x").unwrap();
    let seen = || store.result(result.id(), Visibility::Public).unwrap().is_some();
    assert!(seen());
    store.undo(ImportId::of(&dataset(), "2"), "Ada", "x").unwrap();
    assert!(!seen(), "its samples are gone");
    load(&*store, "3", &Batch { samples, ..first }).unwrap();
    assert!(!seen(), "others may stand in their rows");
    assert_eq!(store.add_results(std::slice::from_ref(&result), "Ada", "x").unwrap(), 0);
    assert!(seen(), "computed again");
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
