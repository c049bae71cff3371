//! A portfolio that the rules allow, at hand before any search: what gives most for its cost comes first, with all
//! that it requires.

use std::collections::{BTreeMap, BTreeSet};

use super::exact::worth_of;
use super::structure::{Shared, clusters, memberships, shared};
use super::{Candidate, Rules};

/// Times that all candidates are offered: what one brings in may make room for what needs it.
const PASSES: usize = 4;

/// What the rules say of each candidate, by place.
pub(super) struct Greedy<'a> {
    candidates: &'a [Candidate],
    /// The candidate and all that it requires; `None` where the rules never allow these together.
    closures: Vec<Option<Vec<usize>>>,
    cluster: Vec<usize>,
    quotas: Vec<Vec<usize>>,
    shared: Vec<Shared>,
    must: Vec<usize>,
}

/// What comes first.
#[derive(Clone, Copy)]
enum Promise {
    /// What gives most for its cost.
    PerCost,
    /// What gives most.
    Whole,
}

/// A portfolio under construction.
#[derive(Clone)]
struct Taken {
    x: Vec<bool>,
    /// Whether a cluster has its site.
    full: Vec<bool>,
    counts: Vec<u32>,
    cost: f64,
}

impl<'a> Greedy<'a> {
    pub fn new(candidates: &'a [Candidate], rules: &Rules) -> Self {
        let places: BTreeMap<&str, usize> =
            candidates.iter().enumerate().map(|(i, c)| (c.id.as_str(), i)).collect();
        let place = |id: &String| places[id.as_str()];
        let mut needs: Vec<Vec<usize>> = vec![Vec::new(); candidates.len()];
        for (a, b) in &rules.requires {
            needs[place(a)].push(place(b));
        }
        let mut never = vec![false; candidates.len()];
        rules.never.iter().map(place).for_each(|i| never[i] = true);
        let mut cluster = vec![0; candidates.len()];
        for (k, members) in clusters(candidates, rules).iter().enumerate() {
            members.iter().for_each(|i| cluster[*i] = k);
        }
        let closure = |i| closure(i, &needs, &never, &cluster);
        Self {
            closures: (0..candidates.len()).map(closure).collect(),
            quotas: memberships(candidates, rules),
            shared: shared(rules),
            must: rules.must.iter().map(place).collect(),
            candidates,
            cluster,
        }
    }

    /// A portfolio for these worths; `None` where this simple way finds none.
    pub fn portfolio(&self, worth: &[f64], budget: f64) -> Option<Vec<bool>> {
        let empty = Taken {
            x: vec![false; self.candidates.len()],
            full: vec![false; self.candidates.len()],
            counts: vec![0; self.shared.len()],
            cost: 0.0,
        };
        let base = self.wanted(empty, budget)?;
        let per_cost = self.filled(&base, worth, budget, Promise::PerCost);
        let whole = self.filled(&base, worth, budget, Promise::Whole);
        Some(if worth_of(&whole, worth) > worth_of(&per_cost, worth) { whole } else { per_cost })
    }

    /// What must be in, and the cheapest of what quotas ask for.
    fn wanted(&self, mut taken: Taken, budget: f64) -> Option<Taken> {
        for i in &self.must {
            if !taken.x[*i] && !self.add(&mut taken, *i, budget) {
                return None;
            }
        }
        for (d, limit) in self.shared.iter().enumerate() {
            while taken.counts[d] < limit.least {
                let members =
                    (0..taken.x.len()).filter(|i| !taken.x[*i] && self.quotas[*i].contains(&d));
                let mut members: Vec<(f64, usize)> = members
                    .filter_map(|i| Some((self.more(&taken, i, |k| self.candidates[k].cost)?, i)))
                    .collect();
                members.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                if !members.into_iter().any(|(_, i)| self.add(&mut taken, i, budget)) {
                    return None;
                }
            }
        }
        Some(taken)
    }

    /// Filled up in the order of what `promise` makes of gain and cost.
    fn filled(&self, base: &Taken, worth: &[f64], budget: f64, promise: Promise) -> Vec<bool> {
        let mut taken = base.clone();
        for _ in 0..PASSES {
            let left = (0..worth.len()).filter(|i| !taken.x[*i]);
            let mut offers: Vec<(f64, usize)> = left
                .filter_map(|i| {
                    let gain = self.more(&taken, i, |k| worth[k]).filter(|gain| *gain > 0.0)?;
                    let cost = self.more(&taken, i, |k| self.candidates[k].cost)?;
                    Some((if let Promise::PerCost = promise { gain / cost } else { gain }, i))
                })
                .collect();
            offers.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let mut added = false;
            for (_, i) in offers {
                added |= !taken.x[i] && self.add(&mut taken, i, budget);
            }
            if !added {
                break;
            }
        }
        taken.x
    }

    /// The sum over a candidate and what it requires, as far as that is not taken yet.
    fn more(&self, taken: &Taken, i: usize, of: impl Fn(usize) -> f64) -> Option<f64> {
        let closure = self.closures[i].as_ref()?;
        Some(closure.iter().filter(|k| !taken.x[**k]).map(|k| of(*k)).sum())
    }

    /// Takes a candidate with all that it requires, if the rules and the budget let it.
    fn add(&self, taken: &mut Taken, i: usize, budget: f64) -> bool {
        let Some(closure) = &self.closures[i] else { return false };
        let new: Vec<usize> = closure.iter().copied().filter(|k| !taken.x[*k]).collect();
        let cost: f64 = new.iter().map(|k| self.candidates[*k].cost).sum();
        let mut counts = taken.counts.clone();
        new.iter().flat_map(|k| &self.quotas[*k]).for_each(|d| counts[*d] += 1);
        let over = |(count, limit): (&u32, &Shared)| limit.most.is_some_and(|most| *count > most);
        if taken.cost + cost > budget
            || new.iter().any(|k| taken.full[self.cluster[*k]])
            || counts.iter().zip(&self.shared).any(over)
        {
            return false;
        }
        for k in new {
            taken.x[k] = true;
            taken.full[self.cluster[k]] = true;
        }
        (taken.counts, taken.cost) = (counts, taken.cost + cost);
        true
    }
}

/// A candidate and all that it requires, in order; `None` if one is never taken, or two are of one cluster.
fn closure(
    start: usize,
    needs: &[Vec<usize>],
    never: &[bool],
    cluster: &[usize],
) -> Option<Vec<usize>> {
    let (mut found, mut next) = (BTreeSet::from([start]), vec![start]);
    while let Some(i) = next.pop() {
        next.extend(needs[i].iter().copied().filter(|k| found.insert(*k)));
    }
    let homes: BTreeSet<usize> = found.iter().map(|i| cluster[*i]).collect();
    let allowed = homes.len() == found.len() && !found.iter().any(|i| never[*i]);
    allowed.then(|| found.into_iter().collect())
}
