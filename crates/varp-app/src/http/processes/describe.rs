//! `/processes` and `/processes/{id}`: what can be ordered, with which inputs.

use axum::response::Response;
use serde_json::{Map, Value, json};

use super::known;
use super::queue::{KEPT, LONGEST, MOST_WAITING};
use crate::http::AppState;
use crate::http::answer::respond;
use crate::http::ask::Ask;
use crate::http::collections::links_json;
use crate::http::link::Link;
use crate::http::negotiate::{DATA, JSON};
use crate::http::problem::Problem;
use crate::jobs::estimate::DRAWS;

/// The one process there is.
pub const PROCESS: &str = "estimate";

/// `/processes`.
pub fn processes(_state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    ask.allow(&[])?;
    let offer = ask.format(DATA)?;
    let links = ask.links(DATA, offer);
    let all = [summary(ask, "process")];
    Ok(respond(JSON, json!({ "processes": all, "links": links_json(&links) }).to_string()))
}

/// `/processes/{id}`.
pub fn process(_state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    known(ask.segment(1))?;
    ask.allow(&[])?;
    ask.format(DATA)?;
    let mut description = summary(ask, "self");
    description["inputs"] = inputs();
    description["outputs"] = json!({
        "estimate": {
            "title": "Quantity statement",
            "description": "Dry mass, volume, grades and contained tonnes with low, best and high of the \
                            80 % interval, shares of variance, assumptions.",
            "schema": { "type": "object" },
        },
    });
    Ok(respond(JSON, description.to_string()))
}

fn summary(ask: &Ask, own: &'static str) -> Value {
    let here = ask.url(&format!("/processes/{PROCESS}"));
    let execute = "http://www.opengis.net/def/rel/ogc/1.0/execute";
    let links = [
        Link::new(here.clone(), own, JSON, "description of the process"),
        Link::new(format!("{here}/execution"), execute, JSON, "order it"),
    ];
    json!({
        "id": PROCESS,
        "version": env!("CARGO_PKG_VERSION"),
        "title": "Estimate of a body",
        "description": format!(
            "Tonnes, grades and contained mass of a public body from the evidence in the register, or by \
             your own plan. Uses public records only. At most {MOST_WAITING} jobs wait or run; a job may \
             run for {} s; results are kept for {} minutes.",
            LONGEST.as_secs(),
            KEPT.as_secs() / 60
        ),
        "jobControlOptions": ["sync-execute", "async-execute", "dismiss"],
        "outputTransmission": ["value"],
        "links": links_json(&links),
    })
}

fn inputs() -> Value {
    json!({
        "body": {
            "title": "Body",
            "description": "Id of a public body. Without a plan one is proposed from its evidence.",
            "minOccurs": 0,
            "schema": { "type": "string", "format": "uuid" },
        },
        "plan": {
            "title": "Estimation plan",
            "description": "As the text of TOML that `varp estimate --explain` writes, or the same as a JSON \
                            object.",
            "minOccurs": 0,
            "schema": { "oneOf": [{ "type": "string" }, { "type": "object" }] },
        },
        "seed": {
            "title": "Seed of a proposed plan",
            "minOccurs": 0,
            "schema": { "type": "integer", "minimum": 0, "default": 1 },
        },
        "draws": {
            "title": "Draws of a proposed plan",
            "minOccurs": 0,
            "schema": {
                "type": "integer", "minimum": DRAWS.start(), "maximum": DRAWS.end(), "default": 10_000,
            },
        },
    })
}

/// Paths of processes and jobs for the description of the API.
pub fn paths() -> Map<String, Value> {
    let mut paths = Map::new();
    for (path, id, summary) in [
        ("/processes", "getProcesses", "What can be computed"),
        ("/processes/{processId}", "getProcess", "One process with its inputs"),
        ("/jobs", "getJobs", "Jobs"),
        ("/jobs/{jobId}", "getJob", "How far a job is"),
        ("/jobs/{jobId}/results", "getResults", "What came of a job"),
    ] {
        let get = operation(path, id, summary, json!({ "200": answer(summary) }));
        paths.insert(path.into(), json!({ "get": get }));
    }
    let summary = "Stop a job, or forget its results";
    let dismiss = operation("/jobs/{jobId}", "dismiss", summary, json!({ "200": answer(summary) }));
    paths["/jobs/{jobId}"]["delete"] = dismiss;
    let path = "/processes/{processId}/execution";
    let created = json!({
        "description": "Accepted as a job; Location says where it is.",
        "headers": { "Location": { "schema": { "type": "string" } } },
        "content": { "application/json": { "schema": { "type": "object" } } },
    });
    let responses = json!({ "200": answer("Results"), "201": created });
    let mut execute = operation(path, "execute", "Order an estimate", responses);
    execute["requestBody"] = json!({
        "required": true,
        "content": { "application/json": { "schema": {
            "type": "object",
            "required": ["inputs"],
            "additionalProperties": false,
            "properties": {
                "inputs": {
                    "type": "object",
                    "additionalProperties": false,
                    "properties": {
                        "body": { "type": "string" },
                        "plan": { "oneOf": [{ "type": "string" }, { "type": "object" }] },
                        "seed": { "type": "integer", "minimum": 0 },
                        "draws": {
                            "type": "integer", "minimum": DRAWS.start(), "maximum": DRAWS.end(),
                        },
                    },
                },
                "outputs": { "type": "object" },
                "response": { "type": "string", "enum": ["document", "raw"] },
                "subscriber": { "type": "object" },
            },
        } } },
    });
    paths.insert(path.into(), json!({ "post": execute }));
    paths
}

fn answer(summary: &str) -> Value {
    json!({
        "description": summary,
        "content": { "application/json": { "schema": { "type": "object" } } },
    })
}

fn operation(path: &str, id: &str, summary: &str, responses: Value) -> Value {
    let mut parameters = Vec::new();
    for (name, about, schema) in [
        ("processId", "Name of a process.", json!({ "type": "string", "enum": [PROCESS] })),
        ("jobId", "Id of a job.", json!({ "type": "string", "format": "uuid" })),
    ] {
        if path.contains(&format!("{{{name}}}")) {
            parameters.push(json!({
                "name": name, "in": "path", "required": true, "description": about, "schema": schema,
            }));
        }
    }
    let mut all = responses;
    for status in ["400", "404", "406", "413", "500", "503"] {
        all[status] = json!({ "$ref": "#/components/responses/Problem" });
    }
    json!({
        "operationId": id, "tags": ["processes"], "summary": summary, "parameters": parameters,
        "responses": all,
    })
}
