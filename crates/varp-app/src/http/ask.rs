//! A request as handlers see it: where it was sent, what it asks for.

use axum::extract::FromRequestParts;
use axum::http::header::{ACCEPT_LANGUAGE, HOST};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};

use super::AppState;
use super::link::Link;
use super::negotiate::{self, Offer};
use super::page::PageContext;
use super::params::Params;
use super::problem::Problem;

/// A request for a resource.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Scheme, host and port, without a slash at the end.
    pub base: String,
    /// Path as sent.
    pub path: String,
    /// The query string.
    pub params: Params,
    /// Headers as sent.
    pub headers: HeaderMap,
    /// Whether only the head of the answer is wanted.
    pub head_only: bool,
}

impl FromRequestParts<AppState> for Ask {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self {
            base: state.base.clone().unwrap_or_else(|| base_of(&parts.headers)),
            path: parts.uri.path().to_owned(),
            params: Params::parse(query).map_err(Problem::bad_request)?,
            headers: std::mem::take(&mut parts.headers),
            head_only: parts.method == Method::HEAD,
        })
    }
}

/// Where the reader believes to be: the `Host` header, if it can stand in an address.
fn base_of(headers: &HeaderMap) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    let host = headers.get(HOST).and_then(|h| h.to_str().ok());
    let host = host.filter(|h| !h.is_empty() && h.chars().all(plain));
    format!("http://{}", host.unwrap_or("localhost"))
}

impl Ask {
    /// Refuses parameters that the resource does not know.
    ///
    /// # Errors
    ///
    /// 400, with the names that it does know.
    pub fn allow(&self, known: &[&str]) -> Result<(), Problem> {
        let everywhere = ["f", "lang"];
        let strange =
            |(name, _): &(&str, &str)| !everywhere.contains(name) && !known.contains(name);
        match self.params.iter().find(strange) {
            None => Ok(()),
            Some((name, _)) => {
                let names: Vec<&str> = known.iter().copied().chain(everywhere).collect();
                Err(Problem::bad_request(format!(
                    "\"{name}\" is not a parameter of this address; it knows {}",
                    names.join(", ")
                )))
            }
        }
    }

    /// The form to answer in.
    ///
    /// # Errors
    ///
    /// 400 or 406, as [`negotiate::choose`].
    pub fn format(&self, offers: &'static [Offer]) -> Result<&'static Offer, Problem> {
        negotiate::choose(&self.params, &self.headers, offers)
    }

    /// The part of the path with this number, counted from 0; empty if there is none.
    pub fn segment(&self, number: usize) -> &str {
        self.path.split('/').skip(1).nth(number).unwrap_or_default()
    }

    /// The absolute address of a path on this server.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Links to this answer itself and to its other forms.
    pub fn links(&self, offers: &'static [Offer], chosen: &Offer) -> Vec<Link> {
        offers
            .iter()
            .map(|offer| {
                let rel = if offer == chosen { "self" } else { "alternate" };
                let query = self.params.with("f", Some(offer.names[0])).to_query();
                let href = format!("{}{}{query}", self.base, self.path);
                Link::new(href, rel, offer.media, offer.title)
            })
            .collect()
    }

    /// What a page of this answer is given.
    pub fn page<'a>(&'a self, state: &'a AppState, links: &'a [Link]) -> PageContext<'a> {
        PageContext {
            base: &self.base,
            path: &self.path,
            params: &self.params,
            links,
            references: &state.references,
            languages: self.headers.get(ACCEPT_LANGUAGE).map_or("", |v| v.to_str().unwrap_or("")),
        }
    }
}
