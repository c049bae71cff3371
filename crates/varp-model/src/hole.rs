//! Drill holes, pits and probes.

use crate::{BodyId, HoleId, Licence, Locator, Origin, Position, SourceId, Visibility};

/// A hole: where it starts, how deep it goes, which way it bends.
#[derive(Clone, Debug, PartialEq)]
pub struct Hole {
    /// Identity.
    pub id: HoleId,
    /// The collection it was imported with and its key there.
    pub origin: Origin,
    /// The body it was sunk into, if known.
    pub body: Option<BodyId>,
    /// Name on the map.
    pub name: String,
    /// Where it starts.
    pub collar: Option<Position>,
    /// Height of the collar in metres and the datum as stated.
    pub elevation_m: Option<f64>,
    /// Datum of heights, such as `RH2000`, `N2000`; `None` is "not stated".
    pub height_datum: Option<String>,
    /// Length along the hole, metres.
    pub depth_m: Option<f64>,
    /// Direction by depth, in order of depth; a vertical hole may have none.
    pub surveys: Vec<Survey>,
    /// How it was made: code of `sampling_methods.csv`.
    pub method: Option<String>,
    /// Where this record comes from.
    pub source: SourceId,
    /// The place in the source.
    pub locator: Locator,
    /// Who may see it.
    pub visibility: Visibility,
    /// Licence, where it differs from that of the source.
    pub licence: Option<Licence>,
}

/// Direction of a hole at a depth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Survey {
    /// Length along the hole, metres.
    pub depth_m: f64,
    /// Degrees clockwise from north, 0 up to 360.
    pub azimuth: f64,
    /// Degrees below the horizontal: 90 is straight down.
    pub dip: f64,
}
