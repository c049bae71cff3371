//! `varp demo`: the demonstration register, built from its spreadsheets and served.

use anyhow::{Context, bail};
use varp_engine::import::{Accept, Mapping};

use super::arguments::Demo;
use super::{Outcome, Settings, serve, show};
use crate::http::{AccessLog, ServeOptions};
use crate::jobs::{self, ImportOrder};

/// Builds the register, and serves it unless told otherwise.
pub fn run(command: &Demo, settings: &Settings) -> anyhow::Result<Outcome> {
    let folder = &command.dir;
    jobs::write_demo(folder)
        .with_context(|| format!("writing the demonstration to {}", folder.display()))?;
    let register = folder.join("nordic.gpkg");
    let references = settings.read_references()?;
    for table in jobs::demo_tables(folder) {
        let text = std::fs::read_to_string(&table.mapping)
            .with_context(|| format!("reading {}", table.mapping.display()))?;
        let mapping = Mapping::parse(&text)
            .with_context(|| format!("understanding {}", table.mapping.display()))?;
        let order = ImportOrder {
            files: &table.tables,
            mapping: &mapping,
            mapping_text: &text,
            accept: Accept::AllOrNothing,
            check: false,
            actor: "varp demo",
            references: &references,
        };
        let done = jobs::import(&register, &order, |_| Ok(()), |_| {})?;
        let issues = &done.report.issues;
        let names: Vec<_> = table
            .tables
            .iter()
            .filter_map(|p| p.file_name())
            .map(|n| n.to_string_lossy())
            .collect();
        let Some((_, imported)) = done.imported else {
            issues.groups().iter().for_each(show::note);
            bail!("{} was changed and has errors; delete it to get it back", names.join(", "));
        };
        show::note(format!(
            "{:<58} {:>4} added, {:>2} warnings",
            names.join(", "),
            imported.added,
            issues.warnings()
        ));
    }
    show::note(format!("the register is {}", register.display()));
    if command.no_serve {
        return Ok(Outcome::Clean);
    }
    let settings = Settings { register, ..settings.clone() };
    let options = ServeOptions { listen: command.listen, base: None, log: AccessLog(false) };
    serve::start(&settings, options)?;
    Ok(Outcome::Clean)
}
