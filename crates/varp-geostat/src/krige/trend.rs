//! The mean as a combination of known functions of place and of external columns.

use crate::error::KrigingError;

/// What is assumed of the mean.
#[derive(Debug, Clone, PartialEq)]
pub enum Method {
    /// Simple kriging: the mean is known.
    Simple {
        /// In the unit of the values.
        mean: f64,
    },
    /// Ordinary kriging: the mean is unknown and constant within the neighbourhood.
    Ordinary,
    /// Universal kriging, kriging with external drift: an unknown combination of trend functions.
    Universal(Trend),
}

/// Trend functions besides the constant, which is always one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trend {
    /// Powers of x, y and z, such as `[1, 0, 0]` for x or `[1, 1, 0]` for xy.
    pub monomials: Vec<[u8; 3]>,
    /// Number of external columns, given with samples and targets.
    pub external: usize,
}

impl Trend {
    /// The coordinates of the first `dimensions` axes.
    pub fn linear(dimensions: usize) -> Self {
        let axis = |d| std::array::from_fn(|i| u8::from(i == d));
        Self { monomials: (0..dimensions.min(3)).map(axis).collect(), external: 0 }
    }

    /// Linear functions, squares and products of the first `dimensions` axes.
    pub fn quadratic(dimensions: usize) -> Self {
        let mut trend = Self::linear(dimensions);
        let axes = trend.monomials.clone();
        for (i, a) in axes.iter().enumerate() {
            for b in &axes[i..] {
                trend.monomials.push([0, 1, 2].map(|d| a[d] + b[d]));
            }
        }
        trend
    }

    /// The coordinates play no part; `columns` external ones do.
    pub fn external(columns: usize) -> Self {
        Self { monomials: Vec::new(), external: columns }
    }
}

/// Evaluates the trend functions of one variable, scaled so that systems stay well conditioned.
#[derive(Debug, Clone)]
pub(crate) struct TrendFunctions {
    /// 0 for a known mean.
    pub count: usize,
    monomials: Vec<[u8; 3]>,
    middle: [f64; 3],
    half: [f64; 3],
    /// Mean and spread of each external column.
    external: Vec<(f64, f64)>,
}

impl TrendFunctions {
    /// `places` and `columns` are those of the samples.
    pub fn new(
        method: &Method,
        places: &[[f64; 3]],
        columns: &[&[f64]],
    ) -> Result<Self, KrigingError> {
        let trend = match method {
            Method::Universal(trend) => trend.clone(),
            _ => Trend::default(),
        };
        if trend.external != columns.len() {
            return Err(KrigingError::Length {
                column: "list of external drifts",
                found: columns.len(),
                expected: trend.external,
                rows: "in the trend",
            });
        }
        let (low, high) = crate::search::bounds(places);
        let half = [0, 1, 2].map(|d| 0.5 * (high[d] - low[d]));
        let spread = |column: &&[f64]| {
            let mean = column.iter().sum::<f64>() / column.len() as f64;
            let widest = column.iter().fold(0.0f64, |m, x| m.max((x - mean).abs()));
            (mean, if widest > 0.0 { widest } else { 1.0 })
        };
        let constant = usize::from(!matches!(method, Method::Simple { .. }));
        Ok(Self {
            count: constant * (1 + trend.monomials.len() + trend.external),
            middle: [0, 1, 2].map(|d| low[d] + half[d]),
            half: half.map(|h| if h > 0.0 { h } else { 1.0 }),
            external: columns.iter().map(spread).collect(),
            monomials: trend.monomials,
        })
    }

    /// Number of external columns.
    pub fn external_count(&self) -> usize {
        self.external.len()
    }

    /// Adds `weight` times the functions at a place to `out` (`count` numbers).
    pub fn add(
        &self,
        place: [f64; 3],
        external: impl Fn(usize) -> f64,
        weight: f64,
        out: &mut [f64],
    ) {
        if self.count == 0 {
            return;
        }
        out[0] += weight;
        let scaled = [0, 1, 2].map(|d| (place[d] - self.middle[d]) / self.half[d]);
        let (polynomial, columns) = out[1..].split_at_mut(self.monomials.len());
        for (value, powers) in polynomial.iter_mut().zip(&self.monomials) {
            let product: f64 = (0..3).map(|d| scaled[d].powi(i32::from(powers[d]))).product();
            *value += weight * product;
        }
        for (c, (value, (mean, spread))) in columns.iter_mut().zip(&self.external).enumerate() {
            *value += weight * (external(c) - mean) / spread;
        }
    }
}
