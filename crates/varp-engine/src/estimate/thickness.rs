//! Thickness of a body from holes and soundings: a hole that stopped short of the base tells the least that
//! it can be.

use varp_geostat::regional::{ContinuityPrior, Known, Limited, Region, Scale};
use varp_geostat::stats::StatsError;

use super::belief::Belief;
use super::data::{BodyData, HoleData};
use super::error::EstimateError;
use super::outline::{contains, footprint, rim_distance};
use super::priors::{Priors, Support};
use super::quantity::Basis;
use super::volume::{Form, VolumeError, VolumeFound, normal, outline};

/// Points of thickness with their values and deviations.
pub(super) struct Thickness {
    pub places: Vec<[f64; 2]>,
    pub values: Vec<f64>,
    pub deviations: Vec<f64>,
    /// Holes that stopped short of the base, with their depth.
    pub short: Vec<([f64; 2], f64)>,
    /// Holes of which nothing says whether they reached the base.
    pub unstated: usize,
}

/// Standard deviation of the thickness that a hole shows, metres. Own judgement.
const HOLE_SD_M: f64 = 0.1;

/// Points of thickness: of holes that reached the base, and measured otherwise.
pub(super) fn thickness_points(data: &BodyData) -> Result<Thickness, VolumeError> {
    let at = |h: &HoleData| Some((h.collar.map(|c| [c[0], c[1]])?, h.depth_m?));
    let of = |reached: Option<bool>| data.holes.iter().filter(move |h| h.reached_base == reached);
    let through = of(Some(true)).filter_map(at).map(|(at, depth)| (at, depth, HOLE_SD_M));
    let points = data.thickness.iter().map(|p| (p.at, p.thickness_m, p.sd_m));
    let all: Vec<([f64; 2], f64, f64)> = through.chain(points).collect();
    if let Some((at, thickness_m, _)) = all.iter().find(|p| !(p.1 > 0.0 && p.1.is_finite())) {
        let [east, north] = *at;
        return Err(VolumeError::NoThickness { east, north, thickness_m: *thickness_m });
    }
    let measured = |at: &[f64; 2]| all.iter().any(|p| p.0 == *at);
    let short = of(Some(false)).filter_map(at).filter(|(at, d)| *d > 0.0 && !measured(at));
    Ok(Thickness {
        places: all.iter().map(|p| p.0).collect(),
        values: all.iter().map(|p| p.1).collect(),
        deviations: all.iter().map(|p| p.2).collect(),
        short: short.collect(),
        unstated: of(None).count(),
    })
}

/// Lists drawn where holes stopped short; on each scale its share of them.
const LISTS: usize = 10;
const LINEAR_LISTS: usize = 7;

/// The outline times the mean thickness.
pub(super) fn volume(
    (area_sd, said): (f64, &str),
    data: &BodyData,
    priors: &Priors,
) -> Result<VolumeFound, EstimateError> {
    let ground = outline(data, "the outline times a thickness")?;
    let area = footprint(&ground, 40)?;
    let points = thickness_points(data)?;
    if points.places.is_empty() {
        return Err(EstimateError::Lacking {
            needs: "the thickness at points".into(),
            lacks: lacks(&points),
        });
    }
    let nodes: Vec<[f64; 3]> = area.nodes.iter().map(|p| [p[0], p[1], 0.0]).collect();
    let count = points.values.len();
    let mean = points.values.iter().sum::<f64>() / count as f64;
    let row = priors.variability("thickness")?;
    let prior = row.prior(area.area_m2, mean, Support::WHOLE_HOLES);
    let fail = |e: StatsError| EstimateError::Shape(VolumeError::Ground(e.to_string()));
    let held = points.short.iter();
    let places: Vec<[f64; 3]> =
        points.places.iter().chain(held.clone().map(|s| &s.0)).map(|p| [p[0], p[1], 0.0]).collect();
    let values: Vec<f64> = points.values.iter().copied().chain(held.clone().map(|s| s.1)).collect();
    let deviations = points.deviations.iter().copied().chain(held.map(|_| HOLE_SD_M));
    let own = (row.hole_variation * mean).powi(2);
    let noise: Vec<f64> = deviations.map(|sd| sd * sd / own).collect();
    let lists = lists((&places, &values), count, &prior).map_err(fail)?;
    // fills are thin where natural ground rises to their rim
    let from_rim = |all: &[[f64; 3]]| -> Vec<f64> {
        let inside = |p: &[f64; 3]| contains(&ground, [p[0], p[1]]);
        let far = |p: &[f64; 3]| if inside(p) { rim_distance(&ground, [p[0], p[1]]) } else { 0.0 };
        all.iter().map(far).collect()
    };
    let (place_rims, node_rims) = (from_rim(&places), from_rim(&nodes));
    let weights = vec![1.0; nodes.len()];
    let region = Region {
        noise: Some(&noise),
        follows: Some((&place_rims, &node_rims)),
        ..Region::new((&places, &values), (&nodes, &weights), [area.cell_m, 0.0])
    };
    let scales = [(Scale::Linear, 0.7), (Scale::Log, 0.3)];
    let posterior = region.posterior_of(&lists, &prior, &scales).map_err(fail)?;
    let table = Belief::Table(posterior.quantiles(&super::grade::probabilities(), 0.01 * mean));
    let mut whose = match points.short.len() {
        0 => format!("{count} points of thickness"),
        n => format!("{count} points of thickness and the least depth of {n} holes"),
    };
    if !said.is_empty() {
        whose = format!("{whose}; {said}");
    }
    let area_belief = normal(area.area_m2, area_sd * area.area_m2);
    Ok(VolumeFound {
        inputs: vec![
            ("area".into(), area_belief, Basis::Measured, "outline of the body".into()),
            ("thickness".into(), table, Basis::Measured, whose),
        ],
        form: Form::Prism,
        warnings: doubts(&points),
        levels: Vec::new(),
    })
}

/// Thickness at all places, the first `count` of them known, the others drawn above what their holes show.
fn lists(
    (places, values): (&[[f64; 3]], &[f64]),
    count: usize,
    prior: &ContinuityPrior,
) -> Result<Vec<Vec<f64>>, StatsError> {
    if count == values.len() {
        return Ok(vec![values.to_vec()]);
    }
    let known: Vec<Known> =
        (0..values.len()).map(|i| if i < count { Known::Exact } else { Known::Above }).collect();
    let scale = |i| if i < LINEAR_LISTS { Scale::Linear } else { Scale::Log };
    let starts: Vec<_> = (0..LISTS).map(|i| (scale(i), values.to_vec())).collect();
    Limited { places, values, known: &known }.filled(&starts, prior, 1)
}

fn lacks(points: &Thickness) -> String {
    match points.short.iter().map(|s| s.1).reduce(f64::max) {
        Some(deepest) => format!(
            "{} holes stopped short of the base, so the thickness is at least {deepest} m there, and no \
             point tells how thick it is",
            points.short.len()
        ),
        None => {
            "no point of thickness is known and no hole is said to have reached the base".into()
        }
    }
}

fn doubts(points: &Thickness) -> Vec<String> {
    let mut warnings = Vec::new();
    if !points.short.is_empty() {
        warnings.push(format!(
            "{} holes stopped short of the base: their depth is the least thickness there, and what lies \
             below was drawn from what the other points say",
            points.short.len()
        ));
    }
    if points.unstated > 0 {
        warnings.push(format!(
            "of {} holes nothing says whether they reached the base; their depth is not taken as thickness",
            points.unstated
        ));
    }
    let count = points.values.len();
    if count < 5 {
        warnings
            .push(format!("thickness rests on {count} points; the prior on its variation speaks"));
    }
    warnings
}

#[cfg(test)]
mod tests {
    use geo_types::{LineString, MultiPolygon, Polygon};

    use super::super::data::ThicknessPoint;
    use super::*;

    /// A bowl of 6 m with a rough base in an ellipse, with holes on a grid and none near the rim: the mean of a paraboloid is half its depth.
    #[test]
    fn a_bowl_without_holes_at_its_rim_is_not_taken_for_thicker_than_it_is() {
        let (a, b) = (150.0, 100.0);
        let turn = |i: usize| std::f64::consts::TAU * i as f64 / 90.0;
        let ring: LineString<f64> =
            (0..90).map(|i| (a * turn(i).cos(), b * turn(i).sin())).collect();
        let depth = |x: f64, y: f64| 6.0 * (1.0 - (x / a).powi(2) - (y / b).powi(2));
        let at = |i: usize| [35.0 * (i % 9) as f64 - 140.0, 35.0 * (i / 9) as f64 - 70.0];
        let thickness = (0..45).map(at).filter(|p| depth(p[0], p[1]) > 1.5).map(|p| {
            let rough = 0.4 * (0.05 * p[0] + 0.3).sin() * (0.07 * p[1]).cos();
            let thickness_m = depth(p[0], p[1]) + rough;
            ThicknessPoint { at: p, thickness_m, sd_m: 0.1 }
        });
        let data = BodyData {
            outline: Some(MultiPolygon(vec![Polygon::new(ring, vec![])])),
            thickness: thickness.collect(),
            ..BodyData::default()
        };
        let found = volume((0.0, ""), &data, &Priors::embedded()).unwrap();
        let mean = &found.inputs[1].1;
        let naive =
            data.thickness.iter().map(|p| p.thickness_m).sum::<f64>() / data.thickness.len() as f64;
        assert!(naive > 3.6, "holes lean to the deep: {naive}");
        let [low, best, high] = [0.1, 0.5, 0.9].map(|p| mean.quantile(p));
        assert!(low < 3.0 && 3.0 < high, "{low} {best} {high}");
        assert!((best / 3.0 - 1.0).abs() < 0.05, "{best}");
    }
}
