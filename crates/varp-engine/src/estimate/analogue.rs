//! Grades by analogy: what bodies of the same type hold of a substance that nobody looked for here.

use varp_model::Measured;

use super::belief::Belief;
use super::data::KnownGrade;
use super::error::EstimateError;
use super::grade::{GradeFound, probabilities};
use super::product::AnaloguePlan;
use super::quantity::Basis;
use crate::chance::distribution::student_quantile;

/// What bodies of the same type say of a grade.
#[derive(Clone, Debug, PartialEq)]
pub struct Analogy {
    /// Bodies of the same type and kind, of the same type, and all.
    pub counts: [usize; 3],
    /// Predictive centre of the natural logarithm of the grade.
    pub location: f64,
    /// Predictive scale.
    pub scale: f64,
    /// Degrees of freedom.
    pub freedom: f64,
    /// Probability that the substance is there at a grade worth naming.
    pub presence: f64,
}

/// Spread of a substance's grade between bodies of one type before anything is known: a factor of
/// e^1.2 either way (one deviation), worth two bodies. Own judgement.
const SPREAD: (f64, f64) = (1.2, 2.0);

/// The predictive distribution of the grade of one more body.
///
/// Means of types spread about the mean of all bodies, bodies about the mean of their type: with n own
/// bodies of mean ȳ, within-type variance s² and between-type variance t², the centre is
/// (n·ȳ/s² + m/t²)/(n/s² + 1/t²) and the variance s² + 1/(n/s² + 1/t²); Student's with the degrees of
/// freedom of s².
///
/// Bodies of the same kind count whole, of other kinds half. `None` without any body with the
/// substance above its limit.
pub fn analogy(
    substance: &str,
    plan: &AnaloguePlan,
    bodies: &[KnownGrade],
    worth_naming: f64,
) -> Option<Analogy> {
    let own = |b: &&KnownGrade| b.deposit_type == plan.deposit_type && !b.deposit_type.is_empty();
    let weight = |b: &KnownGrade| if b.kind == plan.kind { 1.0 } else { 0.5 };
    let all: Vec<&KnownGrade> = bodies.iter().filter(|b| b.substance == substance).collect();
    let log = |b: &KnownGrade| match b.grade {
        Measured::Exact(g) | Measured::Above(g) if g > 0.0 => Some(g.ln()),
        Measured::Below(g) if g > 0.0 => Some((0.5 * g).ln()),
        _ => None,
    };
    let points = |same: bool| {
        let chosen = all.iter().filter(move |b| !same || own(b));
        chosen.filter_map(|b| Some((log(b)?, weight(b)))).collect::<Vec<(f64, f64)>>()
    };
    let (everyone, mine) = (points(false), points(true));
    if everyone.is_empty() {
        return None;
    }
    let mean = |p: &[(f64, f64)]| {
        p.iter().map(|(y, w)| y * w).sum::<f64>() / p.iter().map(|(_, w)| w).sum::<f64>()
    };
    let squares =
        |p: &[(f64, f64)], m: f64| p.iter().map(|(y, w)| w * (y - m).powi(2)).sum::<f64>();
    let overall = mean(&everyone);
    let total_weight: f64 = everyone.iter().map(|p| p.1).sum();
    let between = (SPREAD.0.powi(2) * SPREAD.1 + squares(&everyone, overall))
        / (SPREAD.1 + total_weight - 1.0).max(1.0);
    let n: f64 = mine.iter().map(|p| p.1).sum();
    let (centre, within, freedom) = match n > 0.0 {
        true => {
            let own_mean = mean(&mine);
            let freedom = SPREAD.1 + (n - 1.0).max(0.0);
            let prior = between.min(SPREAD.0.powi(2));
            let within = (prior * SPREAD.1 + squares(&mine, own_mean)) / freedom;
            let precision = n / within + 1.0 / between;
            (
                (n * own_mean / within + overall / between) / precision,
                within + 1.0 / precision,
                freedom,
            )
        }
        false => {
            let freedom = SPREAD.1 + total_weight - 1.0;
            (overall, between * (1.0 + 1.0 / total_weight), freedom.max(1.0))
        }
    };
    let named = |p: &[(f64, f64)]| -> f64 {
        p.iter().filter(|(y, _)| *y >= worth_naming.ln()).map(|(_, w)| w).sum()
    };
    let base = (named(&everyone) + 0.5) / (total_weight + 1.0);
    let presence = (named(&mine) + 2.0 * base) / (n + 2.0);
    let kind = all.iter().filter(|b| own(b) && b.kind == plan.kind).count();
    Some(Analogy {
        counts: [kind, mine.len(), everyone.len()],
        location: centre,
        scale: within.sqrt(),
        freedom,
        presence,
    })
}

impl Analogy {
    /// Grade below which a share `p` of the probability lies, at most 1.
    pub fn quantile(&self, p: f64) -> f64 {
        (self.location + self.scale * student_quantile(p, self.freedom)).exp().min(1.0)
    }
}

/// The grade of a product by analogy.
pub(super) fn from_analogues(
    substance: &str,
    plan: &AnaloguePlan,
    bodies: &[KnownGrade],
) -> Result<GradeFound, EstimateError> {
    let found = analogy(substance, plan, bodies, 0.0).ok_or_else(|| EstimateError::Lacking {
        needs: format!("{substance} from bodies of type {}", plan.deposit_type),
        lacks: "no body with a grade of it was given".into(),
    })?;
    let [kind, same, all] = found.counts;
    let quantiles = probabilities().into_iter().map(|p| found.quantile(p)).collect();
    let words = format!(
        "{same} bodies of type {} ({kind} of them {}), {all} bodies in all",
        plan.deposit_type, plan.kind
    );
    let mut warnings = vec![format!(
        "{substance} was never analysed in this body: an analogue, prospective only (G4 with E3.2;F3)"
    )];
    if same == 0 {
        warnings.push(format!(
            "{substance}: no body of type {} is known; bodies of all types stand for it",
            plan.deposit_type
        ));
    }
    Ok(GradeFound {
        belief: Belief::Table(quantiles),
        basis: Basis::Analogue,
        source: words,
        warnings,
        assumptions: Vec::new(),
        sampled: None,
        periods: Vec::new(),
        blocks: None,
    })
}

/// A substance that associations of the deposit type make likely, and that nobody looked for here.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Expected {
    /// Commodity code.
    pub commodity: String,
    /// `common` or `occasional`, of the associations.
    pub frequency: String,
    /// Source of the association.
    pub source: String,
    /// Whether it was read there.
    pub status: varp_model::Status,
}

/// What comes with a type of deposit and has no assay yet.
pub fn expected(
    deposit_type: &str,
    analysed: &[String],
    references: &varp_model::References,
) -> Vec<Expected> {
    let seen = |commodity: &str| {
        let own = references.commodity(commodity).map_or("", |c| c.substances.as_str());
        let own = own.split_whitespace().chain([commodity]);
        own.into_iter().any(|s| analysed.iter().any(|a| a == s))
    };
    let rows = references.associations.iter();
    rows.filter(|a| a.deposit_type == deposit_type && !seen(&a.commodity))
        .map(|a| Expected {
            commodity: a.commodity.clone(),
            frequency: a.frequency.clone(),
            source: a.source.clone(),
            status: a.status,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(deposit_type: &str, kind: &str, grade: f64) -> KnownGrade {
        KnownGrade {
            body: "b".into(),
            kind: kind.into(),
            deposit_type: deposit_type.into(),
            substance: "Co".into(),
            grade: Measured::Exact(grade),
        }
    }

    fn plan() -> AnaloguePlan {
        AnaloguePlan { deposit_type: "Outokumpu-type".into(), kind: "tailings".into() }
    }

    #[test]
    fn bodies_of_the_type_pull_the_grade_towards_theirs() {
        let others: Vec<KnownGrade> =
            (0..20).map(|i| body("skarn", "tailings", 2e-5 * (1.0 + f64::from(i % 4)))).collect();
        let alone = analogy("Co", &plan(), &others, 1e-4).unwrap();
        let mut with = others.clone();
        with.extend((0..6).map(|i| body("Outokumpu-type", "tailings", 1e-3 + 1e-4 * f64::from(i))));
        let own = analogy("Co", &plan(), &with, 1e-4).unwrap();
        assert!(alone.quantile(0.5) < 1e-4 && own.quantile(0.5) > 7e-4);
        assert!(own.presence > 0.8 && alone.presence < 0.1);
        assert_eq!(own.counts, [6, 6, 26]);
        assert_eq!(analogy("Ga", &plan(), &with, 1e-5), None);
    }

    #[test]
    fn what_comes_with_a_type_and_was_not_analysed_surfaces() {
        let references = varp_model::References::embedded();
        let found = expected("Outokumpu-type", &["Cu".into(), "Zn".into()], &references);
        assert!(found.iter().any(|e| e.commodity == "Co" && e.frequency == "common"));
        assert!(!found.iter().any(|e| e.commodity == "Cu"));
    }
}
