//! What the conformance tests of OGC API Features 1.0 (ets-ogcapi-features10) ask.

use serde_json::Value;

use super::door;
use super::door::{links, local};

const COLLECTIONS: [&str; 6] = ["sites", "bodies", "samples", "assays", "quantities", "sources"];

#[test]
fn the_landing_page_leads_to_description_conformance_and_data() {
    let landing = door().json("/");
    for rel in ["self", "alternate", "service-desc", "service-doc", "conformance", "data"] {
        assert_eq!(links(&landing, rel).len(), 1, "{rel}");
    }
    let described = &links(&landing, "service-desc")[0]["type"];
    assert_eq!(described, "application/vnd.oai.openapi+json;version=3.0");
}

#[test]
fn every_link_of_the_landing_page_and_of_collections_answers() {
    let door = door();
    for page in ["/", "/conformance", "/collections", "/collections/bodies"] {
        let document = door.json(page);
        for link in document["links"].as_array().unwrap() {
            assert!(link["type"].is_string() && link["rel"].is_string(), "{link}");
            let answer = door.get(local(&link["href"]));
            assert_eq!(answer.status, 200, "{link}");
        }
    }
}

#[test]
fn the_declared_classes_are_part_one() {
    let classes = door().json("/conformance");
    for class in ["core", "geojson", "html", "oas30"] {
        let uri = format!("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{class}");
        assert!(classes["conformsTo"].as_array().unwrap().contains(&uri.into()), "{class}");
    }
}

#[test]
fn each_collection_is_described_in_the_list_and_alone_alike() {
    let door = door();
    let list = door.json("/collections");
    let ids: Vec<_> = list["collections"].as_array().unwrap().iter().map(|c| &c["id"]).collect();
    let mut listed: Vec<&str> = COLLECTIONS.to_vec();
    listed.extend(["estimates", "classifications"]); // what was computed; may hold nothing
    assert_eq!(ids, listed);
    for listed in list["collections"].as_array().unwrap() {
        let id = listed["id"].as_str().unwrap();
        let alone = door.json(&format!("/collections/{id}"));
        for field in ["id", "title", "description", "extent", "crs", "itemType"] {
            assert_eq!(listed[field], alone[field], "{id} {field}");
        }
        for document in [listed, &alone] {
            let items = links(document, "items");
            assert!(items.iter().any(|link| link["type"] == "application/geo+json"), "{id}");
            assert!(items.iter().any(|link| link["type"] == "text/html; charset=utf-8"), "{id}");
            assert_eq!(links(document, "self").len(), 1, "{id}");
        }
    }
    assert_eq!(
        door.json("/collections/bodies")["extent"]["spatial"]["bbox"],
        serde_json::json!([[15.0, 60.0, 17.4, 60.0]])
    );
}

#[test]
fn items_of_each_collection_are_a_feature_collection_with_its_links() {
    let door = door();
    for id in COLLECTIONS {
        let page = door.get(&format!("/collections/{id}/items"));
        assert_eq!(page.header("content-type"), "application/geo+json");
        let page = page.json();
        assert_eq!(page["type"], "FeatureCollection");
        let features = page["features"].as_array().unwrap();
        assert!(!features.is_empty(), "{id}");
        assert_eq!(page["numberReturned"], features.len());
        assert!(page["numberMatched"].as_u64().unwrap() >= features.len() as u64);
        let stamp = page["timeStamp"].as_str().unwrap();
        assert!(stamp.ends_with('Z') && stamp.contains('.') && stamp.len() == 24, "{stamp}");
        assert_eq!((links(&page, "self").len(), links(&page, "alternate").len()), (1, 2));
        assert_eq!(links(&page, "collection").len(), 1);
        for feature in features {
            assert_eq!(feature["type"], "Feature");
            assert!(feature["id"].is_string() && feature["properties"].is_object());
            assert!(feature["geometry"].is_null() || feature["geometry"]["type"] == "Point");
        }
    }
}

#[test]
fn each_item_stands_at_its_own_address_with_the_same_content() {
    let door = door();
    for id in COLLECTIONS {
        let page = door.json(&format!("/collections/{id}/items?limit=1"));
        let listed = &page["features"][0];
        let fid = listed["id"].as_str().unwrap();
        let alone = door.json(&format!("/collections/{id}/items/{fid}"));
        for field in ["id", "geometry"] {
            assert_eq!(listed[field], alone[field], "{id}");
        }
        for (name, value) in listed["properties"].as_object().unwrap() {
            assert_eq!(*value, alone["properties"][name], "{id} {name}");
        }
        for rel in ["self", "alternate", "collection"] {
            assert_eq!(links(&alone, rel).len(), 1, "{id} {rel}");
        }
    }
}

#[test]
fn an_unknown_item_or_collection_is_not_found() {
    let door = door();
    for address in [
        "/collections/nonsense",
        "/collections/nonsense/items",
        "/collections/bodies/items/nonsense",
        "/collections/bodies/items/00000000-0000-4000-8000-000000000000",
        "/collections/assays/items/1.1",
        "/commodities/Xx",
        "/nonsense",
    ] {
        assert_eq!(door.get(address).status, 404, "{address}");
    }
}

#[test]
fn a_box_chooses_what_lies_in_it_and_what_has_no_place() {
    let door = door();
    let names = |query: &str| -> Vec<String> {
        let page = door.json(&format!("/collections/bodies/items?{query}"));
        let features = page["features"].as_array().unwrap();
        assert_eq!(page["numberMatched"], features.len());
        features.iter().map(|f| f["properties"]["key"].as_str().unwrap().to_owned()).collect()
    };
    let elsewhere = ["placeless", "secret place"];
    assert_eq!(names("bbox=14.95,59,15.15,61"), ["b00", "b01", elsewhere[0], elsewhere[1]]);
    assert_eq!(names("bbox=14.95,59,0,15.15,61,100"), names("bbox=14.95,59,15.15,61"));
    assert_eq!(names("bbox=99,9,101,11"), elsewhere, "a withheld place answers no box");
    assert_eq!(names("bbox=170,-10,-170,10"), elsewhere);
    assert_eq!(names("bbox=17.35,50,15.05,70"), ["b00", "b24", elsewhere[0], elsewhere[1]]);
}

#[test]
fn a_time_chooses_what_meets_it_and_what_has_no_time() {
    let door = door();
    let matched = |query: &str| {
        let query = format!("/collections/bodies/items?{query}");
        door.json(&query)["numberMatched"].as_u64().unwrap()
    };
    let all = matched("");
    assert_eq!(matched("datetime=1900-01-01T00:00:00Z"), all - 1);
    assert_eq!(matched("datetime=1980-01-01T00:00:00Z/.."), all - 1);
    assert_eq!(matched("datetime=../1960-01-01T00:00:00Z"), all - 1);
    assert_eq!(matched("datetime=1960-01-01T00:00:00Z/1971-01-01T00:00:00Z"), all);
    assert_eq!(matched("datetime=2001-01-01T00:00:00Z/.."), all - 2);
}

#[test]
fn the_description_is_openapi_3_0_complete_in_itself() {
    let answer = door().get("/api");
    assert_eq!(answer.header("content-type"), "application/vnd.oai.openapi+json;version=3.0");
    let document = answer.json();
    assert_eq!(document["openapi"], "3.0.3");
    let mut missing = Vec::new();
    check_references(&document, &document, &mut missing);
    assert!(missing.is_empty(), "{missing:?}");
    for id in COLLECTIONS {
        let get = &document["paths"][format!("/collections/{id}/items")]["get"];
        let names: Vec<Value> = get["parameters"]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| resolve(&document, p)["name"].clone())
            .collect();
        for name in ["limit", "bbox", "datetime"] {
            assert!(names.contains(&name.into()), "{id} {name}");
        }
    }
    let parameters = &document["components"]["parameters"];
    for name in ["limit", "bbox", "datetime"] {
        assert_eq!(parameters[name]["style"], "form");
        assert_eq!(parameters[name]["explode"], false);
        assert_eq!(parameters[name]["required"], false);
    }
    assert_eq!(parameters["limit"]["schema"]["minimum"], 1);
    assert_eq!(parameters["limit"]["schema"]["default"], 100);
    assert_eq!(parameters["bbox"]["schema"]["minItems"], 4);
    assert_eq!(parameters["bbox"]["schema"]["maxItems"], 6);
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(target) => document.pointer(target.strip_prefix('#').unwrap()).unwrap(),
        None => value,
    }
}

fn check_references(document: &Value, value: &Value, missing: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(target) = fields.get("$ref").and_then(Value::as_str) {
                let here = target.strip_prefix('#');
                if here.is_none_or(|pointer| document.pointer(pointer).is_none()) {
                    missing.push(target.to_owned());
                }
            }
            fields.values().for_each(|value| check_references(document, value, missing));
        }
        Value::Array(values) => {
            values.iter().for_each(|value| check_references(document, value, missing));
        }
        _ => {}
    }
}

/// Every address that the description names answers, and every parameter that it names is known.
#[test]
fn the_description_tells_the_truth_about_addresses_and_parameters() {
    let door = door();
    let document = door.json("/api");
    for (path, item) in document["paths"].as_object().unwrap() {
        let address = path
            .replace("{code}", "Cu")
            .replace("{featureId}", "nobody")
            .replace("{processId}", "estimate")
            .replace("{jobId}", "nobody");
        if item.get("get").is_none() {
            continue; // an order is asked for by crate::estimates
        }
        let base = if path == "/search" { format!("{address}?q=Hill") } else { address };
        let missing = base.contains("nobody");
        assert_eq!(door.get(&base).status, if missing { 404 } else { 200 }, "{base}");
        for parameter in item["get"]["parameters"].as_array().unwrap() {
            let parameter = resolve(&document, parameter);
            let name = parameter["name"].as_str().unwrap();
            if parameter["in"] != "query" || name == "q" {
                continue;
            }
            let sign = if base.contains('?') { '&' } else { '?' };
            let answer = door.get(&format!("{base}{sign}{name}=%01")).text();
            assert!(!answer.contains("is not a parameter"), "{base} {name}: {answer}");
        }
    }
}

/// GDAL and QGIS would guess types from the first items: a mass that is unknown there would become
/// text.
#[test]
fn the_schema_tells_the_types_of_fields_that_the_first_items_lack() {
    let door = door();
    for id in COLLECTIONS {
        let schema = door.json(&format!("/collections/{id}/schema"));
        let types = &schema["properties"]["properties"]["properties"];
        let page = door.json(&format!("/collections/{id}/items?limit=1"));
        for (name, value) in page["features"][0]["properties"].as_object().unwrap() {
            let fits = match types[name]["type"].as_str().unwrap() {
                "number" => value.is_number() || value.is_null(),
                "integer" => value.is_u64() || value.is_null(),
                "boolean" => value.is_boolean(),
                "array" => value.is_array(),
                "string" => value.is_string() || value.is_null(),
                _ => false,
            };
            assert!(fits, "{id} {name}: {value} is no {}", types[name]);
        }
    }
    let bodies = door.json("/collections/bodies/schema");
    assert_eq!(bodies["properties"]["properties"]["properties"]["area_m2"]["type"], "number");
}
