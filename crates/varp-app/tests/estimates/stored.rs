//! What is stored can be computed again, compared, and seen by whom it may.

use varp_app::jobs::estimate::{difference, replay};
use varp_model::{ResultId, ResultKind, Visibility};
use varp_store::Store;

use super::{estimate_b00, fixture, register};

fn newest(store: &dyn Store, audience: Visibility) -> Vec<ResultId> {
    let body = Some(fixture::body_id("b00"));
    let all = store.results_of(body, ResultKind::Estimate, audience).unwrap();
    all.iter().map(|r| r.result.id()).collect()
}

#[test]
fn a_stored_estimate_replays_to_the_same_bytes_and_is_not_made_twice() {
    let register = register(Visibility::Public);
    assert_eq!(estimate_b00(&*register.store, 1).new, 1);
    assert_eq!(estimate_b00(&*register.store, 1).standing, 1, "nothing has changed");
    let ids = newest(&*register.store, Visibility::Private);
    assert_eq!(ids.len(), 1);
    let replayed = replay(&*register.store, ids[0]).unwrap();
    assert!(replayed.is_identical() && replayed.other_versions.is_empty());
    assert!(replayed.again.len() > 500);
}

#[test]
fn two_runs_differ_in_what_was_changed() {
    let register = register(Visibility::Public);
    estimate_b00(&*register.store, 1);
    estimate_b00(&*register.store, 2);
    let ids = newest(&*register.store, Visibility::Private);
    let (changes, [only_first, only_second]) =
        difference(&*register.store, ids[1], ids[0]).unwrap();
    assert!(!changes.is_empty(), "another seed");
    assert!(changes.iter().all(|c| c.best_change.unwrap().abs() < 0.05), "{changes:?}");
    assert!(only_first.is_empty() && only_second.is_empty());
    let (none, _) = difference(&*register.store, ids[0], ids[0]).unwrap();
    assert!(none.is_empty());
}

#[test]
fn the_page_shows_the_estimate_and_each_number_leads_to_its_claim() {
    let register = register(Visibility::Public);
    estimate_b00(&*register.store, 1);
    let body = format!("/collections/bodies/items/{}", fixture::body_id("b00"));
    let page = register.door.ask("GET", &body, &[("accept", "text/html")]).text();
    let mass = format!("/collections/quantities/items/{}", fixture::claim_id());
    for part in
        ["id=\"estimate\"", "id=\"product-Co\"", "id=\"product-Cu\"", &mass, "class=\"range\""]
    {
        assert!(page.contains(part), "{part} is not on the page");
    }
    let json = register.door.json(&body);
    let summary = &json["properties"]["estimate"][0];
    assert_eq!(summary["products"].as_array().unwrap().len(), 2);
    assert_eq!(summary["status"], "computed");
}

#[test]
fn quantity_statements_are_a_collection_with_a_table() {
    let register = register(Visibility::Public);
    estimate_b00(&*register.store, 1);
    let all = register.door.json("/collections/estimates/items");
    assert_eq!(all["numberMatched"], 2, "a row per product");
    let first = &all["features"][0];
    let p = &first["properties"];
    let number = |name: &str| p[name].as_f64().unwrap();
    assert!(number("mass_low_t") < number("mass_t") && number("mass_t") < number("mass_high_t"));
    let contained = number("contained_t") / (number("mass_t") * number("grade"));
    assert!((contained - 1.0).abs() < 0.05, "{contained}");
    let id = first["id"].as_str().unwrap();
    let one = register.door.json(&format!("/collections/estimates/items/{id}"));
    assert_eq!(one["id"], first["id"]);
    for (name, value) in p.as_object().unwrap() {
        assert_eq!(*value, one["properties"][name], "{name}");
    }
    let whole = id.split_once('.').unwrap().0;
    let all_of_it = register.door.json(&format!("/collections/estimates/items/{whole}"));
    assert_eq!(all_of_it["properties"]["products"].as_array().unwrap().len(), 2);
    let nothing = register.door.get(&format!("/collections/estimates/items/{whole}.Zn"));
    assert_eq!(nothing.status, 404);
    assert!(one["properties"]["assumptions"].as_array().unwrap().len() >= 3);
    assert!(one["properties"]["next_best_data"][0]["cost_eur"].as_f64().unwrap() > 0.0);
    let of_copper = register.door.json("/collections/estimates/items?substance=Cu");
    assert_eq!(of_copper["numberMatched"], 1);
    let table = register.door.get("/collections/estimates/items?f=csv").text();
    assert_eq!(table.lines().count(), 3, "a header and two products");
    assert!(table.starts_with("id,longitude,latitude,estimate,body"));
    let html = register.door.ask("GET", "/collections/estimates/items", &[("accept", "text/html")]);
    assert!(html.text().contains("Body b00"));
}

#[test]
fn an_estimate_made_of_closed_records_is_closed() {
    let register = register(Visibility::Authority);
    estimate_b00(&*register.store, 1);
    assert_eq!(newest(&*register.store, Visibility::Authority).len(), 1);
    assert!(newest(&*register.store, Visibility::Public).is_empty());
    let all = register.door.json("/collections/estimates/items");
    assert_eq!(all["numberMatched"], 0);
    let body = format!("/collections/bodies/items/{}", fixture::body_id("b00"));
    assert_eq!(register.door.json(&body)["properties"]["estimate"].as_array().unwrap().len(), 0);
    let id = newest(&*register.store, Visibility::Authority)[0];
    let answer = register.door.get(&format!("/collections/estimates/items/{id}"));
    assert_eq!(answer.status, 404);
}

#[test]
fn what_to_find_out_next_is_ranked_from_stored_estimates() {
    use varp_app::jobs::{CaptureFilter, uncertain};
    let register = register(Visibility::Public);
    let references = varp_model::References::embedded();
    let none = uncertain(&*register.store, &references, &CaptureFilter::default()).unwrap();
    assert!(none.items.is_empty() && none.without.len() > 20);
    estimate_b00(&*register.store, 1);
    let some = uncertain(&*register.store, &references, &CaptureFilter::default()).unwrap();
    assert_eq!(some.items.len(), 1);
    let offers =
        varp_engine::capture::offers(&some.items[0], &varp_engine::capture::Strategy::embedded());
    assert!(offers[0].drop > 0.0 && offers[0].spread[1] < offers[0].spread[0]);
}

#[test]
fn two_estimators_at_once_leave_one_result_of_the_same_records() {
    let register = register(Visibility::Public);
    let start = || {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_varp"));
        command.arg("-r").arg(&register.path).args(["estimate", "--all", "--draws", "500"]);
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        command.spawn().unwrap()
    };
    let mut both = [start(), start(), start()];
    assert!(both.iter_mut().all(|run| run.wait().unwrap().success()));
    let ids = newest(&*register.store, Visibility::Public);
    assert_eq!(ids.len(), 1, "the same records and plan are the same result");
    assert!(replay(&*register.store, ids[0]).unwrap().is_identical());
}
