//! The national inventory: what lies where, in which class, never added across terms.

use maud::{Markup, html};

use super::super::language::Message as M;
use super::super::view::{Head, View};
use super::page::{choices, forms};
use super::totals::table;
use crate::http::{InventoryPage, PageContext};

/// Sums by commodity, country, kind, class and term.
pub fn inventory_page(value: &InventoryPage, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let title = view.text(M::Inventory);
    let head = Head {
        title: title.to_owned(),
        description: view.text(M::SumsAbout).to_owned(),
        door: "/classes",
        ..Head::default()
    };
    let across = if value.across { "yes" } else { "no" };
    view.page(
        &head,
        &html! {
            h1 { (title) }
            p .lead { (view.say(M::InventoryAbout)) }
            (forms("/inventory", &view))
            form .filters action="/inventory" {
                (view.kept_language())
                (choices(&value.commodities, &view))
                div .field {
                    label for="across" { (view.say(M::AcrossClasses)) }
                    select #across name="across" {
                        @for (code, words) in [("no", M::AnswerNo), ("yes", M::AnswerYes)] {
                            option value=(code) selected[code == across] { (view.text(words)) }
                        }
                    }
                }
                button type="submit" { (view.say(M::Show)) }
            }
            @if value.across { p .notice { (view.say(M::AcrossWarning)) } }
            p .small { (view.say(M::SumsAbout)) }
            (table(&value.totals, true, &view))
            (view.downloads(&[]))
            (view.cite(title))
        },
    )
}
