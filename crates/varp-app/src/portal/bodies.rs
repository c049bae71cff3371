//! List of bodies.

use maud::{Markup, html};
use varp_store::{BodyItem, Page};

use super::body::commodities_of;
use super::kind;
use super::language::Message as M;
use super::list::{Column, List};
use super::number;
use super::quantity::{range_of, scale_of};
use super::view::View;
use crate::chart::Scale;
use crate::http::PageContext;

const BAR: f64 = 130.0;
/// Materials named in a row; the page of the body names all.
const MATERIALS: usize = 6;

/// List of bodies.
pub fn bodies_page(value: &Page<BodyItem>, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let list = List {
        title: M::Bodies,
        about: M::BodiesAbout,
        door: "/collections/bodies/items",
        columns: &COLUMNS,
    };
    let scale = mass_scale(&value.items);
    list.page(&view, value, |item| row(item, scale, &view))
}

/// Columns of a table of bodies.
pub const COLUMNS: [Column; 5] = [
    Column::Words(M::Name),
    Column::Words(M::Site),
    Column::Words(M::Mass),
    Column::Words(M::Materials),
    Column::Words(M::Period),
];

/// One scale for the masses of all these bodies.
pub fn mass_scale(items: &[BodyItem]) -> Option<Scale> {
    scale_of(items.iter().filter_map(|item| mass(item)))
}

fn mass(item: &BodyItem) -> Option<&varp_model::Range> {
    item.key_figures.iter().find(|claim| claim.property == "mass").and_then(range_of)
}

/// A body as a row of a table of [`COLUMNS`].
pub fn row(item: &BodyItem, scale: Option<Scale>, view: &View<'_>) -> Markup {
    html! {
        (name(item, view))
        td data-label=(view.text(M::Site)) {
            a href=(view.item("sites", item.body.site)) { (item.site_name) }
            span .small .block { (view.country(item.country.code())) }
        }
        (what_is_there(item, scale, view))
    }
}

/// The same on the page of its site.
pub fn row_of_site(item: &BodyItem, scale: Option<Scale>, view: &View<'_>) -> Markup {
    html! { (name(item, view)) (what_is_there(item, scale, view)) }
}

fn name(item: &BodyItem, view: &View<'_>) -> Markup {
    let body = &item.body;
    html! {
        th scope="row" {
            (kind::glyph(&body.kind.0)) " "
            a href=(view.item("bodies", body.id)) { (body.name) }
            span .small .block { (view.kind(&body.kind.0)) }
        }
    }
}

/// Mass, materials and period.
fn what_is_there(item: &BodyItem, scale: Option<Scale>, view: &View<'_>) -> Markup {
    let body = &item.body;
    let commodities = commodities_of(item, view);
    html! {
        td data-label=(view.text(M::Mass)) {
            @match (mass(item), scale) {
                (Some(range), Some(scale)) => { (view.range(range)) (view.bar(range, scale, BAR, false)) }
                _ => span .unknown { (view.say(M::Unknown)) },
            }
        }
        td data-label=(view.text(M::Materials)) {
            @if commodities.is_empty() { span .unknown { (view.say(M::Unknown)) } }
            @for (commodity, _) in commodities.iter().take(MATERIALS) {
                a .symbol href=(view.href(&format!("/commodities/{}", commodity.code)))
                    title=(view.commodity(commodity)) { (symbol(&commodity.code, view.commodity(commodity))) }
                " "
            }
            @if commodities.len() > MATERIALS {
                span .small { "+" (commodities.len() - MATERIALS) }
            }
        }
        td data-label=(view.text(M::Period)) {
            @match body.period {
                Some(period) => (number::period(period, view.language)),
                None => span .unknown { (view.say(M::Unknown)) },
            }
        }
    }
}

/// A chemical symbol as it is; a longer code by its name.
fn symbol<'a>(code: &'a str, name: &'a str) -> &'a str {
    if code.len() <= 3 { code } else { name }
}
