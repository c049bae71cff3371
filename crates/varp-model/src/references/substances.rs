//! What analyses are of: elements, minerals with their end members, defined sums.

use serde::Deserialize;

use super::{Commodity, References, Status};
use crate::{Element, Formula, Substance};

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(super) struct ElementRow {
    pub symbol: String,
    name: String,
    atomic_weight: Option<f64>,
    status: Status,
}

/// A sum or species of analysis that has a definition: `TREO`, `S(sulphide)`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Sum {
    /// Code, stable.
    pub code: String,
    /// Other spellings, separated by `|`.
    pub spellings: String,
    /// What it means, in a sentence.
    pub definition: String,
    /// Substances that are added, separated by spaces; empty where it is no sum.
    pub members: String,
    /// Where the definition comes from.
    pub source: String,
    /// Whether it was seen there.
    pub status: Status,
}

/// A mineral, whose composition lies between those of its end members.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Mineral {
    /// Name, stable.
    pub code: String,
    /// Other spellings, separated by `|`.
    pub spellings: String,
    /// Formula as mineralogists write it.
    pub definition: String,
    /// Stoichiometric formulas of its end members, separated by `|`; one if its composition is
    /// fixed.
    pub end_members: String,
    /// Where the formulas come from.
    pub source: String,
    /// Whether they were seen there.
    pub status: Status,
}

impl Mineral {
    /// The formulas of its end members; those that cannot be read are left out, which a test of the
    /// embedded file forbids.
    pub fn formulas(&self) -> Vec<Formula> {
        self.end_members.split('|').filter_map(Formula::parse).collect()
    }
}

/// What a mineral holds of a substance beside its formula, per cent by mass.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct MineralContent {
    /// Code of the mineral.
    pub mineral: String,
    /// The substance, as element, oxide or sum.
    pub substance: String,
    /// Least content in the usual range.
    pub min_percent: f64,
    /// Greatest content in the usual range.
    pub max_percent: f64,
    /// Where the range comes from.
    pub source: String,
    /// Whether it was seen there.
    pub status: Status,
}

/// Mass of an element per mass of a mineral, as a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FractionRange {
    /// Least mass fraction, kg/kg.
    pub low: f64,
    /// Greatest mass fraction, kg/kg.
    pub high: f64,
    /// Whether the composition was seen in its source.
    pub status: Status,
}

impl References {
    /// Mass of one mole in grams; `None` for elements that have no standard atomic weight.
    pub fn atomic_weight(&self, element: Element) -> Option<f64> {
        self.elements.get(&element)?.atomic_weight
    }

    /// English name of an element.
    pub fn element_name(&self, element: Element) -> Option<&str> {
        self.elements.get(&element).map(|row| row.name.as_str())
    }

    /// Whether the weight of an element was seen in its source.
    pub fn element_status(&self, element: Element) -> Option<Status> {
        self.elements.get(&element).map(|row| row.status)
    }

    /// Code of the defined sum that is written like this, in any case.
    pub fn defined_sum(&self, text: &str) -> Option<&str> {
        self.names.sum(text).map(|row| self.sums[row].code.as_str())
    }

    /// Code of the mineral that is written like this, in any case.
    pub fn mineral(&self, text: &str) -> Option<&str> {
        self.names.mineral(text).map(|row| self.minerals[row].code.as_str())
    }

    /// What a defined sum or a mineral means, in words or as a formula.
    pub fn definition(&self, substance: &Substance) -> Option<&str> {
        match substance {
            Substance::Defined(code) => {
                self.sums.iter().find(|s| s.code == *code).map(|s| s.definition.as_str())
            }
            Substance::Mineral(code) => {
                self.minerals.iter().find(|m| m.code == *code).map(|m| m.definition.as_str())
            }
            Substance::Element(_) | Substance::Compound(_) => None,
        }
    }

    /// Substances that a defined sum adds up; none where it is a species and no sum.
    pub fn members_of(&self, sum: &str) -> Vec<Substance> {
        let members = self.sums.iter().find(|s| s.code == sum).map_or("", |s| s.members.as_str());
        members.split_whitespace().filter_map(|m| Substance::parse(m, self).ok()).collect()
    }

    /// Mass of `element` per mass of a mineral.
    ///
    /// The range over the mineral's end members if any of them holds the element, else the usual
    /// content beside the formula; `None` if neither is known.
    pub fn mineral_fraction(&self, mineral: &str, element: Element) -> Option<FractionRange> {
        let mineral = self.minerals.iter().find(|m| m.code == mineral)?;
        let mut low = f64::INFINITY;
        let mut high = 0.0_f64;
        for formula in mineral.formulas() {
            let fraction = formula.fraction_of(element, self)?;
            low = low.min(fraction);
            high = high.max(fraction);
        }
        if high > 0.0 {
            return Some(FractionRange { low, high, status: mineral.status });
        }
        let trace = |content: &&MineralContent| content.mineral == mineral.code;
        self.mineral_contents.iter().filter(trace).find_map(|content| {
            let substance = Substance::parse(&content.substance, self).ok()?;
            let share = substance.exact_fraction_of(element, self).filter(|share| *share > 0.0)?;
            Some(FractionRange {
                low: content.min_percent / 100.0 * share,
                high: content.max_percent / 100.0 * share,
                status: content.status,
            })
        })
    }

    /// Elements that every end member of the mineral holds.
    fn elements_of_mineral(&self, mineral: &str) -> Vec<Element> {
        let Some(mineral) = self.minerals.iter().find(|m| m.code == mineral) else {
            return Vec::new();
        };
        let mut elements: Vec<Vec<Element>> = mineral
            .formulas()
            .iter()
            .map(|formula| formula.atoms().iter().map(|(element, _)| *element).collect())
            .collect();
        let mut sure = elements.pop().unwrap_or_default();
        sure.retain(|element| elements.iter().all(|others| others.contains(element)));
        sure
    }

    /// Commodities that an assay of `substance` witnesses: element present, not material obtainable.
    ///
    /// A mineral witnesses itself and the elements that all its end members hold.
    pub fn commodities_of(&self, substance: &Substance) -> Vec<&Commodity> {
        let elements = match substance {
            Substance::Mineral(code) => self.elements_of_mineral(code),
            _ => substance.elements(),
        };
        let mut codes: Vec<&str> = elements.iter().map(|e| e.symbol()).collect();
        codes.push(substance.code());
        self.names.commodities(&codes).into_iter().map(|row| &self.commodities[row]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(symbol: &str) -> Element {
        Element::from_symbol(symbol).unwrap()
    }

    #[test]
    fn every_end_member_is_a_formula_with_known_weights() {
        let references = References::embedded();
        for mineral in &references.minerals {
            let written = mineral.end_members.split('|').count();
            assert_eq!(mineral.formulas().len(), written, "{}", mineral.code);
            for formula in mineral.formulas() {
                let first = formula.atoms()[0].0;
                assert!(formula.fraction_of(first, &references).is_some(), "{}", mineral.code);
            }
        }
    }

    /// Mass fractions printed in handbooks: scheelite 80.5 % WO3, chalcopyrite 34.6 % Cu,
    /// sphalerite up to 67.1 % Zn.
    #[test]
    fn minerals_hold_what_handbooks_say() {
        let references = References::embedded();
        let copper = references.mineral_fraction("chalcopyrite", element("Cu")).unwrap();
        assert!((copper.low - 0.3463).abs() < 1e-4 && copper.low == copper.high);
        let zinc = references.mineral_fraction("sphalerite", element("Zn")).unwrap();
        assert!((zinc.high - 0.6710).abs() < 1e-3 && zinc.low < 0.52);
        let tungsten = references.mineral_fraction("scheelite", element("W")).unwrap();
        assert!((tungsten.high * 1.2611 - 0.8053).abs() < 1e-3);
    }

    #[test]
    fn a_trace_is_a_range_beside_the_formula() {
        let references = References::embedded();
        let vanadium = references.mineral_fraction("magnetite", element("V")).unwrap();
        assert_eq!((vanadium.low, vanadium.status), (0.0, Status::Unverified));
        assert!((vanadium.high - 0.015 * 0.5602).abs() < 1e-4);
        assert_eq!(references.mineral_fraction("magnetite", element("Au")), None);
    }

    #[test]
    fn every_content_names_a_mineral_and_a_substance() {
        let references = References::embedded();
        for content in &references.mineral_contents {
            assert_eq!(references.mineral(&content.mineral), Some(content.mineral.as_str()));
            assert!(Substance::parse(&content.substance, &references).is_ok(), "{content:?}");
            assert!(content.min_percent <= content.max_percent && content.max_percent <= 100.0);
        }
    }

    #[test]
    fn sums_of_rare_earths_differ_by_yttrium() {
        let references = References::embedded();
        let members = |sum| references.members_of(sum).len();
        assert_eq!((members("TREO"), members("TREO(-Y)")), (15, 14));
        assert_eq!(members("LREO") + members("HREO"), members("TREO"));
        assert_eq!((members("PGM"), members("S(sulphide)")), (6, 0));
        for sum in &references.sums {
            assert_eq!(members(&sum.code), sum.members.split_whitespace().count(), "{}", sum.code);
        }
    }

    #[test]
    fn one_spelling_means_one_substance() {
        let references = References::embedded();
        let mut seen = std::collections::BTreeMap::new();
        let sums = references.sums.iter().map(|s| (&s.code, &s.spellings));
        for (code, spellings) in
            sums.chain(references.minerals.iter().map(|m| (&m.code, &m.spellings)))
        {
            for word in spellings.split('|').chain([code.as_str()]).filter(|w| !w.is_empty()) {
                let before = seen.insert(word.to_lowercase(), code);
                assert!(before.is_none_or(|b| b == code), "{word}: {before:?} and {code}");
                assert_eq!(Element::from_symbol(word), None, "{word}");
            }
        }
    }

    #[test]
    fn weights_are_known_of_the_84_elements_that_have_one() {
        let references = References::embedded();
        let weighed =
            references.elements.keys().filter(|e| references.atomic_weight(**e).is_some());
        assert_eq!((references.elements.len(), weighed.count()), (118, 84));
    }

    #[test]
    fn a_tungsten_mineral_witnesses_tungsten() {
        let references = References::embedded();
        let scheelite = Substance::parse("scheelite", &references).unwrap();
        let codes: Vec<_> =
            references.commodities_of(&scheelite).iter().map(|c| c.code.as_str()).collect();
        assert_eq!(codes, ["W"]);
    }
}
