//! One triangular system with many right-hand sides, eight in each vector.

use super::batch::packed_row;
use super::lanes::{Arithmetic, F64x8, Job, LANES, run};

/// Vectors of right-hand sides solved together.
pub(crate) const WIDE: usize = 4;
/// Right-hand sides of a panel.
pub(crate) const PANEL: usize = WIDE * LANES;
/// Unknowns whose part of a panel stays in the nearest cache.
const DEEP: usize = 64;

/// Rows of a lower triangle, packed, and rows below it that only take what is known.
#[derive(Debug, Clone, Default)]
pub(crate) struct Triangle {
    /// Number of unknowns.
    order: usize,
    rows: Vec<f64>,
    /// One over each number of the diagonal.
    inverse: Vec<f64>,
}

impl Triangle {
    /// Room for `order` unknowns.
    pub fn with_capacity(order: usize) -> Self {
        let rows = Vec::with_capacity(packed_row(order) + order);
        Self { order: 0, rows, inverse: Vec::with_capacity(order) }
    }

    /// One more unknown: its row up to the diagonal.
    fn push_unknown(&mut self, row: impl Iterator<Item = f64>) {
        self.rows.extend(row);
        self.order += 1;
        debug_assert_eq!(self.rows.len(), packed_row(self.order));
        self.inverse.push(1.0 / self.rows[self.rows.len() - 1]);
    }

    /// A row below the triangle; no unknown can follow.
    pub fn push_below(&mut self, row: impl Iterator<Item = f64>) {
        self.rows.extend(row);
    }

    /// Rows of the triangle and below.
    pub fn height(&self) -> usize {
        self.order + (self.rows.len() - packed_row(self.order)) / self.order.max(1)
    }

    /// Row `i`, up to and with the diagonal.
    pub fn row(&self, i: usize) -> &[f64] {
        let below = i.saturating_sub(self.order);
        let start = packed_row(i.min(self.order)) + below * self.order;
        &self.rows[start..start + (i + 1).min(self.order)]
    }

    /// Solves in place from unknown `first` on (those before are 0). `panel` holds [`WIDE`] columns
    /// of [`Self::height`] vectors; rows below the triangle end as `b − row·x`.
    ///
    /// Each number is a sum over the unknowns in their order, whatever the other columns hold.
    pub fn solve(&self, panel: &mut [F64x8], first: usize) {
        run(Solve(self, panel, first));
    }

    #[inline(always)]
    fn solve_inline<A: Arithmetic>(&self, panel: &mut [F64x8], first: usize) {
        let height = self.height().min(panel.len() / WIDE);
        let mut k0 = first;
        while k0 < self.order {
            let k1 = (k0 + DEEP).min(self.order);
            let mut i = k0;
            while i < k1 {
                let count = (k1 - i).min(4);
                self.reduce::<A>(panel, (i, count), (k0, i));
                self.finish::<A>(panel, (i, count));
                i += count;
            }
            while i < height {
                let count = (height - i).min(4);
                self.reduce::<A>(panel, (i, count), (k0, k1));
                i += count;
            }
            k0 = k1;
        }
    }

    /// Appends up to [`PANEL`] rows of the Cholesky factor. `panel` holds the rows of the matrix up
    /// to their last diagonal, eight in each vector and [`WIDE`] columns of vectors; what lies right
    /// of a row's diagonal counts for nothing. Fails with the first row whose pivot is not above 0.
    pub fn extend(&mut self, panel: &mut [F64x8]) -> Result<(), usize> {
        run(Extend(self, panel))
    }

    #[inline(always)]
    fn extend_inline<A: Arithmetic>(&mut self, panel: &mut [F64x8]) -> Result<(), usize> {
        let height = panel.len() / WIDE;
        let known = self.order;
        self.solve_inline::<A>(panel, 0);
        let at = |i: usize, k: usize| ((i - known) / LANES * height + k, (i - known) % LANES);
        let mut parts = Vec::with_capacity((height - known) * known);
        for i in known..height {
            let (first, lane) = at(i, 0);
            parts.extend(panel[first..first + known].iter().map(|x| x.0[lane]));
        }
        let mut i = known;
        while i < height {
            let part = |r: usize| &parts[(i - known + r) * known..][..known];
            if i + 4 <= height {
                reduce_rows::<A, 4>([0, 1, 2, 3].map(part), panel, i, 0);
                i += 4;
            } else {
                reduce_rows::<A, 1>([part(0)], panel, i, 0);
                i += 1;
            }
        }
        for j in known..height {
            let (place, lane) = at(j, j);
            let pivot = panel[place].0[lane];
            if pivot.is_nan() || pivot <= 0.0 {
                return Err(j);
            }
            let inverse = F64x8::splat(1.0 / pivot.sqrt());
            let mut column = [F64x8::ZERO; WIDE];
            for (w, x) in column.iter_mut().enumerate() {
                *x = panel[w * height + j].mul(inverse);
                panel[w * height + j] = *x;
            }
            for c in j + 1..height {
                let (place, lane) = at(c, j);
                let entry = F64x8::splat(panel[place].0[lane]);
                for (w, x) in column.iter().enumerate() {
                    let value = &mut panel[w * height + c];
                    *value = x.neg_mul_add::<A>(entry, *value);
                }
            }
        }
        for i in known..height {
            let (first, lane) = at(i, 0);
            self.push_unknown(panel[first..=first + i].iter().map(|x| x.0[lane]));
        }
        Ok(())
    }

    /// Takes the known part `from..to` out of `count` rows.
    #[inline(always)]
    fn reduce<A: Arithmetic>(
        &self,
        panel: &mut [F64x8],
        (i, count): (usize, usize),
        (from, to): (usize, usize),
    ) {
        if count == 4 {
            let rows = [0, 1, 2, 3].map(|r| &self.row(i + r)[from..to]);
            reduce_rows::<A, 4>(rows, panel, i, from);
        } else {
            for r in i..i + count {
                reduce_rows::<A, 1>([&self.row(r)[from..to]], panel, r, from);
            }
        }
    }

    /// Solves the small triangle of `count` rows.
    #[inline(always)]
    fn finish<A: Arithmetic>(&self, panel: &mut [F64x8], (i, count): (usize, usize)) {
        let height = panel.len() / WIDE;
        for r in i..i + count {
            let row = &self.row(r)[i..r];
            let inverse = F64x8::splat(self.inverse[r]);
            for column in panel.chunks_exact_mut(height) {
                let mut x = column[r];
                for (known, entry) in column[i..r].iter().zip(row) {
                    x = known.neg_mul_add::<A>(F64x8::splat(*entry), x);
                }
                column[r] = x.mul(inverse);
            }
        }
    }
}

#[inline(always)]
fn reduce_rows<A: Arithmetic, const R: usize>(
    rows: [&[f64]; R],
    panel: &mut [F64x8],
    i: usize,
    from: usize,
) {
    let height = panel.len() / WIDE;
    let count = rows[0].len();
    let rows = rows.map(|r| &r[..count]);
    let mut sums = [[F64x8::ZERO; WIDE]; R];
    for r in 0..R {
        for w in 0..WIDE {
            sums[r][w] = panel[w * height + i + r];
        }
    }
    let known = [0, 1, 2, 3].map(|w| &panel[w * height + from..][..count]);
    for k in 0..count {
        let x: [F64x8; WIDE] = [known[0][k], known[1][k], known[2][k], known[3][k]];
        for r in 0..R {
            let entry = F64x8::splat(rows[r][k]);
            for w in 0..WIDE {
                sums[r][w] = x[w].neg_mul_add::<A>(entry, sums[r][w]);
            }
        }
    }
    for r in 0..R {
        for w in 0..WIDE {
            panel[w * height + i + r] = sums[r][w];
        }
    }
}

/// [`Triangle::solve`] for every instruction set.
struct Solve<'a>(&'a Triangle, &'a mut [F64x8], usize);

impl Job for Solve<'_> {
    type Output = ();

    #[inline(always)]
    fn run<A: Arithmetic>(self) {
        self.0.solve_inline::<A>(self.1, self.2);
    }
}

/// [`Triangle::extend`] for every instruction set.
struct Extend<'a>(&'a mut Triangle, &'a mut [F64x8]);

impl Job for Extend<'_> {
    type Output = Result<(), usize>;

    #[inline(always)]
    fn run<A: Arithmetic>(self) -> Self::Output {
        self.0.extend_inline::<A>(self.1)
    }
}

#[cfg(test)]
mod tests {
    use super::super::lanes::{Level, run_at};
    use super::*;

    fn entry(i: usize, j: usize) -> f64 {
        if i == j { 2.0 + 0.01 * i as f64 } else { libm::sin((7 * i + 3 * j) as f64) / 9.0 }
    }

    fn triangle(order: usize, below: usize) -> Triangle {
        let mut out = Triangle::with_capacity(order);
        (0..order).for_each(|i| out.push_unknown((0..=i).map(|j| entry(i, j))));
        (order..order + below).for_each(|i| out.push_below((0..order).map(|j| entry(i, j))));
        out
    }

    #[test]
    fn solves_every_size_at_every_level() {
        for level in [Level::Baseline, Level::Avx2, Level::Avx512] {
            for (order, below) in [(1, 0), (3, 1), (4, 2), (63, 1), (64, 3), (70, 0), (131, 2)] {
                let factor = triangle(order, below);
                let height = factor.height();
                assert_eq!(height, order + below);
                let side = |i: usize, c: usize| libm::cos((i + 5 * c) as f64);
                let mut panel: Vec<F64x8> = (0..WIDE * height)
                    .map(|p| {
                        let (w, i) = (p / height, p % height);
                        F64x8(std::array::from_fn(|l| side(i, w * LANES + l)))
                    })
                    .collect();
                run_at(level, Solve(&factor, &mut panel, 0));
                for c in [0, 9, 31] {
                    let x = |i: usize| panel[c / LANES * height + i].0[c % LANES];
                    for i in 0..height {
                        let known: f64 = (0..order.min(i + 1)).map(|j| entry(i, j) * x(j)).sum();
                        let rest = if i < order { 0.0 } else { x(i) };
                        assert!((known + rest - side(i, c)).abs() < 1e-12, "{order} {i} {c}");
                    }
                }
            }
        }
    }

    /// Rows of `matrix` from `first` on, as [`Triangle::extend`] wants them.
    fn rows(n: usize, first: usize, matrix: impl Fn(usize, usize) -> f64) -> Vec<F64x8> {
        let height = n.min(first + PANEL);
        let entry = |w: usize, k: usize, l: usize| {
            let i = first + w * LANES + l;
            if i < height { matrix(i, k) } else { 0.0 }
        };
        (0..WIDE * height)
            .map(|p| F64x8(std::array::from_fn(|l| entry(p / height, p % height, l))))
            .collect()
    }

    #[test]
    fn factors_give_the_matrix_back_at_every_level() {
        let matrix = |i: usize, j: usize| {
            libm::exp(-(i as f64 - j as f64).abs() / 7.0) + if i == j { 0.2 } else { 0.0 }
        };
        for level in [Level::Baseline, Level::Avx2, Level::Avx512] {
            for n in [1, 7, 32, 33, 70, 129] {
                let mut factor = Triangle::with_capacity(n);
                for first in (0..n).step_by(PANEL) {
                    run_at(level, Extend(&mut factor, &mut rows(n, first, matrix))).unwrap();
                }
                for i in 0..n {
                    for j in 0..=i {
                        let (a, b) = (factor.row(i), factor.row(j));
                        let product: f64 = a.iter().zip(b).map(|(x, y)| x * y).sum();
                        assert!((product - matrix(i, j)).abs() < 1e-13, "{n}: {i} {j}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_matrix_that_is_not_positive_is_refused_at_its_row() {
        let matrix = |i: usize, j: usize| if i == j && i != 40 { 1.0 } else { 0.0 };
        let mut factor = Triangle::with_capacity(50);
        run_at(Level::Avx512, Extend(&mut factor, &mut rows(50, 0, matrix))).unwrap();
        let second = run_at(Level::Avx512, Extend(&mut factor, &mut rows(50, 32, matrix)));
        assert_eq!(second, Err(40));
    }

    #[test]
    fn starts_where_the_right_hand_sides_start() {
        let factor = triangle(100, 1);
        let unit = |i: usize| if i == 42 { F64x8::splat(1.0) } else { F64x8::ZERO };
        let mut whole: Vec<F64x8> = (0..WIDE * 101).map(|p| unit(p % 101)).collect();
        let mut part = whole.clone();
        run_at(Level::Avx512, Solve(&factor, &mut whole, 0));
        run_at(Level::Avx512, Solve(&factor, &mut part, 40));
        assert_eq!(whole, part);
    }
}
