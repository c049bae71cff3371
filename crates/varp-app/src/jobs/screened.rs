//! The screening cash flow of one body under the shipped prices, and what it would argue on the E axis.

use serde::Serialize;
use varp_engine::classify::{Code, Grounds, RuleSet, classify};
use varp_engine::economics::screening::{Screening, screen};
use varp_engine::profile::{Knowledge, Profile};
use varp_model::{BodyId, References, Visibility};
use varp_store::{Store, StoreError};

use super::economics::{DRAWS, dossier_of, with_chance};
use super::records::body_record;

/// Seed of the draws.
const SEED: u64 = 1;

/// The screening of one body.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BodyScreening {
    /// The body, by id.
    pub body: String,
    /// Its name.
    pub name: String,
    /// Name of its site.
    pub site: String,
    /// Country of its site.
    pub country: String,
    /// Kind of body.
    pub kind: String,
    /// The stored estimate that mass and grades come from; `None` where claims alone speak.
    pub estimate: Option<String>,
    /// The screening; `None` where there is none.
    pub screening: Option<Screening>,
    /// Why there is none; empty where there is one.
    pub why_none: String,
    /// What it argues, by product.
    pub classes: Vec<ScreenedClass>,
    /// Seed of the draws.
    pub seed: u64,
}

/// The class of a product with the chance of a positive NPV.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScreenedClass {
    /// The product.
    pub product: String,
    /// As it is: what rests on defaults argues nothing up.
    pub code: Code,
    /// If a study of the site found the same chance.
    pub if_found: Code,
}

/// Screens one body by what `audience` may know; `None` if there is no such body for it.
///
/// # Errors
/// If the register cannot be read.
pub fn screened(
    store: &dyn Store,
    id: BodyId,
    references: &References,
    audience: Visibility,
) -> Result<Option<BodyScreening>, StoreError> {
    let Some(record) = body_record(store, id, references, audience)? else { return Ok(None) };
    let known = Knowledge::embedded();
    let profile = Profile::of(&record, &known, references);
    let found = if record.body.kind.is_primary() {
        Err("the costs are those of waste: deposits in the ground are not screened".to_owned())
    } else {
        screen(&profile, &known, DRAWS, SEED).map_err(|e| e.to_string())
    };
    let (screening, why_none) = match found {
        Ok(screening) => (Some(screening), String::new()),
        Err(why) => (None, why),
    };
    let classes = match &screening {
        Some(screening) => {
            let rules = RuleSet::embedded();
            let dossier = dossier_of(store, &record, &rules, references, audience)?;
            let code = |product: &str, grounds| {
                classify(&with_chance(&dossier, screening, grounds), product, &rules).code
            };
            let each = dossier.products.keys().map(|product| ScreenedClass {
                product: product.clone(),
                code: code(product, Grounds::Prior),
                if_found: code(product, Grounds::Derived),
            });
            each.collect()
        }
        None => Vec::new(),
    };
    Ok(Some(BodyScreening {
        body: record.body.id.to_string(),
        name: record.body.name.clone(),
        site: record.site_name.clone(),
        country: record.country.code().to_owned(),
        kind: record.body.kind.0.clone(),
        estimate: profile.estimate.clone(),
        screening,
        why_none,
        classes,
        seed: SEED,
    }))
}
