//! Progress and cancellation of long computations.

use std::sync::atomic::{AtomicBool, Ordering};

/// Told how far a computation is, and asked whether to go on.
#[derive(Clone, Copy, Default)]
pub struct Progress<'a> {
    report: Option<&'a (dyn Fn(f64) + Sync)>,
    cancel: Option<&'a AtomicBool>,
}

/// The caller asked to stop; nothing was returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cancelled")]
pub struct Cancelled;

impl<'a> Progress<'a> {
    /// Nobody listens, nobody cancels.
    pub fn none() -> Self {
        Self::default()
    }

    /// Calls `report` with the finished fraction, 0 to 1, from one thread at a time.
    pub fn reporting(self, report: &'a (dyn Fn(f64) + Sync)) -> Self {
        Self { report: Some(report), ..self }
    }

    /// Stops soon after `cancel` becomes true.
    pub fn cancelled_by(self, cancel: &'a AtomicBool) -> Self {
        Self { cancel: Some(cancel), ..self }
    }

    /// The same without reports, for a part whose share of the whole is not known.
    pub(crate) fn silent(self) -> Self {
        Self { report: None, ..self }
    }

    /// Whether the caller wants to stop; workers ask before each piece, so that a stop is prompt
    /// whatever number of pieces a step has.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancel.is_some_and(|flag| flag.load(Ordering::Relaxed))
    }

    /// To be called between pieces of work: reports `done / total`, fails once cancelled.
    pub fn step(&self, done: usize, total: usize) -> Result<(), Cancelled> {
        if let Some(report) = self.report {
            report(if total == 0 { 1.0 } else { done as f64 / total as f64 });
        }
        if self.is_cancelled() { Err(Cancelled) } else { Ok(()) }
    }
}
