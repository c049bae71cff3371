//! Pure functions of varp: import, estimate, classify, rank, pilot.
//!
//! Bytes and records in, records and results out: no clock, no database, no network.

pub mod capture;
pub mod chance;
pub mod circularity;
pub mod classify;
pub mod duty;
pub mod economics;
pub mod estimate;
pub mod import;
pub mod layout;
pub mod matching;
pub mod pilot;
pub mod planning;
pub mod portfolio;
pub mod profile;
pub mod quality;
pub mod rank;
pub mod review;
mod rows;
pub mod trial;
