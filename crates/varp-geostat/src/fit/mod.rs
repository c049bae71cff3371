//! Models from experimental variograms: weighted least squares in all directions at once.
//!
//! Ranges, ratios and angles are searched; for each of them the sills are the exact non-negative
//! least-squares solution (variable projection: Golub & Pereyra 1973), so that the search has few
//! dimensions and no start values for sills.

mod coregionalisation;
mod least_squares;
mod search;

pub use coregionalisation::fit_coregionalisation;

use crate::error::FitError;
use crate::model::{Ellipsoid, Model, Rotation, Shape, Structure};
use crate::variogram::Variogram;
use least_squares::{non_negative, parameter_covariance};
use search::{Space, minimise};

/// Weight of a lag class with N pairs at distance h.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weights {
    /// N/h², gstat's default (its method 7).
    PairsByDistance,
    /// N (gstat's method 1).
    Pairs,
    /// N/γ(h)² of the model itself, by repeated fits until the ranges stand still (Cressie 1985).
    PairsByModel,
    /// All alike (gstat's method 6).
    Equal,
}

/// How ranges may differ by direction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Anisotropy {
    /// One range.
    None,
    /// Two ranges in the horizontal plane and an azimuth, the same azimuth for all structures.
    Horizontal,
    /// Three ranges and three angles, the same angles for all structures.
    Full,
    /// Ranges in given directions.
    Fixed(Rotation),
}

/// What to fit.
#[derive(Debug, Clone, PartialEq)]
pub struct FitPlan {
    /// Shapes of the structures, one for each; their parameters are kept.
    pub shapes: Vec<Shape>,
    /// Whether a nugget is fitted.
    pub nugget: bool,
    /// Weights of lag classes.
    pub weights: Weights,
    /// Differences between directions.
    pub anisotropy: Anisotropy,
    /// Smallest and largest range; `None` takes a tenth of the smallest to five times the largest
    /// distance.
    pub ranges: Option<(f64, f64)>,
}

impl FitPlan {
    /// A nugget and isotropic structures, weights N/h².
    pub fn isotropic(shapes: Vec<Shape>) -> Self {
        Self {
            shapes,
            nugget: true,
            weights: Weights::PairsByDistance,
            anisotropy: Anisotropy::None,
            ranges: None,
        }
    }
}

/// A fitted model and how well it is known.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedModel {
    /// The model.
    pub model: Model,
    /// Σ weight · (experimental − model)².
    pub weighted_squares: f64,
    /// Lag classes used.
    pub lags: usize,
    /// Number of fitted parameters, nugget and sills included.
    pub parameters: usize,
    /// Akaike's criterion for least squares with the correction for few classes:
    /// `n ln(SSE/n) + 2p + 2p(p + 1)/(n − p − 1)`, with p counting the error variance. Smaller is
    /// better. Classes are taken as independent, which they are not: use it to compare only.
    pub criterion: f64,
    /// Names of the parameters of `covariance`.
    pub names: Vec<String>,
    /// Covariance matrix of the parameters, row-major: `SSE/(n − p) · (JᵀWJ)⁻¹`; parameters at a
    /// bound have zero rows.
    pub covariance: Vec<f64>,
}

/// One lag class of one direction.
pub(crate) struct Class {
    /// Unit direction times mean distance; `None` for all directions alike.
    axis: Option<[f64; 3]>,
    distance: f64,
    gamma: f64,
    pairs: f64,
}

/// Fits nugget and structures to variograms of any directions together.
pub fn fit(variograms: &[Variogram], plan: &FitPlan) -> Result<FittedModel, FitError> {
    if plan.shapes.is_empty() && !plan.nugget {
        return Err(FitError::NoStructure);
    }
    plan.shapes.iter().try_for_each(Shape::check)?;
    let classes = classes_of(variograms)?;
    if classes.is_empty() {
        let parameters = plan.shapes.len() + usize::from(plan.nugget);
        return Err(FitError::TooFewLags { lags: 0, parameters });
    }
    let space = Space::new(plan, &classes)?;
    let parameters = space.dimensions() + plan.shapes.len() + usize::from(plan.nugget);
    if classes.len() <= parameters {
        return Err(FitError::TooFewLags { lags: classes.len(), parameters });
    }
    let mut weights = initial_weights(&classes, plan.weights);
    let mut best = solve(&space, &classes, &weights, plan);
    if plan.weights == Weights::PairsByModel {
        for _ in 0..100 {
            let previous = best.0.clone();
            let model = space.model(&best.0, &best.1, plan)?;
            for (w, c) in weights.iter_mut().zip(&classes) {
                *w = c.pairs / mean_semivariance(&model, c).powi(2);
            }
            best = solve(&space, &classes, &weights, plan);
            let still = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-10 * b.abs();
            if best.0.iter().zip(&previous).all(still) {
                break;
            }
        }
    }
    finish(&space, &classes, &weights, plan, best, parameters)
}

/// Fits one to `most` structures of every shape in `shapes` and keeps the smallest criterion.
///
/// Returns all candidates, best first; ones that cannot be fitted are left out.
pub fn choose(
    variograms: &[Variogram],
    shapes: &[Shape],
    most: usize,
    plan: &FitPlan,
) -> Result<Vec<FittedModel>, FitError> {
    let mut lists: Vec<Vec<Shape>> = vec![Vec::new()];
    let mut found = Vec::new();
    let mut refused = FitError::NoStructure;
    for _ in 0..most {
        // Combinations with repetition: shapes in the order given.
        lists = lists
            .iter()
            .flat_map(|list| {
                let from =
                    list.last().and_then(|l| shapes.iter().position(|s| s == l)).unwrap_or(0);
                shapes[from..].iter().map(|s| [list.as_slice(), &[*s]].concat())
            })
            .collect();
        for list in &lists {
            match fit(variograms, &FitPlan { shapes: list.clone(), ..plan.clone() }) {
                Ok(fitted) => found.push(fitted),
                Err(error) => refused = error,
            }
        }
    }
    found.sort_by(|a, b| a.criterion.total_cmp(&b.criterion));
    if found.is_empty() { Err(refused) } else { Ok(found) }
}

pub(crate) fn classes_of(variograms: &[Variogram]) -> Result<Vec<Class>, FitError> {
    let mut classes = Vec::new();
    for v in variograms {
        let any = v.direction.tolerance >= 90.0 && v.direction.bandwidth.is_none();
        for c in (0..v.pairs.len()).filter(|c| v.pairs[*c] > 0 && v.distance[*c] > 0.0) {
            if !v.gamma[c].is_finite() {
                return Err(FitError::NotFinite { class: c, value: v.gamma[c] });
            }
            classes.push(Class {
                axis: (!any).then(|| v.direction.axis()),
                distance: v.distance[c],
                gamma: v.gamma[c],
                pairs: v.pairs[c] as f64,
            });
        }
    }
    if !classes.is_empty() && classes.iter().all(|c| c.gamma == 0.0) {
        let pairs = classes.iter().map(|c| c.pairs as u64).sum();
        return Err(FitError::Flat { classes: classes.len(), pairs });
    }
    Ok(classes)
}

pub(crate) fn initial_weights(classes: &[Class], weights: Weights) -> Vec<f64> {
    let one = |c: &Class| match weights {
        Weights::PairsByDistance => c.pairs / (c.distance * c.distance),
        Weights::Pairs => c.pairs,
        Weights::PairsByModel => c.pairs / (c.gamma * c.gamma).max(1e-300),
        Weights::Equal => 1.0,
    };
    classes.iter().map(one).collect()
}

/// Semivariance of a model in the middle of a class; without direction, along the major axis.
fn mean_semivariance(model: &Model, class: &Class) -> f64 {
    let axis = class.axis.unwrap_or_else(|| {
        model.structures().first().map_or([0.0, 1.0, 0.0], |s| s.ellipsoid.rotation.axes()[0])
    });
    model.semivariance(axis.map(|x| x * class.distance))
}

/// Columns of the linear problem: 1 for the nugget, `1 − ρ` for each structure.
pub(crate) fn design(structures: &[Structure], nugget: bool, classes: &[Class]) -> Vec<Vec<f64>> {
    let mut columns = Vec::new();
    if nugget {
        columns.push(vec![1.0; classes.len()]);
    }
    for s in structures {
        let unit = Structure { sill: 1.0, ..*s };
        let column = classes.iter().map(|c| {
            let axis = c.axis.unwrap_or_else(|| unit.ellipsoid.rotation.axes()[0]);
            let rho = unit.shape.correlation(unit.ellipsoid.distance(axis.map(|x| x * c.distance)));
            if unit.shape.is_stationary() { 1.0 - rho } else { -rho }
        });
        columns.push(column.collect());
    }
    columns
}

/// Best point of the search, its sills and its weighted squares.
fn solve(
    space: &Space,
    classes: &[Class],
    weights: &[f64],
    plan: &FitPlan,
) -> (Vec<f64>, Vec<f64>, f64) {
    let gamma: Vec<f64> = classes.iter().map(|c| c.gamma).collect();
    let value = |point: &[f64]| {
        let columns = design(&space.structures(point, plan), plan.nugget, classes);
        non_negative(&columns, &gamma, weights)
    };
    let best = minimise(space, &|point| value(point).1);
    let (sills, squares) = value(&best);
    (best, sills, squares)
}

fn finish(
    space: &Space,
    classes: &[Class],
    weights: &[f64],
    plan: &FitPlan,
    (point, sills, squares): (Vec<f64>, Vec<f64>, f64),
    parameters: usize,
) -> Result<FittedModel, FitError> {
    let model = space.model(&point, &sills, plan)?;
    let (n, p) = (classes.len() as f64, parameters as f64 + 1.0);
    let small = if n > p + 1.0 { 2.0 * p * (p + 1.0) / (n - p - 1.0) } else { f64::INFINITY };
    let criterion = n * libm::log((squares / n).max(1e-300)) + 2.0 * p + small;
    let predict = |all: &[f64]| -> Vec<f64> {
        let (point, sills) = all.split_at(point.len());
        let columns = design(&space.structures(point, plan), plan.nugget, classes);
        (0..classes.len()).map(|i| columns.iter().zip(sills).map(|(c, s)| c[i] * s).sum()).collect()
    };
    let all: Vec<f64> = point.iter().chain(&sills).copied().collect();
    let free: Vec<bool> =
        space.inside(&point).into_iter().chain(sills.iter().map(|s| *s > 0.0)).collect();
    let degrees = (classes.len() - parameters).max(1) as f64;
    let covariance = parameter_covariance(&predict, &all, &free, weights, squares / degrees);
    let mut names = space.names();
    names.extend(plan.nugget.then(|| "nugget".to_string()));
    names.extend((1..=plan.shapes.len()).map(|i| format!("sill {i}")));
    Ok(FittedModel {
        model,
        weighted_squares: squares,
        lags: classes.len(),
        parameters,
        criterion,
        names,
        covariance,
    })
}

impl Space {
    /// The checked model at a point with its sills (nugget first, if any).
    fn model(&self, point: &[f64], sills: &[f64], plan: &FitPlan) -> Result<Model, FitError> {
        let mut structures = self.structures(point, plan);
        let (nugget, rest) = if plan.nugget { (sills[0], &sills[1..]) } else { (0.0, sills) };
        structures.iter_mut().zip(rest).for_each(|(s, sill)| s.sill = *sill);
        // A structure without a sill says nothing, unless nothing else is left.
        if nugget + rest.iter().sum::<f64>() > 0.0 {
            structures.retain(|s| s.sill > 0.0);
        }
        Ok(Model::new(nugget, structures)?)
    }
}

/// Ellipsoid of ranges and rotation, radii in the order of the axes.
fn ellipsoid(radii: [f64; 3], rotation: Rotation) -> Ellipsoid {
    Ellipsoid { radii, rotation }
}
