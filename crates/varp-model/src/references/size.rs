//! Size classes of contained tonnes, on the scale of primary deposits.

use super::{References, SizeClass};
use crate::{Element, Substance};

/// How large a content is on the scale of primary deposits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size<'a> {
    /// `occurrence`, `small`, `medium`, `large`, `very large`.
    pub word: &'static str,
    /// 0 for an occurrence to 4 for very large.
    pub rank: u8,
    /// Tonnes in the basis of the class.
    pub tonnes: f64,
    /// The class.
    pub class: &'a SizeClass,
}

impl References {
    /// The size of `tonnes` of a substance, turned into the basis of its commodity's class: metal or a
    /// named oxide. `None` where no class speaks of it, or only through a mineral of varying content.
    pub fn size_of(&self, substance: &Substance, tonnes: f64) -> Option<Size<'_>> {
        let commodities = self.commodities_of(substance);
        let own = |class: &&SizeClass| class.commodity == substance.code();
        let known = |class: &&SizeClass| commodities.iter().any(|c| c.code == class.commodity);
        let class = self.size_classes.iter().find(own).or(self.size_classes.iter().find(known))?;
        let tonnes = tonnes * self.factor_to(substance, class)?;
        let word = class.of(tonnes);
        let rank = match word {
            "very large" => 4,
            "large" => 3,
            "medium" => 2,
            "small" => 1,
            _ => 0,
        };
        Some(Size { word, rank, tonnes, class })
    }

    /// Tonnes of the basis of a class per tonne of a substance.
    fn factor_to(&self, substance: &Substance, class: &SizeClass) -> Option<f64> {
        let sum = matches!(substance, Substance::Defined(_));
        if sum || substance.code() == class.basis {
            let rare_earth = class.commodity == "REE" && substance.code().contains("REO");
            return (rare_earth || substance.code() == class.basis).then_some(1.0);
        }
        if class.basis == "metal" {
            let element = Element::from_symbol(&class.commodity)?;
            return substance.exact_fraction_of(element, self);
        }
        let basis = Substance::parse(&class.basis, self).ok()?;
        let [element] = substance.elements()[..] else {
            return self.between(substance, &basis);
        };
        Some(1.0 / basis.exact_fraction_of(element, self)?)
    }

    /// Two compounds of one element beside oxygen: by the element that both hold.
    fn between(&self, substance: &Substance, basis: &Substance) -> Option<f64> {
        let shared = substance
            .elements()
            .into_iter()
            .find(|e| e.symbol() != "O" && e.symbol() != "H" && basis.elements().contains(e))?;
        Some(substance.exact_fraction_of(shared, self)? / basis.exact_fraction_of(shared, self)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(code: &str, tonnes: f64) -> Option<(&'static str, f64)> {
        let references = References::embedded();
        let substance = Substance::parse(code, &references).unwrap();
        references.size_of(&substance, tonnes).map(|s| (s.word, s.tonnes))
    }

    /// Published Nordic contents: Otanmäki 774 kt TiO2 and Yxsjöberg 8.7 or 5.5 kt WO3 are medium,
    /// Korsnäs 4.5 to 6 kt TREO is small, Grängesberg's 156 kt P are 357 kt P2O5, small.
    #[test]
    fn nordic_contents_have_the_size_of_the_common_scale() {
        assert_eq!(size("TiO2", 774e3).unwrap().0, "medium");
        assert_eq!(size("WO3", 8740.0).unwrap().0, "medium");
        assert_eq!(size("TREO", 5000.0).unwrap().0, "small");
        let (word, p2o5) = size("P", 156e3).unwrap();
        assert_eq!(word, "small");
        assert!((p2o5 / 357.4e3 - 1.0).abs() < 1e-3, "{p2o5}");
    }

    #[test]
    fn an_element_becomes_the_oxide_of_its_class_and_an_oxide_the_metal() {
        let (_, wo3) = size("W", 1000.0).unwrap();
        assert!((wo3 - 1261.1).abs() < 0.2, "{wo3}");
        let (_, v) = size("V2O5", 1000.0).unwrap();
        assert!((v - 560.2).abs() < 0.3, "{v}");
        assert_eq!(size("Co", 1999.0).unwrap().0, "small");
    }
}
