//! Grades with a longer tail than the scales of estimates have.

/// Fewest values of which a skewness is told.
const FEWEST: usize = 10;
/// Standard errors above which it is no chance: one in twenty on one side.
const ERRORS: f64 = 1.645;

/// A warning where even the logarithms of the values lean to the right: neither scale fits them, and
/// intervals of such grades have held too few truths when real sample sets were thinned.
///
/// Skewness g₁ = m₃/m₂^1.5 of the logarithms against its standard error √(6·(n−2)/((n+1)·(n+3))) of a Gaussian
/// (Fisher 1930). Values that are not above zero have no logarithm and are left out.
pub(super) fn warning(substance: &str, values: &[f64]) -> Option<String> {
    let logs: Vec<f64> = values.iter().filter(|v| **v > 0.0).map(|v| v.ln()).collect();
    if logs.len() < FEWEST {
        return None;
    }
    let n = logs.len() as f64;
    let mean = logs.iter().sum::<f64>() / n;
    let moment = |power: i32| logs.iter().map(|l| (l - mean).powi(power)).sum::<f64>() / n;
    let variance = moment(2);
    if variance <= 0.0 {
        return None;
    }
    let skewness = moment(3) / variance.powf(1.5);
    let error = (6.0 * (n - 2.0) / ((n + 1.0) * (n + 3.0))).sqrt();
    (skewness > ERRORS * error).then(|| {
        format!(
            "{substance}: even the logarithms of {} grades lean to the right (skewness {skewness:.1}): a few rich \
             places hold much of it, and the interval is likely too narrow and too low; take them for a zone of \
             their own if they lie together, or sample more",
            logs.len()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::distribution::normal_quantile;

    fn scores(n: usize) -> impl Iterator<Item = f64> {
        (0..n).map(move |i| normal_quantile((i as f64 + 0.5) / n as f64))
    }

    #[test]
    fn a_lognormal_is_not_warned_of_and_a_longer_tail_is() {
        let lognormal: Vec<f64> = scores(40).map(|z| (0.9 * z).exp()).collect();
        assert_eq!(warning("Co", &lognormal), None);
        let tailed: Vec<f64> = scores(40).map(|z| ((0.5 * z).exp() - 0.2).exp()).collect();
        let told = warning("Co", &tailed).unwrap();
        assert!(told.contains("40 grades lean to the right"), "{told}");
        assert_eq!(warning("Co", &tailed[31..]), None, "too few to tell");
        assert_eq!(warning("Co", &[2.0; 20]), None);
    }
}
