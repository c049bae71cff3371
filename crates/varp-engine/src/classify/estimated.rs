//! What a stored estimate says of a product: facts of the G axis, and a quantity.

use std::collections::BTreeMap;

use varp_model::{References, Substance, Term};

use super::contained::{Contained, How, size};
use super::dossier::{Dossier, Fact, Grounds};
use crate::estimate::{Basis, Lack};

/// What the newest stored estimate of a body says of one product.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimated {
    /// The stored result, by id.
    pub result: String,
    /// The weakest ground that it rests on.
    pub basis: Basis,
    /// Evidence that a better category would need.
    pub lacks: Vec<Lack>,
    /// Samples of this product that it used.
    pub samples: u64,
    /// Contained tonnes: low, best, high of the 80 % interval.
    pub contained_t: [f64; 3],
    /// Original, remaining or produced.
    pub term: Term,
    /// Half-width at 90 % of all metal in the body, relative.
    pub half_width_whole: Option<f64>,
    /// Half-width at 90 % of a year's metal at the planned rate, relative.
    pub half_width_year: Option<f64>,
    /// Half-width at 90 % of a quarter's metal at the planned rate, relative.
    pub half_width_quarter: Option<f64>,
}

impl Estimated {
    /// Whether it rests on assays of this product from this body, so that it speaks on the G axis.
    fn is_assayed(&self) -> bool {
        !self.lacks.contains(&Lack::Assays)
    }

    fn fact(&self, level: Option<&str>, number: Option<f64>) -> Fact {
        Fact {
            level: level.map(str::to_owned),
            number,
            grounds: Grounds::Derived,
            evidence: vec![format!("estimate {}", self.result)],
        }
    }

    /// The facts that it puts in the place of what claims say of the G axis.
    fn facts(&self) -> [(&'static str, Fact); 3] {
        let has = |lack: Lack, with: &'static str, without: &'static str| {
            self.fact(Some(if self.lacks.contains(&lack) { without } else { with }), None)
        };
        [
            ("estimate_kind", self.fact(Some("estimate"), None)),
            ("depth_sampling", has(Lack::Depth, "whole depth", "surface only")),
            ("density_basis", has(Lack::Density, "measured", "prior")),
        ]
    }

    /// Percent within which the metal of a year and a quarter is known: as estimated; else as claimed,
    /// but no better than all metal of the body, for a part is known no better than the whole.
    fn precision(&self, facts: &mut BTreeMap<String, Fact>) {
        let periods = [
            ("half_width_year", self.half_width_year),
            ("half_width_quarter", self.half_width_quarter),
        ];
        for (name, estimated) in periods {
            let claimed = facts.get(name).and_then(|fact| fact.number);
            let whole = self.half_width_whole.filter(|w| claimed.is_some_and(|c| c < 100.0 * w));
            if let Some(half) = estimated.or(whole) {
                facts.insert(name.to_owned(), self.fact(None, Some(100.0 * half)));
            }
        }
    }

    /// Contained tonnes, the same on the scale of size classes; `stated` tells whether a claim states
    /// a content or grade of the product.
    fn contained(&self, product: &str, stated: bool, references: &References) -> Contained {
        let [low, best, high] = self.contained_t;
        let substance = Substance::parse(product, references).ok();
        let by_analogy = self.basis == Basis::Analogue && !stated;
        Contained {
            low: Some(low),
            best: Some(best),
            high: Some(high),
            term: self.term,
            how: if by_analogy { How::ByAnalogy } else { How::Estimated },
            of_claims: 1,
            evidence: vec![format!("estimate {}", self.result)],
            size: substance.and_then(|substance| size(&substance, Some(best), references)),
        }
    }
}

/// Lets the stored estimate of a body speak: returns the result that each product's quantity and
/// confidence come from.
///
/// An estimate that rests on assays of the body takes the place of what claims say of the G axis.
/// One that rests on stated grades or analogues adds no evidence: where no claim says what kind of
/// estimate there is, it is a conceptual range. What a competent person reported goes before both.
/// A product that nothing but analogues speaks of is none.
#[expect(clippy::cast_precision_loss, reason = "counts of samples are far below 2^53")]
pub fn add_estimates(
    dossier: &mut Dossier,
    quantities: &mut BTreeMap<String, Contained>,
    estimates: &BTreeMap<String, Estimated>,
    references: &References,
) -> BTreeMap<String, String> {
    let mut used = BTreeMap::new();
    for (product, estimate) in estimates {
        if estimate.basis == Basis::Analogue && !dossier.products.contains_key(product) {
            continue;
        }
        let own = &mut dossier.products.entry(product.clone()).or_default().facts;
        if own.contains_key("reported_confidence") {
            continue;
        }
        if estimate.is_assayed() {
            own.extend(estimate.facts().map(|(name, fact)| (name.to_owned(), fact)));
            estimate.precision(own);
            let assays = estimate.fact(None, Some(estimate.samples.max(1) as f64));
            own.entry("assays".to_owned()).or_insert(assays);
        } else {
            let range = estimate.fact(Some("conceptual range"), None);
            own.entry("estimate_kind".to_owned()).or_insert(range);
        }
        let stated = quantities.contains_key(product);
        let contained = estimate.contained(product, stated, references);
        quantities.insert(product.clone(), contained);
        used.insert(product.clone(), estimate.result.clone());
    }
    used
}

#[cfg(test)]
mod tests {
    use super::super::{RuleSet, classify};
    use super::*;

    fn estimate(basis: Basis, lacks: &[Lack], half_width: f64) -> Estimated {
        Estimated {
            result: "r".into(),
            basis,
            lacks: lacks.to_vec(),
            samples: 40,
            contained_t: [90.0, 100.0, 112.0],
            term: Term::Remaining,
            half_width_whole: Some(half_width / 2.0),
            half_width_year: Some(half_width),
            half_width_quarter: None,
        }
    }

    fn code_of(dossier: &mut Dossier, estimate: Estimated) -> (String, Option<Contained>) {
        let references = References::embedded();
        let mut quantities = BTreeMap::new();
        let estimates = BTreeMap::from([("Co".to_owned(), estimate)]);
        add_estimates(dossier, &mut quantities, &estimates, &references);
        let code = classify(dossier, "Co", &RuleSet::embedded()).code.to_string();
        (code, quantities.remove("Co"))
    }

    fn fact(level: &str) -> Fact {
        let level = Some(level.to_owned());
        Fact { level, number: None, grounds: Grounds::Evidence, evidence: Vec::new() }
    }

    /// Project, technology, access and quality control in evidence.
    fn dossier() -> Dossier {
        let mut dossier = Dossier::default();
        for (name, level) in [("site_access", "open"), ("quality_control", "reported")] {
            dossier.facts.insert(name.into(), fact(level));
        }
        let own = &mut dossier.products.entry("Co".into()).or_default().facts;
        own.insert("technology".into(), fact("proven"));
        dossier
    }

    #[test]
    fn the_computed_precision_and_the_caps_decide_the_confidence() {
        let measured = |lacks: &[Lack], half| {
            code_of(&mut dossier(), estimate(Basis::Measured, lacks, half)).0
        };
        assert_eq!(measured(&[], 0.12), "E3.2;F2.2;G2");
        assert_eq!(measured(&[], 0.16), "E3.2;F2.2;G3");
        assert_eq!(measured(&[Lack::Density], 0.01), "E3.2;F2.2;G3");
        assert_eq!(measured(&[Lack::Depth], 0.01), "E3.2;F2.2;G3");
        assert_eq!(measured(&[Lack::Assays], 0.01), "E3.2;F3;G4");
    }

    #[test]
    fn a_year_is_known_no_better_than_the_whole() {
        let year = |whole: f64| {
            let mut dossier = dossier();
            let own = &mut dossier.products.get_mut("Co").unwrap().facts;
            own.insert(
                "half_width_year".into(),
                Fact { level: None, number: Some(8.0), ..fact("") },
            );
            let wide = Estimated {
                half_width_whole: Some(whole),
                half_width_year: None,
                ..estimate(Basis::Measured, &[], 0.0)
            };
            let code = code_of(&mut dossier, wide).0;
            (code, dossier.products["Co"].facts["half_width_year"].number)
        };
        assert_eq!(year(0.05), ("E3.2;F2.2;G2".into(), Some(8.0)));
        assert_eq!(year(0.40), ("E3.2;F2.2;G3".into(), Some(40.0)));
    }

    #[test]
    fn an_analogue_estimate_stays_prospective_and_makes_no_product() {
        let analogue = || estimate(Basis::Analogue, &[Lack::Assays], 0.01);
        let (code, contained) = code_of(&mut dossier(), analogue());
        assert_eq!(code, "E3.2;F3;G4");
        assert_eq!(contained.unwrap().how, How::ByAnalogy);
        let mut nothing = Dossier::default();
        assert_eq!(code_of(&mut nothing, analogue()).1, None);
        assert!(nothing.products.is_empty());
    }

    #[test]
    fn what_a_competent_person_reported_goes_before() {
        let mut dossier = dossier();
        let own = &mut dossier.products.get_mut("Co").unwrap().facts;
        own.insert("reported_confidence".into(), fact("indicated"));
        own.insert("estimate_kind".into(), fact("estimate"));
        let before = dossier.clone();
        let (code, contained) =
            code_of(&mut dossier, estimate(Basis::Measured, &[Lack::Depth], 0.9));
        assert_eq!(code, "E3.2;F2.2;G2");
        assert_eq!((dossier, contained), (before, None));
    }

    #[test]
    fn what_a_claim_says_of_a_published_estimate_stands_beside_one_without_assays() {
        let mut dossier = dossier();
        let own = &mut dossier.products.get_mut("Co").unwrap().facts;
        own.insert("estimate_kind".into(), fact("estimate"));
        code_of(&mut dossier, estimate(Basis::Records, &[Lack::Assays], 0.2));
        assert_eq!(dossier.products["Co"].facts["estimate_kind"], fact("estimate"));
    }
}
