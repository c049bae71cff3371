//! The pre-selection protocol of Directive 2006/21/EC over facilities of the register.

use std::collections::BTreeMap;

use varp_engine::duty::{Answer, Protocol, ProtocolResult, answers_of};
use varp_model::{BodyId, Visibility};
use varp_store::{BodyItem, Store, StoreError};

use super::told::each_told;
use super::whole;

/// A facility before the protocol of Directive 2006/21/EC.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Answered {
    /// The body, by id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Country of its site.
    pub country: String,
    /// Answers with their evidence, by question.
    pub answers: BTreeMap<String, Answer>,
    /// What the protocol says.
    pub result: ProtocolResult,
}

/// Asks the protocol about a facility: `given` answers of people, by body and question, go before what
/// the register says. A deposit in the ground is no facility.
///
/// # Errors
/// If the register cannot be read.
pub fn ask_protocol(
    store: &dyn Store,
    id: BodyId,
    protocol: &Protocol,
    given: &BTreeMap<String, BTreeMap<String, Option<Answer>>>,
    audience: Visibility,
) -> Result<Option<Answered>, StoreError> {
    let Some(page) = store.body(id, audience)? else { return Ok(None) };
    let body = &page.item.body;
    if body.kind.is_primary() {
        return Ok(None);
    }
    let mut claims = store.claims_of(&[page.site.id.0], audience)?;
    claims.extend(page.claims.iter().cloned());
    let mut answers = answers_of(protocol, &body.kind, &claims);
    for (question, answer) in given.get(&id.to_string()).into_iter().flatten() {
        match answer {
            Some(answer) => answers.insert(question.clone(), answer.clone()),
            None => answers.remove(question),
        };
    }
    Ok(Some(Answered::new(&page.item, answers, protocol)))
}

impl Answered {
    fn new(item: &BodyItem, answers: BTreeMap<String, Answer>, protocol: &Protocol) -> Self {
        let result = protocol.evaluate(&answers);
        let (name, country) = (item.body.name.clone(), item.country.code().to_owned());
        Self { id: item.body.id.to_string(), name, country, answers, result }
    }
}

/// Asks the protocol about all facilities, by what `audience` may know.
///
/// # Errors
/// If the register cannot be read.
pub fn ask_register(
    store: &dyn Store,
    protocol: &Protocol,
    audience: Visibility,
) -> Result<Vec<Answered>, StoreError> {
    let question = varp_store::Query { audience, ..whole(Vec::new()) };
    let none = BTreeMap::new();
    let mut all = Vec::new();
    each_told(store, question, |told| {
        let body = &told.item.body;
        if told.sampled_or_zoned {
            all.extend(ask_protocol(store, body.id, protocol, &none, audience)?);
        } else if !body.kind.is_primary() {
            let answers = answers_of(protocol, &body.kind, &told.claims);
            all.push(Answered::new(&told.item, answers, protocol));
        }
        Ok(())
    })?;
    Ok(all)
}
