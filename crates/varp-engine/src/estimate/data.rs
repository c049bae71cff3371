//! What is known of a body in numbers: the input of an estimate beside its plan.

use std::collections::BTreeMap;

use geo_types::MultiPolygon;
use varp_model::{Measured, QaRole, SizeFraction, Survey};

use super::terrain::Dem;

/// Numbers of one body in one projected system, metres east, north and up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BodyData {
    /// Outline of the body.
    pub outline: Option<MultiPolygon<f64>>,
    /// Holes, in the order of the register.
    pub holes: Vec<HoleData>,
    /// Samples of holes and of the surface.
    pub samples: Vec<SampleData>,
    /// Thickness measured otherwise than by holes.
    pub thickness: Vec<ThicknessPoint>,
    /// Surfaces by name.
    pub surfaces: BTreeMap<String, Dem>,
    /// Points on the old ground: from the rim, soundings, holes that reached it.
    pub ground: Vec<GroundPoint>,
    /// Parts treated as one population each.
    pub zones: Vec<ZoneData>,
    /// Grades of other bodies.
    pub analogues: Vec<KnownGrade>,
    /// What the register holds and an estimate cannot take, a sentence each.
    pub unread: Vec<String>,
}

impl BodyData {
    /// Bytes that change when any number does: what a result pins by hash.
    pub fn canonical(&self) -> Vec<u8> {
        format!("{self:?}").into_bytes()
    }

    /// Whether claims about holes or control samples are part of it.
    pub fn has_own_claims(&self) -> bool {
        self.holes.iter().any(|h| h.reached_base.is_some())
            || self.samples.iter().any(|s| s.role != QaRole::Original)
    }
}

/// A hole.
#[derive(Clone, Debug, PartialEq)]
pub struct HoleData {
    /// Name on the map.
    pub name: String,
    /// East, north, height of the collar; without height 0, and only depths count.
    pub collar: Option<[f64; 3]>,
    /// Directions by depth.
    pub surveys: Vec<Survey>,
    /// How far below the collar it ends, metres: less than its length where it is inclined.
    pub depth_m: Option<f64>,
    /// Whether it went through to natural ground; `None` is not stated.
    pub reached_base: Option<bool>,
}

/// A sample with its assays.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleData {
    /// Label.
    pub name: String,
    /// Where it was taken.
    pub taken: Taken,
    /// What it is for.
    pub role: QaRole,
    /// Label of the sample that it repeats, for a duplicate.
    pub repeats: Option<String>,
    /// The grains it is of; `None` is the whole material.
    pub size_fraction: Option<SizeFraction>,
    /// What was found.
    pub assays: Vec<AssayData>,
}

/// Where a sample was taken.
#[derive(Clone, Debug, PartialEq)]
pub enum Taken {
    /// An interval of a hole, metres along it.
    Interval {
        /// Name of the hole.
        hole: String,
        /// Start.
        from_m: f64,
        /// End.
        to_m: f64,
    },
    /// A place with an interval of depth below the surface there.
    Place {
        /// East and north.
        at: [f64; 2],
        /// Depth of its top, metres.
        from_m: f64,
        /// Depth of its bottom, metres.
        to_m: f64,
    },
}

/// What was found of one substance.
#[derive(Clone, Debug, PartialEq)]
pub struct AssayData {
    /// Substance code.
    pub substance: String,
    /// Mass fraction of dry material; below or above a limit stays so.
    pub value: Measured<f64>,
    /// Digestion and method, such as `total, ICP-MS`: other methods are other variables.
    pub method: String,
    /// The grains analysed, where this is one fraction of the sample.
    pub size_fraction: Option<SizeFraction>,
    /// Certified mass fraction and its standard deviation, for a reference material.
    pub certified: Option<(f64, f64)>,
}

/// A thickness at a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ThicknessPoint {
    /// East and north.
    pub at: [f64; 2],
    /// Metres.
    pub thickness_m: f64,
    /// Standard deviation of the measurement, metres.
    pub sd_m: f64,
}

/// A point of the old ground.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroundPoint {
    /// East and north.
    pub at: [f64; 2],
    /// Height, metres.
    pub height_m: f64,
    /// Whether it was sounded from above (ERT, TEM, probing) rather than seen.
    pub sounded: bool,
}

/// A zone.
#[derive(Clone, Debug, PartialEq)]
pub struct ZoneData {
    /// Name.
    pub name: String,
    /// Outline where it differs from the body's.
    pub outline: Option<MultiPolygon<f64>>,
    /// Depth of its top below the surface, metres.
    pub top_m: Option<f64>,
    /// Depth of its base below the surface, metres.
    pub base_m: Option<f64>,
}

/// A grade of another body.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownGrade {
    /// Name of the body.
    pub body: String,
    /// Its kind.
    pub kind: String,
    /// Type of deposit its material came from; empty is not known.
    pub deposit_type: String,
    /// Substance code.
    pub substance: String,
    /// Mass fraction of the whole body; `Below` where only a limit is known.
    pub grade: Measured<f64>,
}
