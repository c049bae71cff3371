//! What surrounds every answer: limits, headers, the page in place of a problem, the access log.

use std::time::{Duration, Instant};

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ALLOW, CACHE_CONTROL, CONTENT_LENGTH,
    CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::AppState;
use super::answer::html;
use super::ask::Ask;
use super::negotiate::{self, Format, PLAIN};
use super::params::Params;
use super::problem::Problem;
use crate::portal;

/// Longest address, bytes.
const MAX_ADDRESS: usize = 8192;
/// Longest wait for an answer to begin.
const PATIENCE: Duration = Duration::from_secs(30);
/// What can be done with an address.
fn methods(path: &str) -> &'static str {
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match parts[..] {
        ["processes", _, "execution"] => "POST, OPTIONS",
        ["jobs", _] => "GET, HEAD, DELETE, OPTIONS",
        _ => "GET, HEAD, OPTIONS",
    }
}
/// Where pages may load from: this server alone. Maps draw with workers and styles of their own.
const POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; \
                      style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; \
                      frame-ancestors 'self'; form-action 'self'";

/// Whether each request is written to standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessLog(pub bool);

/// Refuses what is too long, answers OPTIONS, gives up after [`PATIENCE`].
pub async fn limits(request: Request, next: Next) -> Response {
    if request.uri().to_string().len() > MAX_ADDRESS {
        let detail = format!("The address is longer than {MAX_ADDRESS} bytes; ask for less.");
        return Problem::new(StatusCode::URI_TOO_LONG, "The address is too long", detail)
            .into_response();
    }
    if request.method() == Method::OPTIONS {
        return StatusCode::NO_CONTENT.into_response();
    }
    match tokio::time::timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::too_slow(PATIENCE.as_secs()).into_response(),
    }
}

/// Headers that every answer carries.
pub async fn headers(request: Request, next: Next) -> Response {
    let options = request.method() == Method::OPTIONS;
    let methods = methods(request.uri().path());
    let mut response = next.run(request).await;
    let refused = response.status() == StatusCode::METHOD_NOT_ALLOWED;
    let headers = response.headers_mut();
    // over what the compression said alone
    headers.insert(VARY, HeaderValue::from_static("accept, accept-encoding, accept-language"));
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    set(ACCESS_CONTROL_EXPOSE_HEADERS, "etag, link, content-disposition");
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(REFERRER_POLICY, "strict-origin-when-cross-origin");
    set(CONTENT_SECURITY_POLICY, POLICY);
    set(CACHE_CONTROL, "no-cache");
    if options || refused {
        set(ALLOW, methods);
    }
    if options {
        set(ACCESS_CONTROL_ALLOW_METHODS, methods);
        set(ACCESS_CONTROL_ALLOW_HEADERS, "*");
        set(ACCESS_CONTROL_MAX_AGE, "86400");
    }
    response
}

/// Shows a problem as a page to readers who ask for pages.
pub async fn problems(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (uri, headers) = (request.uri().clone(), request.headers().clone());
    let response = next.run(request).await;
    let Some(problem) = response.extensions().get::<Problem>() else { return response };
    if !wants_page(&uri, &headers) {
        return response;
    }
    let ask = Ask {
        base: String::new(),
        path: uri.path().to_owned(),
        params: language_of(&uri),
        headers,
        head_only: false,
    };
    let mut page = html(portal::problem_page(problem, &ask.page(&state, &[])));
    *page.status_mut() = problem.status;
    page
}

/// The language asked for in the address, so that a refusal answers in it.
fn language_of(uri: &Uri) -> Params {
    let params = Params::parse(uri.query().unwrap_or_default()).unwrap_or_default();
    Params::default().with("lang", params.get("lang"))
}

fn wants_page(uri: &Uri, headers: &HeaderMap) -> bool {
    let params = Params::parse(uri.query().unwrap_or_default()).unwrap_or_default();
    // an unknown f= is itself a problem: then Accept decides
    let params = match params.get("f") {
        Some("html" | "json" | "geojson" | "csv") => params,
        _ => Params::default(),
    };
    negotiate::choose(&params, headers, PLAIN).is_ok_and(|offer| offer.format == Format::Html)
}

/// One line a request: method, address, status, bytes, milliseconds.
pub async fn log(Extension(log): Extension<AccessLog>, request: Request, next: Next) -> Response {
    if !log.0 {
        return next.run(request).await;
    }
    let start = Instant::now();
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let response = next.run(request).await;
    let length = response.headers().get(CONTENT_LENGTH).and_then(|l| l.to_str().ok());
    eprintln!(
        "{method} {uri} {} {} {:.1} ms",
        response.status().as_u16(),
        length.unwrap_or("-"),
        start.elapsed().as_secs_f64() * 1e3
    );
    response
}
