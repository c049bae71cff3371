//! Tests of the report.

#[path = "main/pdf.rs"]
mod pdf;
