//! The variogram: pairs of samples at growing distance, and the model through them.

use maud::{Markup, html};

use super::plot::{Axes, plot};
use super::{Scale, px};

/// Words of a variogram.
#[derive(Clone, Copy, Debug)]
pub struct ContinuityWords<'a> {
    /// Axis of distance.
    pub distance: &'a str,
    /// Axis of semivariance.
    pub semivariance: &'a str,
    /// What the chart says, as text.
    pub alternative: &'a str,
}

/// Points (distance, semivariance, pairs) as dots as large as their pairs are many, and a line.
pub fn continuity(
    points: &[(f64, f64, u64)],
    model: &[(f64, f64)],
    label: impl Fn(f64) -> String,
    words: ContinuityWords<'_>,
) -> Option<Markup> {
    let reach = points.iter().map(|p| p.0).reduce(f64::max).filter(|r| *r > 0.0)?;
    let tall = points.iter().map(|p| p.1).chain(model.iter().map(|p| p.1)).reduce(f64::max)?;
    let axes = Axes {
        x: Scale::Linear { low: 0.0, high: reach * 1.05 },
        y: Scale::Linear { low: 0.0, high: tall.max(1e-9) * 1.1 },
        x_title: words.distance,
        y_title: words.semivariance,
    };
    let most = points.iter().map(|p| p.2).max().unwrap_or(1).max(1) as f64;
    let inner = html! {
        @if !model.is_empty() {
            path class="line" d=(axes.path(model.iter().copied().filter(|p| p.0 <= reach * 1.05))) {}
        }
        @for (h, gamma, pairs) in points {
            circle class="dot" cx=(px(axes.along(*h))) cy=(px(axes.up(*gamma)))
                r=(px(2.5 + 3.5 * (*pairs as f64 / most).sqrt())) {
                title { (label(*h)) " · " (pairs) }
            }
        }
    };
    Some(plot(&axes, &label, &label, &inner, words.alternative))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variogram_without_points_is_none_and_with_points_shows_each() {
        let words = ContinuityWords { distance: "m", semivariance: "γ", alternative: "a" };
        let label = |v: f64| v.to_string();
        assert!(continuity(&[], &[], label, words).is_none());
        let svg =
            continuity(&[(10.0, 0.5, 9), (20.0, 1.0, 4)], &[(0.0, 0.2), (20.0, 1.0)], label, words);
        let svg = svg.unwrap().into_string();
        assert_eq!(svg.matches("class=\"dot\"").count(), 2);
        assert!(svg.contains("class=\"line\""));
    }
}
