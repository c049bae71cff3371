//! All pairs within reach, eight at a time, sorted into classes of distance and direction.

use super::{Lags, Plan};
use crate::linalg::{Arithmetic, F64x8, Job, LANES, one_at_a_time};
use crate::search::Bins;

/// What a pair adds to its class, from the values at its ends.
pub(crate) trait Contribution: Sync {
    fn of(&self, here: [f64; 2], first: F64x8, second: F64x8) -> F64x8;
    /// Whether the second variable is read.
    const CROSS: bool;
}

/// Sums of one class in one lane: distance, contribution, number.
type Sums = [f64; 4];

/// Pairs that begin in a range of positions; returns sums by `direction · classes + class`.
pub(crate) struct PairSums<'a, C> {
    pub bins: &'a Bins,
    pub columns: &'a [Vec<f64>; 2],
    pub plan: &'a Plan,
    pub range: std::ops::Range<usize>,
    pub contribution: C,
}

/// Constants of a direction.
struct Cone {
    axis: [F64x8; 3],
    cosine: F64x8,
    bandwidth: F64x8,
}

impl<C: Contribution> Job for PairSums<'_, C> {
    type Output = Vec<[f64; 3]>;

    #[inline(always)]
    fn run<A: Arithmetic>(self) -> Vec<[f64; 3]> {
        let classes = self.plan.lags.len();
        let all = self.plan.directions.len() == 1
            && self.plan.directions[0].tolerance == 90.0
            && self.plan.directions[0].bandwidth.is_none();
        let trash = classes * self.plan.directions.len();
        let cones: Vec<Cone> = if all { Vec::new() } else { cones(self.plan) };
        let mut sums: Vec<Sums> = vec![[0.0; 4]; (trash + 1) * LANES];
        let reach = self.plan.lags.class(classes - 1).1;
        let mut spans: Vec<(usize, usize)> = Vec::new();
        for i in self.range.clone() {
            spans.clear();
            self.bins.for_ball(self.bins.place(i), reach, i + 1, |a, b| spans.push((a, b)));
            for &(a, b) in &spans {
                let mut j = a;
                while j < b {
                    self.eight::<A>(i, j, (b - j).min(LANES), &cones, trash, &mut sums);
                    j += LANES;
                }
            }
        }
        (0..trash).map(|c| total(&sums[c * LANES..(c + 1) * LANES])).collect()
    }
}

impl<C: Contribution> PairSums<'_, C> {
    /// Pairs of position `i` with `count` positions from `j` on.
    #[inline(always)]
    fn eight<A: Arithmetic>(
        &self,
        i: usize,
        j: usize,
        count: usize,
        cones: &[Cone],
        trash: usize,
        sums: &mut [Sums],
    ) {
        let at = &self.bins.at;
        let x = load(&at[0], j).sub(F64x8::splat(at[0][i]));
        let y = load(&at[1], j).sub(F64x8::splat(at[1][i]));
        let z = load(&at[2], j).sub(F64x8::splat(at[2][i]));
        let squared = x.mul_add::<A>(x, y.mul_add::<A>(y, z.mul(z)));
        let distance = squared.sqrt();
        let first = load(&self.columns[0], j);
        let second = if C::CROSS { load(&self.columns[1], j) } else { first };
        let here = [self.columns[0][i], if C::CROSS { self.columns[1][i] } else { 0.0 }];
        let value = self.contribution.of(here, first, second);
        let mut class = classes(&self.plan.lags, distance, trash);
        for (l, c) in class.iter_mut().enumerate() {
            *c = if l < count { *c } else { trash as u32 };
        }
        if cones.is_empty() {
            add(sums, &class, distance, value);
            return;
        }
        let many = self.plan.lags.len() as u32;
        let mut slot = [trash as u32; LANES];
        let mut taken = [0u32; LANES];
        for (d, cone) in cones.iter().enumerate() {
            let along =
                x.mul_add::<A>(cone.axis[0], y.mul_add::<A>(cone.axis[1], z.mul(cone.axis[2])));
            let across = along.neg_mul_add::<A>(along, squared);
            for l in 0..LANES {
                let inside = (along.0[l].abs() >= cone.cosine.0[l] * distance.0[l])
                    & (across.0[l] <= cone.bandwidth.0[l])
                    & (class[l] != trash as u32);
                let free = inside & (taken[l] == 0);
                slot[l] = if free { d as u32 * many + class[l] } else { slot[l] };
                taken[l] += u32::from(inside);
            }
        }
        add(sums, &slot, distance, value);
        if taken.iter().any(|t| *t > 1) {
            add_overlaps::<A>(
                (x, y, z, squared, distance),
                value,
                &class,
                cones,
                many,
                trash,
                sums,
            );
        }
    }
}

/// Pairs that more than one direction takes: all but the first, which `eight` has added.
#[inline(never)]
fn add_overlaps<A: Arithmetic>(
    (x, y, z, squared, distance): (F64x8, F64x8, F64x8, F64x8, F64x8),
    value: F64x8,
    class: &[u32; LANES],
    cones: &[Cone],
    many: u32,
    trash: usize,
    sums: &mut [Sums],
) {
    for l in (0..LANES).filter(|l| class[*l] != trash as u32) {
        let mut seen = false;
        for (d, cone) in cones.iter().enumerate() {
            let along = A::mul_add(
                x.0[l],
                cone.axis[0].0[l],
                A::mul_add(y.0[l], cone.axis[1].0[l], z.0[l] * cone.axis[2].0[l]),
            );
            let across = A::mul_add(-along, along, squared.0[l]);
            let inside =
                along.abs() >= cone.cosine.0[l] * distance.0[l] && across <= cone.bandwidth.0[l];
            if inside && seen {
                let cell = &mut sums[(d * many as usize + class[l] as usize) * LANES + l];
                cell[0] += distance.0[l];
                cell[1] += value.0[l];
                cell[2] += 1.0;
            }
            seen |= inside;
        }
    }
}

#[inline(always)]
fn add(sums: &mut [Sums], class: &[u32; LANES], distance: F64x8, value: F64x8) {
    for l in 0..LANES {
        let cell = &mut sums[class[l] as usize * LANES + l];
        cell[0] += distance.0[l];
        cell[1] += value.0[l];
        cell[2] += 1.0;
    }
}

/// Class of each distance, `trash` outside all.
#[inline(always)]
fn classes(lags: &Lags, distance: F64x8, trash: usize) -> [u32; LANES] {
    const MAGIC: f64 = 4_503_599_627_370_496.0; // 2^52: the low bits hold the integer
    let mut out = [trash as u32; LANES];
    match lags {
        Lags::Regular { width, count } => {
            let most = *count as f64;
            for l in 0..LANES {
                let upper = (distance.0[l] / width).ceil();
                let upper = if upper < 1.0 { 1.0 } else { upper };
                let class = ((upper + MAGIC).to_bits() as u32).wrapping_sub(1);
                out[l] = if upper <= most { class } else { trash as u32 };
            }
        }
        Lags::Edges(edges) => {
            for l in 0..LANES {
                let above = edges.partition_point(|e| *e < distance.0[l]);
                let starts = above == 0 && distance.0[l] == edges[0];
                if starts {
                    out[l] = if edges[0] == 0.0 { 0 } else { trash as u32 };
                } else if above > 0 && above < edges.len() {
                    out[l] = above as u32 - 1;
                }
            }
        }
    }
    out
}

/// Eight numbers from position `j`; past the end, the last ones stand in and are masked.
#[inline(always)]
fn load(column: &[f64], j: usize) -> F64x8 {
    match column.get(j..j + LANES).and_then(|s| s.try_into().ok()) {
        Some(eight) => {
            let eight: &[f64; LANES] = one_at_a_time(eight);
            F64x8(*eight)
        }
        None => {
            let mut out = F64x8::ZERO;
            for l in 0..LANES {
                out.0[l] = column[(j + l).min(column.len() - 1)];
            }
            out
        }
    }
}

fn cones(plan: &Plan) -> Vec<Cone> {
    let cone = |d: &super::Direction| {
        let axis = d.axis();
        // At 90 degrees the cosine must not exclude a right angle by rounding.
        let cosine = if d.tolerance == 90.0 { -1.0 } else { libm::cos(d.tolerance.to_radians()) };
        let bandwidth = d.bandwidth.map_or(f64::INFINITY, |b| b * b);
        Cone {
            axis: axis.map(F64x8::splat),
            cosine: F64x8::splat(cosine),
            bandwidth: F64x8::splat(bandwidth),
        }
    };
    plan.directions.iter().map(cone).collect()
}

fn total(lanes: &[Sums]) -> [f64; 3] {
    lanes.iter().fold([0.0; 3], |s, x| [s[0] + x[0], s[1] + x[1], s[2] + x[2]])
}

/// Calls `visit(direction, class, distance, i, j)` for the pairs that begin in a range.
pub(crate) fn for_each_pair(
    bins: &Bins,
    plan: &Plan,
    range: std::ops::Range<usize>,
    mut visit: impl FnMut(usize, usize, f64, usize, usize),
) {
    let classes_count = plan.lags.len();
    let trash = classes_count * plan.directions.len();
    let reach = plan.lags.class(classes_count - 1).1;
    let cones = cones(plan);
    for i in range {
        let p = bins.place(i);
        bins.for_ball(p, reach, i + 1, |a, b| {
            for j in a..b {
                let q = bins.place(j);
                let lag = [0, 1, 2].map(|d| q[d] - p[d]);
                let squared = crate::model::squared_norm(lag);
                let distance = squared.sqrt();
                let class = classes(&plan.lags, F64x8::splat(distance), trash)[0] as usize;
                if class == trash {
                    continue;
                }
                for (d, cone) in cones.iter().enumerate() {
                    let along: f64 = (0..3).map(|c| lag[c] * cone.axis[c].0[0]).sum();
                    let near = squared - along * along <= cone.bandwidth.0[0];
                    if near && along.abs() >= cone.cosine.0[0] * distance {
                        visit(d, class, distance, i, j);
                    }
                }
            }
        });
    }
}
