//! `varp duty stage`: the stages of Art. 27(6)-(7), closed and taken back by people who sign.

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use varp_engine::duty::{Duties, Exit, Stage, StageRecord};
use varp_model::{Status, Visibility};

use super::{Outcome, Settings, show};
use crate::jobs;

/// Show the stages of a facility; close the next one, or take the last one back
#[derive(Debug, Args)]
pub struct SignStage {
    /// Id or name of the body
    pub body: String,
    /// Close this stage
    #[arg(long, value_name = "STAGE", conflicts_with = "reopen")]
    pub close: Option<StageWord>,
    /// Take the stage that was closed last back
    #[arg(long)]
    pub reopen: bool,
    /// Who signs
    #[arg(long, env = "VARP_ACTOR", value_name = "NAME", default_value = "")]
    pub person: String,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub because: String,
    /// The facility leaves here, for this reason; the words stand in the duty document
    #[arg(long, value_name = "REASON", requires = "close")]
    pub exit: Option<String>,
    /// What it rests on: ids of claims, documents; several times
    #[arg(long, value_name = "TEXT", requires = "close")]
    pub evidence: Vec<String>,
    /// Day of signing; else today
    #[arg(long, value_name = "DATE", requires = "close")]
    pub date: Option<Date>,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// Stages by their words.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum StageWord {
    /// Documents were reviewed
    Documented,
    /// Representative samples were taken
    Sampled,
    /// It was characterised in detail
    Characterised,
}

/// Shows, closes or takes back.
pub fn run(command: &SignStage, settings: &Settings) -> anyhow::Result<Outcome> {
    let store = jobs::open(&settings.register)?;
    let body = jobs::find_body(&store, &command.body)?;
    let duties = Duties::embedded();
    let history = if let Some(word) = command.close {
        let stage = match word {
            StageWord::Documented => Stage::Documented,
            StageWord::Sampled => Stage::Sampled,
            StageWord::Characterised => Stage::Characterised,
        };
        let record = StageRecord {
            stage,
            closed: command.date.unwrap_or_else(super::duty::now),
            signed: command.person.clone(),
            reason: command.because.clone(),
            exit: command.exit.clone().map(Exit),
            evidence: command.evidence.clone(),
        };
        jobs::close_stage(&store, body, record, &duties)?
    } else if command.reopen {
        jobs::reopen_stage(&store, body, (&command.person, &command.because), &duties)?
    } else {
        jobs::stages_of(&store, body, Visibility::Private)?
    };
    if command.json {
        show::json(&history)?;
        return Ok(Outcome::Clean);
    }
    for stage in [Stage::Documented, Stage::Sampled, Stage::Characterised] {
        print(stage, &history, &duties);
    }
    Ok(Outcome::Clean)
}

fn print(stage: Stage, history: &[StageRecord], duties: &Duties) {
    let word = format!("{stage:?}").to_lowercase();
    let Some(record) = history.iter().find(|r| r.stage == stage) else {
        let known = duties.stage(stage);
        let exits = known.map(|(_, exits, _)| exits.join(", ")).unwrap_or_default();
        let unverified = known.is_some_and(|(.., status)| status == Status::Unverified);
        let mark = if unverified { " (unverified)" } else { "" };
        show::line(format!("{word}: open; a facility may leave here as: {exits}{mark}"));
        return;
    };
    let left = record.exit.as_ref().map_or_else(String::new, |e| format!("; left: {}", e.0));
    let evidence = match record.evidence.as_slice() {
        [] => String::new(),
        all => format!("; rests on {}", all.join(", ")),
    };
    show::line(format!(
        "{word}: closed {} by {}: {}{left}{evidence}",
        record.closed, record.signed, record.reason
    ));
}
