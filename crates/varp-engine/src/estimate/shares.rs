//! What share of a result's variance each input has.

use super::carry::Outcome;
use super::mass::{MassFrom, PlannedFlow};
use super::plan::EstimationPlan;
use super::run::Wiring;

/// Names with their shares, greatest first: of the inputs that enter the mass or the contained tonnes of
/// a substance, those that matter. Whatever else correlates with them does so by chance of the draws.
pub(super) fn of(wiring: &Wiring<'_>, outcome: &Outcome, of: Option<&str>) -> Vec<(String, f64)> {
    let named = wiring.named.iter().zip(outcome.shares.iter().copied());
    let own = named.filter(|(n, share)| *share > 5e-4 && enters(wiring.plan, &n.input.name, of));
    let mut shares: Vec<(String, f64)> =
        own.map(|(n, share)| (n.input.name.clone(), share)).collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    shares
}

/// Whether an input enters the mass (`of` is `None`) or the contained tonnes of a substance.
fn enters(plan: &EstimationPlan, name: &str, of: Option<&str>) -> bool {
    let planned = |s: &str| plan.products.iter().any(|p| p.substance == s);
    let balanced = of.is_some_and(|s| !planned(s));
    if let Some(substance) = name.strip_prefix("grade of ") {
        return of == Some(substance);
    }
    let MassFrom::Balance { periods, .. } = &plan.mass else { return true };
    let mut flows = periods.iter().flat_map(|p| p.flows.iter().map(move |f| (&p.name, f)));
    // what left as concentrate left the mass of every product
    let leaves = |f: &PlannedFlow| f.concentrate_grade.is_some();
    if name == "factor of all head grades" {
        return balanced || flows.any(|(_, f)| leaves(f));
    }
    let flow = flows.find(|(period, f)| {
        let tail = format!(" of {} {period}", f.substance);
        name.strip_suffix(&tail).is_some_and(|what| matches!(what, "head grade" | "recovery"))
    });
    flow.is_none_or(|(_, f)| leaves(f) || (balanced && of == Some(f.substance.as_str())))
}
