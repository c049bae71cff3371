//! The exact `k` nearest of a list of candidates, by counting in lanes.

use super::Bins;
use crate::linalg::{Arithmetic, F64x8, LANES, one_at_a_time};

/// Candidate samples of one group of targets, in the space of search.
#[derive(Debug, Default)]
pub(crate) struct Candidates {
    /// Eight coordinates at a time; padded with points at infinity.
    at: [Vec<F64x8>; 3],
    /// Position of each candidate among the samples, ascending.
    pub position: Vec<u32>,
}

/// Farther than any sample; its square is still finite.
const FAR: f64 = 1e150;

impl Candidates {
    /// Takes the samples in `position` from the bins.
    pub fn fill(&mut self, bins: &Bins) {
        let blocks = self.position.len().div_ceil(LANES);
        for d in 0..3 {
            self.at[d].clear();
            self.at[d].resize(blocks, F64x8::splat(FAR));
            for (i, p) in self.position.iter().enumerate() {
                self.at[d][i / LANES].0[i % LANES] = bins.at[d][*p as usize];
            }
        }
    }

    pub fn len(&self) -> usize {
        self.position.len()
    }
}

/// Finds nearest candidates; keeps its buffers.
#[derive(Debug, Default)]
pub(crate) struct Nearest {
    squared: Vec<F64x8>,
    rest: Vec<(f64, u32, u32)>,
    /// Indices into the candidates, ascending.
    pub chosen: Vec<u32>,
    /// Squared distance of the nearest candidate.
    pub nearest: f64,
    /// A threshold that fitted the previous place.
    guess: f64,
}

impl Nearest {
    /// Chooses the `k` nearest of `place` with squared distance at most `limit`, without candidate
    /// `except`. Equal distances at the border go to the smaller sample number in `id`.
    #[inline(always)]
    pub fn choose<A: Arithmetic>(
        &mut self,
        candidates: &Candidates,
        id: &[u32],
        place: [f64; 3],
        (k, limit): (usize, f64),
        except: Option<usize>,
    ) {
        let largest = self.measure::<A>(candidates, place, except);
        let (low, high, below) = self.bracket(k, largest.min(limit));
        self.chosen.resize(candidates.len() + LANES, 0);
        let threshold = if below == k { low } else { high };
        let mut n = 0;
        for (block, d) in self.squared.iter().enumerate() {
            for l in 0..LANES {
                self.chosen[n] = (block * LANES + l) as u32;
                n += usize::from(d.0[l] <= threshold);
            }
        }
        self.chosen.truncate(n);
        if n > k {
            self.break_ties(candidates, id, low, k - below);
        }
    }

    /// Squared distances of all candidates; returns the largest that is no padding.
    #[inline(always)]
    fn measure<A: Arithmetic>(
        &mut self,
        candidates: &Candidates,
        place: [f64; 3],
        except: Option<usize>,
    ) -> f64 {
        let p = [F64x8::splat(place[0]), F64x8::splat(place[1]), F64x8::splat(place[2])];
        let blocks = candidates.at[0].len();
        self.squared.resize(blocks, F64x8::ZERO);
        let (xs, ys, zs) =
            (&candidates.at[0][..blocks], &candidates.at[1][..blocks], &candidates.at[2][..blocks]);
        let squared = &mut self.squared[..blocks];
        let (mut low, mut high) = (F64x8::splat(f64::INFINITY), F64x8::ZERO);
        let except = except.map_or((usize::MAX, 0), |i| (i / LANES, i % LANES));
        for i in 0..blocks {
            let (x, y, z) = (one_at_a_time(&xs[i]).sub(p[0]), ys[i].sub(p[1]), zs[i].sub(p[2]));
            let mut d = x.mul_add::<A>(x, y.mul_add::<A>(y, z.mul(z)));
            if i == except.0 {
                d.0[except.1] = f64::INFINITY;
            }
            squared[i] = d;
            low = low.min(d);
            high = d.at_most(F64x8::splat(0.5 * FAR * FAR), d).max(high);
        }
        self.nearest = low.0.into_iter().fold(f64::INFINITY, f64::min);
        high.0.into_iter().fold(0.0, f64::max)
    }

    /// Thresholds `low < high` with `count(low) ≤ k ≤ count(high)`, close together, and
    /// `count(low)`. When all up to `high` are at most `k`, both are `high`.
    #[inline(always)]
    fn bracket(&mut self, k: usize, high: f64) -> (f64, f64, usize) {
        let (mut low, mut high) = (-1.0, high);
        let (mut below, mut above) = (0, self.count(high));
        if above <= k {
            return (high, high, k);
        }
        let mut threshold = self.guess;
        for step in 0..24 {
            if !(threshold > low && threshold < high) {
                let share = (k as f64 + 0.5 - below as f64) / (above - below) as f64;
                let share = if step < 8 { share.clamp(0.05, 0.95) } else { 0.5 };
                threshold = low.max(0.0) + (high - low.max(0.0)) * share;
            }
            let n = self.count(threshold);
            if n == k {
                self.guess = threshold;
                return (threshold, threshold, k);
            }
            if n > k {
                (high, above) = (threshold, n)
            } else {
                (low, below) = (threshold, n)
            }
            if step >= 6 && above - below <= 8 {
                break;
            }
            threshold = f64::NAN;
        }
        self.guess = high;
        (low, high, below)
    }

    #[inline(always)]
    fn count(&self, threshold: f64) -> usize {
        let mut counts = [0u64; LANES];
        for d in &self.squared {
            let d = one_at_a_time(d);
            for l in 0..LANES {
                counts[l] += u64::from(d.0[l] <= threshold);
            }
        }
        counts.iter().sum::<u64>() as usize
    }

    /// Keeps all up to `low` and the first `needed` above, by distance and then by number.
    fn break_ties(&mut self, candidates: &Candidates, id: &[u32], low: f64, needed: usize) {
        self.rest.clear();
        for &i in &self.chosen {
            let d = self.squared[i as usize / LANES].0[i as usize % LANES];
            if d > low {
                self.rest.push((d, id[candidates.position[i as usize] as usize], i));
            }
        }
        self.rest.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let dropped = &self.rest[needed..];
        self.chosen.retain(|i| !dropped.iter().any(|d| d.2 == *i));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linalg::{Job, run};

    struct Choose<'a>(
        &'a mut Nearest,
        &'a Candidates,
        &'a [u32],
        [f64; 3],
        usize,
        f64,
        Option<usize>,
    );
    impl Job for Choose<'_> {
        type Output = ();
        #[inline(always)]
        fn run<A: Arithmetic>(self) {
            self.0.choose::<A>(self.1, self.2, self.3, (self.4, self.5), self.6);
        }
    }

    fn chosen_ids(
        data: &[[f64; 3]],
        place: [f64; 3],
        k: usize,
        limit: f64,
        except: Option<usize>,
    ) -> Vec<u32> {
        let bins = Bins::new(data, 2.0);
        let mut candidates =
            Candidates { position: (0..data.len() as u32).collect(), ..Default::default() };
        candidates.fill(&bins);
        let mut nearest = Nearest::default();
        let except = except.map(|id| bins.id.iter().position(|i| *i as usize == id).unwrap());
        for _ in 0..2 {
            run(Choose(&mut nearest, &candidates, &bins.id, place, k, limit, except));
        }
        let mut ids: Vec<u32> = nearest.chosen.iter().map(|i| bins.id[*i as usize]).collect();
        ids.sort_unstable();
        ids
    }

    #[test]
    fn equals_sorting_by_distance_and_number_also_on_grids_full_of_ties() {
        let grid: Vec<[f64; 3]> =
            (0..100).map(|i| [f64::from(i % 10), f64::from(i / 10), 0.0]).collect();
        for place in [[4.5, 4.5, 0.0], [0.0, 0.0, 0.0], [3.0, 7.2, 0.0], [50.0, 4.5, 0.0]] {
            for k in [1, 2, 3, 7, 16, 99, 100, 150] {
                let squared = |i: &u32| {
                    let p = grid[*i as usize];
                    (p[0] - place[0]).powi(2) + (p[1] - place[1]).powi(2)
                };
                let mut wanted: Vec<u32> = (0..100).collect();
                wanted.sort_by(|a, b| squared(a).total_cmp(&squared(b)).then(a.cmp(b)));
                wanted.truncate(k);
                wanted.sort_unstable();
                assert_eq!(
                    chosen_ids(&grid, place, k, f64::INFINITY, None),
                    wanted,
                    "{place:?} {k}"
                );
            }
        }
    }

    #[test]
    fn respects_the_limit_and_the_exception() {
        let line: Vec<[f64; 3]> = (0..20).map(|i| [f64::from(i), 0.0, 0.0]).collect();
        assert_eq!(chosen_ids(&line, [10.0, 0.0, 0.0], 50, 4.0, Some(10)), [8, 9, 11, 12]);
        assert_eq!(chosen_ids(&line, [10.0, 0.0, 0.0], 2, 1e9, Some(10)), [9, 11]);
        assert!(chosen_ids(&line, [100.0, 0.0, 0.0], 2, 4.0, None).is_empty());
        let same = vec![[1.0, 2.0, 0.0]; 12];
        assert_eq!(chosen_ids(&same, [1.0, 2.0, 0.0], 5, 1.0, None), [0, 1, 2, 3, 4]);
    }
}
