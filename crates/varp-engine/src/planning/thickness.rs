//! Thickness where it was measured: holes that reached natural ground, and attached points.

use varp_model::Role;

use super::attached::AttachedFile;
use super::density::density;
use super::mass::Mass;
use super::reading::{Reader, figure};
use super::{Choice, Evidence};
use crate::estimate::{MassFrom, PlannedAttachments, PlannedPoints};

/// Points of thickness that measure a body without asking anybody.
const ENOUGH_POINTS: usize = 5;

/// The outline times the thickness between points.
pub(super) fn by_points(
    evidence: &Evidence<'_>,
    reader: &Reader<'_>,
    missing: &mut Vec<String>,
) -> Option<Mass> {
    let area = evidence.footprint_m2.filter(|a| *a > 0.0)?;
    let through = evidence.data.holes.iter().filter(|h| h.reached_base == Some(true));
    let collared = through.filter(|h| h.collar.is_some()).filter_map(|h| h.depth_m);
    let drilled: Vec<f64> = collared.filter(|t| *t > 0.0).collect();
    let tables: Vec<&AttachedFile> = evidence.with_role(Role::Thickness).collect();
    let measured =
        tables.iter().filter_map(|t| t.points()).flat_map(|p| &p.thickness).map(|p| p.thickness_m);
    let measured = measured.chain(evidence.data.thickness.iter().map(|p| p.thickness_m));
    let points: Vec<f64> = drilled.iter().copied().chain(measured.filter(|t| *t > 0.0)).collect();
    if points.len() < ENOUGH_POINTS {
        if !tables.is_empty() {
            missing.push(format!(
                "the attached thickness is not taken: points and holes that reached the base are {}, and \
                 {ENOUGH_POINTS} are needed",
                points.len()
            ));
        }
        return None;
    }
    let count = points.len() as f64;
    let mean = points.iter().sum::<f64>() / count;
    let spread = points.iter().map(|t| (t - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let density = density(evidence, reader)?;
    let area_sd = reader.priors.factor("footprint").ln() / crate::chance::Z80;
    let mut attached = PlannedAttachments::default();
    let mut because = match drilled.is_empty() {
        true => {
            "thickness was measured: the outline times the thickness between the points".to_owned()
        }
        false => {
            "holes reached natural ground: the outline times the thickness between them".into()
        }
    };
    let mut source = Vec::new();
    for table in tables {
        let (sd_m, said) = table.thickness_error(reader);
        attached.points.push(PlannedPoints { id: table.id.to_string(), sd_m });
        source.push(format!("{}: {said}", table.cited()));
        because.push_str(&format!("; {}: {said}", table.cited()));
    }
    let chosen = format!("{} m in the mean of {} points", figure(mean), points.len());
    let choice = Choice::of("thickness", chosen, because);
    Some(Mass {
        best_t: Some(area * mean * density.best()),
        sigma: density.sigma(&[]).hypot(area_sd).hypot(spread.sqrt() / mean / count.sqrt()),
        beside: Vec::new(),
        attached,
        choices: density.after(vec![choice]),
        from: MassFrom::Thickness { area_sd, source: source.join("; "), density: density.from },
    })
}
