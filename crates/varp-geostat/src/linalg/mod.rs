//! Eight numbers at a time, and eight small kriging systems at a time.

mod batch;
mod lanes;

pub(crate) use batch::{back_substitute, cholesky_augmented, packed_row};
pub use lanes::{Arithmetic, F64x8, Fused, Job, LANES, Level, one_at_a_time, run, run_at};
