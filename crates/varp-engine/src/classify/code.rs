//! UNFC codes: axes, categories, classes, and how people write them.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// One of the three axes of UNFC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Axis {
    /// Environmental-socio-economic viability.
    E,
    /// Technical feasibility.
    F,
    /// Degree of confidence.
    G,
}

impl Axis {
    /// The axes in the order in which codes are quoted.
    pub const ALL: [Self; 3] = [Self::E, Self::F, Self::G];
}

impl fmt::Display for Axis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// A category or sub-category, such as `E3.2`. The order is from the best to the lowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Category {
    /// The axis.
    pub axis: Axis,
    /// Number of the category.
    pub number: u8,
    /// Number of the sub-category; 0 for the category as a whole.
    pub sub: u8,
}

impl Category {
    /// Whether `self` is `other` or a sub-category of it.
    pub fn is_within(self, other: Self) -> bool {
        (self.axis, self.number) == (other.axis, other.number)
            && (other.sub == 0 || self.sub == other.sub)
    }

    /// The category without its sub-category.
    pub fn whole(self) -> Self {
        Self { sub: 0, ..self }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.axis, self.number)?;
        if self.sub > 0 { write!(f, ".{}", self.sub) } else { Ok(()) }
    }
}

/// Why a text is not a code, or a code not a legal one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// The text has no reading.
    #[error("\"{0}\" is not a UNFC code; write it like E2;F2.1;G1+G2 or 2 2 1")]
    Unreadable(String),
    /// No such category exists.
    #[error("UNFC has no category {0}")]
    NoSuchCategory(String),
    /// G categories of known and prospective quantities do not go together.
    #[error("G4 stands alone: {0} mixes prospective and known quantities")]
    MixedConfidence(String),
}

impl std::str::FromStr for Category {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let unreadable = || CodeError::Unreadable(text.to_owned());
        let mut characters = text.trim().chars();
        let axis = match characters.next().map(|c| c.to_ascii_uppercase()) {
            Some('E') => Axis::E,
            Some('F') => Axis::F,
            Some('G') => Axis::G,
            _ => return Err(unreadable()),
        };
        let digits = characters.as_str();
        let (number, sub) = digits.split_once('.').unwrap_or((digits, "0"));
        let category = Self {
            axis,
            number: number.parse().map_err(|_| unreadable())?,
            sub: sub.parse().map_err(|_| unreadable())?,
        };
        if category.exists() { Ok(category) } else { Err(CodeError::NoSuchCategory(text.into())) }
    }
}

impl Category {
    /// Number of sub-categories of each category of UNFC-2019: the grammar of codes. What they mean
    /// stands in the rule document, with its status.
    fn exists(self) -> bool {
        let subs: &[u8] = match self.axis {
            Axis::E => &[2, 0, 3],
            Axis::F => &[3, 3, 3, 3],
            Axis::G => &[0, 0, 0, 3],
        };
        usize::from(self.number)
            .checked_sub(1)
            .and_then(|at| subs.get(at))
            .is_some_and(|count| self.sub <= *count)
    }
}

impl Serialize for Category {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Category {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A full code: one E, one F, and one or more G categories.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    e: Category,
    f: Category,
    g: Vec<Category>,
}

impl Code {
    /// A code of its parts; `g` is sorted and made unique.
    ///
    /// # Errors
    /// If a part stands on the wrong axis, no G is given, or G4 is mixed with G1 to G3.
    pub fn new(e: Category, f: Category, mut g: Vec<Category>) -> Result<Self, CodeError> {
        let shown = || format!("{e};{f};{}", join(&g));
        if e.axis != Axis::E || f.axis != Axis::F || g.is_empty() {
            return Err(CodeError::Unreadable(shown()));
        }
        if g.iter().any(|c| c.axis != Axis::G) {
            return Err(CodeError::Unreadable(shown()));
        }
        if g.iter().any(|c| c.number == 4) && g.iter().any(|c| c.number != 4) {
            return Err(CodeError::MixedConfidence(shown()));
        }
        g.sort_unstable();
        g.dedup();
        Ok(Self { e, f, g })
    }

    /// The E category.
    pub fn e(&self) -> Category {
        self.e
    }

    /// The F category.
    pub fn f(&self) -> Category {
        self.f
    }

    /// The G categories, best first.
    pub fn g(&self) -> &[Category] {
        &self.g
    }
}

fn join(categories: &[Category]) -> String {
    categories.iter().map(ToString::to_string).collect::<Vec<_>>().join("+")
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{};{};{}", self.e, self.f, join(&self.g))
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl std::str::FromStr for Code {
    type Err = CodeError;

    /// Reads `E2;F2;G2`, `E3.2F2.2G1+G2`, `E2F2G2,3`, `E1 F1 G1-3`, `332`, `2 2 1`.
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let unreadable = || CodeError::Unreadable(text.trim().to_owned());
        let compact: String =
            text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
        if compact.len() == 3 && compact.bytes().all(|b| b.is_ascii_digit()) {
            let mut digits = compact.chars();
            let mut next = |axis: char| {
                digits.next().map_or_else(|| Err(unreadable()), |d| format!("{axis}{d}").parse())
            };
            return Self::new(next('E')?, next('F')?, vec![next('G')?]);
        }
        let at_f = compact.find('F').ok_or_else(unreadable)?;
        let at_g = compact.find('G').filter(|at| *at > at_f).ok_or_else(unreadable)?;
        let part = |piece: &str| piece.trim_matches([';', ',', '/', '-', '_']).parse::<Category>();
        Self::new(
            part(&compact[..at_f])?,
            part(&compact[at_f..at_g])?,
            confidence(&compact[at_g..])?,
        )
    }
}

/// Reads the G part: `G1`, `G1+G2`, `G1,2`, `G1-3`, `G2/G3`.
fn confidence(text: &str) -> Result<Vec<Category>, CodeError> {
    let unreadable = || CodeError::Unreadable(text.to_owned());
    let mut categories = Vec::new();
    for piece in text.split([',', '+', '/', ';']).filter(|p| !p.is_empty()) {
        let digits = piece.trim_start_matches('G');
        match digits.split_once('-') {
            Some((first, last)) => {
                let last = last.trim_start_matches('G');
                let first: u8 = first.parse().map_err(|_| unreadable())?;
                let last: u8 = last.parse().map_err(|_| unreadable())?;
                if first > last {
                    return Err(unreadable());
                }
                for number in first..=last {
                    categories.push(format!("G{number}").parse()?);
                }
            }
            None => categories.push(format!("G{digits}").parse()?),
        }
    }
    Ok(categories)
}

/// A row of the class table: which codes make which class.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductClass {
    /// Class, such as `Potentially viable`.
    pub class: String,
    /// Sub-class, such as `Development pending`; empty where the class has none.
    #[serde(default)]
    pub sub_class: String,
    /// E categories that belong to it.
    pub e: Vec<Category>,
    /// F categories that belong to it.
    pub f: Vec<Category>,
    /// G categories that belong to it.
    pub g: Vec<Category>,
    /// Whether codes with sub-categories of E or F are of other rows: the class as UNFC's abbreviated version has it.
    #[serde(default)]
    pub without_sub_categories: bool,
    /// Where the row comes from.
    pub source: String,
    /// `verified` or `unverified`.
    pub status: varp_model::Status,
}

/// The class table of UNFC, first match first.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassTable(pub Vec<ProductClass>);

impl ClassTable {
    /// The class of a code; `None` is one of the "other combinations", legal and labelled so.
    pub fn class_of(&self, code: &Code) -> Option<&ProductClass> {
        let within = |c: Category, list: &[Category]| list.iter().any(|l| c.is_within(*l));
        self.0.iter().find(|row| {
            let whole = row.e.contains(&code.e) && row.f.contains(&code.f);
            (whole || !row.without_sub_categories)
                && within(code.e, &row.e)
                && within(code.f, &row.f)
                && code.g.iter().all(|g| within(*g, &row.g))
        })
    }

    /// Quantities per class; refuses to add different classes unless asked, then labels the sum.
    ///
    /// # Errors
    /// The names of the classes, if there is more than one and `across` is false.
    pub fn sum(&self, quantities: &[(Code, f64)], across: bool) -> Result<(String, f64), String> {
        let mut classes: BTreeMap<String, f64> = BTreeMap::new();
        for (code, quantity) in quantities {
            let name = self.class_of(code).map_or("Other combinations", |row| &row.class);
            *classes.entry(name.to_owned()).or_default() += quantity;
        }
        let names = classes.keys().cloned().collect::<Vec<_>>().join(" + ");
        let total = classes.values().sum();
        if classes.len() > 1 && !across {
            return Err(format!("quantities of different classes are not added: {names}"));
        }
        Ok((names, total))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_write_them() {
        for (text, printed) in [
            ("E2;F2;G2", "E2;F2;G2"),
            ("332", "E3;F3;G2"),
            ("2 2 1", "E2;F2;G1"),
            ("E2F2G2,3", "E2;F2;G2+G3"),
            ("e3.2; f2.2; g1+g2", "E3.2;F2.2;G1+G2"),
            ("E1/F1.2/G1-3", "E1;F1.2;G1+G2+G3"),
            ("E3-F3-G4", "E3;F3;G4"),
            ("E3.2,F3,G4.1", "E3.2;F3;G4.1"),
        ] {
            let code: Code = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!(code.to_string(), printed);
            assert_eq!(printed.parse::<Code>().unwrap(), code);
        }
    }

    #[test]
    fn a_code_without_sub_categories_has_the_class_of_the_abbreviated_version() {
        let rules = super::super::RuleSet::embedded();
        let words = |text: &str| {
            let class = rules.classes.class_of(&text.parse().unwrap());
            class.map(|row| (row.class.clone(), row.sub_class.clone()))
        };
        let own = |class: &str, sub: &str| Some((class.to_owned(), sub.to_owned()));
        assert_eq!(words("E2;F2;G2"), own("Potentially viable", ""));
        assert_eq!(words("E2;F2.1;G2"), own("Potentially viable", "Development pending"));
        assert_eq!(words("332"), None, "E3;F3 is prospective with G4 alone");
        assert_eq!(words("E3;F3;G4"), own("Prospective", ""));
        assert_eq!(words("E2;F2.3;G2"), None, "a sub-category that no class has with it");
    }

    #[test]
    fn what_unfc_does_not_have_is_refused() {
        for text in [
            "E4;F2;G2",
            "E2.1;F2;G2",
            "E1;F5;G1",
            "E1;F1;G5",
            "E1;F1",
            "",
            "G1;F1;E1",
            "E1;F1;G3-1",
            "E3.4;F1;G1",
            "E1;F1;G1+G4",
            "441",
        ] {
            assert!(text.parse::<Code>().is_err(), "{text}");
        }
    }
}
