use faer::linalg::solvers::Solve;
use faer::{Mat, Side};

use super::DeclusterError;
use crate::model::Model;
use crate::stats::finite;

/// Result of declustering by kriging weights.
#[derive(Debug, Clone, PartialEq)]
pub struct KrigingWeights {
    /// Kriging weights of the area's mean, times the number of samples; they may be negative.
    pub raw: Vec<f64>,
    /// The same with negative ones set to zero, scaled to sum to the number of samples.
    pub weights: Vec<f64>,
    /// Share of the total (in absolute value) that was negative.
    pub negative_share: f64,
}

/// Ordinary-kriging weights of the mean over `targets`, from all samples at once.
///
/// The sum of the weights of all targets solves one system whose right-hand side is the mean
/// covariance to the targets, so the cost is one factorisation, n³/3, and n · m covariances.
///
/// - `points`: samples; `targets`: nodes that fill the area; metres
///
/// # Errors
/// No samples or targets, numbers not finite, coincident samples, singular system.
pub fn kriging(
    points: &[[f64; 3]],
    targets: &[[f64; 3]],
    model: &Model,
) -> Result<KrigingWeights, DeclusterError> {
    finite(points.as_flattened(), 3)?;
    finite(targets.as_flattened(), 3)?;
    distinct(points)?;
    let n = points.len();
    let lag = |a: &[f64; 3], b: &[f64; 3]| [0, 1, 2].map(|d| a[d] - b[d]);
    let matrix = Mat::from_fn(n, n, |i, j| model.covariance(lag(&points[i], &points[j])));
    let mean = |p: &[f64; 3]| {
        let sum: f64 = targets.iter().map(|t| model.covariance(lag(p, t))).sum();
        sum / targets.len() as f64
    };
    let right = Mat::from_fn(n, 2, |i, j| if j == 0 { mean(&points[i]) } else { 1.0 });
    let factor = matrix.llt(Side::Lower).map_err(|_| DeclusterError::Singular { count: n })?;
    let solved = factor.solve(&right);
    let sum = |j: usize| (0..n).map(|i| solved[(i, j)]).sum::<f64>();
    let multiplier = (1.0 - sum(0)) / sum(1);
    let raw: Vec<f64> =
        (0..n).map(|i| (solved[(i, 0)] + multiplier * solved[(i, 1)]) * n as f64).collect();
    let positive: f64 = raw.iter().filter(|w| **w > 0.0).sum();
    let absolute: f64 = raw.iter().map(|w| w.abs()).sum();
    let weights = raw.iter().map(|w| w.max(0.0) * n as f64 / positive).collect();
    Ok(KrigingWeights { weights, negative_share: 1.0 - positive / absolute, raw })
}

fn distinct(points: &[[f64; 3]]) -> Result<(), DeclusterError> {
    let mut order: Vec<usize> = (0..points.len()).collect();
    let compare = |a: usize, b: usize| points[a].partial_cmp(&points[b]).expect("finite");
    order.sort_by(|&a, &b| compare(a, b).then(a.cmp(&b)));
    match order.windows(2).find(|w| points[w[0]] == points[w[1]]) {
        Some(w) => {
            let place = points[w[0]];
            Err(DeclusterError::Coincident { first: w[0], second: w[1], place })
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square() -> Vec<[f64; 3]> {
        (0..400).map(|i| [f64::from(i % 20) + 0.5, f64::from(i / 20) + 0.5, 0.0]).collect()
    }

    #[test]
    fn a_cluster_weighs_about_as_much_as_one_lone_sample() {
        let points = [[5.0, 10.0, 0.0], [5.4, 10.2, 0.0], [5.1, 9.7, 0.0], [15.0, 10.0, 0.0]];
        let model: Model = "0.01 nug + 0.99 sph(20)".parse().unwrap();
        let declustered = kriging(&points, &square(), &model).unwrap();
        assert!((declustered.weights.iter().sum::<f64>() - 4.0).abs() < 1e-12);
        assert!((declustered.weights[3] - 2.0).abs() < 0.1);
    }

    #[test]
    fn coincident_samples_are_named() {
        let points = [[1.0, 1.0, 0.0], [2.0, 2.0, 0.0], [1.0, 1.0, 0.0]];
        let model: Model = "1 sph(20)".parse().unwrap();
        let place = [1.0, 1.0, 0.0];
        assert_eq!(
            kriging(&points, &square(), &model),
            Err(DeclusterError::Coincident { first: 0, second: 2, place })
        );
    }
}
