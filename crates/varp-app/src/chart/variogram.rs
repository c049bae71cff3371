//! Experimental variograms with their model.

use maud::{Markup, html};

use super::axes::{Axes, path};
use super::{Scale, px};

/// One direction's classes and the model along it.
#[derive(Clone, Debug, Default)]
pub struct VariogramSeries {
    /// In the key, such as "40°"; empty for a single series.
    pub label: String,
    /// (distance, semivariance, number of pairs).
    pub classes: Vec<(f64, f64, f64)>,
    /// (distance, semivariance) of the model; empty without one.
    pub model: Vec<(f64, f64)>,
}

/// Width and height of the chart.
pub const SIZE: [f64; 2] = [600.0, 380.0];

/// Dots of an area by the number of pairs, models as lines, the sill dashed.
pub fn variogram(
    series: &[VariogramSeries],
    sill: Option<f64>,
    (x_name, y_name): (&str, &str),
    words: &str,
) -> Markup {
    let classes = || series.iter().flat_map(|s| &s.classes);
    let far = classes().map(|c| c.0).fold(0.0, f64::max) * 1.04;
    let (low, top) = classes()
        .map(|c| c.1)
        .chain(series.iter().flat_map(|s| s.model.iter().map(|m| m.1)))
        .chain(sill)
        .filter(|v| v.is_finite())
        .fold((0.0f64, 0.0f64), |(a, b), v| (a.min(v), b.max(v)));
    let most = classes().map(|c| c.2).fold(1.0, f64::max);
    let keyed = series.iter().any(|s| !s.label.is_empty());
    let axes = Axes {
        width: SIZE[0],
        height: SIZE[1],
        x: Scale::Linear { low: 0.0, high: if far > 0.0 { far } else { 1.0 } },
        y: Scale::Linear { low: low * 1.08, high: if top > low { top * 1.08 } else { 1.0 } },
        x_name,
        y_name,
        right: if keyed { 84.0 } else { 16.0 },
    };
    let right = axes.width - axes.right;
    let inner = html! {
        @if let Some(sill) = sill {
            @let y = px(axes.at_y(sill));
            line class="sill" x1=(px(axes.at_x(0.0))) x2=(px(right)) y1=(y) y2=(y) {}
        }
        @for (k, one) in series.iter().enumerate() {
            @if !one.model.is_empty() {
                polyline class=(format!("line s{}", k % 6))
                    points=(path(one.model.iter().map(|m| (axes.at_x(m.0), axes.at_y(m.1))))) {}
            }
        }
        @for (k, one) in series.iter().enumerate() {
            @for (distance, gamma, pairs) in one.classes.iter().filter(|c| c.1.is_finite()) {
                circle class=(format!("dot f{}", k % 6)) cx=(px(axes.at_x(*distance)))
                    cy=(px(axes.at_y(*gamma))) r=(px(2.5 + 5.0 * (pairs / most).sqrt())) {
                    title { (format!("{pairs} pairs")) }
                }
            }
        }
        @for (k, one) in series.iter().filter(|s| !s.label.is_empty()).enumerate() {
            @let y = axes.at_height(1.0) + 14.0 + 20.0 * k as f64;
            circle class=(format!("dot f{}", k % 6)) cx=(px(right + 18.0)) cy=(px(y - 4.0)) r="5" {}
            text class="note" x=(px(right + 28.0)) y=(px(y)) { (one.label) }
        }
    };
    axes.draw(words, &inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_models_and_the_key_are_drawn() {
        let one = VariogramSeries {
            label: "90°".into(),
            classes: vec![(10.0, 0.5, 40.0), (20.0, f64::NAN, 0.0)],
            model: vec![(0.0, 0.0), (20.0, 1.0)],
        };
        let svg = variogram(&[one], Some(1.0), ("m", "γ"), "words").into_string();
        assert_eq!(svg.matches("<circle").count(), 2);
        assert!(svg.contains("polyline") && svg.contains("class=\"sill\""));
    }
}
