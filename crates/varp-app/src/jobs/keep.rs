//! Rankings, portfolios and pilot plans kept in the register.

use sha2::{Digest, Sha256};
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

/// SHA-256 of a text in hexadecimal.
pub fn digest(text: &str) -> String {
    super::estimate::hex(&Sha256::digest(text.as_bytes()))
}
