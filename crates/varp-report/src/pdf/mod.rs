//! The report as a tagged PDF: blocks are laid out on pages, then written with their structure.

mod layout;
mod table;
mod tree;
mod write;

use crate::ReportError;
use crate::document::Report;

/// Writes a report as PDF/UA-1 (PDF 1.7), A4.
///
/// # Errors
/// If the standard asks for something that the report lacks, such as a title or a text in the place
/// of a figure.
pub fn to_pdf(report: &Report) -> Result<Vec<u8>, ReportError> {
    write::write(report, &layout::layout(report))
}
