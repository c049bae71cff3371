//! Classes as pages and tables show them: with standing, person and reasons.

use std::collections::HashMap;

use varp_engine::classify::{
    ClassRecord, Classified, Code, Entry, HeatCell, Prepared, ProductRecord, RuleSet, classify,
    commodity_of, heat_map,
};
use varp_model::{
    BodyId, ClaimValue, Decision, LonLat, References, ResultId, ResultKind, ResultRecord, Standing,
    Term, Visibility,
};
use varp_store::{BodyItem, Filter, Page, Query, Store, StoreError};

use super::compute::{Computed, class_of_body, classify_bodies, classify_register};
use super::decide::standing_of;
use super::standing::{BodyClasses, Decided, adoptions};
use crate::jobs::{BodyScreening, whole};

/// The classes of one body, with their reasons.
#[derive(Clone, Debug)]
pub struct ClassView {
    /// The body.
    pub item: BodyItem,
    /// The record: stored, or computed now where none is stored.
    pub record: ClassRecord,
    /// The result, its time and whether the evidence has changed since; `None` if nothing is stored.
    pub stored: Option<(ResultId, String, bool)>,
    /// What people decided, oldest first.
    pub decisions: Vec<Decision>,
    /// Per product: the entry, every rule with what it found, the factors.
    pub products: Vec<(Entry, Classified, Vec<HeatCell>)>,
    /// The product that is asked for, if one is.
    pub only: Option<String>,
    /// The screening cash flow behind the E axis, where it is asked for.
    pub economics: Option<BodyScreening>,
}

impl ClassView {
    /// This product alone; `None` if the body has no class of it.
    pub fn of(mut self, product: &str) -> Option<Self> {
        self.products.retain(|(entry, ..)| entry.product == product);
        self.only = Some(product.to_owned());
        (!self.products.is_empty()).then_some(self)
    }

    /// The address of the item: body, and product if one is asked for.
    pub fn id(&self) -> String {
        let body = self.item.body.id;
        self.only.as_ref().map_or_else(|| body.to_string(), |product| format!("{body}.{product}"))
    }
}

/// The classes of one body.
///
/// # Errors
/// If the register cannot be read.
pub fn class_view(
    store: &dyn Store,
    id: BodyId,
    rules: &RuleSet,
    references: &References,
    audience: Visibility,
) -> Result<Option<ClassView>, StoreError> {
    let prepared = Prepared::new(rules);
    let newest = store.results_of(Some(id), ResultKind::Classification, audience)?;
    let newest = newest.first().map(|found| (found, found.result.visibility));
    // what is stored is held against the evidence that it was computed from, not against what more one may know
    let known_to = newest.map_or(audience, |(_, visibility)| visibility);
    let Some(now) = class_of_body(store, id, &prepared, references, known_to)? else {
        return Ok(None);
    };
    let newest = newest.map(|(found, _)| Decided::read(store, found, audience)).transpose()?;
    let adopted = adoptions(store, Some(id), audience)?.remove(&id).unwrap_or_default();
    let mut decisions: Vec<Decision> = Vec::new();
    for one in adopted.iter().rev().chain(&newest) {
        let known = decisions.iter().any(|d| d.result == one.result);
        decisions.extend(one.decisions.iter().filter(|_| !known).cloned());
    }
    let classes = BodyClasses::new(newest, adopted, &now);
    let stored = classes.newest.as_ref();
    let stored = stored.map(|own| (own.result, own.time.clone(), classes.evidence_changed()));
    let reasons = |(entry, record): (Entry, &ClassRecord)| {
        let product = &entry.product;
        let heat = heat_map(&record.dossier, product, rules);
        // other rules than these made it: say what these would, next to the code that stands
        let classified = record
            .reasons(product, rules)
            .unwrap_or_else(|_| classify(&record.dossier, product, rules));
        (entry, classified, heat)
    };
    let products = classes.entries(&now.item, references).into_iter().map(reasons).collect();
    let record = classes.record().clone();
    let item = now.item;
    Ok(Some(ClassView { item, record, stored, decisions, products, only: None, economics: None }))
}

/// A product with its class as it stands: the adopted code in place of the computed one.
pub fn entry_of(
    item: &BodyItem,
    record: &ClassRecord,
    product: &ProductRecord,
    decisions: &[Decision],
    references: &References,
) -> Entry {
    let (standing, instead, by) = standing_of(decisions, &product.product);
    let person = by.filter(|_| standing >= Some(Standing::Adopted)).map(|d| d.person.clone());
    let (class, sub_class) = match &instead {
        Some(code) => class_of(code),
        None => (product.class.clone(), product.sub_class.clone()),
    };
    Entry {
        body: item.body.id.to_string(),
        name: item.body.name.clone(),
        site: item.site_name.clone(),
        country: item.country.code().to_owned(),
        kind: item.body.kind.0.clone(),
        primary: item.body.kind.is_primary(),
        commodity: commodity_of(&product.product, references),
        product: product.product.clone(),
        code: instead.unwrap_or_else(|| product.code.clone()),
        class,
        sub_class,
        notional: record.is_notional(),
        unverified: product.unverified,
        standing: standing.map_or("computed", Standing::word).to_owned(),
        person,
        stale: None,
        contained: product.contained.clone(),
        estimate: product.estimate.clone(),
        may_be: Vec::new(),
        mass_t: mass(item),
    }
}

/// Tonnes of material: what is there before what was.
fn mass(item: &BodyItem) -> Option<f64> {
    let of = |term: Term| {
        let found = item.key_figures.iter().find(|c| c.property == "mass" && c.term == term);
        found.and_then(|claim| match &claim.value {
            ClaimValue::Number(range) => range.best.map(|v| range.unit.to_canonical(v)),
            _ => None,
        })
    };
    [Term::Remaining, Term::Unstated, Term::Original].into_iter().find_map(of)
}

fn class_of(code: &Code) -> (String, String) {
    let rules = RuleSet::embedded();
    let class = rules.classes.class_of(code);
    class.map(|row| (row.class.clone(), row.sub_class.clone())).unwrap_or_default()
}

/// A product of a body with its class and place: an item of the collection.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassItem {
    /// The class.
    pub entry: Entry,
    /// Where the body is.
    pub place: Option<LonLat>,
    /// Rules that fired.
    pub fired: Vec<String>,
    /// Name and version of the rules.
    pub rules: String,
    /// When it was stored; `None` if it was computed for this answer.
    pub time: Option<String>,
}

impl ClassItem {
    /// Its identity in the collection: body and product.
    pub fn id(&self) -> String {
        format!("{}.{}", self.entry.body, self.entry.product)
    }
}

/// A page of classes: bodies in the order of the register, products in that of their codes.
///
/// # Errors
/// If the register cannot be read.
pub fn class_items(store: &dyn Store, query: &Query) -> Result<Page<ClassItem>, StoreError> {
    let (of_product, of_body): (Vec<Filter>, Vec<Filter>) =
        query.filters.iter().cloned().partition(|f| matches!(f, Filter::Substance(_)));
    let wanted = |item: &ClassItem| {
        of_product.iter().all(|f| matches!(f, Filter::Substance(s) if *s == item.entry.product))
    };
    let bodies = Query {
        audience: query.audience,
        bbox: query.bbox,
        period: query.period,
        ..whole(of_body)
    };
    let mut all = items(store, bodies)?;
    all.retain(wanted);
    Ok(Page::cut(all, query))
}

/// The classes of all bodies that a question chooses.
fn items(store: &dyn Store, bodies: Query) -> Result<Vec<ClassItem>, StoreError> {
    let rules = RuleSet::embedded();
    let references = References::embedded();
    let audience = bodies.audience;
    let mut stored = stored_by_body(store, audience)?;
    let mut adopted = adoptions(store, None, audience)?;
    let mut computed: Vec<Computed> = Vec::new();
    let prepared = Prepared::new(&rules);
    classify_bodies(store, &prepared, &references, bodies, |one| computed.push(one))?;
    let mut all = Vec::new();
    for now in computed {
        let id = now.item.body.id;
        let place = now.item.body.position.as_ref().map(|p| p.place);
        let newest = stored.remove(&id).map(|found| Decided::read(store, &found, audience));
        let adopted = adopted.remove(&id).unwrap_or_default();
        let classes = BodyClasses::new(newest.transpose()?, adopted, &now);
        let time = classes.newest.as_ref().map(|newest| newest.time.clone());
        for (entry, record) in classes.entries(&now.item, &references) {
            let own = record.products.iter().find(|p| p.product == entry.product);
            all.push(ClassItem {
                place,
                fired: own.map(|own| own.fired.clone()).unwrap_or_default(),
                rules: record.rules.clone(),
                time: time.clone(),
                entry,
            });
        }
    }
    Ok(all)
}

fn stored_by_body(
    store: &dyn Store,
    audience: Visibility,
) -> Result<HashMap<BodyId, ResultRecord>, StoreError> {
    let latest = store.latest_results(ResultKind::Classification, audience)?;
    Ok(latest.into_iter().filter_map(|r| Some((r.result.subject?, r))).collect())
}

/// Every product of every body: as stored, or computed now where nothing is stored.
///
/// # Errors
/// If the register cannot be read.
pub fn entries(
    store: &dyn Store,
    rules: &RuleSet,
    references: &References,
    audience: Visibility,
) -> Result<Vec<Entry>, StoreError> {
    let prepared = Prepared::new(rules);
    let mut stored = stored_by_body(store, audience)?;
    let mut adopted = adoptions(store, None, audience)?;
    let mut computed: Vec<Computed> = Vec::new();
    classify_register(store, &prepared, references, audience, |one| computed.push(one))?;
    let mut entries = Vec::new();
    for now in computed {
        let id = now.item.body.id;
        let newest = stored.remove(&id).map(|found| Decided::read(store, &found, audience));
        let adopted = adopted.remove(&id).unwrap_or_default();
        let classes = BodyClasses::new(newest.transpose()?, adopted, &now);
        let all = classes.entries(&now.item, references);
        entries.extend(all.into_iter().map(|(entry, _)| entry));
    }
    Ok(entries)
}
