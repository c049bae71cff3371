//! Grades of a plan's products, each as a distribution with what it rests on.

use varp_geostat::progress::Progress;

use super::analogue::from_analogues;
use super::belief::Belief;
use super::blocks::{BlockGrades, Blocks};
use super::data::BodyData;
use super::error::EstimateError;
use super::plan::EstimationPlan;
use super::priors::Priors;
use super::product::GradeFrom;
use super::quantity::Basis;
use super::sampled::from_samples;
use super::statement::{QuantityStatement, Sampled};
use super::volume::VolumeFound;

/// A grade as a distribution.
#[derive(Clone, Debug)]
pub(super) struct GradeFound {
    pub belief: Belief,
    pub basis: Basis,
    pub source: String,
    pub warnings: Vec<String>,
    pub assumptions: Vec<String>,
    pub sampled: Option<Sampled>,
    /// Share of contained metal of each step of mining in each realisation.
    pub periods: Vec<Vec<f64>>,
    /// Blocks with shares of the mass, and their grades.
    pub blocks: Option<(Blocks, BlockGrades)>,
}

/// Probabilities of a table of quantiles: 0 to 1 in 200 steps, the ends drawn in.
pub(super) fn probabilities() -> Vec<f64> {
    (0..=200).map(|i| (f64::from(i) / 200.0).clamp(5e-4, 1.0 - 5e-4)).collect()
}

/// Grades of all planned products, in their order.
pub(super) fn grades(
    plan: &EstimationPlan,
    data: &BodyData,
    priors: &Priors,
    volume: Option<&VolumeFound>,
    progress: &Progress<'_>,
) -> Result<Vec<GradeFound>, EstimateError> {
    let one = |(at, product): (usize, &super::product::PlannedProduct)| {
        progress.step(at, plan.products.len()).map_err(|_| EstimateError::Cancelled)?;
        match &product.grade {
            GradeFrom::Stated(q) => Ok(GradeFound {
                belief: q.belief.clone(),
                basis: q.basis,
                source: q.source.clone(),
                warnings: Vec::new(),
                assumptions: Vec::new(),
                sampled: None,
                periods: Vec::new(),
                blocks: None,
            }),
            GradeFrom::Samples(samples) => {
                let seed = plan.seed.wrapping_add(at as u64);
                from_samples((&product.substance, samples), (data, priors, volume), seed, progress)
            }
            GradeFrom::Analogues(analogues) => {
                from_analogues(&product.substance, analogues, &data.analogues)
            }
        }
    };
    plan.products.iter().enumerate().map(one).collect()
}

/// Blocks of all products that share the first one's grid, masses scaled to the best mass.
pub(super) fn blocks(grades: &[GradeFound], statement: &QuantityStatement) -> Option<Blocks> {
    let mut all: Option<Blocks> = None;
    for (blocks, own) in grades.iter().filter_map(|g| g.blocks.as_ref()) {
        match &mut all {
            None => {
                let mut first = blocks.clone();
                first.mass_t.iter_mut().for_each(|m| *m *= statement.mass_t[1]);
                first.products.push(own.clone());
                all = Some(first);
            }
            Some(first) if first.cells == blocks.cells && first.origin == blocks.origin => {
                first.products.push(own.clone());
            }
            Some(_) => {}
        }
    }
    all
}
