//! Samples as given, and as the solvers want them.

use super::trend::TrendFunctions;
use crate::error::{KrigingError, is_usable};
use crate::kernel::Kernel;
use crate::model::apply;
use crate::resolution::check_resolution;
use crate::search::Bins;

/// Samples of one variable, by column.
#[derive(Debug, Clone, Copy, Default)]
pub struct Samples<'a> {
    /// x, y, z.
    pub places: &'a [[f64; 3]],
    /// In the variable's unit.
    pub values: &'a [f64],
    /// Measurement-error variance of each sample (square of the unit); the estimate is then of
    /// the true value, free of that error.
    pub noise: Option<&'a [f64]>,
    /// Columns of external drifts, each with one number for each sample.
    pub external: &'a [&'a [f64]],
    /// Hole of each sample, for a limit of samples per hole.
    pub holes: Option<&'a [u32]>,
}

impl<'a> Samples<'a> {
    /// Places and values alone.
    pub fn new(places: &'a [[f64; 3]], values: &'a [f64]) -> Self {
        Self { places, values, ..Self::default() }
    }

    /// With a measurement-error variance for each sample.
    pub fn with_noise(self, noise: &'a [f64]) -> Self {
        Self { noise: Some(noise), ..self }
    }

    /// With columns of external drifts.
    pub fn with_external(self, external: &'a [&'a [f64]]) -> Self {
        Self { external, ..self }
    }

    /// With the hole of each sample.
    pub fn with_holes(self, holes: &'a [u32]) -> Self {
        Self { holes: Some(holes), ..self }
    }

    /// Number of samples.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    pub(crate) fn check(&self) -> Result<(), KrigingError> {
        let n = self.len();
        let length = |column, found| match found == n {
            true => Ok(()),
            false => Err(KrigingError::Length { column, found, expected: n, rows: "samples" }),
        };
        length("values", self.values.len())?;
        length("noise", self.noise.map_or(n, <[f64]>::len))?;
        length("holes", self.holes.map_or(n, <[u32]>::len))?;
        for (column, at) in [("x", 0), ("y", 1), ("z", 2)] {
            check_finite(column, self.places.iter().map(|p| p[at]))?;
        }
        check_resolution(self.places)?;
        check_finite("value", self.values.iter().copied())?;
        for column in self.external {
            length("external drift", column.len())?;
            check_finite("external drift", column.iter().copied())?;
        }
        if let Some(noise) = self.noise {
            check_finite("noise", noise.iter().copied())?;
            if let Some(row) = noise.iter().position(|v| *v < 0.0) {
                return Err(KrigingError::Noise { row, value: noise[row] });
            }
        }
        self.check_duplicates()
    }

    /// Samples at one place make a singular system unless all but one carry noise.
    fn check_duplicates(&self) -> Result<(), KrigingError> {
        let noisy = |i: usize| self.noise.is_some_and(|n| n[i] > 0.0);
        let mut order: Vec<usize> = (0..self.len()).filter(|i| !noisy(*i)).collect();
        let key = |i: usize| self.places[i].map(|x| x + 0.0); // −0 is 0
        order.sort_unstable_by(|a, b| {
            let (p, q) = (key(*a), key(*b));
            let by = |d: usize| p[d].total_cmp(&q[d]);
            by(0).then(by(1)).then(by(2)).then(a.cmp(b))
        });
        let mut twins = order.windows(2).filter(|w| key(w[0]) == key(w[1]));
        let Some(first) = twins.next() else { return Ok(()) };
        Err(KrigingError::Duplicates {
            first: first[0],
            second: first[1],
            first_value: self.values[first[0]],
            second_value: self.values[first[1]],
            place: self.places[first[0]],
            pairs: 1 + twins.count(),
        })
    }
}

pub(crate) fn check_finite(
    column: &'static str,
    values: impl Iterator<Item = f64>,
) -> Result<(), KrigingError> {
    match values.enumerate().find(|(_, v)| !is_usable(*v)) {
        Some((row, value)) => Err(KrigingError::NotFinite { column, row, value }),
        None => Ok(()),
    }
}

/// Samples of one variable in the order of their bins.
#[derive(Debug, Clone)]
pub(crate) struct SampleSet {
    pub bins: Bins,
    /// `[frame][position]`.
    pub reduced: Vec<Vec<[f64; 3]>>,
    /// Less the centre.
    pub values: Vec<f64>,
    pub noise: Vec<f64>,
    pub is_noisy: bool,
    /// `trend count` numbers for each position.
    pub trend: Vec<f64>,
    pub holes: Vec<u32>,
}

impl SampleSet {
    /// `trend` writes the trend functions of sample `i` at its shifted place.
    pub fn new(
        samples: &Samples<'_>,
        frame: &Frame,
        kernel: &Kernel,
        centre: f64,
        trend: &TrendFunctions,
        (trend_start, trend_count): (usize, usize),
    ) -> Self {
        let shifted: Vec<[f64; 3]> = samples.places.iter().map(|p| frame.shift(*p)).collect();
        let searched: Vec<[f64; 3]> = shifted.iter().map(|p| apply(&frame.space, *p)).collect();
        let bins = Bins::new(&searched, 2.0);
        let ids = || bins.id.iter().map(|i| *i as usize);
        let mut functions = vec![0.0; samples.len() * trend_count];
        if trend_count > 0 {
            for (row, i) in functions.chunks_exact_mut(trend_count).zip(ids()) {
                let out = &mut row[trend_start..][..trend.count];
                trend.add(shifted[i], |c| samples.external[c][i], 1.0, out);
            }
        }
        let reduced = (0..kernel.frames.len())
            .map(|f| ids().map(|i| kernel.reduce(f, shifted[i])).collect())
            .collect();
        Self {
            reduced,
            values: ids().map(|i| samples.values[i] - centre).collect(),
            is_noisy: samples.noise.is_some(),
            noise: ids().map(|i| samples.noise.map_or(0.0, |n| n[i])).collect(),
            trend: functions,
            holes: ids().map(|i| samples.holes.map_or(0, |h| h[i])).collect(),
            bins,
        }
    }
}

/// Where coordinates are counted from, and the space of search.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// A corner of the samples' bounding box, so that far origins cost no digits.
    pub origin: [f64; 3],
    pub space: [[f64; 3]; 3],
    /// Largest distance of search, in its space.
    pub reach: f64,
}

impl Frame {
    pub fn shift(&self, place: [f64; 3]) -> [f64; 3] {
        [0, 1, 2].map(|d| place[d] - self.origin[d])
    }
}
