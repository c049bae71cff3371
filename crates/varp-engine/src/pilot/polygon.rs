//! Plane polygons: inside or not, area, cells.

/// Corner or point, in one plane.
pub type Point = (f64, f64);

/// Whether a point lies inside a closed ring of corners (even-odd rule; the last corner need not
/// repeat the first). Points on an edge may fall on either side.
pub fn contains(corners: &[Point], (x, y): Point) -> bool {
    edges(corners)
        .filter(|((x1, y1), (x2, y2))| {
            (*y1 > y) != (*y2 > y) && x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
        })
        .count()
        % 2
        == 1
}

/// Area, always positive (shoelace formula).
pub fn area(corners: &[Point]) -> f64 {
    let sum: f64 = edges(corners).map(|((x1, y1), (x2, y2))| x1 * y2 - x2 * y1).sum();
    0.5 * sum.abs()
}

/// Corners of an outline that nobody has drawn.
const CORNERS: usize = 24;

/// A polygon of this area around a centre.
pub fn circle(centre: Point, square_metres: f64) -> Vec<Point> {
    let step = std::f64::consts::TAU / CORNERS as f64;
    let radius = (2.0 * square_metres / (CORNERS as f64 * libm::sin(step))).sqrt();
    let corner = |k: usize| {
        let angle = step * k as f64;
        (centre.0 + radius * libm::cos(angle), centre.1 + radius * libm::sin(angle))
    };
    (0..CORNERS).map(corner).collect()
}

/// Area of the box around the corners.
pub fn box_area(corners: &[Point]) -> f64 {
    let span = |of: fn(&Point) -> f64| {
        let values = corners.iter().map(of);
        let (low, high) =
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        high - low
    };
    span(|p| p.0) * span(|p| p.1)
}

/// The first two edges that cross each other, numbered from 0; edges that only touch do not cross.
pub fn crossing(corners: &[Point]) -> Option<(usize, usize)> {
    let side =
        |(a, b): (Point, Point), p: Point| (b.0 - a.0) * (p.1 - a.1) - (b.1 - a.1) * (p.0 - a.0);
    let apart = |edge: (Point, Point), other: (Point, Point)| {
        side(edge, other.0) * side(edge, other.1) < 0.0
    };
    let all: Vec<(Point, Point)> = edges(corners).collect();
    let crosses = |(i, k): &(usize, usize)| apart(all[*i], all[*k]) && apart(all[*k], all[*i]);
    (0..all.len()).flat_map(|i| (i + 1..all.len()).map(move |k| (i, k))).find(crosses)
}

/// Centres of square cells of side `step` that lie inside `corners` and outside all `holes`.
pub fn cells(corners: &[Point], holes: &[Vec<Point>], step: f64) -> Vec<Point> {
    let fold = |f: fn(&Point) -> f64, start: f64, pick: fn(f64, f64) -> f64| {
        corners.iter().map(f).fold(start, pick)
    };
    let (left, right) =
        (fold(|p| p.0, f64::INFINITY, f64::min), fold(|p| p.0, f64::NEG_INFINITY, f64::max));
    let (low, high) =
        (fold(|p| p.1, f64::INFINITY, f64::min), fold(|p| p.1, f64::NEG_INFINITY, f64::max));
    let count = |from: f64, to: f64| ((to - from) / step).ceil().max(0.0) as usize;
    let mut centres = Vec::new();
    for row in 0..count(low, high) {
        for column in 0..count(left, right) {
            let point = (left + (column as f64 + 0.5) * step, low + (row as f64 + 0.5) * step);
            if contains(corners, point) && !holes.iter().any(|hole| contains(hole, point)) {
                centres.push(point);
            }
        }
    }
    centres
}

fn edges(corners: &[Point]) -> impl Iterator<Item = (Point, Point)> {
    let next = corners.iter().cycle().skip(1);
    corners.iter().copied().zip(next.copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    const POND: [Point; 4] = [(0.0, 0.0), (400.0, 0.0), (400.0, 250.0), (0.0, 250.0)];

    #[test]
    fn a_bow_tie_crosses_itself_and_a_pond_does_not() {
        assert_eq!(crossing(&POND), None);
        let [a, b, c, d] = POND;
        assert_eq!(crossing(&[a, b, d, c]), Some((1, 3)));
        assert!((box_area(&[a, b, d, c]) - 100_000.0).abs() < 1e-9);
    }

    #[test]
    fn a_pond_has_its_area_and_its_cells() {
        assert_eq!(area(&POND), 100_000.0);
        assert_eq!(cells(&POND, &[], 10.0).len(), 1000);
        let no_go = vec![(0.0, 0.0), (200.0, 0.0), (200.0, 250.0), (0.0, 250.0)];
        assert_eq!(cells(&POND, &[no_go], 10.0).len(), 500);
    }

    #[test]
    fn a_concave_ring_excludes_its_bay() {
        let ring = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (2.0, 1.0), (0.0, 4.0)];
        assert!(contains(&ring, (0.5, 2.0)));
        assert!(!contains(&ring, (2.0, 3.0)));
    }
}
