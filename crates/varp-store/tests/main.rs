//! What a register promises, asked through the trait `Store`, and what the GeoPackage adds.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test panics and prints")]

mod contract;
mod fixture;
mod geopackage;
