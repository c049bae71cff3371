//! `varp review`: a form for what documents say of a body, and what was searched so far.

use std::path::PathBuf;

use anyhow::{Context, bail};
use varp_engine::review::Finding;
use varp_model::Visibility;

use super::arguments::Review;
use super::{Outcome, Settings, show};
use crate::jobs::{self, Searched};

/// Writes a form with its mapping, or tells what was searched.
pub fn run(command: &Review, settings: &Settings) -> anyhow::Result<Outcome> {
    let store = jobs::open(&settings.register)?;
    let id = jobs::find_body(&store, &command.body)?;
    if command.status {
        let searched = jobs::searched(&store, id, Visibility::Private)?
            .with_context(|| format!("there is no body {id}"))?;
        if command.json {
            show::json(&searched)?;
        } else {
            print(&searched);
        }
        return Ok(Outcome::Clean);
    }
    let file = command.output.clone().unwrap_or_else(|| PathBuf::from(format!("review-{id}.xlsx")));
    if file.extension().and_then(|e| e.to_str()) != Some("xlsx") {
        bail!("the form is a workbook: name it .xlsx");
    }
    let form = jobs::review_form(&store, id, &file)?;
    let mapping = file.with_extension("toml");
    for path in [&file, &mapping] {
        if path.exists() {
            bail!("{} exists; name another with --output", path.display());
        }
    }
    std::fs::write(&file, &form.workbook).with_context(|| format!("writing {}", file.display()))?;
    std::fs::write(&mapping, &form.mapping)
        .with_context(|| format!("writing {}", mapping.display()))?;
    show::note(format!(
        "wrote {} with {} questions and its mapping {}",
        file.display(),
        form.questions,
        mapping.display()
    ));
    show::note(format!("fill it in, then: varp import {}", file.display()));
    Ok(Outcome::Clean)
}

fn print(searched: &Searched) {
    show::line(format!("{}: {} searches recorded", searched.name, searched.statements.len()));
    for statement in &searched.statements {
        let what = match &statement.finding {
            Finding::Closed { signed, because } => {
                format!("stage documented is closed, signed {signed}: {because}")
            }
            Finding::Nothing => format!("nothing found: {}", statement.text),
            Finding::Searched => statement.text.clone(),
        };
        let date = statement.date.as_deref().unwrap_or("undated");
        let page = statement.page.as_ref().map_or_else(String::new, |p| format!(", {p}"));
        show::line(format!("  {date}  {what} ({}{page})", statement.document));
    }
    let closed = |s: &&jobs::SearchedStatement| matches!(s.finding, Finding::Closed { .. });
    if searched.statements.iter().find(closed).is_none() {
        show::line("  stage documented is open");
    }
    show::line(format!("  answered: {}", listed(&searched.answered)));
    show::line(format!("  open: {}", listed(&searched.open)));
}

fn listed(words: &[String]) -> String {
    if words.is_empty() { "nothing".into() } else { words.join(", ") }
}
