//! Bad requests are answered as the standards want; nothing a reader sends is a failure of ours.

use proptest::prelude::*;

use super::door;

const ITEMS: &str = "/collections/bodies/items";

#[test]
fn what_cannot_be_meant_is_a_bad_request_with_a_sentence_that_helps() {
    let door = door();
    for (query, says) in [
        ("foo=bar", "\"foo\" is not a parameter of this address; it knows limit, bbox"),
        ("unknownQueryParameter=1", "is not a parameter"),
        ("limit=0", "from 1 to"),
        ("limit=-1", "from 1 to"),
        ("limit=ten", "from 1 to"),
        ("bbox=1,2,3", "has not 4 or 6 numbers"),
        ("bbox=a,b,c,d", "not a number"),
        ("bbox=1,61,2,60", "south above its north"),
        ("datetime=xx", "neither an instant nor an interval"),
        ("datetime=2020-01-01T00:00:00Z/2010-01-01T00:00:00Z", "neither"),
        ("crs=http://www.opengis.net/def/crs/EPSG/0/9999999", "is not a parameter"),
        ("f=pdf", "use geojson, json, html, csv"),
        ("country=Sweden", "two-letter"),
        ("kind=dragon", "there are deposit, tailings"),
        ("commodity=Xx", "/commodities"),
        ("crm=EU-1999", "there are EU-2011"),
        ("site=1", "not an id"),
        ("q=", "needs words"),
        ("next=abc", "follow the \"next\" link"),
        ("limit=1&limit=2", "stands twice"),
        ("q=%ff", "not UTF-8"),
    ] {
        let answer = door.get(&format!("{ITEMS}?{query}"));
        assert_eq!(answer.status, 400, "{query}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{query}");
        let problem = answer.json();
        assert_eq!(problem["status"], 400);
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(says), "{query}: {detail}");
    }
}

#[test]
fn a_limit_beyond_the_greatest_is_cut_and_no_error() {
    let page = door().json(&format!("{ITEMS}?limit=999999"));
    assert_eq!(page["numberReturned"], page["numberMatched"]);
}

/// The requests by which other servers were compared: most of them answer one or more otherwise.
#[test]
fn every_collection_refuses_what_cannot_be_meant_and_cuts_what_is_too_much() {
    let door = door();
    for collection in ["sites", "bodies", "samples", "assays", "quantities", "sources"] {
        let items = format!("/collections/{collection}/items");
        for query in [
            "foo=bar",
            "limit=0",
            "bbox=1,2,3",
            "bbox=a,b,c,d",
            "datetime=xx",
            "crs=http://www.opengis.net/def/crs/EPSG/0/9999999",
        ] {
            let answer = door.get(&format!("{items}?{query}"));
            let told = (answer.status.as_u16(), answer.header("content-type"));
            assert_eq!(told, (400, "application/problem+json"), "{items}?{query}");
        }
        assert_eq!(door.get(&format!("{items}?limit=999999")).status, 200);
    }
}

#[test]
fn only_reading_is_possible() {
    let door = door();
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        let answer = door.ask(method, ITEMS, &[]);
        assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "GET, HEAD, OPTIONS"));
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
}

#[test]
fn an_endless_address_is_refused() {
    let answer = door().get(&format!("{ITEMS}?q={}", "a".repeat(9000)));
    assert_eq!(answer.status, 414);
}

#[test]
fn readers_of_pages_get_their_problems_as_pages() {
    let door = door();
    for (address, status) in [("/collections/bodies/items?foo=bar", 400), ("/nonsense", 404)] {
        let answer = door.ask("GET", address, &[("accept", "text/html")]);
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_query_string_whatever_is_our_failure(
        name in "(limit|bbox|datetime|next|f|country|kind|crm|material|substance|q|site|[a-z%&=]{0,4})",
        value in "[ -~%0-9a-fA-F,./:Zα-ω-]{0,30}",
    ) {
        let door = door();
        let address = format!("{ITEMS}?{name}={}", value.replace([' ', '#', '"', '<', '>', '\\', '^', '`', '{', '|', '}'], "+"));
        if let Ok(uri) = address.parse::<axum::http::Uri>() {
            let answer = door.get(&uri.to_string());
            prop_assert!(answer.status.as_u16() < 500, "{address}: {}", answer.status);
        }
    }
}

/// `VARP_FUZZ_SECONDS` sets for how long.
#[test]
fn query_strings_of_any_content_are_answered_or_refused() {
    let seeds: [&[u8]; 5] = [
        b"/collections/bodies/items?bbox=10,59,20,62&limit=5&country=SE&f=json",
        b"/collections/samples/items?datetime=1963/..&substance=WO3&f=csv",
        b"/search?q=dump&f=html&lang=sv",
        b"/matches?f=json",
        b"/collections/quantities/items?property=mass&next=AAAA",
    ];
    let words = [
        "%00",
        "%ff",
        "&&",
        "==",
        "1e309",
        "NaN",
        "-180,-90,180,90",
        "../..",
        "limit=",
        "%F0%9F",
        "[]",
    ];
    let door = door();
    super::mutate::fuzz("query string", &seeds, &words, |bytes| {
        let plain = |b: &&u8| b.is_ascii_graphic() && !b"\"<>\\^`{|}#".contains(b);
        let address: Vec<u8> = bytes.iter().filter(plain).copied().collect();
        let address = format!("/{}", String::from_utf8(address).unwrap().trim_start_matches('/'));
        if address.parse::<axum::http::Uri>().is_ok_and(|uri| uri.path().starts_with('/')) {
            let answer = door.get(&address);
            assert!(answer.status.as_u16() < 500, "{address}: {}", answer.status);
        }
    });
}
