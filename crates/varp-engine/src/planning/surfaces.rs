//! The volume between attached surfaces: a height model over a second one, over soundings, or over its rim.

use varp_model::Role;

use super::attached::{AttachedFile, or_prior};
use super::density::density;
use super::mass::Mass;
use super::reading::{Reader, figure};
use super::{Choice, Evidence};
use crate::estimate::{
    BaseFrom, Belief, BodyData, MassFrom, PlannedAttachments, PlannedPoints, VolumeFound, volume,
};

/// The mass between surfaces.
pub(super) struct Surveyed {
    pub mass: Mass,
    /// Whether the base is read off the rim alone.
    pub from_rim: bool,
    /// What they make and how wrong they may be, a sentence each.
    pub told: Vec<String>,
}

/// A base as a plan takes it.
struct Base<'a> {
    from: BaseFrom,
    said: String,
    surface: Option<&'a AttachedFile>,
    soundings: Vec<&'a AttachedFile>,
}

/// Why attached surfaces make no volume.
pub(super) enum NotTaken {
    /// There is none, or none of today.
    NoTop(Option<String>),
    /// They contradict themselves or the body.
    Contradiction(String),
    /// The same over a base that is only read off the rim: a base may come yet.
    Rim(String),
}

impl NotTaken {
    /// In words; nothing where nothing is attached.
    pub fn said(self) -> Option<String> {
        let why = |why: String| format!("the attached surfaces are not taken: {why}");
        match self {
            Self::NoTop(lonely) => lonely,
            Self::Contradiction(error) | Self::Rim(error) => Some(why(error)),
        }
    }
}

/// The newest upper surface over the best base that there is.
pub(super) fn choose(evidence: &Evidence<'_>, reader: &Reader<'_>) -> Result<Surveyed, NotTaken> {
    let Some((top, mut left_out)) = newest(evidence, Role::Top) else {
        let lonely = evidence.attached.iter().find(|f| f.attachment.role != Role::Thickness);
        return Err(NotTaken::NoTop(lonely.map(|file| {
            format!("{} is not taken: no surface of today is attached (--as top)", file.cited())
        })));
    };
    if evidence.data.outline.is_none() {
        return Err(NotTaken::Rim("the outline of the body is not known".into()));
    }
    let base = base(evidence, reader, &mut left_out);
    let from_rim = matches!(base.from, BaseFrom::Rim { .. });
    let not_taken = if from_rim { NotTaken::Rim } else { NotTaken::Contradiction };
    let (top_error, error) = top.surface_error(reader);
    let source = format!("{}: {error}; base: {}", top.cited(), base.said);
    let density =
        density(evidence, reader).ok_or_else(|| NotTaken::Rim("no dry density is known".into()))?;
    let from = MassFrom::Surfaces {
        top: top.attachment.name.clone(),
        base: base.from.clone(),
        top_error,
        source,
        density: density.from.clone(),
    };
    let found = between(evidence, (top, &base), &from, reader).map_err(not_taken)?;
    let mut told = vec![format!("{}: {error}", top.cited()), format!("base: {}", base.said)];
    told.extend(left_out.iter().map(|text| format!("not taken: {text}")));
    told.extend(found.warnings.iter().cloned());
    let chosen = format!("{} m3", figure(found.best()));
    let because = format!("surfaces are attached: {}", told.join("; "));
    told.insert(0, format!("volume between surfaces: {chosen}"));
    let choice = Choice::of("volume between surfaces", chosen, because);
    let surfaces = [Some(top), base.surface].into_iter().flatten();
    Ok(Surveyed {
        from_rim,
        told,
        mass: Mass {
            best_t: Some(found.best() * density.best()),
            sigma: density.sigma(&[]).hypot(deviation(&found) / found.best()),
            beside: Vec::new(),
            attached: PlannedAttachments {
                surfaces: surfaces.map(|s| (s.attachment.name.clone(), s.id.to_string())).collect(),
                points: (base.soundings.iter())
                    .map(|s| PlannedPoints { id: s.id.to_string(), sd_m: None })
                    .collect(),
            },
            choices: density.after(vec![choice]),
            from,
        },
    })
}

/// The newest attachment of a role, and what is said of the others.
fn newest<'a>(evidence: &Evidence<'a>, role: Role) -> Option<(&'a AttachedFile, Vec<String>)> {
    let date = |f: &AttachedFile| f.attachment.measured().map(varp_model::PartialDate::first_day);
    let first = evidence.with_role(role).max_by_key(|f| (date(f), f.id))?;
    let others = evidence.with_role(role).filter(|f| f.id != first.id);
    let said = others.map(|f| format!("{}: {} is newer", f.cited(), first.attachment.name));
    Some((first, said.collect()))
}

/// A second surface; else soundings and holes that reached natural ground; else the rim.
fn base<'a>(evidence: &Evidence<'a>, reader: &Reader<'_>, left_out: &mut Vec<String>) -> Base<'a> {
    let soundings: Vec<&AttachedFile> = evidence.with_role(Role::Soundings).collect();
    if let Some((surface, older)) = newest(evidence, Role::Base) {
        left_out.extend(older);
        let unused =
            |s: &&AttachedFile| format!("{}: a surface of the base is attached", s.cited());
        left_out.extend(soundings.iter().map(unused));
        let (error, said) = surface.surface_error(reader);
        return Base {
            from: BaseFrom::Surface { name: surface.attachment.name.clone(), error },
            said: format!("{}: {said}", surface.cited()),
            surface: Some(surface),
            soundings: Vec::new(),
        };
    }
    let (sd_m, sd) = or_prior(None, ("ground below", "any"), reader);
    let (range_m, range) = or_prior(None, ("ground below range", "any"), reader);
    let ground = format!(
        "the ground between differs from a smooth surface by {sd}, hanging together over {range}"
    );
    let holes = evidence.data.holes.iter().filter(|h| h.reached_base == Some(true));
    let holes = holes.filter(|h| h.collar.is_some() && h.depth_m.is_some()).count();
    if soundings.is_empty() && holes == 0 {
        let said = format!("the old ground is read off the rim of the body; {ground}");
        return Base { from: BaseFrom::Rim { sd_m, range_m }, said, surface: None, soundings };
    }
    // one deviation stands for all: the greatest
    let errors = soundings.iter().map(|s| s.sounding_error(reader));
    let worst = errors.max_by(|a, b| a.0.total_cmp(&b.0));
    let (sounding_sd_m, error) =
        worst.unwrap_or_else(|| or_prior(None, ("sounding error", "any"), reader));
    let mut from: Vec<String> = soundings.iter().map(|s| s.cited()).collect();
    if holes > 0 {
        from.push(format!("{holes} holes that reached natural ground"));
    }
    let from = from.join(", ");
    Base {
        from: BaseFrom::Soundings { sounding_sd_m, sd_m, range_m },
        said: format!("the rim of the body and {from}: error of one sounding {error}; {ground}"),
        surface: None,
        soundings,
    }
}

/// The volume that the plan will find, or why it finds none.
fn between(
    evidence: &Evidence<'_>,
    (top, base): (&AttachedFile, &Base<'_>),
    from: &MassFrom,
    reader: &Reader<'_>,
) -> Result<VolumeFound, String> {
    let mut data = BodyData {
        outline: evidence.data.outline.clone(),
        holes: evidence.data.holes.clone(),
        ..BodyData::default()
    };
    for file in [Some(top), base.surface].into_iter().flatten() {
        data.surfaces.extend(file.surface().map(|s| (file.attachment.name.clone(), s.clone())));
    }
    let named = top.surface().map(|surface| (top.attachment.name.as_str(), surface));
    for file in &base.soundings {
        let name = &file.attachment.name;
        let added = file.points().map(|points| points.add_to(&mut data, named));
        added.transpose().map_err(|e| format!("{name}: {e}"))?;
    }
    match volume(from, &data, reader.shipped) {
        Ok(Some(found)) => Ok(found),
        Ok(None) => Err("they make no volume".into()),
        Err(error) => Err(error.to_string()),
    }
}

/// Standard deviation of a volume with errors that add to it.
fn deviation(found: &VolumeFound) -> f64 {
    let squares = found.inputs.iter().map(|(_, belief, ..)| match belief {
        Belief::Normal { sd, .. } => sd * sd,
        _ => 0.0,
    });
    squares.sum::<f64>().sqrt()
}
