//! Entity tags: an answer is the same while the register and the question are.

use axum::http::header::{ACCEPT, ACCEPT_LANGUAGE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::ask::Ask;

/// The tag of the answer to `ask` from a register of this version and secret, today.
///
/// It is weak: compression and the time stamp may differ between equal answers. The secret keeps
/// readers from finding out the version, which counts edits of what is not public, too.
pub fn etag((version, secret): (u64, u64), ask: &Ask) -> String {
    let mut hash = Sha256::new();
    hash.update(env!("CARGO_PKG_VERSION"));
    hash.update(version.to_le_bytes());
    // deadlines and lists are those of the day
    hash.update(crate::jobs::today());
    hash.update(secret.to_le_bytes());
    let query = ask.params.to_query();
    let header = |name| ask.headers.get(name).map_or(&b""[..], HeaderValue::as_bytes);
    let (accept, languages) = (header(ACCEPT), header(ACCEPT_LANGUAGE));
    for part in [ask.base.as_bytes(), ask.path.as_bytes(), query.as_bytes(), accept, languages] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let digest = hash.finalize();
    let words = digest.iter().take(8).map(|byte| format!("{byte:02x}"));
    format!("W/\"{}\"", words.collect::<String>())
}

/// Whether the reader holds the answer with this tag already (weak comparison, RFC 9110 §13.1.2).
pub fn is_held(tag: &str, headers: &HeaderMap) -> bool {
    let bare = |t: &str| t.trim().trim_start_matches("W/").to_owned();
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|held| held.trim() == "*" || bare(held) == bare(tag))
}

/// The answer to a reader who holds it already.
pub fn not_modified(tag: &str) -> Response {
    with_tag(StatusCode::NOT_MODIFIED.into_response(), tag)
}

/// The answer with its tag.
pub fn with_tag(mut response: Response, tag: &str) -> Response {
    let value = HeaderValue::from_str(tag).expect("hexadecimal digits in quotes");
    response.headers_mut().insert(ETAG, value);
    response
}
