//! What is answered when a request cannot be: `application/problem+json`, RFC 9457.

use axum::http::StatusCode;

/// A refusal with a sentence that says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// What kind of problem, in a few words.
    pub title: &'static str,
    /// What is wrong here and what to do about it.
    pub detail: String,
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

    /// The program failed: 500. The reason goes to the log, not to the reader.
    pub fn internal() -> Self {
        let detail = "The register could not be read. This is not your fault; try again later.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "The register failed", detail)
    }

    /// A problem of these parts.
    pub fn new(status: StatusCode, title: &'static str, detail: impl ToString) -> Self {
        Self { status, title, detail: detail.to_string() }
    }
}
