//! `varp prefer`: one of several claims, with a reason.

use anyhow::Context;
use varp_model::ClaimId;

use super::arguments::Prefer;
use super::{Outcome, Settings, settings, show};
use crate::jobs::{self, Store};

/// Prefers the claim.
pub fn run(command: &Prefer, settings: &Settings) -> anyhow::Result<Outcome> {
    let id: ClaimId = command.id.parse().with_context(|| {
        format!("\"{}\" is not an id; pages and `varp explain` show ids of claims", command.id)
    })?;
    let actor = settings::actor(command.actor.as_deref());
    jobs::open(&settings.register)?.prefer(id, &actor, &command.because)?;
    show::note(format!("{id} is preferred: {}", command.because));
    Ok(Outcome::Clean)
}
