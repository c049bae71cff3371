//! Volumes of a body: from numbers, thickness at points, isopachs, shapes; two surfaces have a file of their own.

use geo_types::MultiPolygon;

use super::belief::Belief;
use super::data::BodyData;
use super::error::EstimateError;
use super::geometry::frustum_volume;
use super::mass::MassFrom;
use super::priors::Priors;
use super::quantity::Basis;
use super::surfaces;
use super::terrain::{DemError, Level};

/// Why a volume cannot be found.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum VolumeError {
    /// An outline that is a line.
    #[error("the outline of {corners} corners encloses no area ({area_m2} m²)")]
    NoArea {
        /// Corners.
        corners: usize,
        /// Area found.
        area_m2: f64,
    },
    /// Thickness of nothing.
    #[error("thickness is {thickness_m} m at ({east}, {north}); a body has some")]
    NoThickness {
        /// East.
        east: f64,
        /// North.
        north: f64,
        /// As given.
        thickness_m: f64,
    },
    /// Lines of equal thickness out of order.
    #[error("isopach {thickness_m} m encloses {area_m2} m²; lines must rise and areas shrink")]
    Isopach {
        /// Thickness.
        thickness_m: f64,
        /// Area.
        area_m2: f64,
    },
    /// An error of a surface that is none.
    #[error("{what} is {value}; it must be a finite number, {rule}")]
    Deviation {
        /// Which number of the plan.
        what: String,
        /// As given.
        value: f64,
        /// What it must be.
        rule: &'static str,
    },
    /// Surfaces that do not fit.
    #[error(transparent)]
    Surface(#[from] DemError),
    /// The old ground cannot be interpolated.
    #[error("the old ground cannot be interpolated: {0}")]
    Ground(String),
}

/// A volume as uncertain numbers and how they make it.
#[derive(Clone, Debug, PartialEq)]
pub struct VolumeFound {
    /// Name, distribution, basis, source of each number.
    pub inputs: Vec<(String, Belief, Basis, String)>,
    /// How they make a volume.
    pub form: Form,
    /// What a reader should doubt.
    pub warnings: Vec<String>,
    /// Area and volume by levels, the lowest first, where two surfaces are known.
    pub levels: Vec<Level>,
}

/// How numbers make a volume.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Form {
    /// The number itself.
    Volume,
    /// Area times thickness.
    Prism,
    /// Lower radius, upper radius, height.
    Frustum,
    /// A volume and errors in cubic metres that add to it.
    Sum,
}

impl VolumeFound {
    /// Cubic metres of drawn numbers.
    pub fn volume(&self, x: &[f64]) -> f64 {
        match self.form {
            Form::Volume => x[0],
            Form::Prism => x[0] * x[1],
            Form::Frustum => {
                let area = |r: f64| std::f64::consts::PI * r * r;
                frustum_volume(area(x[0]), area(x[1]), x[2])
            }
            Form::Sum => x.iter().sum::<f64>().max(0.0),
        }
    }

    /// Median volume of independent numbers.
    pub fn best(&self) -> f64 {
        let medians: Vec<f64> = self.inputs.iter().map(|i| i.1.quantile(0.5)).collect();
        self.volume(&medians)
    }
}

/// The volume that a plan asks for; `None` where mass comes without one.
///
/// # Errors
/// If the data lack what the plan takes or contradict themselves.
pub fn volume(
    mass: &MassFrom,
    data: &BodyData,
    priors: &Priors,
) -> Result<Option<VolumeFound>, EstimateError> {
    let stated = |name: &str, q: &super::quantity::Quantity| {
        (name.to_owned(), q.belief.clone(), q.basis, q.source.clone())
    };
    let found = |inputs, form| VolumeFound { inputs, form, warnings: vec![], levels: vec![] };
    Ok(Some(match mass {
        MassFrom::Stated { .. } | MassFrom::Balance { .. } => return Ok(None),
        MassFrom::Volume { volume_m3, .. } => {
            found(vec![stated("volume", volume_m3)], Form::Volume)
        }
        MassFrom::Area { area_m2, thickness_m, .. } => {
            found(vec![stated("area", area_m2), stated("thickness", thickness_m)], Form::Prism)
        }
        MassFrom::Frustum { lower_radius_m, upper_radius_m, height_m, .. } => found(
            vec![
                stated("lower radius", lower_radius_m),
                stated("upper radius", upper_radius_m),
                stated("height", height_m),
            ],
            Form::Frustum,
        ),
        MassFrom::Isopachs { lines, relative_sd, basis, source, .. } => {
            deviation("relative_sd of the isopachs", *relative_sd)?;
            let volume = isopach_volume(lines)?;
            let belief = normal(volume, relative_sd * volume);
            found(vec![("volume".into(), belief, *basis, source.clone())], Form::Volume)
        }
        MassFrom::Thickness { area_sd, source, .. } => {
            deviation("area_sd", *area_sd)?;
            super::thickness::volume((*area_sd, source), data, priors)?
        }
        MassFrom::Surfaces { top, base, top_error, source, .. } => {
            surfaces::volume((top, base, top_error, source), data)?
        }
    }))
}

/// A deviation is finite and 0 or more; else it would vanish without a word.
fn deviation(what: &str, value: f64) -> Result<(), VolumeError> {
    let (what, rule) = (what.to_owned(), "0 or more");
    let fits = value.is_finite() && value >= 0.0;
    if fits { Ok(()) } else { Err(VolumeError::Deviation { what, value, rule }) }
}

pub(super) fn normal(mean: f64, sd: f64) -> Belief {
    if sd > 0.0 { Belief::Normal { mean, sd, at_least: 0.0 } } else { Belief::Exact(mean) }
}

pub(super) fn outline(data: &BodyData, needs: &str) -> Result<MultiPolygon<f64>, EstimateError> {
    data.outline.clone().ok_or_else(|| EstimateError::Lacking {
        needs: needs.into(),
        lacks: "the body has no outline; import a footprint or state an area".into(),
    })
}

/// V = Σ (tᵢ₊₁ − tᵢ)·(Aᵢ + Aᵢ₊₁ + √(Aᵢ·Aᵢ₊₁))/3 of lines of equal thickness; above the last line a cone as
/// high as half the last step.
///
/// # Errors
/// Lines that do not rise, areas that grow, numbers that are none.
pub fn isopach_volume(lines: &[[f64; 2]]) -> Result<f64, VolumeError> {
    let wrong = |line: &[f64; 2]| VolumeError::Isopach { thickness_m: line[0], area_m2: line[1] };
    if let Some(line) = lines.iter().find(|l| !(l[0] >= 0.0 && l[1] >= 0.0 && l[1].is_finite())) {
        return Err(wrong(line));
    }
    if let Some(pair) = lines.windows(2).find(|w| !(w[1][0] > w[0][0] && w[1][1] <= w[0][1])) {
        return Err(wrong(&pair[1]));
    }
    let [.., before, last] = lines else {
        return Err(wrong(lines.first().unwrap_or(&[0.0, 0.0])));
    };
    let between: f64 =
        lines.windows(2).map(|w| frustum_volume(w[0][1], w[1][1], w[1][0] - w[0][0])).sum();
    Ok(between + last[1] * 0.5 * (last[0] - before[0]) / 3.0 + lines[0][0] * lines[0][1])
}
