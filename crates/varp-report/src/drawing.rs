//! Drawings from a few shapes, the same in HTML (as SVG) and in PDF.

use std::fmt::Write;

/// A drawing; lengths are points, x to the right, y down.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// What is drawn, later over earlier.
    pub shapes: Vec<Shape>,
}

/// A colour, red green blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ink(pub u8, pub u8, pub u8);

impl Ink {
    /// Text.
    pub const TEXT: Self = Self(0x22, 0x26, 0x2b);
    /// Lines of scales and tables.
    pub const LINE: Self = Self(0xb9, 0xbe, 0xc4);
    /// What stands back: scales, captions. Its contrast on white is 7.
    pub const QUIET: Self = Self(0x54, 0x5b, 0x63);
    /// What is shown.
    pub const ACCENT: Self = Self(0xa4, 0x50, 0x1f);
    /// The same, lighter, for areas.
    pub const WASH: Self = Self(0xe9, 0xc4, 0xae);
    /// Ground.
    pub const PAPER: Self = Self(0xff, 0xff, 0xff);

    pub(crate) fn css(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// Where a text stands from its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// It starts there.
    Start,
    /// It is centred there.
    Middle,
    /// It ends there.
    End,
}

/// A shape.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A rectangle from its upper left corner.
    Rectangle {
        /// Left edge.
        x: f64,
        /// Upper edge.
        y: f64,
        /// Width.
        width: f64,
        /// Height.
        height: f64,
        /// Filled with.
        fill: Ink,
    },
    /// A line through points.
    Line {
        /// The points.
        points: Vec<(f64, f64)>,
        /// Its width.
        width: f64,
        /// Its colour.
        ink: Ink,
    },
    /// An area within points.
    Area {
        /// The points.
        points: Vec<(f64, f64)>,
        /// Filled with.
        fill: Ink,
    },
    /// A disc.
    Disc {
        /// Centre.
        x: f64,
        /// Centre.
        y: f64,
        /// Radius.
        radius: f64,
        /// Filled with.
        fill: Ink,
    },
    /// A text on its baseline.
    Text {
        /// Where.
        x: f64,
        /// Its baseline.
        y: f64,
        /// Size of the letters.
        size: f64,
        /// Where it stands from its point.
        anchor: Anchor,
        /// Whether it is strong.
        strong: bool,
        /// Its colour.
        ink: Ink,
        /// The words.
        text: String,
    },
}

impl Drawing {
    /// The drawing as SVG; `words` say what it shows.
    pub fn to_svg(&self, words: &str) -> String {
        let (w, h) = (px(self.width), px(self.height));
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 {w} {h}\" \
             width=\"{w}\" height=\"{h}\" font-family=\"Noto Sans, system-ui, sans-serif\">\
             <title>{}</title>",
            crate::html::escape(words)
        );
        for shape in &self.shapes {
            write_shape(&mut svg, shape).expect("a String takes all that is written to it");
        }
        svg.push_str("</svg>");
        svg
    }
}

fn write_shape(svg: &mut String, shape: &Shape) -> std::fmt::Result {
    let path = |points: &[(f64, f64)]| {
        let points: Vec<String> =
            points.iter().map(|(x, y)| format!("{},{}", px(*x), px(*y))).collect();
        points.join(" ")
    };
    match shape {
        Shape::Rectangle { x, y, width, height, fill } => write!(
            svg,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"/>",
            px(*x),
            px(*y),
            px(*width),
            px(*height),
            fill.css()
        ),
        Shape::Line { points, width, ink } => write!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"/>",
            path(points),
            ink.css(),
            px(*width)
        ),
        Shape::Area { points, fill } => {
            write!(svg, "<polygon points=\"{}\" fill=\"{}\"/>", path(points), fill.css())
        }
        Shape::Disc { x, y, radius, fill } => write!(
            svg,
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{}\"/>",
            px(*x),
            px(*y),
            px(*radius),
            fill.css()
        ),
        Shape::Text { x, y, size, anchor, strong, ink, text } => {
            let anchor = match anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            };
            let weight = if *strong { " font-weight=\"bold\"" } else { "" };
            write!(
                svg,
                "<text x=\"{}\" y=\"{}\" font-size=\"{}\" text-anchor=\"{anchor}\"{weight} \
                 fill=\"{}\">{}</text>",
                px(*x),
                px(*y),
                px(*size),
                ink.css(),
                crate::html::escape(text)
            )
        }
    }
}

/// A length with at most two decimals.
pub(crate) fn px(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    if rounded == 0.0 { "0".into() } else { rounded.to_string() }
}
