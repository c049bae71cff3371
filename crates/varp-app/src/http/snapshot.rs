//! What many answers need of the whole register, read once per version: counts, extents, map.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use varp_model::{References, Visibility};
use varp_store::{Collection, MapPoint, Page, PageLimit, Query, Store, StoreError};

use super::collections::COLLECTIONS;
use super::compress;
use super::map;
use super::page::CollectionInfo;
use crate::jobs::estimate;

/// The register at one version.
#[derive(Debug)]
pub struct Snapshot {
    /// The version.
    pub version: u64,
    /// What the collections hold.
    pub collections: Vec<CollectionInfo>,
    /// Bodies with a public position.
    pub points: Vec<MapPoint>,
    /// Substances of those bodies, in order, each once.
    pub substances: Vec<String>,
    /// `/map/points`, plain and compressed.
    pub map: Encoded,
}

/// The same bytes in each encoding that readers accept.
#[derive(Debug)]
pub struct Encoded {
    /// As they are.
    pub plain: Bytes,
    /// With gzip.
    pub gzip: Bytes,
    /// With Brotli.
    pub brotli: Bytes,
}

/// Keeps the newest snapshot.
#[derive(Debug, Default)]
pub struct Snapshots(Mutex<Option<Arc<Snapshot>>>);

impl Snapshots {
    /// The snapshot of the version that the register has now; one reader makes it, others wait.
    ///
    /// # Errors
    ///
    /// Those of the store.
    pub fn current(
        &self,
        store: &dyn Store,
        references: &References,
    ) -> Result<Arc<Snapshot>, StoreError> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let version = store.version()?;
        if let Some(snapshot) = kept.as_ref().filter(|snapshot| snapshot.version == version) {
            return Ok(Arc::clone(snapshot));
        }
        let snapshot = Arc::new(Snapshot::read(version, store, references)?);
        *kept = Some(Arc::clone(&snapshot));
        Ok(snapshot)
    }
}

impl Snapshot {
    fn read(version: u64, store: &dyn Store, references: &References) -> Result<Self, StoreError> {
        let collections: Result<Vec<_>, _> =
            COLLECTIONS.iter().map(|spec| info(spec.collection, store)).collect();
        let points = store.map_points(Visibility::Public)?;
        let plain = map::points_json(&points, references);
        let (gzip, brotli) = (compress::gzip(&plain), compress::brotli(&plain));
        let map = Encoded { plain: plain.into(), gzip: gzip.into(), brotli: brotli.into() };
        let substances: BTreeSet<&String> = points.iter().flat_map(|p| &p.substances).collect();
        let substances = substances.into_iter().cloned().collect();
        Ok(Self { version, collections: collections?, points, substances, map })
    }

    /// What a collection holds.
    pub fn collection(&self, collection: Collection) -> &CollectionInfo {
        let found = self.collections.iter().find(|info| info.collection == collection);
        found.expect("all collections are listed")
    }
}

fn info(collection: Collection, store: &dyn Store) -> Result<CollectionInfo, StoreError> {
    let spec = super::collections::Spec::of(collection);
    Ok(CollectionInfo {
        collection,
        id: spec.id,
        title: spec.title,
        description: spec.description,
        count: count(collection, store)?,
        extent: match collection {
            Collection::Estimates => estimate::estimate_extent(store, Visibility::Public)?,
            _ => store.extent(collection, Visibility::Public)?,
        },
    })
}

fn count(collection: Collection, store: &dyn Store) -> Result<Option<u64>, StoreError> {
    fn matched<T>(page: Page<T>) -> Option<u64> {
        page.matched
    }
    let limit = PageLimit(std::num::NonZeroUsize::MIN);
    let query = Query { limit, count: true, ..super::query::everything() };
    Ok(match collection {
        Collection::Sites => matched(store.sites(&query)?),
        Collection::Bodies => matched(store.bodies(&query)?),
        Collection::Samples => matched(store.samples(&query)?),
        Collection::Assays => matched(store.assays(&query)?),
        Collection::Quantities => matched(store.quantities(&query)?),
        Collection::Sources => matched(store.sources(&query)?),
        Collection::Estimates => matched(estimate::estimate_items(store, &query)?),
        Collection::Classifications => None,
    })
}
