//! `/classes/lists`: which raw materials of the register were critical on a day, and what moved until another.

use std::sync::Arc;

use axum::response::Response;
use jiff::civil::Date;
use serde_json::json;
use varp_engine::classify::{Relevance, list_as_of};
use varp_model::{CrmList, Status, Visibility};

use super::AppState;
use super::answer::{LongObject, html, respond};
use super::ask::Ask;
use super::collections::links_json;
use super::feature::{self, Feature};
use super::negotiate::{CSV, Format, TABLES};
use super::problem::Problem;
use crate::jobs::classes::{
    Cause, ClassMove, ClassThen, ListsCompared, Moment, RuleSet, class_moves, compare_lists,
};
use crate::portal;

/// What the page of lists shows.
#[derive(Debug)]
pub struct ListsPage {
    /// Who makes the lists.
    pub jurisdiction: String,
    /// All who do, for the choice.
    pub jurisdictions: Vec<String>,
    /// The first day and the list that held on it.
    pub then: (Date, Option<String>),
    /// The second day and the list that held on it.
    pub now: (Date, Option<String>),
    /// What is otherwise.
    pub answer: Arc<ListsAnswer>,
}

/// Who makes the lists, and the two days.
pub type ListsQuestion = (String, Date, Date);

/// What two days and their lists say of the register.
#[derive(Debug)]
pub struct ListsAnswer {
    /// Substances that one of the lists names and bodies for which they differ; nothing where no list held on one of
    /// the days.
    pub lists: ListsCompared,
    /// Products that stand otherwise on the second day: on another list, in another class.
    pub classes: Vec<ClassMove>,
}

fn compare(
    state: &AppState,
    [first, second]: [Moment<'_>; 2],
    jurisdiction: &str,
    rules: &RuleSet,
) -> Result<Arc<ListsAnswer>, Problem> {
    let (store, references, public) = (&*state.store, &*state.references, Visibility::Public);
    let question = (jurisdiction.to_owned(), first.day, second.day);
    state.lists.answer(store, question, || {
        let lists = match first.list.zip(second.list) {
            Some((before, after)) => compare_lists(store, before, after, references, public)?,
            None => ListsCompared { substances: Vec::new(), moves: Vec::new() },
        };
        let classes = class_moves(store, [first, second], rules, references, public)?;
        Ok(ListsAnswer { lists, classes })
    })
}

/// `/classes/lists`.
pub fn lists(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    ask.allow(&["then", "now", "jurisdiction"])?;
    let offer = ask.format(TABLES)?;
    let params = ask.params.without_empty();
    let day = |name: &str, default: Date| {
        let Some(text) = params.get(name) else { return Ok(default) };
        text.parse::<Date>().map_err(|_| {
            Problem::bad_request(format!("{name}={text} is not a day such as 2020-09-03"))
        })
    };
    let today = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
    let references = &*state.references;
    let mut jurisdictions: Vec<String> =
        references.crm_lists.iter().map(|list| list.jurisdiction.clone()).collect();
    jurisdictions.sort();
    jurisdictions.dedup();
    let jurisdiction = params.get("jurisdiction").unwrap_or("EU").to_owned();
    if !jurisdictions.contains(&jurisdiction) {
        let known = jurisdictions.join(", ");
        let detail = format!("jurisdiction={jurisdiction} makes no list here; {known} do");
        return Err(Problem::bad_request(detail));
    }
    // where nothing is chosen: from the first list to today
    let own = references.crm_lists.iter().filter(|list| list.jurisdiction == jurisdiction);
    let first = own.filter_map(|list| list.valid_from.parse().ok()).min().unwrap_or(today);
    let (then, now) = (day("then", first)?, day("now", today)?);
    let on = |day| list_as_of(references, &jurisdiction, day);
    let (before, after) = (on(then), on(now));
    let moments = [Moment { day: then, list: before }, Moment { day: now, list: after }];
    let rules = RuleSet::embedded();
    let answer = compare(state, moments, &jurisdiction, &rules)?;
    let name = |list: Option<&CrmList>| list.map(|list| list.list.clone());
    let (then, now) = ((then, name(before)), (now, name(after)));
    let links = ask.links(TABLES, offer);
    if offer.format == Format::Html {
        let page = ListsPage { jurisdiction, jurisdictions, then, now, answer };
        return Ok(html(portal::lists_page(&page, &ask.page(state, &links))));
    }
    if offer.format == Format::Csv {
        return Ok(respond(CSV, feature::table(answer.classes.iter().map(row))));
    }
    let document = json!({
        "jurisdiction": jurisdiction,
        "then": { "date": then.0, "list": then.1, "unverified": before.map(unverified) },
        "now": { "date": now.0, "list": now.1, "unverified": after.map(unverified) },
        "rules": rules.title(), "substances": answer.lists.substances, "links": links_json(&links),
    });
    let document = LongObject::of(&document).with("moves", &answer.lists.moves)?;
    Ok(document.with("classes", &answer.classes)?.respond(offer.media))
}

fn unverified(list: &CrmList) -> bool {
    list.status == Status::Unverified
}

/// A product that stands otherwise.
fn row(one: &ClassMove) -> Feature<'_> {
    let text = |text: String| feature::Value::Text(text.into());
    let code = |class: &Option<ClassThen>| {
        text(class.as_ref().map_or_else(String::new, |c| c.code.to_string()))
    };
    let standing = |class: &Option<ClassThen>| {
        text(class.as_ref().map_or_else(String::new, |c| c.standing.clone()))
    };
    let how = |class: &Option<ClassThen>| match class {
        None => "",
        Some(class) if class.stored => "stored",
        Some(_) => "evaluated",
    };
    let listed = |own: &Option<Relevance>| match own {
        None => "",
        Some(own) if own.strategic => "strategic",
        Some(_) => "critical",
    };
    let unverified = |class: &Option<ClassThen>| class.as_ref().is_some_and(|c| c.unverified);
    let of_list = |own: &Option<Relevance>| own.as_ref().is_some_and(|r| r.unverified);
    let marked = unverified(&one.before) || unverified(&one.after);
    let marked = marked || of_list(&one.listed_before) || of_list(&one.listed_after);
    let known = |value: &Option<String>| value.clone().unwrap_or_else(|| "not known".to_owned());
    let why: Vec<String> = one
        .why
        .iter()
        .map(|c| format!("{}: {} -> {}", c.what, known(&c.before), known(&c.after)))
        .collect();
    let causes: Vec<&str> = one.causes.iter().map(|cause: &Cause| cause.word()).collect();
    Feature {
        id: format!("{}.{}", one.body, one.product).into(),
        place: None,
        properties: vec![
            ("body", (&one.body).into()),
            ("body_name", (&one.name).into()),
            ("country", (&one.country).into()),
            ("product", (&one.product).into()),
            ("listed_then", listed(&one.listed_before).into()),
            ("listed_now", listed(&one.listed_after).into()),
            ("unfc_then", code(&one.before)),
            ("standing_then", standing(&one.before)),
            ("class_then_is", how(&one.before).into()),
            ("unfc_now", code(&one.after)),
            ("standing_now", standing(&one.after)),
            ("class_now_is", how(&one.after).into()),
            ("causes", text(causes.join("; "))),
            ("rules_gained", (&one.rules_gained).into()),
            ("rules_lost", (&one.rules_lost).into()),
            ("why", text(why.join("; "))),
            ("rests_on_unverified", marked.into()),
        ],
    }
}
