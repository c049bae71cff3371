//! From samples and settings to a system that can be solved.

use super::samples::{Frame, SampleSet, Samples};
use super::system::{FRAMES, System};
use super::trend::TrendFunctions;
use super::{Method, Search};
use crate::error::KrigingError;
use crate::kernel::Kernel;
use crate::model::{Coregionalisation, Ellipsoid, squared_norm};
use crate::search::bounds;

/// Checks samples and settings and brings them into shape.
pub(crate) fn prepare(
    model: &Coregionalisation,
    method: &Method,
    search: &Search,
    samples: &[Samples<'_>],
) -> Result<System, KrigingError> {
    let known_mean = matches!(method, Method::Simple { .. });
    if known_mean && !model.is_stationary() {
        return Err(KrigingError::NoSill { method: "simple kriging" });
    }
    if model.variables() != samples.len() {
        return Err(KrigingError::Variables { model: model.variables(), samples: samples.len() });
    }
    let (space, reach) = match search {
        Search::Moving(rules) => {
            rules.check()?;
            if rules.max_per_hole.is_some() && samples.iter().any(|s| s.holes.is_none()) {
                return Err(KrigingError::NoHoles);
            }
            rules.space()
        }
        Search::Shared { samples: 0, .. } => {
            return Err(KrigingError::Search { min_samples: 1, max_samples: 0 });
        }
        _ => (Ellipsoid::ball(1.0).reduction(), f64::INFINITY),
    };
    samples.iter().try_for_each(Samples::check)?;
    let places: Vec<[f64; 3]> = samples.iter().flat_map(|s| s.places).copied().collect();
    let (origin, high) = bounds(&places);
    let frame = Frame { origin, space, reach };
    let shifted: Vec<[f64; 3]> = places.iter().map(|p| frame.shift(*p)).collect();
    let trend = TrendFunctions::new(method, &shifted, samples.first().map_or(&[], |s| s.external))?;
    let needed = trend.count.max(1);
    if let (Method::Ordinary, Some(1)) = (method, samples.first().map(Samples::len)) {
        // An unknown mean of one sample is that sample, everywhere.
        return Err(KrigingError::TooFewSamples { found: 1, needed: 2 });
    }
    if let Some(s) = samples.iter().find(|s| s.len() < needed) {
        return Err(KrigingError::TooFewSamples { found: s.len(), needed });
    }
    let extent = squared_norm([0, 1, 2].map(|d| high[d] - origin[d])).sqrt();
    let kernel = Kernel::new(model, extent);
    if kernel.frames.len() > FRAMES {
        return Err(KrigingError::Ellipsoids { found: kernel.frames.len(), most: FRAMES });
    }
    let centres: Vec<f64> = samples
        .iter()
        .map(|s| match method {
            Method::Simple { mean } => *mean,
            _ => s.values.iter().sum::<f64>() / s.len() as f64,
        })
        .collect();
    let trend_count = trend.count * samples.len();
    let sets = samples.iter().enumerate().map(|(v, s)| {
        SampleSet::new(s, &frame, &kernel, centres[v], &trend, (v * trend.count, trend_count))
    });
    let sets = sets.collect();
    Ok(System { sets, kernel, frame, centres, trend, trend_count, touch: 1e-12 * extent })
}
