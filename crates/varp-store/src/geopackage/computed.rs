//! Computed results, the decisions of people about them, and the reference files they used.

use rusqlite::{Connection, OptionalExtension, Row};
use varp_model::{
    BodyId, Decision, ReferenceVersion, ResultId, ResultKind, ResultRecord, Standing, StoredResult,
    Visibility,
};

use super::Doing;
use super::row::{Cells, level};
use super::visibility;
use crate::{Result, StoreError};

const COLUMNS: &str =
    "id, kind, subject, plan, inputs, seed, versions, document, visibility, time, actor";

/// Adds results; of those that stand in the register already only who may see them is brought up to
/// date. Returns how many are new.
pub(super) fn add(connection: &Connection, results: &[StoredResult], actor: &str) -> Result<u64> {
    let mut added = 0;
    for result in results {
        let subject = result.subject.map(|body| body.to_string());
        let id = result.id().to_string();
        let visibility = level(result.visibility);
        added += connection
            .prepare_cached(
                "INSERT OR IGNORE INTO computed
                   (id, kind, subject, plan, inputs, seed, versions, document, visibility, actor, shown)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 2)",
            )
            .and_then(|mut s| {
                s.execute(rusqlite::params![
                    id,
                    result.kind.word(),
                    subject,
                    result.plan,
                    result.inputs,
                    result.seed.to_string(),
                    versions_json(&result.versions),
                    result.document,
                    visibility,
                    actor,
                ])
            })
            .doing("storing a result")? as u64;
        let fid: i64 = connection
            .prepare_cached("UPDATE computed SET visibility = ?2 WHERE id = ?1 RETURNING fid")
            .and_then(|mut s| s.query_row((&id, visibility), |row| row.get(0)))
            .doing("storing a result")?;
        connection
            .prepare_cached("DELETE FROM rests_on WHERE result = ?1")
            .and_then(|mut s| s.execute([fid]))
            .doing("storing a result")?;
        visibility::note_records(connection, fid, visibility, &result.rests_on)?;
        visibility::settle_computed(connection, Some(fid))?;
    }
    if results.iter().any(|result| result.kind == ResultKind::Attachment) {
        // what rests on an attachment closes and opens with it
        visibility::settle_computed(connection, None)?;
    }
    Ok(added)
}

/// One result.
pub(super) fn one(
    connection: &Connection,
    id: ResultId,
    audience: Visibility,
) -> Result<Option<ResultRecord>> {
    let condition = format!("id = ?1 AND shown <= {}", level(audience));
    Ok(select(connection, &condition, [id.to_string()])?.pop())
}

/// The results of one kind about one body, newest first; without a body those that span the
/// register. Attachments are evidence: those of bodies that were merged into this one are among them.
pub(super) fn of(
    connection: &Connection,
    kind: ResultKind,
    subject: Option<BodyId>,
    audience: Visibility,
) -> Result<Vec<ResultRecord>> {
    let about = match kind {
        ResultKind::Attachment => {
            "subject IN (SELECT ?2 UNION SELECT gone FROM redirect WHERE kept = ?2)"
        }
        _ => "subject IS ?2",
    };
    let condition =
        format!("kind = ?1 AND {about} AND shown <= {} ORDER BY fid DESC", level(audience));
    select(connection, &condition, (kind.word(), subject.map(|body| body.to_string())))
}

/// The newest result of one kind for each body, in the order of the bodies' ids.
pub(super) fn latest(
    connection: &Connection,
    kind: ResultKind,
    audience: Visibility,
) -> Result<Vec<ResultRecord>> {
    let a = level(audience);
    let condition = format!(
        "fid IN (SELECT max(fid) FROM computed WHERE kind = ?1 AND shown <= {a} GROUP BY subject)
         ORDER BY subject"
    );
    select(connection, &condition, [kind.word()])
}

/// The newest adopted result of one kind for each body, or for one of them; else the newest.
pub(super) fn standing_of(
    connection: &Connection,
    kind: ResultKind,
    subject: Option<BodyId>,
    audience: Visibility,
) -> Result<Vec<ResultRecord>> {
    let a = level(audience);
    let condition = format!(
        "fid IN (
           SELECT coalesce(
             max(CASE WHEN (SELECT standing FROM decision WHERE result = c.id AND item = '' ORDER BY fid DESC LIMIT 1)
               IN ('adopted', 'published') THEN fid END),
             max(fid))
           FROM computed c
           WHERE kind = ?1 AND shown <= {a} AND subject IS NOT NULL AND subject = coalesce(?2, subject)
           GROUP BY subject)
         ORDER BY subject"
    );
    select(connection, &condition, (kind.word(), subject.map(|body| body.to_string())))
}

/// The results of one kind of which a part was adopted, newest first.
pub(super) fn adopted(
    connection: &Connection,
    kind: ResultKind,
    subject: Option<BodyId>,
    audience: Visibility,
) -> Result<Vec<ResultRecord>> {
    // few results are decided upon: begin with the decisions
    let condition = format!(
        "id IN (SELECT DISTINCT result FROM decision WHERE standing = 'adopted')
           AND kind = ?1 AND shown <= {} AND (?2 IS NULL OR subject = ?2)
         ORDER BY fid DESC",
        level(audience)
    );
    select(connection, &condition, (kind.word(), subject.map(|body| body.to_string())))
}

fn select(
    connection: &Connection,
    condition: &str,
    parameters: impl rusqlite::Params,
) -> Result<Vec<ResultRecord>> {
    let sql = format!("SELECT {COLUMNS} FROM computed WHERE {condition}");
    let mut statement = connection.prepare_cached(&sql).doing("reading results")?;
    let mut rows = statement.query(parameters).doing("reading results")?;
    let mut records = Vec::new();
    while let Some(row) = rows.next().doing("reading results")? {
        records.push(read(row)?);
    }
    Ok(records)
}

fn read(row: &Row<'_>) -> Result<ResultRecord> {
    let mut cells = Cells::new(row, 1, "computed");
    let result = StoredResult {
        kind: cells.word()?,
        subject: cells.opt_uuid()?.map(BodyId),
        plan: cells.text()?,
        inputs: cells.text()?,
        seed: cells.word()?,
        versions: cells
            .pairs()?
            .into_iter()
            .map(|(name, version)| ReferenceVersion { name, version })
            .collect(),
        document: cells.text()?,
        visibility: cells.visibility()?,
        rests_on: Vec::new(),
    };
    Ok(ResultRecord { result, time: cells.text()?, actor: cells.text()? })
}

fn versions_json(versions: &[ReferenceVersion]) -> String {
    let pairs: Vec<_> = versions.iter().map(|v| (&v.name, &v.version)).collect();
    serde_json::json!(pairs).to_string()
}

/// Records a step that a person took, if it may follow the one before.
pub(super) fn decide(connection: &Connection, decision: &Decision) -> Result<()> {
    let result = decision.result.to_string();
    let there: bool = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM computed WHERE id = ?1)")
        .and_then(|mut s| s.query_row([&result], |row| row.get(0)))
        .doing("looking for a result")?;
    if !there {
        return Err(StoreError::NotFound { kind: "result", id: result });
    }
    if decision.person.trim().is_empty() || decision.reason.trim().is_empty() {
        return Err(StoreError::Refused("a decision needs a person and a reason".into()));
    }
    let before = standing(connection, decision)?;
    let again = decision.standing == Standing::Adopted
        && matches!(before, None | Some(Standing::Draft))
        && stands_adopted_before(connection, decision)?;
    if !again && !decision.standing.may_follow(before) {
        return Err(StoreError::Refused(format!(
            "\"{}\" cannot follow \"{}\": the way is draft, reviewed, adopted, published",
            decision.standing,
            before.map_or("computed", Standing::word)
        )));
    }
    connection
        .prepare_cached(
            "INSERT INTO decision (result, item, standing, instead, person, capacity, reason, date)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )
        .and_then(|mut s| {
            s.execute((
                &result,
                &decision.item,
                decision.standing.word(),
                &decision.instead,
                decision.person.trim(),
                &decision.capacity,
                decision.reason.trim(),
                &decision.date,
            ))
        })
        .map(|_| ())
        .doing("recording a decision")
}

/// Whether the same part of an earlier class of the same body stands adopted: on new evidence the competent
/// person confirms it or puts another in its place.
fn stands_adopted_before(connection: &Connection, decision: &Decision) -> Result<bool> {
    connection
        .prepare_cached(
            "SELECT EXISTS (
               SELECT 1 FROM computed c JOIN computed o ON o.subject = c.subject AND o.kind = c.kind AND o.fid < c.fid
               WHERE c.id = ?1 AND c.kind = 'classification'
                 AND (SELECT standing FROM decision WHERE result = o.id AND item = ?2 ORDER BY fid DESC LIMIT 1)
                   IN ('adopted', 'published'))",
        )
        .and_then(|mut s| {
            s.query_row((decision.result.to_string(), &decision.item), |row| row.get(0))
        })
        .doing("reading decisions")
}

fn standing(connection: &Connection, decision: &Decision) -> Result<Option<Standing>> {
    let sql = "SELECT standing, fid FROM decision WHERE result = ?1 AND item = ?2 ORDER BY fid DESC LIMIT 1";
    let mut statement = connection.prepare_cached(sql).doing("reading decisions")?;
    let mut rows = statement
        .query((decision.result.to_string(), &decision.item))
        .doing("reading decisions")?;
    rows.next()
        .doing("reading decisions")?
        .map(|row| Cells::new(row, 0, "decision").word())
        .transpose()
}

/// What people decided of a result that the audience may see, oldest first.
pub(super) fn decisions(
    connection: &Connection,
    result: ResultId,
    audience: Visibility,
) -> Result<Vec<Decision>> {
    let sql = format!(
        "SELECT d.item, d.standing, d.instead, d.person, d.capacity, d.reason, d.date
         FROM decision d JOIN computed c ON c.id = d.result
         WHERE d.result = ?1 AND c.shown <= {} ORDER BY d.fid",
        level(audience)
    );
    let mut statement = connection.prepare_cached(&sql).doing("reading decisions")?;
    let mut rows = statement.query([result.to_string()]).doing("reading decisions")?;
    let mut decisions = Vec::new();
    while let Some(row) = rows.next().doing("reading decisions")? {
        let mut cells = Cells::new(row, 0, "decision");
        decisions.push(Decision {
            result,
            item: cells.text()?,
            standing: cells.word()?,
            instead: cells.opt_text()?,
            person: cells.text()?,
            capacity: cells.text()?,
            reason: cells.text()?,
            date: cells.text()?,
        });
    }
    Ok(decisions)
}

/// Keeps a reference file as it stood; a version that is kept already is left alone.
pub(super) fn keep_reference(
    connection: &Connection,
    file: &ReferenceVersion,
    content: &str,
) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO reference_file (name, version, content) VALUES (?1, ?2, ?3)",
        )
        .and_then(|mut s| s.execute((&file.name, &file.version, content)))
        .map(|_| ())
        .doing("keeping a reference file")
}

/// The text of a reference file that a result used.
pub(super) fn reference(connection: &Connection, version: &str) -> Result<Option<String>> {
    connection
        .prepare_cached("SELECT content FROM reference_file WHERE version = ?1")
        .and_then(|mut s| s.query_row([version], |row| row.get(0)).optional())
        .doing("reading a reference file")
}
