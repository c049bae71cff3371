//! The nearest samples when octants or holes limit how many count.

use super::{Bins, Candidates, Neighbourhood};
use crate::model::squared_norm;

/// Chooses by distance under limits; keeps its buffers.
#[derive(Debug, Default)]
pub(crate) struct Constrained {
    /// Squared distance, sample number and position of what the present shell offers.
    shell: Vec<(f64, u32, u32)>,
    /// How many of each octant, and whether no sample beyond the shells seen can be in it.
    octants: [(usize, bool); 8],
    holes: Vec<(u32, usize)>,
    /// Positions of the samples chosen, ascending.
    pub chosen: Vec<u32>,
    /// Squared distance of the nearest chosen.
    pub nearest: f64,
}

/// One target's search.
pub(crate) struct Around<'a> {
    pub bins: &'a Bins,
    /// Hole of each position.
    pub holes: &'a [u32],
    pub rules: &'a Neighbourhood,
    pub place: [f64; 3],
    /// Largest distance of search.
    pub reach: f64,
    /// Position to leave out.
    pub except: Option<u32>,
}

impl Around<'_> {
    fn squared(&self, position: u32) -> f64 {
        let p = self.bins.place(position as usize);
        squared_norm([0, 1, 2].map(|d| p[d] - self.place[d]))
    }

    /// The corner with the higher coordinates counts in.
    fn octant(&self, position: u32) -> usize {
        let p = self.bins.place(position as usize);
        (0..3).map(|d| usize::from(p[d] >= self.place[d]) << d).sum()
    }
}

impl Constrained {
    /// Takes samples by rising distance (then number) while octant, hole and total allow.
    ///
    /// Every sample within `complete` of the place is among the candidates. Beyond, shells grow in
    /// those octants alone that are not full and can still hold samples: at the edge of the data
    /// some never fill.
    pub fn choose(&mut self, around: &Around<'_>, candidates: &Candidates, complete: f64) {
        self.octants = [(0, false); 8];
        self.holes.clear();
        self.chosen.clear();
        self.nearest = f64::INFINITY;
        let mut radius = complete.clamp(0.0, around.reach);
        self.shell.clear();
        for &position in &candidates.position {
            self.offer(around, position, (-1.0, radius));
        }
        self.take(around);
        while !self.is_done(around, radius) {
            let wider = (1.6 * radius).max(around.bins.edge()).min(around.reach);
            self.shell.clear();
            for octant in 0..8 {
                if !self.is_open(around, octant) {
                    continue;
                }
                around.bins.for_octant(around.place, octant, wider, |a, b| {
                    for position in a as u32..b as u32 {
                        if around.octant(position) == octant {
                            self.offer(around, position, (radius, wider));
                        }
                    }
                });
            }
            self.take(around);
            radius = wider;
        }
        self.chosen.sort_unstable();
    }

    /// Puts a sample into the shell if it lies in it.
    fn offer(&mut self, around: &Around<'_>, position: u32, (above, upto): (f64, f64)) {
        let d = around.squared(position);
        let inside = d <= upto * upto && (above < 0.0 || d > above * above);
        if inside && Some(position) != around.except {
            self.shell.push((d, around.bins.id[position as usize], position));
        }
    }

    /// Takes from the shell, the nearest first.
    fn take(&mut self, around: &Around<'_>) {
        self.shell.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for &(d, _, position) in &self.shell {
            if self.chosen.len() == around.rules.max_samples {
                return;
            }
            let octant = around.octant(position);
            let count = &mut self.octants[octant].0;
            if around.rules.max_per_octant.is_some_and(|most| *count >= most) {
                continue;
            }
            let hole = around.holes[position as usize];
            if let Some(most) = around.rules.max_per_hole
                && !count_hole(&mut self.holes, hole, most)
            {
                continue;
            }
            *count += 1;
            self.nearest = self.nearest.min(d);
            self.chosen.push(position);
        }
    }

    /// Whether an octant may still give samples.
    fn is_open(&self, around: &Around<'_>, octant: usize) -> bool {
        let (count, exhausted) = self.octants[octant];
        !exhausted && around.rules.max_per_octant.is_none_or(|most| count < most)
    }

    fn is_done(&mut self, around: &Around<'_>, radius: f64) -> bool {
        for (octant, state) in self.octants.iter_mut().enumerate() {
            state.1 = around.bins.octant_end(around.place, octant) <= radius;
        }
        self.chosen.len() == around.rules.max_samples
            || radius >= around.reach
            || (0..8).all(|octant| !self.is_open(around, octant))
    }
}

/// Counts one more sample of `hole` unless it has `most` already.
fn count_hole(holes: &mut Vec<(u32, usize)>, hole: u32, most: usize) -> bool {
    match holes.iter_mut().find(|h| h.0 == hole) {
        Some((_, n)) if *n >= most => false,
        Some((_, n)) => {
            *n += 1;
            true
        }
        None => {
            holes.push((hole, 1));
            true
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Random, Stream};

    /// By sorting everything.
    fn plain(around: &Around<'_>) -> Vec<u32> {
        let mut order: Vec<(f64, u32, u32)> = (0..around.bins.len() as u32)
            .map(|p| (around.squared(p), around.bins.id[p as usize], p))
            .filter(|o| o.0 <= around.reach * around.reach && Some(o.2) != around.except)
            .collect();
        order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let (mut octants, mut holes, mut chosen) = ([0; 8], Vec::new(), Vec::new());
        for (_, _, p) in order {
            let full = around.rules.max_per_octant.is_some_and(|m| octants[around.octant(p)] >= m);
            let hole = around.holes[p as usize];
            let room = |holes: &mut Vec<_>| match around.rules.max_per_hole {
                Some(most) => count_hole(holes, hole, most),
                None => true,
            };
            if chosen.len() < around.rules.max_samples && !full && room(&mut holes) {
                octants[around.octant(p)] += 1;
                chosen.push(p);
            }
        }
        chosen.sort_unstable();
        chosen
    }

    #[test]
    fn shells_choose_what_sorting_everything_chooses() {
        let random = Random::new(7, Stream::Sampling);
        let mut draw = 0;
        let mut next = || {
            draw += 1;
            random.uniform(draw, 0)
        };
        let data: Vec<[f64; 3]> = (0..900)
            .map(|i| [20.0 * next(), 10.0 * next(), if i % 2 == 0 { 3.0 * next() } else { 1.0 }])
            .collect();
        let holes: Vec<u32> = (0..900).map(|i| i / 30).collect();
        for flat in [false, true] {
            let places: Vec<[f64; 3]> =
                data.iter().map(|p| if flat { [p[0], p[1], 0.0] } else { *p }).collect();
            let bins = Bins::new(&places, 2.0);
            let holes: Vec<u32> = bins.id.iter().map(|id| holes[*id as usize]).collect();
            for (per_octant, per_hole) in [(Some(2), None), (None, Some(1)), (Some(4), Some(2))] {
                let rules = Neighbourhood {
                    max_per_octant: per_octant,
                    max_per_hole: per_hole,
                    ..Neighbourhood::nearest(16)
                };
                for (i, place) in
                    [[10.0, 5.0, 0.0], [0.0, 0.1, 1.0], [19.9, 9.9, 1.5], [40.0, 5.0, 1.0]]
                        .into_iter()
                        .enumerate()
                {
                    for reach in [f64::INFINITY, 2.5] {
                        let except = (i == 1).then_some(5);
                        let holes = &holes;
                        let around =
                            Around { bins: &bins, holes, rules: &rules, place, reach, except };
                        let mut candidates = Candidates::default();
                        for complete in [0.0, 0.7, 5.0] {
                            bins.within(place, complete, &mut candidates.position);
                            let mut found = Constrained::default();
                            found.choose(&around, &candidates, complete);
                            assert_eq!(found.chosen, plain(&around), "{place:?} {complete}");
                        }
                    }
                }
            }
        }
    }
}
