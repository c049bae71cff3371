//! The public door: OGC API Features, one file per part.
//!
//! Every handler is a plain function that loads one typed value; the form asked for decides
//! whether it is written as JSON, as a table or as a page of [`crate::portal`].

mod answer;
mod ask;
mod blocking;
mod classes;
mod collections;
mod commodities;
mod compress;
mod conformance;
mod decision;
mod desk;
mod duties;
mod economics;
mod etag;
pub mod feature;
mod guard;
mod item;
mod items;
mod landing;
mod link;
mod lists;
mod map;
mod matches;
mod material;
mod negotiate;
mod openapi;
mod page;
mod params;
mod per_version;
mod problem;
mod processes;
mod program;
mod protocol;
mod query;
mod schema;
mod search;
mod serve;
mod snapshot;
mod stop;
mod table;
mod token;

use std::any::Any;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use axum::response::{IntoResponse, Response};
use axum::{Extension, Router, middleware};
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use varp_model::References;
use varp_store::Store;

pub(crate) use answer::{answer, html, route};
pub(crate) use ask::Ask;
use blocking::Gate;
pub use classes::{COMPARE_PARAMETERS, ClassesPage, ComparePage, InventoryPage};
pub use collections::{COLLECTIONS, Spec};
pub(crate) use compress::Encoding;
use decision::Decisions;
pub use decision::{PortfolioPage, RankingPage, ScreeningPage};
pub use desk::DeskPage;
pub use duties::DutiesPage;
pub use guard::AccessLog;
pub use link::Link;
pub use lists::ListsPage;
use lists::{ListsAnswer, ListsQuestion};
pub use material::{Membership, Presence, memberships};
pub use page::{BodyView, CollectionInfo, CommodityPage, EstimatePage, Landing, PageContext};
pub use params::{Params, ParamsError};
use per_version::PerVersion;
pub use problem::Problem;
pub use processes::KeepEstimates;
use processes::Queue;
pub use program::serve_blocking;
pub use protocol::{AskedProtocol, FacilityPage, ProtocolPage};
pub use query::conditions;
use snapshot::{Snapshot, Snapshots};
pub use stop::on_stop;

use crate::jobs::classes::Entry;
use crate::jobs::{Answered, BodyDuty};
use crate::portal;

/// What every handler can reach.
#[derive(Clone)]
pub struct AppState {
    /// The register.
    pub store: Arc<dyn Store>,
    /// Reference data.
    pub references: Arc<References>,
    /// Scheme, host and port under which readers reach the server, without a slash at the end;
    /// `None` takes the `Host` of each request.
    pub base: Option<String>,
    snapshots: Arc<Snapshots>,
    decisions: Arc<Decisions>,
    inventories: Arc<PerVersion<(), Vec<Entry>>>,
    lists: Arc<PerVersion<ListsQuestion, ListsAnswer>>,
    standings: Arc<PerVersion<(), Vec<BodyDuty>>>,
    answers: Arc<PerVersion<(), Vec<Answered>>>,
    secret: Arc<OnceLock<u64>>,
    candidates: Arc<matches::Candidates>,
    gate: Gate,
    queue: Arc<Queue>,
}

impl AppState {
    /// The state of a server of this register.
    pub fn new(store: Arc<dyn Store>, references: Arc<References>, base: Option<String>) -> Self {
        let base = base.map(|base| base.trim_end_matches('/').to_owned());
        Self {
            store,
            references,
            base,
            snapshots: Arc::default(),
            decisions: Arc::default(),
            inventories: Arc::default(),
            lists: Arc::default(),
            standings: Arc::default(),
            answers: Arc::default(),
            secret: Arc::default(),
            candidates: Arc::default(),
            gate: Gate::new(),
            queue: Arc::new(Queue::new(KeepEstimates(false))),
        }
    }

    /// The same, which stores the estimates that varp proposes for orders, if `keep` says so.
    pub fn keeping(self, keep: KeepEstimates) -> Self {
        Self { queue: Arc::new(Queue::new(keep)), ..self }
    }

    /// The secret of the register, read once.
    fn secret(&self) -> Result<u64, Problem> {
        match self.secret.get() {
            Some(known) => Ok(*known),
            None => {
                let secret = self.store.secret()?;
                Ok(*self.secret.get_or_init(|| secret))
            }
        }
    }

    fn snapshot(&self) -> Result<Arc<Snapshot>, Problem> {
        Ok(self.snapshots.current(&*self.store, &self.references)?)
    }
}

/// All addresses of the public door and the portal.
pub fn router(state: AppState, log: AccessLog) -> Router {
    Router::new()
        .route("/", route!(landing::landing))
        .route("/api", route!(openapi::api))
        .route("/api.html", route!(openapi::api_html))
        .route("/conformance", route!(conformance::conformance))
        .route("/collections", route!(collections::collections))
        .route("/collections/{id}", route!(collections::collection))
        .route("/collections/{id}/schema", route!(schema::schema))
        .route("/collections/{id}/items", route!(items::items))
        .route("/collections/{id}/items/{fid}", route!(item::item))
        .route("/collections/bodies/items/{fid}/pilot", route!(decision::pilot))
        .route("/collections/bodies/items/{fid}/economics", route!(economics::economics))
        .route("/screening", route!(decision::screening))
        .route("/ranking", route!(decision::ranking))
        .route("/portfolio", route!(decision::portfolio))
        .route("/commodities", route!(commodities::commodities))
        .route("/commodities/{code}", route!(commodities::commodity))
        .route("/classes", route!(classes::classes))
        .route("/classes/compare", route!(classes::compare))
        .route("/classes/lists", route!(lists::lists))
        .route("/duties", route!(duties::duties))
        .route("/duties/desk", route!(desk::desk))
        .route("/duties/protocol", route!(protocol::protocol))
        .route("/duties/protocol/{body}", route!(protocol::facility))
        .route("/inventory", route!(classes::inventory))
        .route("/search", route!(search::search))
        .route("/map/points", route!(map::points))
        .merge(processes::routes())
        .route("/matches", route!(matches::matches))
        .merge(portal::routes())
        .fallback(nothing_here)
        .method_not_allowed_fallback(read_only)
        .layer(middleware::from_fn(guard::limits))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(state.clone(), guard::problems))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(middleware::from_fn(guard::headers))
        .layer(middleware::from_fn(guard::log))
        .layer(Extension(log))
        .with_state(state)
}

/// What a server needs to know beside its register.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// Where readers reach the server, if not under the name they ask by.
    pub base: Option<String>,
    /// Whether each request is written to standard error.
    pub log: AccessLog,
    /// Whether estimates that varp proposes for orders are stored.
    pub keep: KeepEstimates,
}

/// Serves a register until ctrl-c. `started` is told the address once it is open.
///
/// # Errors
///
/// If the address cannot be opened.
pub async fn serve(
    store: Arc<dyn Store>,
    references: Arc<References>,
    options: ServeOptions,
    started: impl FnOnce(SocketAddr),
) -> io::Result<()> {
    let listener = serve::listen(options.listen).await?;
    started(listener.local_addr()?);
    let state = AppState::new(store, references, options.base).keeping(options.keep);
    serve::serve_on(listener, router(state, options.log)).await
}

async fn nothing_here() -> Problem {
    Problem::not_found("Start at / or look around in /collections.")
}

async fn read_only() -> Problem {
    Problem::read_only()
}

fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Problem::internal().into_response()
}
