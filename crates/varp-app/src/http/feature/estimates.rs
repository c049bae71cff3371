//! Fields of `/collections/estimates`: quantity statements, a row per product.

use varp_model::References;
use varp_store::BodyPage;

use super::{Feature, Fields, Value, place};
use crate::http::EstimatePage;
use crate::jobs::estimate::document::{Product, Statement};
use crate::jobs::estimate::{EstimateItem, EstimateView, size_of};

/// Names of low, best and high of one quantity.
type Names = [&'static str; 3];

const MASS: Names = ["mass_low_t", "mass_t", "mass_high_t"];
const VOLUME: Names = ["volume_low_m3", "volume_m3", "volume_high_m3"];
const DENSITY: Names = ["density_low_t_m3", "density_t_m3", "density_high_t_m3"];
const GRADE: Names = ["grade_low", "grade", "grade_high"];
const CONTAINED: Names = ["contained_low_t", "contained_t", "contained_high_t"];

/// A product of the newest estimate of a body. Grades are mass fractions of dry material.
pub fn estimate(item: &EstimateItem) -> Feature<'_> {
    let mut properties: Fields<'_> = vec![
        ("estimate", item.result.0.into()),
        ("body", item.body.0.into()),
        ("body_name", (&item.body_name).into()),
        ("kind", (&item.kind).into()),
        ("site", item.site.0.into()),
        ("site_name", (&item.site_name).into()),
        ("country", item.country.code().into()),
    ];
    properties.extend(product(&item.product));
    properties.extend(statement(&item.statement));
    properties.extend([
        ("seed", item.seed.into()),
        ("inputs_sha256", (&item.inputs).into()),
        ("computed", (&item.time).into()),
    ]);
    Feature { id: item.id().into(), place: item.place, properties }
}

fn statement(s: &Statement) -> Fields<'_> {
    let mut fields: Fields<'_> = vec![
        ("status", "computed".into()),
        ("effective", (&s.effective).into()),
        ("reference_point", (&s.reference_point).into()),
        ("term", (&s.term).into()),
        ("basis", "dry".into()),
        ("best_is", "median".into()),
        ("interval", 0.8.into()),
        ("mass_method", (&s.method).into()),
        ("competent_person", (&s.competent_person).into()),
    ];
    add(&mut fields, MASS, Some(s.mass_t));
    add(&mut fields, VOLUME, s.volume_m3);
    add(&mut fields, DENSITY, s.density);
    fields
}

fn product(p: &Product) -> Fields<'_> {
    let mut fields: Fields<'_> = vec![("substance", (&p.substance).into())];
    add(&mut fields, GRADE, Some(p.grade));
    add(&mut fields, CONTAINED, Some(p.contained_t));
    fields.extend([
        ("contained_mean_t", p.contained_mean_t.into()),
        ("grade_method", (&p.method).into()),
        ("rests_on", (&p.basis).into()),
        ("evidence_cap", p.cap.as_ref().map(|c| c.category.as_str()).into()),
    ]);
    fields
}

fn add(fields: &mut Fields<'_>, names: Names, range: Option<[f64; 3]>) {
    for (k, name) in names.into_iter().enumerate() {
        fields.push((name, range.map(|r| r[k]).into()));
    }
}

fn shares<'a>(rows: &'a [(String, f64)]) -> Value<'a> {
    let row = |(name, share): &'a (String, f64)| -> Fields<'a> {
        vec![("input", name.into()), ("share", (*share).into())]
    };
    Value::Records(rows.iter().map(row).collect())
}

fn full_product<'a>(p: &'a Product, references: &References) -> Fields<'a> {
    let mut fields = product(p);
    let size = size_of(p, references);
    fields.push(("size_class", size.as_ref().map(|(word, _)| *word).into()));
    fields.push(("size_scale", size.map(|(_, of)| of).into()));
    let reasons = p.cap.as_ref().map(|c| &c.reasons);
    fields.push(("evidence_cap_because", reasons.map_or(Value::List(vec![]), Into::into)));
    fields.push(("shares_of_variance", shares(&p.shares)));
    if let Some(s) = &p.sampled {
        fields.extend([
            ("samples", s.samples.into()),
            ("holes", s.holes.into()),
            ("composites", s.composites.into()),
            ("censored", s.censored.into()),
            ("naive_mean", s.naive_mean.into()),
            ("declustered_mean", s.declustered_mean.into()),
            ("variation", s.variation.into()),
            ("variogram_model", (&s.model).into()),
        ]);
    }
    fields
}

/// The newest estimate as a record within its body.
pub fn summary<'a>(view: &'a EstimateView, references: &References) -> Fields<'a> {
    let mut fields: Fields<'_> = vec![("id", view.id.0.into())];
    fields.extend(statement(&view.document.statement));
    let products = view.document.statement.products.iter();
    fields.push((
        "products",
        Value::Records(products.map(|p| full_product(p, references)).collect()),
    ));
    fields
}

/// An estimate, or one product of it, with all that decides it. Its plan computes it again.
pub fn estimate_page<'a>(page: &'a EstimatePage, references: &'a References) -> Feature<'a> {
    match &page.item {
        Some(item) => {
            let mut feature = estimate(item);
            let known: Vec<&str> = feature.properties.iter().map(|(name, _)| *name).collect();
            let more = decisive(&page.view);
            feature.properties.extend(more.into_iter().filter(|(name, _)| !known.contains(name)));
            feature
        }
        None => whole(&page.body, &page.view, references),
    }
}

fn whole<'a>(
    body: &'a BodyPage,
    view: &'a EstimateView,
    references: &'a References,
) -> Feature<'a> {
    let mut properties: Fields<'_> = vec![
        ("body", body.item.body.id.0.into()),
        ("body_name", (&body.item.body.name).into()),
        ("kind", (&body.item.body.kind.0).into()),
        ("site", body.site.id.0.into()),
        ("site_name", (&body.site.name).into()),
        ("country", body.site.country.code().into()),
    ];
    properties.extend(summary(view, references).into_iter().skip(1));
    properties.extend(decisive(view));
    let at = place(body.item.body.position.as_ref());
    Feature { id: view.id.to_string().into(), place: at, properties }
}

/// What decides an estimate: plan, assumptions, versions; and what to find out next.
fn decisive(view: &EstimateView) -> Fields<'_> {
    let statement = &view.document.statement;
    let next = view.next.iter().map(|o| -> Fields<'_> {
        vec![
            ("steps", (&o.steps).into()),
            ("product", (&o.product).into()),
            ("cost_low_eur", o.cost_eur[0].into()),
            ("cost_eur", o.cost_eur[1].into()),
            ("cost_high_eur", o.cost_eur[2].into()),
            ("share_of_variance", (o.drop / o.variance).into()),
            ("high_over_low_now", o.spread[0].into()),
            ("high_over_low_expected", o.spread[1].into()),
            ("needs", (&o.access).into()),
        ]
    });
    let result = &view.record.result;
    let versions = result.versions.iter().map(version);
    vec![
        ("mass_shares_of_variance", shares(&statement.mass_shares)),
        ("assumptions", (&statement.assumptions).into()),
        ("warnings", (&statement.warnings).into()),
        ("next_best_data", Value::Records(next.collect())),
        ("plan", (&result.plan).into()),
        ("seed", result.seed.into()),
        ("inputs_sha256", (&result.inputs).into()),
        ("versions", Value::Records(versions.collect())),
        ("computed", (&view.record.time).into()),
    ]
}

fn version(v: &varp_model::ReferenceVersion) -> Fields<'_> {
    vec![("name", (&v.name).into()), ("version", (&v.version).into())]
}
