//! Which system the coordinates are in, and which of them is east.

use varp_model::{CrsEntry, References};

use super::column::Column;

/// What the ranges of two columns of coordinates tell.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct PlaceGuess {
    /// Systems that nearly all pairs fit, with east in the first column.
    pub(crate) straight: Vec<u16>,
    /// Systems that nearly all pairs fit, with east in the second column.
    pub(crate) swapped: Vec<u16>,
}

/// Compares the pairs of two columns with the ranges of all systems in use.
pub(crate) fn guess(
    first: &Column,
    second: &Column,
    country: Option<&str>,
    references: &References,
) -> PlaceGuess {
    let pairs: Vec<(f64, f64)> =
        first.values.iter().copied().zip(second.values.iter().copied()).collect();
    let fitting = |swap: bool| {
        let regional = references.crs.iter().filter(|e| !is_continental(e));
        let mut fitting: Vec<&CrsEntry> =
            regional.filter(|e| share(&pairs, e, swap) > 0.95).collect();
        // where the country is known, the systems of that country come first and alone
        if let Some(country) = country {
            let national = |e: &&CrsEntry| e.countries.split_whitespace().any(|c| c == country);
            if fitting.iter().any(national) {
                fitting.retain(national);
            }
        }
        fitting.iter().map(|e| e.epsg).collect()
    };
    let guess = PlaceGuess { straight: fitting(false), swapped: fitting(true) };
    if guess.straight.is_empty() && guess.swapped.is_empty() {
        let continental = references.crs.iter().filter(|e| is_continental(e));
        let fitting = continental.filter(|e| share(&pairs, e, false) > 0.95);
        return PlaceGuess { straight: fitting.map(|e| e.epsg).collect(), swapped: Vec::new() };
    }
    guess
}

/// Whether most pairs fit a system that the headers name, with east in either column: single rows
/// may be wrong.
pub(crate) fn fits(first: &Column, second: &Column, epsg: u16, references: &References) -> bool {
    let pairs: Vec<(f64, f64)> =
        first.values.iter().copied().zip(second.values.iter().copied()).collect();
    let entry = references.crs_entry(epsg);
    entry.is_some_and(|e| share(&pairs, e, false) > 0.6 || share(&pairs, e, true) > 0.6)
}

/// Whether a projected system spans a continent: nearly any number of metres fits it, so it is
/// guessed only where nothing else fits.
fn is_continental(entry: &CrsEntry) -> bool {
    entry.x_max - entry.x_min > 2e6
}

/// Share of the pairs that lie within the ranges of a system; (0, 0) is nowhere.
fn share(pairs: &[(f64, f64)], entry: &CrsEntry, swap: bool) -> f64 {
    let real: Vec<(f64, f64)> = pairs.iter().copied().filter(|pair| *pair != (0.0, 0.0)).collect();
    if real.is_empty() {
        return 0.0;
    }
    let within = |&&(a, b): &&(f64, f64)| {
        let (x, y) = if swap { (b, a) } else { (a, b) };
        (entry.x_min..=entry.x_max).contains(&x) && (entry.y_min..=entry.y_max).contains(&y)
    };
    let count = real.iter().filter(within).count();
    #[expect(clippy::cast_precision_loss, reason = "few thousand rows")]
    {
        count as f64 / real.len() as f64
    }
}
