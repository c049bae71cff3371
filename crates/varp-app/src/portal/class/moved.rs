//! The time machine over classes: products that stand otherwise on the second day, and why.

use maud::{Markup, html};
use varp_engine::classify::RuleSet;

use super::super::kind;
use super::super::language::Message as M;
use super::super::view::View;
use super::changes;
use super::lists::says;
use crate::http::ListsPage;
use crate::jobs::classes::{Cause, ClassMove, ClassThen};

/// Products on the page; the table as a file has all.
const ROWS: usize = 50;

/// How many moved by which cause, then each.
pub fn products(value: &ListsPage, view: &View<'_>) -> Markup {
    let rules = RuleSet::embedded();
    let by =
        |cause: Cause| value.answer.classes.iter().filter(|c| c.causes.contains(&cause)).count();
    html! {
        @if !value.answer.classes.is_empty() {
            ul .causes {
                @for cause in Cause::ALL {
                    @if by(cause) > 0 { li { (cause_words(cause, view)) ": " b { (by(cause)) } } }
                }
            }
            @if value.answer.classes.len() > ROWS {
                p .small { (view.fill(M::FirstRows, &[("count", &ROWS.to_string())])) }
            }
            (table(value, &rules, view))
        }
    }
}

fn cause_words(cause: Cause, view: &View<'_>) -> Markup {
    view.say(match cause {
        Cause::List => M::CauseList,
        Cause::Decision => M::CauseDecision,
        Cause::Rules => M::CauseRules,
        Cause::Estimate => M::CauseEstimate,
        Cause::Evidence => M::CauseEvidence,
    })
}

fn table(value: &ListsPage, rules: &RuleSet, view: &View<'_>) -> Markup {
    let [then, now] = [&value.then, &value.now].map(|(day, _)| day.to_string());
    html! {
        table .list {
            thead { tr {
                th scope="col" { (view.say(M::ClassProduct)) }
                th scope="col" { (then) }
                th scope="col" { (now) }
                th scope="col" { (view.say(M::WhyMoved)) }
            } }
            tbody {
                @for (at, one) in value.answer.classes.iter().take(ROWS).enumerate() {
                    @let again = at > 0 && value.answer.classes[at - 1].body == one.body;
                    tr .again[again] {
                        th scope="row" {
                            (kind::glyph(&one.kind)) " "
                            a href=(view.item("classifications", format!("{}.{}", one.body, one.product))) {
                                (one.product) ", " (one.name) }
                            span .small .block { (view.kind(&one.kind)) ", " (view.country(&one.country)) }
                        }
                        td data-label=(then) { (class(one.before.as_ref(), view)) span .small .block { (says(one.listed_before.as_ref(), view)) } }
                        td data-label=(now) { (class(one.after.as_ref(), view)) span .small .block { (says(one.listed_after.as_ref(), view)) } }
                        td data-label=(view.text(M::WhyMoved)) { (why(one, rules, view)) }
                    }
                }
            }
        }
    }
}

fn class(class: Option<&ClassThen>, view: &View<'_>) -> Markup {
    let Some(own) = class else { return html! { span .unknown { (view.say(M::NotKnown)) } } };
    html! {
        span .unfc { (own.code) } " "
        span .small { (view.word(&own.standing)) ", "
            (view.say(if own.stored { M::ClassStored } else { M::ClassEvaluated })) }
        @if own.unverified { " " span .chip .unverified { (view.say(M::Unverified)) } }
    }
}

fn why(one: &ClassMove, rules: &RuleSet, view: &View<'_>) -> Markup {
    let says = |id: &String| {
        let own = rules.rules.iter().find(|rule| rule.id == *id);
        own.map_or_else(|| id.clone(), |rule| view.word_text(&rule.says).to_owned())
    };
    html! {
        @for (at, cause) in one.causes.iter().enumerate() {
            @if at > 0 { " · " } (cause_words(*cause, view))
        }
        @if !one.why.is_empty() || !one.rules_gained.is_empty() || !one.rules_lost.is_empty() {
            details {
                summary { (view.say(M::WhyMovedMore)) }
                @if !one.rules_gained.is_empty() {
                    p .small { (view.say(M::RulesGained)) ": " (one.rules_gained.iter().map(says).collect::<Vec<_>>().join("; ")) }
                }
                @if !one.rules_lost.is_empty() {
                    p .small { (view.say(M::RulesLost)) ": " (one.rules_lost.iter().map(says).collect::<Vec<_>>().join("; ")) }
                }
                (changes::list(&one.why, view))
            }
        }
    }
}
