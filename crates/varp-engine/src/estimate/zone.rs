//! Zones: parts of a body estimated one by one, and added by their shares.

use varp_geostat::random::{Random, Stream};

use super::believed::region_posterior;
use super::data::{BodyData, ZoneData};
use super::error::EstimateError;
use super::grade::probabilities;
use super::outline::contains;
use super::sampled::Prepared;
use super::samples::SampleError;
use super::statement::ZoneMean;

/// Means of the zones with the quantiles behind them.
#[derive(Default)]
pub(super) struct Zones {
    pub means: Vec<ZoneMean>,
    quantiles: Vec<Vec<f64>>,
}

/// One posterior for each zone, where the plan asks for it; zones that overlap share nothing.
pub(super) fn zone_means(prepared: &Prepared<'_>, data: &BodyData) -> Result<Zones, EstimateError> {
    if !prepared.plan.by_zone {
        return Ok(Zones::default());
    }
    let levels = 8;
    let (nodes, weights) = prepared.solid.nodes(levels, prepared.plan.vertical);
    let depth = |i: usize| {
        let at = [nodes[i][0], nodes[i][1]];
        prepared.solid.thickness_at(at) * ((i % levels) as f64 + 0.5) / levels as f64
    };
    let total: f64 = weights.iter().sum();
    let mut zones = Zones::default();
    for zone in &data.zones {
        let rows: Vec<usize> = (0..prepared.placed.len())
            .filter(|i| {
                let p = &prepared.placed[*i];
                zone_holds(zone, [p.place[0], p.place[1]], p.depth_m)
            })
            .collect();
        let own: Vec<usize> = (0..nodes.len())
            .filter(|i| zone_holds(zone, [nodes[*i][0], nodes[*i][1]], depth(*i)))
            .collect();
        if rows.is_empty() || own.is_empty() {
            let (zone, substance) = (zone.name.clone(), prepared.substance.to_owned());
            return Err(SampleError::EmptyZone { zone, substance }.into());
        }
        let places: Vec<[f64; 3]> = own.iter().map(|i| nodes[*i]).collect();
        let masses: Vec<f64> = own.iter().map(|i| weights[*i]).collect();
        let share = masses.iter().sum::<f64>() / total;
        let composites = rows.len();
        let posterior = region_posterior(prepared, rows, (&places, &masses))?;
        let quantiles = posterior.quantiles(&probabilities(), 0.0);
        let grade = [quantiles[20], quantiles[100], quantiles[180]];
        zones.means.push(ZoneMean { zone: zone.name.clone(), share, grade, composites });
        zones.quantiles.push(quantiles);
    }
    Ok(zones)
}

/// Whether a place, metres below the surface, lies in a zone.
pub fn zone_holds(zone: &ZoneData, at: [f64; 2], depth: f64) -> bool {
    zone.outline.as_ref().is_none_or(|o| contains(o, at))
        && zone.top_m.is_none_or(|top| depth >= top)
        && zone.base_m.is_none_or(|base| depth < base)
}

impl Zones {
    /// Quantiles of the shares' mean, zones taken as independent; `None` without zones.
    pub fn combined(&self, seed: u64) -> Option<Vec<f64>> {
        let total: f64 = self.means.iter().map(|z| z.share).sum();
        if self.means.is_empty() || total <= 0.0 {
            return None;
        }
        let random = Random::new(seed, Stream::Sampling);
        let count = 4000_usize;
        let orders: Vec<Vec<u32>> =
            (0..self.means.len()).map(|z| random.permutation(100 + z as u64, count)).collect();
        let draw = |t: usize| {
            let part = |z: usize| {
                let at = (f64::from(orders[z][t]) + 0.5) / count as f64 * 200.0;
                let (below, q) = ((at as usize).min(199), &self.quantiles[z]);
                let value = q[below] + (at - below as f64) * (q[below + 1] - q[below]);
                self.means[z].share / total * value
            };
            (0..self.means.len()).map(part).sum::<f64>()
        };
        let mut draws: Vec<f64> = (0..count).map(draw).collect();
        draws.sort_unstable_by(f64::total_cmp);
        Some(probabilities().into_iter().map(|p| super::carry::quantile(&draws, p)).collect())
    }
}
