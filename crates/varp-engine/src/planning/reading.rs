//! From claims to what is believed of one number, with the reason.

use std::collections::BTreeMap;

use varp_model::{Claim, ClaimId, ClaimValue, Coverage, Range, SourceId, Spread};

use super::Choice;
use super::priors::Priors;
use crate::chance::Z80;
use crate::chance::distribution::normal_quantile;
use crate::estimate::{Basis, Belief, Quantity, RangeRule};

/// A number as it will stand in the plan, and how it came about.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Read {
    pub quantity: Quantity,
    pub because: String,
    pub claims: Vec<ClaimId>,
    pub left_out: Vec<String>,
}

impl Read {
    /// As a choice about `about`.
    pub fn choice(&self, about: &str, unit: &str) -> Choice {
        Choice {
            about: about.to_owned(),
            chosen: format!("{} {unit}", shown(&self.quantity.belief)).trim().to_owned(),
            because: self.because.clone(),
            source: self.quantity.source.clone(),
            claims: self.claims.clone(),
            left_out: self.left_out.clone(),
        }
    }

    /// The same number times another: medians multiply, spreads add on the scale of logarithms.
    pub fn times(mut self, median: f64, sigma: f64) -> Self {
        let (own, own_sigma) = lognormal_of(&self.quantity.belief);
        let sigma = own_sigma.hypot(sigma);
        self.quantity.belief = lognormal(own * median, sigma);
        self
    }
}

/// Median and standard deviation of the logarithm of a positive belief, from its deciles.
pub(super) fn lognormal_of(belief: &Belief) -> (f64, f64) {
    let [low, best, high] = [0.1, 0.5, 0.9].map(|p| belief.quantile(p));
    let sigma = if low > 0.0 { (high / low).ln() / (2.0 * Z80) } else { 0.0 };
    (best, sigma)
}

pub(super) fn lognormal(median: f64, sigma: f64) -> Belief {
    if sigma > 0.0 { Belief::Lognormal { median, sigma } } else { Belief::Exact(median) }
}

/// An 80 % range as a belief around its best value.
pub(super) fn of_80(low: f64, best: f64, high: f64) -> Belief {
    lognormal(best, (high / low).ln() / (2.0 * Z80))
}

/// Low, best and high with three digits.
pub(super) fn shown(belief: &Belief) -> String {
    let [low, best, high] = [0.1, 0.5, 0.9].map(|p| figure(belief.quantile(p)));
    if low == high { best } else { format!("{best} ({low} to {high})") }
}

/// A number with three significant digits.
pub(super) fn figure(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let digits = (2.0 - value.abs().log10().floor()).clamp(-12.0, 12.0) as i32;
    let step = 10f64.powi(-digits);
    let rounded = (value / step).round() * step;
    format!("{rounded:.*}", usize::try_from(digits.max(0)).unwrap_or(0))
}

/// What claims are read with.
pub(super) struct Reader<'a> {
    pub priors: &'a Priors,
    pub shipped: &'a crate::estimate::Priors,
    pub titles: &'a BTreeMap<SourceId, String>,
}

impl Reader<'_> {
    /// Where a claim stands: title, page or cell, and its id, which leads to the rest.
    pub fn cited(&self, claim: &Claim) -> String {
        let mut said = self.titles.get(&claim.source).cloned().unwrap_or_else(|| "a source".into());
        let at = &claim.locator;
        for (word, part) in [("", &at.page), ("", &at.file), ("sheet ", &at.sheet)] {
            if let Some(part) = part {
                said.push_str(&format!(", {word}{part}"));
            }
        }
        if let Some(row) = at.row {
            said.push_str(&format!(", row {row}"));
        }
        said.push_str(&format!(" [claim {}]", claim.id));
        said
    }

    /// The belief about one number of the register; `property` names the prior for its spread.
    pub fn of_claims(&self, claims: &[&Claim], property: &str, basis: Basis) -> Option<Read> {
        let numbers: Vec<(&Claim, &Range)> =
            claims.iter().filter_map(|c| number(c).map(|r| (*c, r))).collect();
        let preferred = numbers.iter().find(|(c, _)| c.preferred.is_some());
        let chosen = preferred.or(if let [only] = &numbers[..] { Some(only) } else { None });
        match chosen {
            Some((claim, range)) => {
                let (belief, how) = self.belief(range, property)?;
                let why = match &claim.preferred {
                    Some(reason) => format!("preferred in the register: {reason}"),
                    None => "the only statement".to_owned(),
                };
                let others = numbers.iter().filter(|(c, _)| c.id != claim.id);
                let left_out = others
                    .map(|(c, r)| {
                        format!("{} ({}): another is preferred", r.reported, self.cited(c))
                    })
                    .collect();
                let source = self.cited(claim);
                let because = format!("{why}; {how}");
                Some(Read {
                    quantity: Quantity { belief, basis, source },
                    because,
                    claims: vec![claim.id],
                    left_out,
                })
            }
            None if numbers.is_empty() => None,
            None => self.envelope(&numbers, property, basis),
        }
    }

    /// Statements that disagree, none preferred: a range that holds them all.
    fn envelope(&self, numbers: &[(&Claim, &Range)], property: &str, basis: Basis) -> Option<Read> {
        let beliefs: Vec<Belief> =
            numbers.iter().filter_map(|(_, r)| self.belief(r, property).map(|(b, _)| b)).collect();
        let ends = |p: f64| beliefs.iter().map(move |b| b.quantile(p));
        let (low, high) = (ends(0.1).reduce(f64::min)?, ends(0.9).reduce(f64::max)?);
        let mut middles: Vec<f64> = ends(0.5).collect();
        middles.sort_by(f64::total_cmp);
        let best = match middles.len() % 2 {
            1 => middles[middles.len() / 2],
            _ => (middles[middles.len() / 2 - 1] * middles[middles.len() / 2]).max(0.0).sqrt(),
        };
        if !(low > 0.0 && best > 0.0) {
            return None;
        }
        let sources: Vec<String> = numbers.iter().map(|(c, _)| self.cited(c)).collect();
        Some(Read {
            quantity: Quantity {
                belief: of_80(low, best, high),
                basis,
                source: sources.join("; "),
            },
            because: format!(
                "{} statements and none is preferred: the range holds all of them, best is their \
                 median; `varp prefer` narrows it",
                numbers.len()
            ),
            claims: numbers.iter().map(|(c, _)| c.id).collect(),
            left_out: Vec::new(),
        })
    }

    /// A claimed range as a belief in the canonical unit, and by which rule.
    pub fn belief(&self, range: &Range, property: &str) -> Option<(Belief, String)> {
        let own = |v: f64| range.unit.to_canonical(v);
        let best = range.best.map(own);
        match (&range.spread, best) {
            (Spread::Range { low, high, coverage }, _) => {
                let (low, high) = (own(*low), own(*high));
                let best = best.filter(|b| low <= *b && *b <= high);
                match coverage {
                    Coverage::Stated(p) if low > 0.0 && (0.01..1.0).contains(p) => {
                        let z = normal_quantile(0.5 + p / 2.0);
                        let sigma = (high / low).ln() / (2.0 * z);
                        let how = format!("the source says its range covers {:.0} %", p * 100.0);
                        Some((lognormal(best.unwrap_or((low * high).sqrt()), sigma), how))
                    }
                    _ => {
                        let rule = if low > 0.0 { RangeRule::Lognormal80 } else { RangeRule::Hard };
                        let how = match rule {
                            RangeRule::Lognormal80 => {
                                "the source does not say what its range covers: read as 80 % \
                                 (rule lognormal_80)"
                            }
                            RangeRule::Hard => "the range is read as hard ends (rule hard)",
                        };
                        Belief::of_range(low, best, high, rule).ok().map(|b| (b, how.to_owned()))
                    }
                }
            }
            (Spread::Missing(_), Some(best)) if best > 0.0 => {
                let factor = self.priors.factor(property);
                let how = format!(
                    "no range is stated: 80 % within a factor of {factor} either way (prior, unverified)"
                );
                Some((lognormal(best, factor.ln() / Z80), how))
            }
            (Spread::Missing(_), Some(0.0)) => {
                Some((Belief::Exact(0.0), "stated as nothing".to_owned()))
            }
            (Spread::Missing(_), _) => None,
        }
    }
}

/// The number of a claim.
pub(super) fn number(claim: &Claim) -> Option<&Range> {
    match &claim.value {
        ClaimValue::Number(range) => Some(range),
        _ => None,
    }
}

/// Best value, or the geometric middle of its range, in the canonical unit.
pub fn middle(range: &Range) -> Option<f64> {
    let ends = range.low().zip(range.high());
    let best =
        range.best.or(ends.map(|(l, h)| if l > 0.0 { (l * h).sqrt() } else { (l + h) / 2.0 }));
    best.map(|b| range.unit.to_canonical(b))
}
