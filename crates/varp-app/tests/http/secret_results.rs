//! What was computed from records that were closed later: nobody learns of it.

use varp_app::jobs::classes::{ClassDecision, decide, freeze, keep_classes};
use varp_app::jobs::estimate::{EstimateAll, estimate_all};
use varp_app::jobs::{Kept, keep, keep_cases};
use varp_engine::classify::{Prepared, RuleSet};
use varp_engine::duty::{Duties, read_desk};
use varp_engine::planning::Terms;
use varp_model::*;
use varp_store::Store;

use super::fixture::{self, body_id, dataset};

const TYPE: &str = "volcanogenic massive sulphide";

/// Bodies of one type, with a grade of zinc each, so that the first is estimated by analogy too.
pub fn alike(batch: &mut Batch) {
    for name in ["b00", "b03", "b04", "b05", "b06"] {
        let body = batch.bodies.iter_mut().find(|body| body.id == body_id(name)).unwrap();
        body.deposit_type = Some(TYPE.into());
        let (metal, key) = if name == "b00" { ("Cu", "own grade") } else { ("Zn", name) };
        batch.claims.push(grade(key, body.id, metal, Visibility::Public));
    }
}

/// A grade of a metal.
pub fn grade(name: &str, subject: BodyId, metal: &str, visibility: Visibility) -> Claim {
    let template = fixture::batch().claims.remove(0);
    Claim {
        id: ClaimId::of(&dataset(), name),
        origin: Origin { dataset: dataset(), key: name.into() },
        subject: Subject::Body(subject),
        property: "grade".into(),
        substance: Some(Substance::Element(Element::from_symbol(metal).unwrap())),
        value: ClaimValue::Number(Range {
            best: Some(0.4),
            spread: Spread::Missing("not stated".into()),
            unit: Unit::parse("%").unwrap(),
            reported: "0.4 %".into(),
        }),
        visibility,
        ..template
    }
}

/// Estimates, classes, an edition and a ranking of what everybody may see at this moment.
pub fn compute(store: &dyn Store, edition: &str) {
    let references = References::embedded();
    let bodies: Vec<BodyId> = fixture::batch().bodies.iter().map(|body| body.id).collect();
    let order = EstimateAll {
        bodies: &bodies,
        terms: &Terms { effective: "2026-11-28".into(), seed: 1, draws: 200 },
        audience: Visibility::Public,
        only_changed: true,
        actor: "a test",
        references: &references,
    };
    let made = estimate_all(store, &order, |_| true).unwrap();
    let skipped = made.skipped.iter().find(|s| s.body == body_id("b00").to_string());
    assert!(made.new > 0 && skipped.is_none(), "{made:?}");
    let (rules, text) = (RuleSet::embedded(), RuleSet::embedded_text());
    let rules = Prepared::new(&rules);
    let public = Visibility::Public;
    let kept = keep_classes(store, text, &rules, &references, public, "a test").unwrap();
    assert!(kept.new > 0);
    freeze(store, edition, "2026-11-28", &references, public, "a test").unwrap();
}

/// A ranking of the keeper: of all records.
pub fn rank(store: &dyn Store) {
    let kept = Kept {
        kind: ResultKind::Ranking,
        subject: None,
        plan: "seed = 1".into(),
        inputs: "zyxomma".into(),
        seed: 1,
        versions: Vec::new(),
        document: r#"{"first":"Zyxomma closed body"}"#.into(),
        actor: "a test",
    };
    keep(store, kept).unwrap();
}

/// A class that rests on a record that is closed later, adopted while it was open.
pub fn adopt(store: &dyn Store) {
    for standing in [Standing::Draft, Standing::Reviewed, Standing::Adopted] {
        let decision = ClassDecision {
            body: body_id("b07"),
            product: "Zn".into(),
            standing,
            instead: None,
            confirm: false,
            person: "Zyxomma".into(),
            capacity: "competent person".into(),
            reason: "zyxomma".into(),
            date: "2026-11-28".into(),
        };
        decide(store, &decision).unwrap();
    }
}

/// An open case of the desk, and those of a name that are the authority's or of a body that is closed later.
pub fn desk(store: &dyn Store, closed: &[(&str, &str)]) {
    let mut table =
        String::from("case,facility,body,operator,visibility\n1,Pond,,Mine Oy,public\n");
    for (at, (name, body)) in closed.iter().enumerate() {
        let visibility = if body.is_empty() { "authority" } else { "public" };
        table.push_str(&format!("{},{name},{body},Zyxomma,{visibility}\n", at + 2));
    }
    keep_cases(store, &read_desk(&table).unwrap(), &Duties::embedded(), "a test").unwrap();
}

/// Questions about what was computed.
pub fn questions(store: &dyn Store) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let pages = [
        "/classes",
        "/classes/compare",
        "/classes/lists",
        "/duties",
        "/duties/desk",
        "/duties/protocol",
        "/inventory",
        "/matches",
        "/processes",
        "/jobs",
        "/screening",
        "/ranking",
        "/portfolio",
        "/commodities",
        "/commodities/Au",
        "/commodities/Pt",
        "/collections/bodies/items",
        "/collections/estimates/items",
        "/collections/classes/items",
    ];
    for page in pages {
        all.extend(["", "?f=json", "?f=csv", "?f=html"].map(|form| format!("{page}{form}")));
    }
    let ids: Vec<String> = (0..3)
        .map(|n| body_id(&format!("b0{n}")).to_string())
        .chain(["closed body", "of closed site"].map(|name| body_id(name).to_string()))
        .collect();
    for id in &ids {
        for form in ["", "?f=html"] {
            all.push(format!("/collections/bodies/items/{id}{form}"));
            all.push(format!("/collections/bodies/items/{id}/pilot{form}"));
            all.push(format!("/collections/bodies/items/{id}/economics{form}"));
            all.push(format!("/duties/protocol/{id}{form}"));
        }
        all.push(format!("/collections/estimates/items?body={id}"));
    }
    all.push(format!("/classes/compare?body={}&body={}", ids[0], ids[3]));
    for kind in [ResultKind::Estimate, ResultKind::Classification, ResultKind::Ranking] {
        for record in store.latest_results(kind, Visibility::Private).unwrap() {
            let id = record.result.id();
            all.push(format!("/collections/estimates/items/{id}"));
            all.push(format!("/collections/estimates/items/{id}?f=html"));
            all.push(format!("/collections/classes/items/{id}"));
        }
    }
    all
}
