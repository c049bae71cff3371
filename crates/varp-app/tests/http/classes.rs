//! Classes, inventory, comparison and duties at the public door.

use super::{door, fixture};

#[test]
fn classes_have_a_page_a_table_and_data_at_one_address() {
    let door = door();
    for address in ["/classes", "/inventory", "/duties"] {
        let data = door.json(address);
        assert!(data["links"].is_array(), "{address}");
        for form in ["html", "csv"] {
            assert_eq!(door.get(&format!("{address}?f={form}")).status, 200, "{address} {form}");
        }
    }
    assert_eq!(door.get("/classes/compare?f=html").status, 200);
}

#[test]
fn bodies_to_compare_are_chosen_in_a_form() {
    let door = door();
    let [first, second] = ["b00", "b01"].map(|name| fixture::body_id(name).to_string());
    let form =
        format!("country=&material=&body1={first}&body2=&body3={second}&body4=&body5={first}");
    let compared = door.json(&format!("/classes/compare?{form}"));
    let bodies: Vec<&str> = compared["bodies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|b| b["body"].as_str().unwrap())
        .collect();
    assert_eq!(bodies, [&first, &second], "once each, in their order");
    let page = door.get(&format!("/classes/compare?{form}&f=html")).text();
    assert_eq!(page.matches("name=\"body").count(), 5);
    assert!(page.contains(&format!("value=\"{first}\" selected")));
}

#[test]
fn lists_of_two_days_are_compared() {
    let door = door();
    let then = door.json("/classes/lists?then=2011-02-02&now=2024-06-01");
    assert_eq!(
        (&then["then"]["list"], &then["now"]["list"]),
        (&"EU-2011".into(), &"EU-2024".into())
    );
    let substances = then["substances"].as_array().unwrap();
    assert!(!substances.is_empty());
    let moved = |s: &&serde_json::Value| s["moved"] == true;
    let copper = substances.iter().filter(moved).find(|s| s["substance"] == "Cu").unwrap();
    assert!(copper["before"].is_null() && copper["after"]["strategic"] == true);
    assert!(copper["deposits"].as_u64().unwrap() + copper["waste"].as_u64().unwrap() > 0);
    let same = door.json("/classes/lists?then=2024-06-01&now=2024-06-01");
    assert!(same["moves"].as_array().unwrap().is_empty());
    let page = door.get("/classes/lists?f=html&then=2011-02-02&now=2024-06-01").text();
    assert!(page.contains("EU-2011") && page.contains("type=\"date\""));
    let early = door.json("/classes/lists?then=1999-01-01");
    assert!(early["then"]["list"].is_null());
    for (asked, first) in [("", "EU-2011"), ("?jurisdiction=US", "US-2022")] {
        let usual = door.json(&format!("/classes/lists{asked}"));
        assert_eq!(usual["then"]["list"], first, "it begins with the first list of who makes them");
    }
}

#[test]
fn the_collection_has_an_item_per_product_and_a_page_per_body() {
    let door = door();
    let page = door.json("/collections/classifications/items?limit=5");
    let Some(first) = page["features"].as_array().unwrap().first().cloned() else {
        panic!("the fixture has a body with a substance");
    };
    assert_eq!(first["properties"]["unfc"], "E3.2;F3;G4");
    assert_eq!(first["properties"]["standing"], "computed");
    let body = first["properties"]["body"].as_str().unwrap();
    for listed in page["features"].as_array().unwrap() {
        let id = listed["id"].as_str().unwrap();
        let item = door.json(&format!("/collections/classifications/items/{id}"));
        assert_eq!(item["id"], listed["id"], "an item keeps the id that the list gave it");
    }
    let alone = door.json(&format!("/collections/classifications/items/{body}"));
    let findings = alone["properties"]["products"][0]["findings"].as_array().unwrap();
    assert!(findings.len() > 30, "{}", findings.len());
    let html = door.get(&format!("/collections/classifications/items/{body}?f=html")).text();
    assert!(html.contains("Why this code?") && html.contains("aria-current=\"step\""));
    let compared = door.json(&format!("/classes/compare?bodies={body}"));
    assert_eq!(compared["bodies"][0]["body"], body);
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let door = door();
    let six = vec![fixture::body_id("b00").to_string(); 6].join(",");
    for address in [
        "/inventory?across=perhaps",
        "/classes?material=unobtainium",
        "/classes?colour=red",
        "/classes/compare?bodies=nobody",
        &format!("/classes/compare?bodies={six}"),
        "/duties?year=2027",
        "/classes/lists?then=yesterday",
        "/classes/lists?jurisdiction=XX",
    ] {
        assert_eq!(door.get(address).status, 400, "{address}");
    }
}
