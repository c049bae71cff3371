//! Pure functions of varp: import, estimate, classify, rank, pilot.

pub mod chance;
pub mod classify;
pub mod duty;
pub mod pilot;
pub mod portfolio;
pub mod rank;
