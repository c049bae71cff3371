//! An upper bound of what any portfolio is worth: limits are priced instead of kept.
//!
//! L(y) = y·b + Σ_groups max_alternatives (worth − y·use) for prices y ≥ 0 of the budget and the
//! quotas; no portfolio is worth more, whatever the prices (Geoffrion 1974). An alternative whose
//! value under the prices is by `loss` below the best of its group is in no portfolio worth more
//! than L(y) − loss. Prices of quotas are sought by subgradients, that of the budget by bisection.

use super::structure::Structure;

/// Steps of the search for prices.
const STEPS: usize = 200;
/// Halvings of the price of the budget.
const HALVINGS: usize = 60;

/// Prices of the budget as shares of the best one; that first.
const FAN: [f64; 16] =
    [1.0, 0.0, 0.3, 0.5, 0.65, 0.8, 0.9, 0.95, 0.98, 1.02, 1.05, 1.1, 1.2, 1.35, 1.6, 2.5];

/// Prices of the budget and of the quotas (above zero: at least; below: at most).
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Prices {
    pub budget: f64,
    pub shared: Vec<f64>,
}

/// What there is to choose from, and its worth.
pub(super) struct Problem<'a> {
    pub structure: &'a Structure,
    /// Worth of each alternative.
    pub worth: Vec<f64>,
    pub budget: f64,
    /// A portfolio worth less is none.
    pub least: f64,
}

impl<'a> Problem<'a> {
    pub fn new(structure: &'a Structure, worths: &[f64], budget: f64, least: f64) -> Self {
        let of = |members: &Vec<usize>| members.iter().map(|i| worths[*i]).sum::<f64>() + 0.0;
        let worth = structure.alternatives.iter().map(|a| of(&a.members)).collect();
        Self { structure, worth, budget, least }
    }

    /// The bound under prices.
    pub fn bound(&self, prices: &Prices) -> f64 {
        relaxed(self, prices).bound
    }

    /// Value of an alternative under prices.
    pub fn priced(&self, k: usize, prices: &Prices) -> f64 {
        let alternative = &self.structure.alternatives[k];
        let counts = alternative.counts.iter().map(|(d, n)| prices.shared[*d] * f64::from(*n));
        self.worth[k] - prices.budget * alternative.cost + counts.sum::<f64>()
    }
}

/// Prices whose bounds are used together: the best, and others of the budget beside it, which tell
/// more of partial portfolios that have spent little or much.
pub(super) fn fan(prices: &Prices) -> Vec<Prices> {
    let with = |factor: &f64| Prices { budget: factor * prices.budget, ..prices.clone() };
    FAN.iter().map(with).collect()
}

/// What prices give.
struct Relaxed {
    bound: f64,
    cost: f64,
    counts: Vec<f64>,
}

fn relaxed(problem: &Problem<'_>, prices: &Prices) -> Relaxed {
    let structure = problem.structure;
    let mut found =
        Relaxed { bound: prices.budget * problem.budget, cost: 0.0, counts: Vec::new() };
    found.counts = vec![0.0; structure.shared.len()];
    for (limit, price) in structure.shared.iter().zip(&prices.shared) {
        let bound = if *price > 0.0 { limit.least } else { limit.most.unwrap_or(0) };
        found.bound -= price * f64::from(bound);
    }
    for group in &structure.groups {
        let mut best = (f64::NEG_INFINITY, group.start);
        for k in group.clone() {
            let value = problem.priced(k, prices);
            if value > best.0 {
                best = (value, k);
            }
        }
        found.bound += best.0;
        let alternative = &structure.alternatives[best.1];
        found.cost += alternative.cost;
        alternative.counts.iter().for_each(|(d, n)| found.counts[*d] += f64::from(*n));
    }
    found
}

/// The best bound found and its prices; stops below what counts.
pub(super) fn bound(
    problem: &Problem<'_>,
    start: Option<&Prices>,
    known: Option<f64>,
) -> (f64, Prices) {
    let free = Prices { budget: 0.0, shared: vec![0.0; problem.structure.shared.len()] };
    let mut at = price_of_budget(problem, start.unwrap_or(&free));
    let mut now = relaxed(problem, &at);
    let mut best = (now.bound, at.clone());
    if free.shared.is_empty() {
        return best;
    }
    let scale = usual_cost(problem.structure);
    let mut ahead = 0.05 * now.bound.abs().max(1e-12);
    let mut stalled = 0;
    for _ in 0..STEPS {
        let target = (best.0 - ahead).max(known.unwrap_or(f64::NEG_INFINITY));
        if best.0 < problem.least || !step(problem, &mut at, &now, target, scale) {
            break;
        }
        now = relaxed(problem, &at);
        stalled = if best.0 - now.bound > 0.1 * ahead { 0 } else { stalled + 1 };
        if now.bound < best.0 {
            best = (now.bound, at.clone());
        }
        if stalled >= 5 {
            (ahead, stalled) = (ahead / 2.0, 0);
        }
    }
    at = price_of_budget(problem, &best.1);
    let last = relaxed(problem, &at).bound;
    if last < best.0 { (last, at) } else { best }
}

/// A step against the subgradient, of the length that would reach `target` on a line (Polyak).
fn step(problem: &Problem<'_>, at: &mut Prices, now: &Relaxed, target: f64, scale: f64) -> bool {
    let shared = &problem.structure.shared;
    let spare = (problem.budget - now.cost) / scale;
    let budget = if at.budget <= 0.0 { spare.min(0.0) } else { spare };
    let slope = |d: usize| {
        let (least, most) = (f64::from(shared[d].least), shared[d].most.map(f64::from));
        let (count, price) = (now.counts[d], at.shared[d]);
        if price > 0.0 || (price == 0.0 && count < least) {
            count - least
        } else {
            let over = most.map_or(0.0, |most| count - most);
            if price < 0.0 { over } else { over.max(0.0) }
        }
    };
    let slopes: Vec<f64> = (0..shared.len()).map(slope).collect();
    let square = budget * budget + slopes.iter().map(|s| s * s).sum::<f64>();
    if square <= 0.0 || now.bound <= target {
        return false;
    }
    let length = (now.bound - target) / square;
    at.budget = (at.budget - length * budget / scale).max(0.0);
    for (d, slope) in slopes.iter().enumerate() {
        let next = at.shared[d] - length * slope;
        // through zero the other limit of the quota takes over: stop there
        let crossed = at.shared[d] * next < 0.0 || (next < 0.0 && shared[d].most.is_none());
        at.shared[d] = if crossed { 0.0 } else { next };
    }
    true
}

/// The best price of the budget beside given prices of quotas; the bound is convex in it.
fn price_of_budget(problem: &Problem<'_>, prices: &Prices) -> Prices {
    let with = |budget: f64| Prices { budget, shared: prices.shared.clone() };
    let over = |budget: f64| relaxed(problem, &with(budget)).cost > problem.budget;
    if !over(0.0) {
        return with(0.0);
    }
    let (mut low, mut high) = (0.0, dearest(problem, prices));
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if over(middle) { low = middle } else { high = middle }
    }
    let (low, high) = (with(low), with(high));
    if relaxed(problem, &low).bound < relaxed(problem, &high).bound { low } else { high }
}

/// The mean cost of what costs.
fn usual_cost(structure: &Structure) -> f64 {
    let costs = structure.alternatives.iter().map(|a| a.cost).filter(|c| *c > 0.0);
    let (sum, count) = costs.fold((0.0, 0_usize), |(s, n), c| (s + c, n + 1));
    if count > 0 { sum / count as f64 } else { 1.0 }
}

/// A price of the budget at which nothing that costs is taken.
fn dearest(problem: &Problem<'_>, prices: &Prices) -> f64 {
    let counted: f64 = prices.shared.iter().map(|p| p.abs()).sum();
    let each = problem.structure.alternatives.iter().zip(&problem.worth);
    each.filter(|(a, _)| a.cost > 0.0)
        .map(|(a, worth)| (worth + counted * a.members.len() as f64) / a.cost)
        .fold(0.0, f64::max)
        .min(1e290)
}
