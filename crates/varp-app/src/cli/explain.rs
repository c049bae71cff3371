//! `varp explain`: where a value came from.

use anyhow::Context;
use serde_json::{Value, json};
use varp_model::{
    Attachment, Claim, ClaimValue, Locator, Source, SourceId, Spread, Subject, Visibility,
    parse_uuid,
};

use super::arguments::Explain;
use super::{Outcome, Settings, show};
use crate::jobs::{self, Filter, Store};

/// The keeper of the register sees all of it.
const AUDIENCE: Visibility = Visibility::Private;

/// Tells where the record with this id came from.
pub fn run(command: &Explain, settings: &Settings) -> anyhow::Result<Outcome> {
    let uuid = parse_uuid(&command.id)
        .with_context(|| format!("\"{}\" is not an id such as those on pages", command.id))?;
    let store = jobs::open(&settings.register)?;
    let found = find(&store, uuid)?;
    let Some(mut found) = found else {
        anyhow::bail!("nothing in {} has the id {uuid}", settings.register.display());
    };
    let changes = store.changes(&uuid.to_string(), AUDIENCE)?;
    if !changes.is_empty() {
        found["changes"] = changes
            .iter()
            .map(|c| {
                json!({ "time": c.time, "actor": c.actor, "reason": c.reason,
                    "operation": c.operation.word(), "before": c.before, "after": c.after })
            })
            .collect();
    }
    if command.json {
        show::json(&found)?;
    } else {
        print(&found, 0);
    }
    Ok(Outcome::Clean)
}

fn find(store: &dyn Store, id: uuid::Uuid) -> anyhow::Result<Option<Value>> {
    if let Some(claim) = store.claim(varp_model::ClaimId(id), AUDIENCE)? {
        return claim_story(store, &claim).map(Some);
    }
    if let Some(page) = store.body(varp_model::BodyId(id), AUDIENCE)? {
        let body = &page.item.body;
        let attached = jobs::estimate::attachments(store, body.id, AUDIENCE)?;
        return Ok(Some(json!({
            "attached": attached.iter().map(|a| attached_text(&a.attachment)).collect::<Vec<_>>(),
            "body": body.name, "site": page.site.name, "kind": body.kind.0,
            "key": key(&body.origin), "from": cited(store, body.source, &body.locator)?,
            "claims": page.claims.iter().map(short).collect::<Vec<_>>(),
        })));
    }
    if let Some(page) = store.site(varp_model::SiteId(id), AUDIENCE)? {
        let site = &page.site;
        return Ok(Some(json!({
            "site": site.name, "country": site.country.code(), "key": key(&site.origin),
            "from": cited(store, site.source, &site.locator)?,
            "claims": page.claims.iter().map(short).collect::<Vec<_>>(),
        })));
    }
    if let Some(item) = store.sample(varp_model::SampleId(id), AUDIENCE)? {
        let sample = &item.sample;
        return Ok(Some(json!({
            "sample": sample.name, "key": key(&sample.origin),
            "from": cited(store, sample.source, &sample.locator)?,
            "assays": item.assays.iter().map(|(assay, what)| format!("{} {}{} {} (column {})",
                what.substance, assay.value.sign(), assay.value.number(), what.unit, what.column))
                .collect::<Vec<_>>(),
        })));
    }
    let source = store.source(SourceId(id), AUDIENCE)?;
    Ok(source.map(|page| json!({ "source": source_text(&page.source) })))
}

fn attached_text(a: &Attachment) -> String {
    format!(
        "{} as {}, {}, {}, file {} with sha256 {}",
        a.name, a.role, a.source, a.date, a.file, a.file_hash
    )
}

fn claim_story(store: &dyn Store, claim: &Claim) -> anyhow::Result<Value> {
    let rivals = rivals(store, claim)?;
    Ok(json!({
        "claim": short(claim),
        "about": format!("{} {}", claim.subject.kind(), claim.subject.uuid()),
        "key": key(&claim.origin),
        "from": cited(store, claim.source, &claim.locator)?,
        "preferred": claim.preferred,
        "note": claim.note,
        "method": claim.method,
        "others": rivals,
    }))
}

/// Claims of others on the same property and substance of the same body.
fn rivals(store: &dyn Store, claim: &Claim) -> anyhow::Result<Vec<String>> {
    let Subject::Body(body) = claim.subject else { return Ok(Vec::new()) };
    let query = jobs::whole(vec![Filter::Body(body), Filter::Property(claim.property.clone())]);
    let page = store.quantities(&query)?;
    let others = page.items.iter().map(|item| &item.claim);
    Ok(others
        .filter(|c| c.id != claim.id && c.substance == claim.substance && c.term == claim.term)
        .map(short)
        .collect())
}

fn short(claim: &Claim) -> String {
    let of = claim.substance.as_ref().map_or_else(String::new, |s| format!(" of {s}"));
    let value = match &claim.value {
        ClaimValue::Number(range) => {
            let spread = match &range.spread {
                Spread::Range { low, high, .. } => format!(", range {low} to {high}"),
                Spread::Missing(reason) => format!(", no range: {reason}"),
            };
            let best = range.best.map_or_else(|| "no best value".into(), |b| b.to_string());
            format!("{best} {}{spread} (as written: {})", range.unit, range.reported)
        }
        ClaimValue::Text(text) | ClaimValue::Code(text) => text.clone(),
        ClaimValue::Date(date) => date.to_string(),
    };
    let mark = if claim.preferred.is_some() { "preferred " } else { "" };
    format!("{mark}{}{of}: {value} [{}]", claim.property, claim.id)
}

fn key(origin: &varp_model::Origin) -> String {
    format!("{} in {}", origin.key, origin.dataset.0)
}

fn cited(store: &dyn Store, id: SourceId, locator: &Locator) -> anyhow::Result<Value> {
    let source = store.source(id, AUDIENCE)?.map(|page| source_text(&page.source));
    Ok(json!({
        "source": source, "page": locator.page, "file": locator.file, "sheet": locator.sheet,
        "row": locator.row, "column": locator.column,
    }))
}

fn source_text(source: &Source) -> String {
    let parts = [
        source.authors.clone(),
        Some(source.title.clone()),
        source.date.map(|d| d.to_string()),
        source.address.clone(),
        source.licence.as_ref().map(|l| l.0.clone()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(". ")
}

/// Prints names and values, what is within indented, nothing for what is not known.
fn print(value: &Value, depth: usize) {
    let indent = "  ".repeat(depth);
    let Value::Object(fields) = value else { return };
    for (name, value) in fields {
        match value {
            Value::Null => {}
            Value::Object(_) => {
                show::line(format!("{indent}{name}"));
                print(value, depth + 1);
            }
            Value::Array(items) => {
                for item in items {
                    match item {
                        Value::Object(_) => {
                            show::line(format!("{indent}{name}"));
                            print(item, depth + 1);
                        }
                        other => show::line(format!("{indent}{name}: {}", plain(other))),
                    }
                }
            }
            other => show::line(format!("{indent}{name}: {}", plain(other))),
        }
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
