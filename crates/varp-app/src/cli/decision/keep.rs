//! Keeping a result in the register, and saying so.

use varp_model::{BodyId, ResultKind};

use crate::cli::{settings, show};
use crate::jobs::{self, Kept, Store};

/// What decides a result and what came out.
pub struct Outcome<'a, P, R> {
    /// What it is.
    pub kind: ResultKind,
    /// The body it is about.
    pub subject: Option<BodyId>,
    /// What decides it.
    pub plan: &'a P,
    /// What it was computed from.
    pub inputs: String,
    /// Seed.
    pub seed: u64,
    /// Name and version of each document.
    pub versions: Vec<(String, String)>,
    /// The result.
    pub result: &'a R,
}

/// Keeps a result; names it on standard error.
pub fn keep<P: serde::Serialize, R: serde::Serialize>(
    store: &dyn Store,
    outcome: Outcome<'_, P, R>,
) -> anyhow::Result<()> {
    let actor = settings::actor(None);
    let id = jobs::keep(
        store,
        Kept {
            kind: outcome.kind,
            subject: outcome.subject,
            plan: serde_json::to_string(outcome.plan)?,
            inputs: outcome.inputs,
            seed: outcome.seed,
            versions: outcome.versions,
            document: serde_json::to_string(outcome.result)?,
            actor: &actor,
        },
    )?;
    show::note(format!("kept as {} {id}", outcome.kind.word()));
    Ok(())
}
