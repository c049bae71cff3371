//! What becomes of a body: mass balance of a scenario, residue, avoided primary production.

pub mod avoided;
pub mod balance;
pub mod indicator;
pub mod report;
pub mod residue;
pub mod scenario;
