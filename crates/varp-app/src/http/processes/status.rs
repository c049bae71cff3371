//! `/jobs`, `/jobs/{id}`, `/jobs/{id}/results`: how far a job is, and what came of it.

use std::sync::Arc;

use axum::response::Response;
use serde_json::{Value, json};
use varp_model::parse_uuid;

use super::kind;
use super::queue::{Job, Status};
use crate::http::AppState;
use crate::http::answer::respond;
use crate::http::ask::Ask;
use crate::http::collections::links_json;
use crate::http::link::Link;
use crate::http::negotiate::{DATA, JSON};
use crate::http::problem::Problem;

/// `/jobs`.
pub fn jobs(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    ask.allow(&[])?;
    let offer = ask.format(DATA)?;
    let all: Vec<Value> = state.queue.all().iter().map(|job| with_links(job, ask)).collect();
    let links = ask.links(DATA, offer);
    Ok(respond(JSON, json!({ "jobs": all, "links": links_json(&links) }).to_string()))
}

/// `/jobs/{id}`.
pub fn job(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    ask.allow(&[])?;
    ask.format(DATA)?;
    Ok(respond(JSON, with_links(&*find(state, ask)?, ask).to_string()))
}

/// `DELETE /jobs/{id}`: stops a job that runs, forgets the results of one that is over.
pub fn dismiss(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    ask.allow(&[])?;
    let job = find(state, ask)?;
    job.dismiss();
    Ok(respond(JSON, with_links(&job, ask).to_string()))
}

/// `/jobs/{id}/results`.
pub fn results(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    ask.allow(&[])?;
    ask.format(DATA)?;
    let job = find(state, ask)?;
    match job.results() {
        Some(Ok(results)) => Ok(respond(JSON, results.to_string())),
        Some(Err(problem)) => Err(problem),
        None if job.status() == Status::Dismissed => {
            Err(Problem::not_found("The job was dismissed.").of_kind(kind::NO_SUCH_JOB))
        }
        None => {
            let detail = format!("The job is not over; ask /jobs/{} how far it is.", job.id);
            Err(Problem::not_found(detail).of_kind(kind::NOT_READY))
        }
    }
}

fn find(state: &AppState, ask: &Ask) -> Result<Arc<Job>, Problem> {
    let id = ask.segment(1);
    parse_uuid(id).and_then(|id| state.queue.find(id)).ok_or_else(|| {
        let detail = format!(
            "There is no job \"{id}\"; jobs are forgotten after an hour and when the server stops. Order it \
             again: the same order has the same result."
        );
        Problem::not_found(detail).of_kind(kind::NO_SUCH_JOB)
    })
}

/// What a job is, with links to itself and its results.
pub fn with_links(job: &Job, ask: &Ask) -> Value {
    let mut info = job.info();
    let here = ask.url(&format!("/jobs/{}", job.id));
    let mut links = vec![Link::new(here.clone(), "self", JSON, "this job")];
    if job.status() == Status::Successful {
        let relation = "http://www.opengis.net/def/rel/ogc/1.0/results";
        links.push(Link::new(format!("{here}/results"), relation, JSON, "results"));
    }
    info["links"] = links_json(&links);
    info
}
