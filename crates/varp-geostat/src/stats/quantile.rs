use super::{StatsError, finite, same_length, sorted, total_weight};

/// Quantile by linear interpolation of the order statistics at (n − 1)·p (type 7 of
/// Hyndman & Fan 1996, the default of R and NumPy).
///
/// - `values`: any order, any unit
/// - `fraction`: 0..=1
///
/// # Errors
/// No values, values not finite, fraction outside 0..=1.
pub fn quantile(values: &[f64], fraction: f64) -> Result<f64, StatsError> {
    finite(values, 1)?;
    check_fraction(fraction)?;
    Ok(quantile_sorted(&sorted(values), fraction))
}

/// Quantile of weighted values: linear interpolation between cumulative weights taken at the
/// middle of each value's own weight, constant beyond the first and last middle.
///
/// - `fraction`: 0..=1
///
/// # Errors
/// As [`quantile`]; weights negative or all zero.
pub fn weighted_quantile(
    values: &[f64],
    weights: &[f64],
    fraction: f64,
) -> Result<f64, StatsError> {
    finite(values, 1)?;
    same_length(values.len(), weights.len(), "weights")?;
    check_fraction(fraction)?;
    let total = total_weight(weights)?;
    let mut order: Vec<usize> = (0..values.len()).filter(|&i| weights[i] > 0.0).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]).then(a.cmp(&b)));
    let (mut before, mut last) = (0.0, None);
    for &i in &order {
        let middle = (before + 0.5 * weights[i]) / total;
        before += weights[i];
        if fraction <= middle {
            return Ok(match last {
                Some((position, value)) => {
                    value + (values[i] - value) * (fraction - position) / (middle - position)
                }
                None => values[i],
            });
        }
        last = Some((middle, values[i]));
    }
    Ok(last.map_or(values[0], |(_, value)| value))
}

/// [`quantile`] of values already in ascending order; the list must not be empty.
pub(crate) fn quantile_sorted(sorted: &[f64], fraction: f64) -> f64 {
    let place = fraction * (sorted.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (sorted[above] - sorted[below]) * (place - below as f64)
}

fn check_fraction(fraction: f64) -> Result<(), StatsError> {
    if (0.0..=1.0).contains(&fraction) {
        return Ok(());
    }
    Err(StatsError::OutOfRange { name: "fraction", value: fraction, rule: "within 0..=1" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_the_default_quantile_of_numpy() {
        // numpy.quantile([3, 1, 4, 1, 5, 9, 2, 6], [.1, .37, .9]), NumPy 2.4
        let values = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
        for (fraction, expected) in [(0.1, 1.0), (0.37, 2.59), (0.9, 6.9)] {
            assert!((quantile(&values, fraction).unwrap() - expected).abs() < 1e-14);
        }
    }

    #[test]
    fn weighted_median_follows_the_heavy_value() {
        let median = weighted_quantile(&[1.0, 2.0, 10.0], &[0.1, 0.1, 5.0], 0.5).unwrap();
        assert!(median > 9.0 && median <= 10.0);
    }

    #[test]
    fn fraction_outside_the_unit_interval_is_refused() {
        assert!(quantile(&[1.0], 1.5).is_err());
        assert!(quantile(&[1.0], f64::NAN).is_err());
    }
}
