//! Pilot studies: how many samples, where, how large, at what cost, with what precision.

pub mod clhs;
pub mod coverage;
pub mod gy;
pub mod information;
pub mod polygon;
pub mod sample_size;
pub mod spatial;
pub mod swaps;
