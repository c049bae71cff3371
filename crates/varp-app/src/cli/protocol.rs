//! `varp duty protocol`: the pre-selection protocol of Directive 2006/21/EC over the register.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use serde_json::json;
use varp_engine::duty::{Answer, Protocol, ProtocolResult, read_answers};
use varp_model::{Status, Visibility};

use super::{Outcome, Settings, rules, show};
use crate::jobs::{self, Answered};

/// Ask which facilities may cause serious harm: unknown counts as yes
#[derive(Debug, Args)]
pub struct AskProtocol {
    /// Id or name of a body, to see every answer; without it, all secondary bodies
    pub body: Option<String>,
    /// Answers of people: body, question, answer, evidence; they go before what the register says
    #[arg(long, value_name = "TABLE.csv")]
    pub answers: Option<PathBuf>,
    /// Questions and thresholds of your own instead of the embedded ones
    #[arg(long, value_name = "PROTOCOL.toml")]
    pub protocol: Option<PathBuf>,
    /// Only this country (two letters)
    #[arg(long, value_name = "CC")]
    pub country: Option<String>,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// Evaluates the protocol.
pub fn run(command: &AskProtocol, settings: &Settings) -> anyhow::Result<Outcome> {
    let protocol = match &command.protocol {
        Some(path) => Protocol::parse(&rules::text(path)?)
            .map_err(anyhow::Error::msg)
            .with_context(|| format!("understanding {}", path.display()))?,
        None => Protocol::embedded(),
    };
    let given = match &command.answers {
        Some(path) => read_answers(&rules::text(path)?, &protocol)
            .map_err(anyhow::Error::msg)
            .with_context(|| format!("understanding {}", path.display()))?,
        None => std::collections::BTreeMap::new(),
    };
    let store = jobs::open(&settings.register)?;
    let ids = match &command.body {
        Some(id) => {
            vec![jobs::find_body(&store, id)?]
        }
        None => jobs::body_ids(&store, super::duty::filters(command.country.as_deref())?)?,
    };
    let mut all = Vec::new();
    for id in &ids {
        all.extend(jobs::ask_protocol(&store, *id, &protocol, &given, Visibility::Authority)?);
    }
    if command.body.is_some() && all.is_empty() {
        bail!("there is no such facility: deposits in the ground are not asked");
    }
    let stray = given.keys().find(|body| !ids.iter().any(|id| id.to_string() == **body));
    if let Some(body) = stray.filter(|_| command.body.is_none() && command.country.is_none()) {
        bail!("the answers name the body {body}, which is not in the register");
    }
    if command.json {
        show::json(&json!({ "version": protocol.version, "bodies": all }))?;
    } else {
        all.iter().for_each(|one| print(one, &protocol, command.body.is_some()));
        let examine = all.iter().filter(|one| one.result.examine).count();
        let mark = protocol.questions.iter().any(|q| q.status == Status::Unverified);
        show::note(format!(
            "{examine} of {} facilities to be examined, by {}{}; the protocol decides nothing about Art. 27",
            all.len(),
            protocol.version,
            if mark { " (wording and thresholds unverified)" } else { "" }
        ));
    }
    Ok(Outcome::Clean)
}

fn print(one: &Answered, protocol: &Protocol, with_answers: bool) {
    let ProtocolResult { examine, yes, unknown, .. } = &one.result;
    let word = if *examine { "examine further" } else { "no need to examine" };
    let groups: Vec<String> = yes
        .iter()
        .map(|(group, ids)| format!("{}: {}", format!("{group:?}").to_lowercase(), ids.join(" ")))
        .collect();
    show::line(format!(
        "{}  {}  {word}; yes or unknown: {}; not known: {} of {}",
        one.country,
        one.name,
        groups.join(", "),
        unknown.len(),
        protocol.questions.len()
    ));
    for question in protocol.questions.iter().filter(|_| with_answers) {
        let limit = match (question.threshold, &question.unit) {
            (Some(t), Some(unit)) => format!(" [{t} {unit}]"),
            _ => String::new(),
        };
        let answer = match one.answers.get(&question.id) {
            Some(Answer::Yes(why)) => format!("yes ({why})"),
            Some(Answer::No(why)) => format!("no ({why})"),
            Some(Answer::Number(n, why)) => format!("{n} ({why})"),
            None => "unknown, counts as yes".to_owned(),
        };
        show::line(format!("  {} {}{limit} {answer}", question.id, question.asks));
    }
}
