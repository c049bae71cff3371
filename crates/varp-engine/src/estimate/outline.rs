//! The outline of a body as points that stand for it.

use geo_types::{MultiPolygon, Polygon};

use super::geometry::polygon_area;
use super::volume::VolumeError;
use crate::pilot::polygon;

/// Points that stand for an area, each for a square cell of the same size.
#[derive(Clone, Debug, PartialEq)]
pub struct Footprint {
    /// Area inside, m².
    pub area_m2: f64,
    /// Points.
    pub nodes: Vec<[f64; 2]>,
    /// Edge of a cell, metres.
    pub cell_m: f64,
}

/// Points inside an outline, about `count` of them.
///
/// # Errors
/// An outline without area, or with corners that are no numbers.
pub fn footprint(outline: &MultiPolygon<f64>, count: usize) -> Result<Footprint, VolumeError> {
    let area_m2 = polygon_area(outline);
    if !(area_m2 > 0.0 && area_m2.is_finite()) {
        let corners = outline.iter().map(|p| p.exterior().0.len()).sum();
        return Err(VolumeError::NoArea { corners, area_m2 });
    }
    let mut cell_m = (area_m2 / count as f64).sqrt();
    loop {
        let nodes: Vec<[f64; 2]> = outline.iter().flat_map(|p| cells(p, cell_m)).collect();
        if nodes.len() * 2 >= count {
            return Ok(Footprint { area_m2, nodes, cell_m });
        }
        cell_m *= 0.7; // a sliver: points fall beside it
    }
}

/// The box around samples, widened by half their spacing: for a body without an outline.
pub fn around(points: &[[f64; 2]]) -> MultiPolygon<f64> {
    let fold = |d: usize, start: f64, pick: fn(f64, f64) -> f64| {
        points.iter().map(|p| p[d]).fold(start, pick)
    };
    let [west, south] = [0, 1].map(|d| fold(d, f64::INFINITY, f64::min));
    let [east, north] = [0, 1].map(|d| fold(d, f64::NEG_INFINITY, f64::max));
    let span = ((east - west) * (north - south)).max(1.0);
    let margin = 0.5 * (span / points.len().max(1) as f64).sqrt();
    let margin = margin.max(0.05 * (east - west).max(north - south)).max(1.0);
    let (w, s, e, n) = (west - margin, south - margin, east + margin, north + margin);
    MultiPolygon(vec![Polygon::new(vec![(w, s), (e, s), (e, n), (w, n), (w, s)].into(), vec![])])
}

/// Whether a point lies inside.
pub fn contains(outline: &MultiPolygon<f64>, [x, y]: [f64; 2]) -> bool {
    outline.iter().any(|p| {
        let inside = |ring: &geo_types::LineString<f64>| polygon::contains(&corners(ring), (x, y));
        inside(p.exterior()) && !p.interiors().iter().any(inside)
    })
}

/// Metres from a place to the nearest line of the outline, holes in it included.
pub fn rim_distance(outline: &MultiPolygon<f64>, at: [f64; 2]) -> f64 {
    let rings = outline.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    let to = |line: geo_types::Line<f64>| {
        let (dx, dy) = (line.dx(), line.dy());
        let square = dx * dx + dy * dy;
        let along = (at[0] - line.start.x) * dx + (at[1] - line.start.y) * dy;
        let t = if square > 0.0 { (along / square).clamp(0.0, 1.0) } else { 0.0 };
        (at[0] - line.start.x - t * dx).hypot(at[1] - line.start.y - t * dy)
    };
    rings.flat_map(geo_types::LineString::lines).map(to).fold(f64::INFINITY, f64::min)
}

fn cells(p: &Polygon<f64>, step: f64) -> Vec<[f64; 2]> {
    let holes: Vec<Vec<(f64, f64)>> = p.interiors().iter().map(corners).collect();
    polygon::cells(&corners(p.exterior()), &holes, step).into_iter().map(|(x, y)| [x, y]).collect()
}

fn corners(ring: &geo_types::LineString<f64>) -> Vec<(f64, f64)> {
    ring.coords().map(|c| (c.x, c.y)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_stand_for_the_area_and_a_line_is_refused() {
        let pond = around(&[[0.0, 0.0], [400.0, 250.0]]);
        let found = footprint(&pond, 100).unwrap();
        assert!(
            (found.nodes.len() as f64 * found.cell_m.powi(2) / found.area_m2 - 1.0).abs() < 0.2
        );
        let line = Polygon::new(vec![(0.0, 0.0), (9.0, 0.0), (0.0, 0.0)].into(), vec![]);
        let error = footprint(&MultiPolygon(vec![line]), 100).unwrap_err();
        assert!(error.to_string().contains("encloses no area"), "{error}");
    }
}
