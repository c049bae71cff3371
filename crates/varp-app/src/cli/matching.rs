//! `varp match`: records that may be the same thing.

use anyhow::{Context, bail};
use varp_model::{BodyId, SiteId, Visibility, parse_uuid};

use super::arguments::Match;
use super::{Outcome, Settings, settings, show};
use crate::jobs::{self, GeoPackage, Store};

/// Merges, or keeps apart.
pub fn run(command: &Match, settings: &Settings) -> anyhow::Result<Outcome> {
    let store = jobs::open(&settings.register)?;
    let actor = settings::actor(command.actor.as_deref());
    let because = command.because.as_deref().unwrap_or_default();
    if let Some([kept, gone]) = command.merge.as_deref() {
        merge(&store, (id(kept)?, id(gone)?), &actor, because)?;
        show::note(format!("{gone} leads to {kept} from now on"));
    } else if let Some([a, b]) = command.apart.as_deref() {
        store.keep_apart(id(a)?, id(b)?, &actor, because)?;
        show::note(format!("{a} and {b} are different things"));
    }
    Ok(Outcome::Clean)
}

fn id(text: &str) -> anyhow::Result<uuid::Uuid> {
    parse_uuid(text).with_context(|| format!("\"{text}\" is not an id"))
}

fn merge(
    store: &GeoPackage,
    (kept, gone): (uuid::Uuid, uuid::Uuid),
    actor: &str,
    because: &str,
) -> anyhow::Result<()> {
    let all = Visibility::Private;
    let is_site = |id| Ok::<_, anyhow::Error>(store.site(SiteId(id), all)?.is_some());
    let is_body = |id| Ok::<_, anyhow::Error>(store.body(BodyId(id), all)?.is_some());
    if is_site(kept)? && is_site(gone)? {
        store.merge_sites(SiteId(kept), SiteId(gone), actor, because)?;
    } else if is_body(kept)? && is_body(gone)? {
        store.merge_bodies(BodyId(kept), BodyId(gone), actor, because)?;
    } else {
        bail!("{kept} and {gone} are not two sites or two bodies of this register");
    }
    Ok(())
}
