//! Volumes of a body: from numbers, thickness at points, isopachs, shapes, or two surfaces.

use geo_types::MultiPolygon;
use varp_geostat::krige::{Kriging, Method, Samples, Search, Targets, Trend};
use varp_geostat::model::{Model, Shape, Structure};
use varp_geostat::progress::Progress;

use super::belief::Belief;
use super::data::BodyData;
use super::error::EstimateError;
use super::geometry::frustum_volume;
use super::mass::{BaseFrom, MassFrom, SurfaceError};
use super::outline::contains;
use super::priors::Priors;
use super::quantity::Basis;
use super::terrain::{Dem, DemError};

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
    let found = |inputs, form| VolumeFound { inputs, form, warnings: Vec::new() };
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
            let volume = isopach_volume(lines)?;
            let belief = normal(volume, relative_sd * volume);
            found(vec![("volume".into(), belief, *basis, source.clone())], Form::Volume)
        }
        MassFrom::Thickness { area_sd, .. } => super::thickness::volume(*area_sd, data, priors)?,
        MassFrom::Surfaces { top, base, top_error, .. } => {
            surfaces_volume((top, base, top_error), data)?
        }
    }))
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

fn surface<'a>(data: &'a BodyData, name: &str) -> Result<&'a Dem, EstimateError> {
    data.surfaces.get(name).ok_or_else(|| EstimateError::Lacking {
        needs: format!("the surface {name}"),
        lacks: match data.surfaces.is_empty() {
            true => "the body has no surfaces".into(),
            false => {
                let names: Vec<&str> = data.surfaces.keys().map(String::as_str).collect();
                format!("its surfaces are {}", names.join(", "))
            }
        },
    })
}

fn surfaces_volume(
    (top, base, top_error): (&str, &BaseFrom, &SurfaceError),
    data: &BodyData,
) -> Result<VolumeFound, EstimateError> {
    let upper = surface(data, top)?;
    let edge = data.outline.as_ref();
    let inside: Vec<([f64; 2], f64)> = upper
        .heights()
        .iter()
        .enumerate()
        .map(|(i, h)| (upper.centre(i), *h))
        .filter(|(at, h)| h.is_finite() && edge.is_none_or(|o| contains(o, *at)))
        .collect();
    let places: Vec<[f64; 2]> = inside.iter().map(|p| p.0).collect();
    let cell = upper.cell_area();
    let mut warnings = Vec::new();
    let (base_heights, base_sd) = match base {
        BaseFrom::Surface { name, error } => {
            let lower = surface(data, name)?;
            super::terrain::fill_between(upper, lower, f64::INFINITY)
                .map_err(VolumeError::Surface)?;
            let heights: Vec<f64> =
                places.iter().map(|p| lower.height_at(*p).unwrap_or(f64::NAN)).collect();
            let sd = mean_error(error, &places) * cell * places.len() as f64;
            (heights, sd)
        }
        BaseFrom::Rim { sd_m, range_m } => ground(data, &places, (0.0, *sd_m, *range_m), cell)?,
        BaseFrom::Soundings { sounding_sd_m, sd_m, range_m } => {
            ground(data, &places, (*sounding_sd_m, *sd_m, *range_m), cell)?
        }
    };
    let thickness: Vec<f64> =
        inside.iter().zip(&base_heights).map(|(t, b)| t.1 - b).filter(|t| t.is_finite()).collect();
    let tolerance = 3.0 * (top_error.sd_m + top_error.offset_sd_m) + 0.5;
    let above = thickness.iter().filter(|t| **t < -tolerance).count();
    if above * 10 > thickness.len() {
        let most_m = thickness.iter().fold(0.0_f64, |m, t| m.max(-t));
        return Err(VolumeError::Surface(DemError::BaseAboveTop { cells: above, most_m }).into());
    }
    if above > 0 {
        warnings.push(format!("the base lies above the top in {above} cells; they count as empty"));
    }
    let volume: f64 = thickness.iter().map(|t| t.max(0.0)).sum::<f64>() * cell;
    let top_sd = mean_error(top_error, &places) * cell * places.len() as f64;
    let error = |sd: f64| match sd > 0.0 {
        true => Belief::Normal { mean: 0.0, sd, at_least: -1e300 },
        false => Belief::Exact(0.0),
    };
    let source = |what: &str| format!("correlated error of the {what}");
    Ok(VolumeFound {
        inputs: vec![
            (
                "volume between the surfaces".into(),
                Belief::Exact(volume),
                Basis::Measured,
                format!("{} cells of {top}", places.len()),
            ),
            ("top surface".into(), error(top_sd), Basis::Measured, source("upper surface")),
            ("base".into(), error(base_sd), Basis::Measured, source("base")),
        ],
        form: Form::Sum,
        warnings,
    })
}

/// Standard deviation of the mean of a correlated error over places:
/// σ² = offset² + sd²·mean of exp(−3h/range) over all pairs (on at most 300 of them).
pub fn mean_error(error: &SurfaceError, places: &[[f64; 2]]) -> f64 {
    let stride = places.len().div_ceil(300).max(1);
    let some: Vec<&[f64; 2]> = places.iter().step_by(stride).collect();
    let n = some.len().max(1) as f64;
    let distance = |a: &[f64; 2], b: &[f64; 2]| (a[0] - b[0]).hypot(a[1] - b[1]);
    let sum: f64 = some
        .iter()
        .flat_map(|a| some.iter().map(move |b| libm::exp(-3.0 * distance(a, b) / error.range_m)))
        .sum();
    (error.offset_sd_m.powi(2) + error.sd_m.powi(2) * sum / (n * n)).sqrt()
}

/// Heights of the old ground at places and the deviation of their sum times `cell`: kriging with a
/// plane as drift from points of the rim and, with `sounding` above 0, from soundings.
fn ground(
    data: &BodyData,
    places: &[[f64; 2]],
    (sounding, sd, range): (f64, f64, f64),
    cell: f64,
) -> Result<(Vec<f64>, f64), EstimateError> {
    let points: Vec<_> = data.ground.iter().filter(|p| sounding > 0.0 || !p.sounded).collect();
    if points.len() < 4 {
        return Err(EstimateError::Lacking {
            needs: "the old ground from points".into(),
            lacks: format!("{} points are known, and a plane needs four", points.len()),
        });
    }
    let at: Vec<[f64; 3]> = points.iter().map(|p| [p.at[0], p.at[1], 0.0]).collect();
    let heights: Vec<f64> = points.iter().map(|p| p.height_m).collect();
    let noise: Vec<f64> = points
        .iter()
        .map(|p| if p.sounded { sounding * sounding } else { 1e-4 * sd * sd })
        .collect();
    let fail = |e: String| EstimateError::Shape(VolumeError::Ground(e));
    let structure = Structure::isotropic(sd * sd, Shape::Exponential, range / 3.0);
    let model = Model::new(0.0, vec![structure]).map_err(|e| fail(e.to_string()))?;
    let kriging =
        Kriging { model, method: Method::Universal(Trend::linear(2)), search: Search::Global };
    let samples = Samples::new(&at, &heights).with_noise(&noise);
    let fitted = kriging.fit(&samples).map_err(|e| fail(e.to_string()))?;
    let targets: Vec<[f64; 3]> = places.iter().map(|p| [p[0], p[1], 0.0]).collect();
    let each = fitted
        .predict(&Targets::points(&targets), &Progress::none())
        .map_err(|e| fail(e.to_string()))?;
    let stride = targets.len().div_ceil(400).max(1);
    let some = [targets.iter().step_by(stride).copied().collect::<Vec<_>>()];
    let whole = fitted
        .predict(&Targets::areas(&some), &Progress::none())
        .map_err(|e| fail(e.to_string()))?;
    Ok((each.estimate, whole.variance[0].sqrt() * cell * places.len() as f64))
}
