//! Pure functions of varp: import, estimate, classify, rank, pilot.

pub mod chance;
pub mod circularity;
pub mod classify;
pub mod duty;
pub mod economics;
pub mod estimate;
pub mod pilot;
pub mod portfolio;
pub mod quality;
pub mod rank;
