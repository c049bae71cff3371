//! The contract of any store: nothing here knows what is behind the trait.

mod computed;
mod edits;
mod import;
mod reads;
mod update;
mod visibility;

use varp_store::Store;

/// A fresh, empty register, and what keeps its place on disk.
pub fn fresh() -> (tempfile::TempDir, Box<dyn Store>) {
    let folder = tempfile::tempdir().unwrap();
    let store = varp_store::GeoPackage::create(&folder.path().join("r.gpkg")).unwrap();
    (folder, Box::new(store))
}
