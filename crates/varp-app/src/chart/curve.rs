//! A curve with its band: best as a line, low to high as an area.

use maud::{Markup, html};

use super::Scale;
use super::plot::{Axes, plot};

/// Points (along, low, best, high). `None` with fewer than two.
pub fn curve(
    points: &[(f64, [f64; 3])],
    titles: (&str, &str),
    x: impl Fn(f64) -> String,
    y: impl Fn(f64) -> String,
    words: &str,
) -> Option<Markup> {
    let known: Vec<&(f64, [f64; 3])> =
        points.iter().filter(|(_, r)| r.iter().all(|v| v.is_finite())).collect();
    if known.len() < 2 {
        return None;
    }
    let axes = Axes {
        x: Scale::around(known.iter().map(|p| p.0))?,
        y: Scale::around(known.iter().flat_map(|p| p.1))?,
        x_title: titles.0,
        y_title: titles.1,
    };
    let band: Vec<_> = known.iter().map(|(x, [low, _, high])| (*x, *low, *high)).collect();
    let inner = html! {
        path class="band" d=(axes.band(&band)) {}
        path class="line" d=(axes.path(known.iter().map(|(x, [_, best, _])| (*x, *best)))) {}
    };
    Some(plot(&axes, x, y, &inner, words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_has_a_line_and_a_band() {
        let points = [(0.0, [1.0, 2.0, 3.0]), (1.0, [0.5, 1.0, 2.0]), (2.0, [f64::NAN, 0.0, 0.0])];
        let label = |v: f64| v.to_string();
        let svg = curve(&points, ("x", "y"), label, label, "w").unwrap().into_string();
        assert!(svg.contains("class=\"band\"") && svg.contains("class=\"line\""));
        assert!(curve(&points[..1], ("x", "y"), label, label, "w").is_none());
    }
}
