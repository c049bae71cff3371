//! Duties of the state and of operators: scope, stages, content, dates.
//!
//! Two duties with two state machines: the state's database of closed facilities (CRMA Art.
//! 27(4)–(8)) and the operators' studies (27(1)–(3)). The pre-selection protocol of Directive
//! 2006/21/EC is a third and filters neither.

mod answers;
mod content;
mod desk;
mod protocol;
mod stage;

pub use answers::{answers_of, read_answers};
pub use content::{Completeness, ItemState, completeness, study_items};
pub use desk::{Checked, Due, Received, check, read_desk};
pub use protocol::{Answer, Group, Protocol, ProtocolResult, Question};
pub use stage::{Exit, Stage, StageError, StageRecord, advance};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use varp_model::{BodyKind, Country, Status};

/// Whether a duty binds in a country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Bound {
    /// It binds.
    #[serde(rename = "bound")]
    Bound,
    /// That is not settled.
    #[serde(rename = "undetermined")]
    Undetermined,
    /// It does not bind.
    #[serde(rename = "not bound")]
    NotBound,
}

/// Whether a body falls under a duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Scope {
    /// It does.
    #[serde(rename = "in scope")]
    InScope,
    /// Somebody must decide.
    #[serde(rename = "undetermined")]
    Undetermined,
    /// It does not.
    #[serde(rename = "excluded")]
    Excluded,
}

/// A country's standing.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jurisdiction {
    /// Two-letter code.
    pub country: String,
    /// Whether the Act binds there.
    pub bound: Bound,
    /// Why.
    pub note: String,
    /// Whether that was read.
    pub status: Status,
}

/// A date in the law.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// The duty: `state database` or `operator study`.
    pub duty: String,
    /// What is due.
    pub what: String,
    /// The passage.
    pub law: String,
    /// The day.
    pub date: Date,
    /// Whether that was read.
    pub status: Status,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScopeRow {
    kind: String,
    scope: Scope,
    ground: String,
    status: Status,
}

/// An item of what the state database must hold.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContentItem {
    /// The item.
    pub item: String,
    /// What it asks, in a sentence; empty where the item says it.
    #[serde(default)]
    pub asks: String,
    /// Properties or fields of which one, with a source, fills it.
    pub needs: Vec<String>,
    /// The passage.
    pub law: String,
    /// Whether that was read.
    pub status: Status,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct StageRow {
    stage: Stage,
    means: String,
    exits: Vec<String>,
    status: Status,
}

/// Laws, dates and lists of one version.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duties {
    /// Version, quoted by results.
    pub version: String,
    #[serde(rename = "jurisdiction")]
    jurisdictions: Vec<Jurisdiction>,
    #[serde(rename = "deadline")]
    deadlines: Vec<Deadline>,
    #[serde(rename = "scope")]
    scopes: Vec<ScopeRow>,
    #[serde(rename = "content")]
    contents: Vec<ContentItem>,
    /// What an operator's study must hold.
    #[serde(rename = "study", default)]
    studies: Vec<ContentItem>,
    #[serde(rename = "stage")]
    stages: Vec<StageRow>,
}

/// Whether and why a body falls under the state's duty.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Standing {
    /// The answer.
    pub scope: Scope,
    /// The legal ground.
    pub ground: String,
    /// Whether the country is bound.
    pub bound: Bound,
    /// Whether any of this is from memory or at second hand.
    pub unverified: bool,
}

impl Duties {
    /// The document that the program was built with.
    pub fn embedded() -> Self {
        toml::from_str(include_str!("../../reference/duties.toml"))
            .expect("the embedded duties are tested")
    }

    /// A document of a survey's own.
    ///
    /// # Errors
    /// What the reader of the document says.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|e| e.to_string())
    }

    /// Whether a closed body of this kind in this country falls under the state's duty.
    pub fn standing(&self, kind: &BodyKind, country: Country) -> Standing {
        let there = self.jurisdictions.iter().find(|j| j.country == country.code());
        let row = self.scopes.iter().find(|s| s.kind == kind.0);
        let verified = |s: Option<Status>| s == Some(Status::Verified);
        Standing {
            scope: row.map_or(Scope::Undetermined, |r| r.scope),
            ground: row.map_or_else(|| format!("no rule for {kind}"), |r| r.ground.clone()),
            bound: there.map_or(Bound::Undetermined, |j| j.bound),
            unverified: !(verified(row.map(|r| r.status)) && verified(there.map(|j| j.status))),
        }
    }

    /// Deadlines of a duty with the days left at `today`, negative when past, in order of date.
    pub fn calendar(&self, duty: &str, today: Date) -> Vec<(&Deadline, i32)> {
        let mut dates: Vec<_> = self
            .deadlines
            .iter()
            .filter(|d| d.duty == duty)
            .map(|d| (d, days_between(today, d.date)))
            .collect();
        dates.sort_by_key(|(d, _)| d.date);
        dates
    }

    /// What the state database must hold.
    pub fn contents(&self) -> &[ContentItem] {
        &self.contents
    }

    /// What an operator's study must hold, Art. 27(2).
    pub fn study(&self) -> &[ContentItem] {
        &self.studies
    }

    /// What a stage means, and the reasons for which a body may leave after it.
    pub fn stage(&self, stage: Stage) -> Option<(&str, &[String], Status)> {
        let row = self.stages.iter().find(|s| s.stage == stage)?;
        Some((row.means.as_str(), row.exits.as_slice(), row.status))
    }
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operators_have_one_day_left_on_the_eve() {
        let duties = Duties::embedded();
        let calendar = duties.calendar("operator study", Date::constant(2026, 11, 23));
        assert_eq!(calendar.iter().map(|(_, days)| *days).collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn slag_in_norway_is_for_somebody_to_decide() {
        let standing = Duties::embedded().standing(&BodyKind("slag".into()), "NO".parse().unwrap());
        assert_eq!((standing.scope, standing.bound), (Scope::Undetermined, Bound::Undetermined));
        assert!(standing.unverified);
    }

    #[test]
    fn tailings_in_sweden_are_in_scope_and_bound() {
        let standing =
            Duties::embedded().standing(&BodyKind("tailings".into()), "SE".parse().unwrap());
        assert_eq!((standing.scope, standing.bound), (Scope::InScope, Bound::Bound));
    }
}
