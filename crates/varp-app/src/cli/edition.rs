//! `varp edition`: all classes frozen under a name, and what changed since another.

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use jiff::civil::Date;
use varp_engine::classify::{Change, Edition as Frozen};
use varp_model::{ResultId, Visibility};

use super::{Outcome, Settings, settings, show};
use crate::jobs;
use crate::jobs::classes::{editions, freeze};

/// Freeze all classes as an edition, and tell what changed since another.
#[derive(Debug, Args)]
pub struct Edition {
    /// What to do
    #[command(subcommand)]
    pub action: EditionAction,
}

/// What can be done with editions.
#[derive(Debug, Subcommand)]
pub enum EditionAction {
    /// Freeze the stored classes under a name, such as the year
    Freeze {
        /// Its name
        name: String,
        /// Day of which it is the state; else today
        #[arg(long, value_name = "DATE")]
        effective: Option<Date>,
        /// Who freezes it
        #[arg(long, env = "VARP_ACTOR", value_name = "NAME")]
        actor: Option<String>,
    },
    /// List the editions so far
    List,
    /// Print an edition
    Show {
        /// Its name
        name: String,
        /// Print as JSON
        #[arg(long)]
        json: bool,
    },
    /// Tell what changed from the edition before, or from a named one
    Changes {
        /// Its name
        name: String,
        /// The edition to compare with; else the one before
        #[arg(long, value_name = "NAME")]
        since: Option<String>,
        /// Print as JSON
        #[arg(long)]
        json: bool,
    },
}

/// Freezes, lists, shows or compares.
pub fn run(command: &Edition, settings: &Settings) -> anyhow::Result<Outcome> {
    let store = jobs::open(&settings.register)?;
    match &command.action {
        EditionAction::Freeze { name, effective, actor } => {
            let today = || jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
            let day = effective.unwrap_or_else(today).to_string();
            let references = settings.read_references()?;
            let actor = settings::actor(actor.as_deref());
            let (id, edition) =
                freeze(&store, name, &day, &references, Visibility::Public, &actor)?;
            show::note(format!(
                "edition {name} of {day}: {} classes, result {id}",
                edition.lines.len()
            ));
        }
        EditionAction::List => {
            for (id, edition) in editions(&store, Visibility::Private)? {
                show::line(format!(
                    "{}  {}  {} classes  {id}",
                    edition.name,
                    edition.effective,
                    edition.lines.len()
                ));
            }
        }
        EditionAction::Show { name, json } => {
            let all = editions(&store, Visibility::Private)?;
            let edition = named(&all, name)?;
            if *json {
                show::json(edition)?;
            } else {
                edition.lines.iter().for_each(|line| {
                    show::line(format!(
                        "{}  {}  {}  {}  {}  {}{}{}",
                        line.country,
                        line.name,
                        line.product,
                        line.code,
                        line.class,
                        line.standing,
                        if line.stale { ", evidence changed since" } else { "" },
                        if line.unverified { ", rests on unverified rules" } else { "" }
                    ));
                });
            }
        }
        EditionAction::Changes { name, since, json } => {
            let all = editions(&store, Visibility::Private)?;
            let edition = named(&all, name)?;
            let earlier = earlier(&all, edition, since.as_deref())?;
            print(&edition.changes_since(earlier), earlier, edition, *json)?;
        }
    }
    Ok(Outcome::Clean)
}

fn named<'a>(all: &'a [(ResultId, Frozen)], name: &str) -> anyhow::Result<&'a Frozen> {
    let found = all.iter().map(|(_, edition)| edition).find(|edition| edition.name == name);
    found.with_context(|| {
        let names: Vec<&str> = all.iter().map(|(_, e)| e.name.as_str()).collect();
        if names.is_empty() {
            return format!(
                "there is no edition {name}\n  hint: varp edition freeze {name} freezes the stored classes"
            );
        }
        format!("there is no edition {name}; there are: {}", names.join(", "))
    })
}

/// The edition named, or the newest one that is older than `edition`.
fn earlier<'a>(
    all: &'a [(ResultId, Frozen)],
    edition: &Frozen,
    since: Option<&str>,
) -> anyhow::Result<&'a Frozen> {
    match since {
        Some(name) => named(all, name),
        None => {
            // newest first: the next in the list is the one before
            let at = all.iter().position(|(_, e)| e.name == edition.name).unwrap_or(all.len());
            let Some((_, before)) = all.get(at + 1) else {
                bail!("there is no edition before {}; name one with --since", edition.name)
            };
            Ok(before)
        }
    }
}

fn print(changes: &[Change], from: &Frozen, to: &Frozen, json: bool) -> anyhow::Result<()> {
    if json {
        return show::json(&serde_json::json!({
            "from": from.name, "to": to.name, "changes": changes,
        }));
    }
    for change in changes {
        let code = |code: &Option<varp_engine::classify::Code>| {
            code.as_ref().map_or_else(|| "none".to_owned(), ToString::to_string)
        };
        show::line(format!(
            "{}  {}  {} -> {}  {}",
            change.name,
            change.product,
            code(&change.before),
            code(&change.after),
            change.why
        ));
    }
    show::note(format!("{} changes from {} to {}", changes.len(), from.name, to.name));
    Ok(())
}
