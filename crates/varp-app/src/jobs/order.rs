//! An order of the public door, run with today's date, a report and a way to stop it.

use std::sync::atomic::AtomicBool;

use varp_geostat::progress::Progress;
use varp_model::References;
use varp_store::Store;

use super::estimate::{Order, OrderError, Ordered, carry_out};

/// Carries out an order; `report` is told the share that is done, `stop` ends it.
///
/// # Errors
/// If the order cannot be carried out, or was stopped.
pub fn run(
    store: &dyn Store,
    order: &Order,
    references: &References,
    report: &(dyn Fn(f64) + Sync),
    stop: &AtomicBool,
) -> Result<Ordered, OrderError> {
    let progress = Progress::none().reporting(report).cancelled_by(stop);
    carry_out(store, order, &super::today(), references, &progress)
}
