//! What does not fit among the statements about a body, and what other grounds say of its mass.

use varp_model::{Claim, Element, Substance, Term};

use super::mass::Mass;
use super::milled::books;
use super::reading::{Reader, figure, middle, number};
use super::{Evidence, present};
use crate::estimate::{
    Contradiction, Facts, Stated, Statement, agreement, contradictions, more_product_than_ore,
    why_different,
};
use crate::import::usual_oxide_of;

/// Contradictions among the statements, each with its likely causes.
pub(super) fn doubts(evidence: &Evidence<'_>, reader: &Reader<'_>) -> Vec<Contradiction> {
    let first = |claims: Vec<&Claim>| greatest(claims, reader);
    let of = |property: &str| first(present(evidence.claims, property));
    let mut facts = Facts {
        mass_t: of("mass"),
        volume_m3: of("volume"),
        area_m2: of("area"),
        ore_t: if evidence.alone { first(books(evidence)) } else { None },
        thickness_m: of("thickness_max"),
        ..Facts::default()
    };
    let mut found = contradictions(&facts);
    for (content, of) in contents(evidence) {
        let Some(substance) = &content.substance else { continue };
        let Some(grade) = grade_as(substance, evidence, reader) else { continue };
        facts.grade = Some(grade);
        facts.contained_t = stated(content, reader).map(|s| s.of(of));
        facts.factors = slips_of(substance, evidence);
        found.extend(
            contradictions(&facts).into_iter().filter(|c| !found.contains(c)).collect::<Vec<_>>(),
        );
    }
    found.extend(too_much_product(evidence, reader));
    found.extend(conflicts(evidence, reader));
    found
}

/// Contents stated of the body, and of its site, whose other bodies they may be in.
fn contents<'a>(evidence: &Evidence<'a>) -> Vec<(&'a Claim, &'static str)> {
    let own = present(evidence.claims, "contained").into_iter().map(|c| (c, "this body"));
    let site = present(evidence.site, "contained").into_iter().map(|c| (c, "the whole site"));
    own.chain(site).collect()
}

/// The grade of the body to doubt, of this substance or brought to it by the share of an element.
fn grade_as(substance: &Substance, evidence: &Evidence<'_>, reader: &Reader<'_>) -> Option<Stated> {
    let grades = present(evidence.claims, "grade");
    let same = |c: &&Claim| c.substance.as_ref() == Some(substance);
    let own = greatest(grades.iter().copied().filter(same).collect(), reader);
    own.or_else(|| {
        let factor = |c: &Claim| converted(c.substance.as_ref()?, substance, evidence);
        let others = grades.iter().filter(|c| factor(c).is_some()).copied().collect();
        let grade = greatest(others, reader)?;
        let of = grades.iter().find(|c| reader.cited(c) == grade.source)?;
        Some(grade.times(factor(of)?))
    })
}

/// Mass of one substance for a mass of another that holds the same element: exact factors only.
fn converted(from: &Substance, to: &Substance, evidence: &Evidence<'_>) -> Option<f64> {
    let element = element_of(from).filter(|e| Some(*e) == element_of(to))?;
    let share = |s: &Substance| s.exact_fraction_of(element, evidence.references);
    Some(share(from)? / share(to)?)
}

/// The element that a grade is about: the first of its formula.
fn element_of(substance: &Substance) -> Option<Element> {
    substance.elements().first().copied()
}

/// Ratios that come of taking an element for its oxide, or the reverse.
fn slips_of(substance: &Substance, evidence: &Evidence<'_>) -> Vec<(String, f64)> {
    let Some(element) = element_of(substance) else { return Vec::new() };
    let oxide = match substance {
        Substance::Compound(_) => substance.code(),
        _ => usual_oxide_of(element).unwrap_or_default(),
    };
    let oxide = Substance::parse(oxide, evidence.references).ok();
    let share = oxide.as_ref().and_then(|o| o.exact_fraction_of(element, evidence.references));
    let named = oxide.zip(share.filter(|s| *s < 1.0)).map(|(oxide, share)| {
        (format!("a grade of {} taken for {}", element.symbol(), oxide.code()), 1.0 / share)
    });
    named.into_iter().collect()
}

/// Product beyond what the ore held, where one record of ore and its grade stand beside it.
fn too_much_product(evidence: &Evidence<'_>, reader: &Reader<'_>) -> Vec<Contradiction> {
    let [ore] = books(evidence)[..] else { return Vec::new() };
    let Some(ore) = stated(ore, reader) else { return Vec::new() };
    let all = [evidence.claims, evidence.deposit, evidence.site];
    let of = |property: &'static str| {
        all.into_iter().flatten().filter(move |c| c.property == property).collect::<Vec<_>>()
    };
    let grades = of("ore_grade");
    let more = |product: &Claim| {
        let substance = product.substance.as_ref()?;
        let (grade, factor) = grades.iter().find_map(|g| {
            Some((stated(g, reader)?, converted(g.substance.as_ref()?, substance, evidence)?))
        })?;
        let held = Stated {
            source: format!("{} at a grade from {}", ore.source, grade.source),
            value: ore.value * grade.value * factor,
            ..ore.clone()
        };
        more_product_than_ore(&held, &stated(product, reader)?, &slips_of(substance, evidence))
    };
    of("product").into_iter().filter_map(more).collect()
}

/// Pairs of statements of one mass, volume or grade that differ, with what may lie behind it.
fn conflicts(evidence: &Evidence<'_>, reader: &Reader<'_>) -> Vec<Contradiction> {
    let mut found = Vec::new();
    for property in ["mass", "volume", "grade"] {
        let claims = present(evidence.claims, property);
        for (i, a) in claims.iter().enumerate() {
            let same = |b: &&&Claim| b.substance == a.substance && b.term == a.term;
            for b in claims[i + 1..].iter().filter(same) {
                let (Some(first), Some(second)) = (stated(a, reader), stated(b, reader)) else {
                    continue;
                };
                let slips = a.substance.as_ref().map_or_else(Vec::new, |s| slips_of(s, evidence));
                let causes = why_different(&first, &second, &slips);
                if !causes.is_empty() {
                    let what = a.substance.as_ref().map_or_else(
                        || property.to_owned(),
                        |s| format!("{property} of {}", s.code()),
                    );
                    let says = format!(
                        "{what}: {} ({}) and {} ({})",
                        figure(first.value),
                        first.source,
                        figure(second.value),
                        second.source
                    );
                    found.push(Contradiction { says, causes });
                }
            }
        }
    }
    found
}

/// The preferred statement, else the one with the greatest upper end: it is the one to doubt.
fn greatest(claims: Vec<&Claim>, reader: &Reader<'_>) -> Option<Stated> {
    let preferred = claims.iter().find(|c| c.preferred.is_some()).copied();
    let upper = |s: &Stated| s.range.map_or(s.value, |(_, high)| high);
    let all = claims.into_iter().filter(|c| c.term != Term::Original);
    match preferred {
        Some(claim) => stated(claim, reader),
        None => all.filter_map(|c| stated(c, reader)).max_by(|a, b| upper(a).total_cmp(&upper(b))),
    }
}

fn stated(claim: &Claim, reader: &Reader<'_>) -> Option<Stated> {
    let range = number(claim)?;
    let own = |v: f64| range.unit.to_canonical(v);
    Some(Stated {
        source: reader.cited(claim),
        subject: claim.note.clone().unwrap_or_default(),
        value: middle(range)?,
        range: range.low().zip(range.high()).map(|(l, h)| (own(l), own(h))),
    })
}

/// What other grounds say of the mass, beside the one that was taken, and whether they agree.
pub(super) fn beside(chosen: &Mass, others: &[Mass]) -> Vec<String> {
    let Some(own) = statement(chosen) else { return Vec::new() };
    let say = |other: &Mass| {
        let theirs = statement(other)?;
        let (low, high) = theirs.range?;
        let compared = agreement(&own, &theirs);
        let verdict = if compared.agree { "agrees" } else { "does not agree" };
        Some(format!(
            "{}: {} ({} to {}) t, {verdict} (ratio {:.2})",
            theirs.source,
            figure(theirs.best),
            figure(low),
            figure(high),
            compared.ratio
        ))
    };
    others.iter().filter_map(say).collect()
}

fn statement(mass: &Mass) -> Option<Statement> {
    let (best, sigma) = (mass.best_t?, mass.sigma);
    let factor = (crate::chance::Z80 * sigma).exp();
    let range = Some((best / factor, best * factor));
    Some(Statement { source: mass.from.word().to_owned(), best, range })
}
