//! OGC API Processes, part 1: the estimate as a process, at once or as a job.
//!
//! Jobs see public records only, are bounded in length, time and number, and live in memory: the
//! register stays as it is unless the server was started to keep estimates that varp itself proposed.

mod describe;
mod execute;
mod queue;
mod status;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::AppState;
use super::answer::Handler;
use super::ask::Ask;
use super::problem::Problem;

use describe::PROCESS;
pub(super) use describe::paths;
pub use queue::{KeepEstimates, Queue};

/// Addresses of processes and jobs.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/processes", super::route!(describe::processes))
        .route("/processes/{id}", super::route!(describe::process))
        .route("/processes/{id}/execution", post(execute::execute))
        .route("/jobs", get(|state, ask| live(state, ask, status::jobs)))
        .route(
            "/jobs/{id}",
            get(|state, ask| live(state, ask, status::job))
                .delete(|state, ask| live(state, ask, status::dismiss)),
        )
        .route("/jobs/{id}/results", get(|state, ask| live(state, ask, status::results)))
}

/// Answers with what is so now; jobs move without the register, so no tag of it fits.
async fn live(State(state): State<AppState>, ask: Ask, handler: Handler) -> Response {
    let gate = state.gate.clone();
    let work = move || handler(&state, &ask);
    gate.blocking(work).await.unwrap_or_else(IntoResponse::into_response)
}

/// The process of this name.
///
/// # Errors
///
/// 404 as the standard names it.
fn known(id: &str) -> Result<(), Problem> {
    if id == PROCESS {
        return Ok(());
    }
    let detail = format!("There is no process \"{id}\"; /processes lists them: {PROCESS}.");
    Err(Problem::not_found(detail).of_kind(kind::NO_SUCH_PROCESS))
}

/// Kinds of problems that the standard names.
mod kind {
    /// No process of this name.
    pub const NO_SUCH_PROCESS: &str =
        "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-process";
    /// No job of this name.
    pub const NO_SUCH_JOB: &str =
        "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-job";
    /// The job has no results yet.
    pub const NOT_READY: &str =
        "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/result-not-ready";
}
