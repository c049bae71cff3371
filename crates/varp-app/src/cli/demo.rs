//! `varp demo`: the demonstration register, built from its spreadsheets and served.

use std::path::Path;

use anyhow::{Context, bail};
use varp_engine::classify::{Prepared, RuleSet};
use varp_engine::import::{Accept, Mapping};
use varp_engine::planning::Terms;
use varp_model::{References, Visibility};

use super::arguments::Demo;
use super::{Outcome, Settings, serve, show};
use crate::http::{AccessLog, KeepEstimates, ServeOptions};
use crate::jobs::estimate::{EstimateAll, estimate_all};
use crate::jobs::{self, ImportOrder};

/// Draws of an estimate of the demonstration: enough for two digits, quick to make.
const DRAWS: usize = 2000;

/// Builds the register, and serves it unless told otherwise.
pub fn run(command: &Demo, settings: &Settings) -> anyhow::Result<Outcome> {
    let folder = &command.dir;
    jobs::write_demo(folder)
        .with_context(|| format!("writing the demonstration to {}", folder.display()))?;
    let register = match settings.register_from {
        "--register" => settings.register.clone(),
        _ => folder.join("nordic.gpkg"),
    };
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
    estimate(&register, &references)?;
    classify(&register, &references)?;
    show::note(format!("the register is {}", register.display()));
    if command.no_serve {
        return Ok(Outcome::Clean);
    }
    let settings = Settings { register, ..settings.clone() };
    let options = ServeOptions {
        listen: command.listen,
        base: None,
        log: AccessLog(false),
        keep: KeepEstimates(false),
    };
    serve::start(&settings, options)?;
    Ok(Outcome::Clean)
}

/// Estimates all bodies that have evidence, so that their pages show it at once.
fn estimate(register: &Path, references: &References) -> anyhow::Result<()> {
    let store = jobs::open(register)?;
    let bodies = jobs::body_ids(&store, Vec::new())?;
    let order = EstimateAll {
        bodies: &bodies,
        terms: &Terms { effective: jobs::today(), seed: 1, draws: DRAWS },
        audience: Visibility::Private,
        only_changed: true,
        actor: "varp demo",
        references,
    };
    let made = estimate_all(&store, &order, |_| true)?;
    show::note(format!(
        "{:<58} {:>4} added, {} stand, {} bodies without",
        "estimates",
        made.new,
        made.standing,
        made.skipped.len()
    ));
    Ok(())
}

/// Keeps the classes of all bodies.
fn classify(register: &Path, references: &References) -> anyhow::Result<()> {
    let store = jobs::open(register)?;
    let rules = RuleSet::embedded();
    let kept = jobs::classes::keep_classes(
        &store,
        RuleSet::embedded_text(),
        &Prepared::new(&rules),
        references,
        Visibility::Public,
        "varp demo",
    )?;
    show::note(format!("{} products of {} bodies classified", kept.products, kept.bodies));
    Ok(())
}
