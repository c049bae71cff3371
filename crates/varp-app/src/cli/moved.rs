//! `varp classify --as-of` and `--list`: lists and classes on another day or under a proposed list, what moved and why.

use anyhow::{Context, bail};
use jiff::civil::Date;
use varp_engine::classify::{Moved, Relevance, list_as_of};
use varp_model::{CrmList, References, Status, Visibility};

use super::classify::Classify;
use super::{Outcome, rules, show};
use crate::jobs::classes::{
    Cause, ClassMove, ClassThen, ListMove, Moment, class_moves, compare_lists, with_proposed,
};
use crate::jobs::{Store, find_body};

/// Evidence that is told of one product; `--json` has all.
const TOLD: usize = 4;

/// The register on another day against today, or under a proposed list.
pub fn run(
    command: &Classify,
    store: &dyn Store,
    references: &References,
) -> anyhow::Result<Outcome> {
    let today = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
    let jurisdiction = &command.jurisdiction;
    known(jurisdiction, references)?;
    let day = command.as_of.unwrap_or(today);
    let grown = match &command.list {
        Some(path) => {
            let text = rules::text(path)?;
            let grown = with_proposed(references, &text, jurisdiction, &day.to_string());
            Some(grown.map_err(anyhow::Error::msg).context("reading the proposed list")?)
        }
        None => None,
    };
    let on = |day: Date| list_as_of(references, jurisdiction, day);
    let (before, after, all): (Option<&CrmList>, Option<&CrmList>, &References) = match &grown {
        Some((grown, name)) => {
            let proposed = grown.crm_lists.iter().find(|list| list.list == *name);
            (on(day), proposed, grown)
        }
        None => (on(day), on(today), references),
    };
    let until = if grown.is_some() { day } else { today };
    let audience = command.audience.unwrap_or(Visibility::Private);
    let body = command.body.as_ref().map(|text| find_body(store, text)).transpose()?;
    let body = body.map(|id| id.to_string());
    let mut moves = match before.zip(after) {
        Some((before, after)) => compare_lists(store, before, after, all, audience)?.moves,
        None => Vec::new(),
    };
    moves.retain(|one| body.as_ref().is_none_or(|id| one.body == *id));
    let moments = [Moment { day, list: before }, Moment { day: until, list: after }];
    let own = rules::read(command.rules.as_deref())?;
    let mut classes = class_moves(store, moments, &own, all, audience)?;
    let wanted = |one: &ClassMove| {
        body.as_ref().is_none_or(|id| one.body == *id)
            && command.product.as_ref().is_none_or(|product| one.product == *product)
    };
    classes.retain(wanted);
    if command.json {
        let name = |list: Option<&CrmList>| list.map(|list| list.list.clone());
        show::json(&serde_json::json!({
            "before": name(before), "after": name(after), "then": day, "now": until, "moves": moves,
            "classes": classes,
        }))?;
        return Ok(Outcome::Clean);
    }
    moves.iter().for_each(print_move);
    show::note(compared(moves.len(), [(before, day), (after, until)], jurisdiction));
    print(&classes, [day, until]);
    Ok(Outcome::Clean)
}

/// How many bodies the lists of two days say other things of; or that there are not two.
fn compared(
    moved: usize,
    [(before, then), (after, now)]: [(Option<&CrmList>, Date); 2],
    jurisdiction: &str,
) -> String {
    let name = |list: Option<&CrmList>| {
        list.map_or_else(|| "no list".to_owned(), |list| format!("{}{}", list.list, mark(list)))
    };
    let (first, second) = (name(before), name(after));
    match (before, after) {
        (Some(_), Some(_)) => {
            format!("{moved} bodies stand otherwise under {second} than under {first}")
        }
        _ => format!(
            "lists of {jurisdiction} are not compared: {first} held on {then}, {second} on {now}"
        ),
    }
}

fn mark(list: &CrmList) -> &'static str {
    if list.status == Status::Unverified { " (unverified)" } else { "" }
}

/// Refuses who makes no list.
fn known(jurisdiction: &str, references: &References) -> anyhow::Result<()> {
    let mut all: Vec<&str> =
        references.crm_lists.iter().map(|list| list.jurisdiction.as_str()).collect();
    all.sort_unstable();
    all.dedup();
    if !all.contains(&jurisdiction) {
        bail!("{jurisdiction} makes no list here\n  hint: {} do", all.join(", "));
    }
    Ok(())
}

/// A line for each product whose class moved, then how many moved by which cause.
fn print(moves: &[ClassMove], [then, now]: [Date; 2]) {
    let key =
        |class: &Option<ClassThen>| class.as_ref().map(|c| (c.code.clone(), c.standing.clone()));
    for one in moves.iter().filter(|one| key(&one.before) != key(&one.after)) {
        show::line(format!(
            "{}  {}  {}  {} -> {}  {}",
            one.country,
            one.name,
            one.product,
            class(&one.before),
            class(&one.after),
            why(one)
        ));
    }
    let by: Vec<String> = Cause::ALL
        .into_iter()
        .map(|cause| (cause, moves.iter().filter(|one| one.causes.contains(&cause)).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(cause, count)| format!("{} {count}", cause.word()))
        .collect();
    let by = if by.is_empty() { String::new() } else { format!(": {}", by.join(", ")) };
    show::note(format!("{} products stand otherwise on {now} than on {then}{by}", moves.len()));
    let of_list = |r: &Option<Relevance>| r.as_ref().is_some_and(|r| r.unverified);
    let of_class = |c: &Option<ClassThen>| c.as_ref().is_some_and(|c| c.unverified);
    let unverified = moves.iter().filter(|one| {
        of_list(&one.listed_before)
            || of_list(&one.listed_after)
            || of_class(&one.before)
            || of_class(&one.after)
    });
    show::note(format!(
        "{} of them rest on unverified rules or lists; what has no date counts on both days",
        unverified.count()
    ));
}

fn class(class: &Option<ClassThen>) -> String {
    match class {
        None => "nothing known".to_owned(),
        Some(own) if own.stored => format!("{} ({})", own.code, own.standing),
        Some(own) => format!("{} (evaluated)", own.code),
    }
}

fn why(one: &ClassMove) -> String {
    let known = |value: &Option<String>| value.clone().unwrap_or_else(|| "not known".to_owned());
    let mut parts: Vec<String> = one.causes.iter().map(|cause| cause.word().to_owned()).collect();
    let told = one.why.iter().take(TOLD);
    parts.extend(told.map(|c| format!("{} {} -> {}", c.what, known(&c.before), known(&c.after))));
    if one.why.len() > TOLD {
        parts.push(format!("{} more", one.why.len() - TOLD));
    }
    parts.join("; ")
}

fn print_move(one: &ListMove) {
    for Moved { substance, before, after } in &one.moved {
        let words = |r: &Option<Relevance>| match r {
            None => "not listed".to_owned(),
            Some(r) => {
                let level = if r.strategic { "strategic" } else { "critical" };
                let form = if r.form.is_empty() { String::new() } else { format!(" ({})", r.form) };
                let mark = if r.unverified { ", unverified" } else { "" };
                format!("{level} as {}{form}{mark}", r.material)
            }
        };
        show::line(format!(
            "{}  {}  {substance}  {} -> {}",
            one.country,
            one.name,
            words(before),
            words(after)
        ));
    }
}
