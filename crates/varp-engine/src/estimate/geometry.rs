//! Volumes of simple shapes and areas of outlines. Metres, square metres, cubic metres.

use geo_types::{MultiPolygon, Polygon};

/// V = π·r²·h/3 of a cone of base radius `r` and height `h`.
pub fn cone_volume(r: f64, h: f64) -> f64 {
    std::f64::consts::PI * r * r * h / 3.0
}

/// V = h·(A₁ + A₂ + √(A₁·A₂))/3 of a frustum between parallel areas.
pub fn frustum_volume(lower: f64, upper: f64, h: f64) -> f64 {
    h * (lower + upper + (lower * upper).sqrt()) / 3.0
}

/// V = π·r²·h/2 of a paraboloid of revolution of rim radius `r` and depth `h`.
pub fn paraboloid_volume(r: f64, h: f64) -> f64 {
    std::f64::consts::PI * r * r * h / 2.0
}

/// V = h·(A₁ + 4·A_m + A₂)/6, Simpson's rule for a body between parallel areas.
pub fn prismoid_volume(lower: f64, middle: f64, upper: f64, h: f64) -> f64 {
    h * (lower + 4.0 * middle + upper) / 6.0
}

/// V = A·t of an area with a mean thickness.
pub fn prism_volume(area: f64, thickness: f64) -> f64 {
    area * thickness
}

/// Area of an outline in a projected system, holes taken out, by the shoelace formula.
pub fn polygon_area(outline: &MultiPolygon<f64>) -> f64 {
    outline.iter().map(one_area).sum()
}

fn one_area(polygon: &Polygon<f64>) -> f64 {
    let ring = |line: &geo_types::LineString<f64>| {
        let origin = line.0.first().copied().unwrap_or_default();
        let twice: f64 = line
            .lines()
            .map(|l| {
                let (ax, ay) = (l.start.x - origin.x, l.start.y - origin.y);
                let (bx, by) = (l.end.x - origin.x, l.end.y - origin.y);
                ax * by - bx * ay
            })
            .sum();
        twice.abs() / 2.0
    };
    ring(polygon.exterior()) - polygon.interiors().iter().map(ring).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frustum_with_a_point_on_top_is_a_cone() {
        let base = std::f64::consts::PI * 25.0;
        assert!((frustum_volume(base, 0.0, 9.0) - cone_volume(5.0, 9.0)).abs() < 1e-9);
    }

    #[test]
    fn simpson_is_exact_for_cone_and_paraboloid() {
        let area = |r: f64| std::f64::consts::PI * r * r;
        let cone = prismoid_volume(area(5.0), area(2.5), 0.0, 9.0);
        assert!((cone / cone_volume(5.0, 9.0) - 1.0).abs() < 1e-12);
        let bowl = prismoid_volume(0.0, area(5.0) / 2.0, area(5.0), 9.0);
        assert!((bowl / paraboloid_volume(5.0, 9.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn holes_are_taken_out_and_far_coordinates_do_not_matter() {
        let square = |x: f64, y: f64, a: f64| {
            geo_types::LineString::from(vec![
                (x, y),
                (x + a, y),
                (x + a, y + a),
                (x, y + a),
                (x, y),
            ])
        };
        let far = 7_000_000.0;
        let pond =
            Polygon::new(square(far, far, 100.0), vec![square(far + 10.0, far + 10.0, 20.0)]);
        assert!((polygon_area(&MultiPolygon(vec![pond])) - 9600.0).abs() < 1e-9);
    }
}
