//! Whether the zones of a body can be estimated one by one: each needs samples of its own.

use std::collections::BTreeSet;

use varp_model::QaRole;

use super::Evidence;
use super::sampled::{FEWEST_PLACES, FEWEST_SAMPLES};
use crate::estimate::{SampleData, Taken, zone_holds};

/// What zones do to the estimate of one substance.
pub(super) enum Zones {
    /// The body has none.
    None,
    /// Each holds enough samples.
    Apart(String),
    /// One of them holds too few, in words.
    Together(String),
}

/// Looks how many samples of a substance lie in each zone. A hole is taken as vertical here.
pub(super) fn zones(evidence: &Evidence<'_>, substance: &str) -> Zones {
    let data = evidence.data;
    if data.zones.is_empty() {
        return Zones::None;
    }
    let samples: Vec<_> = data
        .samples
        .iter()
        .filter(|s| s.role == QaRole::Original)
        .filter(|s| s.assays.iter().any(|a| a.substance == substance))
        .filter_map(|s| placed(evidence, s))
        .collect();
    for zone in &data.zones {
        let inside = samples.iter().filter(|(_, at, depth)| zone_holds(zone, *at, *depth));
        let places: Vec<&String> = inside.map(|(place, ..)| place).collect();
        let apart: BTreeSet<&&String> = places.iter().collect();
        if places.len() < FEWEST_SAMPLES || apart.len() < FEWEST_PLACES {
            return Zones::Together(format!(
                "zone {} holds {} samples at {} places, so zones are not estimated apart",
                zone.name,
                places.len(),
                apart.len()
            ));
        }
    }
    let names: Vec<&str> = data.zones.iter().map(|z| z.name.as_str()).collect();
    Zones::Apart(format!(
        "zones {} have samples of their own and are estimated one by one, added by their shares",
        names.join(", ")
    ))
}

/// Place of a sample by name, east and north, and the depth of its middle.
fn placed(evidence: &Evidence<'_>, sample: &SampleData) -> Option<(String, [f64; 2], f64)> {
    match &sample.taken {
        Taken::Interval { hole, from_m, to_m } => {
            let collar = evidence.data.holes.iter().find(|h| h.name == *hole)?.collar?;
            Some((hole.clone(), [collar[0], collar[1]], (from_m + to_m) / 2.0))
        }
        Taken::Place { at, from_m, to_m } => {
            Some((format!("{:.0} {:.0}", at[0], at[1]), *at, (from_m + to_m) / 2.0))
        }
    }
}
