//! A map of numbers on a grid: one pixel a node, a key, the samples above.

use maud::{Markup, html};

use super::axes::{Axes, number};
use super::{Scale, picture, px};

/// Numbers on a plane grid, x fastest, from south to north; NaN is left empty.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// First node.
    pub origin: [f64; 2],
    /// Between nodes.
    pub step: [f64; 2],
    /// Number of nodes along x and y.
    pub count: [usize; 2],
    /// `count[0] · count[1]` numbers.
    pub values: &'a [f64],
    /// Samples to mark.
    pub samples: &'a [[f64; 2]],
}

const LONGEST: f64 = 420.0;
const KEY: f64 = 96.0;
/// Nodes along a side beyond which every second, third … is drawn.
const PIXELS: usize = 1500;

impl Field<'_> {
    fn extent(&self) -> [f64; 2] {
        [0, 1].map(|d| self.count[d] as f64 * self.step[d])
    }

    /// Width and height of the chart.
    pub fn size(&self) -> [f64; 2] {
        Axes::same_scale(self.extent(), LONGEST, KEY)
    }

    /// The colours' ends: the least and greatest number.
    fn ends(&self) -> (f64, f64) {
        let finite = self.values.iter().filter(|v| v.is_finite());
        let (low, high) =
            finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(*v), b.max(*v)));
        if low < high {
            (low, high)
        } else if low == high {
            (low - 0.5, low + 0.5)
        } else {
            (0.0, 1.0)
        }
    }

    fn png(&self, (low, high): (f64, f64)) -> Vec<u8> {
        let stride = self.count.map(|n| n.div_ceil(PIXELS).max(1));
        let size = [0, 1].map(|d| self.count[d].div_ceil(stride[d]));
        let mut pixels = Vec::with_capacity(4 * size[0] * size[1]);
        for row in (0..size[1]).rev() {
            for column in 0..size[0] {
                let value = self.values[row * stride[1] * self.count[0] + column * stride[0]];
                let [r, g, b] = colour((value - low) / (high - low));
                pixels.extend([r, g, b, if value.is_finite() { 255 } else { 0 }]);
            }
        }
        picture::png(size, &pixels)
    }
}

/// The map with its key; `names` are those of the axes and of the number.
pub fn field(map: &Field<'_>, names: [&str; 3], words: &str) -> Markup {
    let [width, height] = map.size();
    let extent = map.extent();
    let start = [0, 1].map(|d| map.origin[d] - 0.5 * map.step[d]);
    let scale = |d: usize| Scale::Linear { low: start[d], high: start[d] + extent[d] };
    let axes = Axes {
        width,
        height,
        x: scale(0),
        y: scale(1),
        x_name: names[0],
        y_name: names[1],
        right: KEY,
    };
    let ends = map.ends();
    let (left, top) = (axes.at_x(start[0]), axes.at_height(1.0));
    let source = format!("data:image/png;base64,{}", picture::base64(&map.png(ends)));
    let key = Scale::Linear { low: ends.0, high: ends.1 };
    let (key_left, tall) = (width - KEY + 18.0, axes.inner_height().min(260.0));
    let bars = 48;
    let inside = |p: &&[f64; 2]| (0..2).all(|d| p[d] >= start[d] && p[d] <= start[d] + extent[d]);
    let inner = html! {
        image x=(px(left)) y=(px(top)) width=(px(axes.inner_width())) height=(px(axes.inner_height()))
            preserveAspectRatio="none" style="image-rendering:pixelated" href=(source) {}
        @for p in map.samples.iter().filter(inside) {
            circle class="sample" cx=(px(axes.at_x(p[0]))) cy=(px(axes.at_y(p[1]))) r=(if map.samples.len() > 400 { "1.3" } else { "2.2" }) {}
        }
        rect class="frame" x=(px(left)) y=(px(top)) width=(px(axes.inner_width())) height=(px(axes.inner_height())) {}
        @for bar in 0..bars {
            @let [r, g, b] = colour((f64::from(bar) + 0.5) / f64::from(bars));
            rect fill=(format!("#{r:02x}{g:02x}{b:02x}")) x=(px(key_left)) width="14"
                y=(px(top + tall * (1.0 - f64::from(bar + 1) / f64::from(bars))))
                height=(px(tall / f64::from(bars) + 0.6)) {}
        }
        @for tick in key.ticks() {
            text class="tick" x=(px(key_left + 20.0)) y=(px(top + tall * (1.0 - key.place(tick)))) dy="0.35em" { (number(tick)) }
        }
        text class="note" x=(px(key_left)) y=(px(top + tall + 18.0)) { (names[2]) }
    };
    axes.draw(words, &inner)
}

/// Light is low, dark is high: from sand over patina to ink, even in lightness.
const RAMP: [[f64; 3]; 7] = [
    [248.0, 240.0, 220.0],
    [226.0, 206.0, 150.0],
    [165.0, 190.0, 135.0],
    [91.0, 160.0, 140.0],
    [48.0, 117.0, 133.0],
    [42.0, 71.0, 112.0],
    [29.0, 30.0, 62.0],
];

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share within 0..=1 and colours within 0..=255"
)]
fn colour(share: f64) -> [u8; 3] {
    let at = if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) * (RAMP.len() - 1) as f64 };
    let from = (at as usize).min(RAMP.len() - 2);
    let rest = at - from as f64;
    [0, 1, 2].map(|c| (RAMP[from][c] * (1.0 - rest) + RAMP[from + 1][c] * rest).round() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ramp_ends_at_its_ends_and_survives_nan() {
        assert_eq!(colour(0.0), [248, 240, 220]);
        assert_eq!(colour(7.0), [29, 30, 62]);
        assert_eq!(colour(f64::NAN), colour(0.0));
    }

    #[test]
    fn a_map_shows_the_picture_and_the_samples_inside() {
        let values = [1.0, 2.0, f64::NAN, 4.0];
        let samples = [[0.0, 0.0], [99.0, 0.0]];
        let map = Field {
            origin: [0.0; 2],
            step: [1.0; 2],
            count: [2, 2],
            values: &values,
            samples: &samples,
        };
        let svg = field(&map, ["x", "y", "zinc"], "words").into_string();
        assert!(svg.contains("data:image/png;base64,iVBOR"));
        assert_eq!(svg.matches("class=\"sample\"").count(), 1);
    }
}
