//! Candidates: sites and bodies of the register that may be one thing. Nothing is merged here.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;
use varp_engine::matching::{Candidate, Thing, candidates};
use varp_model::{Country, LonLat, Period, SiteId, SourceId, Visibility};
use varp_store::{Collection, Query, Store, StoreError};

/// Two records that may be one thing, best first.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// Sites or bodies.
    pub collection: Collection,
    /// The record that stands first in the register: the one proposed to be kept.
    pub first: Side,
    /// The other.
    pub second: Side,
    /// Between 0 and 1: an order for a reader, no probability.
    pub score: f64,
    /// Why, each in a few words.
    pub reasons: Vec<String>,
}

/// One record of a pair, with what helps to decide.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// Identity.
    pub id: Uuid,
    /// Name in the local language.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Country or territory.
    pub country: Option<Country>,
    /// Kind of body; empty for a site.
    pub kind: String,
    /// Name of the site of a body; empty for a site.
    pub site: String,
    /// Where it is.
    pub place: Option<LonLat>,
    /// When it was worked or laid down.
    pub period: Option<Period>,
    /// What it was taken from.
    pub source: SourceId,
    /// Title of that.
    pub source_title: String,
}

/// Pairs with a score of at least `least`, best first; pairs kept apart do not come again.
///
/// # Errors
/// Those of the store.
pub fn matches(
    store: &dyn Store,
    audience: Visibility,
    least: f64,
) -> Result<Vec<Pair>, StoreError> {
    let query = Query { audience, ..super::whole(Vec::new()) };
    let sources = store.sources(&query)?.items;
    let titles: BTreeMap<SourceId, String> = sources.into_iter().map(|s| (s.id, s.title)).collect();
    let mut sites = Records::new(Collection::Sites);
    let mut countries: BTreeMap<SiteId, Country> = BTreeMap::new();
    for page in store.sites(&query)?.items {
        let site = page.site;
        countries.insert(site.id, site.country);
        sites.add(Thing::of_site(&site), String::new(), site.source, &titles);
    }
    let mut bodies = Records::new(Collection::Bodies);
    for item in store.bodies(&query)?.items {
        let country = countries.get(&item.body.site).copied();
        let thing = Thing::of_body(&item.body, country);
        bodies.add(thing, item.site_name, item.body.source, &titles);
    }
    let apart: BTreeSet<(Uuid, Uuid)> = store.kept_apart()?.into_iter().collect();
    let mut pairs = sites.pairs(least, &apart);
    pairs.extend(bodies.pairs(least, &apart));
    pairs.sort_by(|a, b| b.score.total_cmp(&a.score)); // stable: sites stand before bodies
    Ok(pairs)
}

/// The records of a collection as matching sees them and as a reader does.
struct Records {
    collection: Collection,
    things: Vec<Thing>,
    sides: Vec<Side>,
}

impl Records {
    fn new(collection: Collection) -> Self {
        Self { collection, things: Vec::new(), sides: Vec::new() }
    }

    fn add(
        &mut self,
        thing: Thing,
        site: String,
        source: SourceId,
        titles: &BTreeMap<SourceId, String>,
    ) {
        self.sides.push(Side {
            id: thing.id,
            name: thing.name.clone(),
            aliases: thing.aliases.clone(),
            country: thing.country,
            kind: thing.kind.clone(),
            site,
            place: thing.place,
            period: thing.period,
            source,
            source_title: titles.get(&source).cloned().unwrap_or_default(),
        });
        self.things.push(thing);
    }

    fn pairs(&self, least: f64, apart: &BTreeSet<(Uuid, Uuid)>) -> Vec<Pair> {
        let pair = |found: Candidate| {
            let (first, second) = (&self.sides[found.first], &self.sides[found.second]);
            let known = (first.id.min(second.id), first.id.max(second.id));
            let mut reasons = found.reasons;
            if first.source == second.source {
                reasons.push("one source lists both".into());
            }
            (!apart.contains(&known)).then(|| Pair {
                collection: self.collection,
                first: first.clone(),
                second: second.clone(),
                score: found.score,
                reasons,
            })
        };
        candidates(&self.things, least).into_iter().filter_map(pair).collect()
    }
}
