//! TOPSIS (Hwang & Yoon 1981): closeness to the ideal site. A foil, not the ranking: the answer
//! changes with the norm, so the norm is always named.

use super::elicit::objective::min_max;
use super::value::Direction;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// How columns are made comparable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Norm {
    /// x / √Σx².
    Vector,
    /// (x − min)/(max − min), turned for costs.
    MinMax,
}

/// Sites handled together, so that their sums stay in the cache.
const BLOCK: usize = 4096;

/// Closeness C_i = d⁻/(d⁺ + d⁻) within 0..=1; 0 where all sites are equal.
///
/// - `columns[j][i]`: criterion j of site i, finite; all columns of one length
/// - `weights`, `directions`: one per column
pub fn closeness(
    columns: &[Vec<f64>],
    weights: &[f64],
    directions: &[Direction],
    norm: Norm,
) -> Vec<f64> {
    let scaled: Vec<Vec<f64>>;
    let (columns, directions) = match norm {
        Norm::Vector => (columns, directions.to_vec()),
        Norm::MinMax => {
            scaled = columns.iter().zip(directions).map(|(c, d)| min_max(c, *d)).collect();
            (scaled.as_slice(), vec![Direction::Gain; columns.len()])
        }
    };
    let frames: Vec<Frame> = columns
        .par_iter()
        .zip(weights)
        .zip(&directions)
        .map(|((column, weight), direction)| Frame::of(column, *weight, *direction, norm))
        .collect();
    let sites = columns.first().map_or(0, Vec::len);
    let mut result = vec![0.0; sites];
    result.par_chunks_mut(BLOCK).enumerate().for_each(|(block, out)| {
        block_closeness(columns, &frames, block * BLOCK, out);
    });
    result
}

/// Scale, ideal and anti-ideal of one column.
struct Frame {
    factor: f64,
    best: f64,
    worst: f64,
}

impl Frame {
    fn of(column: &[f64], weight: f64, direction: Direction, norm: Norm) -> Self {
        let (mut low, mut high, mut squares) = (f64::INFINITY, f64::NEG_INFINITY, 0.0);
        for &x in column {
            low = low.min(x);
            high = high.max(x);
            squares += x * x;
        }
        let factor = match norm {
            Norm::Vector if squares > 0.0 => weight / squares.sqrt(),
            Norm::Vector => 0.0,
            Norm::MinMax => weight,
        };
        let (best, worst) = match direction {
            Direction::Gain => (high, low),
            Direction::Cost => (low, high),
        };
        Self { factor, best: best * factor, worst: worst * factor }
    }
}

fn block_closeness(columns: &[Vec<f64>], frames: &[Frame], start: usize, out: &mut [f64]) {
    let mut to_best = [0.0; BLOCK];
    let mut to_worst = [0.0; BLOCK];
    let count = out.len();
    for (column, frame) in columns.iter().zip(frames) {
        let part = &column[start..start + count];
        for ((x, plus), minus) in part.iter().zip(&mut to_best).zip(&mut to_worst) {
            let v = x * frame.factor;
            *plus += (v - frame.best) * (v - frame.best);
            *minus += (v - frame.worst) * (v - frame.worst);
        }
    }
    for ((c, plus), minus) in out.iter_mut().zip(&to_best).zip(&to_worst) {
        let (plus, minus) = (plus.sqrt(), minus.sqrt());
        *c = if plus + minus > 0.0 { minus / (plus + minus) } else { 0.0 };
    }
}
