//! Estimates: what the register knows becomes a plan, the plan a result, the result is stored.

mod analogues;
mod attach;
mod control;
pub mod document;
mod export;
mod files;
mod gather;
mod items;
mod local;
mod order;
mod replay;
mod standing;
mod store;
mod view;

use sha2::{Digest, Sha256};
use varp_engine::estimate::{
    Blocks, BodyData, Estimate, EstimateError, EstimationPlan, GradeFrom, MassFrom, PRIOR_FILES,
    PlannedProduct, Priors as VariabilityPriors, estimate_body,
};
use varp_engine::planning::{NoPlan, Priors, Proposal, Terms, propose};
use varp_geostat::progress::Progress;
use varp_model::{
    BodyId, ReferenceVersion, References, RestsOn, StoredResult, Substance, Visibility,
};
use varp_store::{Store, StoreError};

pub use analogues::{Surroundings, surroundings};
pub use attach::{
    AttachError, AttachOrder, AttachedNow, attach, attachments, show_attachment,
    withdraw_attachment,
};
pub use export::{BlockError, write_blocks};
pub use files::{FileError, PlanFiles};
pub use gather::{Gathered, gather, gather_in};
pub use items::{EstimateItem, estimate_extent, estimate_items, item_of, size_of};
pub use order::{DRAWS, Order, OrderError, Ordered, carry_out};
pub use replay::{Change, Replay, ReplayError, difference, replay};
pub use standing::{StandingEstimate, standing_estimate, standing_estimates};
pub use store::{EstimateAll, Made, Skipped, estimate_all, store_estimate, visibility_of};
pub use view::{EstimateView, PlanView, newest_estimate, one_estimate};

/// A plan carried out, ready to be stored.
#[derive(Clone, Debug)]
pub struct Evaluated {
    /// The body.
    pub body: BodyId,
    /// Its name.
    pub name: String,
    /// The plan as text; the same text carries it out again.
    pub plan: String,
    /// SHA-256 of the records that the plan takes from the register.
    pub inputs: String,
    /// Seed of the plan.
    pub seed: u64,
    /// The result.
    pub estimate: Estimate,
    /// Its block model where that is too large to be kept with the result.
    pub large: Option<Blocks>,
    /// EPSG code of the projected system of its blocks.
    pub epsg: Option<u16>,
    /// Who may see it: whoever may see all that it was made of.
    pub visibility: Visibility,
    /// The records it was made of.
    pub rests_on: Vec<RestsOn>,
    /// What was used of the files of the plan.
    pub files: Vec<(ReferenceVersion, String)>,
}

/// Why there is no estimate.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The register cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such body, or the reader may not see it.
    #[error("there is no body {0}")]
    NoBody(String),
    /// Nothing to make a plan of.
    #[error(transparent)]
    NoPlan(#[from] NoPlan),
    /// The plan cannot be carried out.
    #[error(transparent)]
    Estimate(#[from] EstimateError),
    /// A file of the plan cannot be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// The plan cannot be read.
    #[error("the plan cannot be read: {0}")]
    Plan(String),
    /// The projected system of the plan cannot be used.
    #[error("{0}")]
    System(String),
    /// The result cannot be written as JSON.
    #[error("writing the result: {0}")]
    Document(#[from] serde_json::Error),
}

/// Proposes a plan for a body from what `audience` may see.
///
/// # Errors
/// If there is no such body or nothing to make a plan of.
pub fn proposal(
    store: &dyn Store,
    body: BodyId,
    surroundings: &Surroundings,
    terms: &Terms,
    audience: Visibility,
    references: &References,
) -> Result<(Gathered, Proposal), JobError> {
    let attached = attach::opened(store, body, audience)?;
    let epsg = attached.first().map(|file| file.attachment.epsg);
    // bodies that were made one may bring surfaces in two systems
    let (attached, other): (Vec<_>, Vec<_>) =
        attached.into_iter().partition(|file| Some(file.attachment.epsg) == epsg);
    let mut gathered = gather_in(store, body, surroundings, (audience, epsg))?
        .ok_or_else(|| JobError::NoBody(body.to_string()))?;
    gathered.attached = attached;
    let mut proposal = propose(&gathered.evidence(references), &Priors::embedded(), terms)?;
    proposal.missing.extend(other.iter().map(|file| elsewhere(&file.attachment)));
    if epsg.is_some() || is_in_space(&proposal.plan) {
        proposal.plan.epsg = gathered.epsg;
    }
    let mut files = PlanFiles::default();
    files.read_attached(&proposal.plan, store, (body, audience))?;
    gathered.take(files, &proposal.plan)?;
    Ok((gathered, proposal))
}

fn elsewhere(attachment: &varp_model::Attachment) -> String {
    format!(
        "{} is not taken: it is in EPSG:{}, unlike the others of the body; bring it over (gdalwarp -t_srs, \
         ogr2ogr -t_srs), attach that, and withdraw this one",
        attachment.name, attachment.epsg
    )
}

/// Checks that the products of a plan are substances that the register knows.
///
/// # Errors
/// The first that is none.
pub fn check_substances(plan: &EstimationPlan, references: &References) -> Result<(), JobError> {
    let known = |p: &PlannedProduct| Substance::parse(&p.substance, references).map(|_| ());
    plan.products.iter().try_for_each(known).map_err(|e| JobError::Plan(e.to_string()))
}

/// Carries out a plan on what was gathered for its body.
///
/// # Errors
/// If the plan cannot be carried out.
pub fn evaluate(
    gathered: &Gathered,
    plan: &EstimationPlan,
    plan_text: String,
    progress: &Progress<'_>,
) -> Result<Evaluated, JobError> {
    if let Some(epsg) = plan.epsg {
        local::projected(epsg).map_err(JobError::System)?;
    }
    let mut estimate =
        estimate_body(plan, &gathered.data, &VariabilityPriors::embedded(), progress)?;
    Ok(Evaluated {
        large: keep_small(&mut estimate),
        epsg: gathered.epsg,
        body: gathered.page.item.body.id,
        name: gathered.page.item.body.name.clone(),
        inputs: inputs_hash(gathered, plan),
        plan: plan_text,
        seed: plan.seed,
        estimate,
        visibility: Visibility::Private,
        rests_on: rests_on(gathered, plan),
        files: gathered.kept.clone(),
    })
}

/// Carries out a plan of a body that is not in the register.
///
/// # Errors
/// If the plan cannot be carried out.
pub fn evaluate_alone(
    plan: &EstimationPlan,
    plan_text: String,
    progress: &Progress<'_>,
) -> Result<Evaluated, JobError> {
    let priors = VariabilityPriors::embedded();
    let mut estimate = estimate_body(plan, &BodyData::default(), &priors, progress)?;
    Ok(Evaluated {
        large: keep_small(&mut estimate),
        epsg: plan.epsg,
        body: BodyId(uuid::Uuid::nil()),
        name: plan.body.clone(),
        inputs: String::new(),
        plan: plan_text,
        seed: plan.seed,
        estimate,
        visibility: Visibility::Private,
        rests_on: Vec::new(),
        files: Vec::new(),
    })
}

/// Most blocks that a stored result keeps; more are made again by `--export`.
const MOST_BLOCKS: usize = 20_000;

/// A result keeps its statement; a block model of a size that no page can show is left out, and said.
fn keep_small(estimate: &mut Estimate) -> Option<Blocks> {
    let large = estimate.blocks.take_if(|blocks| blocks.len() > MOST_BLOCKS)?;
    estimate.statement.warnings.push(format!(
        "{} blocks are not kept with the result; --export makes them again",
        large.len()
    ));
    Some(large)
}

/// Whether a plan takes more from the register than what is written in it.
pub fn takes_records(plan: &EstimationPlan) -> bool {
    let surfaces = matches!(plan.mass, MassFrom::Thickness { .. } | MassFrom::Surfaces { .. });
    surfaces || plan.products.iter().any(|p| !matches!(p.grade, GradeFrom::Stated(_)))
}

/// Whether a plan works on places: an outline, holes, samples.
fn is_in_space(plan: &EstimationPlan) -> bool {
    matches!(plan.mass, MassFrom::Thickness { .. } | MassFrom::Surfaces { .. })
        || plan.products.iter().any(|p| matches!(p.grade, GradeFrom::Samples(_)))
}

/// Hash of the records that decide the result: the claims that the plan names, and the numbers of the
/// body where it takes samples, surfaces or analogues.
fn inputs_hash(gathered: &Gathered, plan: &EstimationPlan) -> String {
    let mut hasher = Sha256::new();
    let plan_json = serde_json::to_string(plan).unwrap_or_default();
    let mut named: Vec<String> = gathered
        .claims()
        .filter(|claim| plan_json.contains(&claim.id.to_string()))
        .map(|claim| format!("{} {:?} {:?} {:?}\n", claim.id, claim.value, claim.basis, claim.term))
        .collect();
    named.sort();
    named.dedup();
    named.iter().for_each(|line| hasher.update(line.as_bytes()));
    if takes_records(plan) {
        hasher.update(used(&gathered.data, plan).canonical());
    }
    hex(&hasher.finalize())
}

/// The records that a plan takes: those that it names, and those whose numbers it works on.
fn rests_on(gathered: &Gathered, plan: &EstimationPlan) -> Vec<RestsOn> {
    let plan_json = serde_json::to_string(plan).unwrap_or_default();
    let named = gathered.claims().map(|c| c.id).filter(|id| plan_json.contains(&id.to_string()));
    let mut all: Vec<RestsOn> = named.map(RestsOn::Claim).collect();
    let body = &gathered.page.item.body;
    if takes_records(plan) {
        all.push(RestsOn::Places(body.id));
        all.extend(gathered.own.iter().copied().map(RestsOn::Claim));
    }
    let by_analogy = |substance: &str| {
        let mut products = plan.products.iter();
        products.any(|p| p.substance == substance && matches!(p.grade, GradeFrom::Analogues(_)))
    };
    for analogue in gathered.analogues.iter().filter(|a| by_analogy(&a.grade.substance)) {
        all.extend([RestsOn::Claim(analogue.claim), RestsOn::Body(analogue.body)]);
    }
    // whether the mill's books tell of this body alone hangs on the others
    all.extend(gathered.beside.iter().copied().map(RestsOn::Body));
    let attached = plan.files.attached.ids().filter_map(|id| id.parse().ok());
    all.extend(attached.map(RestsOn::Result));
    all.extend(body.origin_deposit.filter(|_| !gathered.deposit.is_empty()).map(RestsOn::Body));
    all.sort_unstable();
    all.dedup();
    all
}

/// The numbers of a body that a plan takes, and no others: what else changes does not concern it.
fn used(data: &BodyData, plan: &EstimationPlan) -> BodyData {
    let mut used = data.clone();
    let takes = |what: fn(&GradeFrom) -> bool| plan.products.iter().any(|p| what(&p.grade));
    if !takes(|g| matches!(g, GradeFrom::Analogues(_))) {
        used.analogues.clear();
    }
    if !takes(|g| matches!(g, GradeFrom::Samples(_))) {
        used.samples.clear();
    }
    used
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

impl Evaluated {
    /// The block model, whether it is kept with the result or not.
    pub fn blocks(&self) -> Option<&Blocks> {
        self.large.as_ref().or(self.estimate.blocks.as_ref())
    }

    /// The bytes that replaying gives: the result as JSON.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn document(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&self.estimate)
    }

    /// As the register keeps it.
    ///
    /// # Errors
    /// If the result cannot be written as JSON.
    pub fn stored(&self) -> Result<StoredResult, serde_json::Error> {
        Ok(StoredResult {
            kind: varp_model::ResultKind::Estimate,
            subject: Some(self.body),
            plan: self.plan.clone(),
            inputs: self.inputs.clone(),
            seed: self.seed,
            versions: versions_with(&self.files),
            document: self.document()?,
            visibility: self.visibility,
            rests_on: self.rests_on.clone(),
        })
    }
}

/// The program and the reference files that decide estimates.
pub fn versions() -> Vec<ReferenceVersion> {
    let mut all: Vec<ReferenceVersion> = reference_files()
        .iter()
        .map(|(name, text)| ReferenceVersion {
            name: (*name).to_owned(),
            version: hex(&Sha256::digest(text.as_bytes())),
        })
        .collect();
    all.push(ReferenceVersion { name: "varp".into(), version: env!("CARGO_PKG_VERSION").into() });
    all.sort();
    all
}

/// The same with what was used of height models and points.
fn versions_with(files: &[(ReferenceVersion, String)]) -> Vec<ReferenceVersion> {
    versions().into_iter().chain(files.iter().map(|f| f.0.clone())).collect()
}

/// Reference files that decide estimates, with their text.
pub(super) fn reference_files() -> Vec<(&'static str, &'static str)> {
    let own = ("estimation_priors.csv", varp_engine::planning::DEFAULT_PRIORS);
    PRIOR_FILES.into_iter().chain([own]).collect()
}
