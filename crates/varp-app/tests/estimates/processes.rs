//! Estimates ordered through OGC API Processes: at once, as jobs, and badly.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use varp_model::Visibility;

use super::{fixture, register};
use crate::http::door::{Answer, Door, local};

pub const EXECUTION: &str = "/processes/estimate/execution";

pub fn post(door: &Door, address: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder()
        .method("POST")
        .uri(address)
        .header("host", "varp.test:8080")
        .header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    door.send(request.body(Body::from(body.to_owned())).unwrap())
}

fn order(inputs: &Value) -> String {
    json!({ "inputs": inputs }).to_string()
}

#[test]
fn an_estimate_is_described_and_ordered_at_once() {
    let register = register(Visibility::Public);
    let all = register.door.json("/processes");
    assert_eq!(all["processes"][0]["id"], "estimate");
    let description = register.door.json("/processes/estimate");
    assert!(description["inputs"]["body"]["schema"].is_object());
    let body = fixture::body_id("b00").to_string();
    let answer =
        post(&register.door, EXECUTION, &order(&json!({ "body": body, "draws": 500 })), &[]);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let results = answer.json();
    let mass = results["estimate"]["statement"]["mass_t"].as_array().unwrap();
    assert!(mass[0].as_f64() < mass[2].as_f64());
    assert_eq!(results["stored"], Value::Null, "the register stays as it is");
    assert_eq!(register.door.json("/collections/estimates/items")["numberMatched"], 0);
    let plan = results["plan"].as_str().unwrap();
    let again =
        post(&register.door, EXECUTION, &order(&json!({ "body": body, "plan": plan })), &[]);
    assert_eq!(again.json()["estimate"], results["estimate"], "the plan replays");
}

#[test]
fn an_order_sees_public_records_only() {
    let register = register(Visibility::Private);
    let body = fixture::body_id("b00").to_string();
    let answer =
        post(&register.door, EXECUTION, &order(&json!({ "body": body, "draws": 500 })), &[]);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let text = answer.text();
    assert!(text.contains("\"Cu\"") && !text.contains("\"Co\""), "cobalt is private");
    let hidden = fixture::body_id("hidden").to_string();
    let answer = post(&register.door, EXECUTION, &order(&json!({ "body": hidden })), &[]);
    assert_eq!(answer.status, 404);
}

#[test]
fn a_job_is_followed_to_its_results_and_dismissed() {
    // one runtime for all requests: a job goes on between them
    let register = register(Visibility::Public);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let body = fixture::body_id("b00").to_string();
    runtime.block_on(async {
        let order = order(&json!({ "body": body, "draws": 2000 }));
        let ask = |method: &'static str, address: String, body: String| {
            let request = Request::builder()
                .method(method)
                .uri(address)
                .header("host", "varp.test:8080")
                .header("prefer", "respond-async")
                .body(Body::from(body))
                .unwrap();
            register.door.send_async(request)
        };
        let accepted = ask("POST", EXECUTION.into(), order).await;
        assert_eq!(accepted.status, 201, "{}", accepted.text());
        let job = accepted.header("location").to_owned();
        let job = local(&Value::String(job)).to_owned();
        for _ in 0..600 {
            let info = ask("GET", job.clone(), String::new()).await.json();
            match info["status"].as_str().unwrap() {
                "accepted" | "running" => {
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                }
                status => {
                    assert_eq!(status, "successful", "{info}");
                    break;
                }
            }
        }
        let results = ask("GET", format!("{job}/results"), String::new()).await;
        assert_eq!(results.status, 200);
        assert!(results.json()["estimate"]["statement"].is_object());
        let jobs = ask("GET", "/jobs".into(), String::new()).await.json();
        assert_eq!(jobs["jobs"].as_array().unwrap().len(), 1);
        let gone = ask("DELETE", job.clone(), String::new()).await.json();
        assert_eq!(gone["status"], "dismissed");
        let results = ask("GET", format!("{job}/results"), String::new()).await;
        assert_eq!(results.status, 404);
    });
}

#[test]
fn bad_orders_are_answered_with_a_sentence_that_helps() {
    let register = register(Visibility::Public);
    let body = fixture::body_id("b00").to_string();
    let nil = "00000000-0000-0000-0000-000000000000";
    for (sent, status, says) in [
        ("nonsense".to_owned(), 400, "not JSON"),
        ("[]".to_owned(), 400, "not a JSON object"),
        ("{}".to_owned(), 400, "inputs"),
        (order(&json!({})), 400, "name a body, or give a plan"),
        (order(&json!({ "body": body, "colour": 1 })), 400, "colour"),
        (json!({ "inputs": {}, "mode": "x" }).to_string(), 400, "not part of an order"),
        (order(&json!({ "body": body, "draws": 5 })), 400, "draws is 5"),
        (order(&json!({ "body": body, "draws": -1 })), 400, "inputs"),
        (order(&json!({ "body": nil })), 404, "no public body"),
        (order(&json!({ "body": "Falun" })), 404, "no public body"),
        (order(&json!({ "plan": "seed = " })), 400, "plan"),
        (order(&json!({ "plan": { "body": "b" } })), 400, "plan"),
        (order(&json!({ "body": fixture::body_id("b01").to_string() })), 400, "no source states"),
    ] {
        let answer = post(&register.door, EXECUTION, &sent, &[]);
        assert_eq!(answer.status.as_u16(), status, "{sent}: {}", answer.text());
        assert_eq!(answer.header("content-type"), "application/problem+json", "{sent}");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(says), "{sent}: {detail}");
    }
    let long = order(&json!({ "plan": "x".repeat(300_000) }));
    assert_eq!(post(&register.door, EXECUTION, &long, &[]).status, 413);
}

#[test]
fn what_does_not_exist_is_told_in_the_words_of_the_standard() {
    let register = register(Visibility::Public);
    let answer = post(&register.door, "/processes/alchemy/execution", "{}", &[]);
    assert_eq!(answer.status, 404);
    assert!(answer.json()["type"].as_str().unwrap().ends_with("/no-such-process"));
    for address in ["/jobs/none", "/jobs/none/results"] {
        let answer = register.door.get(address);
        assert_eq!(answer.status, 404);
        assert!(answer.json()["type"].as_str().unwrap().ends_with("/no-such-job"), "{address}");
    }
    let answer = register.door.get(EXECUTION);
    assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "POST, OPTIONS"));
    let classes = register.door.json("/conformance").to_string();
    assert!(classes.contains("ogcapi-processes-1/1.0/conf/core"));
    let api = register.door.json("/api");
    assert!(api["paths"][EXECUTION.replace("estimate", "{processId}")]["post"].is_object());
}
