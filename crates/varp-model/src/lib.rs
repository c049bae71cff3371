//! What things are: sites, bodies, samples, units, bases, places and sources.
//!
//! Nothing here reads a file, a clock or a network. A value is parsed once, at the door; inside, a
//! wrong value cannot be built.

mod assay;
mod attachment;
mod body;
mod change;
mod claim;
mod geometry;
mod hole;
mod id;
mod import;
mod measured;
mod place;
mod references;
mod sample;
mod site;
mod source;
mod stored_result;
mod substance;
mod table;
mod time;
mod units;
mod visibility;
mod zone;

pub use assay::{Assay, Determination, DeterminationId, Digestion};
pub use attachment::{Attached, Attachment, AttachmentStep, Role, StatedError};
pub use body::{Body, BodyKind};
pub use change::{Change, Operation};
pub use claim::{Basis, Claim, ClaimValue, Coverage, Range, Spread, Subject, Term};
pub use geometry::{Bbox, Geometry};
pub use hole::{Hole, Survey};
pub use id::{
    BodyId, ClaimId, Dataset, HoleId, ImportId, ResultId, SampleId, SiteId, SourceId, ZoneId,
    parse_uuid,
};
pub use import::{Batch, Import, SampleRow};
pub use measured::{Measured, Reported};
pub use place::{Converter, Crs, LocalPoint, LonLat, Original, PlaceError, Position};
pub use references::{
    Association, Code, CodeList, Commodity, CountryBox, CrmEntry, CrmList, CrsEntry, FractionRange,
    KindFacts, Listed, Mineral, MineralContent, Property, ReferenceError, References, Size,
    SizeClass, Status, Sum, ValueKind,
};
pub use sample::{QaRole, Sample, SizeFraction};
pub use site::{Country, Site};
pub use source::{Locator, Origin, Source};
pub use stored_result::{
    Decision, ReferenceVersion, RestsOn, ResultKind, ResultRecord, Standing, StoredResult,
};
pub use substance::{Element, Formula, Substance, SubstanceError};
pub use table::{Cell, CellValue, Sheet};
pub use time::{PartialDate, Period};
pub use units::{
    Density, Dimension, FOOT_M, Mass, MassFraction, US_SURVEY_FOOT_M, Unit, UnitError, Volume,
    multiplier,
};
pub use visibility::{Licence, Visibility};
pub use zone::Zone;
