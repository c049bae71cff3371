//! Claims as records within a site, a body, a source; and key figures in one unit.

use varp_model::{Claim, ClaimValue, Coverage, Range, Spread};

use super::{Fields, Value, add_period, add_provenance};

/// What a claim says, as its source says it, and where.
///
/// `value` is the best number in `unit`, or the words, the code, the date; `reported` is the cell
/// as it stood.
pub fn claim(claim: &Claim) -> Fields<'_> {
    let mut fields: Fields<'_> = vec![
        ("property", (&claim.property).into()),
        ("substance", claim.substance.as_ref().map(|s| s.code()).into()),
    ];
    add_value(&mut fields, &claim.value);
    fields.extend([
        ("basis", claim.basis.word().into()),
        ("term", claim.term.word().into()),
        ("date", claim.date.map(|d| d.to_string()).into()),
    ]);
    add_period(&mut fields, claim.period);
    fields.extend([
        ("method", claim.method.as_deref().into()),
        ("note", claim.note.as_deref().into()),
        ("preferred", claim.preferred.is_some().into()),
        ("preferred_because", claim.preferred.as_deref().into()),
    ]);
    add_provenance(
        &mut fields,
        claim.source,
        &claim.locator,
        &claim.origin,
        claim.licence.as_ref(),
    );
    fields
}

/// A claim with its own identity, as it stands within another record.
pub fn nested(item: &Claim) -> Fields<'_> {
    let mut fields: Fields<'_> = vec![("id", item.id.0.into())];
    fields.extend(claim(item));
    fields
}

fn add_value<'a>(fields: &mut Fields<'a>, value: &'a ClaimValue) {
    let number = match value {
        ClaimValue::Number(range) => Some(range),
        _ => None,
    };
    let best: Value<'a> = match value {
        ClaimValue::Number(range) => range.best.into(),
        ClaimValue::Text(words) | ClaimValue::Code(words) => words.into(),
        ClaimValue::Date(date) => date.to_string().into(),
    };
    let (coverage, missing) = match number.map(|range| &range.spread) {
        Some(Spread::Range { coverage: Coverage::Stated(p), .. }) => (Some(*p), None),
        Some(Spread::Missing(reason)) => (None, Some(reason.as_str())),
        _ => (None, None),
    };
    fields.extend([
        ("value", best),
        ("low", number.and_then(Range::low).into()),
        ("high", number.and_then(Range::high).into()),
        ("coverage", coverage.into()),
        ("range_missing_because", missing.into()),
        ("unit", number.map(|range| range.unit.symbol()).into()),
        ("reported", number.map(|range| range.reported.as_str()).into()),
    ]);
}

/// Names of the fields of one key figure, numbers in the canonical unit of its dimension.
pub struct KeyFigure {
    /// Code of the property.
    pub property: &'static str,
    /// Best, low, high; then the cell as it stood, basis, term, source.
    pub names: [&'static str; 7],
}

/// Adds a key figure; all its fields are null where no claim states it.
pub fn add_key_figure<'a>(fields: &mut Fields<'a>, figure: &KeyFigure, claims: &'a [Claim]) {
    let stated = claims.iter().filter(|claim| claim.property == figure.property);
    let found = stated.into_iter().find_map(|claim| match &claim.value {
        ClaimValue::Number(range) => Some((claim, range)),
        _ => None,
    });
    let in_unit = |number: fn(&Range) -> Option<f64>| {
        found.and_then(|(_, range)| number(range).map(|n| range.unit.to_canonical(n)))
    };
    let values: [Value<'a>; 7] = [
        in_unit(|range| range.best).into(),
        in_unit(Range::low).into(),
        in_unit(Range::high).into(),
        found.map(|(_, range)| range.reported.as_str()).into(),
        found.map(|(claim, _)| claim.basis.word()).into(),
        found.map(|(claim, _)| claim.term.word()).into(),
        found.map(|(claim, _)| claim.source.0).into(),
    ];
    fields.extend(figure.names.into_iter().zip(values));
}
