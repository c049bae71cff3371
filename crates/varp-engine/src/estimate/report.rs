//! What is told of samples beside the grade: counts, weights, continuity, cross-validation, curves.

use varp_geostat::decluster::polygonal;
use varp_geostat::regional::{Posterior, Region, Scale};
use varp_geostat::simulate::Band;
use varp_geostat::stats::Histogram;
use varp_geostat::variogram::{Lags, Plan, variogram};

use super::carry::quantile;
use super::field::{AboveCutoffs, CUTOFF_STEPS, FieldFound, mean_values};
use super::sampled::Prepared;
use super::samples::QualitySummary;
use super::statement::{CrossCheck, CurvePoint, ProductionCheck, Sampled, ZoneMean};

/// The summary that results keep.
pub(super) fn report(
    prepared: &Prepared<'_>,
    posterior: &Posterior,
    field: Option<&FieldFound>,
    (zones, quality): (Vec<ZoneMean>, QualitySummary),
    method_grade: f64,
) -> Sampled {
    let values = mean_values(prepared);
    let lengths: Vec<f64> = prepared.placed.iter().map(|p| p.length_m).collect();
    let total: f64 = lengths.iter().sum();
    let naive = values.iter().zip(&lengths).map(|(v, l)| v * l).sum::<f64>() / total;
    let spread = values.iter().zip(&lengths).map(|(v, l)| l * (v - naive).powi(2)).sum::<f64>();
    let weights = weights(prepared);
    let weight: f64 = weights.iter().sum();
    let histogram = Histogram::of(&values, &weights, 12).ok();
    Sampled {
        samples: prepared.screened.samples.len(),
        left_out: prepared.screened.left_out.clone(),
        controls: prepared.screened.controls.clone(),
        holes: prepared.screened.names.len(),
        composites: values.len(),
        censored: prepared.imputed.censored,
        censored_rule: prepared.imputed.rule.clone(),
        top_cut: prepared.top_cut,
        top_cuts: top_cuts(prepared),
        naive_mean: naive,
        declustered_mean: values.iter().zip(&weights).map(|(v, w)| v * w).sum::<f64>() / weight,
        variation: (spread / total).sqrt() / naive,
        method_grade,
        continuity: continuity(prepared, posterior),
        model: field.map_or(String::new(), |f| f.model.clone()),
        scale: vec![
            ("log".into(), posterior.share_of(Scale::Log)),
            ("linear".into(), posterior.share_of(Scale::Linear)),
        ],
        variogram: experimental(prepared, &values),
        histogram: histogram.map_or((vec![], vec![]), |h| (h.edges, h.shares)),
        cross_validation: cross_check(prepared, posterior, &values),
        grade_tonnage: curve(field),
        production: None,
        zones,
        quality,
        years: super::deposition::years(prepared),
    }
}

/// Weight of each composite: its hole's area of influence times its length.
fn weights(prepared: &Prepared<'_>) -> Vec<f64> {
    let ring = prepared.solid.outline.iter().max_by_key(|p| p.exterior().0.len());
    let boundary: Vec<[f64; 2]> =
        ring.map_or(vec![], |p| p.exterior().coords().map(|c| [c.x, c.y]).collect());
    let boundary = boundary.split_last().map_or(&[][..], |(_, corners)| corners);
    let mut holes: Vec<u32> = prepared.placed.iter().map(|p| p.hole).collect();
    holes.dedup();
    let first = |hole: &u32| prepared.placed.iter().find(|p| p.hole == *hole);
    let points: Vec<[f64; 2]> =
        holes.iter().filter_map(first).map(|p| [p.place[0], p.place[1]]).collect();
    let areas = polygonal(&points, boundary).map(|p| p.weights);
    let areas = areas.unwrap_or_else(|_| vec![1.0; points.len()]);
    let weight = |p: &super::sampled::Placed| {
        let at = holes.iter().position(|h| *h == p.hole);
        let own: f64 =
            prepared.placed.iter().filter(|q| q.hole == p.hole).map(|q| q.length_m).sum();
        at.map_or(0.0, |at| areas[at].max(0.0)) * p.length_m / own
    };
    let found: Vec<f64> = prepared.placed.iter().map(weight).collect();
    if found.iter().sum::<f64>() > 0.0 { found } else { vec![1.0; prepared.placed.len()] }
}

fn top_cuts(prepared: &Prepared<'_>) -> Vec<(f64, usize, f64)> {
    let samples = &prepared.screened.samples;
    let mut sorted: Vec<f64> = samples.iter().map(|s| s.value.number()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let all: f64 = samples.iter().map(|s| s.value.number() * (s.to_m - s.from_m)).sum();
    let at = |p: f64| {
        let limit = quantile(&sorted, p);
        let over = samples.iter().filter(|s| s.value.number() > limit);
        let removed: f64 =
            over.clone().map(|s| (s.value.number() - limit) * (s.to_m - s.from_m)).sum();
        (limit, over.count(), if all > 0.0 { removed / all } else { 0.0 })
    };
    if samples.len() < 10 { Vec::new() } else { [0.9, 0.95, 0.975, 0.99].map(at).to_vec() }
}

fn continuity(prepared: &Prepared<'_>, posterior: &Posterior) -> Vec<(String, [f64; 3])> {
    let mut told = vec![
        ("practical range, m".into(), posterior.parameter(|c| c.continuity.range)),
        ("share of nugget".into(), posterior.parameter(|c| c.continuity.nugget)),
        ("drift over variance".into(), posterior.parameter(|c| c.continuity.drift)),
    ];
    if !prepared.flat {
        let vertical = posterior.parameter(|c| c.continuity.vertical);
        told.insert(1, ("vertical practical range, m".into(), vertical));
        told.push(("share of layers".into(), posterior.parameter(|c| c.continuity.layers)));
    }
    told
}

fn experimental(prepared: &Prepared<'_>, values: &[f64]) -> Vec<(f64, f64, u64)> {
    let places: Vec<[f64; 3]> = prepared.placed.iter().map(|p| p.place).collect();
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
    if values.len() < 6 || variance <= 0.0 {
        return Vec::new();
    }
    let plan = Plan::omnidirectional(Lags::from_extent(&places));
    let Ok(found) = variogram(&places, values, &plan) else { return Vec::new() };
    let lags = found.iter().flat_map(|v| (0..v.pairs.len()).map(move |i| (v, i)));
    lags.filter(|(v, i)| v.pairs[*i] > 0)
        .map(|(v, i)| (v.distance[i], v.gamma[i] / variance, v.pairs[i]))
        .collect()
}

fn cross_check(
    prepared: &Prepared<'_>,
    posterior: &Posterior,
    values: &[f64],
) -> Option<CrossCheck> {
    // whole holes; of large campaigns a tenth of the holes at a time
    let folds = if values.len() > 150 { 10 } else { u32::MAX };
    let groups: Vec<u32> = prepared.placed.iter().map(|p| p.hole % folds).collect();
    let best = posterior.best();
    let places: Vec<[f64; 3]> = prepared.placed.iter().map(|p| p.place).collect();
    if prepared.screened.names.len() < 4 || values.len() > 600 {
        return None;
    }
    let ones = vec![1.0; places.len()];
    let region = Region {
        noise: prepared.noise.as_deref(),
        ..Region::new((&places, values), (&places, &ones), [1.0, 1.0])
    };
    let left = region.leave_out((&best.continuity, best.scale), &groups, &prepared.prior).ok()?;
    let mut pairs = Vec::new();
    let mut within = 0;
    for ((estimate, deviation), value) in left.iter().zip(values).filter(|(l, _)| l.1.is_finite()) {
        let centre = match best.scale {
            Scale::Linear => *estimate,
            Scale::Log => libm::exp(estimate + 0.5 * deviation * deviation),
        };
        let score = (best.scale.forward(*value) - estimate) / deviation;
        within += usize::from(score.abs() <= 1.644_853_626_951_472_7);
        pairs.push((centre, *value));
    }
    let n = pairs.len() as f64;
    let (mx, my) = pairs.iter().fold((0.0, 0.0), |(a, b), (x, y)| (a + x / n, b + y / n));
    let moment =
        |f: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|(x, y)| f(x - mx, y - my)).sum::<f64>() / n;
    let (xx, yy, xy) = (moment(&|x, _| x * x), moment(&|_, y| y * y), moment(&|x, y| x * y));
    let squares: f64 = pairs.iter().map(|(x, y)| (x - y).powi(2)).sum::<f64>() / n;
    Some(CrossCheck {
        count: pairs.len(),
        mean_error: (mx - my) / my,
        root_mean_square: squares.sqrt() / my,
        correlation: if xx * yy > 0.0 { xy / (xx * yy).sqrt() } else { 0.0 },
        slope: if xx > 0.0 { xy / xx } else { 0.0 },
        within_90: within as f64 / n,
        pairs,
    })
}

/// Shares of mass and metal above cut-offs: of realisations, their 80 % interval and median; of a method that has
/// one grade for a block, that curve without a band. The statement turns shares into tonnes.
fn curve(field: Option<&FieldFound>) -> Vec<CurvePoint> {
    if let Some(above) = field.and_then(|f| f.above.as_ref()) {
        return (0..=CUTOFF_STEPS).map(|i| of_realisations(above, i)).collect();
    }
    let Some((blocks, grades)) = field.and_then(|f| f.blocks.as_ref()) else {
        return Vec::new();
    };
    let most = grades.best.iter().copied().fold(0.0, f64::max);
    (0..=CUTOFF_STEPS)
        .map(|i| {
            let cutoff = most * i as f64 / CUTOFF_STEPS as f64;
            let over = grades.best.iter().zip(&blocks.mass_t).filter(|(g, _)| **g >= cutoff);
            let (mass, contained) =
                over.fold((0.0, 0.0), |(t, m), (g, share)| (t + share, m + share * g));
            CurvePoint {
                cutoff,
                tonnes: [mass; 3],
                grade: [if mass > 0.0 { contained / mass } else { 0.0 }; 3],
                contained_t: [contained; 3],
            }
        })
        .collect()
}

/// Low, best, high over realisations above the cut-off `i`; the grade is that of realisations in which something is.
fn of_realisations(above: &AboveCutoffs, i: usize) -> CurvePoint {
    let ends = |mut values: Vec<f64>| {
        values.sort_unstable_by(f64::total_cmp);
        [0.1, 0.5, 0.9].map(|p| if values.is_empty() { 0.0 } else { quantile(&values, p) })
    };
    let each = || above.shares.iter().map(|r| r[i]);
    CurvePoint {
        cutoff: above.step * i as f64,
        tonnes: ends(each().map(|[mass, _]| mass).collect()),
        grade: ends(each().filter(|[mass, _]| *mass > 0.0).map(|[t, m]| m / t).collect()),
        contained_t: ends(each().map(|[_, contained]| contained).collect()),
    }
}

/// Half-widths at 90 % of the metal of a quarter and a year at a rate, of realisations in 40 steps of
/// equal volume; nothing without realisations.
pub(super) fn production(
    rate_t_per_year: f64,
    periods: &[Vec<f64>],
    mass_t: f64,
) -> Option<ProductionCheck> {
    let count = periods.first()?.len();
    let step = mass_t / count as f64;
    let half_width = |tonnes: f64| {
        let steps = (tonnes / step).round().max(1.0) as usize;
        if tonnes > mass_t || steps > count {
            return None;
        }
        let mut widths: Vec<f64> = (0..count / steps)
            .filter_map(|period| {
                let metal = |r: &Vec<f64>| r[period * steps..(period + 1) * steps].iter().sum();
                let mut all: Vec<f64> = periods.iter().map(metal).collect();
                all.sort_unstable_by(f64::total_cmp);
                let mean = all.iter().sum::<f64>() / all.len() as f64;
                let at = |p: f64| quantile(&all, p) / mean;
                (mean > 0.0).then(|| (1.0 - at(0.05)).max(at(0.95) - 1.0))
            })
            .collect();
        Band::of(&mut widths).map(|b| b.best)
    };
    Some(ProductionCheck {
        rate_t_per_year,
        quarter: half_width(rate_t_per_year / 4.0),
        year: half_width(rate_t_per_year),
    })
}
