//! The shape of a body as samples and blocks need it: outline, thickness, vertical coordinate.

use geo_types::MultiPolygon;

use super::data::BodyData;
use super::error::EstimateError;
use super::outline::{Footprint, around, footprint};
use super::product::Vertical;
use super::samples::Screened;
use super::thickness::{Thickness, thickness_points};
use super::volume::VolumeFound;

/// A body's outline with its thickness everywhere.
#[derive(Clone, Debug)]
pub(super) struct Solid {
    pub outline: MultiPolygon<f64>,
    pub footprint: Footprint,
    /// Mean thickness, metres.
    pub thickness_m: f64,
    points: Vec<([f64; 2], f64)>,
    tops: Vec<([f64; 2], f64)>,
    pub warnings: Vec<String>,
}

impl Solid {
    pub fn of(
        data: &BodyData,
        screened: &Screened,
        volume: Option<&VolumeFound>,
        nodes: usize,
    ) -> Result<Self, EstimateError> {
        let mut warnings = Vec::new();
        let collars: Vec<[f64; 3]> = screened.paths.iter().map(|p| p.place(0.0)).collect();
        let flat: Vec<[f64; 2]> = collars.iter().map(|c| [c[0], c[1]]).collect();
        let outline = data.outline.clone().unwrap_or_else(|| {
            warnings.push(
                "the body has no outline; the box around its samples stands for it".to_owned(),
            );
            around(&flat)
        });
        let footprint = footprint(&outline, nodes)?;
        let Thickness { places, values, .. } = thickness_points(data)?;
        let deepest = screened.samples.iter().map(|s| s.to_m).fold(0.0, f64::max);
        let known = (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
        let from_volume = volume.map(|v| v.best() / footprint.area_m2).filter(|t| *t > 0.0);
        let thickness_m = known.or(from_volume).unwrap_or_else(|| {
            warnings.push(format!(
                "the thickness is not known; the deepest sample, {deepest} m, stands for it"
            ));
            deepest
        });
        let points = match places.len() >= 3 {
            true => places.into_iter().zip(values).collect(),
            false => Vec::new(),
        };
        let tops = collars.iter().map(|c| ([c[0], c[1]], c[2])).collect();
        Ok(Self { outline, footprint, thickness_m, points, tops, warnings })
    }

    /// Thickness at a place, by inverse square distance; the mean where it is not known by places.
    pub fn thickness_at(&self, at: [f64; 2]) -> f64 {
        if self.points.is_empty() { self.thickness_m } else { inverse_square(&self.points, at) }
    }

    /// Vertical coordinate of a depth below the surface at a place.
    pub fn vertical(&self, at: [f64; 2], depth_m: f64, rule: Vertical) -> f64 {
        match rule {
            Vertical::Depth => -depth_m,
            Vertical::Stage => -depth_m / self.thickness_at(at) * self.thickness_m,
            Vertical::Height => inverse_square(&self.tops, at) - depth_m,
        }
    }

    /// Points that stand for the body, `levels` of them below each other, with their weights.
    pub fn nodes(&self, levels: usize, rule: Vertical) -> (Vec<[f64; 3]>, Vec<f64>) {
        let mut places = Vec::new();
        let mut weights = Vec::new();
        for at in &self.footprint.nodes {
            let thickness = self.thickness_at(*at);
            for level in 0..levels {
                let depth = thickness * (level as f64 + 0.5) / levels as f64;
                let z = if levels == 1 { 0.0 } else { self.vertical(*at, depth, rule) };
                places.push([at[0], at[1], z]);
                weights.push(thickness);
            }
        }
        (places, weights)
    }
}

fn inverse_square(points: &[([f64; 2], f64)], at: [f64; 2]) -> f64 {
    let (mut sum, mut total) = (0.0, 0.0);
    for (p, value) in points {
        let square = (p[0] - at[0]).powi(2) + (p[1] - at[1]).powi(2);
        let weight = 1.0 / (square + 1e-6);
        sum += weight * value;
        total += weight;
    }
    if total > 0.0 { sum / total } else { 0.0 }
}
