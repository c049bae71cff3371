//! Fast, exact geostatistics: variograms, kriging, simulation, declustering, change of support.
//!
//! Takes slices of `f64` and returns numbers: no units, no files. Coordinates are `[x, y, z]` with
//! x east, y north, z up; data in one or two dimensions leave the rest at 0.

// Lane loops index several arrays alike; iterators would hide it, and be compiled worse.
#![allow(clippy::needless_range_loop)]

pub mod compositional;
pub mod decluster;
pub mod error;
pub mod fit;
mod kernel;
pub mod krige;
pub mod linalg;
pub mod model;
pub mod progress;
pub mod random;
pub mod regional;
pub mod search;
pub mod simulate;
pub mod stats;
pub mod transform;
pub mod validate;
pub mod variogram;
