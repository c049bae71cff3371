//! The public door, asked as clients ask it.

mod classes;
mod conformance;
mod decision;
pub mod door;
mod errors;
pub mod fixture;
mod forms;
mod matches;
#[path = "../../../varp-engine/tests/fuzz/mutate.rs"]
mod mutate;
mod paging;
mod secret_results;
mod secrets;
mod snapshots;
mod told;
mod whole;

use std::sync::{Arc, OnceLock};

use tempfile::TempDir;
use varp_store::{GeoPackage, Store};

/// A register of its own, with the fixture in it.
struct Register {
    store: Arc<GeoPackage>,
    door: door::Door,
    /// Removed when the register is dropped.
    _folder: TempDir,
}

fn register() -> Register {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(GeoPackage::create(&folder.path().join("register.gpkg")).unwrap());
    let mut import = store.begin_import(&fixture::import()).unwrap();
    import.add(&fixture::batch()).unwrap();
    import.commit().unwrap();
    Register { door: door::Door::to(store.clone()), store, _folder: folder }
}

/// The door to a register that nobody changes.
fn door() -> &'static door::Door {
    static REGISTER: OnceLock<Register> = OnceLock::new();
    &REGISTER.get_or_init(register).door
}
