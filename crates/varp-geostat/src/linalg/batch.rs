//! Cholesky factors of eight small matrices at once: lane `l` of every vector belongs to matrix `l`.

use super::lanes::{Arithmetic, F64x8};

/// Where row `i` of a packed lower triangle begins.
#[inline(always)]
pub(crate) fn packed_row(i: usize) -> usize {
    i * (i + 1) / 2
}

/// Factorises `A = L Lᵀ` in place and solves `L x = b` for `extra` right-hand sides.
///
/// `a` holds `n` packed rows (row `i` has `i + 1` numbers) and then `extra` rows of `n` numbers,
/// which become the solutions. The diagonal of the factor is stored inverted. Returns the smallest
/// pivot of each lane: at or near 0 the matrix is singular and the lane's numbers mean nothing.
#[inline(always)]
pub(crate) fn cholesky_augmented<A: Arithmetic>(a: &mut [F64x8], n: usize, extra: usize) -> F64x8 {
    let mut smallest = F64x8::splat(f64::INFINITY);
    let mut j0 = 0;
    while j0 < n {
        let width = (n - j0).min(4);
        smallest = smallest.min(diagonal_block::<A>(a, j0, width));
        if width == 4 {
            rows_below::<A>(a, n, extra, j0);
        } else {
            rows_below_narrow::<A>(a, n, extra, j0, width);
        }
        j0 += width;
    }
    smallest
}

/// Factor of the diagonal block of columns `j0..j0 + width`.
#[inline(always)]
fn diagonal_block<A: Arithmetic>(a: &mut [F64x8], j0: usize, width: usize) -> F64x8 {
    let mut smallest = F64x8::splat(f64::INFINITY);
    for j in j0..j0 + width {
        let (above, rest) = a.split_at_mut(packed_row(j));
        let row = &mut rest[..=j];
        for i in j0..j {
            let other = &above[packed_row(i)..][..=i];
            row[i] = dot_from::<A>(row[i], &row[..i], &other[..i]).mul(other[i]);
        }
        let pivot = dot_from::<A>(row[j], &row[..j], &row[..j]);
        smallest = smallest.min(pivot);
        row[j] = F64x8::splat(1.0).div(pivot.max(F64x8::splat(1e-300)).sqrt());
    }
    smallest
}

/// `start − Σ x y` in two interleaved sums.
#[inline(always)]
fn dot_from<A: Arithmetic>(start: F64x8, x: &[F64x8], y: &[F64x8]) -> F64x8 {
    let (mut even, mut odd) = (start, F64x8::ZERO);
    let half = x.len() / 2 * 2;
    for k in (0..half).step_by(2) {
        even = x[k].neg_mul_add::<A>(y[k], even);
        odd = x[k + 1].neg_mul_add::<A>(y[k + 1], odd);
    }
    if half < x.len() {
        even = x[half].neg_mul_add::<A>(y[half], even);
    }
    even.add(odd)
}

/// Updates all rows below a block of four columns, two rows at a time.
#[inline(always)]
fn rows_below<A: Arithmetic>(a: &mut [F64x8], n: usize, extra: usize, j0: usize) {
    let (above, below) = a.split_at_mut(packed_row(j0 + 4));
    let block: [&[F64x8]; 4] = [
        &above[packed_row(j0)..][..=j0],
        &above[packed_row(j0 + 1)..][..j0 + 2],
        &above[packed_row(j0 + 2)..][..j0 + 3],
        &above[packed_row(j0 + 3)..][..j0 + 4],
    ];
    let total = n + extra;
    let mut rest = below;
    let mut i = j0 + 4;
    while i < total {
        let first_length = if i < n { i + 1 } else { n };
        let (first, tail) = rest.split_at_mut(first_length);
        i += 1;
        if i < total {
            let second_length = if i < n { i + 1 } else { n };
            let (second, tail) = tail.split_at_mut(second_length);
            i += 1;
            two_rows::<A>(&block, &mut first[..j0 + 4], &mut second[..j0 + 4], j0);
            rest = tail;
        } else {
            one_row::<A>(&block, &mut first[..j0 + 4], j0);
            rest = tail;
        }
    }
}

#[inline(always)]
fn two_rows<A: Arithmetic>(block: &[&[F64x8]; 4], x: &mut [F64x8], y: &mut [F64x8], j0: usize) {
    let [b0, b1, b2, b3] = [&block[0][..j0], &block[1][..j0], &block[2][..j0], &block[3][..j0]];
    let (xs, xd) = x.split_at_mut(j0);
    let (ys, yd) = y.split_at_mut(j0);
    let mut s = [xd[0], xd[1], xd[2], xd[3]];
    let mut t = [yd[0], yd[1], yd[2], yd[3]];
    for k in 0..j0 {
        let (p, q) = (xs[k], ys[k]);
        s[0] = p.neg_mul_add::<A>(b0[k], s[0]);
        t[0] = q.neg_mul_add::<A>(b0[k], t[0]);
        s[1] = p.neg_mul_add::<A>(b1[k], s[1]);
        t[1] = q.neg_mul_add::<A>(b1[k], t[1]);
        s[2] = p.neg_mul_add::<A>(b2[k], s[2]);
        t[2] = q.neg_mul_add::<A>(b2[k], t[2]);
        s[3] = p.neg_mul_add::<A>(b3[k], s[3]);
        t[3] = q.neg_mul_add::<A>(b3[k], t[3]);
    }
    xd[..4].copy_from_slice(&finish::<A>(block, s, j0));
    yd[..4].copy_from_slice(&finish::<A>(block, t, j0));
}

#[inline(always)]
fn one_row<A: Arithmetic>(block: &[&[F64x8]; 4], x: &mut [F64x8], j0: usize) {
    let [b0, b1, b2, b3] = [&block[0][..j0], &block[1][..j0], &block[2][..j0], &block[3][..j0]];
    let (xs, xd) = x.split_at_mut(j0);
    let mut s = [xd[0], xd[1], xd[2], xd[3]];
    for k in 0..j0 {
        let p = xs[k];
        s[0] = p.neg_mul_add::<A>(b0[k], s[0]);
        s[1] = p.neg_mul_add::<A>(b1[k], s[1]);
        s[2] = p.neg_mul_add::<A>(b2[k], s[2]);
        s[3] = p.neg_mul_add::<A>(b3[k], s[3]);
    }
    xd[..4].copy_from_slice(&finish::<A>(block, s, j0));
}

/// Solves with the 4 × 4 diagonal block.
#[inline(always)]
fn finish<A: Arithmetic>(block: &[&[F64x8]; 4], s: [F64x8; 4], j0: usize) -> [F64x8; 4] {
    let [b0, b1, b2, b3] = block;
    let x0 = s[0].mul(b0[j0]);
    let x1 = x0.neg_mul_add::<A>(b1[j0], s[1]).mul(b1[j0 + 1]);
    let t2 = x1.neg_mul_add::<A>(b2[j0 + 1], x0.neg_mul_add::<A>(b2[j0], s[2]));
    let x2 = t2.mul(b2[j0 + 2]);
    let t3 = x1.neg_mul_add::<A>(b3[j0 + 1], x0.neg_mul_add::<A>(b3[j0], s[3]));
    let x3 = x2.neg_mul_add::<A>(b3[j0 + 2], t3).mul(b3[j0 + 3]);
    [x0, x1, x2, x3]
}

/// The last one to three columns: only the extra rows are below them.
#[inline(always)]
fn rows_below_narrow<A: Arithmetic>(
    a: &mut [F64x8],
    n: usize,
    extra: usize,
    j0: usize,
    width: usize,
) {
    let (factor, rows) = a.split_at_mut(packed_row(n));
    for row in rows.chunks_exact_mut(n).take(extra) {
        for j in j0..j0 + width {
            let other = &factor[packed_row(j)..][..=j];
            row[j] = dot_from::<A>(row[j], &row[..j], &other[..j]).mul(other[j]);
        }
    }
}

/// Solves `Lᵀ x = b` in place, `factor` as [`cholesky_augmented`] leaves it.
#[inline(always)]
pub(crate) fn back_substitute<A: Arithmetic>(factor: &[F64x8], b: &mut [F64x8]) {
    for i in (0..b.len()).rev() {
        let row = &factor[packed_row(i)..][..=i];
        let x = b[i].mul(row[i]);
        b[i] = x;
        for (value, entry) in b[..i].iter_mut().zip(row) {
            *value = x.neg_mul_add::<A>(*entry, *value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lanes::{Job, Level, run_at};
    use super::*;

    struct Solve<'a>(&'a mut [F64x8], usize);
    impl Job for Solve<'_> {
        type Output = F64x8;
        #[inline(always)]
        fn run<A: Arithmetic>(self) -> F64x8 {
            let smallest = cholesky_augmented::<A>(self.0, self.1, 1);
            let (factor, b) = self.0.split_at_mut(packed_row(self.1));
            back_substitute::<A>(factor, b);
            smallest
        }
    }

    /// exp(−|i−j|/3) plus a diagonal that differs by lane.
    fn entry(i: usize, j: usize, lane: usize) -> f64 {
        let distance = (i as f64 - j as f64).abs();
        libm::exp(-distance / 3.0) + if i == j { 0.1 * (lane + 1) as f64 } else { 0.0 }
    }

    #[test]
    fn solves_systems_of_every_size_at_every_level() {
        for level in [Level::Baseline, Level::Avx2, Level::Avx512] {
            for n in 1..14 {
                let mut a = Vec::new();
                for i in 0..n {
                    for j in 0..=i {
                        a.push(F64x8(std::array::from_fn(|l| entry(i, j, l))));
                    }
                }
                a.extend((0..n).map(|i| F64x8::splat(1.0 + i as f64)));
                let smallest = run_at(level, Solve(&mut a, n));
                let x = &a[packed_row(n)..];
                for lane in 0..8 {
                    assert!(smallest.0[lane] > 0.0);
                    for i in 0..n {
                        let product: f64 = (0..n).map(|j| entry(i, j, lane) * x[j].0[lane]).sum();
                        assert!((product - (1.0 + i as f64)).abs() < 1e-12, "n {n}");
                    }
                }
            }
        }
    }

    #[test]
    fn two_equal_rows_show_as_a_pivot_of_zero() {
        let mut a = vec![F64x8::splat(1.0); packed_row(2) + 2];
        assert!(run_at(Level::Avx512, Solve(&mut a, 2)).0[0] <= 1e-15);
    }
}
