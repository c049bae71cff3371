//! What varp computed, with all that is needed to compute it again; and what people decided of it.

use std::fmt;
use std::str::FromStr;

use crate::id::made_of;
use crate::{BodyId, ClaimId, ResultId, Visibility};

/// What was computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResultKind {
    /// Tonnes, grades and contained mass of a body.
    Estimate,
    /// UNFC categories of the products of a body.
    Classification,
    /// An order of bodies.
    Ranking,
    /// A choice of bodies under a budget.
    Portfolio,
    /// The definition of a pilot study of a body.
    Pilot,
    /// A frozen state of all classes, published once.
    Edition,
    /// Stages of knowledge of a body that people closed.
    Stage,
    /// The state of a case of the desk: an operator's study that came in, or a claim of exemption.
    Case,
    /// A surface or points that somebody attached to a body, or withdrew.
    Attachment,
}

impl ResultKind {
    /// All kinds.
    pub const ALL: [Self; 9] = [
        Self::Estimate,
        Self::Classification,
        Self::Ranking,
        Self::Portfolio,
        Self::Pilot,
        Self::Edition,
        Self::Stage,
        Self::Case,
        Self::Attachment,
    ];

    /// The word used in tables and addresses.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Estimate => "estimate",
            Self::Classification => "classification",
            Self::Ranking => "ranking",
            Self::Portfolio => "portfolio",
            Self::Pilot => "pilot",
            Self::Edition => "edition",
            Self::Stage => "stage",
            Self::Case => "case",
            Self::Attachment => "attachment",
        }
    }
}

impl fmt::Display for ResultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for ResultKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.word() == text)
            .ok_or_else(|| format!("\"{text}\" is no kind of result"))
    }
}

/// A file of rules, priors, prices or lists that a result rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReferenceVersion {
    /// Its name, such as `rules.toml`, or `varp` for the program itself.
    pub name: String,
    /// SHA-256 of its text in hexadecimal; for the program its version.
    pub version: String,
}

/// A computed result. Equal parts give an equal identity, so that storing it again adds nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredResult {
    /// What was computed.
    pub kind: ResultKind,
    /// The body it is about; `None` for what spans the register.
    pub subject: Option<BodyId>,
    /// The document that computes it again: plan, rules, criteria.
    pub plan: String,
    /// SHA-256 of the records it was computed from, in hexadecimal.
    pub inputs: String,
    /// Seed of the random numbers; 0 where none were drawn.
    pub seed: u64,
    /// Program and reference files used, in the order of their names.
    pub versions: Vec<ReferenceVersion>,
    /// The result as JSON: the bytes that computing it again gives.
    pub document: String,
    /// Who may see it: never more open than the records it was computed from.
    pub visibility: Visibility,
    /// The records it tells of: where one of them is closed later, the result closes with it. Not part
    /// of what is read back.
    pub rests_on: Vec<RestsOn>,
}

/// Records that a result was computed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RestsOn {
    /// A claim.
    Claim(ClaimId),
    /// The facts of a body other than that which the result is about.
    Body(BodyId),
    /// Holes, zones and samples of a body with their assays, as far as readers of the result may see
    /// them.
    Samples(BodyId),
    /// The same with where they lie, and where the body lies and how far it reaches.
    Places(BodyId),
    /// Another result, with its body and all that it rests on.
    Result(ResultId),
}

impl StoredResult {
    /// Its identity, made of all its parts but who may see it.
    pub fn id(&self) -> ResultId {
        let mut parts = vec![
            self.subject.map_or_else(String::new, |body| body.to_string()),
            self.plan.clone(),
            self.inputs.clone(),
            self.seed.to_string(),
            self.document.clone(),
        ];
        parts.extend(self.versions.iter().map(|v| format!("{}={}", v.name, v.version)));
        ResultId(made_of(self.kind.word(), &parts))
    }
}

/// A result as it stands in the register.
#[derive(Clone, Debug, PartialEq)]
pub struct ResultRecord {
    /// The result.
    pub result: StoredResult,
    /// When it was stored, RFC 3339 in UTC.
    pub time: String,
    /// Who had it computed.
    pub actor: String,
}

/// How far a computed class or statement has come. A machine computes; people decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Put forward by somebody who stands for it.
    Draft,
    /// Looked through by a second person.
    Reviewed,
    /// Taken over, or overridden, by a competent person.
    Adopted,
    /// Made public as adopted.
    Published,
    /// Taken back.
    Withdrawn,
}

impl Standing {
    /// All standings, in the order of the workflow.
    pub const ALL: [Self; 5] =
        [Self::Draft, Self::Reviewed, Self::Adopted, Self::Published, Self::Withdrawn];

    /// The word used in tables and on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Reviewed => "reviewed",
            Self::Adopted => "adopted",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether this step may follow `before`; `None` is a result that is computed and no more.
    /// Anything can be withdrawn and put forward anew; nothing is published that is not adopted.
    pub const fn may_follow(self, before: Option<Self>) -> bool {
        match (before, self) {
            (None | Some(Self::Withdrawn), Self::Draft)
            | (Some(Self::Draft), Self::Reviewed)
            | (Some(Self::Reviewed), Self::Adopted)
            | (Some(Self::Adopted), Self::Published) => true,
            (Some(before), Self::Withdrawn) => !matches!(before, Self::Withdrawn),
            _ => false,
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Standing {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|s| s.word() == text.trim()).ok_or_else(|| {
            format!("\"{text}\" is not one of draft, reviewed, adopted, published, withdrawn")
        })
    }
}

/// A step that a named person took with a result, or with one item of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The result.
    pub result: ResultId,
    /// The part of it that is meant, such as a product; empty for all of it.
    pub item: String,
    /// The step.
    pub standing: Standing,
    /// What the person puts in place of the computed value, such as a UNFC code.
    pub instead: Option<String>,
    /// Who decided.
    pub person: String,
    /// In which capacity, such as "competent person, EurGeol 1234".
    pub capacity: String,
    /// Why.
    pub reason: String,
    /// Day of the decision, ISO 8601.
    pub date: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result() -> StoredResult {
        StoredResult {
            kind: ResultKind::Estimate,
            subject: None,
            plan: "a".into(),
            inputs: "b".into(),
            seed: 1,
            versions: Vec::new(),
            document: "{}".into(),
            visibility: Visibility::Public,
            rests_on: Vec::new(),
        }
    }

    #[test]
    fn each_part_but_the_visibility_makes_the_identity() {
        let id = result().id();
        assert_eq!(id, StoredResult { visibility: Visibility::Private, ..result() }.id());
        let changed = [
            StoredResult { kind: ResultKind::Pilot, ..result() },
            StoredResult { plan: "ab".into(), inputs: String::new(), ..result() },
            StoredResult { seed: 2, ..result() },
            StoredResult { document: "{ }".into(), ..result() },
        ];
        assert!(changed.iter().all(|other| other.id() != id));
    }

    #[test]
    fn nothing_is_published_that_was_not_adopted() {
        let steps =
            |before| Standing::ALL.into_iter().filter(|s| s.may_follow(before)).collect::<Vec<_>>();
        assert_eq!(steps(None), [Standing::Draft]);
        assert_eq!(steps(Some(Standing::Draft)), [Standing::Reviewed, Standing::Withdrawn]);
        assert_eq!(steps(Some(Standing::Adopted)), [Standing::Published, Standing::Withdrawn]);
        assert_eq!(steps(Some(Standing::Withdrawn)), [Standing::Draft]);
    }
}
