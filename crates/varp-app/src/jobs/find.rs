//! Bodies as people name them on the command line.

use varp_model::{BodyId, Visibility, parse_uuid};
use varp_store::{Collection, Store, StoreError};

/// Why a text names no body.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// The register cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Nothing is called so.
    #[error("there is no body \"{0}\" in the register{1}")]
    Nothing(String, String),
    /// Several are.
    #[error("{count} bodies are called \"{name}\": use an id, {ids}")]
    Several {
        /// As written.
        name: String,
        /// How many.
        count: usize,
        /// Their ids.
        ids: String,
    },
}

/// The body with this id or exactly this name; other spellings are proposed.
///
/// # Errors
/// If there is none, or several.
pub fn find_body(store: &dyn Store, text: &str) -> Result<BodyId, FindError> {
    if let Some(id) = parse_uuid(text) {
        let id = store.redirect(id, Visibility::Private)?.unwrap_or(id);
        return match store.body(BodyId(id), Visibility::Private)? {
            Some(page) => Ok(page.item.body.id),
            None => Err(FindError::Nothing(text.to_owned(), String::new())),
        };
    }
    let hits = store.search(text, 50, Visibility::Private)?;
    let bodies: Vec<_> = hits.iter().filter(|h| h.collection == Collection::Bodies).collect();
    let exact: Vec<_> =
        bodies.iter().filter(|h| h.name.to_lowercase() == text.trim().to_lowercase()).collect();
    match (&exact[..], &bodies[..]) {
        ([one], _) => body_id(&one.id, text),
        ([], [one]) => body_id(&one.id, text),
        ([], []) => Err(FindError::Nothing(text.to_owned(), String::new())),
        ([], several) => {
            let names: Vec<&str> = several.iter().take(5).map(|h| h.name.as_str()).collect();
            let hint = format!("; did you mean {}?", names.join(", "));
            Err(FindError::Nothing(text.to_owned(), hint))
        }
        (several, _) => Err(FindError::Several {
            name: text.to_owned(),
            count: several.len(),
            ids: several.iter().map(|h| h.id.as_str()).collect::<Vec<_>>().join(", "),
        }),
    }
}

fn body_id(id: &str, text: &str) -> Result<BodyId, FindError> {
    id.parse().map_err(|_| FindError::Nothing(text.to_owned(), String::new()))
}
