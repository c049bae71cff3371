//! `varp estimate`: plans proposed, carried out, stored, replayed, compared.

mod all;
mod export;
mod print;

use std::path::Path;

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use varp_engine::estimate::{BodyData, EstimationPlan, Priors, estimate_body};
use varp_engine::planning::{Terms, plan_text};
use varp_geostat::progress::Progress;
use varp_model::{References, ResultId, Visibility};

use super::arguments::Estimate;
use super::{Outcome, Settings, rules, settings, show};
use crate::jobs::estimate::{self as jobs_estimate, PlanFiles};
use crate::jobs::{self, Store};

/// Does what the arguments ask for.
pub fn run(command: &Estimate, settings: &Settings) -> anyhow::Result<Outcome> {
    let references = settings.read_references()?;
    if let Some([first, second]) = command.diff.as_deref() {
        return diff(&jobs::open(&settings.register)?, first, second, command.json);
    }
    if let Some(id) = &command.replay {
        return replay(&jobs::open(&settings.register)?, id, command);
    }
    if command.all {
        return all::run(command, &jobs::open(&settings.register)?, &references);
    }
    match (&command.body, &command.plan) {
        (body, Some(plan)) => by_plan(command, settings, (body.as_deref(), plan), &references),
        (Some(body), None) => {
            proposed(&jobs::open(&settings.register)?, body, command, &references)
        }
        (None, None) => bail!("name a body, or --all, or --plan PLAN.toml"),
    }
}

/// Seed, draws and today's date.
fn terms(command: &Estimate) -> Terms {
    Terms { effective: jobs::today(), seed: command.seed, draws: command.draws }
}

/// A proposed plan: shown, or carried out.
fn proposed(
    store: &dyn Store,
    body: &str,
    command: &Estimate,
    references: &References,
) -> anyhow::Result<Outcome> {
    let id = jobs::find_body(store, body)?;
    let around = jobs_estimate::surroundings(store, command.audience)?;
    let (gathered, proposal) =
        jobs_estimate::proposal(store, id, &around, &terms(command), command.audience, references)?;
    if command.explain && command.json {
        show::json(&proposal)?;
        return Ok(Outcome::Clean);
    }
    let text = plan_text(&proposal, &gathered.page.item.body.name)?;
    if command.explain {
        show::line(text.trim_end());
        return Ok(Outcome::Clean);
    }
    carry_out(store, &gathered, &around, (&proposal.plan, text), command)
}

/// A plan in a file: on its body in the register, or on nothing but itself.
fn by_plan(
    command: &Estimate,
    settings: &Settings,
    (body, path): (Option<&str>, &Path),
    references: &References,
) -> anyhow::Result<Outcome> {
    let text = rules::text(path)?;
    let plan: EstimationPlan =
        toml::from_str(&text).with_context(|| format!("understanding {}", path.display()))?;
    jobs_estimate::check_substances(&plan, references)?;
    let named = body.unwrap_or(&plan.body);
    let known = settings.register.exists().then(|| jobs::open(&settings.register)).transpose()?;
    let found = known.as_ref().and_then(|store| jobs::find_body(store, named).ok());
    let folder = path.parent().unwrap_or(Path::new("."));
    let (Some(store), Some(id)) = (&known, found) else {
        return alone(command, &plan, (named, folder));
    };
    let id_text = id.to_string();
    if plan.body != id_text && plan.body != named {
        bail!("the plan is for {}, not for {named}", plan.body);
    }
    let around = jobs_estimate::surroundings(store, command.audience)?;
    let system = (command.audience, plan.epsg);
    let mut gathered = jobs_estimate::gather_in(store, id, &around, system)?
        .with_context(|| format!("there is no body {id}"))?;
    let mut files = PlanFiles::read(&plan, folder, Some(&gathered.data))?;
    files.read_attached(&plan, store, (id, command.audience))?;
    gathered.take(files, &plan)?;
    carry_out(store, &gathered, &around, (&plan, text), command)
}

/// A plan without a register: computed and shown, never stored.
fn alone(
    command: &Estimate,
    plan: &EstimationPlan,
    (named, folder): (&str, &Path),
) -> anyhow::Result<Outcome> {
    if !plan.files.attached.is_empty()
        || jobs_estimate::takes_records(plan) && plan.files.is_empty()
    {
        bail!("the plan takes records of {named}, which is not in the register");
    }
    let mut data = BodyData::default();
    PlanFiles::read(plan, folder, None)?.add_to(&mut data, plan)?;
    let bar = progress_bar(command.json);
    let report = |share: f64| bar.set_position((share * 1000.0) as u64);
    let progress = Progress::none().reporting(&report);
    let estimate = estimate_body(plan, &data, &Priors::embedded(), &progress)?;
    bar.finish_and_clear();
    show::note(format!("{named} is not in the register: nothing is stored"));
    print::estimate(&estimate, command.json)?;
    Ok(Outcome::Clean)
}

fn carry_out(
    store: &dyn Store,
    gathered: &jobs_estimate::Gathered,
    around: &jobs_estimate::Surroundings,
    (plan, text): (&EstimationPlan, String),
    command: &Estimate,
) -> anyhow::Result<Outcome> {
    let bar = progress_bar(command.json);
    let report = |share: f64| bar.set_position((share * 1000.0) as u64);
    let progress = Progress::none().reporting(&report);
    let mut evaluated = jobs_estimate::evaluate(gathered, plan, text, &progress)?;
    bar.finish_and_clear();
    evaluated.visibility = jobs_estimate::visibility_of(store, gathered, &evaluated.plan, around)?;
    if plan.files.are_beside() {
        evaluated.visibility = Visibility::Private;
        if command.release.is_none() && !command.dry_run {
            show::note("made with files beside the register: private until --release REASON");
        }
    }
    if command.release.is_some() {
        // what is released is shown although it rests on closed records
        (evaluated.visibility, evaluated.rests_on) = (Visibility::Public, Vec::new());
    }
    export::blocks(&evaluated, command.export.as_deref())?;
    print::estimate(&evaluated.estimate, command.json)?;
    if command.dry_run {
        return Ok(Outcome::Clean);
    }
    let actor = settings::actor(command.actor.as_deref());
    let because = command.release.as_deref().unwrap_or("varp estimate");
    let id = jobs_estimate::store_estimate(store, &evaluated, &actor, because)?;
    show::note(format!("stored as {id}, {}", evaluated.visibility));
    Ok(Outcome::Clean)
}

fn replay(store: &dyn Store, id: &str, command: &Estimate) -> anyhow::Result<Outcome> {
    let replayed = jobs_estimate::replay(store, result_id(id)?)?;
    for version in &replayed.other_versions {
        show::note(format!("made with another version of {version}"));
    }
    export::blocks(&replayed.evaluated, command.export.as_deref())?;
    if command.json {
        show::line(&replayed.again);
    }
    Ok(show::replayed(&replayed.stored, &replayed.again))
}

fn diff(store: &dyn Store, first: &str, second: &str, json: bool) -> anyhow::Result<Outcome> {
    let (changes, [only_first, only_second]) =
        jobs_estimate::difference(store, result_id(first)?, result_id(second)?)?;
    if json {
        show::json(&json!({
            "changes": changes, "only_first": only_first, "only_second": only_second,
        }))?;
    } else {
        print::changes(&changes, &only_first, &only_second);
    }
    let same = changes.is_empty() && only_first.is_empty() && only_second.is_empty();
    Ok(if same { Outcome::Clean } else { Outcome::Findings })
}

fn result_id(text: &str) -> anyhow::Result<ResultId> {
    text.parse().with_context(|| format!("\"{text}\" is not an id of a result"))
}

/// Thousandths of a computation.
fn progress_bar(hidden: bool) -> ProgressBar {
    if hidden {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {percent} %  {elapsed}");
    let bar = ProgressBar::new(1000);
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}
