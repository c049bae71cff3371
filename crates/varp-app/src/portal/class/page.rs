//! The classes of the register: matrix, plot, list.

use maud::{Markup, html};
use varp_store::Page;

use super::super::kind;
use super::super::language::Message as M;
use super::super::list::{Column, List};
use super::super::view::{Head, View};
use super::matrix::matrix;
use super::plot::plot;
use super::{contained, standing};
use crate::http::{ClassesPage, PageContext};
use crate::jobs::classes::{ClassItem, Entry};

/// Rows of the list on the page; the list by pages and the table as a file have all.
const ROWS: usize = 100;

/// The matrix, the plot of a commodity, the list.
pub fn classes_page(value: &ClassesPage, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let title = view.text(M::Classes);
    let head = Head {
        title: title.to_owned(),
        description: view.text(M::ClassesLead).to_owned(),
        door: "/classes",
        ..Head::default()
    };
    let material = context.params.get("material").filter(|m| !m.is_empty());
    let plotted = material.or_else(|| most_measured(&value.entries));
    view.page(
        &head,
        &html! {
            h1 { (title) }
            p .lead { (view.say(M::ClassesLead)) }
            (forms("/classes", &view))
            form .filters action="/classes" {
                (view.kept_language())
                (choices(&value.commodities, &view))
                button type="submit" { (view.say(M::Show)) }
            }
            (matrix(&value.entries, &view))
            (stale(&value.entries, &view))
            (unverified(&value.entries, &view))
            @if let Some(commodity) = plotted {
                h2 { (view.say(M::TonnageAndGrade)) ": " (commodity) }
                (plot(&value.entries, commodity, &view))
            }
            h2 { (view.say(M::AllClasses)) }
            @if value.entries.len() > ROWS {
                p .small {
                    (view.fill(M::FirstRows, &[("count", &ROWS.to_string())])) " "
                    a href=(view.href("/collections/classifications/items")) { (view.say(M::AllClasses)) }
                }
            }
            table .list .class-list {
                caption .hidden { (view.say(M::AllClasses)) }
                thead { tr {
                    @for name in [M::Name, M::ClassProduct, M::ClassWord, M::ClassContained, M::ClassStanding] {
                        th scope="col" { (view.say(name)) }
                    }
                } }
                tbody {
                    @for (at, entry) in value.entries.iter().take(ROWS).enumerate() {
                        @let again = at > 0 && value.entries[at - 1].body == entry.body;
                        tr .again[again] { (row(entry, &view)) }
                    }
                }
            }
            (view.downloads(&[]))
            (view.cite(title))
        },
    )
}

/// How many classes rest on rules that nobody has checked.
fn unverified(entries: &[Entry], view: &View<'_>) -> Markup {
    let count = entries.iter().filter(|entry| entry.unverified).count().to_string();
    let all = entries.len().to_string();
    html! {
        @if count != "0" {
            p .small {
                span .chip .unverified { (view.say(M::Unverified)) } " "
                (view.fill(M::ClassesUnverified, &[("count", &count), ("all", &all)]))
            }
        }
    }
}

/// Adopted classes whose evidence has changed since: for a competent person to confirm.
fn stale(entries: &[Entry], view: &View<'_>) -> Markup {
    let all: Vec<&Entry> = entries.iter().filter(|entry| entry.stale.is_some()).collect();
    html! {
        @if !all.is_empty() {
            div .notice {
                p { (view.fill(M::ClassesStale, &[("count", &all.len().to_string())])) }
                ul {
                    @for entry in all.iter().take(ROWS) {
                        li {
                            a href=(view.item("classifications", format!("{}.{}", entry.body, entry.product))) {
                                (entry.product) ", " (entry.name) } " "
                            span .unfc { (entry.code) } " " (standing(entry, view))
                        }
                    }
                }
            }
        }
    }
}

/// The commodity of which most bodies have tonnage and grade.
fn most_measured(entries: &[Entry]) -> Option<&str> {
    let mut counts: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    let measured =
        |e: &&Entry| e.mass_t.is_some() && e.contained.as_ref().is_some_and(|c| c.best.is_some());
    for entry in entries.iter().filter(measured) {
        *counts.entry(&entry.commodity).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(commodity, _)| commodity)
}

/// Links between the pages of classes.
pub fn forms(here: &str, view: &View<'_>) -> Markup {
    let pages = [
        ("/classes", M::Classes),
        ("/inventory", M::Inventory),
        ("/classes/compare", M::CompareBodies),
        ("/classes/lists", M::TimeMachine),
    ];
    html! {
        nav .tabs aria-label=(view.text(M::Classes)) {
            ul {
                @for (path, name) in pages {
                    li { a href=(view.href(path)) aria-current=[(path == here).then_some("page")] {
                        (view.say(name)) } }
                }
            }
        }
    }
}

/// Choice of a country and of a commodity that is classified.
pub fn choices(commodities: &[String], view: &View<'_>) -> Markup {
    let chosen = view.context.params.get("material").unwrap_or_default();
    html! {
        (view.country_field())
        div .field {
            label for="material" { (view.say(M::Material)) }
            select #material name="material" {
                option value="" { (view.text(M::Any)) }
                @for code in commodities {
                    @let name = view.references().commodity(code).map(|c| view.commodity(c));
                    option value=(code) selected[code == chosen] { (name.unwrap_or(code)) }
                }
            }
        }
    }
}

/// A product as a row of a table.
fn row(entry: &Entry, view: &View<'_>) -> Markup {
    html! {
        th scope="row" {
            (kind::glyph(&entry.kind)) " "
            a href=(view.item("classifications", &entry.body)) { (entry.name) }
            span .small .block { (view.kind(&entry.kind)) ", " (view.country(&entry.country)) }
        }
        td data-label=(view.text(M::ClassProduct)) { (entry.product) }
        td data-label=(view.text(M::ClassWord)) {
            span .unfc { (entry.code) } span .small .block { (view.word(&entry.class_words())) }
        }
        td data-label=(view.text(M::ClassContained)) {
            (contained(entry.contained.as_ref(), view))
            @if let Some(own) = &entry.contained { span .small .block { (view.word(own.term.word())) } }
        }
        td data-label=(view.text(M::ClassStanding)) { (standing(entry, view)) }
    }
}

/// The collection of classes as a list.
pub fn class_items_page(value: &Page<ClassItem>, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let list = List {
        title: M::Classes,
        about: M::ClassesLead,
        door: "/collections/classifications/items",
        columns: &COLUMNS,
    };
    list.page(&view, value, |item| row(&item.entry, &view))
}

const COLUMNS: [Column; 5] = [
    Column::Words(M::Name),
    Column::Words(M::ClassProduct),
    Column::Words(M::ClassWord),
    Column::Words(M::ClassContained),
    Column::Words(M::ClassStanding),
];
