//! `varp adopt`: a computed class or estimate becomes a draft, reviewed, adopted, published, by named
//! people.

use clap::Args;
use jiff::civil::Date;
use varp_engine::classify::{Code, RuleSet, Stale};
use varp_model::{Decision, Standing, Visibility};

use super::{Outcome, Settings, show};
use crate::jobs;
use crate::jobs::classes::{ClassDecision, class_view, decide};
use crate::jobs::decide_estimate;

/// Take a computed class or estimate through draft, review, adoption and publication.
#[derive(Debug, Args)]
pub struct Adopt {
    /// Id or name of the body
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
    /// Keep the adopted class of a product whose evidence has changed: it is adopted anew on the newest stored
    /// evidence, in one step
    #[arg(long, conflicts_with_all = ["instead", "estimate"])]
    pub confirm: bool,
    /// Day of the decision; else today
    #[arg(long, value_name = "DATE")]
    pub date: Option<Date>,
}

/// Records the step.
pub fn run(command: &Adopt, settings: &Settings) -> anyhow::Result<Outcome> {
    let today = || jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
    let date = command.date.unwrap_or_else(today).to_string();
    let store = jobs::open(&settings.register)?;
    let body = jobs::find_body(&store, &command.body)?;
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
        confirm: command.confirm,
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
    let (rules, references) = (RuleSet::embedded(), settings.read_references()?);
    let view = class_view(&store, body, &rules, &references, Visibility::Private)?;
    let view = view.as_ref();
    let stale = view.and_then(|view| {
        let own = view.products.iter().find(|(entry, ..)| entry.product == *product);
        own.and_then(|(entry, ..)| entry.stale.as_ref())
    });
    if let Some(stale) = stale {
        tell(stale, product);
    }
    let changed = view.and_then(|view| view.stored.as_ref()).is_some_and(|(.., changed)| *changed);
    if changed {
        show::note(
            "the evidence of this body has changed since its classes were stored: varp classify --store proposes \
             them anew",
        );
    }
    Ok(Outcome::Clean)
}

/// What changed since a class was adopted.
fn tell(stale: &Stale, product: &str) {
    let computed =
        stale.computed.as_ref().map_or_else(|| "nothing".to_owned(), ToString::to_string);
    show::note(format!(
        "{product} was adopted on {}; the evidence has changed since, and the rules compute {computed} now:",
        stale.adopted
    ));
    for change in &stale.changed {
        let known =
            |value: &Option<String>| value.clone().unwrap_or_else(|| "not known".to_owned());
        let (before, after) = (known(&change.before), known(&change.after));
        let other = if before == after { ", on other evidence" } else { "" };
        show::note(format!("  {}: {before} -> {after}{other}", change.what));
    }
    show::note("  confirm it with --confirm, or adopt another");
}
