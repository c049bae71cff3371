//! What is in it: stated grades, stated contents, or what the mill did not take.

use std::collections::BTreeMap;

use varp_model::{Claim, Term};

use super::mass::Mass;
use super::milled::{Years, recovery};
use super::reading::{Read, Reader, lognormal, lognormal_of};
use super::{Choice, Evidence, present};
use crate::estimate::{
    AnaloguePlan, Basis, GradeFrom, PlannedProduct, Quantity, SampleMethod, SamplePlan, expected,
};

/// Products of a proposal.
#[derive(Default)]
pub(super) struct Grades {
    pub products: Vec<PlannedProduct>,
    pub choices: Vec<Choice>,
}

/// Grades by substance: stated ones first, then contents, then what is left of the ore's grade.
pub(super) fn choose(
    evidence: &Evidence<'_>,
    reader: &Reader<'_>,
    mass: &Mass,
    missing: &mut Vec<String>,
) -> Grades {
    let mut grades = Grades::default();
    for (choice, product) in super::sampled::products(evidence, reader) {
        grades.choices.push(choice);
        grades.products.push(product);
    }
    for (substance, claims) in by_substance(present(evidence.claims, "grade")) {
        let read = reader.of_claims(&claims, "grade", Basis::Records);
        if let (Some(read), false) = (read, grades.has(&substance)) {
            grades.add(&substance, read);
        }
    }
    for (substance, claims) in by_substance(present(evidence.claims, "contained")) {
        let read = reader.of_claims(&claims, "contained", Basis::Records);
        if let (Some(read), Some(mass_t), false) = (read, mass.best_t, grades.has(&substance)) {
            let mut read = read.times(1.0 / mass_t, 0.0);
            read.because.push_str("; a content is stated, not a grade: divided by the best mass");
            grades.add(&substance, read);
        }
    }
    if !mass.carries_products() && !evidence.body.kind.is_primary() {
        for (substance, read) in left_by_the_mill(evidence, reader) {
            if !grades.has(&substance) {
                grades.add(&substance, read);
            }
        }
    }
    analogues(evidence, &mut grades);
    let sampled = grades.products.iter().filter_map(|p| match &p.grade {
        GradeFrom::Samples(plan) => Some(plan),
        _ => None,
    });
    let sampled: Vec<&SamplePlan> = sampled.collect();
    if sampled.iter().any(|plan| plan.method != SampleMethod::Mean) {
        missing.push(
            "how far the metal of a quarter and of a year may be off hangs on the rate of production: \
             state rate_t_per_year with the method simulation"
                .into(),
        );
    }
    if sampled.is_empty() {
        missing.push("no sample of this body is in the register: grades rest on statements".into());
    }
    grades
}

impl Grades {
    fn has(&self, substance: &str) -> bool {
        self.products.iter().any(|p| p.substance == substance)
    }

    fn add(&mut self, substance: &str, read: Read) {
        self.choices.push(read.choice(&format!("grade of {substance}"), "kg/kg"));
        let grade = GradeFrom::Stated(read.quantity);
        self.products.push(PlannedProduct { substance: substance.to_owned(), grade });
    }
}

fn by_substance(claims: Vec<&Claim>) -> BTreeMap<String, Vec<&Claim>> {
    let mut found: BTreeMap<String, Vec<&Claim>> = BTreeMap::new();
    for claim in claims {
        if let Some(substance) = &claim.substance {
            found.entry(substance.code().to_owned()).or_default().push(claim);
        }
    }
    found
}

/// Grades of the ore that went to the mill, by substance: of the body, else its deposit, else its site.
pub(super) fn ore_grades<'a>(evidence: &Evidence<'a>) -> BTreeMap<String, Vec<&'a Claim>> {
    let of = |claims: &'a [Claim], property: &str| -> Vec<&'a Claim> {
        claims.iter().filter(|c| c.property == property).collect()
    };
    let deposit_grade = evidence.deposit.iter().filter(|c| {
        c.property == "grade" && matches!(c.term, Term::Original | Term::Unstated | Term::Produced)
    });
    let grounds = [
        of(evidence.claims, "ore_grade"),
        of(evidence.deposit, "ore_grade"),
        of(evidence.site, "ore_grade"),
        deposit_grade.collect(),
    ];
    grounds.into_iter().find(|g| !g.is_empty()).map(by_substance).unwrap_or_default()
}

/// Most substances that a plan takes by analogy.
const MOST_ANALOGUES: usize = 12;
/// Fewest bodies with a grade of a substance that make an analogue.
const FEWEST: usize = 3;

/// What comes with the type of deposit, was never looked for here, and is known of bodies like it.
fn analogues(evidence: &Evidence<'_>, grades: &mut Grades) {
    let Some(deposit_type) = evidence.deposit_type else { return };
    let known: Vec<String> = grades.products.iter().map(|p| p.substance.clone()).collect();
    let likely = expected(deposit_type, &known, evidence.references);
    for one in likely.into_iter().take(MOST_ANALOGUES) {
        let of = |same: bool| {
            let all = evidence.data.analogues.iter();
            let fits = |g: &&crate::estimate::KnownGrade| {
                g.substance == one.commodity && (!same || g.deposit_type == deposit_type)
            };
            all.filter(fits).count()
        };
        if of(false) < FEWEST || grades.has(&one.commodity) {
            continue;
        }
        let kind = evidence.body.kind.0.clone();
        let because = format!(
            "never analysed here, but {} with deposits of type {deposit_type} ({}): by analogy, prospective only",
            one.frequency, one.source
        );
        let chosen = format!("from {} bodies, {} of this type", of(false), of(true));
        grades.choices.push(Choice::of(format!("grade of {}", one.commodity), chosen, because));
        grades.products.push(PlannedProduct {
            substance: one.commodity,
            grade: GradeFrom::Analogues(AnaloguePlan {
                deposit_type: deposit_type.to_owned(),
                kind,
            }),
        });
    }
}

/// What the mill left of the ore's grade, mass of concentrates neglected.
fn left_by_the_mill(evidence: &Evidence<'_>, reader: &Reader<'_>) -> Vec<(String, Read)> {
    let mut found = Vec::new();
    for (substance, claims) in ore_grades(evidence) {
        let Some(head) = reader.of_claims(&claims, "ore_grade", Basis::Records) else { continue };
        let taken = recovery(evidence, reader, &substance, Years::of_the_body(evidence));
        let left = |p: f64| (1.0 - taken.quantity.belief.quantile(p)).max(1e-3);
        let (head_median, head_sigma) = lognormal_of(&head.quantity.belief);
        let sigma = (left(0.1) / left(0.9)).ln() / (2.0 * crate::chance::Z80);
        let belief = lognormal(head_median * left(0.5), head_sigma.hypot(sigma));
        let source = format!("{}; recovery: {}", head.quantity.source, taken.quantity.source);
        let because = format!(
            "no grade of this body is stated: what the mill left of the ore's grade ({}; recovery: {})",
            head.because, taken.because
        );
        let quantity = Quantity { belief, basis: Basis::Analogue, source };
        let claims = [head.claims, taken.claims].concat();
        found.push((substance, Read { quantity, because, claims, left_out: head.left_out }));
    }
    found
}
