//! Fields of `/collections/samples`.

use varp_model::SizeFraction;
use varp_store::SampleItem;

use super::{Feature, Fields, Value, add_position, add_provenance, assays};

/// Material taken at a place.
pub fn sample(item: &SampleItem) -> Feature<'_> {
    let sample = &item.sample;
    let mut properties = vec![
        ("name", (&sample.name).into()),
        ("body", sample.body.map(|b| b.0).into()),
        ("hole", sample.hole.map(|h| h.0).into()),
        ("from_m", sample.from_m.into()),
        ("to_m", sample.to_m.into()),
        ("method", sample.method.as_deref().into()),
        ("mass_kg", sample.mass_kg.into()),
        ("date", sample.date.map(|d| d.to_string()).into()),
        ("role", sample.role.word().into()),
    ];
    add_fraction(&mut properties, sample.size_fraction);
    add_position(&mut properties, sample.position.as_ref());
    add_provenance(
        &mut properties,
        sample.source,
        &sample.locator,
        &sample.origin,
        sample.licence.as_ref(),
    );
    Feature { id: sample.id.to_string().into(), place: item.place, properties }
}

/// Material taken at a place, with its assays.
pub fn sample_page(item: &SampleItem) -> Feature<'_> {
    let mut feature = sample(item);
    let results = item.assays.iter().map(|(assay, what)| assays::result(assay, what)).collect();
    feature.properties.push(("assays", Value::Records(results)));
    feature
}

/// The grains that a sample or an assay is of.
pub fn add_fraction(fields: &mut Fields<'_>, fraction: Option<SizeFraction>) {
    fields.push(("fraction_from_mm", fraction.map(|f| f.from_mm).into()));
    fields.push(("fraction_to_mm", fraction.and_then(|f| f.to_mm).into()));
    fields.push(("fraction_mass_share", fraction.and_then(|f| f.mass_share).into()));
}
