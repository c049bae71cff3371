//! Classes, inventory, comparison and duties at the public door.

use varp_app::jobs::keep_cases;
use varp_engine::duty::{Duties, Received, read_desk};

use super::{door, fixture};

#[test]
fn classes_have_a_page_a_table_and_data_at_one_address() {
    let door = door();
    for address in ["/classes", "/inventory", "/duties", "/duties/desk", "/duties/protocol"] {
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

#[test]
fn the_protocol_counts_unknown_as_yes_and_takes_other_thresholds() {
    let door = door();
    let all = door.json("/duties/protocol");
    assert_eq!(all["questions"].as_array().unwrap().len(), 18);
    let facilities = all["facilities"].as_array().unwrap();
    assert!(!facilities.is_empty());
    let known = |f: &serde_json::Value| 18 - f["unknown"].as_array().unwrap().len();
    assert!(facilities.iter().all(|f| f["examine"] == true || known(f) > 0));
    let body = facilities[0]["id"].as_str().unwrap();
    let one = door.json(&format!("/duties/protocol/{body}?Q6=5&Q11="));
    let question = |id: &str| {
        let own = one["questions"].as_array().unwrap().iter().find(|q| q["id"] == id).cloned();
        own.unwrap()
    };
    assert_eq!(
        (&question("Q6")["threshold"], &question("Q6")["usual_threshold"]),
        (&5.0.into(), &4.0.into())
    );
    assert_eq!(question("Q11")["threshold"], question("Q11")["usual_threshold"]);
    assert_eq!(question("Q6")["unverified"], true);
    let page = door.get(&format!("/duties/protocol/{body}?f=html&Q6=5")).text();
    assert!(page.contains("counts as yes") && page.contains("yes above 5 m"), "{page}");
    let table = door.get(&format!("/duties/protocol/{body}?f=csv")).text();
    assert_eq!(table.lines().count(), 19);
    for wrong in ["?Q1=3", "?Q6=high", "?Q6=-1", "?Q99=1"] {
        assert_eq!(door.get(&format!("/duties/protocol{wrong}")).status, 400, "{wrong}");
    }
    for nobody in ["x", &fixture::body_id("hidden").to_string()] {
        assert_eq!(door.get(&format!("/duties/protocol/{nobody}")).status, 404, "{nobody}");
    }
}

#[test]
fn the_desk_shows_and_counts_what_the_authority_opened_and_nothing_else() {
    let register = super::register();
    let (door, store) = (&register.door, &*register.store);
    let cases = |text: &str| {
        read_desk(&format!("case,facility,operator,received,holds,visibility\n{text}")).unwrap()
    };
    let keep = |text: &str| keep_cases(store, &cases(text), &Duties::embedded(), "a test").unwrap();
    assert!(door.get("/duties/desk?f=html").text().contains("No case of the desk is public"));
    let (open, closed) =
        ("1,Open pond,Mine Oy,2026-11-20,methods,public\n", "2,Closed pond,Mine AB,,,\n");
    assert_eq!(keep(&format!("{open}{closed}")), 2);
    assert_eq!(keep(&format!("{open}{closed}")), 0, "the same again changes nothing");
    let seen = door.json("/duties/desk");
    let shown = seen["cases"].as_array().unwrap();
    assert_eq!(shown.len(), 1);
    assert_eq!(
        (&shown[0]["due"], shown[0]["missing"].as_array().unwrap().len()),
        (&"deficiency".into(), 5)
    );
    for form in ["json", "html", "csv"] {
        let text = door.get(&format!("/duties/desk?f={form}")).text();
        assert!(text.contains("Open pond") && !text.contains("Closed pond"), "{form}");
    }
    assert_eq!(keep(&open.replace("public", "authority")), 1);
    assert!(
        door.json("/duties/desk")["cases"].as_array().unwrap().is_empty(),
        "closed with its past"
    );
    assert_eq!(keep(open), 1, "opened again");
    assert_eq!(door.json("/duties/desk")["cases"].as_array().unwrap().len(), 1);
    let nobody = Received { body: "nobody".into(), ..cases(open).remove(0) };
    let error = keep_cases(store, &[nobody], &Duties::embedded(), "a test").unwrap_err();
    assert!(error.to_string().contains("hint"), "{error}");
}

#[test]
fn a_body_has_its_screening_with_every_assumption_or_the_reason_why_not() {
    let door = door();
    let bodies = door.json("/collections/bodies/items?limit=100");
    let mut screened = 0;
    for body in bodies["features"].as_array().unwrap() {
        let address =
            format!("/collections/bodies/items/{}/economics", body["id"].as_str().unwrap());
        let found = door.json(&address);
        let page = door.get(&format!("{address}?f=html")).text();
        if found["screening"].is_null() {
            assert!(!found["why_none"].as_str().unwrap().is_empty());
            assert!(page.contains("No screening"));
            continue;
        }
        screened += 1;
        let inputs = found["screening"]["inputs"].as_array().unwrap();
        assert!(
            inputs.iter().all(|i| i["source"] != "" && i["low"].as_f64() <= i["high"].as_f64())
        );
        assert!(inputs.iter().any(|i| i["unverified"] == true));
        assert_eq!(found["screening"]["npv"]["quantiles"].as_array().unwrap().len(), 19);
        assert!(page.contains("unverified") && page.contains("class=\"line\""));
        let table = door.get(&format!("{address}?f=csv")).text();
        assert!(table.contains("discount rate") && table.contains("95 % quantile"));
    }
    assert!(screened > 0, "the fixture has a body with mass and grade");
    let hidden = fixture::body_id("hidden");
    assert_eq!(door.get(&format!("/collections/bodies/items/{hidden}/economics")).status, 404);
}

/// A register of a whole country does not make a page of a whole country.
#[test]
fn a_page_of_duties_shows_the_first_facilities_and_the_table_all() {
    let mut batch = fixture::batch();
    let one = batch.bodies[0].clone();
    batch.bodies.extend((0..250).map(|i| {
        let key = format!("many {i}");
        let id = varp_model::BodyId::of(&fixture::dataset(), &key);
        let origin = varp_model::Origin { dataset: fixture::dataset(), key };
        varp_model::Body { id, origin, ..one.clone() }
    }));
    let folder = tempfile::tempdir().unwrap();
    let store = varp_store::GeoPackage::create(&folder.path().join("many.gpkg")).unwrap();
    let mut import = varp_store::Store::begin_import(&store, &fixture::import()).unwrap();
    import.add(&batch).unwrap();
    import.commit().unwrap();
    let door = door::Door::to(std::sync::Arc::new(store));
    let page = door.get("/duties?f=html").text();
    assert!(page.contains("The first 200 of them") && page.matches("<tr>").count() < 300);
    assert!(door.get("/duties?f=csv").text().lines().count() > 250);
}
