//! Pure functions of varp: import, estimate, classify, rank, pilot.

pub mod chance;
pub mod classify;
pub mod duty;
pub mod estimate;
pub mod pilot;
pub mod rank;
