//! How much there is: mass from a statement, from a volume, or from an area.

use serde::{Deserialize, Serialize};

use super::figure::Figure;
use super::knowledge::Knowledge;
use super::{BodyRecord, statement};
use crate::pilot::ground::{Ground, box_around, outlines};
use crate::pilot::polygon;
use crate::rank::table::Evidence;

/// Size of a body. What is not known is absent, except thickness and density, which have priors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Size {
    /// Mass, t.
    pub mass_t: Option<Figure>,
    /// Volume, m³.
    pub volume_m3: Option<Figure>,
    /// Area, m².
    pub area_m2: Option<Figure>,
    /// Mean thickness, m.
    pub thickness_m: Figure,
    /// Dry density, t/m³.
    pub density: Figure,
}

pub fn size(record: &BodyRecord, known: &Knowledge) -> Size {
    let stated =
        |property: &str| statement::figure(&record.claims, property, None, known.spread(property));
    let estimate = record.estimate.as_ref();
    let kind = &record.body.kind.0;
    let bulk = known.bulk_of(kind);
    let estimated = estimate.and_then(|e| e.density.clone());
    let density = estimated.or_else(|| stated("density")).unwrap_or_else(|| {
        let how = format!("default density of {kind}");
        Figure::of_default(bulk.density_low, bulk.density_mode, bulk.density_high, how)
    });
    let area = footprint_area(record, known)
        .or_else(|| stated("area"))
        .or_else(|| drilled_area(record, known).filter(|_| stated("mass").is_none()));
    let volume = stated("volume");
    let mass = estimate.map(|e| e.mass_t.clone()).or_else(|| stated("mass"));
    let thickness = stated("thickness")
        .or_else(|| drilled_thickness(record))
        .or_else(|| thickness_from(mass.as_ref(), volume.as_ref(), area.as_ref(), &density))
        .unwrap_or_else(|| {
            let how = format!("default thickness of {kind}");
            Figure::of_default(bulk.thickness_low, bulk.thickness_mode, bulk.thickness_high, how)
        });
    let mass = mass
        .or_else(|| Some(Figure::product(&[volume.as_ref()?, &density], "volume × density")))
        .or_else(|| {
            let how = "area × thickness × density";
            Some(Figure::product(&[area.as_ref()?, &thickness, &density], how))
        });
    Size { mass_t: mass, volume_m3: volume, area_m2: area, thickness_m: thickness, density }
}

/// Thickness that a stated amount has on a stated area.
fn thickness_from(
    mass: Option<&Figure>,
    volume: Option<&Figure>,
    area: Option<&Figure>,
    density: &Figure,
) -> Option<Figure> {
    let area = area?;
    let over = |f: &Figure, how: &str| {
        let inverse = Figure { best: 1.0 / f.best, ..f.clone() };
        (inverse, how.to_owned())
    };
    let (per_area, _) = over(area, "");
    match (volume, mass) {
        (Some(volume), _) => Some(Figure::product(&[volume, &per_area], "volume / area")),
        (None, Some(mass)) => {
            let (per_density, _) = over(density, "");
            Some(Figure::product(&[mass, &per_area, &per_density], "mass / (area × density)"))
        }
        (None, None) => None,
    }
}

/// Area of the box around three holes or more.
fn drilled_area(record: &BodyRecord, known: &Knowledge) -> Option<Figure> {
    let collars = record.collars();
    let ground = Ground::around(*collars.first()?).ok()?;
    let ring = box_around(&ground.metres(&collars).ok()?)?;
    let how = format!("box around {} holes, half a spacing wider", collars.len());
    Some(Figure::new(
        polygon::area(&ring),
        known.spread("area around holes"),
        Evidence::Derived,
        how,
    ))
}

/// Mean depth of three holes or more; what lies below their ends is not known.
fn drilled_thickness(record: &BodyRecord) -> Option<Figure> {
    let depths: Vec<f64> =
        record.holes.iter().filter_map(|h| h.depth_m).filter(|d| *d > 0.0).collect();
    if depths.len() < 3 {
        return None;
    }
    let n = depths.len() as f64;
    let mean = depths.iter().sum::<f64>() / n;
    let squares: f64 = depths.iter().map(|d| (d - mean) * (d - mean)).sum();
    let variation = (squares / (n - 1.0)).sqrt() / mean / n.sqrt();
    let how = format!("mean depth of {} holes, if they reach the base", depths.len());
    Some(Figure::new(mean, variation.max(0.05), Evidence::Derived, how))
}

fn footprint_area(record: &BodyRecord, known: &Knowledge) -> Option<Figure> {
    let rings = outlines(record.body.footprint.as_ref()?)?;
    let area: f64 = rings.iter().map(|ring| polygon::area(ring)).sum();
    let how = "outline in the register";
    (area > 0.0).then(|| Figure::new(area, known.spread("outline"), Evidence::Measured, how))
}
