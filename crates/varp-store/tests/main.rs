//! What a register promises, asked through the trait `Store`, and what the GeoPackage adds.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod contract;
mod fixture;
mod geopackage;
