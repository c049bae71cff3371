//! The old ground around a body, read off the surface of today just outside its outline.

use geo_types::MultiPolygon;

use super::data::GroundPoint;
use super::outline::contains;
use super::terrain::Dem;

/// Points that the rim is thinned to.
const MOST_POINTS: usize = 240;

/// Heights of the cells next but one to the outline on its outer side, evenly thinned: there the ground is
/// still that from before the mine, if the outline goes round the toe of the dams.
pub(super) fn rim(surface: &Dem, outline: &MultiPolygon<f64>) -> Vec<GroundPoint> {
    let [columns, rows] = surface.size();
    let inside: Vec<bool> =
        (0..columns * rows).map(|i| contains(outline, surface.centre(i))).collect();
    // whether a cell within so many steps is inside
    let near = |i: usize, steps: usize| {
        let (column, row) = (i % columns, i / columns);
        (row.saturating_sub(steps)..(row + steps + 1).min(rows)).any(|r| {
            let from = column.saturating_sub(steps);
            (from..(column + steps + 1).min(columns)).any(|c| inside[r * columns + c])
        })
    };
    let ring: Vec<usize> = (0..inside.len())
        .filter(|i| surface.heights()[*i].is_finite() && near(*i, 2) && !near(*i, 1))
        .collect();
    let stride = ring.len().div_ceil(MOST_POINTS).max(1);
    let point = |i: &usize| GroundPoint {
        at: surface.centre(*i),
        height_m: surface.heights()[*i],
        sounded: false,
    };
    ring.iter().step_by(stride).map(point).collect()
}
