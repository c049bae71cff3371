//! The frame of a chart with two axes: lines of the grid, ticks, titles.

use maud::{Markup, html};

use super::{Scale, px};

/// Width of a plot in user units: wide enough for two columns of a page, readable on a phone.
const WIDTH: f64 = 440.0;
const HEIGHT: f64 = 270.0;
const LEFT: f64 = 58.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 10.0;
const FOOT: f64 = 44.0;

/// Both axes of a plot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axes<'a> {
    /// Along.
    pub x: Scale,
    /// Up.
    pub y: Scale,
    /// What is along, with its unit.
    pub x_title: &'a str,
    /// What is up, with its unit.
    pub y_title: &'a str,
}

impl Axes<'_> {
    /// Where a value stands along, user units.
    pub fn along(&self, value: f64) -> f64 {
        LEFT + (WIDTH - LEFT - RIGHT) * self.x.place(value)
    }

    /// Where a value stands up, user units from the top.
    pub fn up(&self, value: f64) -> f64 {
        HEIGHT - FOOT - (HEIGHT - FOOT - TOP) * self.y.place(value)
    }

    /// A path through points.
    pub fn path(&self, points: impl IntoIterator<Item = (f64, f64)>) -> String {
        let mut path = String::new();
        for (x, y) in points.into_iter().filter(|(x, y)| x.is_finite() && y.is_finite()) {
            let verb = if path.is_empty() { 'M' } else { 'L' };
            path.push_str(&format!("{verb}{} {}", px(self.along(x)), px(self.up(y))));
        }
        path
    }

    /// A path around the area between low and high.
    pub fn band(&self, points: &[(f64, f64, f64)]) -> String {
        let low = points.iter().map(|(x, low, _)| (*x, *low));
        let high = points.iter().rev().map(|(x, _, high)| (*x, *high));
        let path = self.path(low.chain(high));
        if path.is_empty() { path } else { path + "Z" }
    }
}

/// A plot around `inner`; `words` say what it shows, `x` and `y` write ticks.
pub fn plot(
    axes: &Axes<'_>,
    x: impl Fn(f64) -> String,
    y: impl Fn(f64) -> String,
    inner: &Markup,
    words: &str,
) -> Markup {
    let base = HEIGHT - FOOT;
    html! {
        svg class="plot" role="img" viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) {
            title { (words) }
            @for tick in axes.y.ticks() {
                @let at = axes.up(tick);
                line class="grid" x1=(LEFT) x2=(WIDTH - RIGHT) y1=(px(at)) y2=(px(at)) {}
                text class="tick" x=(LEFT - 6.0) y=(px(at + 4.0)) text-anchor="end" { (y(tick)) }
            }
            @for tick in axes.x.ticks() {
                @let at = axes.along(tick);
                line class="grid" x1=(px(at)) x2=(px(at)) y1=(TOP) y2=(base) {}
                text class="tick" x=(px(at)) y=(base + 16.0) text-anchor="middle" { (x(tick)) }
            }
            line class="axis" x1=(LEFT) x2=(WIDTH - RIGHT) y1=(base) y2=(base) {}
            (inner)
            text class="name" x=(WIDTH - RIGHT) y=(HEIGHT - 6.0) text-anchor="end" {
                (axes.x_title)
            }
            text class="name" x="12" y=(TOP) text-anchor="end" transform=(format!("rotate(-90 12 {TOP})")) {
                (axes.y_title)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_goes_out_along_low_and_back_along_high() {
        let axes = Axes {
            x: Scale::Linear { low: 0.0, high: 1.0 },
            y: Scale::Linear { low: 0.0, high: 1.0 },
            x_title: "x",
            y_title: "y",
        };
        assert_eq!(axes.band(&[(0.0, 0.0, 1.0), (1.0, 0.0, 1.0)]), "M58 226L426 226L426 10L58 10Z");
        assert_eq!(axes.path([(f64::NAN, 1.0)]), "");
        let svg = plot(&axes, |v| v.to_string(), |v| v.to_string(), &html! {}, "nothing");
        assert!(svg.into_string().contains("<title>nothing</title>"));
    }
}
