//! Estimates: the list of quantity statements, and one estimate on a page of its own.

use maud::{Markup, html};
use varp_store::Page;

use super::super::kind;
use super::super::language::Message as M;
use super::super::list::{Column, List};
use super::super::view::{Head, View};
use super::product::basis;
use super::value::Amount;
use crate::http::{EstimatePage, PageContext};
use crate::jobs::estimate::EstimateItem;

/// List of quantity statements.
pub fn estimates_page(value: &Page<EstimateItem>, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let list = List {
        title: M::Estimates,
        about: M::EstimatesAbout,
        door: "",
        columns: &[
            Column::Words(M::Body),
            Column::Words(M::Substance),
            Column::Numbers(M::DryMass),
            Column::Numbers(M::Grade),
            Column::Numbers(M::Contained),
            Column::Words(M::SizeClass),
            Column::Words(M::RestsOn),
        ],
    };
    list.page(&view, value, |item| row(item, &view))
}

fn row(item: &EstimateItem, view: &View<'_>) -> Markup {
    let size = item.size(view.references());
    html! {
        th scope="row" {
            (kind::glyph(&item.kind)) " "
            a href=(view.item("estimates", item.result)) { (item.body_name) }
            " " span .small { (item.site_name) ", " (view.country(item.country.code())) }
        }
        td data-label=(view.text(M::Substance)) { (item.product.substance) }
        td .number data-label=(view.text(M::DryMass)) { (Amount::mass(item.statement.mass_t).line(view)) }
        td .number data-label=(view.text(M::Grade)) { (Amount::grade(item.product.grade).line(view)) }
        td .number data-label=(view.text(M::Contained)) {
            (Amount::mass(item.product.contained_t).line(view))
        }
        td data-label=(view.text(M::SizeClass)) {
            @match size { Some((word, _)) => (word), None => "–" }
        }
        td data-label=(view.text(M::RestsOn)) { (basis(&item.product.basis, view)) }
    }
}

/// One estimate.
pub fn estimate_page(shown: &EstimatePage, context: &PageContext<'_>) -> Markup {
    let (body, estimate) = (&shown.body, &shown.view);
    let view = View::new(context);
    let name = &body.item.body.name;
    let country = view.country(body.site.country.code());
    let title = format!("{}: {name}", view.text(M::Estimate));
    let head = Head {
        description: format!("{title}, {}, {country}", body.site.name),
        title: title.clone(),
        door: "/collections/estimates/items",
        data: None,
        map: false,
        island: None,
    };
    let table = view.href_with(
        "/collections/estimates/items",
        &[("body", &body.item.body.id.to_string()), ("f", "csv")],
    );
    view.page(
        &head,
        &html! {
            article .record .estimate {
                nav .crumbs aria-label=(view.text(M::NavCrumbs)) {
                    ol {
                        li { a href=(view.item("sites", body.site.id)) { (body.site.name) } }
                        li { a href=(view.item("bodies", body.item.body.id)) { (name) } }
                    }
                }
                h1 { (title) }
                div .main { (super::whole(estimate, &view)) }
                h2 { (view.say(M::Download)) }
                (view.downloads(&[(view.text(M::EstimatesCsv), table)]))
                (view.cite(&format!("{title}, {}, {country}, {}", body.site.name, estimate.id)))
            }
        },
    )
}
