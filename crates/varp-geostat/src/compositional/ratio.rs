use super::{CompositionError, check};

/// Centred log-ratios: ln xᵢ − mean ln x. As many numbers as parts, with sum zero.
///
/// # Errors
/// Fewer than two parts, or a part that is not finite and above zero.
pub fn clr(parts: &[f64]) -> Result<Vec<f64>, CompositionError> {
    check(parts)?;
    let logs: Vec<f64> = parts.iter().map(|p| libm::log(*p)).collect();
    let mean = logs.iter().sum::<f64>() / logs.len() as f64;
    Ok(logs.iter().map(|l| l - mean).collect())
}

/// Composition with sum 1 of centred log-ratios (their sum need not be exactly zero).
pub fn clr_inverse(ratios: &[f64]) -> Vec<f64> {
    let largest = ratios.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let parts: Vec<f64> = ratios.iter().map(|r| libm::exp(r - largest)).collect();
    let sum: f64 = parts.iter().sum();
    parts.iter().map(|p| p / sum).collect()
}

/// Isometric log-ratios in pivot coordinates, one fewer than parts:
/// zᵢ = √((D − i)/(D − i + 1)) · (ln xᵢ − mean of ln x after i), i from 1.
///
/// # Errors
/// Fewer than two parts, or a part that is not finite and above zero.
pub fn ilr(parts: &[f64]) -> Result<Vec<f64>, CompositionError> {
    check(parts)?;
    let logs: Vec<f64> = parts.iter().map(|p| libm::log(*p)).collect();
    let pivot = |i: usize| {
        let after = (logs.len() - 1 - i) as f64;
        let mean = logs[i + 1..].iter().sum::<f64>() / after;
        (after / (after + 1.0)).sqrt() * (logs[i] - mean)
    };
    Ok((0..logs.len() - 1).map(pivot).collect())
}

/// Composition with sum 1 of pivot coordinates; one more part than coordinates.
pub fn ilr_inverse(coordinates: &[f64]) -> Vec<f64> {
    let count = coordinates.len();
    let mut ratios = vec![0.0; count + 1];
    for (i, z) in coordinates.iter().enumerate() {
        let after = (count - i) as f64;
        ratios[i] += z * (after / (after + 1.0)).sqrt();
        let share = z / (after * (after + 1.0)).sqrt();
        ratios[i + 1..].iter_mut().for_each(|r| *r -= share);
    }
    clr_inverse(&ratios)
}

/// Additive log-ratios ln(xᵢ/x_last), one fewer than parts. Not isometric: distances change.
///
/// # Errors
/// Fewer than two parts, or a part that is not finite and above zero.
pub fn alr(parts: &[f64]) -> Result<Vec<f64>, CompositionError> {
    check(parts)?;
    let last = libm::log(parts[parts.len() - 1]);
    Ok(parts[..parts.len() - 1].iter().map(|p| libm::log(*p) - last).collect())
}

/// Composition with sum 1 of additive log-ratios; one more part than ratios.
pub fn alr_inverse(ratios: &[f64]) -> Vec<f64> {
    let mut all = ratios.to_vec();
    all.push(0.0);
    clr_inverse(&all)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARTS: [f64; 4] = [0.1, 0.2, 0.3, 0.4];

    #[test]
    fn every_transform_returns_the_composition() {
        for back in [
            clr_inverse(&clr(&PARTS).unwrap()),
            ilr_inverse(&ilr(&PARTS).unwrap()),
            alr_inverse(&alr(&PARTS).unwrap()),
        ] {
            assert!(back.iter().zip(PARTS).all(|(a, b)| (a - b).abs() < 1e-15));
        }
    }

    #[test]
    fn pivot_coordinates_keep_the_aitchison_norm() {
        let square = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>();
        let difference = square(&clr(&PARTS).unwrap()) - square(&ilr(&PARTS).unwrap());
        assert!(difference.abs() < 1e-14);
    }

    #[test]
    fn far_coordinates_still_sum_to_one() {
        let parts = ilr_inverse(&[900.0, -900.0, 5.0]);
        assert!((parts.iter().sum::<f64>() - 1.0).abs() < 1e-15);
    }

    #[test]
    fn a_zero_is_named() {
        let refused = CompositionError::NotPositive { part: 1, value: 0.0 };
        assert_eq!(clr(&[1.0, 0.0]), Err(refused));
        assert_eq!(ilr(&[1.0]), Err(CompositionError::TooFewParts { found: 1, needed: 2 }));
    }
}
