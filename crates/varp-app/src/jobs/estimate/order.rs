//! An estimate that a stranger orders: public records only, within bounds, never trusted.

use serde::Deserialize;
use serde_json::Value;
use varp_engine::estimate::{EstimateError, EstimationPlan, GradeFrom, MassFrom, SampleMethod};
use varp_engine::planning::{Terms, plan_text};
use varp_geostat::progress::Progress;
use varp_model::{BodyId, References, Visibility, parse_uuid};
use varp_store::Store;

use super::{
    Evaluated, Gathered, JobError, PlanFiles, Surroundings, evaluate, gather_in, proposal,
    surroundings,
};

/// What is ordered: a body of the register, a plan, or both.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Id of a public body.
    #[serde(default)]
    pub body: Option<String>,
    /// The plan, as the text of TOML or as the same in JSON; without it one is proposed.
    #[serde(default)]
    pub plan: Option<Value>,
    /// Seed of a proposed plan.
    #[serde(default)]
    pub seed: Option<u64>,
    /// Number of draws of a proposed plan.
    #[serde(default)]
    pub draws: Option<usize>,
}

/// Fewest and most draws that a stranger may ask for.
pub const DRAWS: std::ops::RangeInclusive<usize> = 100..=100_000;
/// Most products of a plan.
const MOST_PRODUCTS: usize = 40;
/// Most periods of a plan.
const MOST_PERIODS: usize = 100;
/// Most realisations of a simulation.
const MOST_REALISATIONS: usize = 200;
/// Most composites that a block may see.
const MOST_NEIGHBOURS: usize = 64;
/// Least edge of a block, metres.
const LEAST_BLOCK: [f64; 3] = [2.0, 2.0, 0.5];

/// Why an order is not carried out.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// It cannot be meant, or goes beyond the bounds.
    #[error("{0}")]
    Bad(String),
    /// There is no such public body.
    #[error("there is no public body {0}")]
    NoBody(String),
    /// It was stopped.
    #[error("stopped")]
    Stopped,
    /// The register failed.
    #[error(transparent)]
    Store(#[from] varp_store::StoreError),
}

impl From<JobError> for OrderError {
    fn from(error: JobError) -> Self {
        match error {
            JobError::Store(error) => Self::Store(error),
            JobError::NoBody(id) => Self::NoBody(id),
            JobError::Estimate(EstimateError::Cancelled) => Self::Stopped,
            other => Self::Bad(other.to_string()),
        }
    }
}

/// What came of an order.
#[derive(Debug)]
pub struct Ordered {
    /// The result.
    pub evaluated: Evaluated,
    /// The document: the bytes that the same order gives again.
    pub document: String,
    /// Whether varp made the plan itself, from public records alone.
    pub proposed: bool,
}

impl Order {
    /// Reads an order.
    ///
    /// # Errors
    /// If it names what does not exist, or goes beyond the bounds.
    pub fn parse(inputs: &Value) -> Result<Self, OrderError> {
        let order: Self = serde_json::from_value(inputs.clone())
            .map_err(|e| OrderError::Bad(format!("inputs: {e}")))?;
        if order.body.is_none() && order.plan.is_none() {
            let text = "inputs: name a body, or give a plan; /processes/estimate describes both";
            return Err(OrderError::Bad(text.into()));
        }
        if let Some(draws) = order.draws.filter(|d| !DRAWS.contains(d)) {
            return Err(OrderError::Bad(beyond("draws", draws, *DRAWS.start(), *DRAWS.end())));
        }
        order.plan()?;
        Ok(order)
    }

    fn plan(&self) -> Result<Option<EstimationPlan>, OrderError> {
        let bad = |e: String| OrderError::Bad(format!("plan: {e}"));
        let plan: EstimationPlan = match &self.plan {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::String(text)) => toml::from_str(text).map_err(|e| bad(e.to_string()))?,
            Some(object) => {
                serde_json::from_value(object.clone()).map_err(|e| bad(e.to_string()))?
            }
        };
        within_bounds(&plan)?;
        Ok(Some(plan))
    }
}

fn beyond(what: &str, value: usize, least: usize, most: usize) -> String {
    format!("{what} is {value}; this service takes {least} to {most}")
}

fn within_bounds(plan: &EstimationPlan) -> Result<(), OrderError> {
    let check = |what: &str, value: usize, least: usize, most: usize| {
        let fits = (least..=most).contains(&value);
        if fits { Ok(()) } else { Err(OrderError::Bad(beyond(what, value, least, most))) }
    };
    if plan.files.are_beside() {
        let text =
            "files: this service reads none; carry out such a plan with varp estimate --plan";
        return Err(OrderError::Bad(text.into()));
    }
    check("draws", plan.draws, *DRAWS.start(), *DRAWS.end())?;
    check("number of products", plan.products.len(), 0, MOST_PRODUCTS)?;
    if let MassFrom::Balance { periods, .. } = &plan.mass {
        check("number of periods", periods.len(), 0, MOST_PERIODS)?;
    }
    for product in &plan.products {
        let GradeFrom::Samples(samples) = &product.grade else { continue };
        match samples.method {
            SampleMethod::Mean => {}
            SampleMethod::InverseDistance { neighbours, .. }
            | SampleMethod::Kriging { neighbours } => {
                check("neighbours", neighbours, 1, MOST_NEIGHBOURS)?;
            }
            SampleMethod::Simulation { realisations, neighbours } => {
                check("realisations", realisations, 1, MOST_REALISATIONS)?;
                check("neighbours", neighbours, 1, MOST_NEIGHBOURS)?;
            }
        }
        let small =
            |block: [f64; 3]| block.iter().zip(LEAST_BLOCK).any(|(b, least)| !(*b >= least));
        if samples.block_m.is_some_and(small) {
            let text = format!("block_m: blocks of at least {LEAST_BLOCK:?} m are made here");
            return Err(OrderError::Bad(text));
        }
        if samples.composite_m.is_some_and(|m| !(m >= 0.1)) {
            return Err(OrderError::Bad("composite_m: composites of at least 0.1 m".into()));
        }
    }
    Ok(())
}

/// Carries out an order on what is public. Nothing is stored.
///
/// # Errors
/// If the order cannot be carried out.
pub fn carry_out(
    store: &dyn Store,
    order: &Order,
    today: &str,
    references: &References,
    progress: &Progress<'_>,
) -> Result<Ordered, OrderError> {
    let plan = order.plan()?;
    plan.iter().try_for_each(|plan| super::check_substances(plan, references))?;
    let named = order.body.clone().or(plan.as_ref().map(|p| p.body.clone())).unwrap_or_default();
    let around = surroundings(store, Visibility::Public)?;
    let (gathered, plan, text, proposed) = match plan {
        Some(plan) => {
            let gathered = match (parse_uuid(&named), &order.body) {
                (Some(id), _) => with_attached(store, (BodyId(id), &named), &around, &plan)?,
                (None, Some(name)) => return Err(OrderError::NoBody(name.clone())),
                (None, None) => return alone(&plan, progress),
            };
            let text = toml::to_string(&plan).map_err(|e| OrderError::Bad(e.to_string()))?;
            (gathered, plan, text, false)
        }
        None => {
            let id = parse_uuid(&named).ok_or_else(|| OrderError::NoBody(named.clone()))?;
            let terms = Terms {
                effective: today.to_owned(),
                seed: order.seed.unwrap_or(1),
                draws: order.draws.unwrap_or(10_000),
            };
            let (gathered, proposal) =
                proposal(store, BodyId(id), &around, &terms, Visibility::Public, references)?;
            let name = &gathered.page.item.body.name;
            let text = plan_text(&proposal, name).map_err(JobError::Document)?;
            (gathered, proposal.plan, text, true)
        }
    };
    finish(evaluate(&gathered, &plan, text, progress)?, proposed)
}

/// What is public of a body, in the system of a plan, with the attachments that it takes.
fn with_attached(
    store: &dyn Store,
    (body, named): (BodyId, &str),
    around: &Surroundings,
    plan: &EstimationPlan,
) -> Result<Gathered, OrderError> {
    let mut gathered = gather_in(store, body, around, (Visibility::Public, plan.epsg))?
        .ok_or_else(|| OrderError::NoBody(named.to_owned()))?;
    let mut files = PlanFiles::default();
    files.read_attached(plan, store, (body, Visibility::Public)).map_err(JobError::from)?;
    gathered.take(files, plan).map_err(JobError::from)?;
    Ok(gathered)
}

/// A plan of a body that is not in the register.
fn alone(plan: &EstimationPlan, progress: &Progress<'_>) -> Result<Ordered, OrderError> {
    if super::takes_records(plan) {
        let text = "plan: it takes samples, surfaces or analogues: name the body that has them";
        return Err(OrderError::Bad(text.into()));
    }
    let text = toml::to_string(plan).map_err(|e| OrderError::Bad(e.to_string()))?;
    finish(super::evaluate_alone(plan, text, progress)?, false)
}

fn finish(mut evaluated: Evaluated, proposed: bool) -> Result<Ordered, OrderError> {
    evaluated.visibility = Visibility::Public;
    let document = evaluated.document().map_err(JobError::Document)?;
    Ok(Ordered { evaluated, document, proposed })
}
