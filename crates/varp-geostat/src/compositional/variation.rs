use super::{CompositionError, check};

/// Variance (divisor n − 1) of every log-ratio ln(xᵢ/xⱼ): a symmetric D × D matrix, row by row.
///
/// # Errors
/// Fewer than two compositions, parts that are not positive, lists of different length.
pub fn variation_matrix(compositions: &[Vec<f64>]) -> Result<Vec<f64>, CompositionError> {
    let logs = logarithms(compositions)?;
    if logs.len() < 2 {
        return Err(CompositionError::TooFewRows { found: logs.len(), needed: 2 });
    }
    let (n, parts) = (logs.len() as f64, logs[0].len());
    let mut matrix = vec![0.0; parts * parts];
    for i in 0..parts {
        for j in 0..i {
            let mean = logs.iter().map(|l| l[i] - l[j]).sum::<f64>() / n;
            let sum: f64 = logs.iter().map(|l| (l[i] - l[j] - mean).powi(2)).sum();
            matrix[i * parts + j] = sum / (n - 1.0);
            matrix[j * parts + i] = sum / (n - 1.0);
        }
    }
    Ok(matrix)
}

/// Total (Aitchison) variance: the sum of the variation matrix over 2D.
///
/// # Errors
/// As [`variation_matrix`].
pub fn total_variance(compositions: &[Vec<f64>]) -> Result<f64, CompositionError> {
    let matrix = variation_matrix(compositions)?;
    Ok(matrix.iter().sum::<f64>() / (2.0 * compositions[0].len() as f64))
}

/// The closed geometric mean, sum 1.
///
/// # Errors
/// No compositions, parts that are not positive, lists of different length.
pub fn centre(compositions: &[Vec<f64>]) -> Result<Vec<f64>, CompositionError> {
    let logs = logarithms(compositions)?;
    let n = logs.len() as f64;
    let means: Vec<f64> =
        (0..logs[0].len()).map(|i| logs.iter().map(|l| l[i]).sum::<f64>() / n).collect();
    Ok(super::clr_inverse(&means))
}

fn logarithms(compositions: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, CompositionError> {
    let Some(first) = compositions.first() else {
        return Err(CompositionError::TooFewRows { found: 0, needed: 1 });
    };
    for (row, parts) in compositions.iter().enumerate() {
        if parts.len() != first.len() {
            let (found, expected) = (parts.len(), first.len());
            return Err(CompositionError::Uneven { row, found, expected });
        }
        check(parts)?;
    }
    Ok(compositions.iter().map(|c| c.iter().map(|p| libm::log(*p)).collect()).collect())
}
