//! A distribution function: how probable it is that a number is less than the value along.

use maud::{Markup, html};

use super::Scale;
use super::plot::{Axes, plot};

/// Quantiles of rising probability, `(value, probability)`, with a mark at zero where they straddle it. `None`
/// with fewer than two.
pub fn distribution(
    quantiles: &[(f64, f64)],
    titles: (&str, &str),
    x: impl Fn(f64) -> String,
    y: impl Fn(f64) -> String,
    words: &str,
) -> Option<Markup> {
    let values = || quantiles.iter().map(|q| q.0).filter(|v| v.is_finite());
    let (low, high) = (values().reduce(f64::min)?, values().reduce(f64::max)?);
    if quantiles.len() < 2 || low >= high {
        return None;
    }
    let room = 0.04 * (high - low);
    let axes = Axes {
        x: Scale::Linear { low: low - room, high: high + room },
        y: Scale::Linear { low: 0.0, high: 1.0 },
        x_title: titles.0,
        y_title: titles.1,
    };
    let [zero, bottom, top] = [axes.along(0.0), axes.up(0.0), axes.up(1.0)];
    let inner = html! {
        @if low < 0.0 && high > 0.0 {
            path class="mark" d=(format!("M{zero:.1} {bottom:.1}L{zero:.1} {top:.1}")) {}
        }
        path class="line" d=(axes.path(quantiles.iter().copied())) {}
    };
    Some(plot(&axes, x, y, &inner, words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_marked_where_the_quantiles_straddle_it() {
        let label = |v: f64| v.to_string();
        let draw = |q: &[(f64, f64)]| distribution(q, ("x", "y"), label, label, "w");
        let both = draw(&[(-1.0, 0.1), (0.5, 0.5), (2.0, 0.9)]).unwrap().into_string();
        assert!(both.contains("class=\"mark\"") && both.contains("class=\"line\""));
        let loss = draw(&[(-3.0, 0.1), (-1.0, 0.9)]).unwrap().into_string();
        assert!(!loss.contains("class=\"mark\""));
        assert!(draw(&[(1.0, 0.5)]).is_none() && draw(&[(1.0, 0.1), (1.0, 0.9)]).is_none());
    }
}
