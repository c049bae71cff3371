//! The UNFC matrix of the register: E against F, deposits and waste counted side by side.

use maud::{Markup, html};
use varp_engine::classify::Entry;

use super::super::language::Message as M;
use super::super::view::View;

/// Products by E and F category, with how sure they are.
pub fn matrix(entries: &[Entry], view: &View<'_>) -> Markup {
    let most = cells().map(|(e, f)| of(entries, e, f).count()).max().unwrap_or(0);
    html! {
        div .scroll tabindex="0" role="group" aria-label=(view.text(M::UnfcMatrix)) {
            table .unfc-matrix .crossed {
                caption { (view.say(M::MatrixAbout)) }
                thead { tr {
                    td { }
                    @for f in 1..=4u8 { th scope="col" { "F" (f) span .small .block { (view.say(f_words(f))) } } }
                } }
                tbody {
                    @for e in 1..=3u8 {
                        tr {
                            th scope="row" { "E" (e) span .small .block { (view.say(e_words(e))) } }
                            @for f in 1..=4u8 { (cell(entries, e, f, most, view)) }
                        }
                    }
                }
            }
        }
    }
}

fn cells() -> impl Iterator<Item = (u8, u8)> {
    (1..=3).flat_map(|e| (1..=4).map(move |f| (e, f)))
}

fn of(entries: &[Entry], e: u8, f: u8) -> impl Iterator<Item = &Entry> {
    entries.iter().filter(move |entry| entry.code.e().number == e && entry.code.f().number == f)
}

fn cell(entries: &[Entry], e: u8, f: u8, most: usize, view: &View<'_>) -> Markup {
    let all: Vec<&Entry> = of(entries, e, f).collect();
    let primary = all.iter().filter(|entry| entry.primary).count();
    let secondary = all.len() - primary;
    let level = match (all.len(), most) {
        (0, _) => 0,
        (n, most) => 1 + n * 3 / most.max(1),
    };
    let confidence: Vec<String> = (1..=4u8)
        .filter_map(|g| {
            let count = all.iter().filter(|entry| entry.code.g()[0].number == g).count();
            (count > 0).then(|| format!("G{g}: {count}"))
        })
        .collect();
    html! {
        td class=(format!("level-{level}")) {
            @if all.is_empty() { span .small { "0" } }
            @else {
                b { (view.count(all.len() as u64)) }
                span .small .block {
                    (view.fill(M::PrimaryAndSecondary, &[
                        ("primary", &primary.to_string()), ("secondary", &secondary.to_string()),
                    ]))
                }
                span .small .block { (confidence.join(" · ")) }
            }
        }
    }
}

fn e_words(e: u8) -> M {
    match e {
        1 => M::E1Words,
        2 => M::E2Words,
        _ => M::E3Words,
    }
}

fn f_words(f: u8) -> M {
    match f {
        1 => M::F1Words,
        2 => M::F2Words,
        3 => M::F3Words,
        _ => M::F4Words,
    }
}
