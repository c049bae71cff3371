//! The pre-selection protocol of Directive 2006/21/EC Art. 20: 18 questions, unknown counts as yes.
//!
//! It finds facilities that may cause serious harm. It is a duty of its own and filters no other.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use varp_model::Status;

/// What a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// Known impact.
    Impact,
    /// What could do harm.
    Source,
    /// How it could travel.
    Pathway,
    /// Whom it could reach.
    Receptor,
}

impl Group {
    /// All groups, in the order of the protocol.
    pub const ALL: [Self; 4] = [Self::Impact, Self::Source, Self::Pathway, Self::Receptor];

    /// The word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Impact => "impact",
            Self::Source => "source",
            Self::Pathway => "pathway",
            Self::Receptor => "receptor",
        }
    }
}

/// One question.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its number.
    pub id: String,
    /// Its group.
    pub group: Group,
    /// Its words.
    pub asks: String,
    /// The number that a measured answer is compared with.
    #[serde(default)]
    pub threshold: Option<f64>,
    /// Unit of the threshold.
    #[serde(default)]
    pub unit: Option<String>,
    /// Whether a number below the threshold means yes.
    #[serde(default)]
    pub below: bool,
    /// Kinds of body that it is about; empty for all.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// The property of a register whose value answers it.
    #[serde(default)]
    pub answered_by: Option<String>,
    /// The answer where that property is stated in words.
    #[serde(default)]
    pub stated_means: Option<bool>,
    /// Whether wording and threshold were read in the guidance.
    pub status: Status,
}

/// An answer with what it rests on. A missing answer is unknown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// Yes, on this evidence.
    Yes(String),
    /// No, on this evidence.
    No(String),
    /// A number in the unit of the question, on this evidence.
    Number(f64, String),
}

/// The protocol of one version.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Protocol {
    /// Version, quoted by results.
    pub version: String,
    /// Its questions in order.
    #[serde(rename = "question")]
    pub questions: Vec<Question>,
}

/// What the protocol says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProtocolResult {
    /// Whether the facility is to be examined further.
    pub examine: bool,
    /// Questions answered yes, by group.
    pub yes: BTreeMap<Group, Vec<String>>,
    /// Questions without an answer, counted as yes.
    pub unknown: Vec<String>,
    /// Version of the protocol.
    pub version: String,
}

impl Protocol {
    /// The questions that the program was built with.
    pub fn embedded() -> Self {
        toml::from_str(include_str!("../../reference/ec_protocol.toml"))
            .expect("the embedded protocol is tested")
    }

    /// A protocol of a survey's own.
    ///
    /// # Errors
    /// What the reader of the document says.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|e| e.to_string())
    }

    /// The same with other thresholds, by question.
    ///
    /// # Errors
    /// If a question compares with no number, or the number is not one from zero up.
    pub fn with_thresholds(&self, others: &[(&str, &str)]) -> Result<Self, String> {
        let mut changed = self.clone();
        for (id, text) in others {
            let question = changed.questions.iter_mut().find(|q| q.id == *id);
            let question = question.filter(|q| q.threshold.is_some());
            let question = question.ok_or_else(|| format!("{id} compares with no number"))?;
            let number = text.trim().parse::<f64>().ok().filter(|n| n.is_finite() && *n >= 0.0);
            question.threshold =
                Some(number.ok_or_else(|| format!("{id}={text} is not a number from zero up"))?);
        }
        Ok(changed)
    }

    /// Examine further if a serious incident is known or not excluded, or if source, pathway and
    /// receptor each have at least one yes or unknown.
    pub fn evaluate(&self, answers: &BTreeMap<String, Answer>) -> ProtocolResult {
        let mut yes: BTreeMap<Group, Vec<String>> = BTreeMap::new();
        let mut unknown = Vec::new();
        for question in &self.questions {
            match answers.get(&question.id).and_then(|a| question.is_yes(a)) {
                Some(true) => yes.entry(question.group).or_default().push(question.id.clone()),
                Some(false) => {}
                None => {
                    unknown.push(question.id.clone());
                    yes.entry(question.group).or_default().push(question.id.clone());
                }
            }
        }
        let chain = [Group::Source, Group::Pathway, Group::Receptor];
        let examine = yes.contains_key(&Group::Impact) || chain.iter().all(|g| yes.contains_key(g));
        ProtocolResult { examine, yes, unknown, version: self.version.clone() }
    }
}

impl Question {
    /// Whether an answer means yes; `None` where it does not fit the question, which is as good as unknown.
    pub fn is_yes(&self, answer: &Answer) -> Option<bool> {
        match (answer, self.threshold) {
            (Answer::Yes(_), _) => Some(true),
            (Answer::No(_), _) => Some(false),
            (Answer::Number(n, _), Some(t)) if n.is_finite() => {
                Some(if self.below { *n < t } else { *n > t })
            }
            (Answer::Number(..), _) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_no() -> BTreeMap<String, Answer> {
        let no = |q: &Question| (q.id.clone(), Answer::No("seen".into()));
        Protocol::embedded().questions.iter().map(no).collect()
    }

    #[test]
    fn nothing_known_means_examine() {
        let result = Protocol::embedded().evaluate(&BTreeMap::new());
        assert!(result.examine);
        assert_eq!(result.unknown.len(), 18);
    }

    #[test]
    fn a_broken_chain_means_no_need() {
        let protocol = Protocol::embedded();
        let mut answers = all_no();
        assert!(!protocol.evaluate(&answers).examine);
        answers.insert("Q2".into(), Answer::Yes("assay".into()));
        answers.insert("Q11".into(), Answer::Number(200.0, "map".into()));
        assert!(!protocol.evaluate(&answers).examine);
        answers.insert("Q15".into(), Answer::Number(150.0, "census".into()));
        assert!(protocol.evaluate(&answers).examine);
    }

    #[test]
    fn thresholds_of_a_survey_decide_and_nonsense_is_refused() {
        let protocol = Protocol::embedded();
        let mut answers = all_no();
        answers.insert("Q6".into(), Answer::Number(5.0, "survey".into()));
        let yes = |p: &Protocol| p.evaluate(&answers).yes.contains_key(&Group::Source);
        assert!(yes(&protocol));
        assert!(!yes(&protocol.with_thresholds(&[("Q6", "6")]).unwrap()));
        for (id, number) in [("Q1", "1"), ("Q99", "1"), ("Q6", "high"), ("Q6", "-1"), ("Q6", "inf")]
        {
            assert!(protocol.with_thresholds(&[(id, number)]).is_err(), "{id} {number}");
        }
    }

    #[test]
    fn a_known_incident_suffices() {
        let mut answers = all_no();
        answers.insert("Q1".into(), Answer::Yes("report".into()));
        assert!(Protocol::embedded().evaluate(&answers).examine);
    }
}
