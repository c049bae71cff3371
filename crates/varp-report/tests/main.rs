//! Tests of the report.

#[path = "main/pdf.rs"]
mod pdf;
#[path = "main/structure.rs"]
mod structure;
