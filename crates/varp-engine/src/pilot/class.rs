//! What a study would do to the class: today's code, and the code if the study goes as planned.

use serde::{Deserialize, Serialize};

use super::study::Study;
use crate::classify::{Dossier, Fact, Grounds, RuleSet, classify};
use crate::profile::{Figure, Knowledge, Profile};

/// Code of the main product before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassEffect {
    /// Product, a substance code.
    pub product: String,
    /// Computed code today.
    pub today: String,
    /// Computed code if the study finds what is expected and its controls pass.
    pub expected: String,
    /// Relative half-width at 90 % of a year's metal, if each year has its share of the holes.
    pub half_width_year: f64,
    /// What the change rests on, in words.
    pub because: String,
}

pub(super) fn effect(
    profile: &Profile,
    study: &Study,
    dossier: &Dossier,
    rules: &RuleSet,
    known: &Knowledge,
) -> Option<ClassEffect> {
    let main = &profile.main_product()?.element;
    let product = dossier.products.keys().find(|code| {
        code.strip_prefix(main.as_str()).is_some_and(|rest| !rest.starts_with(char::is_lowercase))
    })?;
    // what "a year's metal" means before there is a plan
    let feed = known.usual_of_study("feed of a small plant");
    let years = profile.size.mass_t.as_ref().map_or(1.0, |m: &Figure| m.best / feed);
    let contained = study.precision.last()?.contained;
    let half_width_year = contained * years.max(1.0).sqrt();
    let level = |word: &str| fact(Some(word), None);
    let number = |value: f64| fact(None, Some(value));
    let mut after = dossier.clone();
    for (name, found) in [
        ("depth_sampling", level("whole depth")),
        ("density_basis", level("measured")),
        ("estimate_kind", level("estimate")),
        ("quality_control", level("passed")),
        ("assays", number(study.samples.primary as f64)),
        ("half_width_year", number(100.0 * half_width_year)),
    ] {
        let per_product = rules.fact(name).is_some_and(|rule| rule.per_product);
        let own = after.products.entry(product.clone()).or_default();
        let facts = if per_product { &mut own.facts } else { &mut after.facts };
        facts.insert(name.into(), found);
    }
    let (today, expected) = (classify(dossier, product, rules), classify(&after, product, rules));
    Some(ClassEffect {
        product: product.clone(),
        today: today.code.to_string(),
        expected: expected.code.to_string(),
        half_width_year,
        because: format!(
            "samples over the whole depth, measured density, controls that pass; contained metal \
             ±{:.0} % at 90 % for the body, ±{:.0} % for a year of {:.1} Mt",
            100.0 * contained,
            100.0 * half_width_year,
            feed / 1e6
        ),
    })
}

fn fact(level: Option<&str>, number: Option<f64>) -> Fact {
    let evidence = vec!["expected of the study".to_owned()];
    Fact { level: level.map(str::to_owned), number, grounds: Grounds::Derived, evidence }
}
