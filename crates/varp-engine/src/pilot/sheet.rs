//! The sheet of a pilot: study, places, precision, class, gates and what becomes of the material.

use serde::Serialize;
use varp_model::{LonLat, References};

use super::class::{ClassEffect, effect};
use super::cost::CostLine;
use super::gates::{Branch, GateFacts, TREE, Verdict, judge};
use super::plan::plan;
use super::polygon::Point;
use super::request::{Basis, Prepared, RequestError, Wishes, prepare};
use super::study::{Study, StudyError};
use crate::chance::distribution::normal_probability;
use crate::circularity::scenario::{Fates, WaysDocument, fates};
use crate::classify::{Dossier, RuleSet};
use crate::profile::{BodyRecord, GradeUpdate, Knowledge, Profile};

/// A planned hole with its place in degrees.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HolePlace {
    /// Name.
    pub name: String,
    /// Stratum.
    pub stratum: String,
    /// Degrees east and north; absent where nobody knows where the body is.
    pub degrees: Option<(f64, f64)>,
    /// Metres in the system of the sheet.
    pub east_m: f64,
    /// Metres in the system of the sheet.
    pub north_m: f64,
    /// Depth, m.
    pub depth_m: f64,
    /// Samples.
    pub samples: usize,
}

/// What the map of a sheet shows, metres in the system of the sheet.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Drawing {
    /// Outlines of the strata.
    pub outlines: Vec<Vec<Point>>,
    /// Areas that must not be drilled.
    pub no_go: Vec<Vec<Point>>,
    /// Places sampled before.
    pub existing: Vec<Point>,
}

/// What new samples did to a grade.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GradeNews {
    /// Element symbol.
    pub element: String,
    /// Before, data, after.
    pub update: GradeUpdate,
    /// Grade now: low, best, high, kg/kg.
    pub now: (f64, f64, f64),
}

/// Under which dataset and key the register knows a body: by it, field work finds back.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OriginKey {
    /// Dataset.
    pub dataset: String,
    /// Key in it.
    pub key: String,
}

/// The sheet.
#[derive(Clone, Debug, Serialize)]
pub struct Sheet {
    /// What to see first.
    pub headline: String,
    /// How the register knows the body.
    pub origin: OriginKey,
    /// The body in numbers.
    pub profile: Profile,
    /// What the study rests on.
    pub rests_on: Vec<Basis>,
    /// The study.
    pub study: Study,
    /// EPSG code of its plane; absent where metres count from the middle of the body.
    pub epsg: Option<u16>,
    /// Holes with places.
    pub holes: Vec<HolePlace>,
    /// For the map.
    pub drawing: Drawing,
    /// Tests of this level, by name.
    pub tests: Vec<String>,
    /// Class before and after.
    pub class: Option<ClassEffect>,
    /// Gates as they stand today.
    pub verdict: Verdict,
    /// The decision tree.
    pub tree: Vec<Branch>,
    /// What samples did to the grades.
    pub news: Vec<GradeNews>,
    /// What may become of the material.
    pub fates: Vec<Fates>,
    /// Why there are none, where there are none.
    pub no_fates: Option<String>,
    /// Version of the scenarios.
    pub scenarios_version: String,
}

/// What a sheet is made with.
#[derive(Clone, Copy, Debug)]
pub struct Means<'a> {
    /// Reference data of profiles.
    pub known: &'a Knowledge,
    /// Reference data of substances.
    pub references: &'a References,
    /// Unit costs.
    pub costs: &'a [CostLine],
    /// Ways to treat a body.
    pub ways: &'a WaysDocument,
    /// Classification rules.
    pub rules: &'a RuleSet,
}

/// Why there is no sheet.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SheetError {
    /// The request.
    #[error(transparent)]
    Request(RequestError),
    /// The study.
    #[error(transparent)]
    Study(StudyError),
}

/// Draws up the sheet of one body.
///
/// # Errors
/// If the body has no place or size, or no hole can be placed.
pub fn sheet(
    record: &BodyRecord,
    dossier: &Dossier,
    means: &Means<'_>,
    wishes: &Wishes,
) -> Result<Sheet, SheetError> {
    let profile = Profile::of(record, means.known, means.references);
    let prepared = prepare(record, &profile, means.known, wishes).map_err(SheetError::Request)?;
    let study = plan(&prepared.request, means.costs).map_err(SheetError::Study)?;
    let class = effect(&profile, &study, dossier, means.rules, means.known);
    let all: Result<Vec<Fates>, _> =
        means.ways.scenarios.iter().map(|way| fates(&profile, way, means.known)).collect();
    let (fates, no_fates) = match all {
        Ok(fates) => (fates, None),
        Err(error) => (Vec::new(), Some(error.to_string())),
    };
    let verdict = judge(&gate_facts(&profile, means.known));
    let level = study.level;
    let tests = means.costs.iter().filter(|l| l.heading == "tests" && l.from_level <= level);
    Ok(Sheet {
        headline: headline(&study, &class),
        origin: OriginKey {
            dataset: record.body.origin.dataset.0.clone(),
            key: record.body.origin.key.clone(),
        },
        tests: tests.map(|l| l.item.clone()).collect(),
        holes: places(&study, &prepared).map_err(SheetError::Request)?,
        drawing: Drawing {
            outlines: prepared.request.strata.iter().map(|s| s.outline.clone()).collect(),
            no_go: prepared.request.no_go.clone(),
            existing: prepared.request.existing.clone(),
        },
        epsg: prepared.ground.map(|ground| ground.crs.epsg()),
        rests_on: prepared.rests_on,
        news: news(&profile),
        class,
        verdict,
        tree: TREE.to_vec(),
        fates,
        no_fates,
        scenarios_version: means.ways.version.clone(),
        study,
        profile,
    })
}

fn headline(study: &Study, class: &Option<ClassEffect>) -> String {
    let last = study.precision.last().expect("a study states its precision");
    let class = class.as_ref().map_or(String::new(), |c| {
        if c.today == c.expected {
            format!("; the computed class stays {}", c.today)
        } else {
            format!("; computed class {} to {}", c.today, c.expected)
        }
    });
    format!(
        "{} holes, {:.0} m, {:.0} k€ ({:.0} to {:.0}): mean grade ±{:.0} % at {:.0} %{class}",
        study.holes.len(),
        study.metres,
        study.cost.best / 1e3,
        study.cost.low / 1e3,
        study.cost.high / 1e3,
        100.0 * last.grade,
        100.0 * last.confidence
    )
}

fn places(study: &Study, prepared: &Prepared) -> Result<Vec<HolePlace>, RequestError> {
    let points: Vec<Point> = study.holes.iter().map(|h| h.place).collect();
    let wrong = |e: varp_model::PlaceError| RequestError::Place(e.to_string());
    let places: Vec<Option<LonLat>> = match &prepared.ground {
        Some(ground) => ground.places(&points).map_err(wrong)?.into_iter().map(Some).collect(),
        None => vec![None; points.len()],
    };
    let place = |(hole, at): (&super::study::PlannedHole, &Option<LonLat>)| HolePlace {
        name: hole.name.clone(),
        stratum: hole.stratum.clone(),
        degrees: at.map(|p| (p.longitude(), p.latitude())),
        east_m: hole.place.0,
        north_m: hole.place.1,
        depth_m: hole.depth_m,
        samples: hole.samples,
    };
    Ok(study.holes.iter().zip(&places).map(place).collect())
}

fn news(profile: &Profile) -> Vec<GradeNews> {
    let one = |(element, grade): (&String, &crate::profile::Grade)| {
        let update = grade.samples.clone()?;
        let f = &grade.figure;
        Some(GradeNews { element: element.clone(), update, now: (f.low, f.best, f.high) })
    };
    profile.grades.iter().filter_map(one).collect()
}

/// What the gates can see before the study: chances at screening, nothing of tests and consent.
fn gate_facts(profile: &Profile, known: &Knowledge) -> GateFacts {
    let cost = known.default_of("operating", "small Nordic plant, all in");
    let chance = profile.smelter_return.as_ref().zip(cost.as_ref()).map(|(value, cost)| {
        let spread = libm::hypot(value.best * value.variation, cost.best * cost.variation);
        normal_probability((value.best - cost.best) / spread.max(1e-12))
    });
    GateFacts {
        chance_positive: chance,
        chance_positive_at_plan_prices: chance,
        next_information: profile.decision(known).map(|d| d.perfect_information()),
        planned_recovery_low: profile.main_product().map(|p| p.recovery.low),
        ..GateFacts::default()
    }
}
