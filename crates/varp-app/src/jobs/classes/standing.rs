//! What stands for the products of a body: the class that a competent person adopted, for as long as nobody
//! takes it back or adopts another, also where the evidence has changed since; else the computed one.

use std::collections::HashMap;

use varp_engine::classify::{ClassRecord, Entry, Stale, changed};
use varp_model::{
    BodyId, Decision, References, ResultId, ResultKind, ResultRecord, Standing, Visibility,
};
use varp_store::{BodyItem, Store, StoreError};

use super::compute::{Computed, stored_class};
use super::decide::standing_of;
use super::entries::entry_of;

/// A stored record of classes with what people decided of it.
#[derive(Clone, Debug)]
pub struct Decided {
    /// The result.
    pub result: ResultId,
    /// When it was stored.
    pub time: String,
    /// The record.
    pub record: ClassRecord,
    /// SHA-256 of what it was computed from.
    pub inputs: String,
    /// What people decided of it, oldest first.
    pub decisions: Vec<Decision>,
}

impl Decided {
    /// Reads the record and its decisions.
    ///
    /// # Errors
    /// If the register or the document cannot be read.
    pub fn read(
        store: &dyn Store,
        found: &ResultRecord,
        audience: Visibility,
    ) -> Result<Self, StoreError> {
        let result = found.result.id();
        Ok(Self {
            result,
            time: found.time.clone(),
            record: stored_class(found)?,
            inputs: found.result.inputs.clone(),
            decisions: store.decisions(result, audience)?,
        })
    }

    /// Whether a product stands adopted here: `Some(false)` where the adoption was taken back, which ends the
    /// search; `None` where it was never adopted here.
    pub fn adoption(&self, product: &str) -> Option<bool> {
        let adopts = |d: &Decision| {
            d.standing == Standing::Adopted && (d.item == product || d.item.is_empty())
        };
        self.decisions.iter().any(adopts).then(|| {
            standing_of(&self.decisions, product)
                .0
                .is_some_and(|s| matches!(s, Standing::Adopted | Standing::Published))
        })
    }
}

/// The record on which the adoption of a product stands, of those with an adoption, newest first.
pub fn standing_adoption<'a>(adopted: &'a [Decided], product: &str) -> Option<&'a Decided> {
    let (one, stands) =
        adopted.iter().find_map(|one| one.adoption(product).map(|stands| (one, stands)))?;
    stands.then_some(one)
}

/// All records with an adoption, newest first, by body; of one body if one is given.
///
/// # Errors
/// If the register cannot be read.
pub fn adoptions(
    store: &dyn Store,
    body: Option<BodyId>,
    audience: Visibility,
) -> Result<HashMap<BodyId, Vec<Decided>>, StoreError> {
    let mut all: HashMap<BodyId, Vec<Decided>> = HashMap::new();
    for found in store.adopted_results(ResultKind::Classification, body, audience)? {
        let Some(body) = found.result.subject else { continue };
        all.entry(body).or_default().push(Decided::read(store, &found, audience)?);
    }
    Ok(all)
}

/// The classes of one body: what is stored, what was adopted, what the evidence gives now.
#[derive(Clone, Debug)]
pub struct BodyClasses<'n> {
    /// The newest stored record; `None` if nothing is stored.
    pub newest: Option<Decided>,
    /// Records with an adoption, newest first.
    pub adopted: Vec<Decided>,
    /// What the evidence gives now; `None` where what is stored alone is asked for.
    now: Option<&'n ClassRecord>,
    /// Whether the evidence is what the newest stored record was computed from.
    same: bool,
}

impl<'n> BodyClasses<'n> {
    /// Puts together what is stored and what is computed now.
    pub fn new(newest: Option<Decided>, adopted: Vec<Decided>, now: &'n Computed) -> Self {
        let same = newest.as_ref().is_some_and(|newest| newest.inputs == now.inputs);
        Self { newest, adopted, now: Some(&now.record), same }
    }

    /// What is stored alone, whatever the evidence is by now.
    pub fn stored(newest: Decided, adopted: Vec<Decided>) -> Self {
        Self { newest: Some(newest), adopted, now: None, same: true }
    }

    /// Whether the evidence has changed since the newest record was stored.
    pub fn evidence_changed(&self) -> bool {
        self.newest.is_some() && !self.same
    }

    /// The record that is shown: the newest stored one, or the one computed now.
    pub fn record(&self) -> &ClassRecord {
        let stored = self.newest.as_ref().map(|newest| &newest.record);
        stored.or(self.now).expect("one of them is given")
    }

    /// The record of the newest evidence.
    fn latest(&self) -> &ClassRecord {
        self.now.filter(|_| !self.same).unwrap_or_else(|| self.record())
    }

    /// Every product with what stands for it, and the record that its reasons are read from: of an adopted class on
    /// changed evidence that of the newest evidence, so that both stand side by side.
    pub fn entries(&self, item: &BodyItem, references: &References) -> Vec<(Entry, &ClassRecord)> {
        let record = self.record();
        let decisions = self.newest.as_ref().map_or(&[][..], |newest| &newest.decisions);
        let mut all: Vec<(Entry, &ClassRecord)> = Vec::new();
        for product in &record.products {
            let found = match standing_adoption(&self.adopted, &product.product) {
                Some(adoption) => self.adopted_entry(adoption, &product.product, item, references),
                None => Some((entry_of(item, record, product, decisions, references), record)),
            };
            all.extend(found);
        }
        // a product that is no longer in evidence keeps its adopted class until somebody takes it back
        for decided in &self.adopted {
            for product in &decided.record.products {
                let name = &product.product;
                let known = all.iter().any(|(entry, _)| entry.product == *name);
                let stands = standing_adoption(&self.adopted, name).filter(|_| !known);
                all.extend(stands.and_then(|a| self.adopted_entry(a, name, item, references)));
            }
        }
        all
    }

    fn adopted_entry<'a>(
        &'a self,
        adoption: &'a Decided,
        product: &str,
        item: &BodyItem,
        references: &References,
    ) -> Option<(Entry, &'a ClassRecord)> {
        let own = adoption.record.products.iter().find(|p| p.product == product)?;
        let mut entry = entry_of(item, &adoption.record, own, &adoption.decisions, references);
        let latest = self.latest();
        // other rules are told where somebody stored classes by them, not where these are at hand by chance
        let changes = changed(&adoption.record, latest, product, self.same);
        if changes.is_empty() {
            return Some((entry, &adoption.record));
        }
        let now = latest.products.iter().find(|p| p.product == product);
        let by = adoption.decisions.iter().rev().find(|d| d.standing == Standing::Adopted);
        entry.stale = Some(Stale {
            adopted: by.map_or_else(String::new, |d| d.date.clone()),
            computed: now.map(|p| p.code.clone()),
            changed: changes,
        });
        Some((entry, if now.is_some() { latest } else { &adoption.record }))
    }
}
