//! Rankings, portfolios and pilot plans kept in the register.

use sha2::{Digest, Sha256};
use varp_engine::profile::knowledge;
use varp_model::{BodyId, ReferenceVersion, ResultId, ResultKind, StoredResult, Visibility};
use varp_store::{Store, StoreError};

/// A result that is to be kept.
#[derive(Clone, Debug)]
pub struct Kept<'a> {
    /// What it is.
    pub kind: ResultKind,
    /// The body it is about.
    pub subject: Option<BodyId>,
    /// The document that computes it again.
    pub plan: String,
    /// What it was computed from, as text that the register hashes.
    pub inputs: String,
    /// Seed.
    pub seed: u64,
    /// Name and version of each document used.
    pub versions: Vec<(String, String)>,
    /// The result as JSON.
    pub document: String,
    /// Who keeps it.
    pub actor: &'a str,
}

/// Keeps a result and says under which id. It was computed from all records, so only the keeper
/// of the register sees it.
///
/// # Errors
/// If the register cannot be written.
pub fn keep(store: &dyn Store, kept: Kept<'_>) -> Result<ResultId, StoreError> {
    let program =
        ReferenceVersion { name: "varp".into(), version: env!("CARGO_PKG_VERSION").into() };
    let named = |(name, version): (String, String)| ReferenceVersion { name, version };
    let mut versions: Vec<ReferenceVersion> = kept.versions.into_iter().map(named).collect();
    versions.push(program);
    versions.sort();
    let result = StoredResult {
        kind: kept.kind,
        subject: kept.subject,
        plan: kept.plan,
        inputs: digest(&kept.inputs),
        seed: kept.seed,
        versions,
        document: kept.document,
        visibility: Visibility::Private,
        rests_on: Vec::new(),
    };
    let id = result.id();
    store.add_results(&[result], kept.actor, "computed on the command line")?;
    Ok(id)
}

/// A kept result computed again.
#[derive(Clone, Debug)]
pub struct Replay {
    /// The bytes that stand in the register.
    pub stored: String,
    /// The bytes that computing it again gave.
    pub again: String,
    /// Reference files and programs that are not those of then.
    pub other_versions: Vec<String>,
}

/// Why a kept result is not computed again.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The register.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The recipe or the result cannot be written.
    #[error("writing the result: {0}")]
    Write(String),
    /// There is no such result.
    #[error("there is no kept {kind} {id}")]
    NoResult {
        /// Kind.
        kind: &'static str,
        /// Id.
        id: ResultId,
    },
    /// Kept by a program that kept less.
    #[error("{kind} {id} was kept without all that decides it, by an older program; make it anew")]
    NoRecipe {
        /// Kind.
        kind: &'static str,
        /// Id.
        id: ResultId,
    },
    /// The records are not those of then.
    #[error(
        "what the register knows of the bodies has changed since (inputs {then}, now {now}); make it anew \
         and compare"
    )]
    Changed {
        /// Hash of the inputs then.
        then: String,
        /// Hash of the inputs now.
        now: String,
    },
}

/// The kept result of a kind.
///
/// # Errors
/// If there is none, or the register cannot be read.
pub fn kept(
    store: &dyn Store,
    id: ResultId,
    kind: ResultKind,
) -> Result<StoredResult, ReplayError> {
    let record = store.result(id, Visibility::Private)?;
    let result = record.map(|r| r.result).filter(|r| r.kind == kind);
    result.ok_or(ReplayError::NoResult { kind: kind.word(), id })
}

impl Replay {
    /// That the inputs are those of then.
    ///
    /// # Errors
    /// If they are not.
    pub fn same_inputs(result: &StoredResult, inputs: &str) -> Result<(), ReplayError> {
        let now = digest(inputs);
        if now == result.inputs {
            return Ok(());
        }
        Err(ReplayError::Changed { then: result.inputs.clone(), now })
    }

    /// The bytes then and now; `documents` are the versions of what is at hand.
    pub fn of(result: StoredResult, again: String, documents: &[(String, String)]) -> Self {
        let current = |name: &str| match name {
            "varp" => Some(env!("CARGO_PKG_VERSION")),
            name => documents.iter().find(|d| d.0 == name).map(|d| d.1.as_str()),
        };
        let other = result.versions.iter().filter(|v| current(&v.name) != Some(&v.version));
        let other_versions = other.map(|v| format!("{} {}", v.name, v.version)).collect();
        Self { stored: result.document, again, other_versions }
    }
}

/// The files of what is known of bodies and studies, each with the hash of its text, and `others`.
pub fn versions_with<const N: usize>(others: [(&str, &str); N]) -> Vec<(String, String)> {
    let files = knowledge::FILES.iter().map(|(name, text)| ((*name).to_owned(), digest(text)));
    files.chain(others.map(|(name, version)| (name.to_owned(), version.to_owned()))).collect()
}

/// A value as the text that is kept and hashed.
///
/// # Errors
/// If it cannot be JSON.
pub fn json(value: &impl serde::Serialize) -> Result<String, ReplayError> {
    serde_json::to_string(value).map_err(|e| ReplayError::Write(e.to_string()))
}

/// SHA-256 of a text in hexadecimal.
pub fn digest(text: &str) -> String {
    super::estimate::hex(&Sha256::digest(text.as_bytes()))
}
