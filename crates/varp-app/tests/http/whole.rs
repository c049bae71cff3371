//! Answers about the whole register are those about each of its bodies, and those of today's register.

use varp_app::jobs::classes::{RuleSet, class_view, entries};
use varp_app::jobs::{all_duties, ask_protocol, ask_register, body_ids, close_stage, duty};
use varp_engine::duty::{Duties, Protocol, Stage, StageRecord};
use varp_model::{
    BodyId, Claim, ClaimId, ClaimValue, References, Subject, Substance, Visibility, Zone, ZoneId,
};
use varp_store::{GeoPackage, Store};

use super::fixture;

/// The fixture with a zone that has a grade, a grade of a body, a document review, a word about the site, and a signed
/// stage.
fn rich(folder: &tempfile::TempDir) -> GeoPackage {
    let references = References::embedded();
    let mut batch = fixture::batch();
    let zone = Zone {
        id: ZoneId::of(&fixture::dataset(), "upper"),
        body: fixture::body_id("b03"),
        name: "upper".into(),
        outline: None,
        top_m: Some(0.0),
        base_m: Some(2.0),
        source: fixture::source_id(),
        locator: batch.claims[0].locator.clone(),
        visibility: Visibility::Public,
    };
    let claim = |key: &str, subject, property: &str, substance: Option<&str>, value| Claim {
        id: ClaimId::of(&fixture::dataset(), key),
        subject,
        property: property.into(),
        substance: substance.map(|code| Substance::parse(code, &references).unwrap()),
        value,
        date: Some("2026-01-03".parse().unwrap()),
        ..batch.claims[0].clone()
    };
    let text = |text: &str| ClaimValue::Text(text.into());
    let number = batch.claims[0].value.clone();
    let body = |key: &str| Subject::Body(fixture::body_id(key));
    let review = text("stage documented; signed A. Person; because all archives were read");
    let claims = [
        claim("zone", Subject::Zone(zone.id), "contained", Some("Co"), number.clone()),
        claim("body", body("b05"), "contained", Some("W"), number),
        claim("review", body("b07"), "review", None, review),
        claim("site", Subject::Site(fixture::site_id()), "operator", None, text("A mine")),
    ];
    batch.claims.extend(claims);
    batch.zones.push(zone);
    let store = GeoPackage::create(&folder.path().join("register.gpkg")).unwrap();
    let mut import = store.begin_import(&fixture::import()).unwrap();
    import.add(&batch).unwrap();
    import.commit().unwrap();
    let closed = StageRecord {
        stage: Stage::Documented,
        closed: "2026-01-02".parse().unwrap(),
        signed: "B. Person".into(),
        reason: "reports were read".into(),
        exit: None,
        evidence: vec!["a report".into()],
    };
    close_stage(&store, fixture::body_id("b09"), closed, &Duties::embedded()).unwrap();
    store
}

fn json(value: &impl serde::Serialize) -> serde_json::Value {
    serde_json::to_value(value).unwrap()
}

#[test]
fn duties_answers_and_classes_of_all_bodies_are_those_of_each() {
    let folder = tempfile::tempdir().unwrap();
    let store = rich(&folder);
    let (duties, protocol) = (Duties::embedded(), Protocol::embedded());
    let (rules, references) = (RuleSet::embedded(), References::embedded());
    let ids = body_ids(&store, Vec::new()).unwrap();
    for audience in [Visibility::Public, Visibility::Private] {
        let shown: Vec<BodyId> =
            ids.iter().copied().filter(|id| store.body(*id, audience).unwrap().is_some()).collect();
        let one = |id: &BodyId| duty(&store, *id, &duties, audience).unwrap();
        let each: Vec<_> = shown.iter().filter_map(one).collect();
        let all = all_duties(&store, &duties, audience).unwrap();
        assert_eq!(json(&all), json(&each));
        assert_eq!(all.iter().filter(|body| !body.signed.is_empty()).count(), 2);

        let none = Default::default();
        let one = |id: &BodyId| ask_protocol(&store, *id, &protocol, &none, audience).unwrap();
        let each: Vec<_> = shown.iter().filter_map(one).collect();
        assert_eq!(json(&ask_register(&store, &protocol, audience).unwrap()), json(&each));

        let one = |id: &BodyId| class_view(&store, *id, &rules, &references, audience).unwrap();
        let each = shown.iter().filter_map(one).flat_map(|view| view.products);
        let each: Vec<_> = each.map(|(entry, ..)| entry).collect();
        let all = entries(&store, &rules, &references, audience).unwrap();
        assert_eq!(json(&all), json(&each));
        let zoned = fixture::body_id("b03").to_string();
        assert!(all.iter().any(|e| e.body == zoned && e.product == "Co"), "a zone speaks, too");
    }
}

#[test]
fn answers_that_are_kept_are_of_the_register_as_it_is() {
    let register = super::register();
    let (kept, gone) = (fixture::body_id("b00"), fixture::body_id("b24"));
    for address in ["/classes/lists?then=2011-02-02&now=2024-06-01", "/duties", "/duties/protocol"]
    {
        let first = register.door.json(address);
        assert_eq!(register.door.json(address), first, "{address}");
        assert!(first.to_string().contains(&gone.to_string()), "{address}");
    }
    let other = register.door.json("/classes/lists?then=2017-09-13&now=2024-06-01");
    assert_eq!(other["then"]["list"], "EU-2017", "each question has its own answer");
    register.store.merge_bodies(kept, gone, "a test", "the same dump").unwrap();
    for address in ["/classes/lists?then=2011-02-02&now=2024-06-01", "/duties", "/duties/protocol"]
    {
        let now = register.door.json(address).to_string();
        assert!(!now.contains(&gone.to_string()) && now.contains(&kept.to_string()), "{address}");
    }
}
