//! Following `next` reads everything once.

use varp_store::Store;

use super::door::{links, local};
use super::{door, fixture};

#[test]
fn following_next_reads_every_item_once_in_any_size() {
    let door = door();
    for limit in [1, 4, 9, 27, 100] {
        let mut address = format!("/collections/bodies/items?bbox=-180,-90,180,90&limit={limit}");
        let mut keys = Vec::new();
        loop {
            let page = door.json(&address);
            assert_eq!(page["numberMatched"], 27, "the count stands on every page");
            let features = page["features"].as_array().unwrap();
            assert!(features.len() <= limit);
            keys.extend(
                features.iter().map(|f| f["properties"]["key"].as_str().unwrap().to_owned()),
            );
            match links(&page, "next").as_slice() {
                [] => break,
                next => address = local(&next[0]["href"]).to_owned(),
            }
            assert!(address.contains("bbox=-180,-90,180,90"), "{address}");
        }
        let read = keys.len();
        keys.sort();
        keys.dedup();
        assert_eq!((read, keys.len()), (27, 27), "limit {limit}");
    }
}

#[test]
fn a_token_belongs_to_its_question() {
    let door = door();
    let page = door.json("/collections/bodies/items?kind=tailings&limit=2");
    let next = local(&links(&page, "next")[0]["href"]).to_owned();
    assert_eq!(door.get(&next).status, 200);
    assert_eq!(door.get(&next.replace("tailings", "slag")).status, 400);
    assert_eq!(
        door.get(&next.replace("/bodies/", "/sites/").replace("kind=tailings&", "")).status,
        400
    );
    let (start, token) = next.split_once("next=").unwrap();
    assert_eq!(door.get(&format!("{start}next=1{token}")).status, 400);
}

#[test]
fn a_count_is_made_anew_when_the_register_changed_meanwhile() {
    let register = super::register();
    let door = &register.door;
    let page = door.json("/collections/bodies/items?limit=5");
    let next = local(&links(&page, "next")[0]["href"]).to_owned();
    let (kept, gone) = (fixture::body_id("b00"), fixture::body_id("b24"));
    register.store.merge_bodies(kept, gone, "a test", "the same dump").unwrap();
    assert_eq!(door.json(&next)["numberMatched"], 26);
}
