//! What claims state: the preferred one, the only one, or the range of all where they conflict.

use varp_model::{Claim, ClaimValue, Term};

use super::figure::Figure;
use crate::rank::table::Evidence;

/// Claims of a property that speak of what may lie there today; amounts taken out do not.
pub fn standing<'a>(
    claims: &'a [Claim],
    property: &str,
    substance: Option<&str>,
) -> Vec<&'a Claim> {
    let fits = |c: &&Claim| {
        c.property == property
            && c.term != Term::Produced
            && substance.is_none_or(|s| c.substance.as_ref().is_some_and(|own| own.code() == s))
    };
    let all: Vec<&Claim> = claims.iter().filter(fits).collect();
    match all.iter().find(|c| c.preferred.is_some()) {
        Some(preferred) => vec![*preferred],
        None => all,
    }
}

/// What the claims of a property say together, in its canonical unit.
///
/// - `unstated`: coefficient of variation where the source gives no range
pub fn figure(
    claims: &[Claim],
    property: &str,
    substance: Option<&str>,
    unstated: f64,
) -> Option<Figure> {
    let found = standing(claims, property, substance);
    let mut figures: Vec<Figure> = found.iter().filter_map(|c| of_claim(c, unstated)).collect();
    if figures.len() < 2 {
        return figures.pop();
    }
    let low = figures.iter().map(|f| f.low).fold(f64::INFINITY, f64::min);
    let high = figures.iter().map(|f| f.high).fold(0.0, f64::max);
    let best = figures.iter().map(|f| f.best).sum::<f64>() / figures.len() as f64;
    let how = format!("range of {} claims that stand side by side", figures.len());
    Some(Figure::of_range(low, best, high, Evidence::Derived, how))
}

/// One claim; `None` where it is no number above zero.
pub fn of_claim(claim: &Claim, unstated: f64) -> Option<Figure> {
    let ClaimValue::Number(range) = &claim.value else { return None };
    let own = |v: f64| range.unit.to_canonical(v);
    let ends = range.low().map(own).zip(range.high().map(own));
    let best = range.best.map(own).or(ends.map(|(low, high)| (low + high) / 2.0))?;
    if !(best > 0.0 && best.is_finite()) {
        return None;
    }
    let how = format!("claim {}: {}", claim.property, range.reported);
    let evidence = if claim.method.is_some() { Evidence::Measured } else { Evidence::Derived };
    Some(match ends {
        Some((low, high)) if low < high && low >= 0.0 => {
            Figure::of_range(low, best, high, evidence, how)
        }
        _ => Figure::new(best, unstated, evidence, format!("{how}, no range stated")),
    })
}

/// The words of the claims of a property: codes, or texts.
pub fn words<'a>(claims: &'a [Claim], property: &str) -> Vec<&'a str> {
    let word = |c: &&'a Claim| match &c.value {
        ClaimValue::Text(text) | ClaimValue::Code(text) => Some(text.trim()),
        ClaimValue::Number(_) | ClaimValue::Date(_) => None,
    };
    standing(claims, property, None).iter().filter_map(word).collect()
}
