//! Fields of `/collections/classifications`: a row per product of a body.

use varp_engine::classify::{Classified, Entry};
use varp_model::References;

use super::{Feature, Fields, Value};
use crate::jobs::classes::{ClassItem, ClassView};

/// The class of a product.
pub fn class(item: &ClassItem) -> Feature<'_> {
    let mut properties = class_fields(&item.entry);
    properties.extend([
        ("rules", (&item.rules).into()),
        ("fired", (&item.fired).into()),
        ("stored", item.time.as_deref().into()),
    ]);
    Feature { id: item.id().into(), place: item.place, properties }
}

/// The fields that every table of classes shows.
pub fn class_fields(entry: &Entry) -> Fields<'_> {
    let contained = entry.contained.as_ref();
    let stale = entry.stale.as_ref();
    let size = contained.and_then(|c| c.size.as_ref());
    let text = |text: String| Value::Text(text.into());
    vec![
        ("body", (&entry.body).into()),
        ("body_name", (&entry.name).into()),
        ("kind", (&entry.kind).into()),
        ("primary", entry.primary.into()),
        ("site_name", (&entry.site).into()),
        ("country", (&entry.country).into()),
        ("product", (&entry.product).into()),
        ("commodity", (&entry.commodity).into()),
        ("unfc", text(entry.code.to_string())),
        ("e", text(entry.code.e().to_string())),
        ("f", text(entry.code.f().to_string())),
        ("g", text(entry.code.g().iter().map(ToString::to_string).collect::<Vec<_>>().join("+"))),
        ("class", text(entry.class_words())),
        ("scheme", "category".into()),
        ("notional_project", entry.notional.into()),
        ("rests_on_unverified", entry.unverified.into()),
        ("standing", (&entry.standing).into()),
        ("person", entry.person.as_deref().into()),
        ("evidence_changed_since_adoption", stale.map(|s| s.adopted.as_str()).into()),
        ("computed_now", stale.and_then(|s| s.computed.as_ref()).map(ToString::to_string).into()),
        ("contained_low_t", contained.and_then(|c| c.low).into()),
        ("contained_t", contained.and_then(|c| c.best).into()),
        ("contained_high_t", contained.and_then(|c| c.high).into()),
        ("term", contained.map(|c| c.term.word()).into()),
        ("size_class", size.and_then(|s| s.word.as_deref()).into()),
        ("size_basis", size.map(|s| s.basis.as_str()).into()),
        ("estimate", entry.estimate.as_deref().into()),
        ("mass_t", entry.mass_t.into()),
    ]
}

/// All classes of a body, each with every rule that fired or failed.
pub fn class_page<'a>(view: &'a ClassView, _: &'a References) -> Feature<'a> {
    let products = view.products.iter().map(|(entry, classified, _)| product(entry, classified));
    let decisions = view.decisions.iter().map(|d| {
        vec![
            ("item", (&d.item).into()),
            ("standing", d.standing.word().into()),
            ("instead", d.instead.as_deref().into()),
            ("person", (&d.person).into()),
            ("capacity", (&d.capacity).into()),
            ("reason", (&d.reason).into()),
            ("date", (&d.date).into()),
        ]
    });
    let stored = view.stored.as_ref();
    Feature {
        id: view.id().into(),
        place: view.item.body.position.as_ref().map(|p| p.place),
        properties: vec![
            ("body", view.item.body.id.0.into()),
            ("body_name", (&view.item.body.name).into()),
            ("country", view.item.country.code().into()),
            ("rules", (&view.record.rules).into()),
            ("scheme", (&view.record.scheme).into()),
            ("share", (&view.record.share).into()),
            ("reference_point", (&view.record.reference_point).into()),
            ("project", view.record.dossier.project.as_deref().into()),
            ("result", stored.map(|(id, ..)| id.0).into()),
            ("stored", stored.map(|(_, time, _)| time.as_str()).into()),
            ("evidence_changed_since", stored.map(|(_, _, changed)| *changed).into()),
            ("products", Value::Records(products.collect())),
            ("decisions", Value::Records(decisions.collect())),
            ("economics", Value::Records(economics(view).into_iter().collect())),
        ],
    }
}

/// The screening in short; its own address has all of it.
fn economics(view: &ClassView) -> Option<Fields<'_>> {
    let screened = view.economics.as_ref()?;
    let npv = &screened.screening.as_ref()?.npv;
    let address = format!("/collections/bodies/items/{}/economics", screened.body);
    Some(vec![
        ("address", address.into()),
        ("npv_low_eur", npv.low.into()),
        ("npv_best_eur", npv.best.into()),
        ("npv_high_eur", npv.high.into()),
        ("chance_positive", npv.chance_positive.into()),
        ("rests_on_unverified", true.into()),
        ("argues_up", false.into()),
    ])
}

/// A product with every rule, what would raise it, and what changed since it was adopted.
fn product<'a>(entry: &'a Entry, classified: &'a Classified) -> Fields<'a> {
    let mut fields = class_fields(entry);
    let rules = classified.axes.iter().flat_map(|axis| &axis.findings).map(|finding| {
        vec![
            ("rule", (&finding.rule).into()),
            ("category", Value::Text(finding.category.to_string().into())),
            ("fired", finding.fired.into()),
            ("short", (&finding.short).into()),
            ("unknown", (&finding.unknown).into()),
            ("evidence", (&finding.evidence).into()),
            ("unverified", finding.unverified.into()),
        ]
    });
    fields.push(("findings", Value::Records(rules.collect())));
    let changes = entry.stale.iter().flat_map(|stale| &stale.changed).map(|change| {
        vec![
            ("what", (&change.what).into()),
            ("before", change.before.as_deref().into()),
            ("after", change.after.as_deref().into()),
            ("evidence", (&change.evidence).into()),
        ]
    });
    fields.push(("changed_since_adoption", Value::Records(changes.collect())));
    let advice = classified.axes.iter().filter_map(|axis| axis.advice.as_ref()).map(|a| {
        vec![
            ("category", Value::Text(a.category.to_string().into())),
            ("facts", (&a.facts).into()),
            ("steps", (&a.steps).into()),
            ("cost_low_eur", a.cost_eur[0].into()),
            ("cost_high_eur", a.cost_eur[1].into()),
            ("needs_decision", a.needs_decision.into()),
        ]
    });
    fields.push(("advice", Value::Records(advice.collect())));
    fields
}
