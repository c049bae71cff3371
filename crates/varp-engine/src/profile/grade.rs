//! Grades of a body: what sources state, what samples found, and what both say together.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use varp_model::{Element, Measured, References, Substance};

use super::figure::Figure;
use super::knowledge::Knowledge;
use super::{BodyRecord, Measurement, statement};
use crate::pilot::update::{Belief, Update};
use crate::rank::table::Evidence;

/// Holes whose spread is taken for that of the body.
const ENOUGH_HOLES: usize = 5;
/// Name of the defaults for the spread of grades.
const SPREAD: &str = "variation of grade between holes";

/// Grade of one element.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grade {
    /// kg per kg, from all that is known.
    pub figure: Figure,
    /// Contained tonnes of the element, where a stored estimate states them.
    pub contained_t: Option<Figure>,
    /// How samples moved what sources state, where there are both or samples alone.
    pub samples: Option<GradeUpdate>,
}

/// Samples against statements.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GradeUpdate {
    /// Holes, or single samples where there are no holes.
    pub holes: usize,
    /// Assays.
    pub assays: usize,
    /// Of them below a limit, counted at half of it.
    pub below: usize,
    /// What the samples alone say: mean of the holes.
    pub data: Figure,
    /// Coefficient of variation between holes.
    pub between_holes: f64,
    /// What was stated before them.
    pub before: Option<Figure>,
    /// Normal update of ln grade, where something was stated before.
    pub update: Option<Update>,
}

/// Grades by element symbol.
pub fn grades(
    record: &BodyRecord,
    known: &Knowledge,
    references: &References,
) -> BTreeMap<String, Grade> {
    let stated = stated_grades(record, known, references);
    let estimated = record.estimate.as_ref().map_or(Vec::new(), |e| e.elements(references));
    let measured = record.measurements.iter().map(|m| m.element.clone());
    let names: BTreeSet<String> = stated.keys().cloned().chain(measured).chain(estimated).collect();
    let grade = |element: &str| {
        let before = stated.get(element).cloned();
        grade_of(record, element, before, known, references)
    };
    names.into_iter().filter_map(|name| Some((name.clone(), grade(&name)?))).collect()
}

/// The grade of the stored estimate. Assays that it did not know of move it where it knew of none;
/// where it knew of some, they stand with what sources state until the body is estimated again.
fn grade_of(
    record: &BodyRecord,
    element: &str,
    stated: Option<Figure>,
    known: &Knowledge,
    references: &References,
) -> Option<Grade> {
    let assays = record.measurements.iter().filter(|m| m.element == element).count();
    let estimated = record.estimate.as_ref().and_then(|e| e.of_element(element, references));
    let (before, current) = match estimated {
        Some(product) if product.assays >= assays => (stated, Some(product)),
        Some(product) if product.assays == 0 => (Some(product.grade), None),
        _ => (stated, None),
    };
    let found = from_samples(record, element, before.clone(), known);
    let (figure, samples) = match found {
        Some((figure, samples)) => (Some(figure), Some(samples)),
        None => (before, None),
    };
    match current {
        Some(product) => {
            Some(Grade { figure: product.grade, contained_t: Some(product.contained_t), samples })
        }
        None => Some(Grade { figure: figure?, contained_t: None, samples }),
    }
}

/// Stated grades of elements; oxides are counted as their element.
fn stated_grades(
    record: &BodyRecord,
    known: &Knowledge,
    references: &References,
) -> BTreeMap<String, Figure> {
    let unstated = known.spread("grade");
    let mut codes: BTreeMap<&str, (Element, f64)> = BTreeMap::new();
    for claim in record.claims.iter().filter(|c| c.property == "grade") {
        let Some(substance) = &claim.substance else { continue };
        if let Some(found) = element_of(substance, references) {
            codes.insert(substance.code(), found);
        }
    }
    let mut grades = BTreeMap::new();
    for (code, (element, share)) in codes {
        if let Some(figure) = statement::figure(&record.claims, "grade", Some(code), unstated) {
            grades.entry(element.symbol().to_owned()).or_insert_with(|| figure.times(share));
        }
    }
    grades
}

/// The element that a substance is counted as, and its mass share: an element, or a compound of
/// one element with oxygen.
pub fn element_of(substance: &Substance, references: &References) -> Option<(Element, f64)> {
    match substance {
        Substance::Element(element) => Some((*element, 1.0)),
        Substance::Compound(formula) => {
            let oxygen = Element::from_symbol("O")?;
            let mut others = formula.atoms().iter().filter(|(e, _)| *e != oxygen);
            let (element, _) = others.next()?;
            if others.next().is_some() {
                return None;
            }
            Some((*element, formula.fraction_of(*element, references)?))
        }
        Substance::Mineral(_) | Substance::Defined(_) => None,
    }
}

fn from_samples(
    record: &BodyRecord,
    element: &str,
    before: Option<Figure>,
    known: &Knowledge,
) -> Option<(Figure, GradeUpdate)> {
    let assays: Vec<&Measurement> =
        record.measurements.iter().filter(|m| m.element == element).collect();
    let holes = hole_means(&assays);
    let n = holes.len();
    let mean = holes.iter().sum::<f64>() / n.max(1) as f64;
    if n == 0 || mean <= 0.0 {
        return None;
    }
    let between = if n >= ENOUGH_HOLES {
        spread(&holes, mean)
    } else {
        let prior = default_variation(record, Some(element), known).best;
        if n > 1 { spread(&holes, mean).max(prior) } else { prior }
    };
    let variation = between / (n as f64).sqrt();
    let how = format!("mean of {n} holes, {} assays", assays.len());
    let data = Figure::new(mean, variation, Evidence::Measured, how);
    let update = before.as_ref().map(|b| belief(b).update(belief(&data)));
    let figure = match &update {
        None => data.clone(),
        Some(update) => after(update, n),
    };
    let below = assays.iter().filter(|m| matches!(m.content, Measured::Below(_))).count();
    let assays = assays.len();
    Some((
        figure,
        GradeUpdate { holes: n, assays, below, data, between_holes: between, before, update },
    ))
}

fn belief(figure: &Figure) -> Belief {
    // A figure without spread still is not certain; one per cent keeps the update defined.
    Belief::of_logarithm(figure.best, figure.variation.max(0.01))
}

/// The posterior as a figure: mean and variation of the lognormal.
fn after(update: &Update, holes: usize) -> Figure {
    let Belief { mean, deviation } = update.posterior;
    let variance = deviation * deviation;
    let best = libm::exp(mean + 0.5 * variance);
    let how = format!(
        "{holes} holes weigh {:.0} %, what was stated before the rest",
        100.0 * update.weight_of_data
    );
    Figure::new(best, libm::expm1(variance).sqrt(), Evidence::Measured, how)
}

/// Mean content of each hole, by sample length; samples without a hole stand for themselves.
/// Values below a limit count half of it, values above one count as it.
fn hole_means(assays: &[&Measurement]) -> Vec<f64> {
    let mut holes: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for m in assays {
        let content = match m.content {
            Measured::Exact(x) | Measured::Above(x) => x,
            Measured::Below(limit) => 0.5 * limit,
        };
        let key = m.hole.map_or_else(|| format!("sample {}", m.sample), |h| h.to_string());
        let length = m.from_m.zip(m.to_m).map_or(1.0, |(from, to)| (to - from).max(0.0));
        let sum = holes.entry(key).or_default();
        sum.0 += content * length;
        sum.1 += length;
    }
    holes
        .into_values()
        .filter(|(_, length)| *length > 0.0)
        .map(|(sum, length)| sum / length)
        .collect()
}

fn spread(values: &[f64], mean: f64) -> f64 {
    let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
    (squares / (values.len() - 1) as f64).sqrt() / mean
}

fn default_variation(record: &BodyRecord, element: Option<&str>, known: &Knowledge) -> Figure {
    let item = match element {
        Some("Au") => "gold",
        _ => &known.bulk_of(&record.body.kind.0).variation_item,
    };
    known.default_of(SPREAD, item).expect("a test holds the tables together")
}

/// Coefficient of variation of the main element between holes: of the holes, or a default.
pub fn hole_variation(record: &BodyRecord, main: Option<&str>, known: &Knowledge) -> Figure {
    let assays: Vec<&Measurement> =
        record.measurements.iter().filter(|m| Some(m.element.as_str()) == main).collect();
    let holes = hole_means(&assays);
    let mean = holes.iter().sum::<f64>() / holes.len().max(1) as f64;
    if holes.len() >= ENOUGH_HOLES && mean > 0.0 {
        let how = format!("spread of {} holes", holes.len());
        let error = 1.0 / (2.0 * (holes.len() - 1) as f64).sqrt();
        return Figure::new(spread(&holes, mean), error, Evidence::Measured, how);
    }
    default_variation(record, main, known)
}
