//! Partial portfolios, group by group: the dominated and those that cannot win any more go.
//!
//! Dynamic programming with lists of states (Nemhauser & Ullmann 1969) and bounds (Pisinger
//! 1997). Of two states that count alike towards the quotas the dearer that is worth no more
//! goes; so does one whose bound is not above the worth of a portfolio at hand. Where more states
//! stay than may be kept, the best bound of those that went is told: what that proves is exact.

use super::relaxation::{Prices, Problem};
use super::structure::Shared;

/// States kept after each group once the search has looked at as many as it may.
const FEW: usize = 64;

/// A group whose choice is open.
pub(super) struct Open {
    pub group: usize,
    /// Alternatives that may still be in a better portfolio.
    pub alternatives: Vec<usize>,
}

/// Which open groups the search takes first.
#[derive(Clone, Copy)]
pub(super) enum First {
    /// Those whose alternatives are nearly alike under the prices: many states, soon dominated.
    HardToTell,
    /// Those that are nearly settled: few states, and what is left for the end fits the budget.
    EasyToTell,
}

/// How far the search goes.
#[derive(Clone, Copy)]
pub(super) struct Reach {
    /// States kept after each group.
    pub width: usize,
    /// States looked at in all.
    pub states: u64,
}

/// What the search found.
pub(super) struct Searched {
    /// Alternatives of the best portfolio that is worth more than the one at hand.
    pub best: Option<Vec<usize>>,
    /// Best bound of the states that were dropped for want of room.
    pub dropped: f64,
    /// States looked at.
    pub states: u64,
}

/// Shares of the price of a quota that are tried for each partial portfolio: where the quota is
/// met, its price is nothing.
const SHARES: [f64; 4] = [1.0, 0.0, 0.5, 1.5];

/// What is to come at most: for each place and prices, of groups that count towards no quota or
/// several, then per quota and share of its price of the groups that count towards it alone.
struct Rest {
    values: Vec<f64>,
    /// Quotas that no group counts towards together with another: each has its own price.
    apart: Vec<bool>,
    stride: usize,
    width: usize,
}

#[derive(Clone, Copy)]
struct State {
    key: u128,
    cost: f64,
    worth: f64,
    bound: f64,
    parent: u32,
    alternative: u32,
}

/// Problem, prices and how the counts of quotas are packed.
pub(super) struct Search<'a> {
    problem: &'a Problem<'a>,
    prices: &'a [Prices],
    /// Bit of the first digit and number of bits of each quota.
    digits: Vec<(u32, u32)>,
}

impl<'a> Search<'a> {
    /// `None` where the counts of the quotas do not fit into a key.
    pub fn new(problem: &'a Problem<'a>, prices: &'a [Prices]) -> Option<Self> {
        let mut digits = Vec::new();
        let mut next = 0;
        for limit in &problem.structure.shared {
            let largest = limit.least.max(limit.most.unwrap_or(0));
            let bits = u32::BITS - largest.leading_zeros();
            digits.push((next, bits));
            next += bits;
        }
        (next <= u128::BITS).then_some(Self { problem, prices, digits })
    }

    fn count(&self, key: u128, d: usize) -> u32 {
        let (first, bits) = self.digits[d];
        let mask = (1_u128 << bits) - 1;
        ((key >> first) & mask) as u32
    }

    /// The best portfolio above `floor` that holds the alternatives `taken`.
    pub fn run(&self, taken: &[usize], open: &[Open], floor: f64, reach: Reach) -> Searched {
        let structure = self.problem.structure;
        let mut found = Searched { best: None, dropped: f64::NEG_INFINITY, states: 0 };
        let ahead = self.ahead(open);
        let rest = self.rest(open);
        let first = State {
            key: 0,
            cost: 0.0,
            worth: 0.0,
            bound: f64::INFINITY,
            parent: 0,
            alternative: u32::MAX,
        };
        let all = vec![u32::MAX; structure.shared.len()];
        let start = taken.iter().try_fold(first, |state, k| self.grown(&state, *k, &all));
        let Some(start) = start.and_then(|s| self.reduced(s, &ahead[0])) else { return found };
        let alike = self.alike();
        let mut states = vec![start];
        let mut trace: Vec<Vec<(u32, u32)>> = Vec::with_capacity(open.len());
        for (place, group) in open.iter().enumerate() {
            let spent = found.states > reach.states;
            let width = if spent { reach.width.min(FEW) } else { reach.width };
            let mut next = Vec::new();
            for (parent, state) in states.iter().enumerate() {
                for k in &group.alternatives {
                    let grown = self.grown(state, *k, &ahead[place]);
                    let Some(grown) = grown.and_then(|s| self.reduced(s, &ahead[place + 1])) else {
                        continue;
                    };
                    let bound = self.bound(&grown, place + 1, &rest, floor);
                    if bound > floor {
                        found.states += 1;
                        next.push(State { parent: parent as u32, bound, ..grown });
                    }
                }
                if next.len() > 4 * width + FEW {
                    found.dropped = thin(&mut next, width, alike).max(found.dropped);
                }
            }
            found.dropped = thin(&mut next, width, alike).max(found.dropped);
            trace.push(next.iter().map(|s| (s.parent, s.alternative)).collect());
            states = next;
        }
        let best = states.iter().enumerate().max_by(|a, b| a.1.worth.total_cmp(&b.1.worth));
        found.best = best.filter(|b| b.1.worth > floor).map(|(mut at, _)| {
            let mut all = taken.to_vec();
            for level in trace.iter().rev() {
                all.push(level[at].1 as usize);
                at = level[at].0 as usize;
            }
            all
        });
        found
    }

    /// The bits of a key by which states differ: all but those of a limit that follows from the budget.
    fn alike(&self) -> u128 {
        let of = |(first, bits): (u32, u32)| ((1_u128 << bits) - 1) << first;
        self.problem.structure.implied.map_or(u128::MAX, |d| !of(self.digits[d]))
    }

    /// Per group and quota, how many the groups from there on can add at most.
    fn ahead(&self, open: &[Open]) -> Vec<Vec<u32>> {
        let quotas = self.problem.structure.shared.len();
        let mut ahead = vec![vec![0_u32; quotas]; open.len() + 1];
        for place in (0..open.len()).rev() {
            let mut most = vec![0; quotas];
            for k in &open[place].alternatives {
                for (d, n) in &self.problem.structure.alternatives[*k].counts {
                    most[*d] = most[*d].max(*n);
                }
            }
            for d in 0..quotas {
                ahead[place][d] = ahead[place + 1][d].saturating_add(most[d]);
            }
        }
        ahead
    }

    /// What the groups from each place on are worth at most, under each of the prices.
    fn rest(&self, open: &[Open]) -> Rest {
        let structure = self.problem.structure;
        let touched: Vec<Vec<usize>> = open
            .iter()
            .map(|group| {
                let counts = group.alternatives.iter().map(|k| &structure.alternatives[*k].counts);
                let quotas = counts.flatten().map(|(d, _)| *d);
                let mut quotas: Vec<usize> =
                    quotas.filter(|d| Some(*d) != structure.implied).collect();
                quotas.sort_unstable();
                quotas.dedup();
                quotas
            })
            .collect();
        let mut apart = vec![true; structure.shared.len()];
        touched.iter().filter(|t| t.len() > 1).flatten().for_each(|d| apart[*d] = false);
        structure.implied.into_iter().for_each(|d| apart[d] = false);
        let stride = 1 + structure.shared.len() * SHARES.len();
        let width = stride * self.prices.len();
        let mut values = vec![0.0; width * (open.len() + 1)];
        for place in (0..open.len()).rev() {
            values.copy_within((place + 1) * width..(place + 2) * width, place * width);
            let alone = touched[place].first().copied().filter(|d| apart[*d]);
            let most = |prices: &Prices| {
                let each = open[place].alternatives.iter();
                each.map(|k| self.problem.priced(*k, prices)).fold(f64::NEG_INFINITY, f64::max)
            };
            for (p, prices) in self.prices.iter().enumerate() {
                let at = place * width + p * stride;
                let Some(d) = alone else {
                    values[at] += most(prices);
                    continue;
                };
                let mut other = prices.clone();
                for (m, share) in SHARES.iter().enumerate() {
                    other.shared[d] = share * prices.shared[d];
                    values[at + 1 + d * SHARES.len() + m] += most(&other);
                }
            }
        }
        Rest { values, apart, stride, width }
    }

    /// What a state can come to at most; the first bound that is not above `floor` is enough.
    fn bound(&self, state: &State, place: usize, rest: &Rest, floor: f64) -> f64 {
        let shared = &self.problem.structure.shared;
        let budget = self.problem.budget - state.cost;
        let rows = rest.values[place * rest.width..].chunks_exact(rest.stride);
        let mut lowest = state.bound;
        for (prices, rests) in self.prices.iter().zip(rows) {
            let mut bound = state.worth + prices.budget * budget + rests[0];
            for (d, price) in prices.shared.iter().enumerate() {
                let left = price * missing(&shared[d], self.count(state.key, d), *price);
                bound += if rest.apart[d] {
                    let own = rests[1 + d * SHARES.len()..].iter().zip(SHARES);
                    own.map(|(worth, share)| worth - share * left).fold(f64::INFINITY, f64::min)
                } else {
                    -left
                };
            }
            lowest = lowest.min(bound);
            if lowest <= floor {
                break;
            }
        }
        lowest
    }

    /// The state with an alternative more; `None` above the budget or a quota.
    fn grown(&self, state: &State, k: usize, ahead: &[u32]) -> Option<State> {
        let structure = self.problem.structure;
        let alternative = &structure.alternatives[k];
        let cost = state.cost + alternative.cost;
        if cost > self.problem.budget * (1.0 + super::model::ROUNDING) {
            return None;
        }
        let mut key = state.key;
        for (d, n) in &alternative.counts {
            let limit = &structure.shared[*d];
            let before = self.count(key, *d);
            let count = before.saturating_add(*n);
            let bound = limit.most.filter(|most| ahead[*d] > most.saturating_sub(before));
            if bound.is_some_and(|most| count > most) {
                return None;
            }
            let kept = count.min(limit.least.max(limit.most.unwrap_or(0)));
            key += u128::from(kept - before) << self.digits[*d].0;
        }
        Some(State {
            key,
            cost,
            worth: state.worth + self.problem.worth[k],
            bound: state.bound,
            parent: state.parent,
            alternative: k as u32,
        })
    }

    /// Forgets what no longer matters of the counts; `None` where too few are left to come.
    fn reduced(&self, state: State, ahead: &[u32]) -> Option<State> {
        let mut key = state.key;
        for (d, limit) in self.problem.structure.shared.iter().enumerate() {
            let count = self.count(key, d);
            if count.saturating_add(ahead[d]) < limit.least {
                return None;
            }
            let most_matters = limit.most.is_some_and(|m| count.saturating_add(ahead[d]) > m);
            let kept = match (count >= limit.least, most_matters) {
                // only what is missing for the least still counts
                (false, _) | (_, true) => count,
                (true, false) => limit.least,
            };
            key -= u128::from(count - kept) << self.digits[d].0;
        }
        Some(State { key, ..state })
    }
}

/// Drops what is dominated, then the least promising beyond `width`; the best bound of these.
fn thin(states: &mut Vec<State>, width: usize, alike: u128) -> f64 {
    undominated(states, alike);
    if states.len() <= width {
        return f64::NEG_INFINITY;
    }
    states.select_nth_unstable_by(width, by_promise);
    let best = states[width..].iter().map(|s| s.bound).fold(f64::NEG_INFINITY, f64::max);
    states.truncate(width);
    best
}

/// Sorts, and drops states that another beats: as many for the quotas, no dearer, worth no less.
fn undominated(states: &mut Vec<State>, alike: u128) {
    let key = |state: &State| state.key & alike;
    states.sort_unstable_by(|a, b| {
        let dearer = a.cost.total_cmp(&b.cost).then(b.worth.total_cmp(&a.worth));
        key(a).cmp(&key(b)).then(dearer).then(a.parent.cmp(&b.parent))
    });
    let mut last: Option<(u128, f64)> = None;
    states.retain(|state| {
        let beaten = last.is_some_and(|(of, worth)| of == key(state) && state.worth <= worth);
        if !beaten {
            last = Some((key(state), state.worth));
        }
        !beaten
    });
}

fn by_promise(a: &State, b: &State) -> std::cmp::Ordering {
    let bound = b.bound.total_cmp(&a.bound);
    bound.then(a.cost.total_cmp(&b.cost)).then(a.key.cmp(&b.key)).then(a.parent.cmp(&b.parent))
}

/// What is left of a quota: how many are missing, or how many more may come.
fn missing(limit: &Shared, count: u32, price: f64) -> f64 {
    let bound = if price > 0.0 { limit.least } else { limit.most.unwrap_or(0) };
    f64::from(bound.saturating_sub(count))
}

/// Splits the groups into those settled, by the alternative taken, and open ones: an alternative
/// whose loss under some prices takes their bound to `floor` is in no better portfolio. At most
/// `most` groups stay open, those hardest to tell.
pub(super) fn split(
    problem: &Problem<'_>,
    fan: &[(Prices, f64)],
    floor: f64,
    most: usize,
    first: First,
) -> (Vec<usize>, Vec<Open>) {
    let mut taken = Vec::new();
    let mut open: Vec<(f64, usize, Open)> = Vec::new();
    for (group, places) in problem.structure.groups.iter().enumerate() {
        let mut bounds = vec![f64::INFINITY; places.len()];
        let mut usual = vec![0.0; places.len()];
        for (at, (prices, bound)) in fan.iter().enumerate() {
            let values: Vec<f64> = places.clone().map(|k| problem.priced(k, prices)).collect();
            let best = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            if at == 0 {
                usual = values.iter().map(|value| best - value).collect();
            }
            for (of, value) in bounds.iter_mut().zip(values) {
                *of = of.min(bound - (best - value));
            }
        }
        let least = (0..usual.len()).reduce(|a, b| if usual[b] < usual[a] { b } else { a });
        let Some(least) = least else { continue };
        let kept: Vec<usize> = (0..bounds.len()).filter(|i| bounds[*i] > floor).collect();
        if kept.len() < 2 {
            taken.push(places.start + kept.first().copied().unwrap_or(least));
            continue;
        }
        let others = kept.iter().filter(|i| **i != least).map(|i| usual[*i]);
        let nearest = others.fold(f64::INFINITY, f64::min);
        let alternatives = kept.iter().map(|i| places.start + i).collect();
        open.push((nearest, places.start + least, Open { group, alternatives }));
    }
    open.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.2.group.cmp(&b.2.group)));
    taken.extend(open.iter().skip(most).map(|o| o.1));
    open.truncate(most);
    if let First::EasyToTell = first {
        open.reverse();
    }
    (taken, open.into_iter().map(|o| o.2).collect())
}
