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
