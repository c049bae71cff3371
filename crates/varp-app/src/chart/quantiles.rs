//! Quantiles against quantiles: a dot for each share, and the line on which they would be equal.

use maud::{Markup, html};

use super::axes::{Axes, path};
use super::{Scale, px};

/// Width and height of a chart whose axes are the same.
pub const SQUARE_SIZE: [f64; 2] = [464.0, 438.0];

/// Dots (along, up) on one linear scale for both axes. `None` without dots.
pub fn quantiles(
    points: &[(f64, f64)],
    (x_name, y_name): (&str, &str),
    words: &str,
) -> Option<Markup> {
    let all = || points.iter().flat_map(|(a, b)| [*a, *b]).filter(|v| v.is_finite());
    let (low, high) =
        all().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    if low > high {
        return None;
    }
    let room = if high > low { 0.04 * (high - low) } else { 0.5 };
    let scale = Scale::Linear { low: low - room, high: high + room };
    let [width, height] = SQUARE_SIZE;
    let axes = Axes { width, height, x: scale, y: scale, x_name, y_name, right: 16.0 };
    let ends = [low - room, high + room].map(|v| (axes.at_x(v), axes.at_y(v)));
    let inner = html! {
        polyline class="sill" points=(path(ends)) {}
        @for (x, y) in points {
            circle class="dot f0" cx=(px(axes.at_x(*x))) cy=(px(axes.at_y(*y))) r="3.5" {}
        }
    };
    Some(axes.draw(words, &inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_quantiles_lie_on_the_line() {
        let svg = quantiles(&[(1.0, 1.0), (3.0, 3.0)], ("a", "b"), "w").unwrap().into_string();
        assert_eq!(svg.matches("<circle").count(), 2);
        // 320 units for 2.16: the first dot stands 0.08 from the corner of the plot
        assert!(
            svg.contains("cx=\"82.1\" cy=\"377.9\"") && svg.contains("class=\"sill\""),
            "{svg}"
        );
        assert!(quantiles(&[], ("a", "b"), "w").is_none());
    }
}
