//! Measured against estimated: a dot for each, and the line on which they would be equal.

use maud::{Markup, html};

use super::plot::{Axes, plot};
use super::{Scale, px};

/// Dots (along, up) on one scale for both axes. `None` without dots.
pub fn scatter(
    points: &[(f64, f64)],
    titles: (&str, &str),
    label: impl Fn(f64) -> String,
    words: &str,
) -> Option<Markup> {
    let scale = Scale::around(points.iter().flat_map(|(a, b)| [*a, *b]))?;
    let axes = Axes { x: scale, y: scale, x_title: titles.0, y_title: titles.1 };
    let (low, high) = match scale {
        Scale::Linear { low, high } | Scale::Log { low, high } => (low, high),
    };
    let inner = html! {
        path class="equal" d=(axes.path([(low, low), (high, high)])) {}
        @for (x, y) in points {
            circle class="dot" cx=(px(axes.along(*x))) cy=(px(axes.up(*y))) r="3.5" {}
        }
    };
    Some(plot(&axes, &label, &label, &inner, words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_axes_share_one_scale() {
        let svg = scatter(&[(1.0, 2.0), (3.0, 4.0)], ("a", "b"), |v| v.to_string(), "w").unwrap();
        let svg = svg.into_string();
        assert_eq!(svg.matches("class=\"dot\"").count(), 2);
        assert!(svg.contains("class=\"equal\""));
        assert!(scatter(&[], ("a", "b"), |v| v.to_string(), "w").is_none());
    }
}
