//! From a profile to the request of a study: outline, thickness, spread, material and decision,
//! each from the register where it is known, from the user where given, else a named default.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use varp_model::LonLat;

use super::drawn::{drawn, in_register, no_go, ring};
use super::ground::{Ground, box_around, outer_rings};
use super::gy::Material;
use super::polygon::{Point, area, circle};
use super::spatial::{Structure, Variogram};
use super::study::{Objective, Stratum, StudyRequest};
use crate::profile::{BodyRecord, Figure, Knowledge, PlaceOf, Profile};
use crate::quality::USUAL_INSERTIONS;
use crate::rank::criteria::Level;
use crate::rank::table::Evidence;

/// A stratum given by the user, in degrees.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenStratum {
    /// Name.
    pub name: String,
    /// Corners, longitude and latitude.
    pub outline: Vec<(f64, f64)>,
    /// Mean thickness, m.
    pub thickness_m: f64,
    /// Coefficient of variation of hole grades.
    pub variation: f64,
}

/// What a user may say of a study; all of it optional.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wishes {
    /// Objective; a mean grade within ±20 % where not given.
    pub objective: Option<Objective>,
    /// Level; L2 where not given.
    pub level: Option<Level>,
    /// Confidence; 0.90 where not given.
    pub confidence: Option<f64>,
    /// Number of holes.
    pub holes: Option<usize>,
    /// Strata, in place of the outline of the register.
    pub strata: Vec<GivenStratum>,
    /// Areas that must not be drilled: corners, longitude and latitude.
    pub no_go: Vec<Vec<(f64, f64)>>,
    /// Places sampled already that the register does not have.
    pub existing: Vec<(f64, f64)>,
    /// Thickness, m.
    pub thickness_m: Option<f64>,
    /// Coefficient of variation of hole grades.
    pub variation: Option<f64>,
    /// Nugget, share of the sill.
    pub nugget: Option<f64>,
    /// Range of hole grades, m.
    pub range_m: Option<f64>,
    /// Sample length, m.
    pub interval_m: Option<f64>,
    /// Metres below the base.
    pub below_base_m: Option<f64>,
    /// Cost options; auger where none is given.
    pub options: BTreeSet<String>,
    /// Seed of the search for places.
    pub seed: Option<u64>,
}

/// A number that the study rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Basis {
    /// What.
    pub what: String,
    /// Number with unit.
    pub value: String,
    /// Measured, derived or prior; `None` where the user said so.
    pub evidence: Option<Evidence>,
    /// How it came about.
    pub how: String,
}

/// A request with the plane it is drawn in and what it rests on.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The request, in metres.
    pub request: StudyRequest,
    /// The plane; `None` where nobody knows where the body is: places are metres from its middle.
    pub ground: Option<Ground>,
    /// What it rests on.
    pub rests_on: Vec<Basis>,
}

/// Why no study can be requested.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RequestError {
    /// No area.
    #[error(
        "neither outline, area, volume nor mass of {0} is known: draw its outline, state one of them, or give strata with outlines"
    )]
    NoArea(String),
    /// Coordinates that cannot be projected.
    #[error("coordinates: {0}")]
    Place(String),
    /// An outline of the register that is none.
    #[error(
        "the outline of {body} in the register {wrong}\n  hint: mend it there, as with QGIS, or give strata with outlines"
    )]
    Outline {
        /// Whose.
        body: String,
        /// What it does.
        wrong: String,
    },
    /// An area that was drawn wrongly.
    #[error(
        "{whose}: {wrong}\n  hint: corners are [longitude, latitude] in degrees, in order around the area"
    )]
    Area {
        /// Name of the stratum, or number of the no-go area.
        whose: String,
        /// What is wrong.
        wrong: String,
    },
}

/// Prepares the request of a study of one body.
///
/// # Errors
/// If the body has no place, or nothing tells how large it is.
pub fn prepare(
    record: &BodyRecord,
    profile: &Profile,
    known: &Knowledge,
    wishes: &Wishes,
) -> Result<Prepared, RequestError> {
    let mut rests_on = Vec::new();
    let given = wishes.strata.first().and_then(|s| s.outline.first()).copied();
    let place = given.or(profile.place).and_then(|(lon, lat)| LonLat::new(lon, lat));
    let ground =
        place.map(Ground::around).transpose().map_err(|e| RequestError::Place(e.to_string()))?;
    let thickness = said(wishes.thickness_m, &profile.size.thickness_m);
    let variation = said(wishes.variation, &profile.hole_variation);
    let strata = strata(
        record,
        profile,
        wishes,
        ground.as_ref(),
        place,
        &thickness,
        &variation,
        &mut rests_on,
    )?;
    if wishes.strata.is_empty() {
        rests_on.extend(place_note(profile, place));
    }
    note(&mut rests_on, "thickness", &thickness, "m");
    note(&mut rests_on, "variation of grade between holes", &variation, "");
    let extent = strata.iter().map(|s| area(&s.outline)).sum::<f64>().sqrt();
    let variogram = variogram(wishes, extent, known, &mut rests_on);
    let collars = record.collars().into_iter();
    let more = wishes.existing.iter().filter_map(|(lon, lat)| LonLat::new(*lon, *lat));
    let taken: Vec<LonLat> = collars.chain(record.sampled.iter().copied()).chain(more).collect();
    let usual = |item: &str| known.usual_of_study(item);
    let auger = || BTreeSet::from(["auger".to_owned()]);
    let request = StudyRequest {
        body: short_name(&profile.name),
        objective: wishes.objective.unwrap_or(Objective::MeanGrade { half_width: 0.20 }),
        level: wishes.level.unwrap_or(Level::L2),
        existing: metres(ground.as_ref(), &taken)?,
        no_go: no_go(ground.as_ref(), wishes)?,
        variogram,
        confidence: wishes.confidence.unwrap_or(0.90),
        decision: profile.decision(known),
        holes: wishes.holes,
        below_base_m: wishes.below_base_m.unwrap_or(1.0),
        interval_m: wishes.interval_m.unwrap_or(1.0),
        insertions: USUAL_INSERTIONS,
        material: material(profile, known),
        sampling_error: usual("error of sampling"),
        analytical_error: usual("error of preparation and analysis"),
        thickness_variation: profile.size.thickness_m.variation.clamp(0.05, 0.5),
        density_error: usual("error of the density of a body"),
        area_error: area_error(profile, known),
        options: if wishes.options.is_empty() { auger() } else { wishes.options.clone() },
        composites_per_stratum: usual("composites for tests per stratum") as usize,
        metres_per_day: usual("metres drilled in a day"),
        persons: usual("persons in the field") as usize,
        fewest_per_stratum: usual("fewest holes per stratum") as usize,
        contingency: usual("contingency of its costs"),
        seed: wishes.seed.unwrap_or(1),
        strata,
    };
    Ok(Prepared { request, ground, rests_on })
}

#[expect(clippy::too_many_arguments, reason = "all that decides the outline of a study")]
fn strata(
    record: &BodyRecord,
    profile: &Profile,
    wishes: &Wishes,
    ground: Option<&Ground>,
    place: Option<LonLat>,
    thickness: &Said,
    variation: &Said,
    rests_on: &mut Vec<Basis>,
) -> Result<Vec<Stratum>, RequestError> {
    let stratum = |name: &str, outline, thickness_m, variation| Stratum {
        name: name.into(),
        outline,
        thickness_m,
        variation,
    };
    let mut outline = |value: String, evidence, how: &str| {
        rests_on.push(Basis { what: "outline".into(), value, evidence, how: how.into() });
    };
    if !wishes.strata.is_empty() {
        outline(format!("{} strata", wishes.strata.len()), None, "given");
        let one = |s: &GivenStratum| {
            let outline = drawn(ground, &s.outline, &format!("stratum {}", s.name))?;
            Ok(stratum(&s.name, outline, s.thickness_m, s.variation))
        };
        return wishes.strata.iter().map(one).collect();
    }
    let rings = record.body.footprint.as_ref().map(outer_rings).unwrap_or_default();
    if !rings.is_empty() {
        let rings: Vec<Vec<Point>> =
            rings.iter().map(|r| ring(ground, r)).collect::<Result<_, _>>()?;
        let total: f64 = rings.iter().map(|r| area(r)).sum();
        outline(hectares(total), Some(Evidence::Measured), &in_register(&rings, &profile.name)?);
        let name =
            |k: usize| if rings.len() == 1 { "body".into() } else { format!("part {}", k + 1) };
        let part = |(k, ring): (usize, &Vec<Point>)| {
            stratum(&name(k), ring.clone(), thickness.value, variation.value)
        };
        return Ok(rings.iter().enumerate().map(part).collect());
    }
    let size = &profile.size;
    let collars = metres(ground, &record.collars())?;
    if let Some(ring) = box_around(&collars) {
        outline(
            hectares(area(&ring)),
            Some(Evidence::Derived),
            "box around the holes, half a spacing wider",
        );
        return Ok(vec![stratum("body", ring, thickness.value, variation.value)]);
    }
    let (square_metres, evidence, how) = match (&size.area_m2, &size.mass_t) {
        (Some(area), _) => (area.best, area.evidence, "circle of the stated area"),
        (None, Some(mass)) => {
            let volume = mass.best / size.density.best;
            (volume / thickness.value, Evidence::Prior, "circle: mass / (thickness × density)")
        }
        (None, None) => return Err(RequestError::NoArea(profile.name.clone())),
    };
    outline(hectares(square_metres), Some(evidence), how);
    let centre = match place {
        Some(place) => metres(ground, &[place])?.first().copied().unwrap_or_default(),
        None => (0.0, 0.0),
    };
    Ok(vec![stratum("body", circle(centre, square_metres), thickness.value, variation.value)])
}

/// An area to what an outline bears: whole hectares from ten on.
fn hectares(square_metres: f64) -> String {
    let ha = square_metres / 1e4;
    let decimals = if ha >= 9.95 {
        0
    } else if ha >= 0.995 {
        1
    } else {
        2
    };
    format!("{ha:.decimals$} ha")
}

/// Places in metres of the plane; none where there is no plane.
fn metres(ground: Option<&Ground>, places: &[LonLat]) -> Result<Vec<Point>, RequestError> {
    ground.map_or(Ok(Vec::new()), |ground| {
        ground.metres(places).map_err(|e| RequestError::Place(e.to_string()))
    })
}

/// What must be said of the place of a body that has none of its own.
fn place_note(profile: &Profile, place: Option<LonLat>) -> Option<Basis> {
    let note = |value: String, how: &str| Basis {
        what: "place".into(),
        value,
        evidence: Some(Evidence::Prior),
        how: how.into(),
    };
    match place {
        None => Some(note(
            "not known".into(),
            "holes are metres east and north of the middle: find the body and draw its outline first",
        )),
        Some(place) if profile.place_of == PlaceOf::Site => Some(note(
            format!("{:.4}, {:.4}", place.latitude(), place.longitude()),
            "the place of the site; the body may lie kilometres off: draw its outline first",
        )),
        Some(_) => None,
    }
}

/// A value by the user or by the register.
struct Said {
    value: f64,
    evidence: Option<Evidence>,
    how: String,
}

fn said(given: Option<f64>, figure: &Figure) -> Said {
    match given {
        Some(value) => Said { value, evidence: None, how: "given".into() },
        None => {
            Said { value: figure.best, evidence: Some(figure.evidence), how: figure.how.clone() }
        }
    }
}

fn note(rests_on: &mut Vec<Basis>, what: &str, said: &Said, unit: &str) {
    let decimals = if said.value >= 10.0 {
        0
    } else if said.value >= 1.0 {
        1
    } else {
        2
    };
    let value = format!("{:.decimals$} {unit}", said.value).trim_end().to_owned();
    rests_on.push(Basis {
        what: what.into(),
        value,
        evidence: said.evidence,
        how: said.how.clone(),
    });
}

fn variogram(
    wishes: &Wishes,
    extent_m: f64,
    known: &Knowledge,
    rests_on: &mut Vec<Basis>,
) -> Variogram {
    let (usual_range, usual_nugget) = usual_variogram(extent_m, known);
    let range = wishes.range_m.unwrap_or(usual_range);
    let nugget = wishes.nugget.unwrap_or(usual_nugget);
    let given = wishes.range_m.is_some() && wishes.nugget.is_some();
    rests_on.push(Basis {
        what: "variogram of hole grades".into(),
        value: format!("spherical, nugget {nugget}, range {range:.0} m"),
        evidence: (!given).then_some(Evidence::Prior),
        how: if given { "given".into() } else { "a share of the extent, assumed".into() },
    });
    Variogram { structure: Structure::Spherical, nugget, range }
}

/// Relative deviation of the area, stated or usual.
fn area_error(profile: &Profile, known: &Knowledge) -> f64 {
    match &profile.size.area_m2 {
        Some(area) => area.variation,
        None => known.usual_of_study("error of an area that nobody states"),
    }
}

/// Range in metres and nugget of hole grades over an extent where nobody measured them.
pub(super) fn usual_variogram(extent_m: f64, known: &Knowledge) -> (f64, f64) {
    let usual = |item: &str| known.usual_of_study(item);
    let (least, largest) =
        (usual("least range of hole grades"), usual("largest range of hole grades"));
    let range = usual("range of hole grades over the extent") * extent_m;
    (range.clamp(least, largest), usual("nugget of hole grades"))
}

/// The material for Gy's formula: the main product's carrier at its grade.
fn material(profile: &Profile, known: &Knowledge) -> Option<Material> {
    let main = profile.main_product()?;
    let carrier = known.carriers.iter().find(|c| c.element == main.element)?;
    let bulk = known.bulk_of(&profile.kind);
    Some(Material {
        top_size_cm: bulk.top_size_cm,
        liberation_size_cm: carrier.liberation_cm,
        mineral_share: (main.grade.best / carrier.share).clamp(1e-9, 0.99),
        mineral_density: carrier.density,
        gangue_density: known.usual_of_study("density of gangue"),
        shape: carrier.shape,
        size_range: bulk.size_range,
        liberation_exponent: carrier.exponent,
    })
}

/// Up to eight letters and digits of a name, for labels of holes and names of files and forms.
fn short_name(name: &str) -> String {
    let plain = |c: char| match c {
        'å' | 'Å' | 'ä' | 'Ä' | 'æ' | 'Æ' | 'á' | 'Á' => 'a',
        'ö' | 'Ö' | 'ø' | 'Ø' | 'ó' | 'Ó' => 'o',
        other => other,
    };
    let letters: String =
        name.chars().map(plain).filter(char::is_ascii_alphanumeric).take(8).collect();
    if letters.is_empty() { "H".into() } else { letters.to_uppercase() }
}
