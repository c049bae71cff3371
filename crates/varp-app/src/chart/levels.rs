//! How a body fills: a quantity below or at each level, heights upwards as the body stands.

use maud::{Markup, html};

use super::Scale;
use super::plot::{Axes, plot};

/// Points (height of the level, quantity), the lowest first. `None` where there are fewer than two heights.
pub fn levels(
    points: &[(f64, f64)],
    titles: (&str, &str),
    along: impl Fn(f64) -> String,
    height: impl Fn(f64) -> String,
    words: &str,
) -> Option<Markup> {
    let (low, high) = (points.first()?.0, points.last()?.0);
    if !(low < high) {
        return None;
    }
    let axes = Axes {
        x: Scale::Linear { low: 0.0, high: greatest(points)? * 1.05 },
        y: Scale::Linear { low, high },
        x_title: titles.0,
        y_title: titles.1,
    };
    let inner = html! {
        path class="line" d=(axes.path(points.iter().map(|(height, value)| (*value, *height)))) {}
    };
    Some(plot(&axes, along, height, &inner, words))
}

fn greatest(points: &[(f64, f64)]) -> Option<f64> {
    points.iter().map(|p| p.1).filter(|v| *v > 0.0).reduce(f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heights_go_up_from_the_lowest_level_and_not_from_zero() {
        let label = |v: f64| v.to_string();
        let points = [(700.0, 0.0), (705.0, 40.0), (710.0, 100.0)];
        let svg = levels(&points, ("m³", "m"), label, label, "w").unwrap().into_string();
        assert!(svg.contains("d=\"M58 226L"), "the first level stands on the bottom axis: {svg}");
        assert!(svg.contains(">705<") && !svg.contains(">500<"));
        assert!(levels(&points[..1], ("m³", "m"), label, label, "w").is_none());
        assert!(levels(&[(1.0, 0.0), (2.0, 0.0)], ("m³", "m"), label, label, "w").is_none());
    }
}
