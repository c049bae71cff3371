//! `varp import`: tables into the register.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use varp_engine::import::{
    Accept, CORRECTION_COLUMNS, Issue, Mapping, RejectedRow, column_letters,
};

use super::arguments::Import;
use super::{Outcome, Settings, annotate, differences, settings, show};
use crate::jobs::{self, ImportDone, ImportOrder};

/// Imports and reports.
pub fn run(command: &Import, settings: &Settings) -> anyhow::Result<Outcome> {
    let (path, mapping_text) = mapping_text(command)?;
    let mapping = Mapping::parse(&mapping_text)
        .with_context(|| format!("understanding the mapping {}", path.display()))?;
    let references = settings.read_references()?;
    let order = ImportOrder {
        files: &command.files,
        mapping: &mapping,
        mapping_text: &mapping_text,
        accept: if command.accept_valid { Accept::ValidRows } else { Accept::AllOrNothing },
        check: command.check,
        actor: &settings::actor(command.actor.as_deref()),
        references: &references,
    };
    let bar = progress_bar(command.json);
    let mut rejects = Rejects::default();
    let done = jobs::import(
        &settings.register,
        &order,
        |row| rejects.add(&command.files, row).map_err(std::io::Error::other),
        |records| bar.set_position(records),
    )?;
    bar.finish_and_clear();
    rejects.finish()?;
    if let Some(out) = &command.annotate {
        annotate::write(&command.files, done.report.issues.all(), out)?;
        show::note(format!("wrote {} with a comment at each problem", out.display()));
    }
    report(command, &done, &rejects)?;
    Ok(if done.report.issues.errors() > 0 { Outcome::Findings } else { Outcome::Clean })
}

/// The mapping named, or the one beside the first table.
fn mapping_text(command: &Import) -> anyhow::Result<(PathBuf, String)> {
    let path = match (&command.mapping, command.files.first()) {
        (Some(path), _) => path.clone(),
        (None, Some(file)) => file.with_extension("toml"),
        (None, None) => bail!("no file to import"),
    };
    let text = std::fs::read_to_string(&path).with_context(|| {
        let file = command.files.first().map_or_else(|| Path::new("FILE"), PathBuf::as_path);
        format!(
            "reading the mapping {}; propose one with: varp map {} -o {}",
            path.display(),
            file.display(),
            path.display()
        )
    })?;
    Ok((path, text))
}

fn progress_bar(hidden: bool) -> ProgressBar {
    if hidden {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} {human_pos} records  {elapsed}");
    ProgressBar::new_spinner()
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
}

fn report(command: &Import, done: &ImportDone, rejects: &Rejects) -> anyhow::Result<()> {
    let issues = &done.report.issues;
    if command.json {
        return show::json(&json!({
            "import": done.imported.as_ref().map(|(id, _)| id.to_string()),
            "written": done.imported.is_some(),
            "added": done.imported.as_ref().map(|(_, d)| d.added),
            "changed": done.imported.as_ref().map(|(_, d)| d.changed),
            "unchanged": done.imported.as_ref().map(|(_, d)| d.unchanged),
            "assays": done.imported.as_ref().map(|(_, d)| d.assays),
            "errors": issues.errors(), "warnings": issues.warnings(),
            "tables": done.report.tables.iter().map(|t| json!({ "file": t.file,
                "sheet": t.sheet, "rows": t.rows, "refused": t.refused })).collect::<Vec<_>>(),
            "issues": issues.all().iter().map(issue_json).collect::<Vec<_>>(),
            "rejected": rejects.path,
            "review": done.review.as_ref().map(differences::as_json),
        }));
    }
    if command.all {
        for issue in issues.all() {
            show::line(format!("{}[{}] {issue}", issue.severity.word(), issue.code));
        }
    } else {
        issues.groups().iter().for_each(show::line);
    }
    for table in &done.report.tables {
        let sheet = table.sheet.as_ref().map_or_else(String::new, |s| format!(", sheet \"{s}\""));
        show::note(format!(
            "{}{sheet}: {} rows, {} refused",
            table.file, table.rows, table.refused
        ));
    }
    show::note(format!("{} errors, {} warnings", issues.errors(), issues.warnings()));
    if let Some(found) = &done.review {
        differences::print(found, command.all);
    }
    show::note(match &done.imported {
        Some((id, d)) => format!(
            "imported as {id}: {} added, {} changed, {} unchanged, {} assays",
            d.added, d.changed, d.unchanged, d.assays
        ),
        None if command.check => "nothing was written: --check".to_owned(),
        None => "nothing was written; correct the errors, or load the good rows with \
                 --accept-valid"
            .to_owned(),
    });
    if let Some(path) = &rejects.path {
        show::note(format!("{} rejected rows are in {}", rejects.rows, path.display()));
    }
    Ok(())
}

fn issue_json(issue: &Issue) -> Value {
    json!({
        "severity": issue.severity.word(), "code": issue.code.to_string(),
        "file": &*issue.place.file, "sheet": issue.place.sheet.as_deref(),
        "row": issue.place.row,
        "column": issue.place.column.as_ref().map(|c| column_letters(c.index)),
        "header": issue.place.column.as_ref().map(|c| c.header.to_string()),
        "cell": issue.cell, "message": issue.message, "hint": issue.hint,
    })
}

/// The file of rejected rows: the columns of the table, then row and reasons.
#[derive(Default)]
struct Rejects {
    path: Option<PathBuf>,
    out: Option<csv::Writer<File>>,
    table: Option<(String, Option<String>)>,
    rows: u64,
}

impl Rejects {
    fn add(&mut self, files: &[PathBuf], row: RejectedRow) -> anyhow::Result<()> {
        let table = (row.file.clone(), row.sheet.clone());
        if self.table.as_ref() != Some(&table) {
            self.start(files, &row)?;
            self.table = Some(table);
        }
        let reasons: Vec<String> = row
            .reasons
            .iter()
            .map(|i| {
                let column = i.place.column.as_ref().map(|c| format!("{}: ", c.header));
                format!("{}{}", column.unwrap_or_default(), i.message)
            })
            .collect();
        let own = [row.row.to_string(), reasons.join("; ")];
        // what stands beside the table of a worksheet would move the columns of varp
        let columns = if row.sheet.is_some() { row.headers.len() } else { row.cells.len() };
        if let Some(out) = &mut self.out {
            out.write_record(row.cells.iter().take(columns).chain(&own))?;
        }
        self.rows += 1;
        Ok(())
    }

    /// Opens the file beside the table; tables of several sheets get one each.
    fn start(&mut self, files: &[PathBuf], row: &RejectedRow) -> anyhow::Result<()> {
        self.flush()?;
        let table = files.iter().find(|f| f.file_name().is_some_and(|n| *n == *row.file));
        let table = table.cloned().unwrap_or_else(|| PathBuf::from(&row.file));
        let sheet = row.sheet.as_ref().map_or_else(String::new, |s| format!("{s}."));
        let path = table.with_extension(format!("{sheet}rejected.csv"));
        let mut out = csv::WriterBuilder::new()
            .flexible(true)
            .from_path(&path)
            .with_context(|| format!("creating {}", path.display()))?;
        let own = CORRECTION_COLUMNS.map(str::to_owned);
        out.write_record(row.headers.iter().chain(&own))?;
        self.out = Some(out);
        self.path = Some(path);
        Ok(())
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        if let Some(out) = &mut self.out {
            out.flush().context("writing the rejected rows")?;
        }
        Ok(())
    }

    fn finish(&mut self) -> anyhow::Result<()> {
        self.flush()?;
        self.out = None;
        Ok(())
    }
}
