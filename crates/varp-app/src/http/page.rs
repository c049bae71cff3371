//! What every HTML page is given beside its value.

use varp_model::{Bbox, Commodity, CrmEntry, CrmList, References};
use varp_store::{BodyItem, BodyPage, Collection, MapPoint, Page};

use super::link::Link;
use super::params::Params;
use crate::jobs::Searched;
use crate::jobs::estimate::{EstimateItem, EstimateView};

/// Where a page stands: its address, its question, its other forms.
#[derive(Clone, Copy, Debug)]
pub struct PageContext<'a> {
    /// Scheme, host and port without a slash at the end, such as `http://127.0.0.1:8080`; for
    /// citations. Links within the portal start at `/`.
    pub base: &'a str,
    /// Path of this page, such as `/collections/bodies/items`.
    pub path: &'a str,
    /// Parameters of the address, checked.
    pub params: &'a Params,
    /// The links that the JSON form carries: `alternate` (other formats), `next`, `collection` …
    pub links: &'a [Link],
    /// Reference data, for labels.
    pub references: &'a References,
    /// The languages that the reader accepts, as `Accept-Language` says it; may be empty.
    pub languages: &'a str,
}

impl PageContext<'_> {
    /// The first link of this relation.
    pub fn link(&self, rel: &str) -> Option<&Link> {
        self.links.iter().find(|link| link.rel == rel)
    }
}

/// A body with all that is known and computed of it.
#[derive(Clone, Debug)]
pub struct BodyView {
    /// What sources say.
    pub page: BodyPage,
    /// The newest estimate, if there is one that the reader may see.
    pub estimate: Option<EstimateView>,
    /// Surfaces and points attached to it.
    pub attached: Vec<varp_model::Attached>,
    /// What was searched in documents.
    pub searched: Option<Searched>,
    /// Its classes, if it has products.
    pub class: Option<crate::jobs::classes::ClassView>,
}

/// An estimate on a page of its own.
#[derive(Clone, Debug)]
pub struct EstimatePage {
    /// Its body.
    pub body: BodyPage,
    /// The estimate.
    pub view: EstimateView,
    /// The product that the address names, if it names one.
    pub item: Option<EstimateItem>,
}

/// What the first page shows.
#[derive(Clone, Copy, Debug)]
pub struct Landing<'a> {
    /// The collections with what they hold.
    pub collections: &'a [CollectionInfo],
    /// Every body that has a public position.
    pub points: &'a [MapPoint],
}

/// One collection and what it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct CollectionInfo {
    /// Which.
    pub collection: Collection,
    /// Address name, such as `bodies`.
    pub id: &'static str,
    /// Title.
    pub title: &'static str,
    /// What it holds, in a sentence.
    pub description: &'static str,
    /// Number of public items, where counting is cheap.
    pub count: Option<u64>,
    /// Least box around the public positions; `None` for a collection without places.
    pub extent: Option<Bbox>,
}

/// A raw material, the lists that name it, and the bodies where it was mined or found.
#[derive(Clone, Debug)]
pub struct CommodityPage<'a> {
    /// The material.
    pub commodity: &'a Commodity,
    /// Lists of critical raw materials that name it, newest first, with the entries.
    pub listed: Vec<(&'a CrmList, Vec<&'a CrmEntry>)>,
    /// The first bodies where it was mined or found.
    pub bodies: Page<BodyItem>,
    /// Classes of all bodies.
    pub classes: std::sync::Arc<Vec<crate::jobs::classes::Entry>>,
}
