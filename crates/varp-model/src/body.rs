//! Bodies of mineral matter: deposits in the ground and what mining left behind, on one footing.

use std::fmt;

use crate::{
    BodyId, Geometry, Licence, Locator, Origin, Period, Position, SiteId, SourceId, Visibility,
};

/// Kind of body: a code of the reference list `body_kinds.csv`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BodyKind(pub String);

impl BodyKind {
    /// A mineral deposit in the ground: what classification calls primary.
    pub const DEPOSIT: &'static str = "deposit";

    /// Whether it lies where nature put it.
    pub fn is_primary(&self) -> bool {
        self.0 == Self::DEPOSIT
    }
}

impl fmt::Display for BodyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A body of mineral matter at a site: a deposit, a tailings pond, a waste-rock dump, a slag heap.
///
/// What sources say of it (tonnage, owner, permits) are [claims](crate::Claim) about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    /// Identity.
    pub id: BodyId,
    /// The collection it was imported with and its key there.
    pub origin: Origin,
    /// The site it belongs to.
    pub site: SiteId,
    /// Name in the local language.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// What it is; code of `body_kinds.csv`.
    pub kind: BodyKind,
    /// Where it is, as one point.
    pub position: Option<Position>,
    /// Its outline in WGS 84; shown as far as its position may be shown.
    pub footprint: Option<Geometry>,
    /// When it was laid down or worked.
    pub period: Option<Period>,
    /// Status of the mine; code of `mine_status.csv`.
    pub status: Option<String>,
    /// How it is stored; code of `waste_storage.csv`.
    pub storage: Option<String>,
    /// Entry of the European List of Waste, such as `01 03 06`.
    pub list_of_waste: Option<String>,
    /// What was mined or processed: codes of `commodities.csv`.
    pub commodities: Vec<String>,
    /// The deposit that its material came from.
    pub origin_deposit: Option<BodyId>,
    /// Type of deposit in the source's words.
    pub deposit_type: Option<String>,
    /// What else the source says.
    pub note: Option<String>,
    /// Where this record comes from.
    pub source: SourceId,
    /// The place in the source.
    pub locator: Locator,
    /// Who may see it.
    pub visibility: Visibility,
    /// Licence, where it differs from that of the source.
    pub licence: Option<Licence>,
}
