//! The field names of the API, held still: read the difference before accepting one.

use serde_json::Value;

use super::{door, fixture};

fn shown(address: &str) -> String {
    let mut document: Value = door().json(address);
    if document.get("timeStamp").is_some() {
        document["timeStamp"] = "…".into();
    }
    let text = serde_json::to_string_pretty(&document).unwrap();
    // every register seals its tokens in its own way
    match text.find("next=") {
        Some(at) => format!("{}next=…{}", &text[..at], &text[at + 5 + 66..]),
        None => text,
    }
}

#[test]
fn one_of_each_collection() {
    for (name, collection, id) in [
        ("site", "sites", fixture::site_id().to_string()),
        ("body", "bodies", fixture::body_id("b00").to_string()),
        ("sample", "samples", fixture::sample_id().to_string()),
        ("quantity", "quantities", fixture::claim_id().to_string()),
        ("source", "sources", fixture::source_id().to_string()),
    ] {
        insta::assert_snapshot!(name, shown(&format!("/collections/{collection}/items/{id}")));
    }
    insta::assert_snapshot!("assay", shown("/collections/assays/items"));
}

#[test]
fn lists_and_documents() {
    insta::assert_snapshot!("landing", shown("/"));
    insta::assert_snapshot!("collection", shown("/collections/bodies"));
    insta::assert_snapshot!("items", shown("/collections/bodies/items?limit=1"));
    insta::assert_snapshot!("commodity", shown("/commodities/Ni"));
}
