//! Forms of an answer: pages, tables, compression, caching, heads.

use varp_store::Store;

use super::door::links;
use super::{door, fixture};

const ITEMS: &str = "/collections/bodies/items";

#[test]
fn every_page_is_the_html_of_the_address_of_its_data() {
    let door = door();
    let body = format!("{ITEMS}/{}", fixture::body_id("b00"));
    for address in ["/", "/conformance", "/collections", "/collections/bodies", ITEMS, &body] {
        let browser = [("accept", "text/html,application/xhtml+xml,*/*;q=0.8")];
        let page = door.ask("GET", address, &browser);
        assert_eq!(page.status, 200, "{address}");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{address}");
        let vary: Vec<&str> = page.header("vary").split(',').map(str::trim).collect();
        assert!(["accept", "accept-language"].iter().all(|h| vary.contains(h)), "{vary:?}");
        assert!(page.header("content-security-policy").starts_with("default-src 'self'"));
        let same = door.get(&format!("{address}?f=html"));
        assert_eq!(same.header("content-type"), "text/html; charset=utf-8", "{address}");
    }
}

#[test]
fn a_reader_who_accepts_nothing_on_offer_is_told_what_there_is() {
    let answer = door().ask("GET", "/conformance", &[("accept", "image/png")]);
    assert_eq!(answer.status, 406);
    assert!(answer.json()["detail"].as_str().unwrap().contains("application/json"));
}

#[test]
fn a_table_without_limit_is_all_of_it_and_with_limit_one_page() {
    let door = door();
    let whole = door.get(&format!("{ITEMS}?f=csv&kind=tailings"));
    assert_eq!(whole.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(whole.header("content-disposition"), "attachment; filename=\"varp-bodies.csv\"");
    let text = whole.text();
    assert!(text.starts_with("id,longitude,latitude,name,aliases,kind,site,"), "{text}");
    assert_eq!(text.lines().count(), 1 + 13);
    assert!(text.contains(",\"Stora \"\"Varpen\"\", =old\","), "{text}");
    let page = door.get(&format!("{ITEMS}?f=csv&limit=10"));
    assert_eq!(page.text().lines().count(), 1 + 10);
    assert!(page.header("link").contains("rel=\"next\""), "{}", page.header("link"));
    let nothing = door.get(&format!("{ITEMS}?f=csv&q=no+such+name"));
    assert_eq!(nothing.text(), format!("{}\r\n", text.lines().next().unwrap()));
}

#[test]
fn an_answer_that_the_reader_holds_is_not_sent_again_until_the_register_changes() {
    let register = super::register();
    let door = &register.door;
    let first = door.get(ITEMS);
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with("W/\""), "{tag}");
    let again = door.ask("GET", ITEMS, &[("if-none-match", &tag)]);
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    assert_eq!(again.header("etag"), tag);
    let other = door.ask("GET", &format!("{ITEMS}?limit=5"), &[("if-none-match", &tag)]);
    assert_eq!(other.status, 200);
    let page = [("if-none-match", tag.as_str()), ("accept", "text/html")];
    assert_eq!(door.ask("GET", ITEMS, &page).status, 200, "a page is another answer");
    register.store.prefer(fixture::claim_id(), "a test", "the only one").unwrap();
    assert_eq!(door.ask("GET", ITEMS, &[("if-none-match", &tag)]).status, 200);
}

#[test]
fn any_site_may_read_and_heads_have_no_body() {
    let door = door();
    let answer = door.ask("HEAD", ITEMS, &[("origin", "https://example.org")]);
    assert_eq!((answer.status.as_u16(), answer.body.len()), (200, 0));
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let preflight = [("origin", "https://example.org"), ("access-control-request-method", "GET")];
    let answer = door.ask("OPTIONS", ITEMS, &preflight);
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS");
    assert_eq!(answer.header("access-control-allow-methods"), "GET, HEAD, OPTIONS");
}

#[test]
fn large_answers_are_compressed_for_readers_who_can() {
    let door = door();
    for (accepted, encoding) in [("br", "br"), ("gzip", "gzip"), ("identity", "")] {
        for address in [ITEMS, "/map/points"] {
            let answer = door.ask("GET", address, &[("accept-encoding", accepted)]);
            assert_eq!(answer.header("content-encoding"), encoding, "{address}");
        }
    }
    let plain = door.get("/map/points");
    let packed = door.ask("GET", "/map/points", &[("accept-encoding", "gzip")]);
    assert!(packed.body.len() < plain.body.len());
}

#[test]
fn a_record_that_was_merged_sends_the_reader_to_the_one_kept() {
    let (kept, gone) = (fixture::body_id("b00"), fixture::body_id("b24"));
    let register = super::register();
    register.store.merge_bodies(kept, gone, "a test", "the same dump").unwrap();
    let answer = register.door.get(&format!("{ITEMS}/{gone}?f=html"));
    assert_eq!(answer.status, 308);
    assert_eq!(answer.header("location"), format!("http://varp.test:8080{ITEMS}/{kept}?f=html"));
}

#[test]
fn every_address_about_a_merged_body_leads_to_the_one_kept() {
    let (kept, gone) = (fixture::body_id("b00"), fixture::body_id("b24"));
    let register = super::register();
    register.store.merge_bodies(kept, gone, "a test", "the same dump").unwrap();
    for address in [
        "/collections/bodies/items/ID/economics?f=csv",
        "/collections/bodies/items/ID/pilot",
        "/collections/classifications/items/ID",
        "/collections/classifications/items/ID.Cu",
        "/duties/protocol/ID?f=html&Q6=5",
    ] {
        let of = |id: &str| address.replace("ID", id);
        let answer = register.door.get(&of(&gone.to_string()));
        let to = format!("http://varp.test:8080{}", of(&kept.to_string()));
        assert_eq!(answer.status, 308, "{address}");
        assert_eq!(answer.header("location"), to);
        let nobody = register.door.get(&of("00000000-0000-4000-8000-000000000000"));
        assert_eq!(nobody.status, 404, "{address}");
    }
}

#[test]
fn what_is_not_public_shows_nowhere() {
    let door = door();
    let hidden = fixture::body_id("hidden").to_string();
    assert_eq!(door.get(&format!("{ITEMS}/{hidden}")).status, 404);
    let secret = door.json(&format!("{ITEMS}/{}", fixture::body_id("secret place")));
    assert!(secret["geometry"].is_null() && secret["properties"]["original_x"].is_null());
    for address in [ITEMS, "/map/points", &format!("{ITEMS}?f=csv"), "/collections?f=json"] {
        let text = door.get(address).text();
        assert!(!text.contains(&hidden) && !text.contains(&hidden.replace('-', "")), "{address}");
    }
}

#[test]
fn the_map_has_an_entry_in_each_column_for_each_body_with_a_public_place() {
    let map = door().json("/map/points");
    for column in ["id", "name", "lon", "lat", "kind", "country", "of_site", "mined", "found"] {
        assert_eq!(map[column].as_array().unwrap().len(), 27, "{column}");
    }
    let of_site = map["of_site"].as_array().unwrap().iter().filter(|of_site| **of_site == 1);
    assert_eq!(of_site.count(), 2, "a body without a public place stands at its site");
    let kind = map["kind"][0].as_u64().unwrap() as usize;
    assert_eq!(map["kinds"][kind], "tailings");
    let lists = map["lists"].as_array().unwrap();
    let named =
        |list: &str| lists.iter().find(|l| l["list"] == list).unwrap()["commodities"].clone();
    assert_eq!(named("EU-2024"), serde_json::json!([0]), "copper is on the list of 2024");
    assert_eq!(named("EU-2020"), serde_json::json!([]), "and not on that of 2020");
}

#[test]
fn a_body_is_said_to_hold_a_listed_material_only_where_no_form_is_asked_for() {
    let body = door().json(&format!("{ITEMS}/{}", fixture::body_id("b00")));
    let critical = body["properties"]["critical"].as_array().unwrap();
    let of_2024 = critical.iter().filter(|c| c["list"] == "EU-2024");
    let said: Vec<_> = of_2024
        .map(|c| ["material", "what", "because"].map(|field| c[field].as_str().unwrap()))
        .collect();
    assert_eq!(
        said,
        [
            ["copper", "listed material", "Cu mined"],
            ["nickel - battery grade", "element present", "Ni found"],
        ]
    );
}

#[test]
fn words_find_records_and_their_addresses_answer() {
    let door = door();
    let found = door.json("/search?q=Hill");
    assert_eq!(found["numberReturned"], 2, "a site and a source");
    let address = door::local(&found["results"][0]["href"]).to_owned();
    assert_eq!(door.json(&address)["properties"]["name"], "The Hill");
    assert_eq!(door.json("/search")["numberReturned"], 0, "no words find nothing");
    assert_eq!(door.get("/search?f=html").status, 200);
    assert_eq!(door.get("/search?f=html&q=").status, 200, "a form sends its empty field");
    for blank in ["%0B", "%20", "%1C", "%00"] {
        assert_eq!(door.get(&format!("/search?f=html&q={blank}")).status, 400, "{blank}");
        assert_eq!(door.get(&format!("/search?f=json&q={blank}")).status, 400, "{blank}");
    }
}

#[test]
fn a_commodity_names_its_lists_and_leads_to_its_bodies() {
    let door = door();
    let commodity = door.json("/commodities/Ni");
    let lists = commodity["lists"].as_array().unwrap();
    let listed = lists.iter().find(|entry| entry["list"] == "EU-2024").unwrap();
    assert_eq!(listed["form"], "battery grade");
    assert_eq!(commodity["numberOfBodies"], 1);
    let items = door.json(door::local(&links(&commodity, "items")[0]["href"]));
    assert_eq!(items["numberMatched"], 1);
}
