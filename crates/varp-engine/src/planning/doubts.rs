//! What does not fit among the statements about a body, and what other grounds say of its mass.

use varp_model::{Claim, Term};

use super::mass::{Mass, books};
use super::reading::{Reader, figure, middle, number};
use super::{Evidence, present};
use crate::estimate::{
    Contradiction, Facts, Stated, Statement, agreement, contradictions, why_different,
};

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
    for content in present(evidence.claims, "contained") {
        let Some(substance) = &content.substance else { continue };
        let same = |c: &&Claim| c.substance.as_ref() == Some(substance);
        let grades = present(evidence.claims, "grade").into_iter().filter(same).collect();
        facts.grade = first(grades);
        facts.contained_t = first(vec![content]);
        found.extend(
            contradictions(&facts).into_iter().filter(|c| !found.contains(c)).collect::<Vec<_>>(),
        );
    }
    found.extend(conflicts(evidence, reader));
    found
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
                let causes = why_different(&first, &second, &[]);
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
