//! Fields of `/collections/sources`.

use varp_model::Source;
use varp_store::SourcePage;

use super::{Feature, Fields, Value, quantity};

/// A citation.
pub fn source(item: &Source) -> Feature<'_> {
    let properties = vec![
        ("title", (&item.title).into()),
        ("authors", item.authors.as_deref().into()),
        ("date", item.date.map(|d| d.to_string()).into()),
        ("address", item.address.as_deref().into()),
        ("licence", item.licence.as_ref().map(|l| l.0.as_str()).into()),
        ("file_hash", item.file_hash.as_deref().into()),
        ("reliability", item.reliability.as_deref().into()),
        ("dataset", item.origin.dataset.0.as_str().into()),
        ("key", item.origin.key.as_str().into()),
    ];
    Feature { id: item.id.to_string().into(), place: None, properties }
}

/// A citation and what was taken from it.
pub fn source_page(item: &SourcePage) -> Feature<'_> {
    let mut feature = source(&item.source);
    let named = |(id, name): (uuid::Uuid, _)| -> Fields<'_> {
        vec![("id", id.into()), ("name", Value::from(name))]
    };
    let sites = item.sites.iter().map(|(id, name)| named((id.0, name))).collect();
    let bodies = item.bodies.iter().map(|(id, name)| named((id.0, name))).collect();
    let claims = item.claims.iter().map(|claim| {
        let claim = quantity(claim);
        let mut fields: Fields<'_> = vec![("id", Value::Text(claim.id))];
        fields.extend(claim.properties);
        fields
    });
    feature.properties.extend([
        ("sites", Value::Records(sites)),
        ("bodies", Value::Records(bodies)),
        ("samples", item.samples.into()),
        ("claims", Value::Records(claims.collect())),
    ]);
    feature
}
