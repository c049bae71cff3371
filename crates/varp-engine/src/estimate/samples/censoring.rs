//! What stands for values below a limit, by the plan's rule.

use varp_geostat::random::{Random, Stream};
use varp_geostat::regional::{ContinuityPrior, Known, Limited, Scale as Gaussian};
use varp_geostat::stats::censored::{
    Family, KaplanMeier, LikelihoodFit, Observation, RegressionOnOrder, substituted,
};
use varp_geostat::stats::distribution::{normal_probability, normal_quantile};
use varp_model::Measured;

use super::SampleError;
use crate::estimate::product::{CensoredRule, Scale};

/// Lists of values, each as if nothing were censored; one unless values are drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Imputed {
    /// One value for each sample, in each list.
    pub lists: Vec<Vec<f64>>,
    /// How many samples lie below a limit.
    pub censored: usize,
    /// What was done, in words.
    pub rule: String,
}

/// Where the samples lie and what is assumed of their continuity: what draws below a limit hang on.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// Places of samples, in their order.
    pub places: &'a [[f64; 3]],
    /// Prior on continuity of single samples.
    pub prior: &'a ContinuityPrior,
    /// Scale on which they are Gaussian.
    pub scale: Scale,
}

/// Lists of draws: more where more is censored.
fn lists(censored: usize, all: usize) -> u32 {
    if censored * 5 < all { 5 } else { 10 }
}

/// Puts the rule's values in the place of censored ones.
///
/// Values above an upper limit count as the limit, and are told by the caller.
///
/// # Errors
/// More than 80 % censored or fewer than three detected, numbers that the rule cannot take.
pub fn impute(
    values: &[Measured<f64>],
    rule: CensoredRule,
    substance: &str,
    (around, seed): (Surroundings<'_>, u64),
) -> Result<Imputed, SampleError> {
    let observation = |v: &Measured<f64>| match *v {
        Measured::Below(limit) => Observation::Below(limit),
        Measured::Exact(value) | Measured::Above(value) => Observation::Exact(value),
    };
    let data: Vec<Observation> = values.iter().map(observation).collect();
    let censored = data.iter().filter(|o| o.is_below()).count();
    if censored == 0 {
        let lists = vec![data.iter().map(|o| o.number()).collect()];
        return Ok(Imputed { lists, censored, rule: "nothing is censored".into() });
    }
    let limit = data.iter().filter(|o| o.is_below()).map(|o| o.number()).fold(0.0, f64::max);
    let substitute = matches!(rule, CensoredRule::Substitute(_));
    if (data.len() - censored < 3 || censored * 5 > data.len() * 4) && !substitute {
        let (substance, count) = (substance.to_owned(), data.len());
        return Err(SampleError::NearlyAllCensored { substance, count, censored, limit });
    }
    let fail = |e: varp_geostat::stats::StatsError| SampleError::Statistics {
        substance: substance.into(),
        message: e.to_string(),
    };
    let (lists, rule) = match rule {
        CensoredRule::Substitute(share) => (
            vec![substituted(&data, share).map_err(fail)?],
            format!("{share} of the limit, as the plan asks; this is biased"),
        ),
        CensoredRule::KaplanMeier => (
            vec![kaplan_meier(&data).map_err(fail)?],
            "Kaplan–Meier mean of what lies below each limit".into(),
        ),
        CensoredRule::RegressionOnOrder => (
            vec![RegressionOnOrder::fit(&data).map_err(fail)?.values],
            "robust regression on order statistics (Helsel and Cohn 1988)".into(),
        ),
        CensoredRule::MaximumLikelihood => {
            let fit = LikelihoodFit::fit(&data, Family::Lognormal).map_err(fail)?;
            (vec![expected(&data, &fit)], "mean below the limit of a lognormal law fitted".into())
        }
        CensoredRule::Draw => {
            let lists = drawn(&data, around, (lists(censored, data.len()), seed)).map_err(fail)?;
            let words = format!(
                "drawn {} times below the limit given their neighbours, from a normal or lognormal law, \
                 itself uncertain",
                lists.len()
            );
            (lists, words)
        }
    };
    Ok(Imputed { lists, censored, rule })
}

/// Mean of the Kaplan–Meier distribution below each limit; nothing known below goes to half.
fn kaplan_meier(data: &[Observation]) -> Result<Vec<f64>, varp_geostat::stats::StatsError> {
    let steps = KaplanMeier::fit(data)?;
    let mut jumps: Vec<(f64, f64)> = Vec::new(); // value, probability of exactly it
    let mut above = 1.0;
    for (value, below) in steps.steps() {
        jumps.push((*value, above - below));
        above = *below;
    }
    let below = |limit: f64| {
        let parts = jumps.iter().filter(|j| j.0 < limit);
        let (mass, sum) = parts.fold((0.0, 0.0), |(m, s), (v, p)| (m + p, s + p * v));
        let least = jumps.iter().map(|j| j.0).fold(limit, f64::min);
        (sum + above * 0.5 * least) / (mass + above).max(1e-12)
    };
    let value = |o: &Observation| match *o {
        Observation::Exact(value) => value,
        Observation::Below(limit) => below(limit),
    };
    Ok(data.iter().map(value).collect())
}

/// E[z | z < limit] of a lognormal law: mean·Φ(z − σ)/Φ(z), z of the limit.
fn expected(data: &[Observation], fit: &LikelihoodFit) -> Vec<f64> {
    let value = |o: &Observation| match *o {
        Observation::Exact(value) => value,
        Observation::Below(limit) => {
            let z = (libm::log(limit) - fit.location) / fit.scale;
            fit.mean() * normal_probability(z - fit.scale) / normal_probability(z).max(1e-300)
        }
    };
    data.iter().map(value).collect()
}

/// Each list starts from a law fitted to a resample of the data, normal or lognormal, whichever explains
/// the resample better; then values below a limit are drawn given their neighbours on that law's scale.
fn drawn(
    data: &[Observation],
    around: Surroundings<'_>,
    (lists, seed): (u32, u64),
) -> Result<Vec<Vec<f64>>, varp_geostat::stats::StatsError> {
    let whole = law(data, around.scale)?;
    let (resampling, filling) =
        (Random::new(seed, Stream::Bootstrap), Random::new(seed, Stream::Ties));
    let start = |k: u32| {
        let pick = |i: usize| data[resampling.index(i as u64, k, data.len())];
        let resample: Vec<Observation> = (0..data.len()).map(pick).collect();
        let fit = law(&resample, around.scale).unwrap_or(whole);
        let value = |(i, o): (usize, &Observation)| match *o {
            Observation::Exact(value) => value,
            Observation::Below(limit) => below(&fit, limit, filling.uniform(i as u64, k)),
        };
        let scale = match fit.family {
            Family::Normal => Gaussian::Linear,
            Family::Lognormal => Gaussian::Log,
        };
        (scale, data.iter().enumerate().map(value).collect())
    };
    let starts: Vec<(Gaussian, Vec<f64>)> = (0..lists).map(start).collect();
    let values: Vec<f64> = data.iter().map(|o| o.number()).collect();
    let known = |o: &Observation| if o.is_below() { Known::Below } else { Known::Exact };
    let known: Vec<Known> = data.iter().map(known).collect();
    let limited = Limited { places: around.places, values: &values, known: &known };
    limited.filled(&starts, around.prior, seed)
}

/// The better of a normal and a lognormal law, their likelihoods brought to one scale; or the one that
/// the plan asks for.
fn law(
    data: &[Observation],
    scale: Scale,
) -> Result<LikelihoodFit, varp_geostat::stats::StatsError> {
    if scale == Scale::Linear {
        return LikelihoodFit::fit(data, Family::Normal);
    }
    let log = LikelihoodFit::fit(data, Family::Lognormal)?;
    if scale == Scale::Log {
        return Ok(log);
    }
    let jacobian: f64 = data.iter().filter(|o| !o.is_below()).map(|o| libm::log(o.number())).sum();
    match LikelihoodFit::fit(data, Family::Normal) {
        // a normal law that puts much below zero is none for a grade
        Ok(normal)
            if normal.log_likelihood > log.log_likelihood - jacobian
                && normal.location > normal.scale =>
        {
            Ok(normal)
        }
        _ => Ok(log),
    }
}

/// The value below the limit at a share `u` of the probability there; above zero.
fn below(fit: &LikelihoodFit, limit: f64, u: f64) -> f64 {
    let score = |x: f64| match fit.family {
        Family::Normal => (x - fit.location) / fit.scale,
        Family::Lognormal => (libm::log(x) - fit.location) / fit.scale,
    };
    let top = normal_probability(score(limit));
    match fit.family {
        Family::Normal => {
            let bottom = normal_probability(score(0.0));
            let z = normal_quantile((bottom + u * (top - bottom)).max(1e-300));
            (fit.location + fit.scale * z).clamp(1e-3 * limit, limit)
        }
        Family::Lognormal => {
            let z = normal_quantile((u * top).max(1e-300));
            libm::exp(fit.location + fit.scale * z).min(limit)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data() -> Vec<Measured<f64>> {
        let exact = [5.0, 9.0, 4.0, 14.0, 7.0, 6.0].map(|v| Measured::Exact(v * 1e-6));
        let below = [3.0, 2.0, 3.0].map(|v| Measured::Below(v * 1e-6));
        exact.into_iter().chain(below).collect()
    }

    fn filled(values: &[Measured<f64>], rule: CensoredRule) -> Result<Imputed, SampleError> {
        let priors = crate::estimate::Priors::embedded();
        let prior = priors.variability("tailings").unwrap().prior(
            1e5,
            5.0,
            crate::estimate::Support::Composites,
        );
        let places: Vec<[f64; 3]> =
            (0..values.len()).map(|i| [50.0 * (i / 3) as f64, 0.0, -((i % 3) as f64)]).collect();
        let around = Surroundings { places: &places, prior: &prior, scale: Scale::Weighed };
        impute(values, rule, "Co", (around, 1))
    }

    #[test]
    fn every_rule_stays_below_the_limits_and_counts_them() {
        for rule in [
            CensoredRule::Draw,
            CensoredRule::KaplanMeier,
            CensoredRule::RegressionOnOrder,
            CensoredRule::MaximumLikelihood,
            CensoredRule::Substitute(0.5),
        ] {
            let imputed = filled(&data(), rule).unwrap();
            assert_eq!(imputed.censored, 3);
            for list in &imputed.lists {
                let kept = list.iter().zip(data()).all(|(value, told)| match told {
                    // order statistics fill a list, not single samples: below the highest limit
                    Measured::Below(_) if rule == CensoredRule::RegressionOnOrder => {
                        *value > 0.0 && *value < 3e-6
                    }
                    Measured::Below(limit) => *value > 0.0 && *value < limit * 1.000_001,
                    other => *value == other.number(),
                });
                assert!(kept, "{rule:?}: {list:?}");
            }
        }
    }

    #[test]
    fn substitution_is_said_to_be_biased_and_draws_differ() {
        let imputed = filled(&data(), CensoredRule::Substitute(0.5)).unwrap();
        assert!(imputed.rule.contains("biased"));
        let drawn = filled(&data(), CensoredRule::Draw).unwrap();
        assert!(drawn.lists.len() > 1 && drawn.lists[0] != drawn.lists[1]);
    }

    #[test]
    fn all_censored_gives_a_limit_and_no_mean() {
        let all = [Measured::Below(1e-5), Measured::Below(2e-5)];
        let error = filled(&all, CensoredRule::Draw).unwrap_err();
        assert!(error.to_string().starts_with("2 of 2 assays of Co lie below their limit"));
    }
}
