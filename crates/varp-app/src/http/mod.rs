//! The public door: OGC API Features, one file per part.
//!
//! Every handler loads one typed value; the format asked for decides whether it is written as
//! JSON, CSV or as a page of [`crate::portal`].

mod link;
mod page;
mod params;
mod problem;

pub use link::Link;
pub use page::{CollectionInfo, CommodityPage, Landing, PageContext};
pub use params::Params;
pub use problem::Problem;

use std::sync::Arc;

use varp_model::References;
use varp_store::Store;

/// What every handler can reach.
#[derive(Clone)]
pub struct AppState {
    /// The register.
    pub store: Arc<dyn Store>,
    /// Reference data.
    pub references: Arc<References>,
}
