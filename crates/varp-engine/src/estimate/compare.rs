//! Several statements about one body: do they agree, and if not, what may have gone wrong?

use crate::chance::Z80;

/// A number with its 80 % range, by whom it was stated.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Who says so.
    pub source: String,
    /// Best value, positive.
    pub best: f64,
    /// Low and high of its 80 % range, where known.
    pub range: Option<(f64, f64)>,
}

/// Whether two statements agree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// Second over first.
    pub ratio: f64,
    /// |ln ratio| over its standard deviation; `None` where neither states a range.
    pub score: Option<f64>,
    /// Whether the score is at most 2, or without ranges, the ratio within a tenth.
    pub agree: bool,
}

/// A likely cause of a ratio.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnosis {
    /// In words.
    pub cause: String,
    /// The ratio that the cause would give.
    pub expected: f64,
    /// How far the ratio found is from it, in per cent.
    pub off_percent: f64,
}

/// Compares two statements on the scale of logarithms.
pub fn agreement(first: &Statement, second: &Statement) -> Agreement {
    let ratio = second.best / first.best;
    let sigma = |s: &Statement| {
        s.range.filter(|(l, h)| *l > 0.0 && h > l).map(|(l, h)| (h / l).ln() / (2.0 * Z80))
    };
    let variance = [sigma(first), sigma(second)].into_iter().flatten().map(|s| s * s);
    let sd = variance.reduce(|a, b| a + b).map(f64::sqrt);
    let score = sd.map(|sd| ratio.ln().abs() / sd);
    let agree = score.map_or((0.9..=1.0 / 0.9).contains(&ratio), |s| s <= 2.0);
    Agreement { ratio, score, agree }
}

/// Likely causes of a contradiction, the nearest first.
///
/// `factors` are named ratios that belong to the substance, such as ("W taken for WO3", 1.2611):
/// mass of the oxide over mass of the element. A cause is named if the ratio lies within
/// `tolerance_percent` of it.
pub fn diagnose(ratio: f64, factors: &[(String, f64)], tolerance_percent: f64) -> Vec<Diagnosis> {
    let slips = [
        ("a unit off by a thousand", 1e3),
        ("per cent taken for ppm, or the reverse", 1e4),
        ("a unit off by a million", 1e6),
        ("short tons taken for tonnes", 1.0 / 0.907_184_74),
        ("long tons taken for tonnes", 1.0 / 1.016_046_908_8),
    ];
    let named = slips.iter().map(|(c, f)| ((*c).to_owned(), *f));
    let mut found: Vec<Diagnosis> = named
        .chain(factors.iter().cloned())
        .flat_map(|(cause, f)| [(cause.clone(), f), (cause, 1.0 / f)])
        .map(|(cause, expected)| {
            let off_percent = (ratio / expected - 1.0).abs() * 100.0;
            Diagnosis { cause, expected, off_percent }
        })
        .filter(|d| d.off_percent <= tolerance_percent)
        .collect();
    found.sort_by(|a, b| a.off_percent.total_cmp(&b.off_percent));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(best: f64, range: Option<(f64, f64)>) -> Statement {
        Statement { source: "s".into(), best, range }
    }

    /// Yxsjöberg, ore mined 5 Mt at 0.38 %: 19.0 kt read as WO3, 23.96 kt WO3 if the grade is W;
    /// published: 24.8 kt WO3 (NewPeak; a consistency check, since the grade may be back-solved).
    #[test]
    fn yxsjoberg_says_element_not_oxide() {
        let as_stated = 5e6 * 0.0038;
        let published = 24_800.0;
        let disagreement = agreement(&statement(as_stated, None), &statement(published, None));
        assert!(!disagreement.agree);
        let factors = [("a grade of W taken for WO3".to_owned(), 1.2611)];
        let causes = diagnose(disagreement.ratio, &factors, 5.0);
        assert_eq!(causes[0].cause, "a grade of W taken for WO3");
        assert!(causes[0].off_percent < 4.0);
    }

    /// Smallcaps printed 570,000 million m³ for Korsnäs; 570,000 m³ was meant.
    #[test]
    fn a_slip_of_a_million_is_named() {
        let causes = diagnose(570_000e6 / 570_000.0, &[], 1.0);
        assert_eq!(causes[0].cause, "a unit off by a million");
    }

    #[test]
    fn ranges_decide_whether_numbers_agree() {
        let wide = statement(1.0, Some((0.5, 2.0)));
        assert!(agreement(&wide, &statement(1.5, Some((1.2, 1.9)))).agree);
        let narrow = statement(1.0, Some((0.98, 1.02)));
        assert!(!agreement(&narrow, &statement(1.5, Some((1.45, 1.55)))).agree);
    }
}
