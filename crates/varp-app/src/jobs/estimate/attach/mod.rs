//! Surfaces and points that a steward attaches to a body: checked at the door, kept, released, withdrawn.
//! Every step is a stored result of its own kind, and none is ever taken back.

mod check;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use varp_engine::planning::{AttachedError, AttachedFile};
use varp_model::{
    Attached, Attachment, AttachmentStep, BodyId, PartialDate, ReferenceVersion, References,
    ResultId, ResultKind, ResultRecord, Role, StatedError, StoredResult, Visibility,
};
use varp_store::{Store, StoreError};

use super::files::{FileError, kept_text};
use super::hex;

/// What is attached, in the words of its steward.
#[derive(Clone, Debug)]
pub struct AttachOrder<'a> {
    /// The body.
    pub body: BodyId,
    /// The file.
    pub file: &'a Path,
    /// What it shows.
    pub role: Role,
    /// Its name; else that of the file.
    pub name: Option<&'a str>,
    /// Who made it, or where it was taken from.
    pub source: &'a str,
    /// When it was measured, ISO 8601.
    pub date: &'a str,
    /// Licence of the content.
    pub licence: Option<&'a str>,
    /// Projected system, where the file does not say.
    pub epsg: Option<u16>,
    /// Its error, as far as it is known.
    pub error: StatedError,
    /// Who may see it.
    pub visibility: Visibility,
    /// Who attaches it.
    pub actor: &'a str,
}

/// What came of attaching a file.
#[derive(Clone, Debug)]
pub struct AttachedNow {
    /// As it stands in the register.
    pub attached: Attached,
    /// What the steward should know: what it makes with others, what is assumed, what is not covered.
    pub remarks: Vec<String>,
}

/// Why a file is not attached, or a step not taken.
#[derive(Debug, thiserror::Error)]
pub enum AttachError {
    /// The register cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file cannot be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// It is not what its role says.
    #[error("{file}: {error}")]
    Content {
        /// The file.
        file: String,
        /// Why.
        error: AttachedError,
    },
    /// There is no such body.
    #[error("there is no body {0}")]
    NoBody(BodyId),
    /// Nothing says how far the body reaches.
    #[error(
        "the body has no outline, and a height model does not say where the body ends; import its footprint \
         first"
    )]
    NoOutline,
    /// Something that was typed does not fit.
    #[error("{0}")]
    Stated(String),
    /// The name is taken.
    #[error(
        "\"{0}\" is attached to the body already; withdraw it (--withdraw), or give another name (--name)"
    )]
    Named(String),
    /// There is none of this name.
    #[error("nothing called \"{name}\" is attached to the body; there is {there}")]
    Nothing {
        /// As typed.
        name: String,
        /// What there is.
        there: String,
    },
    /// It contradicts what is attached already.
    #[error("{file} does not fit what is attached to the body: {why}")]
    Contradiction {
        /// The file.
        file: String,
        /// Why.
        why: String,
    },
}

/// What stands attached to a body and `audience` may see, newest first, and after it what was attached to
/// bodies that were merged into it; of those a name that is taken gets a number.
///
/// # Errors
/// If the register cannot be read.
pub fn attachments(
    store: &dyn Store,
    body: BodyId,
    audience: Visibility,
) -> Result<Vec<Attached>, StoreError> {
    let all = store.results_of(Some(body), ResultKind::Attachment, Visibility::Private)?;
    let steps =
        all.into_iter().map(|r| Ok((step(&r)?, r))).collect::<Result<Vec<_>, StoreError>>()?;
    let withdrawn: BTreeSet<String> = steps
        .iter()
        .filter_map(|(step, _)| match step {
            AttachmentStep::Withdrawn { attachment, .. } => Some(attachment.clone()),
            AttachmentStep::Attached(_) => None,
        })
        .collect();
    let mut standing = Vec::new();
    for (step, record) in steps {
        let AttachmentStep::Attached(attachment) = step else { continue };
        let id = record.result.id();
        // closed with its body too, as every result is
        let seen = audience == Visibility::Private || store.result(id, audience)?.is_some();
        if seen && !withdrawn.contains(&id.to_string()) {
            let visibility = record.result.visibility;
            let (actor, time) = (record.actor, record.time);
            let own = record.result.subject == Some(body);
            standing.push((!own, Attached { id, attachment, visibility, actor, time }));
        }
    }
    standing.sort_by_key(|(merged, _)| *merged);
    Ok(named_apart(standing.into_iter().map(|(_, attached)| attached).collect()))
}

/// Plans call surfaces by name, and two bodies that became one may each have one of the same name.
fn named_apart(mut all: Vec<Attached>) -> Vec<Attached> {
    for at in 0..all.len() {
        let (before, after) = all.split_at_mut(at);
        let name = after[0].attachment.name.clone();
        let mut free = name.clone();
        let mut number = 1;
        while before.iter().any(|a| a.attachment.name == free) {
            number += 1;
            free = format!("{name} ({number})");
        }
        after[0].attachment.name = free;
    }
    all
}

fn step(record: &ResultRecord) -> Result<AttachmentStep, StoreError> {
    serde_json::from_str(&record.result.document).map_err(|e| {
        let id = record.result.id();
        StoreError::Refused(format!("the attachment in result {id} cannot be read: {e}"))
    })
}

/// The same with what they hold.
pub(super) fn opened(
    store: &dyn Store,
    body: BodyId,
    audience: Visibility,
) -> Result<Vec<AttachedFile>, FileError> {
    let open = |attached: Attached| {
        let text = kept_text(store, &attached)?;
        let name = attached.attachment.name.clone();
        AttachedFile::parse(attached.id, attached.attachment, &text)
            .map_err(|error| FileError::Attached { name, error })
    };
    attachments(store, body, audience)?.into_iter().map(open).collect()
}

/// Attaches a file to a body for good.
///
/// # Errors
/// If the file cannot be read, does not lie where the body is, has no system, or contradicts what is
/// attached already.
pub fn attach(
    store: &dyn Store,
    order: &AttachOrder<'_>,
    references: &References,
) -> Result<AttachedNow, AttachError> {
    check_words(order)?;
    let path = order.file.display().to_string();
    let bytes = std::fs::read(order.file)
        .map_err(|error| FileError::Read { path: PathBuf::from(order.file), error })?;
    let standing = attachments(store, order.body, Visibility::Private)?;
    let stem = order.file.file_stem().unwrap_or_default().to_string_lossy();
    let name = order.name.unwrap_or(&stem).trim().to_owned();
    if standing.iter().any(|a| a.attachment.name == name) {
        return Err(AttachError::Named(name));
    }
    let prepared = check::prepare(store, order, (&path, &bytes), &standing)?;
    let attachment = Attachment {
        name,
        role: order.role,
        source: order.source.trim().to_owned(),
        date: order.date.trim().to_owned(),
        licence: order.licence.map(str::to_owned),
        epsg: prepared.epsg,
        error: order.error,
        file: order.file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        file_hash: hex(&Sha256::digest(&bytes)),
        kept: hex(&Sha256::digest(prepared.text.as_bytes())),
        holds: prepared.holds,
    };
    let result = result_of(store, order.body, &AttachmentStep::Attached(attachment.clone()))?;
    let result = StoredResult { visibility: order.visibility, ..result };
    let id = result.id();
    let file = AttachedFile::parse(id, attachment.clone(), &prepared.text)
        .map_err(|error| AttachError::Content { file: path.clone(), error })?;
    let mut remarks = prepared.remarks;
    remarks.extend(check::points_within(&file, &prepared.outline, &path)?);
    remarks.extend(check::surveyed(store, order.body, (file, &path), references)?);
    let kept = ReferenceVersion {
        name: format!("attached {}", attachment.name),
        version: attachment.kept.clone(),
    };
    store.keep_reference(&kept, &prepared.text, order.actor)?;
    store.add_results(&[result], order.actor, "varp attach")?;
    let standing = attachments(store, order.body, Visibility::Private)?;
    let attached = standing
        .into_iter()
        .find(|a| a.id == id)
        .ok_or_else(|| AttachError::Nothing { name: attachment.name, there: "nothing".into() })?;
    Ok(AttachedNow { attached, remarks })
}

fn check_words(order: &AttachOrder<'_>) -> Result<(), AttachError> {
    let wrong = |text: &str| Err(AttachError::Stated(text.to_owned()));
    if order.source.trim().is_empty() {
        return wrong("say where the file comes from: --source");
    }
    order.date.parse::<PartialDate>().map_err(|e| AttachError::Stated(format!("--date: {e}")))?;
    let StatedError { sd_m, offset_sd_m, range_m } = order.error;
    if !order.role.is_surface() && (offset_sd_m.is_some() || range_m.is_some()) {
        return wrong("--offset-sd and --range speak of height models; points have --sd alone");
    }
    let least =
        [("--sd", sd_m, false), ("--offset-sd", offset_sd_m, false), ("--range", range_m, true)];
    for (what, value, above) in least {
        let Some(value) = value else { continue };
        if !(value.is_finite() && value >= 0.0 && (!above || value > 0.0)) {
            let rule = if above { "above 0" } else { "0 or more" };
            return wrong(&format!("{what} is {value}; it must be {rule}, in metres"));
        }
    }
    Ok(())
}

/// A step as the register keeps it, numbered, so that what is withdrawn can be attached again.
fn result_of(
    store: &dyn Store,
    body: BodyId,
    step: &AttachmentStep,
) -> Result<StoredResult, StoreError> {
    let steps = store.results_of(Some(body), ResultKind::Attachment, Visibility::Private)?;
    let (inputs, versions) = match step {
        AttachmentStep::Attached(a) => {
            let name = format!("attached {}", a.name);
            (a.file_hash.clone(), vec![ReferenceVersion { name, version: a.kept.clone() }])
        }
        AttachmentStep::Withdrawn { .. } => (String::new(), Vec::new()),
    };
    Ok(StoredResult {
        kind: ResultKind::Attachment,
        subject: Some(body),
        plan: format!("step = {}\n", steps.len() + 1),
        inputs,
        seed: 0,
        versions,
        document: serde_json::to_string(step).expect("a step becomes JSON"),
        visibility: Visibility::Private,
        rests_on: Vec::new(),
    })
}

/// The attachment that a steward names, by name or id.
fn named(store: &dyn Store, body: BodyId, name: &str) -> Result<Attached, AttachError> {
    let standing = attachments(store, body, Visibility::Private)?;
    let names: Vec<String> = standing.iter().map(|a| a.attachment.name.clone()).collect();
    let is = |a: &Attached| a.attachment.name == name || a.id.to_string() == name;
    standing.into_iter().find(is).ok_or_else(|| AttachError::Nothing {
        name: name.to_owned(),
        there: if names.is_empty() { "nothing".into() } else { names.join(", ") },
    })
}

fn reasoned(because: &str) -> Result<(), AttachError> {
    match because.trim() {
        "" => Err(AttachError::Stated("say why: --because".into())),
        _ => Ok(()),
    }
}

/// Opens or closes an attachment; estimates that were made of it close with it.
///
/// # Errors
/// If there is none of this name, or no reason.
pub fn show_attachment(
    store: &dyn Store,
    (body, name): (BodyId, &str),
    visibility: Visibility,
    (actor, because): (&str, &str),
) -> Result<Attached, AttachError> {
    reasoned(because)?;
    let attached = named(store, body, name)?;
    let record = store.result(attached.id, Visibility::Private)?;
    if let Some(record) = record {
        store.add_results(&[StoredResult { visibility, ..record.result }], actor, because)?;
    }
    Ok(Attached { visibility, ..attached })
}

/// Takes an attachment out of use: it stays in the register, and estimates made of it stay and replay.
///
/// # Errors
/// If there is none of this name, or no reason.
pub fn withdraw_attachment(
    store: &dyn Store,
    (body, name): (BodyId, &str),
    (actor, because): (&str, &str),
) -> Result<(Attached, ResultId), AttachError> {
    reasoned(because)?;
    let attached = named(store, body, name)?;
    let (attachment, because) = (attached.id.to_string(), because.trim().to_owned());
    let step = AttachmentStep::Withdrawn { attachment, because: because.clone() };
    let result = result_of(store, body, &step)?;
    let id = result.id();
    store.add_results(&[result], actor, &because)?;
    Ok((attached, id))
}
