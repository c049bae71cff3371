//! What an assay measures: an element, a compound such as an oxide, a mineral, or a defined sum.

use std::fmt;

use crate::References;

const SYMBOLS: [&str; 118] = [
    "H", "He", "Li", "Be", "B", "C", "N", "O", "F", "Ne", "Na", "Mg", "Al", "Si", "P", "S", "Cl",
    "Ar", "K", "Ca", "Sc", "Ti", "V", "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Zn", "Ga", "Ge", "As",
    "Se", "Br", "Kr", "Rb", "Sr", "Y", "Zr", "Nb", "Mo", "Tc", "Ru", "Rh", "Pd", "Ag", "Cd", "In",
    "Sn", "Sb", "Te", "I", "Xe", "Cs", "Ba", "La", "Ce", "Pr", "Nd", "Pm", "Sm", "Eu", "Gd", "Tb",
    "Dy", "Ho", "Er", "Tm", "Yb", "Lu", "Hf", "Ta", "W", "Re", "Os", "Ir", "Pt", "Au", "Hg", "Tl",
    "Pb", "Bi", "Po", "At", "Rn", "Fr", "Ra", "Ac", "Th", "Pa", "U", "Np", "Pu", "Am", "Cm", "Bk",
    "Cf", "Es", "Fm", "Md", "No", "Lr", "Rf", "Db", "Sg", "Bh", "Hs", "Mt", "Ds", "Rg", "Cn", "Nh",
    "Fl", "Mc", "Lv", "Ts", "Og",
];

/// A chemical element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Element(u8);

impl Element {
    /// The element with exactly this symbol: `Co` is cobalt, `CO` is none.
    pub fn from_symbol(symbol: &str) -> Option<Self> {
        let at = SYMBOLS.iter().position(|s| *s == symbol)?;
        u8::try_from(at + 1).ok().map(Self)
    }

    /// Protons in the nucleus.
    pub fn atomic_number(self) -> u8 {
        self.0
    }

    /// Its symbol.
    pub fn symbol(self) -> &'static str {
        SYMBOLS[usize::from(self.0) - 1]
    }
}

/// A stoichiometric formula: elements and how many atoms of each, in the order written.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    text: String,
    atoms: Vec<(Element, f64)>,
}

impl Formula {
    /// Reads `WO3`, `CaF2`, `Ca5(PO4)3F`; brackets nest, counts may be decimal.
    pub fn parse(text: &str) -> Option<Self> {
        let mut atoms = Vec::new();
        let rest = read_group(text.trim(), 0, &mut atoms)?;
        let bounded =
            atoms.iter().all(|(_, n): &(Element, f64)| (0.0..1e4).contains(n) && *n > 0.0);
        (rest.is_empty() && !atoms.is_empty() && bounded)
            .then(|| Self { text: text.trim().to_owned(), atoms })
    }

    /// Elements and their counts.
    pub fn atoms(&self) -> &[(Element, f64)] {
        &self.atoms
    }

    /// Mass of `element` per mass of the compound, 0 where it has none of it.
    ///
    /// Exact within the atomic weights of the reference file; `None` if one of them is missing.
    pub fn fraction_of(&self, element: Element, references: &References) -> Option<f64> {
        let mut total = 0.0;
        let mut part = 0.0;
        for &(e, n) in &self.atoms {
            let mass = n * references.atomic_weight(e)?;
            total += mass;
            if e == element {
                part += mass;
            }
        }
        Some(part / total)
    }
}

/// Brackets in brackets at most: no mineral's formula has more than three.
const MOST_NESTED: usize = 8;

/// Reads atoms up to the end or a closing bracket, within `depth` brackets; returns what follows.
fn read_group<'a>(
    mut text: &'a str,
    depth: usize,
    atoms: &mut Vec<(Element, f64)>,
) -> Option<&'a str> {
    while let Some(first) = text.chars().next() {
        match first {
            ')' => return Some(text),
            '(' if depth < MOST_NESTED => {
                let mut inner = Vec::new();
                let after = read_group(&text[1..], depth + 1, &mut inner)?.strip_prefix(')')?;
                let (count, rest) = read_count(after)?;
                atoms.extend(inner.into_iter().map(|(e, n)| (e, n * count)));
                text = rest;
            }
            'A'..='Z' => {
                let long = text.chars().nth(1).is_some_and(|c| c.is_ascii_lowercase());
                let (symbol, after) = text.split_at(if long { 2 } else { 1 });
                let (count, rest) = read_count(after)?;
                atoms.push((Element::from_symbol(symbol)?, count));
                text = rest;
            }
            _ => return None,
        }
    }
    Some(text)
}

fn read_count(text: &str) -> Option<(f64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    if digits.is_empty() { Some((1.0, rest)) } else { Some((digits.parse().ok()?, rest)) }
}

/// What a grade, a mass or an assay is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Substance {
    /// The element itself, whatever it is bound in.
    Element(Element),
    /// A compound of fixed composition, mostly an oxide: exact factors.
    Compound(Formula),
    /// A mineral of the reference file: composition has a range.
    Mineral(String),
    /// A sum or a species with its own definition in the reference file: `TREO`, `S(sulphide)`.
    Defined(String),
}

/// Why a text is not a substance.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is not an element, a formula, a mineral or a defined sum")]
pub struct SubstanceError {
    /// What was read.
    pub text: String,
}

impl Substance {
    /// Reads a symbol, a formula, a mineral's name or a defined sum; case decides `Co` from `CO`.
    pub fn parse(text: &str, references: &References) -> Result<Self, SubstanceError> {
        let word = text.trim();
        if let Some(element) = Element::from_symbol(word) {
            return Ok(Self::Element(element));
        }
        if let Some(code) = references.defined_sum(word) {
            return Ok(Self::Defined(code.to_owned()));
        }
        if let Some(code) = references.mineral(word) {
            return Ok(Self::Mineral(code.to_owned()));
        }
        Formula::parse(word)
            .map(Self::Compound)
            .ok_or_else(|| SubstanceError { text: word.to_owned() })
    }

    /// The canonical text: what [`Substance::parse`] reads back.
    pub fn code(&self) -> &str {
        match self {
            Self::Element(element) => element.symbol(),
            Self::Compound(formula) => &formula.text,
            Self::Mineral(code) | Self::Defined(code) => code,
        }
    }

    /// Mass of `element` per mass of this substance: exact for an element and a compound.
    ///
    /// `None` for minerals and sums, whose factors are ranges or definitions.
    pub fn exact_fraction_of(&self, element: Element, references: &References) -> Option<f64> {
        match self {
            Self::Element(e) => Some(if *e == element { 1.0 } else { 0.0 }),
            Self::Compound(formula) => formula.fraction_of(element, references),
            Self::Mineral(_) | Self::Defined(_) => None,
        }
    }

    /// The elements that it surely holds, in the order of its formula; none for minerals and sums.
    pub fn elements(&self) -> Vec<Element> {
        match self {
            Self::Element(e) => vec![*e],
            Self::Compound(formula) => formula.atoms.iter().map(|(e, _)| *e).collect(),
            Self::Mineral(_) | Self::Defined(_) => Vec::new(),
        }
    }
}

impl fmt::Display for Substance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Factors computed by hand from IUPAC 2021 abridged weights.
    #[test]
    fn oxide_factors_follow_from_atomic_weights() {
        let references = References::embedded();
        for (oxide, element, factor) in [
            ("WO3", "W", 1.2611),
            ("TiO2", "Ti", 1.6685),
            ("P2O5", "P", 2.2914),
            ("V2O5", "V", 1.7852),
            ("Nd2O3", "Nd", 1.1664),
            ("Y2O3", "Y", 1.2699),
            ("CaF2", "F", 2.0548),
        ] {
            let substance = Substance::parse(oxide, &references).unwrap();
            let element = Element::from_symbol(element).unwrap();
            let fraction = substance.exact_fraction_of(element, &references).unwrap();
            assert!((1.0 / fraction - factor).abs() < 2e-4, "{oxide}: {}", 1.0 / fraction);
        }
    }

    #[test]
    fn cobalt_is_not_carbon_monoxide() {
        let references = References::embedded();
        let co = Substance::parse("Co", &references).unwrap();
        assert_eq!(co, Substance::Element(Element::from_symbol("Co").unwrap()));
        assert!(matches!(Substance::parse("CO", &references).unwrap(), Substance::Compound(_)));
    }

    #[test]
    fn brackets_multiply() {
        let apatite = Formula::parse("Ca5(PO4)3F").unwrap();
        let oxygen: f64 =
            apatite.atoms().iter().filter(|(e, _)| e.symbol() == "O").map(|(_, n)| n).sum();
        assert_eq!(oxygen, 12.0);
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "Xx", "Ca5(PO4", "Fe)", "(((", "ppm", "Cu0"] {
            assert_eq!(Formula::parse(text), None, "{text}");
        }
    }

    #[test]
    fn brackets_without_end_are_refused() {
        assert_eq!(Formula::parse(&"(".repeat(1 << 20)), None);
        assert!(Formula::parse("Ca((((PO4))))").is_some());
    }
}
