//! What stands around a body in the register: other bodies of its site, grades of bodies like it.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use varp_engine::estimate::KnownGrade;
use varp_engine::planning::middle_of;
use varp_model::{BodyId, ClaimId, ClaimValue, Measured, SiteId, Subject, Term, Visibility};
use varp_store::{Filter, Query, Store, StoreError};

use super::super::whole;

/// The register around a body, read once for all bodies.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// Bodies of processing residue by site.
    pub residues: BTreeMap<SiteId, Vec<BodyId>>,
    grades: Vec<Analogue>,
}

/// The grade of another body and where the register has it from.
#[derive(Clone, Debug)]
pub struct Analogue {
    /// The body.
    pub body: BodyId,
    /// The claim that states the grade.
    pub claim: ClaimId,
    /// The grade.
    pub grade: KnownGrade,
}

impl Surroundings {
    /// Grades of all bodies but this one.
    pub fn analogues_of(&self, body: BodyId) -> Vec<Analogue> {
        self.grades.iter().filter(|a| a.body != body).cloned().collect()
    }
}

/// Kinds that come out of a mill and go to one place.
const RESIDUE: [&str; 3] = ["tailings", "submarine tailings", "unknown"];

/// Reads what stands around the bodies of a register, as far as `audience` may see it.
///
/// # Errors
/// If the register cannot be read.
pub fn surroundings(store: &dyn Store, audience: Visibility) -> Result<Surroundings, StoreError> {
    let everything = Query { audience, ..whole(Vec::new()) };
    let bodies = store.bodies(&everything)?.items;
    let mut residues: BTreeMap<SiteId, Vec<BodyId>> = BTreeMap::new();
    let mut known: BTreeMap<BodyId, (String, String, String)> = BTreeMap::new();
    let types: BTreeMap<BodyId, String> = bodies
        .iter()
        .filter_map(|item| Some((item.body.id, item.body.deposit_type.clone()?)))
        .collect();
    for item in &bodies {
        let body = &item.body;
        if RESIDUE.contains(&body.kind.0.as_str()) {
            residues.entry(body.site).or_default().push(body.id);
        }
        let origin = body.origin_deposit.and_then(|d| types.get(&d)).cloned();
        let deposit_type = body.deposit_type.clone().or(origin).unwrap_or_default();
        known.insert(body.id, (body.name.clone(), body.kind.0.clone(), deposit_type));
    }
    let grades = Query { audience, ..whole(vec![Filter::Property("grade".into())]) };
    let mut found: Vec<Analogue> = Vec::new();
    let mut at: HashMap<(BodyId, String), usize> = HashMap::new();
    for item in store.quantities(&grades)?.items {
        let claim = &item.claim;
        let Subject::Body(id) = claim.subject else { continue };
        let Some((body, kind, deposit_type)) = known.get(&id) else { continue };
        let (ClaimValue::Number(range), Some(substance)) = (&claim.value, &claim.substance) else {
            continue;
        };
        let Some(grade) = middle_of(range).filter(|g| *g > 0.0 && *g <= 1.0) else { continue };
        if claim.term == Term::Produced {
            continue;
        }
        let grade = KnownGrade {
            body: body.clone(),
            kind: kind.clone(),
            deposit_type: deposit_type.clone(),
            substance: substance.code().to_owned(),
            grade: Measured::Exact(grade),
        };
        let one = Analogue { body: id, claim: claim.id, grade };
        match at.entry((id, one.grade.substance.clone())) {
            Entry::Occupied(at) if claim.preferred.is_some() => found[*at.get()] = one,
            Entry::Occupied(_) => {}
            Entry::Vacant(free) => {
                free.insert(found.len());
                found.push(one);
            }
        }
    }
    Ok(Surroundings { residues, grades: found })
}
