//! Grades from the samples of the body: which substances have enough of them, and by which method.

use std::collections::{BTreeMap, BTreeSet};

use varp_model::QaRole;

use super::milled::{apart, books};
use super::reading::{Reader, middle, number};
use super::zones::{Zones, zones};
use super::{Choice, Evidence};
use crate::estimate::{GradeFrom, Laid, PlannedProduct, SampleMethod, SamplePlan, Taken};

/// Fewest samples of a substance that make an estimate of their own.
pub(super) const FEWEST_SAMPLES: usize = 3;
/// Fewest holes and places.
pub(super) const FEWEST_PLACES: usize = 2;
/// Fewest holes for blocks; with fewer the mean of holes says as much.
const FEWEST_FOR_BLOCKS: usize = 12;
/// Composites that a block sees.
const NEIGHBOURS: usize = 16;

/// What is known of the samples of one substance.
#[derive(Default)]
struct Count {
    samples: usize,
    places: BTreeSet<String>,
    lengths: Vec<f64>,
}

/// Products that samples can speak for, in the order of their substances.
pub(super) fn products(
    evidence: &Evidence<'_>,
    reader: &Reader<'_>,
) -> Vec<(Choice, PlannedProduct)> {
    let kind = evidence.body.kind.0.as_str();
    let variability = match reader.shipped.variability(kind) {
        Ok(_) => kind,
        Err(_) => "tailings",
    };
    let laid = laid(evidence);
    counts(evidence)
        .into_iter()
        .filter(|(_, c)| c.samples >= FEWEST_SAMPLES && c.places.len() >= FEWEST_PLACES)
        .map(|(substance, count)| {
            let blocks = evidence.data.outline.is_some() && count.places.len() >= FEWEST_FOR_BLOCKS;
            let (method, composite_m) = if blocks {
                (SampleMethod::Kriging { neighbours: NEIGHBOURS }, Some(composite(&count.lengths)))
            } else {
                (SampleMethod::Mean, None)
            };
            let zones = zones(evidence, &substance);
            let plan = SamplePlan {
                by_zone: matches!(zones, Zones::Apart(_)),
                method,
                composite_m,
                variability: variability.to_owned(),
                laid: laid.clone(),
                ..SamplePlan::default()
            };
            let mut choice = choice(&substance, &count, &plan, evidence.data.outline.is_some());
            if let Zones::Apart(why) | Zones::Together(why) = zones {
                choice.because = format!("{}; {why}", choice.because);
            }
            (choice, PlannedProduct { substance, grade: GradeFrom::Samples(plan) })
        })
        .collect()
}

/// Ore milled by periods for this pond alone, the oldest first: what was laid down when.
fn laid(evidence: &Evidence<'_>) -> Vec<Laid> {
    if evidence.body.kind.0 != "tailings" || !evidence.alone {
        return Vec::new();
    }
    let mut parts: Vec<(varp_model::PartialDate, Laid)> = apart(books(evidence))
        .into_iter()
        .filter_map(|claim| {
            let period = claim.period?;
            let amount = number(claim).and_then(middle)?;
            Some((period.start?, Laid { years: period.to_string(), amount }))
        })
        .collect();
    if parts.len() < 2 {
        return Vec::new();
    }
    parts.sort_by_cached_key(|(start, _)| start.to_string());
    parts.into_iter().map(|p| p.1).collect()
}

fn choice(substance: &str, count: &Count, plan: &SamplePlan, outlined: bool) -> Choice {
    let why = match (plan.method, outlined) {
        (SampleMethod::Mean, false) => {
            "the body has no outline: the declustered mean of holes with the interval that their \
             continuity gives"
        }
        (SampleMethod::Mean, true) => {
            "few holes: the declustered mean of holes with the interval that their continuity gives"
        }
        _ => "enough holes inside an outline for blocks by ordinary kriging",
    };
    let chosen = format!("{} samples at {} places", count.samples, count.places.len());
    let because =
        format!("{why}; values below a limit are drawn below it, none is put in their place");
    Choice::of(format!("grade of {substance}"), chosen, because)
}

fn counts(evidence: &Evidence<'_>) -> BTreeMap<String, Count> {
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    for sample in evidence.data.samples.iter().filter(|s| s.role == QaRole::Original) {
        let (place, length) = match &sample.taken {
            Taken::Interval { hole, from_m, to_m } => (hole.clone(), to_m - from_m),
            Taken::Place { at, from_m, to_m } => {
                (format!("{:.0} {:.0}", at[0], at[1]), to_m - from_m)
            }
        };
        let own: BTreeSet<&str> = sample.assays.iter().map(|a| a.substance.as_str()).collect();
        for substance in own {
            let count = counts.entry(substance.to_owned()).or_default();
            count.samples += 1;
            count.places.insert(place.clone());
            count.lengths.push(length);
        }
    }
    counts
}

/// Length of composites: the usual length of samples, at least half a metre.
fn composite(lengths: &[f64]) -> f64 {
    let mut lengths: Vec<f64> = lengths.iter().copied().filter(|l| *l > 0.0).collect();
    lengths.sort_by(f64::total_cmp);
    lengths.get(lengths.len() / 2).copied().unwrap_or(1.0).max(0.5)
}
