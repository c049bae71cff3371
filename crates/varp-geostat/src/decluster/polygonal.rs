use super::DeclusterError;
use crate::stats::finite;

/// Result of polygonal declustering.
#[derive(Debug, Clone, PartialEq)]
pub struct Polygonal {
    /// Area of influence of each sample inside the boundary; coincident samples share theirs.
    pub areas: Vec<f64>,
    /// Areas scaled to sum to the number of samples.
    pub weights: Vec<f64>,
}

/// Exact Voronoi areas in the plane, clipped to a boundary.
///
/// Each sample's area is the boundary cut by the half-planes nearer to it than to any other
/// sample; the boundary may be concave.
///
/// - `points`, `boundary` (corners in order, not closed): `[x, y]`, metres
///
/// # Errors
/// No samples, numbers not finite, a boundary without area.
pub fn polygonal(points: &[[f64; 2]], boundary: &[[f64; 2]]) -> Result<Polygonal, DeclusterError> {
    finite(points.as_flattened(), 2)?;
    finite(boundary.as_flattened(), 0)?;
    let whole = area(boundary).abs();
    if boundary.len() < 3 || whole <= 0.0 {
        return Err(DeclusterError::EmptyBoundary { corners: boundary.len(), area: whole });
    }
    let mut order: Vec<(f64, usize)> = Vec::with_capacity(points.len());
    let areas: Vec<f64> =
        (0..points.len()).map(|i| influence(points, i, boundary, &mut order)).collect();
    let scale = points.len() as f64 / areas.iter().sum::<f64>();
    Ok(Polygonal { weights: areas.iter().map(|a| a * scale).collect(), areas })
}

/// Area of the part of the boundary nearest to sample `i`, over the samples at its place.
fn influence(
    points: &[[f64; 2]],
    i: usize,
    boundary: &[[f64; 2]],
    order: &mut Vec<(f64, usize)>,
) -> f64 {
    let here = points[i];
    order.clear();
    order.extend(points.iter().enumerate().map(|(j, p)| (distance2(here, *p), j)));
    let same = order.iter().filter(|(d, _)| *d == 0.0).count();
    order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    // around the sample, so that large offsets do not cost digits of the area
    let mut cell: Vec<[f64; 2]> =
        boundary.iter().map(|c| [c[0] - here[0], c[1] - here[1]]).collect();
    for &(square, j) in &order[same..] {
        let reach = cell.iter().map(|c| distance2([0.0; 2], *c)).fold(0.0, f64::max);
        if square > 4.0 * reach {
            break;
        }
        let other = [points[j][0] - here[0], points[j][1] - here[1]];
        cell = nearer_side(&cell, other, 0.5 * square);
    }
    area(&cell).abs() / same as f64
}

/// The part of a polygon with c · direction ≤ limit (Sutherland & Hodgman).
fn nearer_side(cell: &[[f64; 2]], direction: [f64; 2], limit: f64) -> Vec<[f64; 2]> {
    let side = |c: [f64; 2]| c[0] * direction[0] + c[1] * direction[1] - limit;
    let mut kept = Vec::with_capacity(cell.len() + 2);
    for (k, &from) in cell.iter().enumerate() {
        let to = cell[(k + 1) % cell.len()];
        let (a, b) = (side(from), side(to));
        if a <= 0.0 {
            kept.push(from);
        }
        if (a < 0.0 && b > 0.0) || (a > 0.0 && b < 0.0) {
            let t = a / (a - b);
            kept.push([from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])]);
        }
    }
    kept
}

/// Signed area by the shoelace formula around the first corner.
fn area(polygon: &[[f64; 2]]) -> f64 {
    let Some(o) = polygon.first() else { return 0.0 };
    let cross =
        |a: [f64; 2], b: [f64; 2]| (a[0] - o[0]) * (b[1] - o[1]) - (b[0] - o[0]) * (a[1] - o[1]);
    0.5 * polygon.windows(2).map(|w| cross(w[0], w[1])).sum::<f64>()
}

fn distance2(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: [[f64; 2]; 4] = [[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]];

    #[test]
    fn areas_fill_a_concave_boundary() {
        let boundary = [[0.0, 0.0], [10.0, 0.0], [10.0, 4.0], [4.0, 4.0], [4.0, 10.0], [0.0, 10.0]];
        let points: Vec<[f64; 2]> = (0..60)
            .map(|i| [f64::from(i * 13 % 100) / 10.0, f64::from(i * 37 % 97) / 10.0])
            .collect();
        let areas = polygonal(&points, &boundary).unwrap().areas;
        assert!((areas.iter().sum::<f64>() - 64.0).abs() < 1e-10);
    }

    #[test]
    fn two_samples_split_a_square_at_the_middle() {
        let split = polygonal(&[[2.0, 5.0], [6.0, 5.0]], &SQUARE).unwrap();
        assert_eq!(split.areas, [40.0, 60.0]);
        assert_eq!(split.weights, [0.8, 1.2]);
    }

    #[test]
    fn coincident_samples_share_their_area() {
        let split = polygonal(&[[5.0, 5.0], [5.0, 5.0]], &SQUARE).unwrap();
        assert_eq!(split.areas, [50.0, 50.0]);
    }

    #[test]
    fn a_boundary_without_area_is_refused() {
        let refused = polygonal(&[[0.0, 0.0]], &[[0.0, 0.0], [1.0, 1.0]]);
        assert_eq!(refused, Err(DeclusterError::EmptyBoundary { corners: 2, area: 0.0 }));
    }
}
