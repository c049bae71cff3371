//! Estimates: tonnes, grades and contained mass of a body from whatever evidence exists.
//!
//! Low and high are the ends of the 80 % interval; best is the median, unless a result says mean.

mod balance;
mod belief;
mod carry;
mod compare;
mod density;
mod geometry;
mod plan;
mod terrain;

pub use balance::{Balance, BalanceError, Correction, MetalFlow, Period, balance};
pub use belief::{Belief, BeliefError, RangeRule};
pub use carry::{Carried, CarryError, Input, Outcome, carry};
pub use compare::{Agreement, Diagnosis, Statement, agreement, diagnose};
pub use density::{bulk_density, dry_density, porosity};
pub use geometry::{
    cone_volume, frustum_volume, paraboloid_volume, polygon_area, prism_volume, prismoid_volume,
};
pub use plan::{
    Basis, EstimateError, EstimationPlan, MassFrom, PlannedProduct, ProductEstimate, Quantity,
    QuantityStatement, estimate,
};
pub use terrain::{Dem, DemError, Level, fill_between, stage_storage};
