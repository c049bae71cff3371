//! `/collections/{id}/schema`: names and types of the fields, for clients that would guess them.

use axum::response::Response;
use serde_json::{Map, Value, json};
use varp_store::{Collection, Page, PageLimit, Query, Store, StoreError};

use super::AppState;
use super::answer::respond;
use super::ask::Ask;
use super::collections::Spec;
use super::feature::{self, Feature, Kind};
use super::negotiate::SCHEMA;
use super::problem::Problem;
use crate::jobs::classes::class_items;
use crate::jobs::estimate::estimate_items;

/// `/collections/{id}/schema`: JSON Schema of a feature; of an empty collection only the frame.
pub fn schema(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    let spec = Spec::find(ask.segment(1))?;
    ask.allow(&[])?;
    let properties = properties(&*state.store, spec.collection)?;
    let document = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ask.url(&ask.path),
        "title": spec.title,
        "description": spec.description,
        "type": "object",
        "properties": {
            "type": { "type": "string" },
            "id": { "type": "string" },
            "geometry": { "type": "object", "format": "geometry-point" },
            "properties": { "type": "object", "properties": properties },
        },
    });
    Ok(respond(SCHEMA, document.to_string()))
}

/// Every record has all fields, missing ones too: any record tells the types.
fn properties(store: &dyn Store, collection: Collection) -> Result<Value, StoreError> {
    fn of<T>(page: &Page<T>, feature: for<'a> fn(&'a T) -> Feature<'a>) -> Value {
        page.items.first().map_or_else(|| json!({}), |item| types(&feature(item)))
    }
    let limit = PageLimit(std::num::NonZeroUsize::MIN);
    let query = Query { limit, ..super::query::everything() };
    Ok(match collection {
        Collection::Sites => of(&store.sites(&query)?, feature::site),
        Collection::Bodies => of(&store.bodies(&query)?, feature::body),
        Collection::Samples => of(&store.samples(&query)?, feature::sample),
        Collection::Assays => of(&store.assays(&query)?, feature::assay),
        Collection::Quantities => of(&store.quantities(&query)?, feature::quantity),
        Collection::Sources => of(&store.sources(&query)?, feature::source),
        Collection::Estimates => of(&estimate_items(store, &query)?, feature::estimate),
        Collection::Classifications => of(&class_items(store, &query)?, feature::class),
    })
}

fn types(feature: &Feature<'_>) -> Value {
    let fields = feature.properties.iter().map(|(name, value)| {
        let kind = match value.kind() {
            Kind::Bool => json!({ "type": "boolean" }),
            Kind::Int => json!({ "type": "integer" }),
            Kind::Number => json!({ "type": "number" }),
            Kind::Text => json!({ "type": "string" }),
            Kind::List => json!({ "type": "array", "items": { "type": "string" } }),
            Kind::Nested => json!({ "type": "object" }),
        };
        ((*name).to_owned(), kind)
    });
    Value::Object(fields.collect::<Map<_, _>>())
}
