//! Contained quantities of a body's products, on the same terms for deposits and waste.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use varp_model::{Basis, Claim, ClaimValue, References, Substance, Term};

/// How a contained quantity came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// A source states it.
    Stated,
    /// Mass times grade, both as sources state them: ends multiplied with ends.
    MassTimesGrade,
    /// A stored estimate: the ends of its 80 % interval.
    Estimated,
    /// A stored estimate that knows this product from bodies like it alone.
    ByAnalogy,
}

/// Contained tonnes of one product of one body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contained {
    /// Low end in tonnes of the product, if a range is given.
    pub low: Option<f64>,
    /// Best value; `None` where sources disagree and none is preferred.
    pub best: Option<f64>,
    /// High end.
    pub high: Option<f64>,
    /// Original, remaining or produced; sums across terms are refused.
    pub term: Term,
    /// How it came to be.
    pub how: How,
    /// Number of claims that disagree; 1 where one was taken or it was estimated.
    pub of_claims: usize,
    /// Ids of the claims, or the estimate.
    pub evidence: Vec<String>,
    /// The same on the scale of size classes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub size: Option<SizeWord>,
}

/// Where a quantity stands on the scale of primary deposits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SizeWord {
    /// Commodity of the class.
    pub commodity: String,
    /// What its tonnes are of.
    pub basis: String,
    /// Tonnes of the product times this are tonnes of the basis.
    pub factor: f64,
    /// `occurrence` to `very large`; `None` without a best value.
    pub word: Option<String>,
}

/// Terms in the order in which they answer for a body: what is there before what was.
const TERMS: [Term; 3] = [Term::Remaining, Term::Unstated, Term::Original];

/// Numbers of one property and substance: range in canonical units, tonnes or mass per mass, with its
/// claims.
#[derive(Clone, Debug)]
struct Taken {
    low: Option<f64>,
    best: Option<f64>,
    high: Option<f64>,
    term: Term,
    basis: Basis,
    of_claims: usize,
    evidence: Vec<String>,
}

/// Contained tonnes of each substance that claims state a content or a grade of.
///
/// A stated content comes first; else mass times grade of the same basis. Where several claims speak
/// and none is preferred, the quantity is their whole range without a best value. Mass in tonnes,
/// grades in mass per mass.
pub fn contained(claims: &[Claim], references: &References) -> BTreeMap<String, Contained> {
    let mass = take(claims, "mass", None);
    let mut found = BTreeMap::new();
    let mut substances: Vec<&Substance> = claims
        .iter()
        .filter(|c| ["contained", "grade"].contains(&c.property.as_str()))
        .filter_map(|c| c.substance.as_ref())
        .collect();
    substances.sort_by_key(|s| s.code());
    substances.dedup_by_key(|s| s.code());
    for substance in substances {
        let stated = take(claims, "contained", Some(substance));
        let (taken, how) = match stated {
            Some(stated) => (stated, How::Stated),
            None => match mass.as_ref().zip(take(claims, "grade", Some(substance))) {
                Some((mass, grade)) if same_basis(mass.basis, grade.basis) => {
                    (times(mass, &grade), How::MassTimesGrade)
                }
                _ => continue,
            },
        };
        let size = size(substance, taken.best, references);
        found.insert(
            substance.code().to_owned(),
            Contained {
                low: taken.low,
                best: taken.best,
                high: taken.high,
                term: taken.term,
                how,
                of_claims: taken.of_claims,
                evidence: taken.evidence,
                size,
            },
        );
    }
    found
}

pub(super) fn size(
    substance: &Substance,
    best: Option<f64>,
    references: &References,
) -> Option<SizeWord> {
    let unit = references.size_of(substance, 1.0)?;
    Some(SizeWord {
        commodity: unit.class.commodity.clone(),
        basis: unit.class.basis.clone(),
        factor: unit.tonnes,
        word: best.map(|best| unit.class.of(best * unit.tonnes).to_owned()),
    })
}

/// A dry mass times a wet grade is nothing; what a source does not say is taken to fit.
fn same_basis(mass: Basis, grade: Basis) -> bool {
    mass == grade || mass == Basis::Unstated || grade == Basis::Unstated
}

fn take(claims: &[Claim], property: &str, substance: Option<&Substance>) -> Option<Taken> {
    let fits = |c: &&Claim| {
        c.property == property
            && c.substance.as_ref() == substance
            && matches!(&c.value, ClaimValue::Number(_))
    };
    let all: Vec<&Claim> = claims.iter().filter(fits).collect();
    if property == "grade" {
        return taken(&all);
    }
    TERMS.iter().find_map(|term| {
        let of_term: Vec<&Claim> = all.iter().copied().filter(|c| c.term == *term).collect();
        taken(&of_term)
    })
}

fn taken(claims: &[&Claim]) -> Option<Taken> {
    let preferred = claims.iter().find(|c| c.preferred.is_some());
    let used: Vec<&Claim> = preferred.map_or_else(|| claims.to_vec(), |claim| vec![*claim]);
    let first = used.first()?;
    let numbers: Vec<[Option<f64>; 3]> = used.iter().filter_map(|c| numbers(c)).collect();
    let (low, best, high) = match numbers[..] {
        [] => return None,
        [[low, best, high]] => (low, best, high),
        _ => {
            let ends = || numbers.iter().flatten().flatten().copied();
            (ends().reduce(f64::min), None, ends().reduce(f64::max))
        }
    };
    Some(Taken {
        low,
        best,
        high,
        term: first.term,
        basis: first.basis,
        of_claims: used.len(),
        evidence: used.iter().map(|c| c.id.to_string()).collect(),
    })
}

fn numbers(claim: &Claim) -> Option<[Option<f64>; 3]> {
    let ClaimValue::Number(range) = &claim.value else { return None };
    let canonical = |v: Option<f64>| v.map(|v| range.unit.to_canonical(v));
    Some([canonical(range.low()), canonical(range.best), canonical(range.high())])
}

/// Ends with ends: what perfect dependence of mass and grade would give.
fn times(mass: &Taken, grade: &Taken) -> Taken {
    let product = |a: Option<f64>, b: Option<f64>| a.zip(b).map(|(a, b)| a * b);
    let ranged = mass.low.or(grade.low).is_some();
    let end = |of: fn(&Taken) -> Option<f64>| {
        let ends = product(of(mass).or(mass.best), of(grade).or(grade.best));
        ends.filter(|_| ranged)
    };
    let mut evidence = mass.evidence.clone();
    evidence.extend(grade.evidence.iter().cloned());
    Taken {
        low: end(|t| t.low),
        best: product(mass.best, grade.best),
        high: end(|t| t.high),
        term: mass.term,
        basis: mass.basis,
        of_claims: mass.of_claims.max(grade.of_claims),
        evidence,
    }
}
