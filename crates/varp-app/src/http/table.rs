//! The whole answer to a question as one table, streamed page by page.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::response::Response;
use http_body_util::channel::{Channel, Sender};
use tokio::runtime::Handle;
use varp_store::{Page, PageLimit, Query, Store, StoreError};

use super::AppState;
use super::answer::respond;
use super::ask::Ask;
use super::collections::Spec;
use super::feature::{self, Feature};
use super::items::{Kind, as_file};
use super::negotiate::CSV;
use super::problem::Problem;
use super::query::Asked;

/// Items read at once.
const CHUNK: NonZeroUsize = NonZeroUsize::new(1000).expect("not zero");
/// How long a reader may leave a chunk untaken.
const PATIENCE: Duration = Duration::from_secs(60);

/// All items that match, in one table.
///
/// The first chunk is read before the answer starts, so that a failure is still an answer; a
/// later one breaks the connection, so that nobody takes half a table for the whole.
pub fn table<T: 'static>(
    state: &AppState,
    ask: &Ask,
    spec: &Spec,
    asked: Asked,
    kind: &Kind<T>,
) -> Result<Response, Problem> {
    let store = Arc::clone(&state.store);
    let (read, feature) = (kind.read, kind.feature);
    let mut query = Query { limit: PageLimit(CHUNK), count: false, ..asked.query };
    let first = read(&*store, &query)?;
    let mut head = header(&*store, &query, &first, read, feature)?;
    write_rows(&mut head, &first, feature);
    let Some(next) = first.next.filter(|_| !ask.head_only) else {
        return Ok(as_file(respond(CSV, head), spec));
    };
    query.after = Some(next);
    let permit = state.gate.stream()?;
    let (sender, body) = Channel::<Bytes, StoreError>::new(2);
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || {
        let _permit = permit;
        send(&runtime, sender, head, &*store, query, read, feature);
    });
    let mut response = respond(CSV, Bytes::new());
    *response.body_mut() = Body::new(body);
    Ok(as_file(response, spec))
}

type Read<T> = fn(&dyn Store, &Query) -> Result<Page<T>, StoreError>;
type Write<T> = for<'a> fn(&'a T) -> Feature<'a>;

/// The names of the columns, also where nothing matches: then any item of the collection tells.
fn header<T>(
    store: &dyn Store,
    query: &Query,
    first: &Page<T>,
    read: Read<T>,
    feature: Write<T>,
) -> Result<Vec<u8>, StoreError> {
    let mut out = Vec::new();
    if let Some(item) = first.items.first() {
        feature::write_header(&mut out, &feature(item));
        return Ok(out);
    }
    let limit = PageLimit(NonZeroUsize::MIN);
    let any = Query {
        bbox: None,
        period: None,
        filters: Vec::new(),
        after: None,
        limit,
        ..query.clone()
    };
    if let Some(item) = read(store, &any)?.items.first() {
        feature::write_header(&mut out, &feature(item));
    }
    Ok(out)
}

fn write_rows<T>(out: &mut Vec<u8>, page: &Page<T>, feature: Write<T>) {
    for item in &page.items {
        feature::write_row(out, &feature(item));
    }
}

fn send<T>(
    runtime: &Handle,
    mut sender: Sender<Bytes, StoreError>,
    head: Vec<u8>,
    store: &dyn Store,
    mut query: Query,
    read: Read<T>,
    feature: Write<T>,
) {
    let mut chunk = head;
    loop {
        let sending = tokio::time::timeout(PATIENCE, sender.send_data(chunk.into()));
        if !matches!(runtime.block_on(sending), Ok(Ok(()))) {
            return sender.abort(StoreError::Refused("the reader went away".into()));
        }
        if query.after.is_none() {
            return;
        }
        match read(store, &query) {
            Ok(page) => {
                chunk = Vec::new();
                write_rows(&mut chunk, &page, feature);
                query.after = page.next;
            }
            Err(error) => return sender.abort(error),
        }
    }
}
