//! From what the register holds to a dossier.

use std::collections::BTreeMap;

use varp_model::{Claim, ClaimValue, Substance};

use super::dossier::{Dossier, Fact, Grounds};
use super::rules::{FactKind, RuleSet};

/// A dossier from the claims about a body and its site, and the number of assays per substance.
///
/// A fact is stated by a claim whose property has the fact's name: a code or text that is one of
/// its levels, or a number in its unit. Of several claims the preferred one counts; without one,
/// the least favourable, so that a conflict never argues up.
pub fn dossier_from(claims: &[Claim], assays: &[(Substance, u64)], rules: &RuleSet) -> Dossier {
    let mut dossier = Dossier { project: project_name(claims), ..Dossier::default() };
    let mut substances: Vec<String> = assays.iter().map(|(s, _)| s.code().to_owned()).collect();
    let grades = claims.iter().filter(|c| ["grade", "contained"].contains(&c.property.as_str()));
    substances.extend(grades.filter_map(|c| c.substance.as_ref()).map(|s| s.code().to_owned()));
    for substance in substances {
        dossier.products.entry(substance).or_default();
    }
    for rule in &rules.facts {
        let stated = claims.iter().filter(|c| c.property == rule.fact);
        let mut of: BTreeMap<Option<String>, Vec<(&Claim, Fact)>> = BTreeMap::new();
        for claim in stated {
            if let Some(fact) = fact_from(claim, &rule.kind) {
                let product = claim.substance.as_ref().map(|s| s.code().to_owned());
                of.entry(product).or_default().push((claim, fact));
            }
        }
        for (product, facts) in of {
            let Some(fact) = decide(facts, &rule.kind) else { continue };
            match product {
                Some(product) => {
                    let own = dossier.products.entry(product).or_default();
                    own.facts.insert(rule.fact.clone(), fact);
                }
                None if rule.per_product => {
                    for product in dossier.products.values_mut() {
                        product.facts.entry(rule.fact.clone()).or_insert_with(|| fact.clone());
                    }
                }
                None => drop(dossier.facts.insert(rule.fact.clone(), fact)),
            }
        }
    }
    add_assays(&mut dossier, assays);
    dossier
}

fn project_name(claims: &[Claim]) -> Option<String> {
    claims.iter().find(|c| c.property == "project").and_then(|c| match &c.value {
        ClaimValue::Text(name) => Some(name.clone()),
        _ => None,
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts of assays are far below 2^53")]
fn add_assays(dossier: &mut Dossier, assays: &[(Substance, u64)]) {
    for (substance, count) in assays.iter().filter(|(_, count)| *count > 0) {
        let product = dossier.products.entry(substance.code().to_owned()).or_default();
        product.facts.entry("assays".to_owned()).or_insert(Fact {
            level: None,
            number: Some(*count as f64),
            grounds: Grounds::Derived,
            evidence: vec![format!("{count} assays of {substance}")],
        });
    }
}

fn fact_from(claim: &Claim, kind: &FactKind) -> Option<Fact> {
    let evidence = vec![claim.id.to_string()];
    match (kind, &claim.value) {
        (FactKind::Levels(levels), ClaimValue::Code(word) | ClaimValue::Text(word)) => {
            let level = levels.iter().find(|l| l.eq_ignore_ascii_case(word.trim()))?.clone();
            Some(Fact { level: Some(level), number: None, grounds: Grounds::Evidence, evidence })
        }
        (FactKind::More(unit) | FactKind::Less(unit), ClaimValue::Number(range)) => Some(Fact {
            level: None,
            number: Some(in_unit(range.unit.to_canonical(range.best?), unit)),
            grounds: Grounds::Evidence,
            evidence,
        }),
        _ => None,
    }
}

/// A canonical number in the unit of a fact, of which only per cent differs from the canonical one.
fn in_unit(canonical: f64, unit: &str) -> f64 {
    if unit == "%" { canonical * 100.0 } else { canonical }
}

/// The preferred fact, or the least favourable of all.
fn decide(facts: Vec<(&Claim, Fact)>, kind: &FactKind) -> Option<Fact> {
    if let Some((_, fact)) = facts.iter().find(|(claim, _)| claim.preferred.is_some()) {
        return Some(fact.clone());
    }
    let favour = |fact: &Fact| match kind {
        FactKind::Levels(levels) => {
            let at = levels.iter().position(|l| Some(l) == fact.level.as_ref());
            at.and_then(|at| u32::try_from(at).ok()).map_or(-1.0, f64::from)
        }
        FactKind::More(_) => fact.number.unwrap_or(f64::NEG_INFINITY),
        FactKind::Less(_) => -fact.number.unwrap_or(f64::INFINITY),
    };
    facts.into_iter().map(|(_, fact)| fact).min_by(|a, b| favour(a).total_cmp(&favour(b)))
}

#[cfg(test)]
mod tests {
    use varp_model::{
        Basis, BodyId, ClaimId, Dataset, Locator, Origin, References, SourceId, Subject, Term,
        Visibility,
    };

    use super::*;
    use crate::classify::classify;

    fn claim(property: &str, word: &str, preferred: Option<&str>) -> Claim {
        let dataset = Dataset("test".into());
        let key = format!("{property}/{word}");
        Claim {
            id: ClaimId::of(&dataset, &key),
            origin: Origin { dataset: dataset.clone(), key },
            subject: Subject::Body(BodyId::of(&dataset, "b")),
            property: property.into(),
            substance: None,
            value: ClaimValue::Text(word.into()),
            basis: Basis::Unstated,
            term: Term::Unstated,
            date: None,
            period: None,
            method: None,
            note: None,
            source: SourceId::of(&dataset, "s"),
            locator: Locator::default(),
            preferred: preferred.map(str::to_owned),
            visibility: Visibility::Public,
            licence: None,
        }
    }

    #[test]
    fn a_conflict_counts_at_its_least_favourable_until_one_is_preferred() {
        let rules = RuleSet::embedded();
        let mut claims =
            vec![claim("activity", "ongoing", None), claim("activity", "on hold", None)];
        let fact = |claims: &[Claim]| {
            dossier_from(claims, &[], &rules).facts["activity"].level.clone().unwrap()
        };
        assert_eq!(fact(&claims), "on hold");
        claims[0].preferred = Some("newer".into());
        assert_eq!(fact(&claims), "ongoing");
    }

    #[test]
    fn assays_alone_leave_a_body_prospective() {
        let rules = RuleSet::embedded();
        let tungsten = Substance::parse("W", &References::embedded()).unwrap();
        let dossier = dossier_from(&[], &[(tungsten, 57)], &rules);
        assert_eq!(classify(&dossier, "W", &rules).code.to_string(), "E3.2;F3;G4");
    }

    #[test]
    fn a_half_width_counts_in_per_cent_however_it_was_written() {
        let rules = RuleSet::embedded();
        for (best, unit) in [(12.0, "%"), (0.12, "1")] {
            let mut stated = claim("half_width_year", "", None);
            stated.substance = Substance::parse("Co", &References::embedded()).ok();
            stated.value = ClaimValue::Number(varp_model::Range {
                best: Some(best),
                spread: varp_model::Spread::Missing("not stated".into()),
                unit: varp_model::Unit::parse_as(unit, varp_model::Dimension::Ratio).unwrap(),
                reported: best.to_string(),
            });
            let dossier = dossier_from(&[stated], &[], &rules);
            let number = dossier.products["Co"].facts["half_width_year"].number.unwrap();
            assert!((number - 12.0).abs() < 1e-12, "{best} {unit}");
        }
    }

    #[test]
    fn the_order_of_evidence_is_irrelevant() {
        let rules = RuleSet::embedded();
        let mut claims = vec![
            claim("activity", "ongoing", None),
            claim("activity", "on hold", None),
            claim("approvals", "none", None),
            claim("protection", "overlap", None),
        ];
        let before = dossier_from(&claims, &[], &rules);
        claims.reverse();
        assert_eq!(dossier_from(&claims, &[], &rules), before);
    }
}
