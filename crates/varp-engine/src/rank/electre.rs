//! ELECTRE: concordance, credibility and sorting into ordered classes (TRI-B).
//!
//! σ(a,b) = C · Π_{d_j > C} (1 − d_j)/(1 − C), with C the weighted mean of the partial
//! concordances and d_j the partial discordances (Roy 1978; Yu 1992). More is better everywhere;
//! turn costs first.

use super::criteria::Thresholds;

/// Degree to which `a` is at least as good as `b` on one criterion.
#[inline]
fn partial_concordance(a: f64, b: f64, t: &Thresholds) -> f64 {
    let short = b - a;
    if short <= t.indifference {
        1.0
    } else if short >= t.preference {
        0.0
    } else {
        (t.preference - short) / (t.preference - t.indifference)
    }
}

/// Degree to which one criterion speaks against "`a` is at least as good as `b`".
#[inline]
fn partial_discordance(a: f64, b: f64, t: &Thresholds) -> f64 {
    match t.veto {
        Some(veto) => ((b - a - t.preference) / (veto - t.preference)).clamp(0.0, 1.0),
        None => 0.0,
    }
}

/// C(a,b) within 0..=1.
pub fn concordance(a: &[f64], b: &[f64], weights: &[f64], thresholds: &[Thresholds]) -> f64 {
    let (mut sum, mut total) = (0.0, 0.0);
    for (((a, b), w), t) in a.iter().zip(b).zip(weights).zip(thresholds) {
        sum += w * partial_concordance(*a, *b, t);
        total += w;
    }
    sum / total
}

/// σ(a,b) within 0..=1: how credible it is that `a` is at least as good as `b`.
pub fn credibility(a: &[f64], b: &[f64], weights: &[f64], thresholds: &[Thresholds]) -> f64 {
    let overall = concordance(a, b, weights, thresholds);
    let mut sigma = overall;
    for ((a, b), t) in a.iter().zip(b).zip(thresholds) {
        let against = partial_discordance(*a, *b, t);
        if against > overall {
            sigma *= (1.0 - against) / (1.0 - overall);
        }
    }
    sigma
}

/// Classes of TRI-B, the worst being 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assignment {
    /// One above the highest profile h with σ(a, b_h) ≥ λ.
    pub pessimistic: usize,
    /// Below the lowest profile preferred to the site: σ(b_h, a) ≥ λ and σ(a, b_h) < λ.
    pub optimistic: usize,
}

/// Both assignments of one site.
///
/// - `profiles`: from the worst class upward; profile h separates classes h and h + 1
/// - `cut`: λ within 0.5..=1
pub fn assign(
    site: &[f64],
    profiles: &[Vec<f64>],
    weights: &[f64],
    thresholds: &[Thresholds],
    cut: f64,
) -> Assignment {
    let mut pessimistic = 0;
    let mut optimistic = None;
    for (h, profile) in profiles.iter().enumerate() {
        let outranks = credibility(site, profile, weights, thresholds) >= cut;
        if outranks {
            pessimistic = h + 1;
        } else if optimistic.is_none() && credibility(profile, site, weights, thresholds) >= cut {
            optimistic = Some(h);
        }
    }
    Assignment { pessimistic, optimistic: optimistic.unwrap_or(profiles.len()) }
}
