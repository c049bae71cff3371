//! `varp screen`: which bodies stay in the running, and why the others do not.

use std::collections::BTreeMap;

use super::arguments::Screen;
use super::documents;
use crate::cli::{Outcome, Settings, show};
use crate::jobs::{self, Shortlist};

/// Screens the secondary bodies of the register.
pub fn run(command: &Screen, settings: &Settings) -> anyhow::Result<Outcome> {
    let store = jobs::open(&settings.register)?;
    let shortlist = documents::shortlist(&store, &command.selection)?;
    if command.json {
        show::json(&serde_json::json!({
            "screening": shortlist.screening,
            "rules": shortlist.rules,
            "names": shortlist.names,
        }))?;
    } else {
        print(&shortlist);
    }
    Ok(Outcome::Clean)
}

fn print(shortlist: &Shortlist) {
    let screening = &shortlist.screening;
    let left = screening.survivors().count();
    show::line(format!("{left} of {} bodies stay in the running", screening.total));
    show::line("   own  marginal  unknown  kept  left  rule");
    for line in &screening.funnel {
        show::line(format!(
            "{:>6} {:>9} {:>8} {:>5} {:>5}  {}",
            line.own, line.marginal, line.unknown, line.overridden, line.left, line.code
        ));
    }
    let reasons: BTreeMap<&str, &str> =
        shortlist.rules.rules.iter().map(|r| (r.code.as_str(), r.reason.as_str())).collect();
    for site in screening.sites.iter().filter(|s| !s.removed_by.is_empty()) {
        // Filters say what was not asked for; only knock-outs are worth a line.
        let knocked: Vec<String> = site
            .removed_by
            .iter()
            .filter(|code| !code.starts_with("filter-"))
            .map(|code| format!("{code}: {}", reasons[code.as_str()]))
            .collect();
        if !knocked.is_empty() {
            let name = shortlist.names.get(&site.id).unwrap_or(&site.id);
            show::line(format!("out: {name} ({})  {}", site.id, knocked.join("; ")));
        }
    }
    for kept in &screening.overrides {
        show::line(format!("kept: {} in spite of {}: {}", kept.site, kept.code, kept.note));
    }
}
