//! `varp export`: the answer to a question as a file.

use std::path::Path;

use anyhow::Context;
use varp_engine::import::Mapping;
use varp_model::{References, Visibility};

use super::arguments::Export;
use super::{Outcome, Settings, show};
use crate::jobs::{self, GeoPackage};

/// Writes the file.
pub fn run(command: &Export, settings: &Settings) -> anyhow::Result<Outcome> {
    let store = jobs::open(&settings.register)?;
    let references = settings.read_references()?;
    if let Some(mapping) = &command.mapping {
        return own_layout(&store, &references, mapping, command);
    }
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

/// Writes the tables of a mapping.
fn own_layout(
    store: &GeoPackage,
    references: &References,
    path: &Path,
    command: &Export,
) -> anyhow::Result<Outcome> {
    let reading = || format!("reading the mapping {}", path.display());
    let text = std::fs::read_to_string(path).with_context(reading)?;
    let mapping = Mapping::parse(&text).with_context(reading)?;
    let layout = (&mapping, text.as_str());
    let done = jobs::export_layout(store, references, layout, &command.query, &command.to)?;
    let to = command.to.display();
    show::note(format!(
        "wrote {} rows to {to}, and {} that reads it",
        done.rows,
        done.mapping.display()
    ));
    done.notes.iter().for_each(show::note);
    if done.closed > 0 {
        show::note(format!(
            "{} of the records are not public: mind whom you give the file",
            done.closed
        ));
    }
    show::note(format!("edit it, then see what would change: varp import {to} --check"));
    Ok(Outcome::Clean)
}
