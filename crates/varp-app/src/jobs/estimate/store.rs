//! Estimates into the register, one or all.

use rayon::prelude::*;
use varp_engine::estimate::EstimationPlan;
use varp_engine::planning::{Terms, plan_text};
use varp_geostat::progress::Progress;
use varp_model::{BodyId, ReferenceVersion, References, ResultId, ResultKind, Visibility};
use varp_store::{Store, StoreError};

use super::{
    Evaluated, FileError, Gathered, JobError, PlanFiles, Surroundings, evaluate, gather_in,
    inputs_hash, proposal, reference_files, surroundings, takes_records, used, versions,
    versions_with,
};

/// Results that are stored in one go.
const BATCH: usize = 100;

/// What is to be estimated, and how.
pub struct EstimateAll<'a> {
    /// The bodies.
    pub bodies: &'a [BodyId],
    /// Date, seed and draws.
    pub terms: &'a Terms,
    /// Only what this audience may see is taken.
    pub audience: Visibility,
    /// Bodies whose newest estimate was made of the same records are left alone.
    pub only_changed: bool,
    /// Who has it computed.
    pub actor: &'a str,
    /// Reference data.
    pub references: &'a References,
}

/// What came of it.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Made {
    /// Estimates that are new.
    pub new: u64,
    /// Estimates that stand in the register already.
    pub standing: u64,
    /// Bodies without one, and why.
    pub skipped: Vec<Skipped>,
}

/// A body without an estimate.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Skipped {
    /// Its id.
    pub body: String,
    /// Why.
    pub because: String,
}

/// Estimates bodies by the plans proposed for them and stores the results as they come, so that a
/// run that is stopped goes on where it was. `done` is told how many bodies are through, and may stop it.
///
/// Bodies are carried out side by side; the results are those of one after the other.
///
/// # Errors
/// If the register cannot be read or written.
pub fn estimate_all(
    store: &dyn Store,
    order: &EstimateAll<'_>,
    mut done: impl FnMut(usize) -> bool,
) -> Result<Made, JobError> {
    let around = surroundings(store, order.audience)?;
    let mut made = Made::default();
    keep_references(store, order.actor)?;
    let mut through = 0;
    for chunk in order.bodies.chunks(BATCH) {
        let mut ready = Vec::with_capacity(chunk.len());
        for body in chunk {
            match prepare(store, *body, &around, order) {
                Ok(Some(prepared)) => ready.push(prepared),
                Ok(None) => made.standing += 1,
                Err(error) => made.skip(*body, error)?,
            }
        }
        let evaluated: Vec<Result<Evaluated, JobError>> =
            ready.par_iter().map(Prepared::evaluate).collect();
        let mut batch = Vec::with_capacity(ready.len());
        for (prepared, evaluated) in ready.iter().zip(evaluated) {
            let gathered = &prepared.gathered;
            match evaluated {
                Ok(mut evaluated) => {
                    evaluated.visibility =
                        visibility_of(store, gathered, &evaluated.plan, &around)?;
                    batch.push(evaluated.stored()?);
                }
                Err(error) => made.skip(gathered.page.item.body.id, error)?,
            }
        }
        let new = store.add_results(&batch, order.actor, "varp estimate")?;
        made.new += new;
        made.standing += batch.len() as u64 - new;
        through += chunk.len();
        if !done(through) {
            break;
        }
    }
    Ok(made)
}

impl Made {
    /// Counts a body without an estimate; a failing register is no reason to go on.
    fn skip(&mut self, body: BodyId, error: JobError) -> Result<(), JobError> {
        if let JobError::Store(error) = error {
            return Err(error.into());
        }
        self.skipped.push(Skipped { body: body.to_string(), because: error.to_string() });
        Ok(())
    }
}

/// A body with its plan, ready to be carried out.
struct Prepared {
    gathered: Gathered,
    plan: EstimationPlan,
    text: String,
}

impl Prepared {
    fn evaluate(&self) -> Result<Evaluated, JobError> {
        evaluate(&self.gathered, &self.plan, self.text.clone(), &Progress::none())
    }
}

/// A plan for a body; `None` where its newest estimate was made of the same.
fn prepare(
    store: &dyn Store,
    body: BodyId,
    around: &Surroundings,
    order: &EstimateAll<'_>,
) -> Result<Option<Prepared>, JobError> {
    let (gathered, proposal) =
        proposal(store, body, around, order.terms, order.audience, order.references)?;
    let text = plan_text(&proposal, &gathered.page.item.body.name)?;
    if order.only_changed {
        let newest = store.results_of(Some(body), ResultKind::Estimate, Visibility::Private)?;
        let inputs = inputs_hash(&gathered, &proposal.plan);
        let same = |r: &varp_model::ResultRecord| {
            same_but_date(&r.result.plan, &text)
                && r.result.inputs == inputs
                && r.result.versions == versions_with(&gathered.kept)
        };
        // one that closed because a record was gone opens again where all its records are back
        let standing = newest.first().filter(|record| same(record));
        if let Some(record) = standing {
            let closed = record.result.visibility == Visibility::Private;
            if !closed || visibility_of(store, &gathered, &text, around)? == Visibility::Private {
                return Ok(None);
            }
        }
    }
    Ok(Some(Prepared { gathered, plan: proposal.plan, text }))
}

/// Whether two plans differ in nothing but the day for which they were proposed.
fn same_but_date(a: &str, b: &str) -> bool {
    let rest = |text: &str| -> Vec<String> {
        text.lines().filter(|l| !l.starts_with("effective = ")).map(str::to_owned).collect()
    };
    rest(a) == rest(b)
}

/// Who may see an estimate: whoever may see all records that it was made of.
///
/// # Errors
/// If the register cannot be read.
pub fn visibility_of(
    store: &dyn Store,
    gathered: &Gathered,
    plan: &str,
    around: &Surroundings,
) -> Result<Visibility, StoreError> {
    for audience in [Visibility::Public, Visibility::Authority] {
        let Some(page) = store.body(gathered.page.item.body.id, audience)? else { continue };
        // a reader of all that the keeper sees sees the estimate too, without a second look
        let all = page == gathered.page
            && gathered.site.is_empty()
            && gathered.deposit.is_empty()
            && gathered.kept.is_empty()
            && !gathered.data.has_own_claims();
        if all || seen(store, gathered, plan, around, audience)? {
            return Ok(audience);
        }
    }
    Ok(Visibility::Private)
}

fn seen(
    store: &dyn Store,
    gathered: &Gathered,
    plan: &str,
    around: &Surroundings,
    audience: Visibility,
) -> Result<bool, StoreError> {
    let body = gathered.page.item.body.id;
    let written = toml::from_str::<EstimationPlan>(plan);
    let system = written.as_ref().ok().and_then(|plan| plan.epsg);
    let Some(mut theirs) = gather_in(store, body, around, (audience, system))? else {
        return Ok(false);
    };
    if let Ok(plan) = &written {
        let mut files = PlanFiles::default();
        let read = files.read_attached(plan, store, (body, audience));
        match read.and_then(|()| theirs.take(files, plan)) {
            Ok(()) => {}
            Err(FileError::Store(error)) => return Err(error),
            Err(_) => return Ok(false),
        }
    }
    let named = |id: String| plan.contains(&id);
    let missing = gathered.claims().any(|claim| {
        named(claim.id.to_string()) && !theirs.claims().any(|other| other.id == claim.id)
    });
    let same = written.is_ok_and(|plan| {
        !takes_records(&plan) || used(&theirs.data, &plan) == used(&gathered.data, &plan)
    });
    Ok(!missing && same)
}

/// Stores one estimate with the reference files that it used.
///
/// # Errors
/// If the register cannot be written.
pub fn store_estimate(
    store: &dyn Store,
    evaluated: &Evaluated,
    actor: &str,
    because: &str,
) -> Result<ResultId, JobError> {
    keep_references(store, actor)?;
    for (version, text) in &evaluated.files {
        store.keep_reference(version, text, actor)?;
    }
    let stored = evaluated.stored()?;
    store.add_results(std::slice::from_ref(&stored), actor, because)?;
    Ok(stored.id())
}

fn keep_references(store: &dyn Store, actor: &str) -> Result<(), StoreError> {
    let known: Vec<ReferenceVersion> = versions();
    for (name, text) in reference_files() {
        if let Some(version) = known.iter().find(|v| v.name == name) {
            store.keep_reference(version, text, actor)?;
        }
    }
    Ok(())
}
