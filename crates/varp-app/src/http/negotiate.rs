//! Which form of a resource a reader gets: by `f=`, else by `Accept`, else JSON.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;

use super::params::Params;
use super::problem::Problem;

/// A form in which a resource can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON or GeoJSON.
    Json,
    /// A page for people.
    Html,
    /// A table.
    Csv,
}

/// A form on offer: its media type, its names in `f=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The form.
    pub format: Format,
    /// What `Content-Type` says.
    pub media: &'static str,
    /// Names in `f=`; links use the first.
    pub names: &'static [&'static str],
    /// What a link to it is titled.
    pub title: &'static str,
    /// Further media types that ask for it.
    also: &'static [&'static str],
}

/// Media type of JSON.
pub const JSON: &str = "application/json";
/// Media type of GeoJSON.
pub const GEOJSON: &str = "application/geo+json";
/// Media type of a page.
pub const HTML: &str = "text/html; charset=utf-8";
/// Media type of a table.
pub const CSV: &str = "text/csv; charset=utf-8";
/// Media type of the API description.
pub const OPENAPI: &str = "application/vnd.oai.openapi+json;version=3.0";

/// Media type of a JSON Schema.
pub const SCHEMA: &str = "application/schema+json";

const AS_JSON: Offer =
    Offer { format: Format::Json, media: JSON, names: &["json"], title: "JSON", also: &[] };
const AS_HTML: Offer =
    Offer { format: Format::Html, media: HTML, names: &["html"], title: "page", also: &[] };
const AS_CSV: Offer =
    Offer { format: Format::Csv, media: CSV, names: &["csv"], title: "table (CSV)", also: &[] };
const AS_GEOJSON: Offer = Offer {
    format: Format::Json,
    media: GEOJSON,
    names: &["geojson", "json"],
    title: "GeoJSON",
    also: &[JSON],
};
const AS_OPENAPI: Offer = Offer {
    format: Format::Json,
    media: OPENAPI,
    names: &["json"],
    title: "OpenAPI 3.0",
    also: &["application/openapi+json", JSON],
};

/// Forms of resources that are no features.
pub const PLAIN: &[Offer] = &[AS_JSON, AS_HTML];
/// Form of what only programs read.
pub const DATA: &[Offer] = &[AS_JSON];
/// Forms of tables that are no features.
pub const TABLES: &[Offer] = &[AS_JSON, AS_HTML, AS_CSV];
/// Forms of features.
pub const FEATURES: &[Offer] = &[AS_GEOJSON, AS_HTML, AS_CSV];
/// Forms of one feature.
pub const FEATURE: &[Offer] = &[AS_GEOJSON, AS_HTML];
/// Forms of the API description.
pub const API: &[Offer] = &[AS_OPENAPI, AS_HTML];

/// The form to answer in.
///
/// # Errors
///
/// 400 for an unknown `f=`, 406 if the reader accepts none of the forms.
pub fn choose(
    params: &Params,
    headers: &HeaderMap,
    offers: &'static [Offer],
) -> Result<&'static Offer, Problem> {
    if let Some(name) = params.get("f") {
        return offers.iter().find(|o| o.names.contains(&name)).ok_or_else(|| {
            let names: Vec<&str> = offers.iter().flat_map(|o| o.names).copied().collect();
            Problem::bad_request(format!("f={name} is not offered here; use {}", names.join(", ")))
        });
    }
    let accept: Vec<&str> =
        headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    if accept.is_empty() { Ok(&offers[0]) } else { by_accept(&accept.join(","), offers) }
}

fn by_accept(accept: &str, offers: &'static [Offer]) -> Result<&'static Offer, Problem> {
    let mut best: Option<(&Offer, f32)> = None;
    for offer in offers {
        let quality = quality_of(accept, offer);
        if quality > 0.0 && best.is_none_or(|(_, q)| quality > q) {
            best = Some((offer, quality));
        }
    }
    best.map(|(offer, _)| offer).ok_or_else(|| Problem::not_acceptable(offers))
}

/// The quality that the most specific range of `accept` gives to an offer; 0 is a refusal.
fn quality_of(accept: &str, offer: &Offer) -> f32 {
    let mut found = (0u8, 0.0f32);
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let specificity = offer_match(name, offer);
        if specificity > found.0 {
            let quality = parts
                .find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")))
                .map_or(1.0, |text| text.trim().parse().unwrap_or(0.0));
            found = (specificity, quality);
        }
    }
    found.1
}

/// 0 no match, 1 `*/*`, 2 `type/*`, 3 another name of the type, 4 the type itself.
fn offer_match(range: &str, offer: &Offer) -> u8 {
    let bare = offer.media.split(';').next().unwrap_or_default();
    if range.eq_ignore_ascii_case(bare) {
        4
    } else if offer.also.iter().any(|other| range.eq_ignore_ascii_case(other)) {
        3
    } else if range == "*/*" {
        1
    } else {
        let kind = bare.split('/').next().unwrap_or_default();
        u8::from(range.strip_suffix("/*").is_some_and(|r| r.eq_ignore_ascii_case(kind))) * 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(accept: &str) -> Option<Format> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, accept.parse().unwrap());
        choose(&Params::default(), &headers, FEATURES).ok().map(|o| o.format)
    }

    #[test]
    fn a_browser_gets_a_page_and_a_program_gets_json() {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        assert_eq!(chosen(browser), Some(Format::Html));
        assert_eq!(chosen("*/*"), Some(Format::Json));
        assert_eq!(chosen("application/json"), Some(Format::Json));
        assert_eq!(chosen("text/csv;q=0.4, text/html;q=0.3"), Some(Format::Csv));
        assert_eq!(chosen("text/*"), Some(Format::Html));
        assert_eq!(chosen("image/png"), None);
        assert_eq!(chosen("application/json;q=0, text/html;q=0.1"), Some(Format::Html));
    }

    #[test]
    fn f_overrules_accept_and_its_unknown_values_are_refused() {
        let params = Params::parse("f=csv").unwrap();
        assert_eq!(choose(&params, &HeaderMap::new(), FEATURES).unwrap().format, Format::Csv);
        let params = Params::parse("f=pdf").unwrap();
        let problem = choose(&params, &HeaderMap::new(), PLAIN).unwrap_err();
        assert_eq!(problem.detail, "f=pdf is not offered here; use json, html");
    }
}
