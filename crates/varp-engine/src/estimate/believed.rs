//! What the samples say of the mean grade of a body, or of a part of it.

use varp_geostat::regional::{Posterior, Region, Scale as Gaussian};

use super::error::EstimateError;
use super::product::Scale;
use super::sampled::{Prepared, statistics};

/// The body's mean grade as a mixture over what is not known of its continuity.
pub(super) fn posterior(prepared: &Prepared<'_>) -> Result<Posterior, EstimateError> {
    let (nodes, weights) = body_nodes(prepared);
    region_posterior(prepared, (0..prepared.placed.len()).collect(), (&nodes, &weights))
}

/// Points that stand for the body.
pub(super) fn body_nodes(prepared: &Prepared<'_>) -> (Vec<[f64; 3]>, Vec<f64>) {
    let levels = if prepared.flat { 1 } else { 4 };
    prepared.solid.nodes(levels, prepared.plan.vertical)
}

/// Composites and a region of the body.
pub(super) fn region<'a>(
    prepared: &'a Prepared<'_>,
    (places, noise): (&'a [[f64; 3]], Option<&'a [f64]>),
    (nodes, weights): (&'a [[f64; 3]], &'a [f64]),
) -> Region<'a> {
    let cell = [prepared.solid.footprint.cell_m, prepared.solid.thickness_m / 4.0];
    let values = prepared.values.first().map_or(&[][..], Vec::as_slice);
    let slab = slab_m(prepared);
    Region { noise, slab, ..Region::new((places, values), (nodes, weights), cell) }
}

/// Height that a composite stands for: the middle length; whole holes have none.
fn slab_m(prepared: &Prepared<'_>) -> f64 {
    let mut lengths: Vec<f64> = prepared.placed.iter().map(|p| p.length_m).collect();
    lengths.sort_unstable_by(f64::total_cmp);
    if prepared.flat { 0.0 } else { lengths.get(lengths.len() / 2).copied().unwrap_or(0.0) }
}

/// The same for some composites and the nodes of a part.
pub(super) fn region_posterior(
    prepared: &Prepared<'_>,
    rows: Vec<usize>,
    (nodes, weights): (&[[f64; 3]], &[f64]),
) -> Result<Posterior, EstimateError> {
    let places: Vec<[f64; 3]> = rows.iter().map(|i| prepared.placed[*i].place).collect();
    let noise: Option<Vec<f64>> =
        prepared.noise.as_ref().map(|n| rows.iter().map(|i| n[*i]).collect());
    let mut prior = prepared.prior;
    // many samples settle it, and each candidate costs n³
    match places.len() {
        0..=150 => {}
        151..=300 => prior.candidates = 40,
        _ => prior.candidates = 24,
    }
    let scales = scales(prepared.plan.scale);
    let lists: Vec<Vec<f64>> =
        prepared.values.iter().map(|list| rows.iter().map(|i| list[*i]).collect()).collect();
    let part = region(prepared, (&places, noise.as_deref()), (nodes, weights));
    let region = Region { values: &lists[0], ..part };
    let found = region.posterior_of(&lists, &prior, &scales);
    Ok(found.map_err(|e| statistics(prepared.substance, &e))?)
}

pub(super) fn scales(scale: Scale) -> Vec<(Gaussian, f64)> {
    match scale {
        Scale::Weighed => vec![(Gaussian::Log, 0.5), (Gaussian::Linear, 0.5)],
        Scale::Log => vec![(Gaussian::Log, 1.0)],
        Scale::Linear => vec![(Gaussian::Linear, 1.0)],
    }
}

/// The interval of a weighted mean of the composites.
pub(super) fn around(
    prepared: &Prepared<'_>,
    posterior: &Posterior,
    weights: &[f64],
) -> Result<Posterior, EstimateError> {
    let places: Vec<[f64; 3]> = prepared.placed.iter().map(|p| p.place).collect();
    let (nodes, masses) = body_nodes(prepared);
    let region = region(prepared, (&places, prepared.noise.as_deref()), (&nodes, &masses));
    let found = region.around(posterior, &prepared.values, weights);
    Ok(found.map_err(|e| statistics(prepared.substance, &e))?)
}
