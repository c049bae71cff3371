//! `/classes/lists`: which raw materials of the register were critical on a day, and what moved until another.

use axum::response::Response;
use jiff::civil::Date;
use serde_json::json;
use varp_engine::classify::list_as_of;
use varp_model::{CrmList, Visibility};

use super::AppState;
use super::answer::{html, respond};
use super::ask::Ask;
use super::collections::links_json;
use super::negotiate::{Format, PLAIN};
use super::problem::Problem;
use crate::jobs::classes::{ListMove, ListedSubstance, list_moves, listed_substances};
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
    /// Substances that one of the lists names; empty where no list held on one of the days.
    pub substances: Vec<ListedSubstance>,
    /// Bodies for which the lists differ.
    pub moves: Vec<ListMove>,
}

/// `/classes/lists`.
pub fn lists(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    ask.allow(&["then", "now", "jurisdiction"])?;
    let offer = ask.format(PLAIN)?;
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
    let (substances, moves) = match before.zip(after) {
        Some((before, after)) => {
            let (store, public) = (&*state.store, Visibility::Public);
            (
                listed_substances(store, before, after, references, public)?,
                list_moves(store, before, after, references, public)?,
            )
        }
        None => (Vec::new(), Vec::new()),
    };
    let name = |list: Option<&CrmList>| list.map(|list| list.list.clone());
    let (then, now) = ((then, name(before)), (now, name(after)));
    let links = ask.links(PLAIN, offer);
    if offer.format == Format::Html {
        let page = ListsPage { jurisdiction, jurisdictions, then, now, substances, moves };
        return Ok(html(portal::lists_page(&page, &ask.page(state, &links))));
    }
    let document = json!({
        "jurisdiction": jurisdiction,
        "then": { "date": then.0, "list": then.1 },
        "now": { "date": now.0, "list": now.1 },
        "substances": substances, "moves": moves, "links": links_json(&links),
    });
    Ok(respond(offer.media, document.to_string()))
}
