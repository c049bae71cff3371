//! `varp export`: the answer to a question as a file.

use varp_model::Visibility;

use super::arguments::Export;
use super::{Outcome, Settings, show};
use crate::jobs;

/// Writes the file.
pub fn run(command: &Export, settings: &Settings) -> anyhow::Result<Outcome> {
    let store = jobs::open(&settings.register)?;
    let references = settings.read_references()?;
    let audience = if command.all_visibilities { Visibility::Private } else { Visibility::Public };
    let question = (command.collection.as_str(), command.query.as_str());
    let done = jobs::export(&store, &references, question, audience, &command.to)?;
    show::note(format!(
        "wrote {} {} to {}",
        done.records,
        command.collection,
        command.to.display()
    ));
    Ok(Outcome::Clean)
}
