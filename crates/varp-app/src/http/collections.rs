//! `/collections` and `/collections/{id}`: what there is to ask for, and by which parameters.

use axum::response::Response;
use serde_json::{Value, json};
use varp_store::Collection;

use super::AppState;
use super::answer::{html, respond};
use super::ask::Ask;
use super::link::Link;
use super::negotiate::{FEATURES, Format, PLAIN, SCHEMA};
use super::page::CollectionInfo;
use super::problem::Problem;
use crate::portal;

/// The coordinate system of everything served.
pub const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

/// A collection as the public door offers it.
#[derive(Debug, PartialEq, Eq)]
pub struct Spec {
    /// Which.
    pub collection: Collection,
    /// Name in addresses.
    pub id: &'static str,
    /// Title.
    pub title: &'static str,
    /// What it holds, in a sentence.
    pub description: &'static str,
    /// Parameters by which its items can be chosen, beside `bbox` and `datetime`.
    pub filters: &'static [&'static str],
}

/// What chooses items of most collections: their own properties or those of what they belong to.
const FILTERS: &[&str] = &[
    "country",
    "kind",
    "commodity",
    "material",
    "substance",
    "crm",
    "property",
    "site",
    "body",
    "sample",
    "source",
    "q",
];

/// All collections, in the order in which they are listed.
pub const COLLECTIONS: [Spec; 8] = [
    Spec {
        collection: Collection::Sites,
        id: "sites",
        title: "Sites",
        description: "Named mining places.",
        filters: FILTERS,
    },
    Spec {
        collection: Collection::Bodies,
        id: "bodies",
        title: "Bodies",
        description: "Bodies of mineral matter: deposits, tailings, waste rock, slag and other \
                      residues, with mass, volume and area as far as known.",
        filters: FILTERS,
    },
    Spec {
        collection: Collection::Samples,
        id: "samples",
        title: "Samples",
        description: "Material taken at a place, with support and size fraction.",
        filters: FILTERS,
    },
    Spec {
        collection: Collection::Assays,
        id: "assays",
        title: "Assays",
        description: "Results of analyses as reported, with limits, digestion and method.",
        filters: &["substance", "sample", "body", "site", "source"],
    },
    Spec {
        collection: Collection::Quantities,
        id: "quantities",
        title: "Quantities",
        description: "Numbers that sources claim, with range, unit, basis, term and the place in \
                      the source.",
        filters: FILTERS,
    },
    Spec {
        collection: Collection::Sources,
        id: "sources",
        title: "Sources",
        description: "Citations: every value of the register comes from one.",
        filters: FILTERS,
    },
    Spec {
        collection: Collection::Estimates,
        id: "estimates",
        title: "Estimates",
        description: "Quantity statements that varp computed: the newest of each body, a row per \
                      product, with low, best and high of the 80 % interval. Computed, not adopted.",
        filters: &["country", "kind", "commodity", "substance", "site", "body", "q"],
    },
    Spec {
        collection: Collection::Classifications,
        id: "classifications",
        title: "Classifications",
        description: "UNFC-2019 classes of deposits and waste, a row per product, with the rules that \
                      fired and how far people took them. Computed unless a person adopted them.",
        filters: &["country", "kind", "commodity", "material", "substance", "site", "body", "q"],
    },
];

impl Spec {
    /// Whether its items have places of their own.
    pub fn has_places(&self) -> bool {
        !matches!(self.collection, Collection::Assays | Collection::Sources)
    }

    /// The collection of this name.
    ///
    /// # Errors
    ///
    /// 404, with the names that there are.
    pub fn find(id: &str) -> Result<&'static Self, Problem> {
        COLLECTIONS.iter().find(|spec| spec.id == id).ok_or_else(|| {
            let names = COLLECTIONS.map(|spec| spec.id).join(", ");
            Problem::not_found(format!("There is no collection \"{id}\"; there are {names}."))
        })
    }

    /// The specification of a collection.
    pub fn of(collection: Collection) -> &'static Self {
        let found = COLLECTIONS.iter().find(|spec| spec.collection == collection);
        found.expect("all collections are listed")
    }
}

/// `/collections`.
pub fn collections(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    ask.allow(&[])?;
    let offer = ask.format(PLAIN)?;
    let links = ask.links(PLAIN, offer);
    let snapshot = state.snapshot()?;
    if offer.format == Format::Html {
        return Ok(html(portal::collections_page(&snapshot.collections, &ask.page(state, &links))));
    }
    let all: Vec<Value> = snapshot.collections.iter().map(|info| document(info, ask)).collect();
    let document = json!({ "links": links_json(&links), "collections": all });
    Ok(respond(offer.media, document.to_string()))
}

/// `/collections/{id}`.
pub fn collection(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    let spec = Spec::find(ask.segment(1))?;
    ask.allow(&[])?;
    let offer = ask.format(PLAIN)?;
    let links = ask.links(PLAIN, offer);
    let snapshot = state.snapshot()?;
    let info = snapshot.collection(spec.collection);
    if offer.format == Format::Html {
        return Ok(html(portal::collection_page(info, &ask.page(state, &links))));
    }
    let mut document = document(info, ask);
    let mut all = links_json(&links);
    if let (Value::Array(all), Value::Array(own)) = (&mut all, document["links"].take()) {
        all.extend(own.into_iter().filter(|link| link["rel"] != "self"));
    }
    document["links"] = all;
    Ok(respond(offer.media, document.to_string()))
}

fn document(info: &CollectionInfo, ask: &Ask) -> Value {
    let mut document = json!({
        "id": info.id,
        "title": info.title,
        "description": info.description,
        "itemType": "feature",
        "crs": [CRS84],
        "storageCrs": CRS84,
        "links": links_json(&links_of(info, ask)),
    });
    if let Some(extent) = info.extent {
        let bbox = [extent.west, extent.south, extent.east, extent.north];
        document["extent"] = json!({ "spatial": { "bbox": [bbox], "crs": CRS84 } });
    }
    if let Some(count) = info.count {
        document["itemCount"] = count.into();
    }
    document
}

fn links_of(info: &CollectionInfo, ask: &Ask) -> Vec<Link> {
    let here = ask.url(&format!("/collections/{}", info.id));
    let items = FEATURES.iter().map(|offer| {
        let title = format!("{} as {}", info.title, offer.title);
        Link::new(format!("{here}/items?f={}", offer.names[0]), "items", offer.media, &title)
    });
    let own = Link::new(here.clone(), "self", PLAIN[0].media, info.title);
    let schema = Link::new(format!("{here}/schema"), "describedBy", SCHEMA, "names and types");
    [own, schema].into_iter().chain(items).collect()
}

/// Links as they stand in JSON documents.
pub fn links_json(links: &[Link]) -> Value {
    let one = |link: &Link| json!({ "href": link.href, "rel": link.rel, "type": link.media, "title": link.title });
    links.iter().map(one).collect()
}
