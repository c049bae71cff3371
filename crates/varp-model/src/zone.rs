//! Zones: parts of a body treated as one statistical population.

use crate::{BodyId, Geometry, Locator, SourceId, Visibility, ZoneId};

/// A part of a body treated as one statistical population.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone {
    /// Identity.
    pub id: ZoneId,
    /// The body it is part of.
    pub body: BodyId,
    /// Name, such as "sulphide sand" or "upper 2 m".
    pub name: String,
    /// Outline in WGS 84, where it differs from the body's.
    pub outline: Option<Geometry>,
    /// Depth of its top below the surface, metres.
    pub top_m: Option<f64>,
    /// Depth of its base below the surface, metres.
    pub base_m: Option<f64>,
    /// Where this record comes from.
    pub source: SourceId,
    /// The place in the source.
    pub locator: Locator,
    /// Who may see it.
    pub visibility: Visibility,
}
