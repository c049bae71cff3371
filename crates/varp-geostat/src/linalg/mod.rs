//! Eight numbers at a time, eight small kriging systems at a time, many right-hand sides of one.

mod batch;
mod lanes;
mod panel;

pub(crate) use batch::{back_substitute, cholesky_augmented, packed_row};
pub use lanes::{Arithmetic, F64x8, Fused, Job, LANES, Level, one_at_a_time, run, run_at};
pub(crate) use panel::{PANEL, Triangle, WIDE};
