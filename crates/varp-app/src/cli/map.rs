//! `varp map`: a mapping proposed.

use anyhow::Context;

use super::arguments::Map;
use super::{Outcome, Settings, show};
use crate::jobs;

/// Proposes a mapping from headers and values.
pub fn run(command: &Map, settings: &Settings) -> anyhow::Result<Outcome> {
    let references = settings.read_references()?;
    let proposal = jobs::propose(&command.file, command.country.as_deref(), &references)?;
    match &command.output {
        Some(path) => {
            std::fs::write(path, &proposal.text)
                .with_context(|| format!("writing {}", path.display()))?;
            show::note(format!("wrote {}", path.display()));
        }
        None => show::line(proposal.text.trim_end()),
    }
    proposal.notes.iter().for_each(show::note);
    Ok(if proposal.open { Outcome::Findings } else { Outcome::Clean })
}
