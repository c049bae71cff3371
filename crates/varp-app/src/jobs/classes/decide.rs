//! What people decide of classes.

use varp_engine::classify::Code;
use varp_model::{BodyId, Decision, ResultId, ResultKind, Standing, Visibility};
use varp_store::{Store, StoreError};

use super::compute::stored_class;

/// A step that a person takes with the newest class of a product.
#[derive(Clone, Debug)]
pub struct ClassDecision {
    /// The body.
    pub body: BodyId,
    /// The product.
    pub product: String,
    /// The step.
    pub standing: Standing,
    /// The code that the person puts in place of the computed one.
    pub instead: Option<Code>,
    /// Who.
    pub person: String,
    /// In which capacity.
    pub capacity: String,
    /// Why.
    pub reason: String,
    /// Day, ISO 8601.
    pub date: String,
}

/// Records the step; returns the result it is about and the code that stands now.
///
/// An adoption names the capacity of the person; a code in place of the computed one comes with an
/// adoption only.
///
/// # Errors
/// If the body has no stored class of this product, or the step may not follow the one before.
pub fn decide(store: &dyn Store, decision: &ClassDecision) -> Result<(ResultId, Code), StoreError> {
    let refuse = |why: String| Err(StoreError::Refused(why));
    let records =
        store.results_of(Some(decision.body), ResultKind::Classification, Visibility::Private)?;
    let Some(newest) = records.first() else {
        return refuse(format!(
            "body {} has no stored class; run varp classify --store first",
            decision.body
        ));
    };
    let record = stored_class(newest)?;
    let Some(own) = record.products.iter().find(|p| p.product == decision.product) else {
        let known: Vec<&str> = record.products.iter().map(|p| p.product.as_str()).collect();
        return refuse(format!(
            "its stored classes have no product {}; there are {}",
            decision.product,
            known.join(", ")
        ));
    };
    if decision.instead.is_some() && decision.standing != Standing::Adopted {
        return refuse("another code is put in place with an adoption, not before or after".into());
    }
    if decision.standing == Standing::Adopted && decision.capacity.trim().is_empty() {
        return refuse(
            "a class is adopted by a competent person: say in which capacity (--capacity)".into(),
        );
    }
    let result = newest.result.id();
    store.add_decision(&Decision {
        result,
        item: decision.product.clone(),
        standing: decision.standing,
        instead: decision.instead.as_ref().map(ToString::to_string),
        person: decision.person.clone(),
        capacity: decision.capacity.clone(),
        reason: decision.reason.clone(),
        date: decision.date.clone(),
    })?;
    let decisions = store.decisions(result, Visibility::Private)?;
    let code = standing_of(&decisions, &decision.product).1;
    Ok((result, code.unwrap_or_else(|| own.code.clone())))
}

/// How far a product's class was taken, the code that a person put in place of the computed one, and
/// the decision that says so.
pub fn standing_of<'a>(
    decisions: &'a [Decision],
    product: &str,
) -> (Option<Standing>, Option<Code>, Option<&'a Decision>) {
    let own = decisions.iter().filter(|d| d.item == product || d.item.is_empty());
    let (mut standing, mut instead, mut by) = (None, None, None);
    for decision in own {
        standing = Some(decision.standing);
        match decision.standing {
            Standing::Adopted => {
                instead = decision.instead.as_deref().and_then(|code| code.parse().ok());
                by = Some(decision);
            }
            Standing::Published => {}
            Standing::Draft | Standing::Reviewed | Standing::Withdrawn => {
                instead = None;
                by = Some(decision);
            }
        }
    }
    (standing, instead, by)
}
