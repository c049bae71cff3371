//! Places improved one at a time on kriging variance (spatial annealing at temperature zero).

use super::polygon::Point;
use super::spatial::{Area, Undetermined};
use crate::chance::{CellKey, Draws, Purpose};

/// What the places should be good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The mean of the whole area.
    Mean,
    /// A map: the mean of the point kriging variances.
    Map,
}

/// Improved places and the variance before and after, as shares of the sill.
#[derive(Debug, Clone, PartialEq)]
pub struct Improved {
    /// New places, in the order given.
    pub places: Vec<Point>,
    /// Variance at the start.
    pub before: f64,
    /// Variance at the end; never above `before`.
    pub after: f64,
}

/// Tries `moves` moves of one place to a random allowed cell, nearer and nearer, and keeps those
/// that lower the variance.
///
/// - `allowed`: cells that may be drilled: inside the outline and outside no-go areas
/// - `existing`: places already sampled; they count, but do not move
pub fn improve(
    area: &Area,
    allowed: &[Point],
    existing: &[Point],
    places: Vec<Point>,
    target: Target,
    moves: usize,
    seed: u64,
) -> Result<Improved, Undetermined> {
    let measure = |places: &[Point]| {
        let all: Vec<Point> = existing.iter().chain(places).copied().collect();
        match target {
            Target::Mean => area.kriging_variance(&all),
            Target::Map => area.mean_point_variance(&all),
        }
    };
    let before = measure(&places)?;
    let (mut places, mut after) = (places, before);
    let reach = extent(allowed);
    let draws = Draws::new(seed, Purpose::Places);
    for t in 0..moves {
        let words = draws.draw(t as u64).words(CellKey::new("swap", "move"));
        let k = words.index(0, places.len());
        let radius = reach * (0.5 - 0.45 * t as f64 / moves as f64);
        let near: Vec<&Point> = allowed
            .iter()
            .filter(|cell| distance(**cell, places[k]) <= radius)
            .filter(|cell| !places.contains(cell) && !existing.contains(cell))
            .collect();
        if near.is_empty() {
            continue;
        }
        let old = std::mem::replace(&mut places[k], *near[words.index(1, near.len())]);
        match measure(&places) {
            Ok(variance) if variance < after => after = variance,
            _ => places[k] = old,
        }
    }
    Ok(Improved { places, before, after })
}

fn extent(cells: &[Point]) -> f64 {
    let span = |f: fn(&Point) -> f64| {
        let (low, high) = cells
            .iter()
            .map(f)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)));
        (high - low).max(0.0)
    };
    libm::hypot(span(|p| p.0), span(|p| p.1))
}

fn distance(a: Point, b: Point) -> f64 {
    libm::hypot(a.0 - b.0, a.1 - b.1)
}
