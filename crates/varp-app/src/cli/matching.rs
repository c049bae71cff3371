//! `varp match`: records that may be the same thing.

use anyhow::{Context, bail};
use serde_json::{Value, json};
use varp_model::{BodyId, SiteId, Visibility, parse_uuid};

use super::arguments::Match;
use super::{Outcome, Settings, settings, show};
use crate::http::Spec;
use crate::jobs::{self, GeoPackage, Pair, Side, Store};

/// Lists candidates, or merges, or keeps apart.
pub fn run(command: &Match, settings: &Settings) -> anyhow::Result<Outcome> {
    let store = jobs::open(&settings.register)?;
    let actor = settings::actor(command.actor.as_deref());
    let because = command.because.as_deref().unwrap_or_default();
    if let Some([kept, gone]) = command.merge.as_deref() {
        merge(&store, (id(kept)?, id(gone)?), &actor, because)?;
        show::note(format!("{gone} leads to {kept} from now on"));
        let kept = BodyId(id(kept)?);
        for attached in jobs::estimate::attachments(&store, kept, Visibility::Private)? {
            let attachment = attached.attachment;
            show::note(format!(
                "attached to {kept} now: {} as {}, EPSG:{}",
                attachment.name, attachment.role, attachment.epsg
            ));
        }
        return Ok(Outcome::Clean);
    }
    if let Some([a, b]) = command.apart.as_deref() {
        store.keep_apart(id(a)?, id(b)?, &actor, because)?;
        show::note(format!("{a} and {b} are different things"));
        return Ok(Outcome::Clean);
    }
    propose(&store, command)
}

fn propose(store: &GeoPackage, command: &Match) -> anyhow::Result<Outcome> {
    let pairs = jobs::matches(store, Visibility::Private, command.least)?;
    let shown = &pairs[..pairs.len().min(command.limit)];
    if command.json {
        let list: Vec<Value> = shown.iter().map(pair_json).collect();
        show::json(&json!({ "candidates": list, "found": pairs.len() }))?;
    } else {
        shown.iter().for_each(print);
        show::note(match pairs.len() {
            0 => "no two records look like one thing".to_owned(),
            n if n > shown.len() => {
                format!("{} of {n} candidates; --limit shows more", shown.len())
            }
            n => format!("{n} candidates"),
        });
    }
    Ok(if pairs.is_empty() { Outcome::Clean } else { Outcome::Findings })
}

fn print(pair: &Pair) {
    let Pair { first, second, .. } = pair;
    show::line(format!("{:.2}  {}  /  {}", pair.score, told(first), told(second)));
    show::line(format!("      {}", pair.reasons.join("; ")));
    show::line(format!("      from: {}  /  {}", first.source_title, second.source_title));
    for decision in ["merge", "apart"] {
        let (a, b) = (first.id, second.id);
        show::line(format!("      varp match --{decision} {a} {b} --because \"…\""));
    }
    show::line("");
}

/// A record in a few words: `Smaltjärnen (tailings at Yxsjöberg, SE)`.
fn told(side: &Side) -> String {
    let country = side.country.map_or_else(|| "?".to_owned(), |c| c.to_string());
    if side.kind.is_empty() {
        format!("{} (site, {country})", side.name)
    } else {
        format!("{} ({} at {}, {country})", side.name, side.kind, side.site)
    }
}

fn pair_json(pair: &Pair) -> Value {
    json!({
        "collection": Spec::of(pair.collection).id,
        "score": (pair.score * 1e4).round() / 1e4,
        "reasons": pair.reasons,
        "first": side_json(&pair.first),
        "second": side_json(&pair.second),
    })
}

fn side_json(side: &Side) -> Value {
    json!({
        "id": side.id.to_string(),
        "name": side.name,
        "aliases": side.aliases,
        "country": side.country.map(|c| c.to_string()),
        "kind": (!side.kind.is_empty()).then_some(&side.kind),
        "site": (!side.site.is_empty()).then_some(&side.site),
        "longitude": side.place.map(|p| p.longitude()),
        "latitude": side.place.map(|p| p.latitude()),
        "period": side.period.map(|p| p.to_string()),
        "source": side.source.to_string(),
        "source_title": side.source_title,
    })
}

fn id(text: &str) -> anyhow::Result<uuid::Uuid> {
    parse_uuid(text).with_context(|| format!("\"{text}\" is not an id"))
}

fn merge(
    store: &GeoPackage,
    (kept, gone): (uuid::Uuid, uuid::Uuid),
    actor: &str,
    because: &str,
) -> anyhow::Result<()> {
    let all = Visibility::Private;
    let is_site = |id| Ok::<_, anyhow::Error>(store.site(SiteId(id), all)?.is_some());
    let is_body = |id| Ok::<_, anyhow::Error>(store.body(BodyId(id), all)?.is_some());
    if is_site(kept)? && is_site(gone)? {
        store.merge_sites(SiteId(kept), SiteId(gone), actor, because)?;
    } else if is_body(kept)? && is_body(gone)? {
        store.merge_bodies(BodyId(kept), BodyId(gone), actor, because)?;
    } else {
        bail!("{kept} and {gone} are not two sites or two bodies of this register");
    }
    Ok(())
}
