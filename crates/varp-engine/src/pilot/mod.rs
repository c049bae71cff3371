//! Pilot studies: how many samples, where, how large, at what cost, with what precision.

mod class;
pub mod clhs;
pub mod cost;
pub mod coverage;
mod design;
mod drawn;
pub mod gates;
pub mod ground;
pub mod gy;
pub mod information;
pub mod plan;
pub mod polygon;
pub mod quick;
pub mod request;
pub mod sample_size;
pub mod sheet;
pub mod spatial;
pub mod study;
pub mod swaps;
pub mod update;
