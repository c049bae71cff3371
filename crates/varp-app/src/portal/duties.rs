//! How the register stands against the law: dates, coverage, gaps, what to fill next.

use std::collections::BTreeMap;

use jiff::civil::Date;
use maud::{Markup, html};
use varp_engine::duty::{Duties, ItemState, Scope};

use super::language::Message as M;
use super::protocol::ROWS;
use super::view::{Head, View};
use crate::http::{DutiesPage, PageContext};
use crate::jobs::BodyDuty;

/// The word of a scope.
pub fn scope_word(scope: Scope) -> &'static str {
    match scope {
        Scope::InScope => "in scope",
        Scope::Undetermined => "undetermined",
        Scope::Excluded => "excluded",
    }
}

/// Dates, coverage by country, gaps by item, facilities with what to fill next.
pub fn duties_page(value: &DutiesPage<'_>, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let title = view.text(M::Duties);
    let head = Head {
        title: title.to_owned(),
        description: view.text(M::DutiesLead).to_owned(),
        door: "/duties",
        ..Head::default()
    };
    let open: Vec<&BodyDuty> =
        value.bodies.iter().copied().filter(|b| b.standing.scope != Scope::Excluded).collect();
    view.page(
        &head,
        &html! {
            h1 { (title) }
            p .lead { (view.say(M::DutiesLead)) }
            (tabs("/duties", &view))
            (calendar(&value.duties, value.today, &["operator study", "state database"], &view))
            form .filters action="/duties" {
                (view.kept_language()) (view.country_field())
                button type="submit" { (view.say(M::Show)) }
            }
            h2 { (view.say(M::Coverage)) }
            (coverage(&open, &view))
            h2 { (view.say(M::Gaps)) }
            (gaps(&open, &view))
            h2 { (view.say(M::Facilities)) }
            @if open.len() > ROWS {
                p .small { (view.fill(M::FirstRows, &[("count", &ROWS.to_string())])) }
            }
            (facilities(&open[..open.len().min(ROWS)], &view))
            (view.downloads(&[]))
            (view.cite(title))
        },
    )
}

/// Links between the pages of duties.
pub fn tabs(here: &str, view: &View<'_>) -> Markup {
    let pages = [
        ("/duties", M::DutyDatabase),
        ("/duties/desk", M::Desk),
        ("/duties/protocol", M::Protocol),
    ];
    html! {
        nav .tabs aria-label=(view.text(M::Duties)) {
            ul {
                @for (path, name) in pages {
                    li { a href=(view.href(path)) aria-current=[(path == here).then_some("page")] {
                        (view.say(name)) } }
                }
            }
        }
    }
}

/// The days of duties, with how many are left.
pub fn calendar(law: &Duties, today: Date, duties: &[&str], view: &View<'_>) -> Markup {
    html! {
        ul .deadlines {
            @for duty in duties {
                @for (deadline, days) in law.calendar(duty, today) {
                    li .past[days < 0] {
                        b { (days.abs()) } " "
                        (view.say(if days < 0 { M::DaysAgo } else { M::DaysLeft }))
                        span .block { (view.word(&deadline.what)) }
                        span .small .block {
                            (deadline.date) " · " (deadline.law)
                            @if deadline.status == varp_model::Status::Unverified {
                                " · " span .chip .unverified { (view.say(M::Unverified)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Per cent filled of all that is asked.
fn percent(bodies: &[&BodyDuty]) -> usize {
    let scores = bodies.iter().map(|b| b.completeness.score());
    let (filled, asked) = scores.fold((0, 0), |(f, a), (x, y)| (f + x, a + y));
    (filled * 100).checked_div(asked).unwrap_or(0)
}

fn bar(percent: usize) -> Markup {
    html! {
        svg .share viewBox="0 0 100 8" width="160" height="10" aria-hidden="true"
            preserveAspectRatio="none" {
            rect .ground width="100" height="8" {}
            rect .part width=(percent) height="8" {}
        }
    }
}

fn coverage(open: &[&BodyDuty], view: &View<'_>) -> Markup {
    let mut countries: BTreeMap<&str, Vec<&BodyDuty>> = BTreeMap::new();
    for body in open {
        countries.entry(&body.country).or_default().push(body);
    }
    html! {
        table .list {
            thead { tr {
                th scope="col" { (view.say(M::Country)) }
                th scope="col" { (view.say(M::DutyBinds)) }
                th scope="col" .number { (view.say(M::InScope)) }
                th scope="col" .number { (view.say(M::Undetermined)) }
                th scope="col" { (view.say(M::Filled)) }
            } }
            tbody {
                @for (country, bodies) in &countries {
                    @let inside = bodies.iter().filter(|b| b.standing.scope == Scope::InScope).count();
                    tr {
                        th scope="row" { (view.country(country)) }
                        td data-label=(view.text(M::DutyBinds)) { (view.word(bound(bodies[0]))) }
                        td .number data-label=(view.text(M::InScope)) { (inside) }
                        td .number data-label=(view.text(M::Undetermined)) { (bodies.len() - inside) }
                        td data-label=(view.text(M::Filled)) { (bar(percent(bodies))) " " (percent(bodies)) " %" }
                    }
                }
            }
        }
    }
}

fn bound(body: &BodyDuty) -> &'static str {
    match body.standing.bound {
        varp_engine::duty::Bound::Bound => "bound",
        varp_engine::duty::Bound::Undetermined => "undetermined",
        varp_engine::duty::Bound::NotBound => "not bound",
    }
}

fn gaps(open: &[&BodyDuty], view: &View<'_>) -> Markup {
    let mut items: Vec<(&ItemState, usize)> = Vec::new();
    for body in open {
        for item in &body.completeness.items {
            let filled = usize::from(!item.filled_by.is_empty());
            match items.iter_mut().find(|(own, _)| own.item == item.item) {
                Some((_, count)) => *count += filled,
                None => items.push((item, filled)),
            }
        }
    }
    html! {
        table .list {
            thead { tr {
                th scope="col" { (view.say(M::AskedFor)) }
                th scope="col" { (view.say(M::Passage)) }
                th scope="col" { (view.say(M::Filled)) }
            } }
            tbody {
                @for (item, filled) in &items {
                    @let share = (filled * 100).checked_div(open.len()).unwrap_or(0);
                    tr {
                        th scope="row" { (view.word(&item.item)) }
                        td data-label=(view.text(M::Passage)) {
                            (item.law)
                            @if item.unverified { " " span .chip .unverified { (view.say(M::Unverified)) } }
                        }
                        td data-label=(view.text(M::Filled)) { (bar(share)) " " (filled) " / " (open.len()) }
                    }
                }
            }
        }
    }
}

fn facilities(open: &[&BodyDuty], view: &View<'_>) -> Markup {
    html! {
        table .list {
            thead { tr {
                th scope="col" { (view.say(M::Name)) }
                th scope="col" { (view.say(M::ScopeAndGround)) }
                th scope="col" { (view.say(M::Filled)) }
                th scope="col" { (view.say(M::FillNext)) }
            } }
            tbody {
                @for body in open {
                    @let (filled, asked) = body.completeness.score();
                    tr {
                        th scope="row" {
                            a href=(view.item("bodies", &body.id)) { (body.name) }
                            span .small .block { (view.country(&body.country)) }
                        }
                        td data-label=(view.text(M::ScopeAndGround)) {
                            (view.word(scope_word(body.standing.scope)))
                            span .small .block { (view.word(&body.standing.ground))
                                @if body.standing.unverified { " " span .chip .unverified { (view.say(M::Unverified)) } } }
                        }
                        td data-label=(view.text(M::Filled)) {
                            (filled) " / " (asked) span .small .block { (view.word(body.shows)) }
                            @if !body.signed.is_empty() { span .small .block { (body.signed_words()) } }
                        }
                        td data-label=(view.text(M::FillNext)) {
                            @match body.completeness.missing().next() {
                                Some(item) => { (view.word(&item.item)) span .small .block { (view.properties(&item.needs)) } }
                                None => "–",
                            }
                        }
                    }
                }
            }
        }
    }
}
