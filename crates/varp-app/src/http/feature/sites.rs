//! Fields of `/collections/sites`.

use varp_store::SitePage;

use super::{Feature, Fields, Value, add_position, add_provenance, claims, place, source};

/// A named mining place.
pub fn site(item: &SitePage) -> Feature<'_> {
    let site = &item.site;
    let mut properties = vec![
        ("name", (&site.name).into()),
        ("aliases", (&site.aliases).into()),
        ("country", site.country.code().into()),
        ("municipality", site.municipality.as_deref().into()),
        ("note", site.note.as_deref().into()),
    ];
    add_position(&mut properties, site.position.as_ref());
    add_provenance(
        &mut properties,
        site.source,
        &site.locator,
        &site.origin,
        site.licence.as_ref(),
    );
    Feature { id: site.id.to_string().into(), place: place(site.position.as_ref()), properties }
}

/// A named mining place with its bodies and what is claimed of it.
pub fn site_page(item: &SitePage) -> Feature<'_> {
    let mut feature = site(item);
    let bodies = item.bodies.iter().map(|body| -> Fields<'_> {
        vec![
            ("id", body.body.id.0.into()),
            ("name", (&body.body.name).into()),
            ("kind", (&body.body.kind.0).into()),
        ]
    });
    feature.properties.extend([
        ("bodies", Value::Records(bodies.collect())),
        ("claims", Value::Records(item.claims.iter().map(claims::nested).collect())),
        ("sources", Value::Records(cited(&item.sources))),
    ]);
    feature
}

/// Sources with their identity, as they stand within another record.
pub fn cited(sources: &[varp_model::Source]) -> Vec<Fields<'_>> {
    let one = |item| {
        let Feature { id, properties, .. } = source(item);
        let mut fields: Fields<'_> = vec![("id", Value::Text(id))];
        fields.extend(properties);
        fields
    };
    sources.iter().map(one).collect()
}
