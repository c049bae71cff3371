//! The demo of the Nordic countries is the import: its tables load without an error.

use std::convert::Infallible;
use std::path::PathBuf;

use varp_engine::import::{Input, Mapping, Options, Output, Report, run};
use varp_model::{
    Batch, Body, BodyKind, Claim, ClaimValue, Measured, References, Subject, Substance,
};

/// Files of each mapping, in the order in which they are imported.
const IMPORTS: [(&str, &[&str]); 8] = [
    ("sverige_sandmagasin.toml", &["sverige_sandmagasin.csv"]),
    ("suomi_rikastushiekka.toml", &["suomi_rikastushiekka.xlsx"]),
    ("norge_avgang.toml", &["norge_avgang.tsv"]),
    ("gronland_island_danmark.toml", &["gronland_island_danmark.csv"]),
    ("nordic_primary_deposits.toml", &["nordic_primary_deposits.csv"]),
    (
        "exempeldammen.toml",
        &[
            "exempeldammen_assay.csv",
            "exempeldammen_collar.csv",
            "exempeldammen_outline.geojson",
            "exempeldammen_survey.csv",
        ],
    ),
    ("claims_archive.toml", &["claims_archive.xlsx"]),
    ("claims_evidence.toml", &["claims_evidence.csv"]),
];

/// What each table is allowed to be suspected of, because that is why it is in the demo: file and
/// a word of the message.
const SUSPICIONS: [(&str, &str); 4] = [
    ("claims_archive.xlsx", "570000 Mm3 is more than any heap"),
    ("nordic_primary_deposits.csv", "stands exactly where \"Asen-East\""),
    ("exempeldammen_collar.csv", "lies outside SE"),
    ("exempeldammen_outline.geojson", "lies outside SE"),
];

fn read(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../demo/nordic");
    std::fs::read(folder.join(name)).unwrap()
}

fn add(all: &mut Batch, batch: Batch) {
    all.sources.extend(batch.sources);
    all.sites.extend(batch.sites);
    all.bodies.extend(batch.bodies);
    all.holes.extend(batch.holes);
    all.determinations.extend(batch.determinations);
    all.samples.extend(batch.samples);
    all.claims.extend(batch.claims);
}

fn import_one(all: &mut Batch, mapping: &str, files: &[&str], references: &References) -> Report {
    let text = String::from_utf8(read(mapping)).unwrap();
    let mapping = Mapping::parse(&text).unwrap_or_else(|e| panic!("{mapping}: {e}"));
    let inputs = files.iter().map(|name| Input::from_bytes(name, read(name))).collect();
    let before = all.clone();
    let exists = |subject| match subject {
        Subject::Site(id) => before.sites.iter().any(|s| s.id == id),
        Subject::Body(id) => before.bodies.iter().any(|b| b.id == id),
        _ => false,
    };
    let options = Options { exists: &exists, ..Options::new(references) };
    run(inputs, &mapping, &options, |output| {
        if let Output::Batch(batch) = output {
            add(all, batch);
        }
        Ok::<(), Infallible>(())
    })
    .unwrap()
}

fn demo() -> Batch {
    let references = References::embedded();
    let mut all = Batch::default();
    for (mapping, files) in IMPORTS {
        let report = import_one(&mut all, mapping, files, &references);
        for group in report.issues.groups() {
            let shown = group.to_string();
            let meant =
                SUSPICIONS.iter().any(|(f, word)| files.contains(f) && shown.contains(word));
            assert!(meant, "{mapping}: {shown}");
        }
        assert_eq!(report.issues.errors(), 0, "{mapping}");
    }
    all
}

fn body<'a>(all: &'a Batch, key: &str) -> &'a Body {
    all.bodies.iter().find(|b| b.origin.key == key).unwrap_or_else(|| panic!("no body {key}"))
}

fn claims<'a>(all: &'a Batch, key: &str, property: &str) -> Vec<&'a Claim> {
    let subject = Subject::Body(body(all, key).id);
    all.claims.iter().filter(|c| c.subject == subject && c.property == property).collect()
}

/// Best values in the canonical unit; the middle of a bare range.
fn numbers(claims: &[&Claim]) -> Vec<f64> {
    let number = |claim: &&Claim| match &claim.value {
        ClaimValue::Number(r) => {
            let best = r.best.unwrap_or_else(|| (r.low().unwrap() + r.high().unwrap()) / 2.0);
            r.unit.to_canonical(best)
        }
        other => panic!("{other:?} is no number"),
    };
    claims.iter().map(number).collect()
}

#[test]
fn the_demo_loads_without_an_error() {
    let all = demo();
    let deposits = all.bodies.iter().filter(|b| b.kind.is_primary()).count();
    assert!(all.bodies.len() > 140 && deposits > 90, "{} {deposits}", all.bodies.len());
    assert!(all.claims.len() > 400, "{}", all.claims.len());
}

#[test]
fn sources_that_disagree_stand_side_by_side_and_one_is_preferred_with_a_reason() {
    let all = demo();
    let masses = claims(&all, "SE01-A", "mass");
    assert_eq!(numbers(&masses), [3.5e6, 4.5e6, 2.79e6, 3.46e6]);
    let preferred: Vec<_> = masses.iter().filter(|c| c.preferred.is_some()).collect();
    assert_eq!(preferred.len(), 1);
    assert!(preferred[0].preferred.as_deref().unwrap().contains("under water"));
    assert_eq!(numbers(&claims(&all, "FI02-A", "volume")), [570e3, 570e9]);
    assert_eq!(numbers(&claims(&all, "FI01-A", "mass")), [9.8e6, 10e6, 11.8e6]);
}

#[test]
fn ore_is_never_the_mass_of_waste() {
    let all = demo();
    for body in all.bodies.iter().filter(|b| b.kind != BodyKind(BodyKind::DEPOSIT.into())) {
        assert!(claims(&all, &body.origin.key, "ore_mined").is_empty(), "{}", body.name);
    }
    let weighed = all.bodies.iter().filter(|b| !b.kind.is_primary());
    let weighed = weighed.filter(|b| !claims(&all, &b.origin.key, "mass").is_empty());
    let mut keys: Vec<&str> = weighed.map(|b| b.origin.key.as_str()).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["FI01-A", "FI01-B", "FI02-A", "GL01-B", "SE01-A", "SE02-A"]);
}

#[test]
fn every_place_lies_in_its_country_and_says_how_well_it_is_known() {
    let (all, references) = (demo(), References::embedded());
    let mut placed = 0;
    for body in all.bodies.iter().filter(|b| b.origin.dataset.0 != "exempeldammen") {
        let Some(position) = &body.position else { continue };
        let site = all.sites.iter().find(|s| s.id == body.site).unwrap();
        let country = references.country_box(site.country.code()).unwrap();
        assert!(country.holds(position.place), "{} {:?}", body.name, position.place);
        assert!(position.accuracy_m.is_some_and(|a| a >= 500.0), "{}", body.name);
        placed += 1;
    }
    assert!(placed > 100, "{placed}");
}

/// Aitik stands in SWEREF 99 TM, Kristineberg in RT90; both were printed as longitude and latitude.
#[test]
fn two_grids_in_one_table_lead_to_the_right_places() {
    let all = demo();
    for (key, longitude, latitude) in [
        ("SE03-A", 20.963_623, 67.075_073),
        ("SE05-A", 18.5633, 65.0644),
        ("FI04-A", 26.928, 67.694),
    ] {
        let place = body(&all, key).position.as_ref().unwrap().place;
        let printed = varp_model::LonLat::new(longitude, latitude).unwrap();
        assert!(place.distance_m(printed) < 100.0, "{key} {place:?}");
    }
}

#[test]
fn no_source_of_low_reliability_is_in_the_demo() {
    for source in demo().sources {
        assert!(!source.title.is_empty());
        let reliability = source.reliability.unwrap_or_default().to_lowercase();
        assert!(
            !["low", "låg", "lav", "huono"].contains(&reliability.as_str()),
            "{}",
            source.title
        );
    }
}

#[test]
fn the_yxsjoberg_label_means_the_element() {
    let (all, references) = (demo(), References::embedded());
    let oxide = Substance::parse("WO3", &references).unwrap();
    let tungsten = Substance::parse("W", &references).unwrap().elements()[0];
    let share = oxide.exact_fraction_of(tungsten, &references).unwrap();
    let mined = numbers(&claims(&all, "SE02-M", "ore_mined"))[0];
    let grade = numbers(&claims(&all, "SE02-M", "ore_grade"))[0];
    let sold = numbers(&claims(&all, "SE02-M", "product"))[0];
    let off = |kilotonnes: f64| (kilotonnes / sold - 1.0).abs();
    assert!(off(mined * grade / share) < 0.05 && off(mined * grade) > 0.2);
}

#[test]
fn the_invented_dam_keeps_what_the_laboratory_wrote() {
    let all = demo();
    assert_eq!((all.holes.len(), all.samples.len()), (14, 95));
    assert!(all.holes.iter().all(|h| h.surveys.iter().all(|s| s.dip == 90.0)));
    let values = all.samples.iter().flat_map(|s| &s.assays).map(|a| a.value);
    let below = values.clone().filter(|v| matches!(v, Measured::Below(_))).count();
    let above = values.filter(|v| matches!(v, Measured::Above(_))).count();
    assert!(below > 20 && above > 5, "{below} {above}");
}

#[test]
fn one_claim_at_most_is_preferred_for_each_question() {
    let all = demo();
    let mut seen = Vec::new();
    for claim in all.claims.iter().filter(|c| c.preferred.is_some()) {
        let substance = claim.substance.as_ref().map(|s| s.code().to_owned());
        let question = (claim.subject, claim.property.as_str(), substance, claim.term);
        assert!(!seen.contains(&question), "{question:?}");
        seen.push(question);
    }
    assert!(seen.len() >= 5, "{}", seen.len());
}
