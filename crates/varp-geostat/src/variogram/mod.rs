//! Experimental variograms and their maps, in one to three dimensions.

mod estimator;
mod map;
mod pairs;

pub use estimator::Estimator;
pub use map::{VariogramMap, variogram_map};

use crate::error::{VariogramError, is_usable};
use crate::resolution::check_resolution;
use crate::search::Bins;
use rayon::prelude::*;

/// Lag classes, each open below and closed above: (low, high], as in gstat; pairs at distance 0
/// count in a class that begins at 0.
#[derive(Debug, Clone, PartialEq)]
pub enum Lags {
    /// `count` classes of equal width from 0.
    Regular {
        /// In the unit of the coordinates.
        width: f64,
        /// Number of classes.
        count: usize,
    },
    /// Rising edges; `n + 1` edges make `n` classes.
    Edges(Vec<f64>),
}

impl Lags {
    /// Fifteen classes up to a third of the bounding box's diagonal, gstat's default.
    pub fn from_extent(places: &[[f64; 3]]) -> Self {
        let (low, high) = crate::search::bounds(places);
        let diagonal = crate::model::squared_norm([0, 1, 2].map(|d| high[d] - low[d])).sqrt();
        Self::Regular { width: diagonal / 45.0, count: 15 }
    }

    /// Number of classes.
    pub fn len(&self) -> usize {
        match self {
            Self::Regular { count, .. } => *count,
            Self::Edges(edges) => edges.len().saturating_sub(1),
        }
    }

    /// Whether there is no class.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Low and high edge of class `i`.
    pub fn class(&self, i: usize) -> (f64, f64) {
        match self {
            Self::Regular { width, .. } => (i as f64 * width, (i + 1) as f64 * width),
            Self::Edges(edges) => (edges[i], edges[i + 1]),
        }
    }

    fn check(&self) -> Result<(), VariogramError> {
        if self.is_empty() {
            return Err(VariogramError::Lags { class: 0, low: 0.0, high: 0.0 });
        }
        for class in 0..self.len() {
            let (low, high) = self.class(class);
            if !(low >= 0.0 && high > low && is_usable(high)) {
                return Err(VariogramError::Lags { class, low, high });
            }
        }
        Ok(())
    }
}

/// A direction with tolerances; pairs count whichever sample comes first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Direction {
    /// Degrees clockwise from north.
    pub azimuth: f64,
    /// Degrees below the horizontal.
    pub dip: f64,
    /// Largest angle between pair and direction, degrees; 90 takes every pair.
    pub tolerance: f64,
    /// Largest distance of the pair's end from the direction's line.
    pub bandwidth: Option<f64>,
}

impl Direction {
    /// Every direction.
    pub fn any() -> Self {
        Self { azimuth: 0.0, dip: 0.0, tolerance: 90.0, bandwidth: None }
    }

    /// In the horizontal plane.
    pub fn horizontal(azimuth: f64, tolerance: f64) -> Self {
        Self { azimuth, tolerance, ..Self::any() }
    }

    /// Unit vector.
    pub fn axis(&self) -> [f64; 3] {
        crate::model::Rotation { azimuth: self.azimuth, dip: self.dip, plunge: 0.0 }.axes()[0]
    }

    fn check(&self, direction: usize) -> Result<(), VariogramError> {
        let bad = |parameter, value| Err(VariogramError::Direction { direction, parameter, value });
        if !self.azimuth.is_finite() {
            return bad("azimuth", self.azimuth);
        }
        if !self.dip.is_finite() {
            return bad("dip", self.dip);
        }
        if !(self.tolerance > 0.0 && self.tolerance <= 90.0) {
            return bad("tolerance", self.tolerance);
        }
        match self.bandwidth {
            Some(b) if b.is_nan() || b <= 0.0 => bad("bandwidth", b),
            _ => Ok(()),
        }
    }
}

/// An experimental variogram in one direction, by column; classes without pairs hold NaN.
#[derive(Debug, Clone, PartialEq)]
pub struct Variogram {
    /// Where the pairs point.
    pub direction: Direction,
    /// Number of pairs, each counted once.
    pub pairs: Vec<u64>,
    /// Mean distance of the pairs.
    pub distance: Vec<f64>,
    /// Semivariance (or what the estimator gives in its place).
    pub gamma: Vec<f64>,
}

/// What to compute.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Classes of distance.
    pub lags: Lags,
    /// One variogram for each.
    pub directions: Vec<Direction>,
    /// How differences become a semivariance.
    pub estimator: Estimator,
}

impl Plan {
    /// Matheron's estimator in every direction.
    pub fn omnidirectional(lags: Lags) -> Self {
        Self { lags, directions: vec![Direction::any()], estimator: Estimator::Matheron }
    }
}

/// Variograms of one variable, one for each direction of the plan. The same bytes for any number
/// of threads.
pub fn variogram(
    places: &[[f64; 3]],
    values: &[f64],
    plan: &Plan,
) -> Result<Vec<Variogram>, VariogramError> {
    compute(places, values, None, plan)
}

/// Cross-variograms of two variables measured at the same places: ½ mean (Δu·Δv).
pub fn cross_variogram(
    places: &[[f64; 3]],
    first: &[f64],
    second: &[f64],
    plan: &Plan,
) -> Result<Vec<Variogram>, VariogramError> {
    if plan.estimator != Estimator::Matheron {
        return Err(VariogramError::Cross { estimator: plan.estimator.name() });
    }
    compute(places, first, Some(second), plan)
}

/// 1 where the value is at most the cut-off, else 0: an indicator's values.
pub fn indicator(values: &[f64], cutoff: f64) -> Vec<f64> {
    values.iter().map(|v| f64::from(u8::from(*v <= cutoff))).collect()
}

fn compute(
    places: &[[f64; 3]],
    values: &[f64],
    second: Option<&[f64]>,
    plan: &Plan,
) -> Result<Vec<Variogram>, VariogramError> {
    check_samples(places, &[Some(values), second])?;
    plan.lags.check()?;
    plan.directions.iter().enumerate().try_for_each(|(i, d)| d.check(i))?;
    let (low, _) = crate::search::bounds(places);
    let shifted: Vec<[f64; 3]> = places.iter().map(|p| [0, 1, 2].map(|d| p[d] - low[d])).collect();
    let reach = plan.lags.class(plan.lags.len() - 1).1;
    let bins = Bins::with_edge(&shifted, reach / 6.0);
    let by_position = |v: &[f64]| bins.id.iter().map(|i| v[*i as usize]).collect::<Vec<f64>>();
    // Counted from their mean, far values lose no digits.
    let centred = |v: &[f64]| {
        let mean = v.iter().sum::<f64>() / v.len() as f64;
        by_position(v).into_iter().map(|x| x - mean).collect::<Vec<f64>>()
    };
    let columns = [centred(values), second.map_or_else(Vec::new, centred)];
    if plan.estimator == Estimator::Correlogram && columns[0].iter().all(|v| *v == columns[0][0]) {
        let (estimator, count) = (plan.estimator.name(), values.len());
        return Err(VariogramError::NoSpread { estimator, count, value: values[0] });
    }
    let found = estimator::estimate(&bins, &columns, plan);
    if !found.is_empty() && found.iter().all(|v| v.pairs.iter().all(|p| *p == 0)) {
        let nearest = (0..bins.len()).map(|p| bins.nearest_other(p)).fold(f64::INFINITY, f64::min);
        let (samples, low) = (places.len(), plan.lags.class(0).0);
        return Err(VariogramError::NoPairs { samples, low, high: reach, nearest });
    }
    Ok(found)
}

fn check_samples(places: &[[f64; 3]], columns: &[Option<&[f64]>]) -> Result<(), VariogramError> {
    let expected = places.len();
    if expected < 2 {
        return Err(VariogramError::TooFewSamples { found: expected });
    }
    let finite = |column: &'static str, mut values: Box<dyn Iterator<Item = f64> + '_>| match values
        .by_ref()
        .enumerate()
        .find(|(_, v)| !is_usable(*v))
    {
        Some((row, value)) => Err(VariogramError::NotFinite { column, row, value }),
        None => Ok(()),
    };
    for (d, name) in ["x", "y", "z"].into_iter().enumerate() {
        finite(name, Box::new(places.iter().map(move |p| p[d])))?;
    }
    for column in columns.iter().flatten() {
        if column.len() != expected {
            let (column, found) = ("values", column.len());
            return Err(VariogramError::Length { column, found, expected });
        }
        finite("value", Box::new(column.iter().copied()))?;
    }
    Ok(check_resolution(places)?)
}

/// Runs `work` on fixed parts of `0..n`; the parts do not depend on the number of threads.
fn in_parts<T: Send>(n: usize, work: impl Fn(std::ops::Range<usize>) -> T + Sync) -> Vec<T> {
    let parts = n.div_ceil(256).clamp(1, 64);
    let work = &work;
    (0..parts).into_par_iter().map(|p| work(n * p / parts..n * (p + 1) / parts)).collect()
}
