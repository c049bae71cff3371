//! The histogram: how often values fall into each step, results beyond a limit hatched.

use maud::{Markup, html};

use super::{Scale, px};

const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 150.0;
const FOOT: f64 = 22.0;

/// One step of a histogram.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bin {
    /// Values that are exact.
    pub exact: usize,
    /// Values of which only a bound is known, counted at the bound.
    pub censored: usize,
}

/// Counts `(value, is censored)` into `count` steps of equal width on the scale.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a place is within 0..=1 and counts are small"
)]
pub fn bins(values: &[(f64, bool)], scale: Scale, count: usize) -> Vec<Bin> {
    let mut bins = vec![Bin::default(); count];
    for (value, censored) in values.iter().filter(|(value, _)| value.is_finite()) {
        let at = ((scale.place(*value) * count as f64) as usize).min(count - 1);
        if *censored { bins[at].censored += 1 } else { bins[at].exact += 1 }
    }
    bins
}

/// Columns over a scale with labelled ticks; `label` writes a tick.
#[expect(clippy::cast_precision_loss, reason = "counts are small")]
pub fn histogram(bins: &[Bin], scale: Scale, label: impl Fn(f64) -> String, words: &str) -> Markup {
    let most = bins.iter().map(|b| b.exact + b.censored).max().unwrap_or(0).max(1);
    let step = WIDTH / bins.len().max(1) as f64;
    let tall = |count: usize| (HEIGHT - FOOT - 4.0) * count as f64 / most as f64;
    html! {
        svg class="histogram" role="img" viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) {
            title { (words) }
            defs {
                pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse"
                    patternTransform="rotate(45)" {
                    line class="hatch" x1="0" x2="0" y1="0" y2="5" {}
                }
            }
            @for (i, bin) in bins.iter().enumerate() {
                @let x = i as f64 * step + 1.0;
                @let (exact, censored) = (tall(bin.exact), tall(bin.censored));
                @if bin.exact > 0 {
                    rect class="column" x=(px(x)) width=(px(step - 2.0))
                        y=(px(HEIGHT - FOOT - exact)) height=(px(exact)) {}
                }
                @if bin.censored > 0 {
                    rect class="column censored" fill="url(#hatch)" x=(px(x))
                        width=(px(step - 2.0)) y=(px(HEIGHT - FOOT - exact - censored))
                        height=(px(censored)) {}
                }
            }
            line class="axis" x1="0" x2=(WIDTH) y1=(HEIGHT - FOOT) y2=(HEIGHT - FOOT) {}
            @for tick in scale.ticks() {
                @let place = scale.place(tick);
                @let anchor = if place < 0.04 { "start" } else if place > 0.96 { "end" } else { "middle" };
                text class="tick" x=(px(place * WIDTH)) y=(HEIGHT - 6.0) text-anchor=(anchor) {
                    (label(tick))
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finite_value_is_counted_once_and_censoring_is_kept() {
        let scale = Scale::Linear { low: 0.0, high: 10.0 };
        let values = [(0.0, true), (2.4, false), (2.6, false), (10.0, false), (f64::NAN, false)];
        let counted = bins(&values, scale, 4);
        assert_eq!(counted[0], Bin { exact: 1, censored: 1 });
        assert_eq!(counted[1], Bin { exact: 1, censored: 0 });
        assert_eq!(counted[3], Bin { exact: 1, censored: 0 });
    }
}
