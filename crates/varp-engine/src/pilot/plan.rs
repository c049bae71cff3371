//! From the request of a study to its plan: number of holes by every argument, places, samples,
//! masses, cost and predicted precision.

use std::collections::BTreeSet;

use super::cost::{Amounts, CostLine, estimate};
use super::design::{Design, Site, design};
use super::sample_size::{for_mean, for_threshold};
use super::study::{
    HoleCounts, Objective, PlannedHole, Precision, SampleMass, Study, StudyError, StudyRequest,
};
use crate::chance::distribution::normal_quantile;

/// Holes beyond which no design is searched.
const MOST_HOLES: usize = 400;
/// No sample is cut shorter, m.
const SHORTEST_SAMPLE_M: f64 = 0.05;

/// Plans a study.
pub fn plan(request: &StudyRequest, costs: &[CostLine]) -> Result<Study, StudyError> {
    check(request)?;
    check_options(request, costs)?;
    let site = Site::new(request)?;
    let counts = count_holes(request, &site)?;
    let improved = design(&site, request, counts.chosen, true)?;
    let holes = holes(request, &improved);
    let metres: f64 = holes.iter().map(|h| h.depth_m).sum();
    let samples = request.insertions.counts(holes.iter().map(|h| h.samples).sum());
    let mass = match &request.material {
        Some(material) => Some(SampleMass {
            minimum_g: material.minimum_mass_g(request.sampling_error).map_err(numbers)?,
            error_of_one_kg: material.relative_deviation(1000.0, f64::INFINITY).map_err(numbers)?,
        }),
        None => None,
    };
    let amounts = Amounts {
        strata: request.strata.len(),
        holes: holes.len(),
        metres,
        analyses: samples.analyses(),
        umpire: samples.umpire,
        composites: request.composites_per_stratum * request.strata.len(),
        days: (metres / request.metres_per_day).ceil() as usize + 1,
        persons: request.persons,
    };
    let grade_variance = grade_variance(request, &site, &improved, samples.primary);
    let at = |confidence| precision(request, &site, &improved, grade_variance, confidence);
    Ok(Study {
        body: request.body.clone(),
        level: request.level,
        precision: vec![at(0.80), at(request.confidence)],
        information: request
            .decision
            .map(|d| d.information(grade_variance * d.prior_mean * d.prior_mean)),
        cost: estimate(costs, &request.options, request.level, &amounts, request.contingency),
        assumptions: assumptions(request),
        counts,
        metres,
        samples,
        mass,
        holes,
    })
}

fn count_holes(request: &StudyRequest, site: &Site) -> Result<HoleCounts, StudyError> {
    let fewest = request.fewest_per_stratum * request.strata.len();
    let variation = site.pooled_variation();
    let half_width = match request.objective {
        Objective::MeanGrade { half_width } | Objective::ZoneMap { half_width } => Some(half_width),
        Objective::Threshold { .. } | Objective::Decide => None,
    };
    let classical = half_width
        .map(|e| for_mean(variation, e, request.confidence))
        .transpose()
        .map_err(numbers)?;
    let spatial = match half_width {
        Some(e) => search(request, site, e)?,
        None => None,
    };
    let threshold = match request.objective {
        Objective::Threshold { difference, alpha, beta } => {
            Some(for_threshold(variation, difference, alpha, beta).map_err(numbers)?)
        }
        _ => None,
    };
    let information = request.decision.map(|d| d.best(MOST_HOLES));
    let alone = format!("{} holes per stratum", request.fewest_per_stratum);
    let (wanted, argument) = match (request.holes, request.objective) {
        (Some(holes), _) => (holes, "the number asked for"),
        (None, Objective::Threshold { .. }) => (threshold.unwrap_or(fewest), "the threshold test"),
        (None, Objective::Decide) => match information {
            None => return Err(StudyError::NoDecision),
            Some(campaign) => (campaign.holes, "the value of information"),
        },
        (None, _) => match (spatial, classical) {
            (Some(n), _) => (n, "the spatial design"),
            (None, Some(n)) => (n, "independent samples; no spatial design reached the target"),
            (None, None) => (fewest, alone.as_str()),
        },
    };
    let floor = if request.holes.is_some() { request.strata.len() } else { fewest };
    let chosen = wanted.clamp(floor, MOST_HOLES.max(floor));
    let reason = match chosen.cmp(&wanted) {
        std::cmp::Ordering::Greater => format!("{chosen}: at least {floor} for the strata"),
        std::cmp::Ordering::Less => format!("{chosen}: the most that is searched for"),
        std::cmp::Ordering::Equal => format!("{chosen}: {argument}"),
    };
    Ok(HoleCounts { classical, threshold, spatial, information, fewest, chosen, reason })
}

/// Smallest number of holes whose coverage design reaches the half-width, by bisection.
fn search(
    request: &StudyRequest,
    site: &Site,
    half_width: f64,
) -> Result<Option<usize>, StudyError> {
    let z = normal_quantile(0.5 + 0.5 * request.confidence);
    let reaches = |n: usize| -> Result<bool, StudyError> {
        let design = design(site, request, n, false)?;
        Ok(z * site.grade_variance(&design).sqrt() <= half_width)
    };
    let (mut low, mut high) = (0, request.strata.len());
    while !reaches(high)? {
        if high >= MOST_HOLES {
            return Ok(None);
        }
        low = high;
        high = (2 * high).min(MOST_HOLES);
    }
    while high - low > 1 {
        let middle = (low + high) / 2;
        if reaches(middle)? { high = middle } else { low = middle }
    }
    Ok(Some(high))
}

fn holes(request: &StudyRequest, design: &Design) -> Vec<PlannedHole> {
    let placed = request
        .strata
        .iter()
        .zip(&design.places)
        .flat_map(|(stratum, places)| places.iter().map(move |place| (stratum, *place)));
    placed
        .enumerate()
        .map(|(k, (stratum, place))| {
            let depth_m = stratum.thickness_m + request.below_base_m;
            PlannedHole {
                name: format!("{}-{:02}", request.body, k + 1),
                stratum: stratum.name.clone(),
                place,
                depth_m,
                // A whisker off, so that 9.0/1.0 is nine samples whatever the last bit.
                samples: (depth_m / request.interval_m - 1e-9).ceil() as usize,
            }
        })
        .collect()
}

/// Relative variance of the mean grade: space, sampling, preparation and analysis.
fn grade_variance(request: &StudyRequest, site: &Site, design: &Design, samples: usize) -> f64 {
    let sampling = request.material.map_or(0.0, |_| request.sampling_error);
    let each = sampling.powi(2) + request.analytical_error.powi(2);
    site.grade_variance(design) + each / samples.max(1) as f64
}

fn precision(
    request: &StudyRequest,
    site: &Site,
    design: &Design,
    grade_variance: f64,
    confidence: f64,
) -> Precision {
    let z = normal_quantile(0.5 + 0.5 * confidence);
    let tonnage = request.thickness_variation.powi(2) * site.shape_variance(design)
        + request.density_error.powi(2)
        + request.area_error.powi(2);
    let holes = design.places.iter().map(Vec::len).sum::<usize>() + request.existing.len();
    Precision {
        confidence,
        grade: z * grade_variance.sqrt(),
        grade_independent: z * site.pooled_variation() / (holes as f64).sqrt(),
        tonnage: z * tonnage.sqrt(),
        contained: z * (grade_variance + tonnage).sqrt(),
    }
}

fn assumptions(request: &StudyRequest) -> Vec<String> {
    let v = &request.variogram;
    vec![
        format!(
            "hole grades: nugget {:.0} % of the sill, range {} m; a shorter range needs more holes",
            100.0 * v.nugget,
            v.range
        ),
        "one sill of grade for all strata, each with its own coefficient of variation".into(),
        format!(
            "at least {} holes per stratum and {:.0} % contingency on the costs: choices, not measured",
            request.fewest_per_stratum,
            100.0 * request.contingency
        ),
        "errors of grade and tonnage are independent".into(),
        "intervals are normal; skewed grades have longer upper ends".into(),
    ]
}

/// Whether the cost list knows the options, where it has any.
fn check_options(request: &StudyRequest, costs: &[CostLine]) -> Result<(), StudyError> {
    let known: BTreeSet<&str> =
        costs.iter().map(|c| c.option.as_str()).filter(|o| !o.is_empty()).collect();
    let unknown = request.options.iter().find(|o| !known.contains(o.as_str()));
    match unknown.filter(|_| !known.is_empty()) {
        Some(unknown) => Err(StudyError::Option {
            unknown: unknown.clone(),
            known: known.into_iter().collect::<Vec<_>>().join(", "),
        }),
        None => Ok(()),
    }
}

fn check(request: &StudyRequest) -> Result<(), StudyError> {
    let range = |what: &str, rule| Err(StudyError::Range { what: what.into(), rule });
    let v = &request.variogram;
    if request.strata.is_empty() {
        return range("the number of strata", "at least one");
    }
    if !((0.0..=1.0).contains(&v.nugget) && v.range > 0.0 && v.range.is_finite()) {
        return range("the variogram", "a nugget from 0 to 1 and a range above zero");
    }
    if !(request.confidence > 0.0 && request.confidence < 1.0) {
        return range("the confidence", "between 0 and 1");
    }
    if request.holes.is_some_and(|holes| !(1..=MOST_HOLES).contains(&holes)) {
        return range("the number of holes", "from 1 to 400");
    }
    if request.interval_m < SHORTEST_SAMPLE_M {
        return range("the sample length", "a number of metres, 0.05 or more");
    }
    let mut positive = vec![
        ("the sample length", request.interval_m),
        ("the metres per day", request.metres_per_day),
    ];
    for stratum in &request.strata {
        positive.push(("the thickness of every stratum", stratum.thickness_m));
        positive.push(("the variation of every stratum", stratum.variation));
    }
    if let Some((what, _)) = positive.into_iter().find(|(_, x)| !(*x > 0.0 && x.is_finite())) {
        return range(what, "a number above zero");
    }
    let errors = [
        ("the depth below the base", request.below_base_m),
        ("the sampling error", request.sampling_error),
        ("the analytical error", request.analytical_error),
        ("the variation of thickness", request.thickness_variation),
        ("the error of density", request.density_error),
        ("the error of area", request.area_error),
    ];
    if let Some((what, _)) = errors.into_iter().find(|(_, x)| !(*x >= 0.0 && x.is_finite())) {
        return range(what, "a number from zero up");
    }
    Ok(())
}

fn numbers(error: impl std::fmt::Display) -> StudyError {
    StudyError::Numbers(error.to_string())
}
