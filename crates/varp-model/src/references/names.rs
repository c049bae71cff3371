//! Where substances are named in the reference data, so that nobody reads through the files for each.

use std::collections::HashMap;

use super::{Commodity, Mineral, Sum};

/// Rows by the names that they go by.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// Rows of sums by code and spellings in lower case.
    sums: HashMap<String, usize>,
    /// The same of minerals.
    minerals: HashMap<String, usize>,
    /// Rows of commodities by the substances that witness them, in their order.
    commodities: HashMap<String, Vec<usize>>,
}

impl Names {
    /// The names in these rows; of two rows with one name the first has it.
    pub(super) fn of(sums: &[Sum], minerals: &[Mineral], commodities: &[Commodity]) -> Self {
        let mut witnessed: HashMap<String, Vec<usize>> = HashMap::new();
        for (row, commodity) in commodities.iter().enumerate() {
            for substance in commodity.substances.split_whitespace() {
                witnessed.entry(substance.to_owned()).or_default().push(row);
            }
        }
        Self {
            sums: spelled(sums.iter().map(|sum| (&*sum.code, &*sum.spellings))),
            minerals: spelled(minerals.iter().map(|m| (&*m.code, &*m.spellings))),
            commodities: witnessed,
        }
    }

    /// The row of the sum that is written like this.
    pub(super) fn sum(&self, text: &str) -> Option<usize> {
        self.sums.get(&text.trim().to_lowercase()).copied()
    }

    /// The row of the mineral that is written like this.
    pub(super) fn mineral(&self, text: &str) -> Option<usize> {
        self.minerals.get(&text.trim().to_lowercase()).copied()
    }

    /// The rows of commodities that any of these substances witnesses, in order.
    pub(super) fn commodities(&self, substances: &[&str]) -> Vec<usize> {
        let of = |substance: &&str| self.commodities.get(*substance).into_iter().flatten().copied();
        let mut rows: Vec<usize> = substances.iter().flat_map(of).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }
}

fn spelled<'a>(rows: impl Iterator<Item = (&'a str, &'a str)>) -> HashMap<String, usize> {
    let mut names = HashMap::new();
    for (row, (code, spellings)) in rows.enumerate() {
        let spellings = spellings.split('|').map(str::trim).filter(|name| !name.is_empty());
        for name in std::iter::once(code).chain(spellings) {
            names.entry(name.to_lowercase()).or_insert(row);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use crate::{References, Substance};

    #[test]
    fn every_spelling_leads_to_the_first_row_that_has_it() {
        let references = References::embedded();
        let has = |name: &str, code: &str, spellings: &str| {
            let name = name.to_lowercase();
            code.to_lowercase() == name
                || spellings.split('|').any(|s| s.trim().to_lowercase() == name)
        };
        let mut asked = 0;
        for sum in &references.sums {
            for name in sum.spellings.split('|').chain([&*sum.code]).filter(|n| !n.is_empty()) {
                let name = format!(" {} ", name.to_uppercase());
                let first =
                    references.sums.iter().find(|s| has(name.trim(), &s.code, &s.spellings));
                assert_eq!(references.defined_sum(&name), Some(&*first.unwrap().code), "{name}");
                asked += 1;
            }
        }
        for mineral in &references.minerals {
            for name in
                mineral.spellings.split('|').chain([&*mineral.code]).filter(|n| !n.is_empty())
            {
                let mut all = references.minerals.iter();
                let first = all.find(|m| has(name.trim(), &m.code, &m.spellings));
                assert_eq!(references.mineral(name), Some(&*first.unwrap().code), "{name}");
                asked += 1;
            }
        }
        assert!(asked > references.sums.len() + references.minerals.len());
        assert_eq!((references.defined_sum(""), references.mineral(" ")), (None, None));
    }

    #[test]
    fn commodities_come_in_the_order_of_their_file_and_once() {
        let references = References::embedded();
        for code in ["Cu", "W", "WO3", "Fe2O3", "TREO", "Ce", "scheelite", "S"] {
            let substance = Substance::parse(code, &references).unwrap();
            let found = references.commodities_of(&substance);
            let mut codes: Vec<String> =
                substance.elements().iter().map(|e| e.symbol().to_owned()).collect();
            codes.push(substance.code().to_owned());
            if let Substance::Mineral(_) = substance {
                codes.extend(["Ca", "W", "O"].map(str::to_owned));
            }
            let all = references.commodities.iter();
            let read = all.filter(|c| {
                c.substances.split_whitespace().any(|s| codes.iter().any(|own| own == s))
            });
            assert_eq!(found, read.collect::<Vec<_>>(), "{code}");
            assert!(!found.is_empty(), "{code}");
        }
    }
}
