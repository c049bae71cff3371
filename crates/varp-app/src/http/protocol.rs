//! `/duties/protocol`: the pre-selection protocol of Directive 2006/21/EC, over the register and per facility.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::response::Response;
use serde::Serialize;
use serde_json::{Value, json};
use varp_engine::duty::{Answer, Group, Protocol, ProtocolResult, Question};
use varp_model::{BodyId, Status, Visibility};

use super::AppState;
use super::answer::{LongObject, html, respond};
use super::ask::Ask;
use super::collections::links_json;
use super::feature::{self, Feature};
use super::item::kept_or;
use super::negotiate::{CSV, Format, Offer, TABLES};
use super::problem::Problem;
use crate::jobs::{Answered, ask_protocol, ask_register};
use crate::portal;

/// The protocol as a reader asked it.
#[derive(Debug)]
pub struct AskedProtocol {
    /// With the thresholds that the reader put.
    pub protocol: Protocol,
    /// As the program has it.
    pub defaults: Protocol,
}

impl AskedProtocol {
    /// Questions whose threshold the reader changed.
    pub fn changed(&self) -> impl Iterator<Item = &Question> {
        let both = self.protocol.questions.iter().zip(&self.defaults.questions);
        both.filter(|(own, usual)| own.threshold != usual.threshold).map(|(own, _)| own)
    }
}

/// What the page of the protocol shows.
#[derive(Debug)]
pub struct ProtocolPage<'a> {
    /// The questions.
    pub asked: AskedProtocol,
    /// Facilities that meet the conditions, with what the protocol says.
    pub facilities: Vec<(&'a Answered, ProtocolResult)>,
}

impl ProtocolPage<'_> {
    /// Of all facilities: how many answers to a question mean yes, no, and are not known.
    pub fn tally(&self, question: &Question) -> [usize; 3] {
        let mut counts = [0; 3];
        for (one, _) in &self.facilities {
            let said = one.answers.get(&question.id).and_then(|answer| question.is_yes(answer));
            counts[said.map_or(2, |yes| usize::from(!yes))] += 1;
        }
        counts
    }
}

/// What the page of one facility shows.
#[derive(Debug)]
pub struct FacilityPage {
    /// The questions.
    pub asked: AskedProtocol,
    /// The facility with its answers.
    pub one: Answered,
    /// What the protocol says.
    pub result: ProtocolResult,
}

/// The questions with the thresholds of the address, `Q6=5`; `further` are other parameters.
fn asked(ask: &Ask, further: &[&str]) -> Result<AskedProtocol, Problem> {
    let defaults = Protocol::embedded();
    let own = defaults.questions.iter().filter(|q| q.threshold.is_some());
    let names: Vec<&str> = own.map(|q| q.id.as_str()).collect();
    ask.allow(&[further, names.as_slice()].concat())?;
    let params = ask.params.without_empty();
    let put: Vec<(&str, &str)> =
        names.iter().filter_map(|name| Some((*name, params.get(name)?))).collect();
    let protocol = defaults.with_thresholds(&put).map_err(Problem::bad_request)?;
    Ok(AskedProtocol { protocol, defaults })
}

fn answers(state: &AppState) -> Result<Arc<Vec<Answered>>, Problem> {
    let store = &*state.store;
    state
        .answers
        .answer(store, (), || Ok(ask_register(store, &Protocol::embedded(), Visibility::Public)?))
}

/// `/duties/protocol`.
pub fn protocol(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    let asked = asked(ask, &["country"])?;
    let offer = ask.format(TABLES)?;
    let country = ask.params.get("country").filter(|c| !c.is_empty()).map(str::to_uppercase);
    let all = answers(state)?;
    let fits = |one: &&Answered| country.as_ref().is_none_or(|c| one.country == *c);
    let all = all.iter().filter(fits);
    let facilities = all.map(|one| (one, asked.protocol.evaluate(&one.answers))).collect();
    let page = ProtocolPage { asked, facilities };
    let links = ask.links(TABLES, offer);
    match offer.format {
        Format::Html => Ok(html(portal::protocol_page(&page, &ask.page(state, &links)))),
        Format::Csv => Ok(respond(
            CSV,
            feature::table(page.facilities.iter().map(|(one, result)| row(one, result))),
        )),
        Format::Json => {
            let facilities = page.facilities.iter();
            let facilities: Vec<FacilityDocument<'_>> =
                facilities.map(|(one, result)| FacilityDocument::of(one, result)).collect();
            let document = json!({
                "version": page.asked.protocol.version, "unknown_counts_as": "yes",
                "questions": questions(&page.asked, |q| json!(page.tally(q))),
                "links": links_json(&links),
            });
            Ok(LongObject::of(&document).with("facilities", &facilities)?.respond(offer.media))
        }
    }
}

/// `/duties/protocol/{body}`.
pub fn facility(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    let asked = asked(ask, &[])?;
    let offer = ask.format(TABLES)?;
    let nothing = || {
        Problem::not_found(
            "There is no facility with this id; /duties/protocol lists them. Deposits in the ground are not asked.",
        )
    };
    let id: BodyId = ask.segment(2).parse().map_err(|_| nothing())?;
    let (none, public) = (BTreeMap::new(), Visibility::Public);
    let one = ask_protocol(&*state.store, id, &asked.protocol, &none, public)?;
    let Some(one) = one else { return kept_or(state, ask, 2, nothing()) };
    let result = asked.protocol.evaluate(&one.answers);
    let page = FacilityPage { asked, one, result };
    let links = ask.links(TABLES, offer);
    answer_of(state, ask, &page, (offer, &links))
}

fn answer_of(
    state: &AppState,
    ask: &Ask,
    page: &FacilityPage,
    (offer, links): (&'static Offer, &[super::Link]),
) -> Result<Response, Problem> {
    match offer.format {
        Format::Html => Ok(html(portal::facility_page(page, &ask.page(state, links)))),
        Format::Csv => {
            let questions = page.asked.protocol.questions.iter();
            let rows = questions.map(|q| answer_row(q, page.one.answers.get(&q.id)));
            Ok(respond(CSV, feature::table(rows)))
        }
        Format::Json => {
            let mut document = json!(FacilityDocument::of(&page.one, &page.result));
            document["questions"] = questions(&page.asked, |q| json!(page.one.answers.get(&q.id)));
            document["version"] = json!(page.asked.protocol.version);
            document["unknown_counts_as"] = json!("yes");
            document["links"] = json!(links_json(links));
            Ok(respond(offer.media, document.to_string()))
        }
    }
}

/// The questions with their thresholds, the usual ones beside those that were put, and `answer` of each:
/// over a register how many yes, no, unknown.
fn questions(asked: &AskedProtocol, answer: impl Fn(&Question) -> Value) -> Value {
    let both = asked.protocol.questions.iter().zip(&asked.defaults.questions);
    let each = both.map(|(own, usual)| {
        json!({
            "id": own.id, "group": own.group, "asks": own.asks, "threshold": own.threshold,
            "usual_threshold": usual.threshold, "unit": own.unit, "yes_if": yes_if(own),
            "unverified": own.status == Status::Unverified, "answer": answer(own),
        })
    });
    each.collect()
}

fn yes_if(question: &Question) -> Option<&'static str> {
    question.threshold.map(|_| if question.below { "below" } else { "above" })
}

/// A facility as the data show it.
#[derive(Serialize)]
struct FacilityDocument<'a> {
    id: &'a str,
    name: &'a str,
    country: &'a str,
    examine: bool,
    yes_or_unknown: &'a BTreeMap<Group, Vec<String>>,
    unknown: &'a [String],
    answers: &'a BTreeMap<String, Answer>,
}

impl<'a> FacilityDocument<'a> {
    fn of(one: &'a Answered, result: &'a ProtocolResult) -> Self {
        Self {
            id: &one.id,
            name: &one.name,
            country: &one.country,
            examine: result.examine,
            yes_or_unknown: &result.yes,
            unknown: &result.unknown,
            answers: &one.answers,
        }
    }
}

fn row<'a>(one: &'a Answered, result: &'a ProtocolResult) -> Feature<'a> {
    let word = |value: String| feature::Value::Text(value.into());
    let of = |group: Group| word(result.yes.get(&group).map_or_else(String::new, |q| q.join(" ")));
    Feature {
        id: (&one.id).into(),
        place: None,
        properties: vec![
            ("name", (&one.name).into()),
            ("country", (&one.country).into()),
            ("examine", result.examine.into()),
            ("impact_yes_or_unknown", of(Group::Impact)),
            ("source_yes_or_unknown", of(Group::Source)),
            ("pathway_yes_or_unknown", of(Group::Pathway)),
            ("receptor_yes_or_unknown", of(Group::Receptor)),
            ("unknown", word(result.unknown.join(" "))),
            ("protocol", (&result.version).into()),
        ],
    }
}

fn answer_row<'a>(question: &'a Question, answer: Option<&'a Answer>) -> Feature<'a> {
    let (number, evidence) = match answer {
        Some(Answer::Number(number, why)) => (Some(*number), why.as_str()),
        Some(Answer::Yes(why) | Answer::No(why)) => (None, why.as_str()),
        None => (None, ""),
    };
    let said = answer.and_then(|answer| question.is_yes(answer));
    Feature {
        id: (&question.id).into(),
        place: None,
        properties: vec![
            ("group", question.group.word().into()),
            ("asks", (&question.asks).into()),
            ("yes_if", yes_if(question).unwrap_or_default().into()),
            ("threshold", question.threshold.into()),
            ("unit", question.unit.as_deref().unwrap_or_default().into()),
            ("number", number.into()),
            ("answer", said.map_or("unknown", |yes| if yes { "yes" } else { "no" }).into()),
            ("counts_as_yes", said.unwrap_or(true).into()),
            ("evidence", evidence.into()),
            ("unverified", (question.status == Status::Unverified).into()),
        ],
    }
}
