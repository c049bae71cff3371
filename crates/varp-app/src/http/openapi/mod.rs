//! `/api`: the description of this API, OpenAPI 3.0, complete in itself.

mod decision;

use axum::response::Response;
use serde_json::{Map, Value, json};
use varp_engine::duty::Protocol;
use varp_model::References;

use super::AppState;
use super::answer::{html, respond};
use super::ask::Ask;
use super::classes::COMPARE_PARAMETERS;
use super::collections::{COLLECTIONS, Spec};
use super::landing::{DESCRIPTION, TITLE};
use super::negotiate::{API, Format};
use super::problem::Problem;
use super::query::{DEFAULT_LIMIT, MAX_LIMIT, MAX_WORDS};
use crate::portal;

/// Schemas, answers and parameters that all paths share.
const COMPONENTS: &str = include_str!("components.json");

/// `/api`.
pub fn api(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    ask.allow(&[])?;
    let offer = ask.format(API)?;
    if offer.format == Format::Html {
        return api_html(state, ask);
    }
    Ok(respond(offer.media, document(&ask.base, &state.references).to_string()))
}

/// `/api.html`.
pub fn api_html(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    ask.allow(&[])?;
    let links = ask.links(API, &API[1]);
    let document = document(&ask.base, &state.references);
    Ok(html(portal::api_page(&document, &ask.page(state, &links))))
}

/// The whole description for a server at `base`.
pub fn document(base: &str, references: &References) -> Value {
    let mut components: Value =
        serde_json::from_str(COMPONENTS).expect("the embedded file is JSON, a test reads it");
    components["parameters"]["limit"] = limit();
    let mut paths = plain_paths();
    paths.extend(decision::paths());
    for spec in &COLLECTIONS {
        paths.extend(collection_paths(spec, references));
    }
    paths.extend(super::processes::paths());
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": TITLE,
            "description": DESCRIPTION,
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": base }],
        "tags": [
            { "name": "service", "description": "What this service is." },
            { "name": "data", "description": "The register's collections." },
            { "name": "portal", "description": "What the portal reads beside the collections." },
            { "name": "processes", "description": "What can be computed." },
        ],
        "paths": paths,
        "components": components,
    })
}

fn limit() -> Value {
    json!({
        "name": "limit",
        "in": "query",
        // no maximum: a greater number is no error, but gets as many as there are at most
        "description": format!("Most items of a page. More than {MAX_LIMIT} gets {MAX_LIMIT}."),
        "required": false,
        "schema": {
            "type": "integer", "minimum": 1, "default": DEFAULT_LIMIT,
        },
        "style": "form",
        "explode": false,
    })
}

/// Paths that are no collection: path, id, tag, what it is, schema.
const PLAIN_PATHS: [(&str, &str, &str, &str, &str); 15] = [
    ("/", "getLandingPage", "service", "Landing page", "landingPage"),
    ("/conformance", "getConformance", "service", "Conformance classes", "confClasses"),
    ("/collections", "getCollections", "data", "The collections", "collections"),
    ("/commodities", "getCommodities", "portal", "Raw materials", "object"),
    ("/commodities/{code}", "getCommodity", "portal", "One raw material", "object"),
    ("/matches", "getMatches", "portal", "Records that may be one thing", "object"),
    ("/classes", "getClasses", "portal", "UNFC classes of deposits and waste", "object"),
    ("/classes/compare", "compareClasses", "portal", "Two to five bodies side by side", "object"),
    (
        "/classes/lists",
        "compareLists",
        "portal",
        "Lists of raw materials and classes on two days",
        "object",
    ),
    ("/duties", "getDuties", "portal", "How the register stands against the law", "object"),
    (
        "/duties/desk",
        "getDesk",
        "portal",
        "Operators' studies that came in and are public",
        "object",
    ),
    (
        "/duties/protocol",
        "getProtocol",
        "portal",
        "Which facilities may cause serious harm",
        "object",
    ),
    (
        "/duties/protocol/{featureId}",
        "askProtocol",
        "portal",
        "The protocol for one facility",
        "object",
    ),
    ("/inventory", "getInventory", "portal", "Contained quantities by class", "object"),
    ("/search", "search", "portal", "Sites, bodies and sources by words", "searchResults"),
];

/// Those of them that are a table too.
const AS_TABLE: [&str; 7] = [
    "/classes",
    "/classes/lists",
    "/duties",
    "/duties/desk",
    "/duties/protocol",
    "/duties/protocol/{featureId}",
    "/inventory",
];

fn plain_paths() -> Map<String, Value> {
    let mut paths = Map::new();
    for (path, id, tag, summary, schema) in PLAIN_PATHS {
        let table = AS_TABLE.contains(&path);
        let mut parameters = vec![if table { decision::form() } else { parameter("f") }];
        match path {
            "/search" => parameters.extend([words(), parameter("limit")]),
            "/classes" => parameters.extend([text("country"), text("material")]),
            "/inventory" => {
                parameters.extend([text("country"), text("material"), text("across")]);
            }
            "/duties" => parameters.push(text("country")),
            "/duties/protocol" => {
                parameters.push(text("country"));
                parameters.extend(thresholds());
            }
            "/duties/protocol/{featureId}" => {
                parameters.push(parameter("featureId"));
                parameters.extend(thresholds());
            }
            "/classes/compare" => {
                let names = COMPARE_PARAMETERS.into_iter().chain(["country", "material"]);
                parameters.extend(names.map(text));
            }
            "/classes/lists" => parameters.extend(["then", "now", "jurisdiction"].map(text)),
            "/commodities/{code}" => parameters.push(json!({
                "name": "code", "in": "path", "required": true, "description": "Code, such as Cu.",
                "schema": { "type": "string", "minLength": 1 },
            })),
            _ => {}
        }
        let mut content = json!({
            "application/json": { "schema": schema_ref(schema) },
            "text/html": { "schema": { "type": "string" } },
        });
        if table {
            content["text/csv"] = json!({ "schema": { "type": "string" } });
        }
        paths.insert(path.into(), get(id, tag, summary, parameters, &content));
    }
    let content = json!({ "application/json": { "schema": schema_ref("object") } });
    let summary = "Every body with a public place, in columns";
    paths.insert("/map/points".into(), get("getMapPoints", "portal", summary, vec![], &content));
    paths
}

/// Thresholds of the protocol that a reader may put.
fn thresholds() -> Vec<Value> {
    let protocol = Protocol::embedded();
    let own = protocol.questions.iter().filter_map(|q| Some((q, q.threshold?)));
    own.map(|(question, usual)| {
        json!({
            "name": question.id, "in": "query", "required": false,
            "description": format!("{} Another threshold than {usual}.", question.asks),
            "schema": { "type": "number", "minimum": 0 }, "style": "form", "explode": false,
        })
    })
    .collect()
}

/// A parameter of plain words.
fn text(name: &str) -> Value {
    json!({
        "name": name, "in": "query", "required": false,
        "description": "What is chosen; nothing chooses all.",
        "schema": { "type": "string" }, "style": "form", "explode": false,
    })
}

fn collection_paths(spec: &Spec, references: &References) -> [(String, Value); 4] {
    let Spec { id, title, .. } = spec;
    let json = |schema| {
        json!({
            "application/json": { "schema": schema_ref(schema) },
            "text/html": { "schema": { "type": "string" } },
        })
    };
    let features = |schema| {
        json!({
            "application/geo+json": { "schema": schema_ref(schema) },
            "text/html": { "schema": { "type": "string" } },
        })
    };
    let mut pages = features("featureCollection");
    pages["text/csv"] = json!({ "schema": { "type": "string" } });
    let mut parameters: Vec<Value> =
        ["limit", "bbox", "datetime", "next", "fFeatures"].map(parameter).into();
    parameters.extend(spec.filters.iter().map(|name| filter(name, references)));
    let about = format!("The collection {title}: {}", spec.description);
    let one = vec![parameter("featureId"), parameter("fFeature")];
    [
        (
            format!("/collections/{id}"),
            get(&format!("{id}.get"), "data", &about, vec![parameter("f")], &json("collection")),
        ),
        (format!("/collections/{id}/schema"), schema_path(spec)),
        (
            format!("/collections/{id}/items"),
            get(&format!("{id}.items"), "data", &format!("Items of {title}"), parameters, &pages),
        ),
        (
            format!("/collections/{id}/items/{{featureId}}"),
            get(
                &format!("{id}.item"),
                "data",
                &format!("One of {title}"),
                one,
                &features("feature"),
            ),
        ),
    ]
}

fn schema_path(spec: &Spec) -> Value {
    let content = json!({ "application/schema+json": { "schema": schema_ref("object") } });
    let about = format!("Names and types of the fields of {}", spec.title);
    get(&format!("{}.schema", spec.id), "data", &about, vec![], &content)
}

fn get(id: &str, tag: &str, summary: &str, parameters: Vec<Value>, content: &Value) -> Value {
    let problem = json!({ "$ref": "#/components/responses/Problem" });
    let mut responses = json!({
        "200": { "description": summary, "content": content },
        "304": { "$ref": "#/components/responses/NotModified" },
        "400": problem,
        "406": problem,
        "414": problem,
        "500": problem,
        "503": problem,
    });
    if parameters.iter().any(|p| p["$ref"] == "#/components/parameters/featureId") {
        responses["308"] = json!({ "$ref": "#/components/responses/Moved" });
    }
    if !parameters.is_empty() {
        responses["404"] = problem;
    }
    json!({ "get": {
        "operationId": id, "tags": [tag], "summary": summary, "parameters": parameters,
        "responses": responses,
    }})
}

/// A parameter by which items can be chosen.
fn filter(name: &str, references: &References) -> Value {
    let text = |about: &str| (about.to_owned(), json!({ "type": "string", "minLength": 1 }));
    let one_of = |about: &str, codes: Vec<&str>| {
        let schema = if codes.is_empty() {
            json!({ "type": "string" })
        } else {
            json!({ "type": "string", "enum": codes })
        };
        (about.to_owned(), schema)
    };
    let commodities = || references.commodities.iter().map(|c| c.code.as_str()).collect();
    let (description, schema) = match name {
        "q" => return words(),
        "country" => (
            "Country of the site, ISO 3166-1 alpha-2.".to_owned(),
            json!({ "type": "string", "pattern": "^[A-Za-z]{2}$" }),
        ),
        "kind" => {
            let list = references.list("body_kinds").map_or(&[][..], |list| &list.codes);
            one_of("Kind of body.", list.iter().map(|c| c.code.as_str()).collect())
        }
        "commodity" => one_of("Commodity mined or processed.", commodities()),
        "material" => {
            one_of("Raw material that was mined or is witnessed by a find.", commodities())
        }
        "crm" => {
            let lists = references.crm_lists.iter().map(|l| l.list.as_str()).collect();
            one_of("List of critical raw materials that names what was mined or found.", lists)
        }
        "property" => {
            let codes = references.properties.iter().map(|p| p.code.as_str()).collect();
            one_of("Property that the quantity is of.", codes)
        }
        "substance" => text("Element, formula, mineral or defined sum, such as Co, WO3, TREO."),
        _ => (
            format!("Identity of the {name} that the item belongs to."),
            json!({ "type": "string", "format": "uuid" }),
        ),
    };
    json!({
        "name": name, "in": "query", "description": description, "required": false,
        "schema": schema, "style": "form", "explode": false,
    })
}

fn words() -> Value {
    json!({
        "name": "q", "in": "query", "required": false,
        "description": "Words in names and other names, in any case, with or without accents. Pages take an empty field of \
                        their forms as no question; data need words.",
        "schema": { "type": "string", "maxLength": MAX_WORDS, "pattern": "^$|\\S" },
        "style": "form", "explode": false,
    })
}

fn parameter(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

fn schema_ref(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}
