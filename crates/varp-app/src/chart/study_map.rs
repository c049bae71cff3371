//! A study on the ground: outlines, no-go areas, planned holes, places sampled before.

use maud::{Markup, html};

use super::px;

type Point = (f64, f64);

/// What the drawing shows, in metres of one plane.
#[derive(Clone, Copy, Debug)]
pub struct StudyMap<'a> {
    /// Outlines of the strata.
    pub outlines: &'a [Vec<Point>],
    /// Areas that must not be drilled.
    pub no_go: &'a [Vec<Point>],
    /// Places sampled before.
    pub existing: &'a [Point],
    /// Planned holes with their labels.
    pub holes: &'a [(String, Point)],
}

struct Frame {
    west: f64,
    north: f64,
    scale: f64,
}

impl Frame {
    fn at(&self, (x, y): Point) -> Point {
        ((x - self.west) * self.scale, (self.north - y) * self.scale)
    }

    fn path(&self, ring: &[Point]) -> String {
        let corner = |(k, p): (usize, &Point)| {
            let (x, y) = self.at(*p);
            format!("{}{} {}", if k == 0 { 'M' } else { 'L' }, px(x), px(y))
        };
        let mut path: String = ring.iter().enumerate().map(corner).collect();
        path.push('z');
        path
    }
}

/// The drawing, `width` user units wide; north is up.
pub fn study_map(map: StudyMap<'_>, width: f64, words: &str) -> Markup {
    let corners = || {
        let rings = map.outlines.iter().chain(map.no_go).flatten().copied();
        rings.chain(map.existing.iter().copied()).chain(map.holes.iter().map(|h| h.1))
    };
    let ends = |of: fn(Point) -> f64| {
        corners().map(of).fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)))
    };
    let ((west, east), (south, north)) = (ends(|p| p.0), ends(|p| p.1));
    let margin = 0.06 * (east - west).max(north - south).max(1.0);
    let scale = width / (east - west + 2.0 * margin);
    let height = (north - south + 2.0 * margin) * scale;
    let frame = Frame { west: west - margin, north: north + margin, scale };
    html! {
        svg class="study-map" role="img" aria-label=(words)
            viewBox=(format!("0 0 {} {}", px(width), px(height + 26.0))) {
            title { (words) }
            @for ring in map.outlines { path class="outline" d=(frame.path(ring)) {} }
            @for ring in map.no_go { path class="no-go" d=(frame.path(ring)) {} }
            @for place in map.existing {
                @let (x, y) = frame.at(*place);
                path class="existing" d=(format!("M{} {}h8m-4 -4v8", px(x - 4.0), px(y))) {}
            }
            @for (label, place) in map.holes {
                @let (x, y) = frame.at(*place);
                g class="hole" transform=(format!("translate({} {})", px(x), px(y))) {
                    title { (label) }
                    circle r="4.5" {}
                    text x="7" y="4" { (short(label)) }
                }
            }
            (scale_bar(scale, width, height + 14.0))
            g class="north" transform=(format!("translate({} 26)", px(width - 16.0))) {
                path d="M0 -16l5 14l-5 -4l-5 4z" {}
                text y="12" text-anchor="middle" { "N" }
            }
        }
    }
}

/// What follows the last dash of a label.
fn short(label: &str) -> &str {
    label.rsplit('-').next().unwrap_or(label)
}

fn scale_bar(scale: f64, width: f64, y: f64) -> Markup {
    let most = width / 3.0 / scale;
    let steps = [5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0];
    let metres = steps.into_iter().rfind(|m| *m <= most).unwrap_or(5.0);
    html! {
        g class="scale" {
            path d=(format!("M8 {}v5h{}v-5", px(y - 5.0), px(metres * scale))) {}
            text x=(px(14.0 + metres * scale)) y=(px(y + 2.0)) { (metres) " m" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn north_is_up_and_every_hole_is_drawn() {
        let outline = vec![vec![(0.0, 0.0), (400.0, 0.0), (400.0, 250.0), (0.0, 250.0)]];
        let holes = [("P-01".to_owned(), (100.0, 50.0)), ("P-02".to_owned(), (100.0, 200.0))];
        let map = StudyMap { outlines: &outline, no_go: &[], existing: &[], holes: &holes };
        let svg = study_map(map, 448.0, "two holes").into_string();
        assert_eq!(svg.matches("<circle").count(), 2);
        let y = |label: &str| {
            let end = svg.find(&format!("<title>{label}")).unwrap();
            let start = svg[..end].rfind("translate(").unwrap();
            let place = svg[start + 10..end].split(')').next().unwrap();
            place.split(' ').nth(1).unwrap().parse::<f64>().unwrap()
        };
        assert!(y("P-02") < y("P-01"), "the northern hole stands higher");
        assert!(svg.contains("100 m"));
    }
}
