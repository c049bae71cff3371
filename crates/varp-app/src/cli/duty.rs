//! `varp duty`: how the register stands against the law, and the papers that go with it.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use jiff::civil::Date;
use serde_json::json;
use varp_engine::duty::{Duties, Scope};
use varp_model::{Status, Visibility};
use varp_report::{Report, to_html, to_pdf};

use super::desk::{self, AskDesk};
use super::protocol::{self, AskProtocol};
use super::stage::{self, SignStage};
use super::{Outcome, Settings, show};
use crate::jobs::{self, BodyDuty, Filter, draft_study, duty_rows};

/// Show how the register stands against the law.
#[derive(Debug, Args)]
pub struct Duty {
    /// What to do
    #[command(subcommand)]
    pub action: DutyAction,
}

/// What can be asked about duties.
#[derive(Debug, Subcommand)]
pub enum DutyAction {
    /// Scope, completeness and dates of the state's database of closed facilities
    Status {
        /// Only this country (two letters)
        #[arg(long, value_name = "CC")]
        country: Option<String>,
        /// Count days from this date instead of today
        #[arg(long, value_name = "DATE")]
        today: Option<Date>,
        /// Print as JSON
        #[arg(long)]
        json: bool,
    },
    /// Write the state's database: a row per facility in scope, what Art. 27(4) asks
    Export {
        /// The file; its ending says the format: csv, json
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
        /// Only this country (two letters)
        #[arg(long, value_name = "CC")]
        country: Option<String>,
    },
    /// Draft an operator's study of a facility from its records
    Study {
        /// Id or name of the body
        body: String,
        /// The file; its ending says the format: pdf, html
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
        /// Who operates the facility
        #[arg(long, value_name = "NAME", default_value = "")]
        operator: String,
        /// Date of the study instead of today
        #[arg(long, value_name = "DATE")]
        today: Option<Date>,
    },
    /// Show the stages of a facility; close the next one, or take the last one back
    Stage(SignStage),
    /// Ask which facilities may cause serious harm, by the protocol of Directive 2006/21/EC
    Protocol(AskProtocol),
    /// The desk for operators' studies: check what came in, keep it, draft the letters that answer
    Desk(AskDesk),
}

/// Shows, writes, drafts.
pub fn run(command: &Duty, settings: &Settings) -> anyhow::Result<Outcome> {
    match &command.action {
        DutyAction::Status { country, today, json } => {
            status(settings, country.as_deref(), today.unwrap_or_else(now), *json)
        }
        DutyAction::Export { to, country } => export(settings, to, country.as_deref()),
        DutyAction::Study { body, to, operator, today } => {
            study(settings, body, to, operator, today.unwrap_or_else(now))
        }
        DutyAction::Stage(command) => stage::run(command, settings),
        DutyAction::Protocol(command) => protocol::run(command, settings),
        DutyAction::Desk(command) => desk::run(command, settings),
    }
}

/// Today in UTC.
pub fn now() -> Date {
    jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date()
}

/// The filter of one country.
pub fn filters(country: Option<&str>) -> anyhow::Result<Vec<Filter>> {
    let country = country.map(str::parse).transpose().map_err(anyhow::Error::msg)?;
    Ok(country.map(Filter::Country).into_iter().collect())
}

fn status(
    settings: &Settings,
    country: Option<&str>,
    today: Date,
    json: bool,
) -> anyhow::Result<Outcome> {
    let duties = Duties::embedded();
    let store = jobs::open(&settings.register)?;
    let mut bodies = Vec::new();
    for id in jobs::body_ids(&store, filters(country)?)? {
        bodies.extend(jobs::duty(&store, id, &duties, Visibility::Authority)?);
    }
    if json {
        let calendar: Vec<_> = ["state database", "operator study"]
            .into_iter()
            .flat_map(|duty| duties.calendar(duty, today))
            .map(|(d, days)| {
                let unverified = d.status == Status::Unverified;
                json!({ "what": d.what, "law": d.law, "date": d.date, "days": days, "unverified": unverified })
            })
            .collect();
        show::json(&json!({ "version": duties.version, "today": today,
            "calendar": calendar, "bodies": bodies }))?;
    } else {
        print(&duties, today, &bodies);
    }
    Ok(Outcome::Clean)
}

fn print(duties: &Duties, today: Date, bodies: &[BodyDuty]) {
    for duty in ["state database", "operator study"] {
        for (deadline, days) in duties.calendar(duty, today) {
            let when = match days {
                0.. => format!("in {days} days"),
                _ => format!("{} days ago", -days),
            };
            let mark = if deadline.status == Status::Unverified { ", unverified" } else { "" };
            show::line(format!(
                "{}  {when}: {} ({}{mark})",
                deadline.date, deadline.what, deadline.law
            ));
        }
    }
    for scope in [Scope::InScope, Scope::Undetermined, Scope::Excluded] {
        let of_scope: Vec<_> = bodies.iter().filter(|b| b.standing.scope == scope).collect();
        let filled: usize = of_scope.iter().map(|b| b.completeness.score().0).sum();
        let asked: usize = of_scope.iter().map(|b| b.completeness.score().1).sum();
        let percent = (filled * 100).checked_div(asked).unwrap_or(0);
        let unverified = of_scope.iter().filter(|b| b.standing.unverified).count();
        let mark = match unverified {
            0 => String::new(),
            count => format!("; the ground of {count} is unverified"),
        };
        show::line(format!("{scope:?}: {} bodies, {percent} % filled{mark}", of_scope.len()));
        for body in of_scope.iter().filter(|_| scope == Scope::InScope) {
            let (filled, asked) = body.completeness.score();
            let missing: Vec<&str> =
                body.completeness.missing().map(|item| item.item.as_str()).collect();
            show::line(format!(
                "  {}  {}  {filled} of {asked}, shows {}, signed {}; missing: {}",
                body.country,
                body.name,
                body.shows,
                match body.signed_words() {
                    none if none.is_empty() => "nothing".to_owned(),
                    words => words,
                },
                missing.join(", ")
            ));
        }
    }
}

fn export(settings: &Settings, to: &Path, country: Option<&str>) -> anyhow::Result<Outcome> {
    let store = jobs::open(&settings.register)?;
    let references = settings.read_references()?;
    let rows = duty_rows(&store, filters(country)?, &Duties::embedded(), &references)?;
    let ending = to.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
    let text = match ending.as_str() {
        "json" => serde_json::to_string_pretty(&rows)?,
        "csv" => {
            let mut writer = csv::Writer::from_writer(Vec::new());
            for row in &rows {
                writer.serialize(row)?;
            }
            String::from_utf8(writer.into_inner().map_err(|e| anyhow::anyhow!("{e}"))?)?
        }
        _ => bail!("{} ends neither in .csv nor in .json", to.display()),
    };
    std::fs::write(to, text).with_context(|| format!("writing {}", to.display()))?;
    show::note(format!("{} facilities written to {}", rows.len(), to.display()));
    Ok(Outcome::Clean)
}

fn study(
    settings: &Settings,
    body: &str,
    to: &Path,
    operator: &str,
    today: Date,
) -> anyhow::Result<Outcome> {
    let store = jobs::open(&settings.register)?;
    let id = jobs::find_body(&store, body)?;
    let references = settings.read_references()?;
    let report = draft_study(&store, id, &references, operator, today, Visibility::Authority)?;
    let report = report.with_context(|| format!("there is no body {id}"))?;
    write(&report, to)?;
    show::note(format!("the draft is {}", to.display()));
    Ok(Outcome::Clean)
}

/// Writes a report as its ending says.
pub(super) fn write(report: &Report, to: &Path) -> anyhow::Result<()> {
    let ending = to.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
    let bytes = match ending.as_str() {
        "pdf" => to_pdf(report)?,
        "html" | "htm" => to_html(report).into_bytes(),
        _ => bail!("{} ends neither in .pdf nor in .html", to.display()),
    };
    std::fs::write(to, bytes).with_context(|| format!("writing {}", to.display()))
}
