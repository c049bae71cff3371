//! Pure functions of varp: import, estimate, classify, rank, pilot.
//!
//! Bytes and records in, records and results out: no clock, no database, no network.

pub mod import;
