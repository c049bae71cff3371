//! Spread-out places: k-means over the cells of an area, around places already sampled
//! (spatial coverage sampling, Walvoort, Brus, de Gruijter 2010).

use super::polygon::Point;
use crate::chance::{CellKey, Draws, Purpose};

const ROUNDS: usize = 200;

/// `count` new places among `cells`, as near as possible to all cells together with `existing`.
///
/// The best of `starts` seeded starts (ten are plenty), snapped to cell centres; fewer places when
/// there are fewer cells.
pub fn coverage(
    cells: &[Point],
    existing: &[Point],
    count: usize,
    starts: u64,
    seed: u64,
) -> Vec<Point> {
    let count = count.min(cells.len());
    if count == 0 {
        return Vec::new();
    }
    let draws = Draws::new(seed, Purpose::Places);
    let mut best: Option<(f64, Vec<Point>)> = None;
    for start in 0..starts {
        let words = draws.draw(start).words(CellKey::new("coverage", "start"));
        let mut order: Vec<(u64, usize)> =
            (0..cells.len()).map(|i| (words.word(i as u64), i)).collect();
        order.sort_unstable();
        let centres = order.iter().take(count).map(|(_, i)| cells[*i]).collect();
        let centres = snap(cells, lloyd(cells, existing, centres));
        let all: Vec<Point> = existing.iter().chain(&centres).copied().collect();
        let distance = mean_squared_distance(cells, &all);
        if best.as_ref().is_none_or(|(least, _)| distance < *least) {
            best = Some((distance, centres));
        }
    }
    best.map(|b| b.1).unwrap_or_default()
}

/// Mean over the cells of the squared distance to the nearest place.
pub fn mean_squared_distance(cells: &[Point], places: &[Point]) -> f64 {
    let nearest =
        |cell: &Point| places.iter().map(|p| squared(*cell, *p)).fold(f64::INFINITY, f64::min);
    cells.iter().map(nearest).sum::<f64>() / cells.len() as f64
}

/// Moves centres to the means of their cells until they rest; existing places do not move.
fn lloyd(cells: &[Point], existing: &[Point], mut centres: Vec<Point>) -> Vec<Point> {
    for _ in 0..ROUNDS {
        let mut sums = vec![(0.0, 0.0, 0.0); centres.len()];
        for cell in cells {
            let (k, distance) = nearest(*cell, &centres);
            if existing.iter().all(|p| squared(*cell, *p) > distance) {
                sums[k].0 += cell.0;
                sums[k].1 += cell.1;
                sums[k].2 += 1.0;
            }
        }
        let mut moved = false;
        for (centre, (x, y, n)) in centres.iter_mut().zip(sums) {
            if n > 0.0 {
                let next = (x / n, y / n);
                moved |= next != *centre;
                *centre = next;
            }
        }
        if !moved {
            break;
        }
    }
    centres
}

/// Each centre to its nearest free cell, so that no hole falls outside or into a no-go area.
fn snap(cells: &[Point], centres: Vec<Point>) -> Vec<Point> {
    let mut free = cells.to_vec();
    centres
        .into_iter()
        .map(|centre| {
            let (k, _) = nearest(centre, &free);
            free.swap_remove(k)
        })
        .collect()
}

fn nearest(point: Point, places: &[Point]) -> (usize, f64) {
    let mut best = (0, f64::INFINITY);
    for (k, place) in places.iter().enumerate() {
        let distance = squared(point, *place);
        if distance < best.1 {
            best = (k, distance);
        }
    }
    best
}

fn squared(a: Point, b: Point) -> f64 {
    (a.0 - b.0) * (a.0 - b.0) + (a.1 - b.1) * (a.1 - b.1)
}
