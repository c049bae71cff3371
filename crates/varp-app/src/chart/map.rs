//! Small maps drawn by the server: land, lakes, borders, and marks on top.

use std::fmt::Write;
use std::sync::OnceLock;

use maud::{Markup, PreEscaped, html};

use super::projection::Projection;
use super::px;

/// Land, lakes and borders of the north, simplified to 1.5 km; see `web/basemap/SOURCE.md`.
const OUTLINE: &str = include_str!("../../web/basemap/outline.txt");

struct Ring {
    /// `L` land, `W` lake, `B` border.
    layer: char,
    /// Longitude and latitude in degrees.
    points: Vec<(f64, f64)>,
}

fn outline() -> &'static [Ring] {
    static RINGS: OnceLock<Vec<Ring>> = OnceLock::new();
    RINGS.get_or_init(|| OUTLINE.lines().filter_map(read_ring).collect())
}

fn read_ring(line: &str) -> Option<Ring> {
    let layer = line.chars().next()?;
    let numbers: Vec<i32> = line[1..].split_whitespace().filter_map(|n| n.parse().ok()).collect();
    let (mut x, mut y) = (0, 0);
    let points = numbers.chunks_exact(2).map(|step| {
        (x, y) = (x + step[0], y + step[1]);
        (f64::from(x) / 100.0, f64::from(y) / 100.0)
    });
    Some(Ring { layer, points: points.collect() })
}

/// A mark on a map.
#[derive(Clone, Debug)]
pub struct Mark {
    /// Longitude, degrees.
    pub longitude: f64,
    /// Latitude, degrees.
    pub latitude: f64,
    /// What is drawn there, around 0, 0.
    pub drawing: Markup,
}

/// A window on the map: where it looks and how large it is drawn.
#[derive(Clone, Copy, Debug)]
pub struct MapFrame {
    projection: Projection,
    west_m: f64,
    north_m: f64,
    m_per_px: f64,
    width: f64,
    height: f64,
}

impl MapFrame {
    /// The window of `width` × `height` that shows all places (longitude, latitude) with a margin
    /// and at least `least_m` metres across; the Nordic mainland if there are none.
    pub fn around(places: &[(f64, f64)], width: f64, height: f64, least_m: f64) -> Self {
        let mainland = [(5.0, 55.0), (31.0, 70.0)];
        let places = if places.is_empty() { &mainland[..] } else { places };
        let ends = |of: fn(&(f64, f64)) -> f64| {
            let values = places.iter().map(of);
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)))
        };
        let ((west, east), (south, north)) = (ends(|p| p.0), ends(|p| p.1));
        let projection = Projection::around((west + east) / 2.0, (south + north) / 2.0);
        let mut low = (f64::INFINITY, f64::INFINITY);
        let mut high = (f64::NEG_INFINITY, f64::NEG_INFINITY);
        for (lon, lat) in places {
            let (x, y) = projection.project(*lon, *lat);
            low = (low.0.min(x), low.1.min(y));
            high = (high.0.max(x), high.1.max(y));
        }
        let across = ((high.0 - low.0) * 1.15).max(least_m) / width;
        let upward = ((high.1 - low.1) * 1.15) / height;
        let m_per_px = across.max(upward);
        let centre = ((low.0 + high.0) / 2.0, (low.1 + high.1) / 2.0);
        Self {
            projection,
            west_m: centre.0 - m_per_px * width / 2.0,
            north_m: centre.1 + m_per_px * height / 2.0,
            m_per_px,
            width,
            height,
        }
    }

    /// Where a place is drawn.
    pub fn place(&self, longitude: f64, latitude: f64) -> (f64, f64) {
        let (x, y) = self.projection.project(longitude, latitude);
        ((x - self.west_m) / self.m_per_px, (self.north_m - y) / self.m_per_px)
    }

    /// The map with marks on it.
    pub fn draw(&self, marks: &[Mark], class: &str, words: &str) -> Markup {
        html! {
            svg class=(class) role="img" aria-label=(words)
                viewBox=(format!("0 0 {} {}", self.width, self.height)) {
                rect class="sea" width=(self.width) height=(self.height) {}
                path class="grid" d=(self.graticule()) {}
                path class="land" d=(self.rings('L')) {}
                path class="lake" d=(self.rings('W')) {}
                path class="border" d=(self.lines('B')) {}
                @for mark in marks {
                    @let (x, y) = self.place(mark.longitude, mark.latitude);
                    g transform=(format!("translate({} {})", px(x), px(y))) { (mark.drawing) }
                }
                (self.scale_bar())
            }
        }
    }

    /// Rings of a layer, cut to the window, without points nearer than a pixel.
    fn rings(&self, layer: char) -> PreEscaped<String> {
        let mut path = String::new();
        for ring in outline().iter().filter(|ring| ring.layer == layer) {
            let drawn: Vec<_> = ring.points.iter().map(|p| self.place(p.0, p.1)).collect();
            let cut = self.cut(drawn);
            if cut.len() > 2 {
                push_path(&mut path, &cut, true);
            }
        }
        PreEscaped(path)
    }

    fn lines(&self, layer: char) -> PreEscaped<String> {
        let mut path = String::new();
        for ring in outline().iter().filter(|ring| ring.layer == layer) {
            let drawn: Vec<_> = ring.points.iter().map(|p| self.place(p.0, p.1)).collect();
            self.push_visible(&mut path, &drawn);
        }
        PreEscaped(path)
    }

    /// Meridians and parallels, every 5° or 2° of a small window.
    fn graticule(&self) -> PreEscaped<String> {
        let step = if self.m_per_px * self.width < 1.2e6 { 2 } else { 5 };
        let mut path = String::new();
        for lon in (-80..=50).filter(|lon| lon % step == 0) {
            let line: Vec<_> = (48..=84).map(|lat| self.place(lon.into(), lat.into())).collect();
            self.push_visible(&mut path, &line);
        }
        for lat in (48..=84).filter(|lat| lat % step == 0) {
            let line: Vec<_> = (-80..=50).map(|lon| self.place(lon.into(), lat.into())).collect();
            self.push_visible(&mut path, &line);
        }
        PreEscaped(path)
    }

    /// Pieces of a line that come near the window.
    fn push_visible(&self, path: &mut String, line: &[(f64, f64)]) {
        let near = |p: &(f64, f64)| {
            (-60.0..self.width + 60.0).contains(&p.0) && (-60.0..self.height + 60.0).contains(&p.1)
        };
        for piece in line.split(|p| !near(p)).filter(|piece| piece.len() > 1) {
            push_path(path, piece, false);
        }
    }

    /// The polygon within the window: Sutherland and Hodgman's cut at each side.
    fn cut(&self, mut polygon: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
        type Point = (f64, f64);
        let (right, bottom) = (self.width + 2.0, self.height + 2.0);
        let sides: [&dyn Fn(&Point) -> f64; 4] =
            [&|p| p.0 + 2.0, &|p| right - p.0, &|p| p.1 + 2.0, &|p| bottom - p.1];
        for inside in sides {
            let mut kept = Vec::with_capacity(polygon.len());
            for (i, b) in polygon.iter().enumerate() {
                let a = &polygon[(i + polygon.len() - 1) % polygon.len()];
                let (da, db) = (inside(a), inside(b));
                if (da < 0.0) != (db < 0.0) {
                    let t = da / (da - db);
                    kept.push((a.0 + t * (b.0 - a.0), a.1 + t * (b.1 - a.1)));
                }
                if db >= 0.0 {
                    kept.push(*b);
                }
            }
            polygon = kept;
        }
        polygon
    }

    fn scale_bar(&self) -> Markup {
        let most_m = self.m_per_px * self.width / 4.0;
        let steps = [10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0];
        let km = steps.into_iter().rfind(|km| km * 1e3 <= most_m).unwrap_or(10.0);
        let (x, y) = (self.width - 10.0, self.height - 10.0);
        html! {
            g class="scale" {
                path d=(format!("M{} {}v4H{}v-4", px(x - km * 1e3 / self.m_per_px), y - 4.0, x)) {}
                text x=(x) y=(y - 8.0) text-anchor="end" { (km) " km" }
            }
        }
    }
}

fn push_path(path: &mut String, points: &[(f64, f64)], closed: bool) {
    let mut last = (f64::INFINITY, f64::INFINITY);
    let end = points.len() - 1;
    for (i, &(x, y)) in points.iter().enumerate() {
        let near = (x - last.0).abs() < 0.8 && (y - last.1).abs() < 0.8;
        if near && (i != end || closed) {
            continue;
        }
        let command = if last.0.is_infinite() { 'M' } else { 'L' };
        write!(path, "{command}{} {}", px(x), px(y)).expect("writing to a string");
        last = (x, y);
    }
    if closed {
        path.push('z');
    }
}

/// A map of `across_m` metres around one place with a mark in the middle.
pub fn locator(longitude: f64, latitude: f64, drawing: Markup, words: &str) -> Markup {
    let frame = MapFrame::around(&[(longitude, latitude)], 340.0, 300.0, 700e3);
    frame.draw(&[Mark { longitude, latitude, drawing }], "map small", words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_only_place_stands_in_the_middle() {
        let frame = MapFrame::around(&[(15.0, 60.0)], 300.0, 200.0, 500e3);
        let (x, y) = frame.place(15.0, 60.0);
        assert!((x - 150.0).abs() < 1e-6 && (y - 100.0).abs() < 1e-6);
    }

    #[test]
    fn all_places_are_within_the_window() {
        let places = [(-50.0, 61.0), (30.0, 70.0), (10.0, 55.0)];
        let frame = MapFrame::around(&places, 900.0, 500.0, 100e3);
        for (lon, lat) in places {
            let (x, y) = frame.place(lon, lat);
            assert!((0.0..900.0).contains(&x) && (0.0..500.0).contains(&y), "{lon} {lat}: {x} {y}");
        }
    }

    #[test]
    fn a_map_of_sweden_has_land_lakes_borders_and_its_scale() {
        let svg = locator(14.0, 60.0, html! {}, "here").into_string();
        for class in ["land", "lake", "border", "grid"] {
            let start = format!(r#"class="{class}" d="M"#);
            assert!(svg.contains(&start), "{class}");
        }
        assert!(svg.contains("100 km") && svg.contains(r#"aria-label="here""#));
        assert!(svg.len() < 60_000, "{} bytes", svg.len());
    }
}
