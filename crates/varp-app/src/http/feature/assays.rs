//! Fields of `/collections/assays`.

use varp_model::{Assay, Determination, Measured};
use varp_store::AssayItem;

use super::{Feature, Fields, samples};

/// One result with what was determined.
pub fn assay(item: &AssayItem) -> Feature<'_> {
    let mut properties: Fields<'_> =
        vec![("sample", item.sample.0.into()), ("sample_name", (&item.sample_name).into())];
    properties.extend(result(&item.assay, &item.determination));
    Feature { id: item.id.as_str().into(), place: None, properties }
}

/// A result as printed: `censoring` says whether the number is the value or only a bound of it.
pub fn result<'a>(assay: &Assay, what: &'a Determination) -> Fields<'a> {
    let censoring = match assay.value {
        Measured::Exact(_) => "exact",
        Measured::Below(_) => "below",
        Measured::Above(_) => "above",
    };
    let printed = format!("{}{}", assay.value.sign(), assay.value.number());
    let mut fields: Fields<'a> = vec![
        ("substance", what.substance.code().into()),
        ("value", assay.value.number().value().into()),
        ("censoring", censoring.into()),
        ("reported", printed.into()),
        ("unit", what.unit.symbol().into()),
        ("basis", what.basis.word().into()),
        ("digestion", what.digestion.as_ref().map(|d| d.0.as_str()).into()),
        ("method", what.method.as_deref().into()),
        ("laboratory", what.laboratory.as_deref().into()),
        ("detection_limit", what.detection_limit.into()),
        ("upper_limit", what.upper_limit.into()),
    ];
    samples::add_fraction(&mut fields, what.size_fraction);
    fields.push(("column", (&what.column).into()));
    fields
}
