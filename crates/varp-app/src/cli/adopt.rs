//! `varp adopt`: a computed class or estimate becomes a draft, reviewed, adopted, published, by named
//! people.

use anyhow::Context;
use clap::Args;
use jiff::civil::Date;
use varp_engine::classify::Code;
use varp_model::{BodyId, Decision, Standing};

use super::{Outcome, Settings, show};
use crate::jobs;
use crate::jobs::classes::{ClassDecision, decide};
use crate::jobs::decide_estimate;

/// Take a computed class or estimate through draft, review, adoption and publication.
#[derive(Debug, Args)]
pub struct Adopt {
    /// Id of the body
    pub body: String,
    /// The product of a class, a substance code such as Co or WO3
    #[arg(required_unless_present = "estimate")]
    pub product: Option<String>,
    /// The newest stored estimate of the body, in place of a class
    #[arg(long, conflicts_with_all = ["product", "instead"])]
    pub estimate: bool,
    /// The step: draft, reviewed, adopted, published, withdrawn
    #[arg(long, value_name = "STEP", default_value = "adopted")]
    pub to: Standing,
    /// Who takes the step
    #[arg(long, env = "VARP_ACTOR", value_name = "NAME")]
    pub person: String,
    /// In which capacity, such as "competent person, EurGeol 1234"
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub capacity: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub because: String,
    /// Another code in place of the computed one
    #[arg(long, value_name = "CODE")]
    pub instead: Option<Code>,
    /// Day of the decision; else today
    #[arg(long, value_name = "DATE")]
    pub date: Option<Date>,
}

/// Records the step.
pub fn run(command: &Adopt, settings: &Settings) -> anyhow::Result<Outcome> {
    let body: BodyId = command
        .body
        .parse()
        .with_context(|| format!("\"{}\" is not an id of a body", command.body))?;
    let today = || jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
    let date = command.date.unwrap_or_else(today).to_string();
    let store = jobs::open(&settings.register)?;
    let Some(product) = &command.product else {
        let result = decide_estimate(&store, body, |result| Decision {
            result,
            item: String::new(),
            standing: command.to,
            instead: None,
            person: command.person.clone(),
            capacity: command.capacity.clone(),
            reason: command.because.clone(),
            date,
        })?;
        show::note(format!("estimate {result} of {body} is {} by {}", command.to, command.person));
        return Ok(Outcome::Clean);
    };
    let decision = ClassDecision {
        body,
        product: product.clone(),
        standing: command.to,
        instead: command.instead.clone(),
        person: command.person.clone(),
        capacity: command.capacity.clone(),
        reason: command.because.clone(),
        date,
    };
    let (result, code) = decide(&store, &decision)?;
    show::note(format!(
        "{product} of {body} is {} as {code} by {} (result {result})",
        command.to, command.person
    ));
    Ok(Outcome::Clean)
}
