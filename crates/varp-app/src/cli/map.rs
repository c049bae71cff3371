//! `varp map`: a mapping proposed.

use anyhow::{Context, bail};

use super::arguments::Map;
use super::{Outcome, Settings, show};
use crate::jobs;

/// Answers shown with a question; the mapping lists all.
const ANSWERS: usize = 4;

/// Proposes a mapping from headers and values.
pub fn run(command: &Map, settings: &Settings) -> anyhow::Result<Outcome> {
    let references = settings.read_references()?;
    let proposal = jobs::propose(&command.file, command.country.as_deref(), &references)?;
    for issue in &proposal.issues {
        show::note(issue);
    }
    if proposal.text.is_empty() {
        bail!("{} could not be read as a table", command.file.display());
    }
    match &command.output {
        Some(path) if path.exists() => {
            bail!("{} exists already; move it away, or choose another name", path.display())
        }
        Some(path) => {
            std::fs::write(path, &proposal.text)
                .with_context(|| format!("writing {}", path.display()))?;
            show::note(format!("wrote {}; read it before you import", path.display()));
        }
        None => show::line(proposal.text.trim_end()),
    }
    proposal.notes.iter().for_each(show::note);
    for question in &proposal.questions {
        let shown = question.answers.len().min(ANSWERS);
        let more = if shown < question.answers.len() { ", …" } else { "" };
        let answers = match shown {
            0 => String::new(),
            _ => format!(" ({}{more})", question.answers[..shown].join(", ")),
        };
        show::note(format!("open: {}: {}{answers}", question.path, question.question));
    }
    Ok(if proposal.questions.is_empty() { Outcome::Clean } else { Outcome::Findings })
}
