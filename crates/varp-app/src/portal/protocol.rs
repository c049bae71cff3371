//! The pre-selection protocol of Directive 2006/21/EC: what it says of the register and of each facility.

use maud::{Markup, html};
use varp_engine::duty::{Answer, Group, ProtocolResult, Question};
use varp_model::Status;

use super::duties::tabs;
use super::language::Message as M;
use super::number;
use super::view::{Head, View};
use crate::http::{AskedProtocol, FacilityPage, PageContext, ProtocolPage};

/// Facilities on a page; the table as a file has all.
pub(super) const ROWS: usize = 200;

/// The questions with their thresholds, and every facility.
pub fn protocol_page(value: &ProtocolPage<'_>, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let title = view.text(M::Protocol);
    let head = Head {
        title: title.to_owned(),
        description: view.text(M::ProtocolLead).to_owned(),
        door: "/duties",
        ..Head::default()
    };
    let examine = value.facilities.iter().filter(|(_, result)| result.examine).count();
    let counts = [("examine", examine.to_string()), ("all", value.facilities.len().to_string())];
    let counts: Vec<(&str, &str)> = counts.iter().map(|(n, v)| (*n, v.as_str())).collect();
    view.page(
        &head,
        &html! {
            h1 { (title) }
            p .lead { (view.say(M::ProtocolLead)) }
            (tabs("/duties/protocol", &view))
            (how(&value.asked, &view))
            p .headline { (view.fill(M::ProtocolCounts, &counts)) }
            form action="/duties/protocol" {
                (view.kept_language())
                div .filters {
                    (view.country_field())
                    button type="submit" { (view.say(M::Show)) }
                }
                details open[value.asked.changed().next().is_some()] {
                    summary { (view.say(M::QuestionsAndThresholds)) }
                    (questions(value, &view))
                    button type="submit" { (view.say(M::AskWithThresholds)) }
                }
            }
            h2 { (view.say(M::ProtocolFacilities)) }
            @if value.facilities.len() > ROWS {
                p .small { (view.fill(M::FirstRows, &[("count", &ROWS.to_string())])) }
            }
            (facilities(value, &view))
            (view.downloads(&[]))
            (view.cite(title))
        },
    )
}

/// What unknown means here, how the answers are put together, and which thresholds were changed.
fn how(asked: &AskedProtocol, view: &View<'_>) -> Markup {
    let changed: Vec<String> =
        asked.changed().map(|q| format!("{} {}", q.id, limit(q, view))).collect();
    html! {
        p .notice { (view.say(M::ProtocolUnknown)) }
        p .small { (view.say(M::ProtocolChain)) " " (asked.protocol.version) "." }
        @if !changed.is_empty() {
            p .notice { (view.say(M::ThresholdsChanged)) ": " (changed.join("; ")) }
        }
    }
}

/// `yes above 4 m`, in words; empty for a question without threshold.
fn limit(question: &Question, view: &View<'_>) -> String {
    let Some(threshold) = question.threshold else { return String::new() };
    let number = number::shortest(threshold, view.language);
    let unit = unit(question);
    let message = if question.below { M::YesBelow } else { M::YesAbove };
    view.fill(message, &[("number", &number), ("unit", unit)]).trim().to_owned()
}

fn unit(question: &Question) -> &str {
    match question.unit.as_deref() {
        None | Some("1" | "count") => "",
        Some("m2") => "m²",
        Some(unit) => unit,
    }
}

fn questions(value: &ProtocolPage<'_>, view: &View<'_>) -> Markup {
    html! {
        table .list {
            thead { tr {
                th scope="col" { (view.say(M::Question)) }
                th scope="col" { (view.say(M::Threshold)) }
                th scope="col" .number { (view.say(M::AnswerYes)) }
                th scope="col" .number { (view.say(M::AnswerNo)) }
                th scope="col" .number { (view.say(M::NotKnown)) }
            } }
            tbody {
                @for question in &value.asked.protocol.questions {
                    @let [yes, no, unknown] = value.tally(question);
                    tr {
                        th scope="row" { (asks(question, view)) }
                        td data-label=(view.text(M::Threshold)) { (field(question, &value.asked, view)) }
                        td .number data-label=(view.text(M::AnswerYes)) { (yes) }
                        td .number data-label=(view.text(M::AnswerNo)) { (no) }
                        td .number data-label=(view.text(M::NotKnown)) { (unknown) }
                    }
                }
            }
        }
    }
}

fn asks(question: &Question, view: &View<'_>) -> Markup {
    html! {
        code .small { (question.id) } " " (view.word(&question.asks))
        span .small .block {
            (view.word(question.group.word()))
            @if question.status == Status::Unverified { " · " span .chip .unverified { (view.say(M::Unverified)) } }
        }
    }
}

/// A threshold that can be changed.
fn field(question: &Question, asked: &AskedProtocol, view: &View<'_>) -> Markup {
    let usual = asked.defaults.questions.iter().find(|q| q.id == question.id);
    let Some(threshold) = question.threshold else { return html! { "–" } };
    html! {
        label for=(question.id) .small .block { (limit(usual.unwrap_or(question), view)) }
        input type="number" id=(question.id) name=(question.id) min="0" step="any" value=(threshold);
    }
}

fn says(result: &ProtocolResult, view: &View<'_>) -> Markup {
    html! {
        @if result.examine { b { (view.say(M::ExamineFurther)) } }
        @else { (view.say(M::NoNeedToExamine)) }
    }
}

fn facilities(value: &ProtocolPage<'_>, view: &View<'_>) -> Markup {
    let all = value.asked.protocol.questions.len();
    html! {
        table .list {
            thead { tr {
                th scope="col" { (view.say(M::Name)) }
                th scope="col" { (view.say(M::ProtocolSays)) }
                @for group in Group::ALL { th scope="col" .number { (view.word(group.word())) } }
                th scope="col" .number { (view.say(M::NotKnown)) }
            } }
            tbody {
                @for (one, result) in value.facilities.iter().take(ROWS) {
                    tr {
                        th scope="row" {
                            a href=(facility_address(&one.id, value, view)) { (one.name) }
                            span .small .block { (view.country(&one.country)) }
                        }
                        td data-label=(view.text(M::ProtocolSays)) { (says(result, view)) }
                        @for group in Group::ALL {
                            td .number data-label=(view.word_text(group.word())) {
                                (result.yes.get(&group).map_or(0, Vec::len))
                            }
                        }
                        td .number data-label=(view.text(M::NotKnown)) { (result.unknown.len()) " / " (all) }
                    }
                }
            }
        }
        p .small { (view.say(M::ProtocolColumns)) }
    }
}

/// The page of a facility, asked with the same thresholds.
fn facility_address(id: &str, value: &ProtocolPage<'_>, view: &View<'_>) -> String {
    let changed: Vec<(&str, String)> = value
        .asked
        .changed()
        .map(|q| (q.id.as_str(), q.threshold.unwrap_or_default().to_string()))
        .collect();
    let changed: Vec<(&str, &str)> = changed.iter().map(|(id, t)| (*id, t.as_str())).collect();
    view.href_with(&format!("/duties/protocol/{id}"), &changed)
}

/// Every question with its answer and what that rests on.
pub fn facility_page(value: &FacilityPage, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let title = format!("{}: {}", value.one.name, view.text(M::Protocol));
    let head = Head {
        title: title.clone(),
        description: view.text(M::ProtocolLead).to_owned(),
        door: "/duties",
        ..Head::default()
    };
    let result = &value.result;
    let groups: Vec<String> = Group::ALL
        .into_iter()
        .filter_map(|group| Some((group, result.yes.get(&group)?)))
        .map(|(group, ids)| format!("{}: {}", view.word_text(group.word()), ids.join(" ")))
        .collect();
    view.page(
        &head,
        &html! {
            article .record {
                nav .crumbs aria-label=(view.text(M::NavCrumbs)) {
                    ol {
                        li { a href=(view.href("/duties/protocol")) { (view.say(M::Protocol)) } }
                        li { a href=(view.item("bodies", &value.one.id)) { (value.one.name) } }
                    }
                }
                h1 { (title) }
                p .lead { (says(result, &view)) " · " (view.country(&value.one.country)) }
                (how(&value.asked, &view))
                p { (view.say(M::YesOrUnknown)) ": "
                    @if groups.is_empty() { "–" } @else { (groups.join(" · ")) } }
                (answers(value, &view))
                (view.downloads(&[]))
                (view.cite(&title))
            }
        },
    )
}

fn answers(value: &FacilityPage, view: &View<'_>) -> Markup {
    html! {
        table .list {
            caption .hidden { (view.say(M::Protocol)) }
            thead { tr {
                th scope="col" { (view.say(M::Question)) }
                th scope="col" { (view.say(M::Threshold)) }
                th scope="col" { (view.say(M::Answer)) }
                th scope="col" { (view.say(M::ClassEvidence)) }
            } }
            tbody {
                @for question in &value.asked.protocol.questions {
                    @let given = value.one.answers.get(&question.id);
                    tr {
                        th scope="row" { (asks(question, view)) }
                        td data-label=(view.text(M::Threshold)) {
                            @if question.threshold.is_some() { (limit(question, view)) } @else { "–" }
                        }
                        td data-label=(view.text(M::Answer)) { (answer(question, given, view)) }
                        td data-label=(view.text(M::ClassEvidence)) { (evidence(given, view)) }
                    }
                }
            }
        }
    }
}

fn answer(question: &Question, given: Option<&Answer>, view: &View<'_>) -> Markup {
    let said = given.and_then(|answer| question.is_yes(answer));
    html! {
        @match said {
            Some(true) => b { (view.say(M::AnswerYes)) },
            Some(false) => (view.say(M::AnswerNo)),
            None => { span .unknown { (view.say(M::Unknown)) } ", " (view.say(M::CountsAsYes)) }
        }
        @if let Some(Answer::Number(found, _)) = given {
            span .small .block { (number::shortest(*found, view.language)) " " (unit(question)) }
        }
    }
}

/// What an answer rests on; a claim that is a number leads to its page.
fn evidence(given: Option<&Answer>, view: &View<'_>) -> Markup {
    let Some(given) = given else { return html! { "–" } };
    let (Answer::Yes(why) | Answer::No(why) | Answer::Number(_, why)) = given;
    match why.split_once(", claim ") {
        Some((property, id)) => html! {
            (view.properties(&[property.to_owned()])) " "
            @if matches!(given, Answer::Number(..)) {
                a href=(view.item("quantities", id)) title=(id) { code { (id.get(..8).unwrap_or(id)) } }
            } @else { code title=(id) { (id.get(..8).unwrap_or(id)) } }
        },
        None => match why.strip_prefix("it is ") {
            Some(kind) => html! { (view.say(M::Kind)) ": " (kind_label(kind, view)) },
            None => html! { (why) },
        },
    }
}

fn kind_label(kind: &str, view: &View<'_>) -> String {
    let list = view.references().list("body_kinds");
    let known = list.and_then(|list| list.get(kind));
    known.map_or_else(|| kind.to_owned(), |entry| entry.label(view.language.code()).to_owned())
}
