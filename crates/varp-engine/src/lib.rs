//! Pure functions of varp: import, estimate, classify, rank, pilot.

pub mod chance;
pub mod pilot;
pub mod rank;
