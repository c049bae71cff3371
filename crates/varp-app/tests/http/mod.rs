//! The public door, asked as clients ask it.

mod conformance;
mod door;
mod errors;
mod fixture;
mod forms;
mod memory;
mod paging;
mod snapshots;

use std::sync::Arc;

fn door() -> door::Door {
    door::Door::to(Arc::new(memory::Memory::new()))
}
