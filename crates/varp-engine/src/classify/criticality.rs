//! The time machine: which lists a body matters to, at any date and under any list.

use jiff::civil::Date;
use serde::Serialize;
use varp_model::{CrmList, References, Status, Substance};

/// What a list says of something found in a body.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Relevance {
    /// The substance that was found.
    pub substance: String,
    /// The material as the list prints it.
    pub material: String,
    /// Whether it is on the critical list.
    pub critical: bool,
    /// Whether it is on the strategic list.
    pub strategic: bool,
    /// The form or grade that the list asks for; empty if any will do.
    pub form: String,
    /// The form or grade that the strategic list asks for, where it differs.
    pub strategic_form: String,
    /// Whether the entry is only from memory or at second hand.
    pub unverified: bool,
}

impl Relevance {
    /// What the find allows to say: the element is present; whether the listed material can be made
    /// of it is another question wherever a form is named.
    pub fn statement(&self) -> String {
        if self.form.is_empty() {
            format!("{} present; listed as {}", self.substance, self.material)
        } else {
            format!(
                "{} present; the list names {} ({}), which presence does not show",
                self.substance, self.material, self.form
            )
        }
    }
}

/// What changes for a body from one list to another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moved {
    /// The substance.
    pub substance: String,
    /// What the first list said.
    pub before: Option<Relevance>,
    /// What the second list says.
    pub after: Option<Relevance>,
}

/// The list of a jurisdiction that held on a day: the newest one valid from that day or earlier.
pub fn list_as_of<'a>(
    references: &'a References,
    jurisdiction: &str,
    day: Date,
) -> Option<&'a CrmList> {
    references
        .crm_lists
        .iter()
        .filter(|l| l.jurisdiction == jurisdiction)
        .filter_map(|l| Some((l.valid_from.parse::<Date>().ok()?, l)))
        .filter(|(from, _)| *from <= day)
        .max_by_key(|(from, _)| *from)
        .map(|(_, list)| list)
}

/// What a list says of the substances found in a body, in their order.
pub fn relevance(
    substances: &[Substance],
    list: &CrmList,
    references: &References,
) -> Vec<Relevance> {
    let found = |substance: &Substance| {
        list.entries_of_substance(substance, references)
            .into_iter()
            .map(|listed| Relevance {
                substance: substance.code().to_owned(),
                material: listed.entry.material.clone(),
                critical: listed.entry.critical,
                strategic: listed.entry.strategic,
                form: listed.entry.form.clone(),
                strategic_form: listed.entry.strategic_form.clone(),
                unverified: listed.entry.status == Status::Unverified
                    || list.status == Status::Unverified,
            })
            .collect::<Vec<_>>()
    };
    substances.iter().flat_map(found).collect()
}

/// Substances whose standing differs between two lists, with both.
pub fn moved(
    substances: &[Substance],
    before: &CrmList,
    after: &CrmList,
    references: &References,
) -> Vec<Moved> {
    let standing = |substance: &Substance, list: &CrmList| {
        relevance(std::slice::from_ref(substance), list, references).into_iter().next()
    };
    substances
        .iter()
        .filter_map(|substance| {
            let (b, a) = (standing(substance, before), standing(substance, after));
            let key = |r: &Option<Relevance>| {
                r.as_ref().map(|r| (r.critical, r.strategic, r.form.clone()))
            };
            (key(&b) != key(&a)).then(|| Moved {
                substance: substance.code().to_owned(),
                before: b,
                after: a,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn references() -> References {
        let files: BTreeMap<String, String> = [
            (
                "crm_lists.csv",
                "list,jurisdiction,year,valid_from,count,source,status\n\
                 EU-A,EU,2020,2020-09-03,1,made for a test,verified\n\
                 EU-B,EU,2024,2024-05-23,1,made for a test,verified\n",
            ),
            (
                "crm_entries.csv",
                "list,material,commodities,critical,strategic,form,strategic_form,source,status\n\
                 EU-A,indium,In,true,false,,,made for a test,verified\n\
                 EU-B,copper,Cu,true,true,,,made for a test,verified\n",
            ),
        ]
        .into_iter()
        .map(|(n, t)| (n.to_owned(), t.to_owned()))
        .collect();
        References::with_overrides(&files).unwrap()
    }

    #[test]
    fn the_list_of_a_day_is_the_newest_that_held() {
        let references = references();
        let day = |y| Date::constant(y, 6, 1);
        assert_eq!(list_as_of(&references, "EU", day(2019)), None);
        assert_eq!(list_as_of(&references, "EU", day(2022)).unwrap().list, "EU-A");
        assert_eq!(list_as_of(&references, "EU", day(2026)).unwrap().list, "EU-B");
    }

    #[test]
    fn copper_becomes_critical_and_the_move_is_told() {
        let references = references();
        let copper = Substance::parse("Cu", &references).unwrap();
        let lists = &references.crm_lists;
        let told = moved(&[copper], &lists[0], &lists[1], &references);
        assert_eq!(told.len(), 1);
        assert!(told[0].before.is_none() && told[0].after.as_ref().unwrap().strategic);
    }
}
