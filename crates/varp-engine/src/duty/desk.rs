//! The desk for operators' studies: what came in, whether it holds what Art. 27(2) asks, what is due.
//!
//! The register of the desk is a table that a person keeps: a row per study or claim of exemption.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};
use varp_model::Visibility;

use super::{ContentItem, Duties};

/// A row of the desk's table.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Received {
    /// Number of the case.
    pub case: String,
    /// The facility, by name.
    pub facility: String,
    /// Its body in the register, by id; empty if it is not there.
    #[serde(default)]
    pub body: String,
    /// Who operates it.
    pub operator: String,
    /// Day on which the study came; empty if nothing came.
    #[serde(default)]
    pub received: String,
    /// Items of 27(2) that the study holds, separated by `;`: words of the duty document.
    #[serde(default)]
    pub holds: String,
    /// Whether an exemption is claimed: no technically recoverable critical raw material.
    #[serde(default)]
    pub exemption: bool,
    /// What the claim of exemption rests on.
    #[serde(default)]
    pub exemption_evidence: String,
    /// Who may see the case: the authority, unless it says otherwise.
    #[serde(default = "closed", deserialize_with = "visibility")]
    pub visibility: Visibility,
}

/// A case is the authority's until somebody opens it.
fn closed() -> Visibility {
    Visibility::Authority
}

fn visibility<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Visibility, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Ok(closed());
    }
    text.parse().map_err(serde::de::Error::custom)
}

/// What there is to do about a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// Confirm the receipt: all items are there.
    Receipt,
    /// Ask for what is missing.
    Deficiency,
    /// Decide on the exemption.
    DecideExemption,
    /// Ask for the evidence of the exemption.
    ExemptionEvidence,
    /// Remind: nothing came and the day is near or past.
    Remind,
    /// Nothing yet.
    Wait,
}

impl Due {
    /// What to do, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Receipt => "confirm receipt",
            Self::Deficiency => "ask for what is missing",
            Self::DecideExemption => "decide on the exemption",
            Self::ExemptionEvidence => "ask for the evidence of the exemption",
            Self::Remind => "remind",
            Self::Wait => "wait",
        }
    }
}

/// A case with what was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Checked {
    /// The row.
    pub case: Received,
    /// What to do.
    pub due: Due,
    /// Items of 27(2) that are missing, with their passages.
    pub missing: Vec<(String, String)>,
    /// Days left to the day of filing, or from it to the receipt if late; negative is late.
    pub days: i32,
    /// Words in `holds` that are no items.
    pub strange: Vec<String>,
}

/// Days before the day of filing on which operators are reminded.
const NEAR: i32 = 60;

/// Reads the desk's table: CSV with the names of [`Received`]'s fields.
///
/// # Errors
/// The line and what is wrong with it: a cell that cannot be read, a case without a number or facility, or
/// two of one number.
pub fn read_desk(text: &str) -> Result<Vec<Received>, String> {
    let mut rows: Vec<Received> = Vec::new();
    for (at, row) in crate::rows::rows::<Received>(text)? {
        if row.case.is_empty() || row.facility.is_empty() {
            return Err(format!("row {}: a case needs a number and a facility", at));
        }
        if rows.iter().any(|other| other.case == row.case) {
            return Err(format!("row {}: there is a case {} above already", at, row.case));
        }
        if !row.received.is_empty() && row.received.parse::<Date>().is_err() {
            let found = &row.received;
            return Err(format!("row {}: \"{found}\" is not a date such as 2026-11-20", at));
        }
        rows.push(row);
    }
    Ok(rows)
}

/// Checks a case against what Art. 27(2) asks and the day of filing, as of `today`.
pub fn check(case: &Received, duties: &Duties, today: Date) -> Checked {
    let held: Vec<&str> =
        case.holds.split(';').map(str::trim).filter(|item| !item.is_empty()).collect();
    let known = |item: &ContentItem| held.contains(&item.item.as_str());
    let missing: Vec<(String, String)> = duties
        .study()
        .iter()
        .filter(|item| !known(item))
        .map(|item| (item.item.clone(), item.law.clone()))
        .collect();
    let strange = held
        .iter()
        .filter(|word| !duties.study().iter().any(|item| item.item == **word))
        .map(|word| (*word).to_owned())
        .collect();
    let received = case.received.parse::<Date>().ok();
    let day = received.unwrap_or(today);
    let days = duties.calendar("operator study", day).first().map_or(0, |(_, days)| *days);
    let due = match (case.exemption, received, missing.is_empty()) {
        (true, ..) if case.exemption_evidence.trim().is_empty() => Due::ExemptionEvidence,
        (true, ..) => Due::DecideExemption,
        (false, Some(_), true) => Due::Receipt,
        (false, Some(_), false) => Due::Deficiency,
        (false, None, _) if days <= NEAR => Due::Remind,
        (false, None, _) => Due::Wait,
    };
    Checked { case: case.clone(), due, missing, days, strange }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "case,facility,body,operator,received,holds,exemption,exemption_evidence\n\
        1,Pond A,,Mine Oy,2026-11-20,quantities;concentrations;extracted volume;technical \
        recoverability;economic recoverability;methods,false,\n\
        2,Pond B,,Mine AB,2026-11-26,quantities; methods; ore,false,\n\
        3,Pond C,,Mine AS,,,true,\n\
        4,Pond D,,Mine AS,,,false,\n";

    #[test]
    fn a_whole_study_gets_a_receipt_and_others_what_they_need() {
        let duties = Duties::embedded();
        let today = Date::constant(2026, 11, 28);
        let found: Vec<Checked> =
            read_desk(TABLE).unwrap().iter().map(|row| check(row, &duties, today)).collect();
        let dues: Vec<Due> = found.iter().map(|c| c.due).collect();
        assert_eq!(dues, [Due::Receipt, Due::Deficiency, Due::ExemptionEvidence, Due::Remind]);
        assert_eq!((found[0].days, found[1].days), (4, -2));
        assert_eq!(found[1].missing.len(), 4);
        assert_eq!(found[1].strange, ["ore"]);
    }

    #[test]
    fn a_wrong_date_is_told_with_its_row() {
        let wrong = TABLE.replace("2026-11-26", "26.11.2026");
        assert!(read_desk(&wrong).unwrap_err().starts_with("row 3"));
    }

    #[test]
    fn a_case_is_the_authoritys_until_a_row_opens_it() {
        let rows =
            "case,facility,operator,visibility\n1,Pond A,Mine Oy,\n2,Pond B,Mine AB,public\n";
        let read = read_desk(rows).unwrap();
        let who: Vec<Visibility> = read.iter().map(|case| case.visibility).collect();
        assert_eq!(who, [Visibility::Authority, Visibility::Public]);
        assert_eq!(read_desk(TABLE).unwrap()[0].visibility, Visibility::Authority);
        let wrong = read_desk(&rows.replace("public", "all")).unwrap_err();
        assert!(wrong.starts_with("row 3") && wrong.contains("public, authority"), "{wrong}");
        let twice = read_desk(&rows.replace("2,Pond B", "1,Pond B")).unwrap_err();
        assert!(twice.contains("case 1 above"), "{twice}");
    }
}
