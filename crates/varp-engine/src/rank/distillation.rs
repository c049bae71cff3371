//! ELECTRE III: two distillations of a credibility matrix into ordered classes (Roy 1978).
//!
//! Programs disagree here: some take s(λ_max) for every pair, some let the diagonal in. This is
//! our reading of the definition: s(λ) = 0.30 − 0.15·λ at each pair's own credibility, diagonal
//! left out. A foil to look at; [`super::electre::assign`] sorts without it.

/// How far two credibilities must lie apart to count, at credibility λ.
fn threshold(lambda: f64) -> f64 {
    0.30 - 0.15 * lambda
}

/// From which end classes are taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// The best first: descending distillation.
    Best,
    /// The worst first: ascending distillation.
    Worst,
}

/// Place of each thing, 1 the best; `credibility[a][b]` within 0..=1.
pub fn distilled_ranks(credibility: &[Vec<f64>], from: From) -> Vec<usize> {
    let mut classes: Vec<Vec<usize>> = Vec::new();
    let mut rest: Vec<usize> = (0..credibility.len()).collect();
    while !rest.is_empty() {
        let class = distil(credibility, &rest, from);
        rest.retain(|a| !class.contains(a));
        classes.push(class);
    }
    if from == From::Worst {
        classes.reverse();
    }
    let mut ranks = vec![0; credibility.len()];
    for (place, class) in classes.iter().enumerate() {
        class.iter().for_each(|a| ranks[*a] = place + 1);
    }
    ranks
}

/// The best or worst class of `rest`.
fn distil(credibility: &[Vec<f64>], rest: &[usize], from: From) -> Vec<usize> {
    let mut left = rest.to_vec();
    let mut cut = pairs(&left).map(|(a, b)| credibility[a][b]).fold(0.0, f64::max);
    loop {
        let below = cut - threshold(cut);
        let next = pairs(&left)
            .map(|(a, b)| credibility[a][b])
            .filter(|sigma| *sigma < below)
            .fold(0.0, f64::max);
        let beats = |a: usize, b: usize| {
            let (own, other) = (credibility[a][b], credibility[b][a]);
            own > next && own - other > threshold(own)
        };
        let quality = |a: usize| {
            let others = || left.iter().filter(move |b| **b != a);
            let strong = others().filter(|b| beats(a, **b)).count();
            let weak = others().filter(|b| beats(**b, a)).count();
            strong as i64 - weak as i64
        };
        let all: Vec<i64> = left.iter().map(|a| quality(*a)).collect();
        let extreme = match from {
            From::Best => all.iter().max(),
            From::Worst => all.iter().min(),
        };
        let Some(extreme) = extreme.copied() else { return left };
        let mut kept = all.iter();
        left.retain(|_| kept.next() == Some(&extreme));
        cut = next;
        if left.len() == 1 || cut <= 0.0 {
            return left;
        }
    }
}

fn pairs(all: &[usize]) -> impl Iterator<Item = (usize, usize)> + '_ {
    all.iter().flat_map(move |a| all.iter().filter(move |b| *b != a).map(move |b| (*a, *b)))
}
