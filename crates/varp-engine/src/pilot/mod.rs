//! Pilot studies: how many samples, where, how large, at what cost, with what precision.

pub mod polygon;
