//! Duties and evidence of bodies in the register.

use varp_engine::classify::{Dossier, RuleSet, dossier_from};

use varp_engine::duty::{Completeness, Duties, Scope, StageRecord, Standing, completeness};
use varp_model::{BodyId, Claim, ClaimValue, References, Visibility};
use varp_store::{BodyItem, BodyPage, Filter, Store, StoreError};

use super::classes::{ClassView, class_view};
use super::stages::{signed_stages, stages_of};
use super::told::each_told;
use super::whole;

/// What `audience` may know of a body, as facts.
///
/// # Errors
/// If the register cannot be read.
pub fn dossier(
    store: &dyn Store,
    id: BodyId,
    rules: &RuleSet,
    audience: Visibility,
) -> Result<Option<Dossier>, StoreError> {
    let Some(page) = store.body(id, audience)? else { return Ok(None) };
    dossier_of(store, &page, rules, audience).map(Some)
}

fn dossier_of(
    store: &dyn Store,
    page: &BodyPage,
    rules: &RuleSet,
    audience: Visibility,
) -> Result<Dossier, StoreError> {
    let site = store.site(page.site.id, audience)?;
    let mut claims = site.map(|site| site.claims).unwrap_or_default();
    claims.extend(page.claims.iter().cloned());
    let assays: Vec<_> = page
        .determinations
        .iter()
        .map(|d| (d.determination.substance.clone(), d.results))
        .collect();
    Ok(dossier_from(&claims, &assays, rules))
}

/// The record of a body against the law.
#[derive(Clone, Debug, serde::Serialize)]
pub struct BodyDuty {
    /// The body, by id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Country of its site.
    pub country: String,
    /// Whether and why it falls under the state's duty.
    pub standing: Standing,
    /// What of the content list is filled.
    pub completeness: Completeness,
    /// The stage that the register shows: `documented`, `sampled`, `characterised` or `nothing`. A
    /// stage is closed only by a person who signs.
    pub shows: &'static str,
    /// The stages that people closed, in their order.
    pub signed: Vec<StageRecord>,
}

/// How the record of a body stands against the state's duty.
///
/// # Errors
/// If the register cannot be read.
pub fn duty(
    store: &dyn Store,
    id: BodyId,
    duties: &Duties,
    audience: Visibility,
) -> Result<Option<BodyDuty>, StoreError> {
    let Some(page) = store.body(id, audience)? else { return Ok(None) };
    let mut claims = store.claims_of(&[page.site.id.0], audience)?;
    claims.extend(page.claims.iter().cloned());
    let assays = page.determinations.iter().map(|d| d.results).sum();
    let signed = stages_of(store, id, audience)?;
    let known = Known { claims: &claims, assays, holes: !page.holes.is_empty(), signed };
    Ok(Some(BodyDuty::new(&page.item, known, duties)))
}

/// What is known of a body beside itself.
struct Known<'a> {
    claims: &'a [Claim],
    assays: u64,
    holes: bool,
    signed: Vec<StageRecord>,
}

impl BodyDuty {
    fn new(item: &BodyItem, known: Known<'_>, duties: &Duties) -> Self {
        let body = &item.body;
        Self {
            id: body.id.to_string(),
            name: body.name.clone(),
            country: item.country.code().to_owned(),
            standing: duties.standing(&body.kind, item.country),
            completeness: completeness(body, known.claims, known.assays, duties),
            shows: shows(known.claims, known.assays, known.holes),
            signed: known.signed,
        }
    }

    /// The stage closed last, when and by whom; empty where none is.
    pub fn signed_words(&self) -> String {
        self.signed.last().map_or_else(String::new, |record| {
            let left =
                record.exit.as_ref().map_or_else(String::new, |e| format!(", left: {}", e.0));
            let stage = format!("{:?}", record.stage).to_lowercase();
            format!("{stage} {} {}{left}", record.closed, record.signed)
        })
    }
}

/// What the register shows of the stages of Art. 27(6)-(7).
fn shows(claims: &[Claim], assays: u64, holes: bool) -> &'static str {
    match (assays > 0, holes) {
        (true, true) => "characterised",
        (true, false) => "sampled",
        _ if !claims.is_empty() => "documented",
        _ => "nothing",
    }
}

/// A facility as the state's database shows it.
#[derive(Clone, Debug, serde::Serialize)]
pub struct DutyRow {
    id: String,
    name: String,
    site: String,
    country: String,
    kind: String,
    scope: Scope,
    ground: String,
    ground_unverified: bool,
    longitude: Option<f64>,
    latitude: Option<f64>,
    accuracy_m: Option<f64>,
    area_m2: Option<f64>,
    volume_m3: Option<f64>,
    mass_t: Option<f64>,
    operator: String,
    former_operator: String,
    legal_successor: String,
    raw_materials: String,
    original_deposit: String,
    unfc: String,
    filled: usize,
    asked: usize,
    missing: String,
    shows: &'static str,
    signed: String,
    sources: String,
}

/// The state's database: a row per facility in scope or undetermined, public values only.
///
/// # Errors
/// If the register cannot be read.
pub fn duty_rows(
    store: &dyn Store,
    filters: Vec<Filter>,
    duties: &Duties,
    references: &References,
) -> Result<Vec<DutyRow>, StoreError> {
    let mut rows = Vec::new();
    let rules = RuleSet::embedded();
    for id in body_ids(store, filters)? {
        let Some(own) = duty(store, id, duties, Visibility::Public)? else { continue };
        if own.standing.scope == Scope::Excluded {
            continue;
        }
        let Some(page) = store.body(id, Visibility::Public)? else { continue };
        let class = class_view(store, id, &rules, references, Visibility::Public)?;
        rows.push(duty_row(&own, &page, class.as_ref()));
    }
    Ok(rows)
}

/// The class of each product, with its standing and what it rests on.
fn unfc_words(view: &ClassView) -> String {
    let one = |entry: &varp_engine::classify::Entry| {
        let stale = if entry.stale.is_some() { ", evidence changed since" } else { "" };
        let mark = if entry.unverified { ", rests on unverified rules" } else { "" };
        format!("{} {} ({}{stale}{mark})", entry.product, entry.code, entry.standing)
    };
    view.products.iter().map(|(entry, ..)| one(entry)).collect::<Vec<_>>().join("; ")
}

fn duty_row(own: &BodyDuty, page: &BodyPage, class: Option<&ClassView>) -> DutyRow {
    let body = &page.item.body;
    let number = |property: &str| {
        page.item.key_figures.iter().find(|c| c.property == property).and_then(|c| match &c.value {
            ClaimValue::Number(range) => range.best.map(|v| range.unit.to_canonical(v)),
            _ => None,
        })
    };
    let words = |property: &str| {
        let of = page.claims.iter().filter(|c| c.property == property);
        let texts = of.filter_map(|c| match &c.value {
            ClaimValue::Text(text) | ClaimValue::Code(text) => Some(text.as_str()),
            _ => None,
        });
        texts.collect::<Vec<_>>().join("; ")
    };
    let grades = page.claims.iter().filter(|c| c.property == "grade").filter_map(|c| {
        let (ClaimValue::Number(range), Some(substance)) = (&c.value, &c.substance) else {
            return None;
        };
        Some(format!("{substance} {}", range.reported))
    });
    let missing: Vec<&str> = own.completeness.missing().map(|item| item.item.as_str()).collect();
    let (filled, asked) = own.completeness.score();
    DutyRow {
        id: own.id.clone(),
        name: own.name.clone(),
        site: page.item.site_name.clone(),
        country: own.country.clone(),
        kind: body.kind.0.clone(),
        scope: own.standing.scope,
        ground: own.standing.ground.clone(),
        ground_unverified: own.standing.unverified,
        longitude: body.position.as_ref().map(|p| p.place.longitude()),
        latitude: body.position.as_ref().map(|p| p.place.latitude()),
        accuracy_m: body.position.as_ref().and_then(|p| p.accuracy_m),
        area_m2: number("area"),
        volume_m3: number("volume"),
        mass_t: number("mass"),
        operator: words("operator"),
        former_operator: words("former_operator"),
        legal_successor: words("legal_successor"),
        raw_materials: grades.collect::<Vec<_>>().join("; "),
        original_deposit: body.origin_deposit.map_or_else(String::new, |id| id.to_string()),
        unfc: class.map_or_else(String::new, unfc_words),
        filled,
        asked,
        missing: missing.join("; "),
        shows: own.shows,
        signed: own.signed_words(),
        sources: page.sources.iter().map(|s| s.title.as_str()).collect::<Vec<_>>().join("; "),
    }
}

/// How all bodies stand against the state's duty, for `audience`.
///
/// # Errors
/// If the register cannot be read.
pub fn all_duties(
    store: &dyn Store,
    duties: &Duties,
    audience: Visibility,
) -> Result<Vec<BodyDuty>, StoreError> {
    let question = varp_store::Query { audience, ..whole(Vec::new()) };
    let mut signed = signed_stages(store, audience)?;
    let mut all = Vec::new();
    each_told(store, question, |told| {
        let id = told.item.body.id;
        // a form of document review closes a stage, too: its own page says which
        let reviewed =
            told.claims.iter().any(|c| c.subject.uuid() == id.0 && c.property == "review");
        if told.sampled_or_zoned || reviewed {
            all.extend(duty(store, id, duties, audience)?);
            return Ok(());
        }
        let signed = signed.remove(&id).unwrap_or_default();
        let known = Known { claims: &told.claims, assays: 0, holes: false, signed };
        all.push(BodyDuty::new(&told.item, known, duties));
        Ok(())
    })?;
    Ok(all)
}

/// Ids of all bodies, in the order of the register.
///
/// # Errors
/// If the register cannot be read.
pub fn body_ids(store: &dyn Store, filters: Vec<Filter>) -> Result<Vec<BodyId>, StoreError> {
    let page = store.bodies(&whole(filters))?;
    Ok(page.items.into_iter().map(|item| item.body.id).collect())
}
