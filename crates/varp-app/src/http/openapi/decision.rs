//! Paths of screening, ranking, portfolio, pilots and economics.

use serde_json::{Value, json};

use super::{get, parameter, schema_ref};

/// The paths.
pub fn paths() -> [(String, Value); 5] {
    let content = json!({
        "application/json": { "schema": schema_ref("object") },
        "text/html": { "schema": { "type": "string" } },
        "text/csv": { "schema": { "type": "string" } },
    });
    let whole = |name: &str, about: &str, most: u64| {
        json!({
            "name": name, "in": "query", "description": about, "required": false,
            "schema": { "type": "integer", "minimum": 1, "maximum": most },
            "style": "form", "explode": false,
        })
    };
    let form = form();
    let seed = json!({
        "name": "seed", "in": "query", "description": "Seed of the draws.", "required": false,
        "schema": { "type": "integer", "minimum": 0 }, "style": "form", "explode": false,
    });
    let wanted = whole("wanted", "How many bodies are wanted.", 1000);
    let budget = whole("budget", "Budget in thousands of euros.", 1_000_000);
    let path = |path: &str, id: &str, about: &str, parameters: Vec<Value>| {
        (path.to_owned(), get(id, "portal", about, parameters, &content))
    };
    [
        path(
            "/screening",
            "getScreening",
            "Which bodies stay in the running for a study, and which rule removes the others",
            vec![form.clone()],
        ),
        path(
            "/ranking",
            "getRanking",
            "Order of the bodies over public values, and how sure it is",
            vec![form.clone(), wanted.clone(), seed.clone()],
        ),
        path(
            "/portfolio",
            "getPortfolio",
            "The studies that are worth most together within a budget",
            vec![form.clone(), wanted, seed, budget],
        ),
        path(
            "/collections/bodies/items/{featureId}/pilot",
            "getPilot",
            "Plan of a study of one body over public values; holes as table",
            vec![form.clone(), parameter("featureId")],
        ),
        path(
            "/collections/bodies/items/{featureId}/economics",
            "getEconomics",
            "Screening cash flow of one body over public values, with what it rests on",
            vec![form, parameter("featureId")],
        ),
    ]
}

/// The form of what is also a table.
pub fn form() -> Value {
    json!({
        "name": "f", "in": "query", "description": "Form of the answer.", "required": false,
        "schema": { "type": "string", "enum": ["json", "html", "csv"] },
        "style": "form", "explode": false,
    })
}
