//! Pure functions of varp: import, estimate, classify, rank, pilot.

pub mod classify;
pub mod duty;
