//! What is answered when a request cannot be: `application/problem+json`, RFC 9457.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::negotiate::Offer;

/// A refusal with a sentence that says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// What kind of problem, in a few words.
    pub title: &'static str,
    /// What is wrong here and what to do about it.
    pub detail: String,
    /// The kind as a standard names it, if one does.
    pub kind: Option<&'static str>,
}

impl Problem {
    /// The request cannot be read: 400.
    pub fn bad_request(detail: impl ToString) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "This request cannot be answered", detail)
    }

    /// Nothing stands at this address: 404.
    pub fn not_found(detail: impl ToString) -> Self {
        Self::new(StatusCode::NOT_FOUND, "Nothing stands at this address", detail)
    }

    /// Only reading is possible: 405.
    pub fn read_only() -> Self {
        let detail = "The public door only reads: use GET, HEAD or OPTIONS.";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "This cannot be done here", detail)
    }

    /// None of the forms on offer is accepted: 406.
    pub fn not_acceptable(offers: &[Offer]) -> Self {
        let media: Vec<&str> = offers.iter().map(|o| o.media).collect();
        let detail = format!("This is offered as {}; accept one of them.", media.join(", "));
        Self::new(StatusCode::NOT_ACCEPTABLE, "No accepted form is offered", detail)
    }

    /// The answer took too long: 503.
    pub fn too_slow(seconds: u64) -> Self {
        let detail = format!("No answer within {seconds} s; ask for less, or try again later.");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "This took too long", detail)
    }

    /// Too many downloads at once: 503.
    pub fn busy() -> Self {
        let detail = "Many downloads are running; try again in a minute.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "This server is busy", detail)
    }

    /// The program failed: 500. The reason goes to the log, not to the reader.
    pub fn internal() -> Self {
        let detail = "The register could not be read. This is not your fault; try again later.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "The register failed", detail)
    }

    /// A problem of these parts.
    pub fn new(status: StatusCode, title: &'static str, detail: impl ToString) -> Self {
        Self { status, title, detail: detail.to_string(), kind: None }
    }

    /// The same, of a kind that a standard names.
    pub fn of_kind(self, kind: &'static str) -> Self {
        Self { kind: Some(kind), ..self }
    }
}

impl IntoResponse for Problem {
    /// JSON; the problem itself rides along, so that a page can take the place of the JSON.
    fn into_response(self) -> Response {
        let document = serde_json::json!({
            "type": self.kind.unwrap_or("about:blank"),
            "title": self.title,
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        let mut response = Response::new(Body::from(document.to_string()));
        *response.status_mut() = self.status;
        let media = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(CONTENT_TYPE, media);
        response.extensions_mut().insert(self);
        response
    }
}
