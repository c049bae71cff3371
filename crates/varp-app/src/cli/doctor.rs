//! `varp doctor`: is all well?

use serde_json::json;

use super::arguments::Doctor;
use super::{Outcome, Settings, show};
use crate::jobs::{self, Store};

/// Checks settings and register.
pub fn run(command: &Doctor, settings: &Settings) -> anyhow::Result<Outcome> {
    let references = settings.read_references()?;
    let health = jobs::open(&settings.register)?.health()?;
    let outcome = if health.findings.is_empty() { Outcome::Clean } else { Outcome::Findings };
    if command.json {
        let rows: serde_json::Map<_, _> =
            health.rows.iter().map(|(t, n)| (t.clone(), json!(n))).collect();
        show::json(&json!({
            "register": settings.register, "register_from": settings.register_from,
            "listen": settings.listen, "listen_from": settings.listen_from,
            "settings": settings.file, "references": settings.references,
            "reference_files": references.files.len(), "schema": health.schema,
            "rows": rows, "foreign_edits": health.foreign_edits, "findings": health.findings,
        }))?;
        return Ok(outcome);
    }
    show::line(format!("register    {} ({})", settings.register.display(), settings.register_from));
    show::line(format!("listen      {} ({})", settings.listen, settings.listen_from));
    let file = settings.file.as_ref().map_or("none".into(), |f| f.display().to_string());
    show::line(format!("settings    {file}"));
    show::line(format!("schema      {}", health.schema));
    for (table, rows) in &health.rows {
        show::line(format!("{table:<12}{rows}"));
    }
    if health.foreign_edits > 0 {
        show::line(format!("{} edits of other programs were taken in", health.foreign_edits));
    }
    for finding in &health.findings {
        show::line(format!("finding: {finding}"));
    }
    if health.findings.is_empty() {
        show::line("all is well");
    }
    Ok(outcome)
}
