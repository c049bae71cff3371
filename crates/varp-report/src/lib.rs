//! Accessible reports: one [`Report`] as a page of HTML and as a tagged PDF.
//!
//! A report is a list of blocks: headings, paragraphs, lists, facts, tables, figures. It knows
//! nothing of mines. [`to_pdf`] writes PDF/UA-1: every block is in the structure tree, figures have
//! a text in their place, tables have headers, the outline follows the headings. [`to_html`] writes
//! the same blocks as one page that needs nothing else. Same report, same bytes.
//!
//! ```
//! use varp_report::{Block, Report, Words};
//! let mut report = Report::new("Study of a pond", "en");
//! report.push(Block::heading(1, "Quantities"));
//! report.push(Block::paragraph("9.8 million tonnes, of which nobody knows the density."));
//! let pdf = varp_report::to_pdf(&report)?;
//! assert!(pdf.starts_with(b"%PDF-1.7"));
//! # Ok::<(), varp_report::ReportError>(())
//! ```

mod chart;
mod document;
mod drawing;
mod font;
mod html;
mod pdf;

pub use chart::{RangeRow, range_chart};
pub use document::{Block, Cell, Column, Day, Figure, Labels, Report, Run, Side, Table, Words};
pub use drawing::{Anchor, Drawing, Ink, Shape};
pub use html::to_html;
pub use pdf::to_pdf;

/// Why a report cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// The standard of accessible PDF asks for something that the report lacks.
    #[error("the report is not accessible: {0}")]
    NotAccessible(String),
}
