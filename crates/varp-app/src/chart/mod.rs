//! Charts from plain numbers to SVG, for pages, reports and the command line.
//!
//! Colours and strokes come from classes of the page's style sheet; every chart carries its words
//! in `<title>`, so it says the same to a reader who does not see it.

mod acceptability;
mod axes;
mod continuity;
mod curve;
mod distribution;
mod document;
mod field;
mod frontier;
mod grade_tonnage;
mod histogram;
mod levels;
mod map;
mod picture;
mod plan;
mod plot;
mod projection;
mod quantiles;
mod range_bar;
mod sankey;
mod scale;
mod scatter;
mod shares;
mod steps;
mod study_map;
mod variogram;

pub use acceptability::{Row as AcceptabilityRow, acceptability, shades};
pub use continuity::{ContinuityWords, continuity};
pub use curve::curve;
pub use distribution::distribution;
pub use document::{Panel, document};
pub use field::{Field, field};
pub use frontier::{FrontierMark, frontier};
pub use grade_tonnage::{CutoffRow, SIZE as GRADE_TONNAGE_SIZE, grade_tonnage};
pub use histogram::{Bin, bins, histogram};
pub use levels::levels;
pub use map::{MapFrame, Mark, locator};
pub use plan::{Plan, plan};
pub use projection::Projection;
pub use quantiles::{SQUARE_SIZE, quantiles};
pub use range_bar::{RangeBar, range_bar};
pub use sankey::{Band, sankey};
pub use scale::Scale;
pub use scatter::scatter;
pub use shares::shares;
pub use steps::steps;
pub use study_map::{StudyMap, study_map};
pub use variogram::{SIZE as VARIOGRAM_SIZE, VariogramSeries, variogram};

/// A length in SVG user units with at most one decimal, so that pages stay small.
fn px(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    if rounded == 0.0 { "0".into() } else { rounded.to_string() }
}
