//! Quantity statements as a collection: the newest estimate of each body, a row per product.

use std::collections::BTreeMap;

use varp_model::{
    Bbox, BodyId, Country, LonLat, References, ResultId, ResultKind, ResultRecord, SiteId,
    Substance, Visibility,
};
use varp_store::{BodyItem, Filter, Page, Query, Store, StoreError};

use super::super::whole;
use super::document::{Document, Product, Statement};
use super::view::EstimateView;

/// A product of the newest estimate of a body.
#[derive(Clone, Debug, PartialEq)]
pub struct EstimateItem {
    /// The stored result.
    pub result: ResultId,
    /// When it was stored, RFC 3339.
    pub time: String,
    /// Seed.
    pub seed: u64,
    /// Hash of the records it was made of.
    pub inputs: String,
    /// The body.
    pub body: BodyId,
    /// Its name.
    pub body_name: String,
    /// Its kind.
    pub kind: String,
    /// Its site.
    pub site: SiteId,
    /// Name of the site.
    pub site_name: String,
    /// Country of the site.
    pub country: Country,
    /// Where the body is.
    pub place: Option<LonLat>,
    /// The statement.
    pub statement: Statement,
    /// The product.
    pub product: Product,
}

impl EstimateItem {
    /// Its identity in the collection: result and substance.
    pub fn id(&self) -> String {
        format!("{}.{}", self.result, self.product.substance)
    }

    /// Size class on the scale of primary deposits, with the substance that the scale counts.
    pub fn size(&self, references: &References) -> Option<(&'static str, String)> {
        size_of(&self.product, references)
    }
}

/// Size class of a product on the scale of primary deposits, with the substance that it counts.
pub fn size_of(product: &Product, references: &References) -> Option<(&'static str, String)> {
    let substance = Substance::parse(&product.substance, references).ok()?;
    let size = references.size_of(&substance, product.contained_t[1])?;
    Some((size.word, format!("{} ({})", size.class.commodity, size.class.basis)))
}

/// The item of one product of an estimate; `None` if it has no such product.
pub fn item_of(view: &EstimateView, body: &BodyItem, substance: &str) -> Option<EstimateItem> {
    let statement = &view.document.statement;
    let product = statement.products.iter().find(|p| p.substance == substance)?;
    Some(item(&view.record, body, statement, product.clone()))
}

/// A page of quantity statements. Bodies come in the order of the register, products as planned.
///
/// # Errors
/// If the register cannot be read.
pub fn estimate_items(store: &dyn Store, query: &Query) -> Result<Page<EstimateItem>, StoreError> {
    let of_body = query.filters.iter().find_map(|f| match f {
        Filter::Body(id) => Some(*id),
        _ => None,
    });
    let records: Vec<ResultRecord> = match of_body {
        Some(body) => {
            let mut all = store.results_of(Some(body), ResultKind::Estimate, query.audience)?;
            all.truncate(1);
            all
        }
        None => store.latest_results(ResultKind::Estimate, query.audience)?,
    };
    if records.is_empty() {
        return Ok(Page { items: Vec::new(), next: None, matched: Some(0) });
    }
    // conditions on the body are the store's; those on the product are met here
    let (of_product, of_body): (Vec<Filter>, Vec<Filter>) =
        query.filters.iter().cloned().partition(|f| matches!(f, Filter::Substance(_)));
    let bodies = Query {
        audience: query.audience,
        bbox: query.bbox,
        period: query.period,
        ..whole(of_body)
    };
    let bodies: BTreeMap<BodyId, BodyItem> =
        store.bodies(&bodies)?.items.into_iter().map(|item| (item.body.id, item)).collect();
    let wanted = |product: &Product| {
        of_product.iter().all(|f| matches!(f, Filter::Substance(s) if *s == product.substance))
    };
    let mut all = Vec::new();
    for record in records {
        let body = record.result.subject.and_then(|id| bodies.get(&id));
        let Some((body, document)) = body.zip(parse(&record)) else { continue };
        for product in document.statement.products.iter().filter(|p| wanted(p)) {
            all.push(item(&record, body, &document.statement, product.clone()));
        }
    }
    Ok(Page::cut(all, query))
}

fn item(
    record: &ResultRecord,
    body: &BodyItem,
    statement: &Statement,
    product: Product,
) -> EstimateItem {
    EstimateItem {
        result: record.result.id(),
        time: record.time.clone(),
        seed: record.result.seed,
        inputs: record.result.inputs.clone(),
        body: body.body.id,
        body_name: body.body.name.clone(),
        kind: body.body.kind.0.clone(),
        site: body.body.site,
        site_name: body.site_name.clone(),
        country: body.country,
        place: body.body.position.as_ref().map(|p| p.place),
        statement: statement.clone(),
        product,
    }
}

/// The document of a result; `None` where another program wrote something else.
pub fn parse(record: &ResultRecord) -> Option<Document> {
    serde_json::from_str(&record.result.document).ok()
}

/// Least box around the bodies of public estimates: that of all bodies with a place among them.
///
/// # Errors
/// If the register cannot be read.
pub fn estimate_extent(
    store: &dyn Store,
    audience: Visibility,
) -> Result<Option<Bbox>, StoreError> {
    let all = estimate_items(store, &Query { audience, ..whole(Vec::new()) })?;
    let places = all.items.iter().filter_map(|i| i.place);
    Ok(places.fold(None, |bbox: Option<Bbox>, p| {
        let (x, y) = (p.longitude(), p.latitude());
        let b = bbox.unwrap_or(Bbox { west: x, south: y, east: x, north: y });
        Some(Bbox {
            west: b.west.min(x),
            south: b.south.min(y),
            east: b.east.max(x),
            north: b.north.max(y),
        })
    }))
}
