//! An estimate as its page shows it: the document, where it stands in the register, what to do next.

use varp_engine::capture::{Offer, Strategy, offers};
use varp_model::{BodyId, LonLat, References, ResultId, ResultKind, ResultRecord, Visibility};
use varp_store::{BodyPage, Filter, Query, Store, StoreError};

use super::super::{capture, whole};
use super::document::Document;
use super::local::LocalGrid;

/// A stored estimate with what its page shows beside it.
#[derive(Clone, Debug)]
pub struct EstimateView {
    /// Its id.
    pub id: ResultId,
    /// As it stands in the register.
    pub record: ResultRecord,
    /// The document.
    pub document: Document,
    /// Estimates of the same body, newest first: id and time.
    pub all: Vec<(ResultId, String)>,
    /// What to find out next, the best first.
    pub next: Vec<Offer>,
    /// The body in plan, where its places may be shown.
    pub plan_view: Option<PlanView>,
}

/// A body in plan, metres east and north.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlanView {
    /// Rings of the outline.
    pub rings: Vec<Vec<[f64; 2]>>,
    /// Collars of holes with their names.
    pub holes: Vec<(String, [f64; 2])>,
    /// Places of samples outside holes.
    pub surface: Vec<[f64; 2]>,
}

impl PlanView {
    /// Leaves out what lies farther from the outline than its box is wide: it would shrink the body to a dot,
    /// and the estimate leaves it out too.
    fn keep_near(&mut self) {
        let fold = |d: usize, start: f64, pick: fn(f64, f64) -> f64| {
            self.rings.iter().flatten().map(|p| p[d]).fold(start, pick)
        };
        let low = [0, 1].map(|d| fold(d, f64::INFINITY, f64::min));
        let high = [0, 1].map(|d| fold(d, f64::NEG_INFINITY, f64::max));
        let reach = (high[0] - low[0]).max(high[1] - low[1]);
        if !reach.is_finite() {
            return;
        }
        let near =
            |at: &[f64; 2]| (0..2).all(|d| at[d] >= low[d] - reach && at[d] <= high[d] + reach);
        self.holes.retain(|(_, at)| near(at));
        self.surface.retain(near);
    }
}

/// Samples outside holes that a plan shows.
const MOST_SURFACE: usize = 500;

/// The newest estimate of a body that `audience` may see.
///
/// # Errors
/// If the register cannot be read.
pub fn newest_estimate(
    store: &dyn Store,
    page: &BodyPage,
    references: &References,
    audience: Visibility,
) -> Result<Option<EstimateView>, StoreError> {
    let records = store.results_of(Some(page.item.body.id), ResultKind::Estimate, audience)?;
    let all: Vec<_> = records.iter().map(|r| (r.result.id(), r.time.clone())).collect();
    let Some(record) = records.into_iter().next() else { return Ok(None) };
    view(store, record, all, page, references, audience)
}

/// One estimate and its body.
///
/// # Errors
/// If the register cannot be read.
pub fn one_estimate(
    store: &dyn Store,
    id: ResultId,
    references: &References,
    audience: Visibility,
) -> Result<Option<(BodyPage, EstimateView)>, StoreError> {
    let Some(record) = store.result(id, audience)? else { return Ok(None) };
    let Some(body) = record.result.subject.filter(|_| record.result.kind == ResultKind::Estimate)
    else {
        return Ok(None);
    };
    let Some(page) = store.body(body, audience)? else { return Ok(None) };
    let records = store.results_of(Some(body), ResultKind::Estimate, audience)?;
    let all = records.iter().map(|r| (r.result.id(), r.time.clone())).collect();
    Ok(view(store, record, all, &page, references, audience)?.map(|view| (page, view)))
}

fn view(
    store: &dyn Store,
    record: ResultRecord,
    all: Vec<(ResultId, String)>,
    page: &BodyPage,
    references: &References,
    audience: Visibility,
) -> Result<Option<EstimateView>, StoreError> {
    let Some(document) = super::items::parse(&record) else { return Ok(None) };
    let uncertain = capture::of_record(&record.result.document, page, references);
    let next = uncertain.map(|u| offers(&u, &Strategy::embedded())).unwrap_or_default();
    let plan_view = plan_view(store, page, (audience, epsg_of(&record.result.plan)))?;
    Ok(Some(EstimateView { id: record.result.id(), record, document, all, next, plan_view }))
}

/// The system that a plan states, in which its blocks are.
fn epsg_of(plan: &str) -> Option<u16> {
    let plan: toml::Table = toml::from_str(plan).ok()?;
    plan.get("epsg").and_then(toml::Value::as_integer).and_then(|code| u16::try_from(code).ok())
}

fn plan_view(
    store: &dyn Store,
    page: &BodyPage,
    (audience, epsg): (Visibility, Option<u16>),
) -> Result<Option<PlanView>, StoreError> {
    let body = &page.item.body;
    let Some(grid) = super::gather::grid_of(page, epsg) else { return Ok(None) };
    let mut view = PlanView::default();
    if let Some(shape) = body.footprint.as_ref().and_then(|shape| grid.outline(shape)) {
        for polygon in &shape {
            for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                view.rings.push(ring.coords().map(|c| [c.x, c.y]).collect());
            }
        }
    }
    for hole in &page.holes {
        let at = hole.collar.as_ref().and_then(|c| grid.metres(c.place));
        view.holes.extend(at.map(|at| (hole.name.clone(), at)));
    }
    if page.samples > 0 {
        view.surface = surface(store, body.id, &grid, audience)?;
    }
    view.keep_near();
    let empty = view.rings.is_empty() && view.holes.len() + view.surface.len() < 2;
    Ok((!empty).then_some(view))
}

fn surface(
    store: &dyn Store,
    body: BodyId,
    grid: &LocalGrid,
    audience: Visibility,
) -> Result<Vec<[f64; 2]>, StoreError> {
    let mut query = Query { audience, ..whole(vec![Filter::Body(body)]) };
    query.limit.0 =
        std::num::NonZeroUsize::new(MOST_SURFACE).unwrap_or(std::num::NonZeroUsize::MIN);
    let outside = store.samples(&query)?.items.into_iter().filter(|i| i.sample.hole.is_none());
    Ok(outside.filter_map(|i| i.place).filter_map(|p: LonLat| grid.metres(p)).collect())
}
