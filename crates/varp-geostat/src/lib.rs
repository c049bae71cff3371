//! Fast, exact geostatistics: variograms, kriging, simulation, declustering, change of support.
//!
//! Takes slices of `f64` and returns numbers: no units, no files. Coordinates are `[x, y, z]` with
//! x east, y north, z up; data in one or two dimensions leave the rest at 0.
//!
//! # From samples to a map
//!
//! ```
//! use varp_geostat::fit::{FitPlan, fit};
//! use varp_geostat::krige::{Grid, Kriging, Samples, Targets};
//! use varp_geostat::model::Shape;
//! use varp_geostat::progress::Progress;
//! use varp_geostat::validate::leave_one_out;
//! use varp_geostat::variogram::{Lags, Plan, variogram};
//!
//! let places: Vec<[f64; 3]> =
//!     (0..200).map(|i| [f64::from(i * 37 % 101), f64::from(i * 59 % 97), 0.0]).collect();
//! let grades: Vec<f64> =
//!     places.iter().map(|p| (p[0] / 15.0).sin() + (p[1] / 20.0).cos()).collect();
//!
//! // how alike are near samples, and a model of it
//! let plan = Plan::omnidirectional(Lags::Regular { width: 5.0, count: 10 });
//! let experimental = variogram(&places, &grades, &plan)?;
//! let model = fit(&experimental, &FitPlan::isotropic(vec![Shape::Spherical]))?.model;
//!
//! // a grid of estimates with their variances, each from its 24 nearest samples
//! let fitted = Kriging::ordinary(model, 24).fit(&Samples::new(&places, &grades))?;
//! let grid = Grid { origin: [0.0; 3], step: [1.0; 3], count: [100, 97, 1] };
//! let map = fitted.predict(&Targets::grid(grid), &Progress::none())?;
//! assert_eq!(map.estimate.len(), 9700);
//!
//! // and how good they are
//! let check = leave_one_out(&fitted, &Progress::none())?.statistics().unwrap();
//! assert!(check.correlation > 0.9);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Models can be written down: `"0.05 nug + 0.6 sph(120, 72, 30; azimuth=40, dip=-20, plunge=0)"`
//! parses to a [`model::Model`] and prints back; a range that could be read in two ways is refused
//! with both readings.
//!
//! # What there is
//!
//! | module | holds |
//! |---|---|
//! | [`variogram`] | experimental variograms and cross-variograms in any direction, seven estimators, maps |
//! | [`model`] | nested structures with ellipsoids, linear models of coregionalisation, their text |
//! | [`fit`] | weighted least squares in all directions at once, several starts, standard errors, choice by Akaike's criterion |
//! | [`krige`] | simple, ordinary, universal, external drift; points, blocks, polygons; moving, shared and global neighbourhoods; co-kriging, indicators |
//! | [`validate`] | leave one out (one inverse where all samples count), folds, statistics |
//! | [`simulate`] | sequential Gaussian and indicator simulation, circulant embedding, co-simulation, values known by bounds, grade and tonnage, production errors, drill spacings |
//! | [`decluster`] | cells, polygons, kriging weights |
//! | [`transform`] | normal scores with tails, Hermite polynomials, change of support |
//! | [`stats`], [`compositional`] | robust and censored statistics, quantile plots, trends, log-ratios |
//! | [`warning`] | what is legal and yet likely a mistake, with its numbers |
//!
//! # What always holds
//!
//! - Numbers equal those of R gstat, GSLIB and gstlearn as far as these agree with each other; each
//!   comparison is a test with a stated tolerance.
//! - The same bytes for any number of threads on one kind of processor: targets run in parallel,
//!   sums do not, and random numbers are keyed by seed, node and realisation.
//! - Memory is that of the result: a global neighbourhood never builds a matrix of samples by
//!   targets.
//! - Eight systems are solved at once in one register of AVX-512 or two of AVX2, chosen when the
//!   program runs; plain stable Rust otherwise.
//! - A fault is an error with its numbers, never a silent NaN: two samples at one place, samples on
//!   a line under a linear trend, an empty search, a singular system. A target without an estimate
//!   says why in [`krige::Outcome`].
//! - Everything long takes a [`progress::Progress`], which reports and cancels.

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
pub mod resolution;
pub mod search;
pub mod simulate;
pub mod stats;
pub mod transform;
pub mod validate;
pub mod variogram;
pub mod warning;
