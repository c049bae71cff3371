//! `varp duty desk`: operators' studies as they come in, checked, kept, answered.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use jiff::civil::Date;
use varp_engine::duty::{Checked, Due, Duties, check, read_desk};
use varp_model::Visibility;

use super::{Outcome, Settings, duty, rules, settings, show};
use crate::jobs::{self, desk_cases, keep_cases, letter};

/// The desk for operators' studies: check what came in, keep it, draft the letters that answer
#[derive(Debug, Args)]
pub struct AskDesk {
    /// The table: case, facility, body, operator, received, holds, exemption, exemption_evidence,
    /// visibility. Without it, the cases that the register keeps
    pub table: Option<PathBuf>,
    /// Keep the cases in the register; those whose visibility is public stand on the page /duties/desk
    #[arg(long, requires = "table")]
    pub store: bool,
    /// Who keeps them, for the record
    #[arg(long, env = "VARP_ACTOR", value_name = "NAME", requires = "store")]
    pub actor: Option<String>,
    /// Write a letter per case into this folder, as PDF
    #[arg(long, value_name = "DIR")]
    pub letters: Option<PathBuf>,
    /// Who signs
    #[arg(long, value_name = "NAME", default_value = "The competent authority")]
    pub authority: String,
    /// Count days from this date instead of today
    #[arg(long, value_name = "DATE")]
    pub today: Option<Date>,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// Checks, keeps, answers.
pub fn run(command: &AskDesk, settings: &Settings) -> anyhow::Result<Outcome> {
    let duties = Duties::embedded();
    let today = command.today.unwrap_or_else(duty::now);
    let cases = match &command.table {
        Some(table) => read_desk(&rules::text(table)?)
            .map_err(anyhow::Error::msg)
            .with_context(|| format!("reading {}", table.display()))?,
        None => desk_cases(&jobs::open(&settings.register)?, Visibility::Private)?,
    };
    if command.store {
        let store = jobs::open(&settings.register)?;
        let actor = settings::actor(command.actor.as_deref());
        let changed = keep_cases(&store, &cases, &duties, &actor)?;
        let public = cases.iter().filter(|case| case.visibility == Visibility::Public).count();
        show::note(format!(
            "{changed} of {} cases are new or changed in the register; {public} of them all are public",
            cases.len()
        ));
    }
    let found: Vec<Checked> = cases.iter().map(|case| check(case, &duties, today)).collect();
    if command.json {
        show::json(&found)?;
    } else if found.is_empty() {
        show::note("no case; varp duty desk TABLE.csv --store keeps the cases of a table");
    } else {
        found.iter().for_each(print_case);
    }
    if let Some(folder) = &command.letters {
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        for one in &found {
            let safe = |c: char| if c.is_alphanumeric() { c } else { '-' };
            let name: String = one.case.case.chars().map(safe).collect();
            let report = letter(one, &duties, &command.authority, today);
            duty::write(&report, &folder.join(format!("case-{name}.pdf")))?;
        }
        show::note(format!("{} letters in {}", found.len(), folder.display()));
    }
    let open = found.iter().any(|c| !matches!(c.due, Due::Receipt | Due::Wait));
    Ok(if open { Outcome::Findings } else { Outcome::Clean })
}

fn print_case(checked: &Checked) {
    let due = checked.due.words();
    let missing: Vec<&str> = checked.missing.iter().map(|(item, _)| item.as_str()).collect();
    let missing = match (checked.due, missing.is_empty()) {
        (Due::Deficiency, false) => format!("; missing: {}", missing.join(", ")),
        _ => String::new(),
    };
    let days = match checked.days {
        0.. => format!("{} days before the day of filing", checked.days),
        _ => format!("{} days after it", -checked.days),
    };
    let case = &checked.case;
    show::line(format!(
        "{}  {}  {}: {due} ({days}){missing}",
        case.case, case.facility, case.operator
    ));
    for word in &checked.strange {
        show::note(format!("  case {}: \"{word}\" is no item of 27(2)", case.case));
    }
}
