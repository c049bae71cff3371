//! `varp undo`: take an import back.

use anyhow::Context;
use varp_model::ImportId;

use super::arguments::Undo;
use super::{Outcome, Settings, settings, show};
use crate::jobs::{self, Store};

/// Lists the imports, or takes one back.
pub fn run(command: &Undo, settings: &Settings) -> anyhow::Result<Outcome> {
    let store = jobs::open(&settings.register)?;
    let Some(import) = &command.import else {
        for (import, done) in store.imports()? {
            let files: Vec<&str> = import.files.iter().map(|(name, _)| name.as_str()).collect();
            show::line(format!(
                "{}  {}  {}  {} added, {} changed, {} assays  {}",
                import.id,
                import.time,
                import.actor,
                done.added,
                done.changed,
                done.assays,
                files.join(" ")
            ));
        }
        return Ok(Outcome::Clean);
    };
    let id: ImportId = import
        .parse()
        .with_context(|| format!("\"{import}\" is not an id; `varp undo` lists the imports"))?;
    let actor = settings::actor(command.actor.as_deref());
    let undone = store.undo(id, &actor, &command.because)?;
    show::note(format!(
        "{} rows removed, {} restored, {} assays removed",
        undone.removed, undone.restored, undone.assays
    ));
    Ok(Outcome::Clean)
}
