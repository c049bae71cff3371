//! Holes and samples far outside the outline are records of another place, or their coordinates are wrong.

use geo_types::MultiPolygon;

use super::data::{BodyData, Taken};
use super::geometry::polygon_area;
use super::outline::{contains, rim_distance};

/// Beyond this share of the outline's width they are told; beyond its width they are left out. Own
/// judgement.
const TOLD: f64 = 0.05;

/// The data without holes and samples that lie farther from the outline than it is wide, and with a sentence
/// about those and about what else lies outside. `None` where all is well.
pub(super) fn without_strays(data: &BodyData) -> Option<BodyData> {
    let outline = data.outline.as_ref()?;
    let width = polygon_area(outline).max(0.0).sqrt();
    let far = |at: [f64; 2]| distance(outline, at);
    let holes: Vec<(&str, f64)> = data
        .holes
        .iter()
        .filter_map(|h| Some((h.name.as_str(), far(h.collar.map(|c| [c[0], c[1]])?))))
        .collect();
    let places = data.samples.iter().filter_map(|s| match &s.taken {
        Taken::Place { at, .. } => Some((s.name.as_str(), far(*at))),
        Taken::Interval { .. } => None,
    });
    let all: Vec<(&str, f64)> = holes.iter().copied().chain(places).collect();
    let mut clean = data.clone();
    let between = |low: f64, high: f64| {
        all.iter().filter(move |(_, d)| *d > low * width && *d <= high * width).collect::<Vec<_>>()
    };
    let (near, strays) = (between(TOLD, 1.0), between(1.0, f64::INFINITY));
    if near.is_empty() && strays.is_empty() {
        return None;
    }
    if !near.is_empty() {
        let told = listed(&near);
        clean.unread.push(format!("outside the outline, and counted all the same: {told}"));
    }
    if !strays.is_empty() {
        let told = listed(&strays);
        clean.unread.push(format!(
            "left out, for it lies farther from the outline than that is wide: {told}; its coordinates are wrong, \
             or it is of another body"
        ));
    }
    let gone = |name: &str| holes.iter().any(|(n, d)| *n == name && *d > width);
    clean.holes.retain(|h| !gone(&h.name));
    clean.samples.retain(|s| match &s.taken {
        Taken::Interval { hole, .. } => !gone(hole),
        Taken::Place { at, .. } => far(*at) <= width,
    });
    Some(clean)
}

/// Names with their distances, five at most.
fn listed(found: &[&(&str, f64)]) -> String {
    let mut parts: Vec<String> =
        found.iter().take(5).map(|(name, d)| format!("{name} ({d:.0} m)")).collect();
    if found.len() > 5 {
        parts.push(format!("{} more", found.len() - 5));
    }
    parts.join(", ")
}

/// Metres from the outline; 0 inside, and for what is no number, which others refuse.
fn distance(outline: &MultiPolygon<f64>, at: [f64; 2]) -> f64 {
    if !at.iter().all(|c| c.is_finite()) || contains(outline, at) {
        return 0.0;
    }
    rim_distance(outline, at)
}
