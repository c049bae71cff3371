//! Small dense least squares.

/// Solves a symmetric positive definite system by Cholesky; `None` when it is singular.
pub(crate) fn solve_positive(n: usize, a: &[f64], b: &[f64]) -> Option<Vec<f64>> {
    let mut l = a.to_vec();
    for i in 0..n {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| l[i * n + k] * l[j * n + k]).sum();
            let value = a[i * n + j] - sum;
            if i > j {
                l[i * n + j] = value / l[j * n + j];
            } else if value > 1e-14 * a[i * n + i].abs() {
                l[i * n + i] = value.sqrt();
            } else {
                return None;
            }
        }
    }
    let mut x = b.to_vec();
    for i in 0..n {
        let sum: f64 = (0..i).map(|k| l[i * n + k] * x[k]).sum();
        x[i] = (x[i] - sum) / l[i * n + i];
    }
    for i in (0..n).rev() {
        let sum: f64 = (i + 1..n).map(|k| l[k * n + i] * x[k]).sum();
        x[i] = (x[i] - sum) / l[i * n + i];
    }
    Some(x)
}

/// Non-negative coefficients of `columns` nearest to `target` in weighted squares, and those
/// squares.
///
/// With at most a handful of columns every subset is solved and the best feasible one kept: exact,
/// and without the cycling of active-set methods.
pub(crate) fn non_negative(
    columns: &[Vec<f64>],
    target: &[f64],
    weights: &[f64],
) -> (Vec<f64>, f64) {
    let n = columns.len();
    let dot = |x: &[f64], y: &[f64]| -> f64 {
        x.iter().zip(y).zip(weights).map(|((a, b), w)| w * a * b).sum()
    };
    let squares = |coefficients: &[f64]| -> f64 {
        (0..target.len())
            .map(|i| {
                let model: f64 = columns.iter().zip(coefficients).map(|(c, x)| c[i] * x).sum();
                weights[i] * (target[i] - model).powi(2)
            })
            .sum()
    };
    let mut best = (vec![0.0; n], squares(&vec![0.0; n]));
    for subset in 1usize..1 << n {
        let used: Vec<usize> = (0..n).filter(|i| subset >> i & 1 == 1).collect();
        let m = used.len();
        let mut a = vec![0.0; m * m];
        for (i, u) in used.iter().enumerate() {
            for (j, v) in used.iter().enumerate() {
                a[i * m + j] = dot(&columns[*u], &columns[*v]);
            }
        }
        let b: Vec<f64> = used.iter().map(|u| dot(&columns[*u], target)).collect();
        let Some(x) = solve_positive(m, &a, &b) else { continue };
        if x.iter().any(|v| *v < 0.0) {
            continue;
        }
        let mut coefficients = vec![0.0; n];
        used.iter().zip(&x).for_each(|(u, v)| coefficients[*u] = *v);
        let value = squares(&coefficients);
        if value < best.1 {
            best = (coefficients, value);
        }
    }
    best
}

/// `variance · (JᵀWJ)⁻¹` by central differences; rows of parameters that are not free are zero.
pub(crate) fn parameter_covariance(
    predict: &dyn Fn(&[f64]) -> Vec<f64>,
    at: &[f64],
    free: &[bool],
    weights: &[f64],
    variance: f64,
) -> Vec<f64> {
    let n = at.len();
    let used: Vec<usize> = (0..n).filter(|i| free[*i]).collect();
    let column = |i: &usize| {
        let step = 1e-6 * at[*i].abs().max(1e-6);
        let moved = |sign: f64| {
            let mut x = at.to_vec();
            x[*i] += sign * step;
            predict(&x)
        };
        let (up, down) = (moved(1.0), moved(-1.0));
        up.iter().zip(&down).map(|(a, b)| (a - b) / (2.0 * step)).collect::<Vec<f64>>()
    };
    let jacobian: Vec<Vec<f64>> = used.iter().map(column).collect();
    let m = used.len();
    let mut a = vec![0.0; m * m];
    for i in 0..m {
        for j in 0..m {
            let products = jacobian[i].iter().zip(&jacobian[j]).zip(weights);
            a[i * m + j] = products.map(|((x, y), w)| w * x * y).sum();
        }
    }
    let mut out = vec![0.0; n * n];
    for j in 0..m {
        let unit: Vec<f64> = (0..m).map(|i| f64::from(u8::from(i == j))).collect();
        let Some(x) = solve_positive(m, &a, &unit) else { return out };
        for i in 0..m {
            out[used[i] * n + used[j]] = variance * x[i];
        }
    }
    out
}
