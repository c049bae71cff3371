//! Oracles of independent programs and properties of the whole crate, one binary.

#![allow(clippy::unwrap_used)]

mod cancel;
mod compositional;
mod decluster;
mod fit;
mod garbage;
mod kriging;
mod properties;
mod published;
mod simulate;
mod statistics;
mod support;
mod table;
mod variogram;
