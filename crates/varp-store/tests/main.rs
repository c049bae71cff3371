//! What a register promises, asked through the trait `Store`, and what the GeoPackage adds.

mod contract;
mod fixture;
mod geopackage;
