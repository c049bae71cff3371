//! Exchange of the register: mining waste as ERML-Lite 2.0.1, GML and GeoJSON.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Map, Value, json};
use varp_model::{ClaimValue, References, Visibility};
use varp_store::{BodyPage, Filter, Store, StoreError};

use super::whole;

/// Namespace of ERML-Lite 2.0.
const NAMESPACE: &str = "http://xmlns.earthresourceml.org/earthresourceml-lite/2.0";
/// What stands where no concept of a vocabulary fits.
const UNKNOWN: &str = "http://www.opengis.net/def/nil/OGC/0/unknown";

/// The waste bodies of a register in the words of ERML-Lite.
#[derive(Clone, Debug)]
pub struct Exchange {
    views: Vec<View>,
    /// Licences by dataset.
    licences: BTreeMap<String, String>,
    /// Bodies left out for want of a public place, which the standard demands.
    pub without_place: usize,
}

/// A `MiningWasteView`: names and values in the order of the schema, and a place.
#[derive(Clone, Debug)]
struct View {
    id: String,
    longitude: f64,
    latitude: f64,
    values: Vec<(&'static str, String)>,
}

/// Public waste bodies as `MiningWasteView`s. Addresses of records start with `base`.
///
/// # Errors
/// If the register cannot be read.
pub fn exchange(
    store: &dyn Store,
    filters: Vec<Filter>,
    references: &References,
    base: &str,
) -> Result<Exchange, StoreError> {
    let question = varp_store::Query { audience: Visibility::Public, ..whole(filters) };
    let mut found = Exchange { views: Vec::new(), licences: BTreeMap::new(), without_place: 0 };
    for item in store.bodies(&question)?.items {
        if item.body.kind.is_primary() {
            continue;
        }
        let Some(page) = store.body(item.body.id, Visibility::Public)? else { continue };
        found.add(&page, references, base);
    }
    Ok(found)
}

impl Exchange {
    fn add(&mut self, page: &BodyPage, references: &References, base: &str) {
        let body = &page.item.body;
        let licence = body.licence.as_ref().map(|l| l.0.clone()).or_else(|| {
            let source = page.sources.iter().find(|s| s.id == body.source)?;
            source.licence.as_ref().map(|l| l.0.clone())
        });
        let licence = licence.unwrap_or_else(|| "not stated".into());
        self.licences
            .entry(body.origin.dataset.0.clone())
            .and_modify(|known| {
                if !known.split("; ").any(|own| own == licence) {
                    known.push_str("; ");
                    known.push_str(&licence);
                }
            })
            .or_insert_with(|| licence.clone());
        let Some(position) = &body.position else {
            self.without_place += 1;
            return;
        };
        self.views.push(View {
            id: body.id.to_string(),
            longitude: position.place.longitude(),
            latitude: position.place.latitude(),
            values: values(page, references, base, &licence),
        });
    }

    /// How many bodies there are.
    pub fn len(&self) -> usize {
        self.views.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.views.is_empty()
    }

    /// As GML 3.2.1: a collection of `erl:MiningWasteView`, places as EPSG:4326 (latitude first).
    pub fn to_gml(&self) -> String {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        for (dataset, licence) in &self.licences {
            let text = format!("dataset {dataset}: licence {licence}").replace("--", "- -");
            writeln!(out, "<!-- {text} -->").expect("a String takes all that is written to it");
        }
        writeln!(
            out,
            "<gml:FeatureCollection xmlns:gml=\"http://www.opengis.net/gml/3.2\" xmlns:erl=\"{NAMESPACE}\" \
             xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"{NAMESPACE} \
             http://schemas.earthresourceml.org/earthresourceml-lite/2.0/erml-lite.xsd\" gml:id=\"varp\">"
        )
        .expect("a String takes all that is written to it");
        for view in &self.views {
            view.write(&mut out).expect("a String takes all that is written to it");
        }
        out.push_str("</gml:FeatureCollection>\n");
        out
    }

    /// The same properties as GeoJSON, with the licences beside the features.
    pub fn to_geojson(&self) -> String {
        let features: Vec<Value> = self
            .views
            .iter()
            .map(|view| {
                let properties: Map<String, Value> = view
                    .values
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str())))
                    .collect();
                json!({
                    "type": "Feature", "id": view.id, "properties": properties,
                    "geometry": { "type": "Point", "coordinates": [view.longitude, view.latitude] },
                })
            })
            .collect();
        let document = json!({
            "type": "FeatureCollection", "name": "MiningWasteView", "schema": NAMESPACE,
            "licences": self.licences, "features": features,
        });
        document.to_string()
    }
}

impl View {
    fn write(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "<gml:featureMember><erl:MiningWasteView gml:id=\"mw-{}\">", self.id)?;
        for (name, value) in &self.values {
            writeln!(out, "<erl:{name}>{}</erl:{name}>", escape(value))?;
        }
        writeln!(
            out,
            "<erl:shape><gml:Point gml:id=\"p-{}\" srsName=\"http://www.opengis.net/def/crs/EPSG/0/4326\">\
             <gml:pos>{:.7} {:.7}</gml:pos></gml:Point></erl:shape>",
            self.id, self.latitude, self.longitude
        )?;
        out.push_str("</erl:MiningWasteView></gml:featureMember>\n");
        Ok(())
    }
}

/// Text of an element: characters that XML 1.0 forbids are left out.
fn escape(text: &str) -> String {
    let allowed = |c: &char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    let clean: String = text.chars().filter(allowed).collect();
    clean.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Elements in the order of the schema; what is not known is left out where the schema lets it.
fn values(
    page: &BodyPage,
    references: &References,
    base: &str,
    licence: &str,
) -> Vec<(&'static str, String)> {
    let body = &page.item.body;
    let entry = |list: &str, code: &str| references.list(list).and_then(|l| l.get(code)).cloned();
    let kind = entry("body_kinds", &body.kind.0);
    let storage = body.storage.as_deref().and_then(|code| entry("waste_storage", code));
    let reported = |property: &str| reported(page, property);
    let address =
        |collection: &str, id: String| format!("{base}/collections/{collection}/items/{id}");
    let uri = |found: Option<&varp_model::Code>| {
        found.map(|c| c.uri_cgi.clone()).filter(|u| !u.is_empty()).unwrap_or_else(|| UNKNOWN.into())
    };
    let materials = body
        .commodities
        .iter()
        .map(|code| references.commodity(code).map_or_else(|| code.clone(), |c| c.en.clone()));
    let mut substances = page.item.substances.clone();
    substances.splice(0..0, materials);
    let methods = methods(page);
    let accuracy = body.position.as_ref().and_then(|p| p.accuracy_m);
    let sources = page.sources.iter().map(|s| s.title.as_str()).collect::<Vec<_>>().join("; ");
    let all = [
        ("identifier", address("bodies", body.id.to_string())),
        ("wasteType", kind.as_ref().map_or(body.kind.0.clone(), |k| k.en.clone())),
        ("storageType", storage.as_ref().map_or(String::new(), |s| s.en.clone())),
        ("mineName", page.site.name.clone()),
        ("processingPlantName", String::new()),
        ("processingType", reported("process")),
        ("environmentalImpacts", reported("impact")),
        ("materials", substances.join("; ")),
        ("density", reported("density")),
        ("grade", reported("grade")),
        ("volume", reported("volume")),
        ("observationMethod", methods.join("; ")),
        ("positionalAccuracy", accuracy.map_or(String::new(), |m| format!("{m} m"))),
        ("source", format!("{sources} (licence: {licence})")),
        ("mine_uri", address("sites", page.site.id.to_string())),
        ("wasteType_uri", uri(kind.as_ref())),
        ("storageType_uri", storage.as_ref().map_or(String::new(), |s| s.uri_cgi.clone())),
        ("specification_uri", address("bodies", body.id.to_string())),
    ];
    all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

/// What all claims of a property print, one after the other.
fn reported(page: &BodyPage, property: &str) -> String {
    let own = page.claims.iter().filter(|c| c.property == property);
    let texts = own.filter_map(|c| match &c.value {
        ClaimValue::Number(range) => {
            let of = c.substance.as_ref().map_or(String::new(), |s| format!("{s} "));
            let named = range.reported.chars().any(char::is_alphabetic);
            let unit = if named { "" } else { range.unit.symbol() };
            Some(format!("{of}{} {unit}", range.reported).trim().to_owned())
        }
        ClaimValue::Text(text) | ClaimValue::Code(text) => Some(text.clone()),
        ClaimValue::Date(_) => None,
    });
    texts.collect::<Vec<_>>().join("; ")
}

/// Methods that claims name, each once.
fn methods(page: &BodyPage) -> Vec<&str> {
    let mut all: Vec<&str> = page.claims.iter().filter_map(|c| c.method.as_deref()).collect();
    all.sort_unstable();
    all.dedup();
    all
}
