//! The stages of building knowledge: documented, sampled, characterised; with reasons to leave.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Duties;

/// How far the knowledge of a body has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Documents were reviewed.
    Documented,
    /// Representative samples were taken.
    Sampled,
    /// It was characterised in detail.
    Characterised,
}

/// Why a body leaves after a stage; words of the duty document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Exit(pub String);

/// A stage that was closed, by whom, when, and on what evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageRecord {
    /// The stage.
    pub stage: Stage,
    /// The day it was closed.
    pub closed: Date,
    /// Who signed.
    pub signed: String,
    /// Why it is closed, in words.
    pub reason: String,
    /// Why the body leaves here; `None` lets it go on.
    pub exit: Option<Exit>,
    /// Claims that it rests on.
    pub evidence: Vec<String>,
}

/// Why a stage cannot be closed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StageError {
    /// A stage before it is open.
    #[error("{next:?} cannot be closed before {missing:?}")]
    OutOfOrder {
        /// The stage asked for.
        next: Stage,
        /// The one that is open.
        missing: Stage,
    },
    /// The body has left.
    #[error("the body left after {stage:?}: {exit}; take that back first")]
    Left {
        /// Where it left.
        stage: Stage,
        /// Why.
        exit: String,
    },
    /// The stage is closed already.
    #[error("{0:?} is closed already")]
    Closed(Stage),
    /// The dates run backwards.
    #[error("{next:?} cannot be closed before the day on which {before:?} was")]
    Backwards {
        /// The stage asked for.
        next: Stage,
        /// The one before.
        before: Stage,
    },
    /// The reason to leave is not one of this stage.
    #[error("\"{exit}\" is not a reason to leave after {stage:?}; there are: {known}")]
    UnknownExit {
        /// What was given.
        exit: String,
        /// The stage.
        stage: Stage,
        /// The reasons that the duty document has.
        known: String,
    },
    /// Nobody signed, or no reason is given.
    #[error("a stage is closed with a signature and a reason")]
    Unsigned,
}

/// Closes the next stage.
///
/// # Errors
/// If stages are skipped, the body has left, the reason to leave is unknown, or nobody signs.
pub fn advance(
    history: &[StageRecord],
    next: StageRecord,
    duties: &Duties,
) -> Result<Vec<StageRecord>, StageError> {
    if let Some(left) = history.iter().find(|r| r.exit.is_some()) {
        let exit = left.exit.as_ref().map_or_else(String::new, |e| e.0.clone());
        return Err(StageError::Left { stage: left.stage, exit });
    }
    if history.iter().any(|r| r.stage == next.stage) {
        return Err(StageError::Closed(next.stage));
    }
    for before in [Stage::Documented, Stage::Sampled].into_iter().filter(|s| *s < next.stage) {
        match history.iter().find(|r| r.stage == before) {
            None => return Err(StageError::OutOfOrder { next: next.stage, missing: before }),
            Some(r) if r.closed > next.closed => {
                return Err(StageError::Backwards { next: next.stage, before });
            }
            Some(_) => {}
        }
    }
    if next.signed.trim().is_empty() || next.reason.trim().is_empty() {
        return Err(StageError::Unsigned);
    }
    if let Some(Exit(exit)) = &next.exit {
        let known = duties.stage(next.stage).map(|(_, exits, _)| exits).unwrap_or_default();
        if !known.contains(exit) {
            let known = known.join(", ");
            return Err(StageError::UnknownExit { exit: exit.clone(), stage: next.stage, known });
        }
    }
    let mut grown = history.to_vec();
    grown.push(next);
    Ok(grown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(stage: Stage, day: i8, exit: Option<&str>) -> StageRecord {
        StageRecord {
            stage,
            closed: Date::constant(2026, 11, day),
            signed: "A. Person".into(),
            reason: "files 1950 to 1963 were read".into(),
            exit: exit.map(|e| Exit(e.to_owned())),
            evidence: Vec::new(),
        }
    }

    #[test]
    fn stages_follow_each_other() {
        let duties = Duties::embedded();
        let one = advance(&[], record(Stage::Documented, 1, None), &duties).unwrap();
        let two = advance(&one, record(Stage::Sampled, 2, None), &duties).unwrap();
        let three = record(Stage::Characterised, 3, Some("potentially economic"));
        assert_eq!(advance(&two, three, &duties).unwrap().len(), 3);
    }

    #[test]
    fn what_is_out_of_order_or_unsigned_is_refused() {
        let duties = Duties::embedded();
        let sampled = record(Stage::Sampled, 2, None);
        assert!(matches!(advance(&[], sampled, &duties), Err(StageError::OutOfOrder { .. })));
        let left = [record(Stage::Documented, 1, Some("no raw material plausible"))];
        let next = record(Stage::Sampled, 2, None);
        assert!(matches!(advance(&left, next, &duties), Err(StageError::Left { .. })));
        let odd = record(Stage::Documented, 1, Some("too dear"));
        assert!(matches!(advance(&[], odd, &duties), Err(StageError::UnknownExit { .. })));
        let unsigned = StageRecord { signed: " ".into(), ..record(Stage::Documented, 1, None) };
        assert_eq!(advance(&[], unsigned, &duties), Err(StageError::Unsigned));
        let late = [record(Stage::Documented, 5, None)];
        let early = record(Stage::Sampled, 2, None);
        assert!(matches!(advance(&late, early, &duties), Err(StageError::Backwards { .. })));
    }
}
