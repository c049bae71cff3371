//! Fields of `/collections/quantities`.

use varp_store::QuantityItem;

use super::{Feature, claims};

/// A number that a source claims, as it claims it.
pub fn quantity(item: &QuantityItem) -> Feature<'_> {
    let mut properties = vec![
        ("subject_kind", item.claim.subject.kind().into()),
        ("subject", item.claim.subject.uuid().into()),
        ("subject_name", (&item.subject_name).into()),
    ];
    properties.extend(claims::claim(&item.claim));
    Feature { id: item.claim.id.to_string().into(), place: item.place, properties }
}
