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
fn the_collection_has_an_item_per_product_and_a_page_per_body() {
    let door = door();
    let page = door.json("/collections/classifications/items?limit=5");
    let Some(first) = page["features"].as_array().unwrap().first().cloned() else {
        panic!("the fixture has a body with a substance");
    };
    assert_eq!(first["properties"]["unfc"], "E3.2;F3;G4");
    assert_eq!(first["properties"]["standing"], "computed");
    let body = first["properties"]["body"].as_str().unwrap();
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
    ] {
        assert_eq!(door.get(address).status, 400, "{address}");
    }
}
