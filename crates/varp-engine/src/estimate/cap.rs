//! Evidence caps: how far the evidence lets a product go, before any precision counts.

use super::data::{BodyData, Taken};
use super::mass::MassFrom;
use super::product::GradeFrom;
use super::quantity::Basis;
use super::samples::depth_below;
use super::statement::{EvidenceCap, Lack};
use super::thickness::thickness_points;

/// No assays: G4, with E3.2;F3. No samples over the whole depth, or no measured density: G3 at best.
pub(super) fn cap(
    substance: &str,
    grade: Option<&GradeFrom>,
    mass: &MassFrom,
    data: &BodyData,
) -> EvidenceCap {
    let assayed = match grade {
        Some(GradeFrom::Samples(_)) => true,
        Some(GradeFrom::Stated(q)) => q.basis == Basis::Measured,
        Some(GradeFrom::Analogues(_)) | None => false,
    };
    if !assayed {
        let reasons = vec![format!("no assay of {substance} from this body")];
        return EvidenceCap { category: "G4", with: "E3.2;F3", reasons, lacks: vec![Lack::Assays] };
    }
    let mut lacking = Vec::new();
    if !is_sampled_to_depth(data) {
        lacking.push((Lack::Depth, "no samples over the whole depth"));
    }
    if !mass.density().is_some_and(super::quantity::DensityFrom::is_measured) {
        lacking.push((Lack::Density, "dry density was not measured on this body"));
    }
    EvidenceCap {
        category: if lacking.is_empty() { "G1" } else { "G3" },
        with: "",
        reasons: lacking.iter().map(|(_, why)| (*why).to_owned()).collect(),
        lacks: lacking.into_iter().map(|(lack, _)| lack).collect(),
    }
}

/// Whether most holes were sampled over at least 80 % of the thickness or went through.
pub(super) fn is_sampled_to_depth(data: &BodyData) -> bool {
    let mut deepest: std::collections::BTreeMap<&str, f64> = std::collections::BTreeMap::new();
    for sample in &data.samples {
        if let Taken::Interval { hole, to_m, .. } = &sample.taken {
            let depth = deepest.entry(hole).or_insert(0.0);
            *depth = depth.max(*to_m);
        }
    }
    let mean = match thickness_points(data) {
        Ok(t) if !t.values.is_empty() => Some(t.values.iter().sum::<f64>() / t.values.len() as f64),
        _ => None,
    };
    let whole = |(name, depth): (&&str, &f64)| {
        let hole = data.holes.iter().find(|h| h.name == **name);
        let depth = hole.map_or(*depth, |h| depth_below(h, *depth));
        let own = hole.filter(|h| h.reached_base == Some(true)).and_then(|h| h.depth_m);
        own.or(mean).is_some_and(|thickness| depth >= 0.8 * thickness)
    };
    let count = deepest.iter().filter(|d| whole((d.0, d.1))).count();
    count * 2 > deepest.len()
}
