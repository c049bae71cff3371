//! The files that Vite built: style, scripts, fonts, base map; embedded and served for good.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, VARY,
};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::http::{Encoding, Problem};

#[derive(rust_embed::RustEmbed)]
#[folder = "$OUT_DIR/dist"]
struct Dist;

/// A chunk of Vite's manifest.
#[derive(Deserialize)]
struct Chunk {
    file: String,
    #[serde(default)]
    css: Vec<String>,
}

/// What a page loads.
#[derive(Debug, Default)]
pub struct Entry {
    /// Address of the module.
    pub script: String,
    /// Addresses of style sheets.
    pub styles: Vec<String>,
}

static ENTRIES: LazyLock<BTreeMap<String, Entry>> = LazyLock::new(|| {
    let manifest =
        Dist::get(".vite/manifest.json").expect("the front end is built with a manifest");
    let chunks: BTreeMap<String, Chunk> =
        serde_json::from_slice(&manifest.data).expect("Vite writes JSON");
    let entry = |(source, chunk): (String, Chunk)| {
        let styles = chunk.css.iter().map(|css| format!("/{css}")).collect();
        (source, Entry { script: format!("/{}", chunk.file), styles })
    };
    chunks.into_iter().map(entry).collect()
});

/// What every page loads.
pub fn page() -> &'static Entry {
    &ENTRIES["src/page.ts"]
}

/// What the map loads.
pub fn map() -> &'static Entry {
    &ENTRIES["src/map/main.ts"]
}

/// What an island loads, by its source file.
pub fn island(source: &str) -> &'static Entry {
    &ENTRIES[source]
}

/// `/assets/{name}`: names carry a hash of their content, so they never change.
pub fn asset(Path(name): Path<String>, headers: &HeaderMap) -> Response {
    let path = format!("assets/{name}");
    let Some(plain) = Dist::get(&path) else {
        return Problem::not_found("There is no such file; it may be of another version.")
            .into_response();
    };
    let compressed = match Encoding::accepted(headers) {
        Encoding::Brotli => Dist::get(&format!("{path}.br")),
        Encoding::Gzip | Encoding::Plain => None,
    };
    let encoded = compressed.is_some();
    let file = compressed.unwrap_or(plain);
    let mut response = file.data.into_owned().into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media(&name)));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if encoded {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    response
}

fn media(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("woff2") => "font/woff2",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
