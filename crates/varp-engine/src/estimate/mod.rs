//! Estimates: tonnes, grades and contained mass of a body from whatever evidence exists.
//!
//! Low and high are the ends of the 80 % interval; best is the median, unless a result says mean.
//! `plan` and `data` go in, a `statement` and `blocks` come out; see [`estimate_body`].

mod analogue;
mod balance;
mod belief;
mod believed;
mod blocks;
mod cap;
mod carry;
mod combine;
mod compare;
mod consistency;
mod data;
mod density;
mod deposition;
mod error;
mod field;
mod geometry;
mod grade;
mod heights;
mod mass;
mod outline;
mod plan;
mod points;
mod priors;
mod product;
mod quantity;
mod raster;
mod report;
mod rim;
mod run;
mod sampled;
pub mod samples;
mod shares;
mod simulated;
mod skew;
mod solid;
mod sound;
mod statement;
mod stray;
mod surfaces;
mod terrain;
mod thickness;
mod volume;
mod zone;

pub use analogue::{Analogy, Expected, analogy, expected};
pub use balance::{Balance, BalanceError, Correction, MetalFlow, Period, balance};
pub use belief::{Belief, BeliefError, RangeRule};
pub use blocks::{BlockGrades, Blocks};
pub use carry::{Carried, CarryError, Input, Outcome, carry};
pub use combine::{CombineError, CombineRule, Combined, Independent, combine};
pub use compare::{Agreement, Diagnosis, Statement, agreement, diagnose};
pub use consistency::{
    Contradiction, Facts, Stated, contradictions, more_product_than_ore, why_different,
};
pub use data::{
    AssayData, BodyData, GroundPoint, HoleData, KnownGrade, SampleData, Taken, ThicknessPoint,
    ZoneData,
};
pub use density::{bulk_density, dry_density, porosity};
pub use error::EstimateError;
pub use geometry::{
    cone_volume, frustum_volume, paraboloid_volume, polygon_area, prism_volume, prismoid_volume,
};
pub use heights::{HeightUnit, Heights};
pub use mass::{BaseFrom, MassFrom, PlannedCorrection, PlannedFlow, PlannedPeriod, SurfaceError};
pub use outline::contains as inside;
pub use plan::{
    EstimationPlan, PlannedAttachments, PlannedCorrelation, PlannedFiles, PlannedPoints,
};
pub use points::{Points, PointsError};
pub use priors::{DensityPrior, PRIOR_FILES, Priors, RecoveryPrior, Support, Variability};
pub use product::{
    AnaloguePlan, CensoredRule, GradeFrom, Laid, PlannedProduct, Residual, SampleMethod,
    SamplePlan, Scale, Vertical,
};
pub use quantity::{Basis, DensityFrom, Quantity};
pub use run::{estimate, estimate_body};
pub use statement::{
    CrossCheck, CurvePoint, Estimate, EvidenceCap, Lack, ProductEstimate, ProductionCheck,
    QuantityStatement, Sampled, Term, ZoneMean,
};
pub use surfaces::mean_error;
pub use terrain::{Dem, DemError, Level, fill_between, stage_storage};
pub use volume::{Form, VolumeError, VolumeFound, isopach_volume, volume};
pub use zone::zone_holds;
