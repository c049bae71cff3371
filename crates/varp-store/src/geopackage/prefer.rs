//! Preferring one claim over the others.

use rusqlite::{Connection, OptionalExtension};
use varp_model::ClaimId;

use super::Doing;
use crate::{Result, StoreError};

/// Prefers a claim over the others on the same subject, property, substance and term.
pub(super) fn prefer(connection: &Connection, claim: ClaimId, because: &str) -> Result<()> {
    let fid: Option<i64> = connection
        .prepare_cached("SELECT fid FROM claim WHERE id = ?1")
        .and_then(|mut s| s.query_row([claim.to_string()], |row| row.get(0)).optional())
        .doing("looking for a claim")?;
    let fid = fid.ok_or_else(|| StoreError::NotFound { kind: "claim", id: claim.to_string() })?;
    if because.trim().is_empty() {
        return Err(StoreError::Refused("a preference needs a reason".into()));
    }
    connection
        .prepare_cached(
            "UPDATE claim SET preferred = NULL
             WHERE preferred IS NOT NULL AND fid <> ?1 AND (subject, property, substance IS NULL, coalesce(substance, ''), term) =
               (SELECT subject, property, substance IS NULL, coalesce(substance, ''), term FROM claim WHERE fid = ?1)",
        )
        .and_then(|mut s| s.execute([fid]))
        .doing("ending an earlier preference")?;
    connection
        .prepare_cached("UPDATE claim SET preferred = ?2 WHERE fid = ?1")
        .and_then(|mut s| s.execute((fid, because)))
        .map(|_| ())
        .doing("preferring a claim")
}
