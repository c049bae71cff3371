//! What people decide of classes.

use varp_engine::classify::Code;
use varp_model::{BodyId, Decision, ResultId, ResultKind, Standing, Visibility};
use varp_store::{Store, StoreError};

use super::standing::{Decided, adoptions, standing_adoption};

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
    /// Whether the code that stands adopted is kept on the newest evidence.
    pub confirm: bool,
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
    let private = Visibility::Private;
    let newest = Decided::read(store, newest, private)?;
    let adopted = adoptions(store, Some(decision.body), private)?;
    let adopted = adopted.get(&decision.body).map_or(&[][..], Vec::as_slice);
    let stands = standing_adoption(adopted, &decision.product);
    let target = target(decision, &newest, stands);
    let Some(own) = target.record.products.iter().find(|p| p.product == decision.product) else {
        let known: Vec<&str> = target.record.products.iter().map(|p| p.product.as_str()).collect();
        return refuse(format!(
            "its stored classes have no product {}; there are {}",
            decision.product,
            known.join(", ")
        ));
    };
    check(decision, stands)?;
    // what is confirmed is the adopted code; where the rules compute the same there is nothing to put instead
    let confirmed = stands.filter(|_| decision.confirm).and_then(|adoption| {
        let before = adoption.record.products.iter().find(|p| p.product == decision.product)?;
        let instead = standing_of(&adoption.decisions, &decision.product).1;
        Some(instead.unwrap_or_else(|| before.code.clone())).filter(|code| *code != own.code)
    });
    let instead = decision.instead.clone().or(confirmed);
    let result = target.result;
    store.add_decision(&Decision {
        result,
        item: decision.product.clone(),
        standing: decision.standing,
        instead: instead.as_ref().map(ToString::to_string),
        person: decision.person.clone(),
        capacity: decision.capacity.clone(),
        reason: decision.reason.clone(),
        date: decision.date.clone(),
    })?;
    let decisions = store.decisions(result, private)?;
    let code = standing_of(&decisions, &decision.product).1;
    Ok((result, code.unwrap_or_else(|| own.code.clone())))
}

/// The record that a step is about: what is published or taken back is the class that stands adopted, unless
/// another is under way; everything else is about the newest.
fn target<'a>(
    decision: &ClassDecision,
    newest: &'a Decided,
    stands: Option<&'a Decided>,
) -> &'a Decided {
    let under_way = standing_of(&newest.decisions, &decision.product).0;
    let under_way = under_way.is_some_and(|s| matches!(s, Standing::Draft | Standing::Reviewed));
    match decision.standing {
        Standing::Published => stands.unwrap_or(newest),
        Standing::Withdrawn if !under_way => stands.unwrap_or(newest),
        _ => newest,
    }
}

fn check(decision: &ClassDecision, stands: Option<&Decided>) -> Result<(), StoreError> {
    let refuse = |why: &str| Err(StoreError::Refused(why.into()));
    if decision.instead.is_some() && decision.standing != Standing::Adopted {
        return refuse("another code is put in place with an adoption, not before or after");
    }
    if decision.confirm && (decision.standing != Standing::Adopted || stands.is_none()) {
        return refuse("only a class that stands adopted is confirmed; this one is not");
    }
    if decision.standing == Standing::Adopted && decision.capacity.trim().is_empty() {
        return refuse(
            "a class is adopted by a competent person: say in which capacity (--capacity)",
        );
    }
    Ok(())
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
