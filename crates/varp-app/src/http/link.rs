//! Links: how one answer points to others.

/// A link as RFC 8288 and OGC API mean it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Absolute address.
    pub href: String,
    /// Relation, such as `self`, `alternate`, `next`.
    pub rel: &'static str,
    /// Media type of what stands there.
    pub media: &'static str,
    /// Title for people.
    pub title: String,
}

impl Link {
    /// A link of these parts.
    pub fn new(href: String, rel: &'static str, media: &'static str, title: &str) -> Self {
        Self { href, rel, media, title: title.to_owned() }
    }
}
