//! The funnel: which bodies stay in the running.

use maud::{Markup, html};

use super::language::Message as M;
use super::next;
use super::view::{Head, View};
use crate::http::{PageContext, ScreeningPage};

/// The page of the funnel.
pub fn screening_page(value: &ScreeningPage<'_>, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let screening = &value.shortlist.screening;
    let left = screening.survivors().count();
    let numbers = [("left", left.to_string()), ("all", screening.total.to_string())];
    let numbers: Vec<(&str, &str)> = numbers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let head = Head {
        title: view.text(M::NextScreening).to_owned(),
        description: view.text(M::FunnelAbout).to_owned(),
        door: "/ranking",
        data: None,
        map: false,
        island: None,
    };
    view.page(
        &head,
        &html! {
            (next::steps(&view, "/screening"))
            h1 { (view.say(M::NextScreening)) }
            p .lead { (view.say(M::FunnelAbout)) }
            p .headline { (view.fill(M::FunnelLeft, &numbers)) }
            (funnel(value, &view))
            (removed(value, &view))
            (next::reproduce(&view, &screening.version, 0, "varp screen"))
            (view.downloads(&[]))
        },
    )
}

fn funnel(value: &ScreeningPage<'_>, view: &View<'_>) -> Markup {
    let screening = &value.shortlist.screening;
    let share = |n: usize| 100.0 * n as f64 / screening.total.max(1) as f64;
    let reason = |code: &str| {
        let rule = value.shortlist.rules.rules.iter().find(|r| r.code == code);
        rule.map_or(code, |r| r.reason.as_str()).to_owned()
    };
    html! {
        table .list .funnel {
            thead { tr {
                th scope="col" { (view.say(M::FunnelRule)) }
                th scope="col" .number { (view.say(M::FunnelOwn)) }
                th scope="col" .number { (view.say(M::FunnelMarginal)) }
                th scope="col" .number { (view.say(M::FunnelUnknown)) }
                th scope="col" { (view.say(M::FunnelAfter)) }
            } }
            tbody {
                tr {
                    th scope="row" { (view.say(M::FunnelStart)) }
                    td {} td {} td {}
                    td data-label=(view.text(M::FunnelAfter)) { (bar(100.0)) " " (screening.total) }
                }
                @for line in &screening.funnel {
                    tr {
                        th scope="row" { (view.word(&reason(&line.code))) " " code .small { (line.code) } }
                        td .number data-label=(view.text(M::FunnelOwn)) { (line.own) }
                        td .number data-label=(view.text(M::FunnelMarginal)) { (line.marginal) }
                        td .number data-label=(view.text(M::FunnelUnknown)) { (line.unknown) }
                        td data-label=(view.text(M::FunnelAfter)) { (bar(share(line.left))) " " (line.left) }
                    }
                }
            }
        }
    }
}

/// A bar as long as what is left.
fn bar(percent: f64) -> Markup {
    html! {
        svg .left-bar viewBox="0 0 100 10" width="120" height="12" preserveAspectRatio="none" aria-hidden="true" {
            rect class="all" width="100" height="10" {}
            rect class="left" width=(format!("{percent:.1}")) height="10" {}
        }
    }
}

fn removed(value: &ScreeningPage<'_>, view: &View<'_>) -> Markup {
    let shortlist = value.shortlist;
    let removed: Vec<_> =
        shortlist.screening.sites.iter().filter(|s| !s.removed_by.is_empty()).collect();
    html! {
        @if !removed.is_empty() {
            h2 { (view.say(M::FunnelRemoved)) }
            ul .removed {
                @for site in removed {
                    li {
                        a href=(view.item("bodies", &site.id)) {
                            (shortlist.names.get(&site.id).unwrap_or(&site.id))
                        }
                        " " code .small { (site.removed_by.join(", ")) }
                    }
                }
            }
        }
    }
}
