//! Candidates for one thing, and what becomes of addresses when a person has decided.

use serde_json::Value;
use varp_store::Store;

use super::{door, fixture, register};

fn pairs(document: &Value) -> Vec<(String, String)> {
    let id = |side: &Value| side["id"].as_str().unwrap().to_owned();
    let candidates = document["candidates"].as_array().unwrap();
    candidates.iter().map(|pair| (id(&pair["first"]), id(&pair["second"]))).collect()
}

#[test]
fn candidates_stand_side_by_side_with_the_commands_that_decide() {
    let door = door();
    let (a, b) = (fixture::body_id("b00"), fixture::body_id("b02"));
    assert!(pairs(&door.json("/matches")).contains(&(a.to_string(), b.to_string())));
    let page = door.get("/matches?f=html").text();
    for decision in ["merge", "apart"] {
        let command = format!("varp match --{decision} {a} {b} --because");
        assert!(page.contains(&command), "{command}");
    }
    assert!(!page.contains("Body hidden"), "a private record stands on a public page");
    assert!(door.get("/matches?lang=fi&f=html").text().contains("Pidä erillään"));
}

#[test]
fn pairs_kept_apart_do_not_come_again() {
    let register = register();
    let (a, b) = (fixture::body_id("b00"), fixture::body_id("b02"));
    let pair = (a.to_string(), b.to_string());
    assert!(pairs(&register.door.json("/matches")).contains(&pair));
    register.store.keep_apart(b.0, a.0, "Ada", "two dams").unwrap();
    assert!(!pairs(&register.door.json("/matches")).contains(&pair));
}

#[test]
fn after_a_merge_the_old_address_leads_to_the_kept_record() {
    let register = register();
    let (kept, gone) = (fixture::body_id("b00"), fixture::body_id("b02"));
    register.store.merge_bodies(kept, gone, "Ada", "one dam").unwrap();
    for form in ["", "?f=html"] {
        let answer = register.door.get(&format!("/collections/bodies/items/{gone}{form}"));
        assert_eq!(answer.status, 308, "{form}");
        let expected = format!("http://varp.test:8080/collections/bodies/items/{kept}{form}");
        assert_eq!(answer.header("location"), expected);
    }
    let id = gone.to_string();
    let left = pairs(&register.door.json("/matches"));
    assert!(left.iter().all(|(a, b)| *a != id && *b != id));
}
