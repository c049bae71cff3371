//! Fields of `/collections/bodies`.

use varp_model::{Attached, Hole, References, Status, Zone};
use varp_store::{BodyItem, BodyPage, DeterminationSummary};

use super::claims::{KeyFigure, add_key_figure};
use super::{
    Feature, Fields, Value, add_period, add_position, add_provenance, claims, place, sites,
};
use crate::http::BodyView;
use crate::http::material::{Membership, memberships};

/// Tonnes, cubic metres, square metres of a body.
const KEY_FIGURES: [KeyFigure; 3] = [
    KeyFigure {
        property: "mass",
        names: [
            "mass_t",
            "mass_low_t",
            "mass_high_t",
            "mass_reported",
            "mass_basis",
            "mass_term",
            "mass_source",
        ],
    },
    KeyFigure {
        property: "volume",
        names: [
            "volume_m3",
            "volume_low_m3",
            "volume_high_m3",
            "volume_reported",
            "volume_basis",
            "volume_term",
            "volume_source",
        ],
    },
    KeyFigure {
        property: "area",
        names: [
            "area_m2",
            "area_low_m2",
            "area_high_m2",
            "area_reported",
            "area_basis",
            "area_term",
            "area_source",
        ],
    },
];

/// A body with its site's name and its key figures.
pub fn body(item: &BodyItem) -> Feature<'_> {
    let body = &item.body;
    let mut properties = Vec::with_capacity(56);
    properties.extend([
        ("name", (&body.name).into()),
        ("aliases", (&body.aliases).into()),
        ("kind", (&body.kind.0).into()),
        ("site", body.site.0.into()),
        ("site_name", (&item.site_name).into()),
        ("country", item.country.code().into()),
        ("commodities", (&body.commodities).into()),
        ("substances", (&item.substances).into()),
        ("status", body.status.as_deref().into()),
        ("storage", body.storage.as_deref().into()),
        ("list_of_waste", body.list_of_waste.as_deref().into()),
    ]);
    add_period(&mut properties, body.period);
    for figure in &KEY_FIGURES {
        add_key_figure(&mut properties, figure, &item.key_figures);
    }
    properties.extend([
        ("origin_deposit", body.origin_deposit.map(|d| d.0).into()),
        ("deposit_type", body.deposit_type.as_deref().into()),
        ("note", body.note.as_deref().into()),
    ]);
    add_position(&mut properties, body.position.as_ref());
    add_provenance(
        &mut properties,
        body.source,
        &body.locator,
        &body.origin,
        body.licence.as_ref(),
    );
    Feature { id: body.id.to_string().into(), place: place(body.position.as_ref()), properties }
}

/// A body with all that is known and computed of it.
pub fn body_view<'a>(view: &'a BodyView, references: &'a References) -> Feature<'a> {
    let mut feature = body_page(&view.page, references);
    let estimate = view.estimate.iter().map(|e| super::estimates::summary(e, references));
    feature.properties.push(("estimate", Value::Records(estimate.collect())));
    let attached = view.attached.iter().map(attachment).collect();
    feature.properties.push(("attachments", Value::Records(attached)));
    feature
}

/// A body with all that is known of it.
pub fn body_page<'a>(page: &'a BodyPage, references: &'a References) -> Feature<'a> {
    let mut feature = body(&page.item);
    let lists = memberships(&page.item, references).into_iter().map(membership).collect();
    feature.properties.extend([
        ("footprint", page.item.body.footprint.as_ref().into()),
        ("critical", Value::Records(lists)),
        ("claims", Value::Records(page.claims.iter().map(claims::nested).collect())),
        ("determinations", Value::Records(page.determinations.iter().map(determination).collect())),
        ("samples", page.samples.into()),
        ("zones", Value::Records(page.zones.iter().map(zone).collect())),
        ("holes", Value::Records(page.holes.iter().map(hole).collect())),
        ("sources", Value::Records(sites::cited(&page.sources))),
    ]);
    feature
}

fn attachment(attached: &Attached) -> Fields<'_> {
    let a = &attached.attachment;
    vec![
        ("id", attached.id.0.into()),
        ("name", (&a.name).into()),
        ("role", Value::Text(a.role.word().into())),
        ("source", (&a.source).into()),
        ("date", (&a.date).into()),
        ("licence", a.licence.as_deref().into()),
        ("epsg", u64::from(a.epsg).into()),
        ("sd_m", a.error.sd_m.into()),
        ("offset_sd_m", a.error.offset_sd_m.into()),
        ("range_m", a.error.range_m.into()),
        ("holds", (&a.holds).into()),
        ("file", (&a.file).into()),
        ("file_sha256", (&a.file_hash).into()),
    ]
}

fn membership(item: Membership<'_>) -> Fields<'_> {
    vec![
        ("list", (&item.entry.list).into()),
        ("material", (&item.entry.material).into()),
        ("critical", item.entry.critical.into()),
        ("strategic", item.entry.strategic.into()),
        ("form", stated(&item.entry.form).into()),
        ("strategic_form", stated(&item.entry.strategic_form).into()),
        ("what", item.presence.words().into()),
        ("because", item.because.into()),
        ("verified", (item.entry.status == Status::Verified).into()),
    ]
}

/// The words, if there are any.
fn stated(words: &str) -> Option<&str> {
    (!words.is_empty()).then_some(words)
}

fn determination(item: &DeterminationSummary) -> Fields<'_> {
    let what = &item.determination;
    vec![
        ("substance", what.substance.code().into()),
        ("unit", what.unit.symbol().into()),
        ("basis", what.basis.word().into()),
        ("digestion", what.digestion.as_ref().map(|d| d.0.as_str()).into()),
        ("method", what.method.as_deref().into()),
        ("laboratory", what.laboratory.as_deref().into()),
        ("results", item.results.into()),
        ("censored", item.censored.into()),
        ("least", item.least.into()),
        ("median", item.median.into()),
        ("greatest", item.greatest.into()),
    ]
}

fn zone(zone: &Zone) -> Fields<'_> {
    vec![
        ("id", zone.id.0.into()),
        ("name", (&zone.name).into()),
        ("outline", zone.outline.as_ref().into()),
        ("top_m", zone.top_m.into()),
        ("base_m", zone.base_m.into()),
        ("source", zone.source.0.into()),
    ]
}

fn hole(hole: &Hole) -> Fields<'_> {
    let collar = place(hole.collar.as_ref());
    vec![
        ("id", hole.id.0.into()),
        ("name", (&hole.name).into()),
        ("longitude", collar.map(|p| p.longitude()).into()),
        ("latitude", collar.map(|p| p.latitude()).into()),
        ("elevation_m", hole.elevation_m.into()),
        ("height_datum", hole.height_datum.as_deref().into()),
        ("depth_m", hole.depth_m.into()),
        ("method", hole.method.as_deref().into()),
        ("source", hole.source.0.into()),
    ]
}
