//! Ranking of the bodies of a register.

use std::collections::BTreeMap;

use varp_engine::rank::table::{Cell, Datum, Evidence, Row};
use varp_model::{Claim, ClaimValue, Range, Visibility};
use varp_store::{Store, StoreError};

use super::whole;

/// Criteria that a claim answers: criterion, property, substance, canonical unit to the criterion's.
const ANSWERED: [(&str, &str, Option<&str>, f64); 3] = [
    ("R3", "mass", None, 1e-6),      // t to Mt
    ("E1", "grade", Some("S"), 1e2), // kg/kg to per cent
    ("T1", "recovery", None, 1e2),   // ratio to per cent
];

/// The secondary bodies of a register as rows of a ranking table, and their names by id.
///
/// A criterion that no claim answers is missing: the ranking draws it from a prior, the other
/// bodies, or ignorance, and says so.
///
/// # Errors
/// If the register cannot be read.
pub fn ranking_rows(store: &dyn Store) -> Result<(Vec<Row>, BTreeMap<String, String>), StoreError> {
    let mut names = BTreeMap::new();
    let mut rows = Vec::new();
    for item in store.bodies(&whole(Vec::new()))?.items {
        let body = &item.body;
        if body.kind.is_primary() {
            continue;
        }
        let Some(page) = store.body(body.id, Visibility::Private)? else { continue };
        let mut attributes = BTreeMap::from([
            ("kind".to_owned(), body.kind.0.clone()),
            ("country".to_owned(), item.country.code().to_owned()),
        ]);
        if let Some(commodity) = body.commodities.first() {
            attributes.insert("commodity".to_owned(), commodity.clone());
        }
        let data = ANSWERED
            .iter()
            .filter_map(|(criterion, property, substance, factor)| {
                let claim = answer(&page.claims, property, *substance)?;
                Some(((*criterion).to_owned(), datum(claim, *factor)?))
            })
            .collect();
        names.insert(body.id.to_string(), body.name.clone());
        rows.push(Row { id: body.id.to_string(), attributes, data });
    }
    Ok((rows, names))
}

/// The preferred claim, or the only one; conflicting claims without a preference answer nothing.
fn answer<'a>(claims: &'a [Claim], property: &str, substance: Option<&str>) -> Option<&'a Claim> {
    let fits = |c: &&Claim| {
        c.property == property
            && substance.is_none_or(|s| c.substance.as_ref().is_some_and(|own| own.code() == s))
    };
    let found: Vec<&Claim> = claims.iter().filter(fits).collect();
    let preferred = found.iter().find(|c| c.preferred.is_some());
    preferred.copied().or(if let [only] = found[..] { Some(only) } else { None })
}

fn datum(claim: &Claim, factor: f64) -> Option<Datum> {
    let ClaimValue::Number(range) = &claim.value else { return None };
    Some(Datum { cell: cell(range, factor)?, evidence: Evidence::Derived })
}

fn cell(range: &Range, factor: f64) -> Option<Cell> {
    let own = |v: f64| range.unit.to_canonical(v) * factor;
    match (range.low().map(own), range.best.map(own), range.high().map(own)) {
        (Some(low), Some(mode), Some(high)) if low < high => {
            Some(Cell::Triangular { low, mode, high })
        }
        (Some(low), None, Some(high)) if low < high => Some(Cell::Uniform { low, high }),
        (_, Some(value), _) => Some(Cell::Exact { value }),
        _ => None,
    }
}
