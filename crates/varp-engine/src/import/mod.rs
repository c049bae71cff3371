//! Import: from files as people have them to records, with every problem named and placed.
//!
//! [`run`] reads [`Input`]s through a [`Mapping`] and hands over [`Batch`](varp_model::Batch)es;
//! [`propose`](propose::propose) writes a first mapping from headers and values.

mod cell;
mod check;
mod code;
mod date;
mod issue;
pub mod mapping;
mod measured;
mod number;
pub mod propose;
mod read;
mod run;

pub use cell::CellRef;
pub(crate) use cell::number_text;
pub(crate) use check::usual_oxide_of;
pub use code::Code;
pub use date::{DateFault, Dates, read_date, read_period};
pub use issue::{Column, Group, Issue, Issues, Place, Severity, column_index, column_letters};
pub use mapping::{Mapping, MappingError, QUESTION};
pub use measured::{Marks, Reading, ReadingFault, read_measured};
pub use number::{NumberFault, NumberFormat, parse_number};
pub use read::{Content, Document, Input, Limits, ReadError, ReadSeek, SheetName, TextFormat};
pub use run::{Accept, CORRECTION_COLUMNS, Options, Output, RejectedRow, Report, TableCount, run};
pub(crate) use run::{header_key, matches as matches_pattern, with_defaults};
