//! Quantities: the list and one claimed number.

use maud::{Markup, html};
use varp_model::{ClaimValue, Subject};
use varp_store::{Page, QuantityItem};

use super::claims::first_letter_up;
use super::language::Message as M;
use super::list::{Column, List};
use super::quantity::{range_of, scale_of};
use super::view::{Head, View};
use crate::http::PageContext;

/// List of quantities.
pub fn quantities_page(value: &Page<QuantityItem>, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let list = List {
        title: M::Quantities,
        about: M::QuantitiesAbout,
        door: "",
        columns: &[M::Of, M::Property, M::Value, M::Terms, M::WhereFrom].map(Column::Words),
    };
    list.page(&view, value, |item| row(item, &view))
}

/// A claimed number as a row of a table.
pub fn row(item: &QuantityItem, view: &View<'_>) -> Markup {
    let claim = &item.claim;
    html! {
        th scope="row" { (view.subject(claim.subject, &item.subject_name)) }
        td data-label=(view.text(M::Property)) {
            @if matches!(claim.value, ClaimValue::Number(_)) {
                a href=(view.item("quantities", claim.id)) { (first_letter_up(&view.property(claim))) }
            } @else { (first_letter_up(&view.property(claim))) }
        }
        td data-label=(view.text(M::Value)) { (view.statement(claim)) }
        td data-label=(view.text(M::Terms)) { (view.terms(claim)) }
        td data-label=(view.text(M::WhereFrom)) { (view.claim_origin(claim, &[])) }
    }
}

impl View<'_> {
    /// What a claim is about, with a link where it has a page.
    pub fn subject(&self, subject: Subject, name: &str) -> Markup {
        let name = if name.is_empty() { subject.kind() } else { name };
        let address = match subject {
            Subject::Site(id) => Some(self.item("sites", id)),
            Subject::Body(id) => Some(self.item("bodies", id)),
            Subject::Sample(id) => Some(self.item("samples", id)),
            Subject::Zone(_) | Subject::Hole(_) => None,
        };
        html! {
            @match address { Some(address) => { a href=(address) { (name) } } None => (name) }
        }
    }
}

/// One quantity.
pub fn quantity_page(value: &QuantityItem, context: &PageContext<'_>) -> Markup {
    let view = View::new(context);
    let claim = &value.claim;
    let title = format!("{}, {}", first_letter_up(&view.property(claim)), value.subject_name);
    let definition = view.references().property(&claim.property).map(|p| p.definition.as_str());
    let head = Head { title: title.clone(), ..Head::default() };
    view.page(
        &head,
        &html! {
            article .record .single {
                h1 { (title) }
                @if let Some(definition) = definition { p .lead { (definition) } }
                @if let Some(range) = range_of(claim) {
                    p .big { (view.range(range)) }
                    @if let Some(scale) = scale_of([range]).filter(|_| range.low().is_some()) { (view.bar(range, scale, 320.0, false)) }
                }
                p { (view.terms(claim)) }
                p { (view.say(M::Of)) " " (view.subject(claim.subject, &value.subject_name)) }
                @if let Some(reason) = &claim.preferred {
                    p .conflict { (view.say(M::ConflictPreferred)) " " (reason) }
                }
                div .open { (view.claim_origin(claim, &[])) }
                (view.downloads(&[]))
                (view.cite(&title))
            }
        },
    )
}
