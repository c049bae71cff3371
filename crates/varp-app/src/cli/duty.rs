//! `varp duty`: how the register stands against the law.

use anyhow::Context;
use jiff::civil::Date;
use serde_json::json;
use varp_engine::duty::{Duties, Scope};

use super::arguments::{Duty, DutyAction};
use super::{Outcome, Settings, show};
use crate::jobs::{self, BodyDuty, Filter};

/// Shows scope, completeness and dates.
pub fn run(command: &Duty, settings: &Settings) -> anyhow::Result<Outcome> {
    let DutyAction::Status { country, today, json } = &command.action;
    let duties = Duties::embedded();
    let today = match today {
        Some(text) => text.parse::<Date>().with_context(|| format!("\"{text}\" is not a date"))?,
        None => jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date(),
    };
    let country = country.as_deref().map(str::parse).transpose().map_err(anyhow::Error::msg)?;
    let store = jobs::open(&settings.register)?;
    let mut bodies = Vec::new();
    for id in jobs::body_ids(&store, country.map(Filter::Country).into_iter().collect())? {
        bodies.extend(jobs::duty(&store, id, &duties)?);
    }
    if *json {
        let calendar: Vec<_> = ["state database", "operator study"]
            .into_iter()
            .flat_map(|duty| duties.calendar(duty, today))
            .map(|(d, days)| json!({ "what": d.what, "law": d.law, "date": d.date, "days": days }))
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
            show::line(format!("{}  {when}: {} ({})", deadline.date, deadline.what, deadline.law));
        }
    }
    for scope in [Scope::InScope, Scope::Undetermined, Scope::Excluded] {
        let of_scope: Vec<_> = bodies.iter().filter(|b| b.standing.scope == scope).collect();
        show::line(format!("{scope:?}: {} bodies", of_scope.len()));
        for body in of_scope.iter().filter(|_| scope == Scope::InScope) {
            let (filled, asked) = body.completeness.score();
            let missing: Vec<&str> =
                body.completeness.missing().map(|item| item.item.as_str()).collect();
            show::line(format!(
                "  {}  {}  {filled} of {asked}; missing: {}",
                body.country,
                body.name,
                missing.join(", ")
            ));
        }
    }
}
