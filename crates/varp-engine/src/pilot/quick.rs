//! A study of a body in numbers without places: what a portfolio needs of hundreds of bodies.
//!
//! The body is a square of its area cut into n equal cells with a hole in the middle of each; the
//! variance of the mean is σ²_E(cell)/n, errors of cells taken as independent (Journel &
//! Huijbregts 1978, §V.C.3). The sheet of a body places its holes and is more exact.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

use super::cost::{Amounts, CostLine, estimate};
use super::polygon::Point;
use super::request::usual_variogram;
use super::spatial::{Area, Structure, Variogram, relative_half_width};
use crate::profile::{Knowledge, Profile};
use crate::quality::USUAL_INSERTIONS;
use crate::rank::criteria::Level;

/// Cells along the side of a square.
const SIDE: usize = 8;
/// Holes beyond which no study is proposed.
const MOST: usize = 200;

/// A study in short.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuickStudy {
    /// Holes.
    pub holes: usize,
    /// Metres.
    pub metres: f64,
    /// Relative half-width of the mean grade at the confidence.
    pub half_width: f64,
    /// €.
    pub cost: f64,
    /// Low end, €.
    pub cost_low: f64,
    /// High end, €.
    pub cost_high: f64,
}

/// A level-2 study that brings the mean grade within `half_width` at `confidence`; `None` where
/// the body has neither area nor mass.
pub fn quick_study(
    profile: &Profile,
    known: &Knowledge,
    costs: &[CostLine],
    half_width: f64,
    confidence: f64,
) -> Option<QuickStudy> {
    let size = &profile.size;
    let thickness = size.thickness_m.best;
    let area = match (&size.area_m2, &size.mass_t) {
        (Some(area), _) => area.best,
        (None, Some(mass)) => mass.best / size.density.best / thickness,
        (None, None) => return None,
    };
    let variation = profile.hole_variation.best;
    let (range, nugget) = usual_variogram(area.sqrt(), known);
    let variogram = Variogram { structure: Structure::Spherical, nugget, range };
    let reached = |n: usize| {
        let side = (area / n as f64).sqrt();
        let cell = Area::new(square(side), variogram);
        let variance = cell.extension_variance(&[(side / 2.0, side / 2.0)]) / n as f64;
        relative_half_width(variation, variance.max(0.0), confidence)
    };
    let usual = |item: &str| known.usual_of_study(item);
    let fewest = usual("fewest holes per stratum") as usize;
    // more holes are never less precise, so halving finds the fewest
    let (mut holes, mut enough) = (fewest, MOST);
    while holes < enough {
        let middle = (holes + enough) / 2;
        if reached(middle) <= half_width { enough = middle } else { holes = middle + 1 }
    }
    let depth = thickness + 1.0;
    let metres = holes as f64 * depth;
    let samples = USUAL_INSERTIONS.counts(holes * (depth - 1e-9).ceil() as usize);
    let amounts = Amounts {
        strata: 1,
        holes,
        metres,
        analyses: samples.analyses(),
        umpire: samples.umpire,
        composites: usual("composites for tests per stratum") as usize,
        days: (metres / usual("metres drilled in a day")).ceil() as usize + 1,
        persons: usual("persons in the field") as usize,
    };
    let auger = BTreeSet::from(["auger".to_owned()]);
    let cost = estimate(costs, &auger, Level::L2, &amounts, usual("contingency of its costs"));
    Some(QuickStudy {
        holes,
        metres,
        half_width: reached(holes),
        cost: cost.best,
        cost_low: cost.low,
        cost_high: cost.high,
    })
}

fn square(side: f64) -> Vec<Point> {
    let step = side / SIDE as f64;
    let at = |k: usize| (k as f64 + 0.5) * step;
    (0..SIDE * SIDE).map(|k| (at(k % SIDE), at(k / SIDE))).collect()
}
