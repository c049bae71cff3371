//! Document review: the questions of its form, and what its answers say of the stage of knowledge.

use serde::{Deserialize, Serialize};
use varp_model::Status;

/// The form shipped with the program.
pub const DEFAULT: &str = include_str!("../reference/review_form.csv");

/// A question of the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Heading that it stands under.
    pub section: String,
    /// Property of the claim that an answer becomes.
    pub property: String,
    /// Substance, where it is fixed.
    pub substance: String,
    /// Unit that is offered.
    pub unit: String,
    /// Dry or wet, where it matters.
    pub basis: String,
    /// Original, remaining, produced, where it matters.
    pub term: String,
    /// The question in words.
    pub question: String,
    /// Documents in which the answer mostly stands.
    #[serde(rename = "where")]
    pub documents: String,
    /// Who put the question.
    pub source: String,
    /// Whether it was checked.
    pub status: Status,
}

/// Reads a form.
///
/// # Errors
/// If a row cannot be read.
pub fn questions(text: &str) -> Result<Vec<Question>, csv::Error> {
    csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes())
        .into_deserialize()
        .collect()
}

/// What a statement of a review says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// The stage *documented* is closed: by whom and why.
    Closed {
        /// Who signed.
        signed: String,
        /// Why.
        because: String,
    },
    /// Something was searched and nothing was found.
    Nothing,
    /// Something was searched.
    Searched,
}

/// Reads a statement of a review: `stage documented; signed NAME; because REASON` closes the stage, words
/// such as "nothing found" say that a search was in vain.
///
/// A closing without a name or a reason closes nothing.
pub fn finding(text: &str) -> Finding {
    let lower = text.to_lowercase();
    let mut parts = text.split(';').map(str::trim);
    if parts.next().is_some_and(|p| p.eq_ignore_ascii_case("stage documented")) {
        let after = |word: &str| {
            let starts = |p: &str| p.to_lowercase().starts_with(word);
            let part = text.split(';').map(str::trim).find(|p| starts(p))?;
            Some(part[word.len()..].trim().to_owned()).filter(|rest| !rest.is_empty())
        };
        if let (Some(signed), Some(because)) = (after("signed"), after("because")) {
            return Finding::Closed { signed, because };
        }
    }
    let vain = ["nothing found", "found nothing", "not found", "inget hittat", "ei löytynyt"];
    if vain.iter().any(|v| lower.contains(v)) { Finding::Nothing } else { Finding::Searched }
}

#[cfg(test)]
mod tests {
    use super::*;
    use varp_model::References;

    #[test]
    fn every_question_becomes_a_claim_of_a_known_property() {
        let references = References::embedded();
        let all = questions(DEFAULT).unwrap();
        assert!(all.len() > 30);
        for q in &all {
            let property = references.property(&q.property);
            let property = property.unwrap_or_else(|| panic!("no property {}", q.property));
            assert!(property.subjects.contains("body"), "{q:?}");
            if let Some(dimension) = property.dimension {
                assert!(varp_model::Unit::parse_as(&q.unit, dimension).is_ok(), "{q:?}");
            }
        }
    }

    #[test]
    fn a_stage_is_closed_with_a_name_and_a_reason_or_not_at_all() {
        let closed = finding("Stage documented; signed A. Person; because all archives were read");
        assert_eq!(
            closed,
            Finding::Closed {
                signed: "A. Person".into(),
                because: "all archives were read".into()
            }
        );
        assert_eq!(finding("stage documented; signed A. Person"), Finding::Searched);
        assert_eq!(finding("Permit files at the county board: nothing found"), Finding::Nothing);
        assert_eq!(finding("Closure plan of 1998, read"), Finding::Searched);
    }
}
