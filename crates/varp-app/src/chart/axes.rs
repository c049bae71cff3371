//! Axes: a plotting area with grid lines, ticks and names, into which a chart draws.

use maud::{Markup, html};

use super::{Scale, px};

/// A plotting area of a figure; sizes in user units.
#[derive(Clone, Copy, Debug)]
pub struct Axes<'a> {
    /// Outer width.
    pub width: f64,
    /// Outer height.
    pub height: f64,
    /// Values along the bottom.
    pub x: Scale,
    /// Values along the left side, upwards.
    pub y: Scale,
    /// Name of the bottom axis.
    pub x_name: &'a str,
    /// Name of the left axis.
    pub y_name: &'a str,
    /// Room at the right for a second axis or a key.
    pub right: f64,
}

const LEFT: f64 = 68.0;
const TOP: f64 = 12.0;
const FOOT: f64 = 46.0;

impl Axes<'_> {
    /// Width of the plotting area.
    pub fn inner_width(&self) -> f64 {
        self.width - LEFT - self.right
    }

    /// Height of the plotting area.
    pub fn inner_height(&self) -> f64 {
        self.height - TOP - FOOT
    }

    /// Where a value of the bottom axis stands.
    pub fn at_x(&self, value: f64) -> f64 {
        LEFT + self.inner_width() * self.x.place(value)
    }

    /// Where a value of the left axis stands.
    pub fn at_y(&self, value: f64) -> f64 {
        self.at_height(self.y.place(value))
    }

    /// Where a share 0..=1 of the height stands, for a second axis.
    pub fn at_height(&self, share: f64) -> f64 {
        TOP + self.inner_height() * (1.0 - share)
    }

    /// Outer size of an area in which both axes have the same scale and the longer side of the
    /// plot has `longest` units.
    pub fn same_scale(extent: [f64; 2], longest: f64, right: f64) -> [f64; 2] {
        let most = extent[0].max(extent[1]).max(f64::MIN_POSITIVE);
        let side = |e: f64| (longest * e / most).max(longest * 0.12);
        [side(extent[0]) + LEFT + right, side(extent[1]) + TOP + FOOT]
    }

    /// The area with `inner` drawn above its grid lines.
    pub fn draw(&self, words: &str, inner: &Markup) -> Markup {
        let (bottom, end) = (self.at_height(0.0), LEFT + self.inner_width());
        html! {
            svg class="plot" role="img" width=(px(self.width)) height=(px(self.height))
                viewBox=(format!("0 0 {} {}", px(self.width), px(self.height))) {
                title { (words) }
                @for tick in self.y.ticks() {
                    @let y = px(self.at_y(tick));
                    line class="gridline" x1=(LEFT) x2=(px(end)) y1=(y) y2=(y) {}
                    text class="tick" x=(LEFT - 8.0) y=(y) dy="0.35em" text-anchor="end" { (number(tick)) }
                }
                @for tick in self.x.ticks() {
                    @let x = px(self.at_x(tick));
                    line class="gridline" x1=(x) x2=(x) y1=(TOP) y2=(px(bottom)) {}
                    text class="tick" x=(x) y=(px(bottom + 17.0)) text-anchor="middle" { (number(tick)) }
                }
                (inner)
                line class="axis" x1=(LEFT) x2=(px(end)) y1=(px(bottom)) y2=(px(bottom)) {}
                text class="name" x=(px((LEFT + end) / 2.0)) y=(px(bottom + 38.0)) text-anchor="middle" { (self.x_name) }
                text class="name" transform=(format!("translate(14 {}) rotate(-90)", px((TOP + bottom) / 2.0)))
                    text-anchor="middle" { (self.y_name) }
            }
        }
    }
}

/// A tick's number: at most six digits that count, thousands apart by thin spaces.
pub fn number(value: f64) -> String {
    let rounded = if value == 0.0 {
        0.0
    } else {
        let power = 10f64.powf(5.0 - value.abs().log10().floor());
        (value * power).round() / power
    };
    if rounded != 0.0 && !(1e-4..1e9).contains(&rounded.abs()) {
        return format!("{rounded:e}");
    }
    let text = rounded.abs().to_string();
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), ""), |(w, r)| (w, r));
    let mut grouped = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && whole.len() > 4 && (whole.len() - i).is_multiple_of(3) {
            grouped.push('\u{2009}');
        }
        grouped.push(digit);
    }
    let sign = if rounded < 0.0 { "\u{2212}" } else { "" };
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{grouped}{point}{rest}")
}

/// Points of a polyline or polygon.
pub fn path(points: impl IntoIterator<Item = (f64, f64)>) -> String {
    points.into_iter().map(|(x, y)| format!("{},{}", px(x), px(y))).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_grouped() {
        assert_eq!(number(0.0), "0");
        assert_eq!(number(178_460.0), "178\u{2009}460");
        assert_eq!(number(1500.0), "1500");
        assert_eq!(number(-0.300_000_000_000_04), "\u{2212}0.3");
        assert_eq!(number(2e12), "2e12");
    }

    #[test]
    fn values_stand_between_the_margins() {
        let scale = Scale::Linear { low: 0.0, high: 10.0 };
        let (x_name, y_name) = ("lag", "gamma");
        let axes =
            Axes { width: 400.0, height: 300.0, x: scale, y: scale, x_name, y_name, right: 12.0 };
        assert_eq!((axes.at_x(0.0), axes.at_x(10.0)), (68.0, 388.0));
        assert!(axes.at_y(10.0) < axes.at_y(0.0));
        let svg = axes.draw("words", &html! {}).into_string();
        assert!(svg.contains("<title>words</title>") && svg.contains(">gamma<"));
    }
}
