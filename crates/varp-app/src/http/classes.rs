//! `/classes`, `/classes/compare`, `/inventory`: the UNFC matrix of the register, bodies side by side, and
//! quantities by country and class.

use std::sync::Arc;

use axum::response::Response;
use serde_json::{Value, json};
use varp_engine::classify::{Adding, Entry, RuleSet, Total, totals};
use varp_model::{Visibility, parse_uuid};

use super::AppState;
use super::answer::{LongObject, html, respond};
use super::ask::Ask;
use super::collections::links_json;
use super::feature::{self, Feature};
use super::negotiate::{CSV, Format, PLAIN, TABLES};
use super::problem::Problem;
use crate::jobs::classes::{ClassView, class_view, entries};
use crate::portal;

/// Most bodies that are compared side by side.
const MOST_COMPARED: usize = 5;

impl AppState {
    /// Every product of every public body with its class.
    ///
    /// # Errors
    /// Those of the store.
    pub fn inventory(&self) -> Result<Arc<Vec<Entry>>, Problem> {
        self.inventories.answer(&*self.store, (), || {
            let rules = RuleSet::embedded();
            let mut all = entries(&*self.store, &rules, &self.references, Visibility::Public)?;
            let perhaps_same = self.perhaps_same_bodies()?;
            for entry in &mut all {
                entry.may_be = perhaps_same.get(&entry.body).cloned().unwrap_or_default();
            }
            Ok(all)
        })
    }
}

/// What the page of classes shows.
#[derive(Debug)]
pub struct ClassesPage {
    /// Products that meet the conditions.
    pub entries: Vec<Entry>,
    /// Commodities of the whole register, for the choice.
    pub commodities: Vec<String>,
}

/// What the inventory shows.
#[derive(Debug)]
pub struct InventoryPage {
    /// Sums by commodity, country, kind, class and term.
    pub totals: Vec<Total>,
    /// Whether quantities of different classes were added on request.
    pub across: bool,
    /// Commodities of the whole register, for the choice.
    pub commodities: Vec<String>,
}

/// The products that `country=` and `material=` choose, and all commodities there are.
fn chosen(state: &AppState, ask: &Ask) -> Result<(Vec<Entry>, Vec<String>), Problem> {
    let all = state.inventory()?;
    let mut commodities: Vec<String> = all.iter().map(|e| e.commodity.clone()).collect();
    commodities.sort();
    commodities.dedup();
    let params = ask.params.without_empty();
    let country = params.get("country").map(str::to_uppercase);
    let material = params.get("material");
    if let Some(code) = material.filter(|code| !commodities.iter().any(|c| c == code)) {
        let detail = format!("material={code} is not classified here; /classes lists what is");
        return Err(Problem::bad_request(detail));
    }
    let fits = |entry: &&Entry| {
        country.as_ref().is_none_or(|c| entry.country == *c)
            && material.is_none_or(|m| entry.commodity == m)
    };
    Ok((all.iter().filter(fits).cloned().collect(), commodities))
}

/// `/classes`.
pub fn classes(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    ask.allow(&["country", "material"])?;
    let offer = ask.format(TABLES)?;
    let (entries, commodities) = chosen(state, ask)?;
    let links = ask.links(TABLES, offer);
    match offer.format {
        Format::Html => {
            let page = ClassesPage { entries, commodities };
            Ok(html(portal::classes_page(&page, &ask.page(state, &links))))
        }
        Format::Csv => Ok(respond(CSV, feature::table(entries.iter().map(row)))),
        Format::Json => {
            let document = json!({
                "scheme": "category", "rules": RuleSet::embedded().title(), "links": links_json(&links),
            });
            Ok(LongObject::of(&document).with("classes", &entries)?.respond(offer.media))
        }
    }
}

/// `/inventory`.
pub fn inventory(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    ask.allow(&["country", "material", "across"])?;
    let offer = ask.format(TABLES)?;
    let across = match ask.params.get("across") {
        None | Some("" | "no") => false,
        Some("yes") => true,
        Some(other) => {
            let detail = format!("across={other} is neither yes nor no");
            return Err(Problem::bad_request(detail));
        }
    };
    let (entries, commodities) = chosen(state, ask)?;
    let totals = totals(&entries, Adding { by_country: true, across_classes: across });
    let links = ask.links(TABLES, offer);
    match offer.format {
        Format::Html => {
            let page = InventoryPage { totals, across, commodities };
            Ok(html(portal::inventory_page(&page, &ask.page(state, &links))))
        }
        Format::Csv => Ok(respond(CSV, feature::table(totals.iter().map(total_row)))),
        Format::Json => {
            let document = json!({
                "scheme": "category", "acrossClasses": across, "totals": totals,
                "arithmetic": "low, best, high: ends added with ends, as if all bodies were low together",
                "independent": "80 % interval of the sum if bodies are independent and ranges normal",
                "links": links_json(&links),
            });
            Ok(respond(offer.media, document.to_string()))
        }
    }
}

/// Parameters that name bodies to compare: several in one, or one each as a form sends them.
pub const COMPARE_PARAMETERS: [&str; 6] = ["bodies", "body1", "body2", "body3", "body4", "body5"];

/// What the page of bodies side by side shows.
#[derive(Debug)]
pub struct ComparePage {
    /// The bodies that are compared.
    pub views: Vec<ClassView>,
    /// Products of all bodies that meet the conditions, to choose from.
    pub entries: Vec<Entry>,
    /// Commodities of the whole register, for the choice.
    pub commodities: Vec<String>,
}

/// `/classes/compare?bodies=ID,ID`.
pub fn compare(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    let known: Vec<&str> = COMPARE_PARAMETERS.into_iter().chain(["country", "material"]).collect();
    ask.allow(&known)?;
    let offer = ask.format(PLAIN)?;
    let named = COMPARE_PARAMETERS.iter().filter_map(|name| ask.params.get(name));
    let ids = named.flat_map(|text| text.split(',')).map(str::trim);
    let mut asked: Vec<&str> = ids.filter(|id| !id.is_empty()).collect();
    if asked.len() > MOST_COMPARED {
        let detail = format!("at most {MOST_COMPARED} bodies are compared, not {}", asked.len());
        return Err(Problem::bad_request(detail));
    }
    let mut seen = std::collections::BTreeSet::new();
    asked.retain(|id| seen.insert(*id));
    let rules = RuleSet::embedded();
    let mut views: Vec<ClassView> = Vec::new();
    for id in asked {
        let unknown = || Problem::bad_request(format!("bodies={id}: there is no such body"));
        let uuid = parse_uuid(id).ok_or_else(unknown)?;
        let body = varp_model::BodyId(uuid);
        let view = class_view(&*state.store, body, &rules, &state.references, Visibility::Public)?;
        views.push(view.ok_or_else(unknown)?);
    }
    let links = ask.links(PLAIN, offer);
    if offer.format == Format::Html {
        let (entries, commodities) = chosen(state, ask)?;
        let page = ComparePage { views, entries, commodities };
        return Ok(html(portal::compare_page(&page, &ask.page(state, &links))));
    }
    let bodies: Vec<Value> = views.iter().map(view_json).collect();
    let document = json!({ "bodies": bodies, "links": links_json(&links) });
    Ok(respond(offer.media, document.to_string()))
}

/// Classes of a body with every rule, as JSON.
pub fn view_json(view: &ClassView) -> Value {
    let products: Vec<Value> = view
        .products
        .iter()
        .map(|(entry, classified, heat)| {
            json!({ "class": entry, "reasons": classified, "factors": heat })
        })
        .collect();
    json!({
        "body": view.item.body.id.to_string(),
        "name": view.item.body.name,
        "rules": view.record.rules,
        "scheme": view.record.scheme,
        "share": view.record.share,
        "reference_point": view.record.reference_point,
        "project": view.record.dossier.project,
        "stored": view.stored.as_ref().map(|(id, time, changed)| json!({
            "result": id.to_string(), "time": time, "evidence_changed_since": changed,
        })),
        "decisions": view.decisions.iter().map(|d| json!({
            "item": d.item, "standing": d.standing.word(), "instead": d.instead, "person": d.person,
            "capacity": d.capacity, "reason": d.reason, "date": d.date,
        })).collect::<Vec<_>>(),
        "products": products,
    })
}

fn row(entry: &Entry) -> Feature<'_> {
    let id = format!("{}.{}", entry.body, entry.product);
    Feature { id: id.into(), place: None, properties: feature::class_fields(entry) }
}

fn total_row(total: &Total) -> Feature<'_> {
    let group = &total.group;
    let [low, best, high] = match total.arithmetic {
        Some(sums) => sums.map(Some),
        None => [None; 3],
    };
    let properties = vec![
        ("commodity", (&group.commodity).into()),
        ("basis", (&group.basis).into()),
        ("country", (&group.country).into()),
        ("primary", group.primary.into()),
        ("class", (&group.class).into()),
        ("term", (&group.term).into()),
        ("bodies", (total.bodies as u64).into()),
        ("counted", (total.counted as u64).into()),
        ("low_t_arithmetic", low.into()),
        ("best_t", best.into()),
        ("high_t_arithmetic", high.into()),
        ("low_t_independent", total.independent.map(|s| s[0]).into()),
        ("high_t_independent", total.independent.map(|s| s[1]).into()),
        ("without_range", (total.without_range as u64).into()),
        ("left_out", (total.left_out.len() as u64).into()),
        ("rests_on_unverified", (total.unverified as u64).into()),
    ];
    let kind = if group.primary { "primary" } else { "secondary" };
    let id = format!("{}.{}.{kind}.{}.{}", group.commodity, group.country, group.class, group.term);
    Feature { id: id.into(), place: None, properties }
}
