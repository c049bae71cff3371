//! Compositing: samples of unequal length become pieces of one support.

use crate::estimate::product::Residual;

/// A sampled interval of one hole with a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Start along the hole, metres.
    pub from_m: f64,
    /// End.
    pub to_m: f64,
    /// Grade.
    pub value: f64,
}

/// A piece of a hole with the length-weighted mean of what was sampled in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Composite {
    /// Start along the hole, metres.
    pub from_m: f64,
    /// End.
    pub to_m: f64,
    /// Length that was sampled within.
    pub sampled_m: f64,
    /// Mean grade of that length.
    pub value: f64,
}

/// Composites of one hole, its intervals in order and without overlap.
///
/// `length_m` of `None` makes one composite of the whole hole. What was not sampled counts as unknown,
/// never as zero; a composite with less than a third of its length sampled is left out. Metal is kept:
/// Σ value·length of composites equals that of the samples, but for what a rule leaves out.
pub fn composite(
    intervals: &[Interval],
    length_m: Option<f64>,
    residual: Residual,
) -> Vec<Composite> {
    let (Some(first), Some(last)) = (intervals.first(), intervals.last()) else {
        return Vec::new();
    };
    let (from, to) = (first.from_m, last.to_m);
    let Some(length) = length_m.filter(|l| *l > 0.0 && *l < to - from) else {
        return piece(intervals, from, to).into_iter().collect();
    };
    cuts(from, to, length, residual)
        .windows(2)
        .filter_map(|w| piece(intervals, w[0], w[1]))
        .filter(|c| c.sampled_m >= (c.to_m - c.from_m) / 3.0)
        .collect()
}

/// Where composites begin and end.
fn cuts(from: f64, to: f64, length: f64, residual: Residual) -> Vec<f64> {
    let total = to - from;
    if residual == Residual::Spread {
        let count = (total / length).round().max(1.0);
        return (0..=count as usize).map(|i| from + total * i as f64 / count).collect();
    }
    let whole = (total / length + 1e-9).floor();
    let rest = total - whole * length;
    let mut cuts: Vec<f64> = (0..=whole as usize).map(|i| from + length * i as f64).collect();
    if rest > 1e-6 * length {
        let short = rest < 0.5 * length;
        match residual {
            Residual::Merge if short => *cuts.last_mut().expect("there is a start") = to,
            Residual::Drop if short => {}
            _ => cuts.push(to),
        }
    }
    cuts
}

fn piece(intervals: &[Interval], from_m: f64, to_m: f64) -> Option<Composite> {
    let (mut sampled_m, mut metal) = (0.0, 0.0);
    for i in intervals {
        let length = (i.to_m.min(to_m) - i.from_m.max(from_m)).max(0.0);
        sampled_m += length;
        metal += length * i.value;
    }
    (sampled_m > 0.0).then(|| Composite { from_m, to_m, sampled_m, value: metal / sampled_m })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn intervals(lengths: &[f64], values: &[f64]) -> Vec<Interval> {
        let mut at = 0.0;
        lengths
            .iter()
            .zip(values)
            .map(|(length, value)| {
                let from_m = at;
                at += length;
                Interval { from_m, to_m: at, value: *value }
            })
            .collect()
    }

    #[test]
    fn the_residual_follows_its_rule() {
        let one = intervals(&[1.0, 1.0, 1.0, 1.0, 0.5], &[1.0, 2.0, 3.0, 4.0, 8.0]);
        let ends = |rule| -> Vec<f64> {
            composite(&one, Some(2.0), rule).iter().map(|c| c.to_m).collect()
        };
        assert_eq!(ends(Residual::Merge), [2.0, 4.5]);
        assert_eq!(ends(Residual::Keep), [2.0, 4.0, 4.5]);
        assert_eq!(ends(Residual::Drop), [2.0, 4.0]);
        assert_eq!(ends(Residual::Spread), [2.25, 4.5]);
        let merged = composite(&one, Some(2.0), Residual::Merge);
        assert!((merged[1].value - (3.0 + 4.0 + 8.0 * 0.5) / 2.5).abs() < 1e-12);
    }

    #[test]
    fn a_gap_is_unknown_and_not_zero() {
        let gap = [
            Interval { from_m: 0.0, to_m: 1.0, value: 2.0 },
            Interval { from_m: 3.0, to_m: 4.0, value: 4.0 },
        ];
        let whole = composite(&gap, None, Residual::Merge);
        assert_eq!((whole[0].value, whole[0].sampled_m), (3.0, 2.0));
    }

    proptest! {
        #[test]
        fn metal_is_kept(
            lengths in prop::collection::vec(0.1..3.0_f64, 1..20),
            length in 0.5..5.0_f64,
            spread in any::<bool>(),
        ) {
            let values: Vec<f64> = lengths.iter().map(|l| 1.0 + l * 7.0 % 3.0).collect();
            let holes = intervals(&lengths, &values);
            let rule = if spread { Residual::Spread } else { Residual::Keep };
            let made = composite(&holes, Some(length), rule);
            let before: f64 = holes.iter().map(|i| i.value * (i.to_m - i.from_m)).sum();
            let after: f64 = made.iter().map(|c| c.value * c.sampled_m).sum();
            prop_assert!((before - after).abs() < 1e-9 * before);
        }
    }
}
