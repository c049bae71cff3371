//! `/processes/estimate/execution`: an order read, put in the queue, carried out.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::header::{HeaderName, HeaderValue, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::task;

use super::queue::{Job, LONGEST};
use super::{known, status};
use crate::http::AppState;
use crate::http::answer::respond;
use crate::http::ask::Ask;
use crate::http::negotiate::JSON;
use crate::http::problem::Problem;
use crate::jobs::estimate::{Order, OrderError, store_estimate};
use crate::jobs::order;

/// Longest order, bytes.
const ROOM: usize = 256 * 1024;
/// How long somebody may wait for the answer to an order that is not a job; below the patience of the
/// server.
const AT_ONCE: std::time::Duration = std::time::Duration::from_secs(25);

/// `POST /processes/{id}/execution`.
pub async fn execute(State(state): State<AppState>, ask: Ask, body: Body) -> Response {
    match read(&ask, body).await {
        Ok((order, raw)) => run(state, ask, order, raw).await,
        Err(problem) => problem.into_response(),
    }
}

/// The order, and whether the bare result is wanted.
async fn read(ask: &Ask, body: Body) -> Result<(Order, bool), Problem> {
    known(ask.segment(1))?;
    ask.allow(&[])?;
    let bytes = to_bytes(body, ROOM).await.map_err(|_| {
        let detail = format!("An order may have {ROOM} bytes.");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "The order is too long", detail)
    })?;
    let document: Value = serde_json::from_slice(&bytes)
        .map_err(|e| Problem::bad_request(format!("The order is not JSON: {e}")))?;
    let Some(document) = document.as_object() else {
        return Err(Problem::bad_request("The order is not a JSON object with \"inputs\"."));
    };
    let known = ["inputs", "outputs", "response", "subscriber"];
    if let Some(strange) = document.keys().find(|k| !known.contains(&k.as_str())) {
        let detail = format!("\"{strange}\" is not part of an order; it has {}", known.join(", "));
        return Err(Problem::bad_request(detail));
    }
    let raw = match document.get("response").and_then(Value::as_str) {
        None | Some("document") => false,
        Some("raw") => true,
        Some(other) => {
            let detail = format!("response \"{other}\" is neither document nor raw");
            return Err(Problem::bad_request(detail));
        }
    };
    let inputs = document.get("inputs").cloned().unwrap_or(Value::Null);
    let order = Order::parse(&inputs).map_err(problem)?;
    Ok((order, raw))
}

async fn run(state: AppState, ask: Ask, order: Order, raw: bool) -> Response {
    let job = match state.queue.accept() {
        Ok(job) => job,
        Err(problem) => return problem.into_response(),
    };
    let later = prefers(&ask.headers, "respond-async");
    let work = task::spawn(carry_out(state.clone(), Arc::clone(&job), order));
    if later {
        return accepted(&ask, &job);
    }
    match tokio::time::timeout(AT_ONCE, work).await {
        Ok(_) => match job.results() {
            Some(Ok(results)) if raw => respond(JSON, results["estimate"].to_string()),
            Some(Ok(results)) => respond(JSON, results.to_string()),
            Some(Err(problem)) => problem.into_response(),
            None => Problem::internal().into_response(),
        },
        // it goes on as a job that can be asked for
        Err(_) => accepted(&ask, &job),
    }
}

fn prefers(headers: &HeaderMap, what: &str) -> bool {
    let all = headers.get_all("prefer").iter().filter_map(|v| v.to_str().ok());
    all.flat_map(|v| v.split([',', ';'])).any(|p| p.trim().eq_ignore_ascii_case(what))
}

fn accepted(ask: &Ask, job: &Job) -> Response {
    let mut response = respond(JSON, status::with_links(job, ask).to_string());
    *response.status_mut() = StatusCode::CREATED;
    if let Ok(at) = HeaderValue::from_str(&ask.url(&format!("/jobs/{}", job.id))) {
        response.headers_mut().insert(LOCATION, at);
    }
    let applied = HeaderName::from_static("preference-applied");
    response.headers_mut().insert(applied, HeaderValue::from_static("respond-async"));
    response
}

/// Waits for a turn, works for at most [`LONGEST`], keeps what came of it.
async fn carry_out(state: AppState, job: Arc<Job>, order: Order) {
    let Ok(turn) = Arc::clone(&state.queue.turns).acquire_owned().await else { return };
    if !job.start() {
        return;
    }
    let working = Arc::clone(&job);
    let work = task::spawn_blocking(move || {
        let _turn = turn; // held until the work has really stopped
        let outcome = work(&state, &working, &order);
        working.finish(outcome);
    });
    if tokio::time::timeout(LONGEST, work).await.is_err() {
        job.stop.store(true, Ordering::Relaxed);
        job.finish(Err(Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "The job took too long",
            format!("A job may run for {} s; ask for fewer draws.", LONGEST.as_secs()),
        )));
    } else if job.results().is_none() {
        job.finish(Err(Problem::internal())); // it panicked, unless it was dismissed
    }
}

fn work(state: &AppState, job: &Job, order: &Order) -> Result<Value, Problem> {
    let ordered =
        order::run(&*state.store, order, &state.references, &|share| job.report(share), &job.stop)
            .map_err(problem)?;
    let mut stored = None;
    if state.queue.keep.0 && ordered.proposed {
        let id = store_estimate(&*state.store, &ordered.evaluated, "public API", "ordered");
        stored = Some(id.map_err(|e| problem(e.into()))?.to_string());
    }
    // the document is put in as text, so that its bytes stay those that replaying gives
    let estimate: Value =
        serde_json::from_str(&ordered.document).map_err(|_| Problem::internal())?;
    Ok(json!({
        "estimate": estimate,
        "plan": ordered.evaluated.plan,
        "inputs_sha256": ordered.evaluated.inputs,
        "stored": stored,
    }))
}

fn problem(error: OrderError) -> Problem {
    match error {
        OrderError::Store(error) => error.into(),
        OrderError::NoBody(_) => Problem::not_found(error),
        OrderError::Stopped => Problem::too_slow(LONGEST.as_secs()),
        OrderError::Bad(_) => Problem::bad_request(error),
    }
}
