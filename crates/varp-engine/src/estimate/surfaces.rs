//! The volume between two surfaces, and how it fills level by level: a height model over a base that is
//! another one, or the old ground interpolated from the rim, or from the rim and soundings.

use geo_types::MultiPolygon;
use varp_geostat::krige::{Kriging, Method, Samples, Search, Targets, Trend};
use varp_geostat::model::{Model, Shape, Structure};
use varp_geostat::progress::Progress;

use super::belief::Belief;
use super::data::{BodyData, GroundPoint};
use super::error::EstimateError;
use super::mass::{BaseFrom, SurfaceError};
use super::outline::contains;
use super::quantity::Basis;
use super::rim::rim;
use super::terrain::{Dem, DemError, levels_between};
use super::volume::{Form, VolumeError, VolumeFound};

/// Steps of the curve of levels.
const LEVELS: usize = 10;

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

/// A fill thinner than this in the mean, metres, is none.
const LEAST_MEAN_M: f64 = 0.01;

/// Cells of the upper surface inside the outline.
struct Fill<'a> {
    top: (&'a str, &'a Dem),
    data: &'a BodyData,
    places: Vec<[f64; 2]>,
    heights: Vec<f64>,
    warnings: Vec<String>,
}

/// The fill between two surfaces inside the outline, with the errors of both.
///
/// # Errors
/// If a surface is not there, or the base lies above the top.
pub(super) fn volume(
    (top, base, top_error, said): (&str, &BaseFrom, &SurfaceError, &str),
    data: &BodyData,
) -> Result<VolumeFound, EstimateError> {
    check_errors(base, top_error)?;
    let mut fill = Fill::of(top, data)?;
    let (base_heights, base_sd) = fill.base(base)?;
    let columns = fill.columns(&base_heights)?;
    fill.check(&columns, 3.0 * (top_error.sd_m + top_error.offset_sd_m) + 0.5)?;
    let cell = fill.top.1.cell_area();
    let volume: f64 = columns.iter().map(|(base, top)| (top - base).max(0.0)).sum::<f64>() * cell;
    let top_sd = mean_error(top_error, &fill.places) * cell * fill.places.len() as f64;
    let error = |sd: f64| match sd > 0.0 {
        true => Belief::Normal { mean: 0.0, sd, at_least: -1e300 },
        false => Belief::Exact(0.0),
    };
    let source = |what: &str| format!("correlated error of the {what}");
    let mut cells = format!("{} cells of {top}", fill.places.len());
    if !said.is_empty() {
        cells = format!("{cells}; {said}");
    }
    Ok(VolumeFound {
        inputs: vec![
            ("volume between the surfaces".into(), Belief::Exact(volume), Basis::Measured, cells),
            ("top surface".into(), error(top_sd), Basis::Measured, source("upper surface")),
            ("base".into(), error(base_sd), Basis::Measured, source("base")),
        ],
        form: Form::Sum,
        warnings: fill.warnings,
        levels: levels_between(&columns, LEVELS, cell),
    })
}

/// Deviations are 0 or more, ranges above 0; else an error would vanish without a word.
fn check_errors(base: &BaseFrom, top_error: &SurfaceError) -> Result<(), VolumeError> {
    let of = |whose: &str, error: &SurfaceError| {
        [
            (format!("offset_sd_m of {whose}"), error.offset_sd_m, false),
            (format!("sd_m of {whose}"), error.sd_m, false),
            (format!("range_m of {whose}"), error.range_m, true),
        ]
    };
    let mut all = of("the upper surface", top_error).to_vec();
    let mut say =
        |what: &str, value, above| all.push((format!("{what} of the base"), value, above));
    match base {
        BaseFrom::Surface { name, error } => all.extend(of(name, error)),
        BaseFrom::Rim { sd_m, range_m } => {
            say("sd_m", *sd_m, true);
            say("range_m", *range_m, true);
        }
        BaseFrom::Soundings { sounding_sd_m, sd_m, range_m } => {
            say("sounding_sd_m", *sounding_sd_m, false);
            say("sd_m", *sd_m, true);
            say("range_m", *range_m, true);
        }
    }
    let wrong = |(_, value, above): &(String, f64, bool)| {
        !(value.is_finite() && *value >= 0.0 && (!above || *value > 0.0))
    };
    match all.into_iter().find(wrong) {
        None => Ok(()),
        Some((what, value, above)) => {
            let rule = if above { "above 0" } else { "0 or more" };
            Err(VolumeError::Deviation { what, value, rule })
        }
    }
}

impl<'a> Fill<'a> {
    fn of(top: &'a str, data: &'a BodyData) -> Result<Self, EstimateError> {
        let upper = surface(data, top)?;
        let edge = data.outline.as_ref();
        let (places, heights) = upper
            .heights()
            .iter()
            .enumerate()
            .map(|(i, h)| (upper.centre(i), *h))
            .filter(|(at, h)| h.is_finite() && edge.is_none_or(|o| contains(o, *at)))
            .unzip();
        Ok(Self { top: (top, upper), data, places, heights, warnings: Vec::new() })
    }

    /// Heights of the base at the cells, and the deviation of its volume.
    fn base(&mut self, base: &BaseFrom) -> Result<(Vec<f64>, f64), EstimateError> {
        let cell = self.top.1.cell_area();
        match base {
            BaseFrom::Surface { name, error } => {
                let sd = mean_error(error, &self.places) * cell * self.places.len() as f64;
                Ok((self.second(name)?, sd))
            }
            BaseFrom::Rim { sd_m, range_m } => {
                let points = ground_points(self.top, self.data, false)?;
                ground(&points, &self.places, (0.0, *sd_m, *range_m), cell)
            }
            BaseFrom::Soundings { sounding_sd_m, sd_m, range_m } => {
                let points = ground_points(self.top, self.data, true)?;
                ground(&points, &self.places, (*sounding_sd_m, *sd_m, *range_m), cell)
            }
        }
    }

    /// Heights of a second surface; those between its cells where they are not those of the first.
    fn second(&mut self, name: &str) -> Result<Vec<f64>, EstimateError> {
        let lower = surface(self.data, name)?;
        let at: fn(&Dem, [f64; 2]) -> Option<f64> = match self.top.1.same_cells(lower) {
            Ok(()) => Dem::height_at,
            Err(different) => {
                let top = self.top.0;
                self.warnings.push(format!(
                    "{name} and {top} have different cells ({}): heights of {name} are interpolated to the \
                     cells of {top}",
                    different.difference()
                ));
                Dem::height_between
            }
        };
        Ok(self.places.iter().map(|p| at(lower, *p).unwrap_or(f64::NAN)).collect())
    }

    /// Base and top of the cells where both are known, with what is not covered.
    fn columns(&mut self, base: &[f64]) -> Result<Vec<(f64, f64)>, EstimateError> {
        let both = base.iter().copied().zip(self.heights.iter().copied());
        let columns: Vec<(f64, f64)> = both.filter(|(base, _)| base.is_finite()).collect();
        let (top, count) = (self.top.0, self.places.len());
        if columns.is_empty() {
            return Err(EstimateError::Lacking {
                needs: format!("the fill between {top} and its base"),
                lacks: match count {
                    0 => format!("no cell of {top} lies inside the outline: is it of this place?"),
                    _ => "the base has no height anywhere below it".into(),
                },
            });
        }
        if columns.len() < count {
            self.warnings.push(format!(
                "{} of {count} cells have no height of the base and are left out of the volume",
                count - columns.len()
            ));
        }
        let whole = self.data.outline.as_ref().map_or(0.0, super::geometry::polygon_area);
        let covered = count as f64 * self.top.1.cell_area();
        if covered < 0.95 * whole {
            self.warnings.push(format!(
                "{top} covers {:.0} % of the outline; the rest is not in the volume",
                100.0 * covered / whole
            ));
        }
        Ok(columns)
    }

    /// A base above the top in a tenth of the cells is refused, in fewer told; so is a fill of no thickness.
    fn check(&mut self, columns: &[(f64, f64)], tolerance_m: f64) -> Result<(), EstimateError> {
        let over = columns.iter().map(|(base, top)| base - top);
        let cells = over.clone().filter(|t| *t > tolerance_m).count();
        if cells * 10 > columns.len() {
            let most_m = over.fold(0.0_f64, f64::max);
            return Err(VolumeError::Surface(DemError::BaseAboveTop { cells, most_m }).into());
        }
        if cells > 0 {
            self.warnings
                .push(format!("the base lies above the top in {cells} cells; they count as empty"));
        }
        let filled: f64 = columns.iter().map(|(base, top)| (top - base).max(0.0)).sum();
        let mean_m = filled / columns.len() as f64;
        if mean_m < LEAST_MEAN_M {
            let top = self.top.0;
            return Err(EstimateError::Lacking {
                needs: format!("the fill between {top} and its base"),
                lacks: format!(
                    "{top} lies {mean_m:.4} m above the base in the mean: is it the surface of today?"
                ),
            });
        }
        Ok(())
    }
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

/// What is known of the old ground: the rim that was measured, else that of the surface; with `sounded`
/// also soundings and holes that reached the base.
fn ground_points(
    (name, upper): (&str, &Dem),
    data: &BodyData,
    sounded: bool,
) -> Result<Vec<GroundPoint>, EstimateError> {
    let mut points: Vec<GroundPoint> = data.ground.iter().filter(|p| !p.sounded).copied().collect();
    if points.is_empty() {
        let outline: &MultiPolygon<f64> =
            data.outline.as_ref().ok_or_else(|| EstimateError::Lacking {
                needs: format!("the rim of the body in {name}"),
                lacks: "the body has no outline; import a footprint, or give points of the rim"
                    .into(),
            })?;
        points = rim(upper, outline);
    }
    if sounded {
        points.extend(data.ground.iter().filter(|p| p.sounded));
        let through = data.holes.iter().filter(|h| h.reached_base == Some(true));
        points.extend(through.filter_map(|hole| {
            let [east, north, _] = hole.collar?;
            let at = [east, north];
            let height_m = upper.height_between(at)? - hole.depth_m?;
            Some(GroundPoint { at, height_m, sounded: true })
        }));
    }
    Ok(points)
}

/// Heights of the old ground at places and the deviation of their sum times `cell`: kriging with a
/// plane as drift from points of the rim and of soundings, whose own deviation is `sounding`.
fn ground(
    points: &[GroundPoint],
    places: &[[f64; 2]],
    (sounding, sd, range): (f64, f64, f64),
    cell: f64,
) -> Result<(Vec<f64>, f64), EstimateError> {
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
