//! A weighted mean of the samples as an estimate of the region: how far it may be off.

use super::Region;
use super::covariance::Continuity;
use super::lags::Lags;
use super::mixture::{Component, Law, Posterior};
use super::solve::{dot, shares};
use crate::stats::{StatsError, finite, same_length};

impl Region<'_> {
    /// The distribution of the region's mean around a weighted mean of the samples, such as inverse
    /// distances make one, under what a posterior believes of the continuity.
    ///
    /// The variance of the error of any weights that sum to 1 is
    /// ΣΣ wᵢ·wⱼ·C(i, j) − 2·Σ wᵢ·C(i, V) + C(V, V). On the linear scale no weights beat those of kriging; on the
    /// logarithmic scale C = m²·(exp(σ²·ρ) − 1), with the weighted mean for m.
    ///
    /// - `lists`: values that are as likely as each other, such as imputations
    /// - `weights`: of the samples; brought to a sum of 1
    ///
    /// # Errors
    /// Lists or weights of another length, weights that sum to nothing.
    ///
    /// Source: G. Matheron, "Les variables régionalisées et leur estimation", 1965 (variance of extension).
    pub fn around(
        &self,
        posterior: &Posterior,
        lists: &[Vec<f64>],
        weights: &[f64],
    ) -> Result<Posterior, StatsError> {
        finite(weights, 1)?;
        same_length(self.places.len(), weights.len(), "weights of samples")?;
        crate::stats::total_weight(weights)?;
        let own = shares(weights);
        let means: Vec<f64> = lists
            .iter()
            .map(|list| same_length(own.len(), list.len(), "values").map(|()| dot(&own, list)))
            .collect::<Result<_, _>>()?;
        let lags = Lags::new(self);
        let nodes = shares(self.weights);
        let one = |(component, weight): (&Component, f64)| {
            let error = |f: &dyn Fn(f64) -> f64| {
                self.extension(&lags, &component.continuity, (&own, &nodes), f)
            };
            let laws: Vec<Law> = match component.law {
                Law::Student { freedom, .. } => {
                    let scale = (component.variance * error(&|r| r)).max(0.0).sqrt();
                    means.iter().map(|m| Law::Student { location: *m, scale, freedom }).collect()
                }
                Law::Lognormal { .. } => {
                    let relative =
                        error(&|r| libm::expm1((component.variance * r).min(50.0))).max(0.0);
                    let law = |m: &f64| Law::Lognormal { mean: *m, variance: relative * m * m };
                    means.iter().map(law).collect()
                }
            };
            let log_weight = libm::log(weight / means.len() as f64);
            let with = move |law| Component { log_weight, law, ..*component };
            laws.into_iter().map(with).collect::<Vec<_>>()
        };
        let components = posterior.components().filter(|(_, w)| *w > 1e-4).flat_map(one).collect();
        Posterior::of(components).ok_or(StatsError::TooFew { found: self.places.len(), needed: 1 })
    }

    fn extension(
        &self,
        lags: &Lags,
        continuity: &Continuity,
        (own, nodes): (&[f64], &[f64]),
        f: &dyn Fn(f64) -> f64,
    ) -> f64 {
        let n = own.len();
        let mut sum = 0.0;
        let mut samples = lags.samples(continuity);
        for i in 0..n {
            for (other, c) in own[..i].iter().zip(&mut samples) {
                sum += 2.0 * own[i] * other * f(c);
            }
            let noise = self.noise.map_or(0.0, |v| v[i]);
            sum += own[i] * own[i] * f(1.0 + noise + continuity.drift * lags.own[i]);
        }
        let across: Vec<f64> = lags.across(continuity).collect();
        for (row, weight) in across.chunks(n).zip(nodes) {
            sum -= 2.0 * weight * row.iter().zip(own).map(|(c, w)| w * f(*c)).sum::<f64>();
        }
        let mut cells = lags.nodes(continuity);
        for i in 0..nodes.len() {
            for (j, c) in (0..=i).zip(&mut cells) {
                let twice = if i == j { 1.0 } else { 2.0 };
                sum += twice * nodes[i] * nodes[j] * f(c);
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ContinuityPrior, Scale};
    use super::*;

    fn prior() -> ContinuityPrior {
        ContinuityPrior {
            range: [80.0, 80.0],
            vertical: [1.0, 1.0],
            nugget: [0.1, 0.1],
            layers: [0.0, 0.0],
            drift: 0.0,
            variation: 0.4,
            freedom: 3.0,
            candidates: 1,
        }
    }

    #[test]
    fn the_error_of_any_weights_is_that_of_their_extension() {
        let places: Vec<[f64; 3]> =
            (0..9).map(|i| [10.0 + 15.0 * f64::from(i % 3), 9.0 * f64::from(i / 3), 0.0]).collect();
        let values: Vec<f64> = (0..9).map(|i| 3.0 + f64::from((i * 5) % 4)).collect();
        let nodes: Vec<[f64; 3]> =
            (0..64).map(|i| [12.0 * f64::from(i % 8), 12.0 * f64::from(i / 8), 0.0]).collect();
        let region = Region::new((&places, &values), (&nodes, &[1.0; 64]), [12.0, 0.0]);
        for scale in [Scale::Linear, Scale::Log] {
            let best = region.posterior(&prior(), &[(scale, 1.0)]).unwrap();
            let width = |p: &Posterior| {
                let [low, high] = p.quantiles(&[0.1, 0.9], 0.0)[..] else { panic!() };
                high - low
            };
            let even = region.around(&best, std::slice::from_ref(&values), &[1.0; 9]).unwrap();
            let mut lone = [0.0; 9];
            lone[0] = 2.0;
            let lone = region.around(&best, std::slice::from_ref(&values), &lone).unwrap();
            assert!((even.mean() - values.iter().sum::<f64>() / 9.0).abs() < 1e-9);
            assert!((lone.mean() - values[0]).abs() < 1e-9);
            let relative = |p: &Posterior| width(p) / p.mean();
            // a theorem on the linear scale alone: on the other kriging is no weighted mean
            if scale == Scale::Linear {
                assert!(width(&even) > 0.97 * width(&best));
            }
            assert!(relative(&lone) > 1.1 * relative(&even), "{scale:?}");
            let ratio = relative(&even) / relative(&best);
            assert!((0.75..2.0).contains(&ratio), "{scale:?} {ratio}");
        }
    }
}
