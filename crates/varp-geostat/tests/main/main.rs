//! Oracles of independent programs and properties of the whole crate, one binary.

mod compositional;
mod decluster;
mod fit;
mod kriging;
mod properties;
mod simulate;
mod statistics;
mod support;
mod table;
mod variogram;
