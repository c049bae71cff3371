//! A histogram from edges and shares, as results keep it.

use maud::{Markup, html};

use super::plot::{Axes, plot};
use super::{Scale, px};

/// Columns between edges, as tall as their share; marks stand where a value lies.
pub fn steps(
    (edges, shares): (&[f64], &[f64]),
    marks: &[(f64, &str)],
    titles: (&str, &str),
    label: impl Fn(f64) -> String,
    words: &str,
) -> Option<Markup> {
    let (first, last) = (*edges.first()?, *edges.last()?);
    if edges.len() != shares.len() + 1 || !(last > first) {
        return None;
    }
    let tall = shares.iter().copied().fold(0.0, f64::max);
    let axes = Axes {
        x: Scale::Linear { low: first.min(0.0), high: last },
        y: Scale::Linear { low: 0.0, high: (tall * 1.08).max(1e-9) },
        x_title: titles.0,
        y_title: titles.1,
    };
    let inner = html! {
        @for (i, share) in shares.iter().enumerate().filter(|(_, s)| **s > 0.0) {
            @let (left, right) = (axes.along(edges[i]), axes.along(edges[i + 1]));
            @let top = axes.up(*share);
            rect class="column" x=(px(left + 0.5)) width=(px((right - left - 1.0).max(0.5)))
                y=(px(top)) height=(px(axes.up(0.0) - top)) {}
        }
        @for (value, name) in marks {
            line class="mark" x1=(px(axes.along(*value))) x2=(px(axes.along(*value)))
                y1=(px(axes.up(0.0))) y2="10" { title { (name) } }
        }
    };
    let percent = |v: f64| format!("{:.0} %", v * 100.0);
    Some(plot(&axes, label, percent, &inner, words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_filled_step_is_a_column() {
        let svg = steps(
            (&[0.0, 1.0, 2.0, 3.0], &[0.5, 0.0, 0.5]),
            &[(1.0, "mean")],
            ("x", "y"),
            |v| v.to_string(),
            "w",
        );
        let svg = svg.unwrap().into_string();
        assert_eq!(svg.matches("class=\"column\"").count(), 2);
        assert_eq!(svg.matches("class=\"mark\"").count(), 1);
        assert!(steps((&[0.0], &[]), &[], ("x", "y"), |v| v.to_string(), "w").is_none());
    }
}
