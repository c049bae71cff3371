//! Bodies with what is claimed of them and their sites, a thousand at a time.

use std::collections::HashMap;
use std::num::NonZeroUsize;

use uuid::Uuid;
use varp_model::{BodyId, Claim};
use varp_store::{BodyItem, PageLimit, Query, Store, StoreError};

/// Bodies read at once.
const CHUNK: NonZeroUsize = NonZeroUsize::new(1000).expect("not zero");

/// A body with the claims about its site and, after those, itself.
#[derive(Clone, Debug)]
pub struct Told {
    /// The body.
    pub item: BodyItem,
    /// The claims.
    pub claims: Vec<Claim>,
    /// Whether it has samples or zones: then its own page knows more.
    pub sampled_or_zoned: bool,
}

/// Hands each body that a question chooses to `each`, in the order of the register.
///
/// # Errors
/// If the register cannot be read, and those of `each`.
pub fn each_told(
    store: &dyn Store,
    bodies: Query,
    mut each: impl FnMut(Told) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let audience = bodies.audience;
    let mut question = Query { limit: PageLimit(CHUNK), ..bodies };
    loop {
        let page = store.bodies(&question)?;
        let ids: Vec<BodyId> = page.items.iter().map(|item| item.body.id).collect();
        let more = store.sampled_or_zoned(&ids)?;
        let mut subjects: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        subjects.extend(page.items.iter().map(|item| item.body.site.0));
        subjects.sort_unstable();
        subjects.dedup();
        let mut claims: HashMap<Uuid, Vec<Claim>> = HashMap::new();
        for claim in store.claims_of(&subjects, audience)? {
            claims.entry(claim.subject.uuid()).or_default().push(claim);
        }
        for item in page.items {
            // several bodies share a site
            let mut told = claims.get(&item.body.site.0).cloned().unwrap_or_default();
            told.extend(claims.remove(&item.body.id.0).unwrap_or_default());
            let sampled_or_zoned = more.contains(&item.body.id);
            each(Told { item, claims: told, sampled_or_zoned })?;
        }
        match page.next {
            Some(next) => question.after = Some(next),
            None => return Ok(()),
        }
    }
}
