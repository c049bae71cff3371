//! Answers to the protocol: what a register says of a body, and what people put in a table.

use std::collections::BTreeMap;

use serde::Deserialize;
use varp_model::{BodyKind, Claim, ClaimValue};

use super::protocol::{Answer, Protocol, Question};

/// Words by which a statement says that there is none.
const NONE: [&str; 4] = ["none", "no", "uncovered", "not covered"];

/// What the claims about a body and its kind answer. Of several claims one that means yes goes before.
pub fn answers_of(
    protocol: &Protocol,
    kind: &BodyKind,
    claims: &[Claim],
) -> BTreeMap<String, Answer> {
    let answer = |question: &Question| {
        let of_kind = by_kind(question, kind);
        if let Some(Answer::No(_)) = of_kind {
            return of_kind;
        }
        let Some(property) = &question.answered_by else { return of_kind };
        let own = claims.iter().filter(|claim| claim.property == *property);
        let found: Vec<Answer> = own.filter_map(|claim| by_claim(question, claim)).collect();
        let yes = found.iter().position(|a| question.is_yes(a) == Some(true));
        found.into_iter().nth(yes.unwrap_or(0))
    };
    let all = protocol.questions.iter();
    all.filter_map(|question| Some((question.id.clone(), answer(question)?))).collect()
}

/// A question about some kinds of body is answered no for the others, and yes for its own where the kind
/// is all that it asks.
fn by_kind(question: &Question, kind: &BodyKind) -> Option<Answer> {
    if question.kinds.is_empty() || kind.0 == "unknown" {
        return None;
    }
    let evidence = format!("it is {kind}");
    let is_own = question.kinds.contains(&kind.0);
    match (is_own, question.threshold) {
        (false, _) => Some(Answer::No(evidence)),
        (true, None) => Some(Answer::Yes(evidence)),
        (true, Some(_)) => None,
    }
}

/// A number is taken at the end that is worse.
fn by_claim(question: &Question, claim: &Claim) -> Option<Answer> {
    let evidence = format!("{}, claim {}", claim.property, claim.id);
    match &claim.value {
        ClaimValue::Number(range) => {
            let worse = if question.below { range.low() } else { range.high() };
            let number = range.unit.to_canonical(worse.or(range.best)?);
            question.threshold.map(|_| Answer::Number(number, evidence))
        }
        ClaimValue::Text(text) | ClaimValue::Code(text) => {
            let there = !NONE.contains(&text.trim().to_lowercase().as_str());
            let yes = question.stated_means? == there;
            Some(if yes { Answer::Yes(evidence) } else { Answer::No(evidence) })
        }
        ClaimValue::Date(_) => question
            .stated_means
            .map(|yes| if yes { Answer::Yes(evidence) } else { Answer::No(evidence) }),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerRow {
    body: String,
    question: String,
    answer: String,
    evidence: String,
}

/// Answers of people by body and question: CSV with the columns `body, question, answer, evidence`;
/// an answer is yes, no, unknown or a number in the unit of the question. Unknown takes back what the
/// register says.
///
/// # Errors
/// The row and what is wrong with it: a question that the protocol does not have, an answer that is none of
/// these, a number where none is compared, or an answer other than unknown without evidence.
pub fn read_answers(
    text: &str,
    protocol: &Protocol,
) -> Result<BTreeMap<String, BTreeMap<String, Option<Answer>>>, String> {
    let mut answers: BTreeMap<String, BTreeMap<String, Option<Answer>>> = BTreeMap::new();
    for (at, row) in crate::rows::rows::<AnswerRow>(text)? {
        let question = protocol.questions.iter().find(|q| q.id == row.question);
        let Some(question) = question else {
            return Err(format!("row {at}: the protocol has no question {}", row.question));
        };
        let answer = match row.answer.to_lowercase().as_str() {
            "yes" => Some(Answer::Yes(row.evidence.clone())),
            "no" => Some(Answer::No(row.evidence.clone())),
            "unknown" => None,
            other => match (other.parse::<f64>(), question.threshold) {
                (Ok(number), Some(_)) if number.is_finite() => {
                    Some(Answer::Number(number, row.evidence.clone()))
                }
                _ => {
                    let number = question
                        .unit
                        .as_ref()
                        .map_or_else(String::new, |unit| format!(", or a number in {unit}"));
                    return Err(format!(
                        "row {at}: \"{}\" is not yes, no, unknown{number}",
                        row.answer
                    ));
                }
            },
        };
        if answer.is_some() && row.evidence.is_empty() {
            return Err(format!("row {at}: an answer needs evidence"));
        }
        answers.entry(row.body).or_default().insert(row.question, answer);
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_body_answers_what_asks_for_another() {
        let protocol = Protocol::embedded();
        let of = |kind: &str| answers_of(&protocol, &BodyKind(kind.into()), &[]);
        let tailings = of("tailings");
        assert!(matches!(tailings["Q5"], Answer::Yes(_)));
        assert!(matches!(tailings["Q8"], Answer::No(_)));
        assert!(!tailings.contains_key("Q6"), "its height is not known");
        let rock = of("waste rock");
        assert!(matches!(rock["Q5"], Answer::No(_)) && matches!(rock["Q6"], Answer::No(_)));
        assert!(of("unknown").is_empty());
    }

    #[test]
    fn answers_of_people_need_evidence_and_fit_the_question() {
        let protocol = Protocol::embedded();
        let read = |row: &str| {
            let table = format!("body,question,answer,evidence\n{row}\n");
            read_answers(&table, &protocol)
        };
        let number = read("b,Q11,850,map of 2020").unwrap();
        assert_eq!(number["b"]["Q11"], Some(Answer::Number(850.0, "map of 2020".into())));
        assert_eq!(read("b,Q2,unknown,").unwrap()["b"]["Q2"], None);
        for (row, word) in [
            ("b,Q2,no,", "evidence"),
            ("b,Q2,12,seen", "yes, no, unknown"),
            ("b,Q11,near,seen", "a number in m"),
            ("b,Q99,no,seen", "Q99"),
        ] {
            let error = read(row).unwrap_err();
            assert!(error.contains(word) && error.starts_with("row 2"), "{error}");
        }
    }
}
