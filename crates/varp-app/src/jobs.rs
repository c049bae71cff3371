//! The jobs: load, call a pure function, save. The only place that knows engine and store.

mod capture;
mod circularity;
pub mod classes;
mod demo;
mod desk;
mod economics;
pub mod estimate;
mod estimated;
mod evaluate;
mod exchange;
mod export;
mod field;
mod find;
mod import;
mod keep;
mod layout;
mod matching;
pub mod order;
mod pilot;
mod portfolio;
mod protocol;
mod ranking;
mod records;
mod review;
mod screened;
mod shortlist;
mod sink;
mod stages;
mod study;
mod told;

use std::num::NonZeroUsize;
use std::path::Path;

use varp_model::Visibility;
pub use varp_store::{Filter, GeoPackage, Store};
use varp_store::{PageLimit, Query, StoreError};

pub use varp_engine::capture::Offer;
pub use varp_engine::review::Finding;

pub use capture::{CaptureFilter, Captured, uncertain};
pub use circularity::{CircularityError, circularity};
pub use demo::{DemoTable, demo_tables, write_demo};
pub use desk::{DeskError, desk_cases, keep_cases};
pub use economics::{BodyEconomics, PricedClass, Repriced, reprice};
pub use estimated::decide_estimate;
pub use evaluate::{BodyDuty, all_duties, body_ids, duty, duty_rows};
pub use exchange::{Exchange, exchange};
pub use export::{ExportError, Exported, export};
pub use field::write_field_layers;
pub use find::{FindError, find_body};
pub use import::{ImportDone, ImportError, ImportOrder, Review, import, propose};
pub use keep::{Kept, Replay, ReplayError, keep};
pub use layout::{LaidOutFile, LayoutExportError, export_layout};
pub use matching::{Pair, Side, matches};
pub use pilot::{PilotDocuments, PilotError, keep_pilot, pilot, replay_pilot};
pub use portfolio::{PortfolioRecipe, keep_portfolio, replay_portfolio};
pub use protocol::{Answered, ask_protocol, ask_register};
pub use ranking::{Ranked, RankingTable, Recipe, Subjects, keep_ranking, replay_ranking};
pub use records::{body_record, body_records};
pub use review::{Form, FormError, Searched, SearchedStatement, review_form, searched};
pub use screened::{BodyScreening, ScreenedClass, screened};
pub use shortlist::{Shortlist, ShortlistError, Wanted, shortlist};
pub use stages::{StagesError, close_stage, reopen_stage, stages_of};
pub use study::{draft_study, letter};

/// Opens a register that exists.
///
/// # Errors
/// If it does not exist or is not a register.
pub fn open(register: &Path) -> Result<GeoPackage, StoreError> {
    GeoPackage::open(register)
}

/// Today's date in UTC, ISO 8601.
pub fn today() -> String {
    jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date().to_string()
}

/// A question for everything that meets `filters`, whoever may see it.
pub fn whole(filters: Vec<Filter>) -> Query {
    Query {
        bbox: None,
        period: None,
        filters,
        after: None,
        limit: PageLimit(NonZeroUsize::MAX),
        count: false,
        audience: Visibility::Private,
    }
}
