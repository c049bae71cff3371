//! Stochastic multicriteria acceptability analysis (SMAA-2, Lahdelma & Salminen 2001): how often
//! a site takes each rank when data and weights are drawn from what is known of them.
//!
//! Draws run in parallel in chunks of fixed size. Counts are integers, sums of each chunk are
//! added in the order of the chunks: the result does not depend on the number of threads.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

/// Draws handled by one thread at a time.
const CHUNK: usize = 256;
/// Cells of the table of ranks kept at most; beyond it neighbouring ranks share a column.
const RANK_CELLS: usize = 4_000_000;
const FEWEST_COLUMNS: usize = 40;

/// What to count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counting {
    /// Sizes k for which "among the best k" is counted.
    pub top: Vec<usize>,
    /// Sites compared in pairs.
    pub pairs: Vec<usize>,
}

/// How often each site took each rank, and what weights made it first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Acceptability {
    /// Number of draws.
    pub draws: usize,
    /// Ranks that share one column of `rank_counts`; 1 up to 2000 sites.
    pub ranks_per_column: usize,
    /// Draws in which site i took a rank of column c.
    pub rank_counts: Vec<Vec<u32>>,
    /// For each k asked: draws in which site i was among the best k.
    pub top_counts: BTreeMap<usize, Vec<u32>>,
    /// Mean rank, 1 the best; equal values share the mean of their ranks.
    pub expected_rank: Vec<f64>,
    /// Mean value.
    pub expected_value: Vec<f64>,
    /// Standard deviation of the value.
    pub value_deviation: Vec<f64>,
    /// Mean weights over the draws that made the site first; absent where it never was.
    pub central_weights: Vec<Option<Vec<f64>>>,
    /// Sites compared in pairs.
    pub pairs: Vec<usize>,
    /// Draws in which `pairs[a]` came before `pairs[b]`.
    pub pair_counts: Vec<Vec<u32>>,
}

impl Acceptability {
    /// Share of draws in which `site` took a rank of `column`.
    pub fn share(&self, site: usize, column: usize) -> f64 {
        f64::from(self.rank_counts[site][column]) / self.draws as f64
    }

    /// P(rank ≤ k), for a k that was asked for.
    pub fn top_probability(&self, site: usize, k: usize) -> Option<f64> {
        Some(f64::from(self.top_counts.get(&k)?[site]) / self.draws as f64)
    }

    /// Rank that the site does not fall behind in a share `p` of the draws (the last rank of its
    /// column).
    pub fn rank_quantile(&self, site: usize, p: f64) -> usize {
        let wanted = p * self.draws as f64;
        let mut sum = 0.0;
        for (column, count) in self.rank_counts[site].iter().enumerate() {
            sum += f64::from(*count);
            if sum >= wanted {
                return ((column + 1) * self.ranks_per_column).min(self.rank_counts.len());
            }
        }
        self.rank_counts.len()
    }

    /// −Σ b log₂ b over the probabilities of being first: 0 bits when one site always is.
    ///
    /// Exact where each rank has its own column; else absent.
    pub fn first_rank_entropy(&self) -> Option<f64> {
        (self.ranks_per_column == 1).then(|| {
            let shares = (0..self.rank_counts.len()).map(|site| self.share(site, 0));
            shares.filter(|b| *b > 0.0).map(|b| -b * libm::log2(b)).sum()
        })
    }

    /// Standard error √(b(1−b)/N) of a probability estimated from the draws.
    pub fn standard_error(&self, probability: f64) -> f64 {
        (probability * (1.0 - probability) / self.draws as f64).sqrt()
    }
}

/// Counts ranks over all draws.
///
/// - `weights[t]`: weights of draw t; their number is the number of draws
/// - `values(t, out)`: writes the additive value of every site in draw t
///
/// Equal values: the site that stands first takes the better rank.
pub fn accept<F>(
    sites: usize,
    weights: &[Vec<f64>],
    counting: &Counting,
    values: F,
) -> Acceptability
where
    F: Fn(usize, &mut [f64]) + Sync,
{
    let draws = weights.len();
    let columns = sites.min((RANK_CELLS / sites.max(1)).max(FEWEST_COLUMNS));
    let ranks_per_column = sites.div_ceil(columns.max(1)).max(1);
    let columns = sites.div_ceil(ranks_per_column);
    let counts = Counts::new(sites, columns, ranks_per_column, counting);
    let chunks: Vec<Sums> = (0..draws.div_ceil(CHUNK))
        .into_par_iter()
        .map_init(
            || Space::new(sites),
            |space, chunk| {
                let mut sums = Sums::new(sites);
                for (t, w) in weights.iter().enumerate().skip(chunk * CHUNK).take(CHUNK) {
                    space.values.fill(0.0);
                    values(t, &mut space.values);
                    space.sort();
                    counts.add(space);
                    sums.add(space, w);
                }
                sums
            },
        )
        .collect();
    let total = chunks.into_iter().fold(Sums::new(sites), Sums::plus);
    finish(draws, counts, total, counting)
}

/// Working memory of one thread.
struct Space {
    values: Vec<f64>,
    /// Sites from best to worst, with a key that sorts like the value turned around.
    order: Vec<(u64, u32)>,
    ranks: Vec<u32>,
}

impl Space {
    fn new(sites: usize) -> Self {
        Self { values: vec![0.0; sites], order: Vec::new(), ranks: vec![0; sites] }
    }

    fn sort(&mut self) {
        self.order.clear();
        self.order.extend(self.values.iter().zip(0..).map(|(v, i)| (descending_key(*v), i)));
        self.order.sort_unstable();
        for (rank, (_, site)) in self.order.iter().enumerate() {
            self.ranks[*site as usize] = rank as u32;
        }
    }
}

/// Larger numbers have smaller keys; −0 and 0 are equal.
#[inline]
fn descending_key(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    let ascending = if bits >> 63 == 0 { bits | (1 << 63) } else { !bits };
    !ascending
}

struct Counts {
    columns: usize,
    ranks_per_column: usize,
    ranks: Vec<AtomicU32>,
    top: Vec<(usize, Vec<AtomicU32>)>,
    pairs: Vec<usize>,
    wins: Vec<AtomicU32>,
}

impl Counts {
    fn new(sites: usize, columns: usize, ranks_per_column: usize, counting: &Counting) -> Self {
        let zeros = |n: usize| (0..n).map(|_| AtomicU32::new(0)).collect::<Vec<_>>();
        Self {
            columns,
            ranks_per_column,
            ranks: zeros(sites * columns),
            top: counting.top.iter().map(|k| (*k, zeros(sites))).collect(),
            pairs: counting.pairs.clone(),
            wins: zeros(counting.pairs.len().pow(2)),
        }
    }

    fn add(&self, space: &Space) {
        let one = |cell: &AtomicU32| {
            cell.fetch_add(1, Ordering::Relaxed);
        };
        for (site, rank) in space.ranks.iter().enumerate() {
            one(&self.ranks[site * self.columns + *rank as usize / self.ranks_per_column]);
        }
        for (k, counts) in &self.top {
            for (_, site) in space.order.iter().take(*k) {
                one(&counts[*site as usize]);
            }
        }
        for (a, first) in self.pairs.iter().enumerate() {
            for (b, second) in self.pairs.iter().enumerate() {
                if space.ranks[*first] < space.ranks[*second] {
                    one(&self.wins[a * self.pairs.len() + b]);
                }
            }
        }
    }
}

/// Sums over the draws of one chunk.
struct Sums {
    value: Vec<f64>,
    square: Vec<f64>,
    /// Sum of twice the mean rank: whole numbers even for ties.
    twice_rank: Vec<u64>,
    first: BTreeMap<u32, (u32, Vec<f64>)>,
}

impl Sums {
    fn new(sites: usize) -> Self {
        Self {
            value: vec![0.0; sites],
            square: vec![0.0; sites],
            twice_rank: vec![0; sites],
            first: BTreeMap::new(),
        }
    }

    fn add(&mut self, space: &Space, weights: &[f64]) {
        for (i, v) in space.values.iter().enumerate() {
            self.value[i] += v;
            self.square[i] += v * v;
        }
        let mut start = 0;
        for run in space.order.chunk_by(|a, b| a.0 == b.0) {
            let twice_mean = (2 * start + run.len() + 1) as u64;
            for (_, site) in run {
                self.twice_rank[*site as usize] += twice_mean;
            }
            start += run.len();
        }
        if let Some((_, best)) = space.order.first() {
            let entry = self.first.entry(*best).or_insert_with(|| (0, vec![0.0; weights.len()]));
            entry.0 += 1;
            entry.1.iter_mut().zip(weights).for_each(|(sum, w)| *sum += w);
        }
    }

    fn plus(mut self, other: Self) -> Self {
        let add = |a: &mut [f64], b: &[f64]| a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        add(&mut self.value, &other.value);
        add(&mut self.square, &other.square);
        self.twice_rank.iter_mut().zip(&other.twice_rank).for_each(|(a, b)| *a += b);
        for (site, (count, weights)) in other.first {
            let entry = self.first.entry(site).or_insert_with(|| (0, vec![0.0; weights.len()]));
            entry.0 += count;
            add(&mut entry.1, &weights);
        }
        self
    }
}

fn finish(draws: usize, counts: Counts, sums: Sums, counting: &Counting) -> Acceptability {
    let n = draws as f64;
    let plain = |cells: &[AtomicU32]| -> Vec<u32> {
        cells.iter().map(|c| c.load(Ordering::Relaxed)).collect()
    };
    let sites = sums.value.len();
    let mut central_weights = vec![None; sites];
    for (site, (count, total)) in sums.first {
        let mean = total.iter().map(|w| w / f64::from(count)).collect();
        central_weights[site as usize] = Some(mean);
    }
    let deviation = |(sum, square): (&f64, &f64)| (square / n - (sum / n).powi(2)).max(0.0).sqrt();
    Acceptability {
        draws,
        ranks_per_column: counts.ranks_per_column,
        rank_counts: counts.ranks.chunks(counts.columns.max(1)).map(plain).collect(),
        top_counts: counts.top.iter().map(|(k, c)| (*k, plain(c))).collect(),
        expected_rank: sums.twice_rank.iter().map(|r| *r as f64 / (2.0 * n)).collect(),
        expected_value: sums.value.iter().map(|v| v / n).collect(),
        value_deviation: sums.value.iter().zip(&sums.square).map(deviation).collect(),
        central_weights,
        pair_counts: match counting.pairs.len() {
            0 => Vec::new(),
            width => counts.wins.chunks(width).map(plain).collect(),
        },
        pairs: counting.pairs.clone(),
    }
}

/// Confidence factors: share of the draws in which a site is first when the weights are its own
/// central weights. Low values mean: the data, not the opinions, keep it from the first place.
///
/// - `candidates`: sites with their central weights
/// - `values(t, columns)`: writes value of criterion j at site i into `columns[j][i]`
pub fn confidence<F>(
    sites: usize,
    draws: usize,
    candidates: &[(usize, Vec<f64>)],
    values: F,
) -> Vec<f64>
where
    F: Fn(usize, &mut [Vec<f64>]) + Sync,
{
    let criteria = candidates.first().map_or(0, |c| c.1.len());
    let wins: Vec<AtomicU32> = candidates.iter().map(|_| AtomicU32::new(0)).collect();
    (0..draws).into_par_iter().for_each_init(
        || (vec![vec![0.0; sites]; criteria], vec![0.0; sites]),
        |(columns, totals), t| {
            values(t, columns);
            for ((site, weights), win) in candidates.iter().zip(&wins) {
                totals.fill(0.0);
                for (column, w) in columns.iter().zip(weights).filter(|(_, w)| **w > 0.0) {
                    totals.iter_mut().zip(column).for_each(|(sum, v)| *sum += w * v);
                }
                let own = totals[*site];
                let beaten =
                    |(i, total): (usize, &f64)| *total > own || (*total == own && i < *site);
                if !totals.iter().enumerate().any(beaten) {
                    win.fetch_add(1, Ordering::Relaxed);
                }
            }
        },
    );
    wins.iter().map(|w| f64::from(w.load(Ordering::Relaxed)) / draws as f64).collect()
}
