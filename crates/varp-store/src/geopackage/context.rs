//! Write transactions that say who writes and why.

use rusqlite::Connection;

use super::open::execute;
use super::{Doing, GeoPackage, care, contents};
use crate::{Result, StoreError};

impl GeoPackage {
    /// Runs `edit` in one transaction; all of it becomes true, or nothing.
    pub(super) fn write<T>(
        &self,
        actor: &str,
        because: &str,
        edit: impl FnOnce(&Connection) -> Result<T>,
    ) -> Result<T> {
        let writer = self.writer()?;
        self.begin(&writer)?;
        let answer = care::take_in(&writer).and_then(|_| {
            enter(&writer, actor, Some(because), None)?;
            let answer = edit(&writer)?;
            leave(&writer)?;
            Ok(answer)
        });
        end(&writer, answer)
    }

    /// Takes in what other programs changed; returns how many edits there were.
    pub(super) fn take_in(&self) -> Result<u64> {
        let writer = self.writer()?;
        if !care::foreign_edits_wait(&writer)? {
            return Ok(0);
        }
        self.begin(&writer)?;
        let taken = care::take_in(&writer);
        end(&writer, taken)
    }

    /// The same, but leaves it to the one who writes, if somebody does.
    pub(super) fn take_in_if_free(&self) -> Result<u64> {
        match self.take_in() {
            Err(StoreError::Busy { .. }) => Ok(0),
            taken => taken,
        }
    }
}

fn end<T>(writer: &Connection, answer: Result<T>) -> Result<T> {
    let last = if answer.is_ok() { "COMMIT" } else { "ROLLBACK" };
    execute(writer, last).doing("ending an edit")?;
    answer
}

/// Tells the triggers who writes.
pub(super) fn enter(
    connection: &Connection,
    actor: &str,
    reason: Option<&str>,
    import: Option<i64>,
) -> Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO context (only_row, actor, reason, import) VALUES (1, ?1, ?2, ?3)")
        .and_then(|mut s| s.execute((actor, reason, import)))
        .map(|_| ())
        .doing("stating who writes")
}

/// Ends what [`enter`] began: counts the commit, brings the contents up to date.
pub(super) fn leave(connection: &Connection) -> Result<()> {
    contents::refresh(connection)?;
    execute(connection, "DELETE FROM context").doing("ending an edit")?;
    execute(connection, "UPDATE register SET value = value + 1 WHERE name = 'commits'")
        .doing("counting commits")?;
    seen(connection)
}

/// All changes up to now are known.
pub(super) fn seen(connection: &Connection) -> Result<()> {
    execute(
        connection,
        "UPDATE register SET value = (SELECT coalesce(max(fid), 0) FROM change) WHERE name = 'seen_change'",
    )
    .doing("marking changes as seen")
}

/// Runs `edit` without log: for what follows from other edits.
pub(super) fn quietly<T>(connection: &Connection, edit: impl FnOnce() -> Result<T>) -> Result<T> {
    execute(connection, "UPDATE context SET quiet = 1").doing("keeping the log quiet")?;
    let answer = edit()?;
    execute(connection, "UPDATE context SET quiet = 0").doing("letting the log speak")?;
    Ok(answer)
}
