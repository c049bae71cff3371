//! From a request to its answer: the one way from async code into the register.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::Markup;
use serde::Serialize;
use serde_json::Value;
use varp_store::StoreError;

use super::AppState;
use super::ask::Ask;
use super::etag;
use super::problem::Problem;

/// What a handler is: it may wait for the disk, so it never runs on the threads of the network.
pub type Handler = fn(&AppState, &Ask) -> Result<Response, Problem>;

/// Answers `ask` with `handler`, or with 304 where the reader holds that answer already.
pub async fn answer(State(state): State<AppState>, ask: Ask, handler: Handler) -> Response {
    let gate = state.gate.clone();
    let work = move || {
        let tag = etag::etag((state.store.version()?, state.secret()?), &ask);
        if etag::is_held(&tag, &ask.headers) {
            return Ok(etag::not_modified(&tag));
        }
        handler(&state, &ask).map(|response| etag::with_tag(response, &tag))
    };
    gate.blocking(work).await.unwrap_or_else(IntoResponse::into_response)
}

/// A handler as axum takes it.
macro_rules! route {
    ($handler:path) => {
        axum::routing::get(|state, ask| $crate::http::answer(state, ask, $handler))
    };
}
pub(crate) use route;

impl From<StoreError> for Problem {
    /// Whatever the store reports while reading is not the reader's fault.
    fn from(error: StoreError) -> Self {
        eprintln!("varp: {error}");
        match error {
            StoreError::Busy { .. } => Self::too_slow(5),
            _ => Self::internal(),
        }
    }
}

/// An answer of bytes of a media type.
pub fn respond(media: &'static str, body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(Body::from(body.into()));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media));
    response
}

/// A JSON object of which long parts are written as they are, without a tree of them in memory.
#[derive(Debug)]
pub struct LongObject(Vec<u8>);

impl LongObject {
    /// The parts that are short: an object with at least one.
    pub fn of(short: &Value) -> Self {
        let mut text = short.to_string().into_bytes();
        debug_assert!(short.as_object().is_some_and(|object| !object.is_empty()), "{short}");
        text.pop();
        Self(text)
    }

    /// The same with a long part.
    ///
    /// # Errors
    /// 500 if the part cannot be JSON.
    pub fn with(mut self, name: &str, part: &impl Serialize) -> Result<Self, Problem> {
        self.0.extend_from_slice(format!(",\"{name}\":").as_bytes());
        serde_json::to_writer(&mut self.0, part).map_err(|_| Problem::internal())?;
        Ok(self)
    }

    /// The answer of a media type.
    pub fn respond(mut self, media: &'static str) -> Response {
        self.0.push(b'}');
        respond(media, self.0)
    }
}

/// A page.
pub fn html(page: Markup) -> Response {
    respond(super::negotiate::HTML, page.into_string())
}

/// An answer that sends the reader elsewhere for good.
pub fn moved(to: &str) -> Response {
    let mut response = StatusCode::PERMANENT_REDIRECT.into_response();
    if let Ok(to) = HeaderValue::from_str(to) {
        response.headers_mut().insert(axum::http::header::LOCATION, to);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_register_tells_the_reader_nothing_of_its_insides() {
        let path = "/secret/register.gpkg".into();
        let problem = Problem::from(StoreError::Open { path, reason: "disk on fire".into() });
        assert_eq!(problem.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!problem.detail.contains("secret") && !problem.detail.contains("fire"));
    }
}
