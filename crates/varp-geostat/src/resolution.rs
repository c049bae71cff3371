//! Whether coordinates still have digits left for the places they tell apart.

// The message names every field.
#![allow(missing_docs)]

use thiserror::Error;

use crate::search::bounds;

/// Places so far from the origin that their numbers hardly tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[error(
    "coordinates reach {largest:e} and differ by at most {extent}; numbers of that size are {step} apart, more \
     than a thousandth of it\n  hint: subtract a constant from the coordinates before they are rounded"
)]
pub struct Unresolved {
    pub largest: f64,
    pub extent: f64,
    pub step: f64,
}

/// Largest coordinate, extent, and the distance between neighbouring numbers of that size.
pub(crate) fn resolution(places: &[[f64; 3]]) -> (f64, f64, f64) {
    let (low, high) = bounds(places);
    let largest = low.iter().chain(&high).fold(0.0_f64, |m, c| m.max(c.abs()));
    let extent = (0..3).map(|d| high[d] - low[d]).fold(0.0, f64::max);
    (largest, extent, largest.next_up() - largest)
}

/// Refuses places of which numbers keep less than three digits.
pub(crate) fn check_resolution(places: &[[f64; 3]]) -> Result<(), Unresolved> {
    let (largest, extent, step) = resolution(places);
    match extent > 0.0 && step > 1e-3 * extent {
        true => Err(Unresolved { largest, extent, step }),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn far_places_are_refused_once_rounding_shows() {
        let at = |offset: f64| [[offset, 0.0, 0.0], [offset + 100.0, 50.0, 0.0]];
        assert_eq!(check_resolution(&at(1e12)), Ok(()));
        assert_eq!(
            check_resolution(&at(1e16)),
            Err(Unresolved { largest: 1e16 + 100.0, extent: 100.0, step: 2.0 })
        );
        assert_eq!(check_resolution(&[[1e16, 0.0, 0.0]]), Ok(()));
    }
}
