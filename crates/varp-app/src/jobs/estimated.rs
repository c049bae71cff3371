//! What a profile takes from the estimate that stands, and what people decide of estimates.

use varp_engine::estimate::{Basis, EstimationPlan, GradeFrom};
use varp_engine::profile::{EstimatedBody, EstimatedProduct, Figure};
use varp_engine::rank::table::Evidence;
use varp_model::{
    BodyId, Decision, References, ResultId, ResultKind, Standing, Substance, Visibility,
};
use varp_store::{Store, StoreError};

use super::estimate::StandingEstimate;
use super::estimate::document::{Product, Statement};

/// Records a step that a person takes with the newest estimate of a body; `decision` is told which.
///
/// # Errors
/// If the body has no stored estimate, or the step may not follow the one before.
pub fn decide_estimate(
    store: &dyn Store,
    body: BodyId,
    decision: impl FnOnce(ResultId) -> Decision,
) -> Result<ResultId, StoreError> {
    let records = store.results_of(Some(body), ResultKind::Estimate, Visibility::Private)?;
    let refuse = |why: String| Err(StoreError::Refused(why));
    let Some(newest) = records.first() else {
        return refuse(format!("body {body} has no stored estimate; run varp estimate first"));
    };
    let result = newest.result.id();
    let decision = decision(result);
    if decision.standing == Standing::Adopted && decision.capacity.trim().is_empty() {
        let why =
            "an estimate is adopted by a competent person: say in which capacity (--capacity)";
        return refuse(why.into());
    }
    store.add_decision(&decision)?;
    Ok(result)
}

/// What an estimate says; `None` where this program cannot read its plan.
pub fn estimated_body(
    StandingEstimate { record, document }: &StandingEstimate,
    references: &References,
) -> Option<EstimatedBody> {
    let plan = EstimationPlan::parse(&record.result.plan).ok()?;
    let statement = &document.statement;
    let result = record.result.id().to_string();
    let how = |what: &str| format!("estimate {result} of {}: {what}", statement.effective);
    let mass = Figure::of_interval(
        statement.mass_t,
        None,
        mass_evidence(&plan, statement),
        how(&statement.method),
    );
    let density = plan.mass.density().zip(statement.density).map(|(from, interval)| {
        let evidence = evidence(if from.is_measured() { Basis::Measured } else { weakest(&plan) });
        Figure::of_interval(interval, None, evidence, how("density"))
    });
    let product = |p: &Product| {
        let evidence = grade_evidence(&plan, &p.substance);
        let seen = p
            .sampled
            .as_ref()
            .map_or(0, |s| s.samples + s.left_out.iter().map(|(_, count)| count).sum::<u64>());
        let words = how(&p.method);
        let contained = p.contained_mean_t;
        Some(EstimatedProduct {
            substance: Substance::parse(&p.substance, references).ok()?,
            grade: Figure::of_interval(p.grade, None, evidence, words.clone()),
            contained_t: Figure::of_interval(p.contained_t, contained, evidence, words),
            assays: usize::try_from(seen).ok()?,
        })
    };
    (mass.best > 0.0).then(|| EstimatedBody {
        result: result.clone(),
        mass_t: mass,
        density,
        products: statement
            .products
            .iter()
            .filter_map(product)
            .filter(|p| p.grade.best > 0.0)
            .collect(),
    })
}

fn evidence(basis: Basis) -> Evidence {
    match basis {
        Basis::Measured => Evidence::Measured,
        Basis::Records => Evidence::Derived,
        Basis::Analogue => Evidence::Prior,
    }
}

fn weakest(plan: &EstimationPlan) -> Basis {
    plan.mass.grounds().iter().map(|(_, basis)| *basis).max().unwrap_or(Basis::Measured)
}

/// Of the mass: a prior where analogues give more than half of its variance, as for every figure.
fn mass_evidence(plan: &EstimationPlan, statement: &Statement) -> Evidence {
    let grounds = plan.mass.grounds();
    let analogue = |name: &String| {
        grounds.iter().any(|(ground, basis)| ground == name && *basis == Basis::Analogue)
    };
    let shares = statement.mass_shares.iter();
    let assumed: f64 = shares.filter(|(name, _)| analogue(name)).map(|(_, share)| share).sum();
    match weakest(plan) {
        Basis::Measured => Evidence::Measured,
        Basis::Analogue if assumed > 0.5 => Evidence::Prior,
        Basis::Records | Basis::Analogue => Evidence::Derived,
    }
}

fn grade_evidence(plan: &EstimationPlan, substance: &str) -> Evidence {
    match plan.products.iter().find(|p| p.substance == substance).map(|p| &p.grade) {
        Some(GradeFrom::Stated(quantity)) => evidence(quantity.basis),
        Some(GradeFrom::Samples(_)) => Evidence::Measured,
        Some(GradeFrom::Analogues(_)) => Evidence::Prior,
        None => Evidence::Derived, // a balance of what was milled
    }
}
