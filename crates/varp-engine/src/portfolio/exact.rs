//! The best portfolio with its proof: bound, settle what the bound decides, search the rest.

use super::relaxation::{Prices, Problem, bound, fan};
use super::states::{First, Reach, Search, split};
use super::structure::Structure;

/// Two portfolios whose worths differ by less, relative to the bound, are worth the same.
const SAME: f64 = 1e-11;
/// Quick searches first: states kept, groups left open, and which of them come first. What they
/// find settles more groups.
const QUICK: [(usize, usize, First); 4] = [
    (200, 200, First::HardToTell),
    (2000, 50, First::EasyToTell),
    (2000, 200, First::EasyToTell),
    (2000, 1500, First::HardToTell),
];
/// States kept after each group in the last search.
const WIDTH: usize = 50_000;

/// Where a search starts: what was found for other worths or another budget.
#[derive(Clone, Debug)]
pub(super) struct Start {
    /// Prices.
    pub prices: Prices,
    /// A portfolio.
    pub chosen: Option<Vec<bool>>,
}

/// What is known of the best portfolio.
pub(super) enum Best {
    /// No portfolio meets the rules, proved.
    None,
    /// No portfolio is at hand, and whether there is one is not known.
    Unknown,
    /// A portfolio.
    Found(Chosen),
}

/// A portfolio, and how much better another could be.
pub(super) struct Chosen {
    /// By place.
    pub x: Vec<bool>,
    /// Its worth.
    pub worth: f64,
    /// No portfolio is worth more.
    pub bound: f64,
    /// Prices of the bound.
    pub prices: Prices,
}

impl Chosen {
    /// To begin another search with.
    pub fn start(&self) -> Start {
        Start { prices: self.prices.clone(), chosen: Some(self.x.clone()) }
    }

    /// The same, or the other where that is worth more, under the lower of both bounds.
    pub fn bounded_by(self, other: Option<&Self>) -> Self {
        let Some(other) = other else { return self };
        let bound = self.bound.min(other.bound);
        let x = if other.worth > self.worth { other.x.clone() } else { self.x };
        let worth = self.worth.max(other.worth);
        Self { x, worth, bound: bound.max(worth), prices: self.prices }
    }

    /// How much of its worth another portfolio could be better by; zero where it is the best.
    pub fn gap(&self) -> f64 {
        let more = (self.bound - self.worth).max(0.0);
        if more <= 2.0 * SAME * self.bound.abs() { 0.0 } else { more / self.worth.abs() }
    }
}

/// Searches among the groups of a structure; looks at `states` partial portfolios at most.
pub(super) fn best(
    structure: &Structure,
    worths: &[f64],
    budget: f64,
    start: Option<&Start>,
    states: u64,
) -> Best {
    search(&Problem::new(structure, worths, budget, 0.0), worths, start, states)
}

/// A portfolio that costs as little as any, if that is within the budget.
pub(super) fn cheapest(structure: &Structure, costs: &[f64], budget: f64, states: u64) -> Best {
    let gain: Vec<f64> = costs.iter().map(|cost| -cost).collect();
    let all: f64 = costs.iter().sum();
    let least = -budget * (1.0 + super::model::ROUNDING);
    search(&Problem::new(structure, &gain, all, least), &gain, None, states)
}

fn search(problem: &Problem<'_>, worths: &[f64], start: Option<&Start>, states: u64) -> Best {
    let structure = problem.structure;
    if structure.groups.iter().any(std::ops::Range::is_empty) {
        return Best::None;
    }
    let mut at_hand = start.and_then(|s| s.chosen.clone()).map(|x| (worth_of(&x, worths), x));
    let known = at_hand.as_ref().map(|b| b.0);
    // prices may come from a search that counted sites, or from one that did not
    let fitted = start.map(|s| {
        let mut prices = s.prices.clone();
        prices.shared.resize(structure.shared.len(), 0.0);
        prices
    });
    let (upper, prices) = bound(problem, fitted.as_ref(), known);
    let same = (SAME * upper.abs().max(problem.least.abs())).max(f64::MIN_POSITIVE);
    if upper < problem.least - same {
        return Best::None;
    }
    let fan = fan(&prices);
    let bounds: Vec<(Prices, f64)> =
        fan.iter().map(|prices| (prices.clone(), problem.bound(prices))).collect();
    let Some(search) = Search::new(problem, &fan) else { return Best::Unknown };
    let mut proved = upper;
    let mut left = states;
    let last = (WIDTH, usize::MAX, First::EasyToTell);
    for (width, most, first) in QUICK.into_iter().chain([last]) {
        let floor = at_hand.as_ref().map_or(problem.least - same, |b| b.0 + same);
        let (taken, open) = split(problem, &bounds, floor, most, first);
        let all = open.len() < most;
        let found = search.run(&taken, &open, floor, Reach { width, states: left });
        left = left.saturating_sub(found.states);
        if let Some(taken) = found.best {
            let mut x = vec![false; worths.len()];
            let members = taken.iter().flat_map(|k| &structure.alternatives[*k].members);
            members.for_each(|i| x[*i] = true);
            at_hand = Some((worth_of(&x, worths), x));
        }
        if all {
            let worth = at_hand.as_ref().map_or(f64::NEG_INFINITY, |b| b.0);
            proved = proved.min(worth.max(found.dropped).max(floor));
            if found.dropped <= worth + same {
                if at_hand.is_none() {
                    return Best::None;
                }
                break;
            }
        }
    }
    let Some((worth, x)) = at_hand else { return Best::Unknown };
    Best::Found(Chosen { x, worth, bound: proved.max(worth), prices })
}

/// The sum over what is taken.
pub(super) fn worth_of(x: &[bool], worths: &[f64]) -> f64 {
    worths.iter().zip(x).filter(|(_, x)| **x).map(|(w, _)| w).sum::<f64>() + 0.0
}
