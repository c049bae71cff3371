use super::{CompositionError, check};

/// Multiplicative replacement: each zero becomes `fraction` · its detection limit, and the other
/// parts shrink by the same factor, so that their ratios and the sum stay.
///
/// xⱼ → xⱼ · (1 − Σ δ / Σ x) for positive parts, δᵢ = fraction · limitᵢ for zeros.
///
/// - `parts`, `limits`: one unit; `fraction`: 0.65 loses least of the covariance below 10 % zeros
///
/// # Errors
/// Negative or non-finite parts, a zero without a positive limit, no room for the replacements.
///
/// Source: J. A. Martín-Fernández, C. Barceló-Vidal, V. Pawlowsky-Glahn, "Dealing with zeros and
/// missing values in compositional data sets using nonparametric imputation", Mathematical
/// Geology 35 (2003), 253–278.
pub fn replace_zeros(
    parts: &[f64],
    limits: &[f64],
    fraction: f64,
) -> Result<Vec<f64>, CompositionError> {
    if limits.len() != parts.len() {
        return Err(CompositionError::Uneven {
            row: 1,
            found: limits.len(),
            expected: parts.len(),
        });
    }
    if let Some(part) = parts.iter().position(|p| !(p.is_finite() && *p >= 0.0)) {
        return Err(CompositionError::NotPositive { part, value: parts[part] });
    }
    let whole: f64 = parts.iter().sum();
    let deltas = parts.iter().zip(limits).map(|(p, l)| if *p == 0.0 { fraction * l } else { 0.0 });
    let replaced: f64 = deltas.clone().sum();
    if replaced >= whole {
        return Err(CompositionError::NoRoom { replaced, whole });
    }
    let shrink = 1.0 - replaced / whole;
    let filled: Vec<f64> =
        parts.iter().zip(deltas).map(|(p, d)| if *p == 0.0 { d } else { p * shrink }).collect();
    check(&filled)?;
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sum_and_ratios_of_positive_parts_stay() {
        let filled = replace_zeros(&[0.0, 60.0, 40.0], &[1.0; 3], 0.65).unwrap();
        assert!((filled.iter().sum::<f64>() - 100.0).abs() < 1e-12);
        assert!((filled[1] / filled[2] - 1.5).abs() < 1e-15);
        assert_eq!(filled[0], 0.65);
    }

    #[test]
    fn a_zero_without_a_limit_is_refused() {
        let refused = replace_zeros(&[0.0, 1.0], &[0.0, 0.0], 0.65);
        assert_eq!(refused, Err(CompositionError::NotPositive { part: 0, value: 0.0 }));
    }

    #[test]
    fn replacements_larger_than_the_whole_are_refused() {
        let refused = replace_zeros(&[0.0, 1.0], &[9.0, 9.0], 0.5);
        assert_eq!(refused, Err(CompositionError::NoRoom { replaced: 4.5, whole: 1.0 }));
    }
}
