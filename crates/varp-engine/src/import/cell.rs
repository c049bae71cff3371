//! Cells on their way from a reader to a record.

use std::borrow::Cow;

use jiff::civil::Date;
use varp_model::{CellValue, Geometry};

/// A cell as a reader hands it on, without copying.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CellRef<'a> {
    /// Nothing at all.
    Empty,
    /// Text, also numbers in text files.
    Text(&'a str),
    /// A number of a spreadsheet or database.
    Number(f64),
    /// A date of a spreadsheet or database.
    Date(Date),
    /// Yes or no.
    Bool(bool),
    /// A geometry of a GIS file.
    Geometry(&'a Geometry),
    /// What a formula could not compute.
    Error(&'a str),
}

impl<'a> CellRef<'a> {
    /// The same cell of a table held in memory.
    pub fn of(value: &'a CellValue) -> Self {
        match value {
            CellValue::Empty => Self::Empty,
            CellValue::Text(text) => Self::Text(text),
            CellValue::Number(number) => Self::Number(*number),
            CellValue::Date(date) => Self::Date(*date),
            CellValue::Bool(b) => Self::Bool(*b),
            CellValue::Geometry(geometry) => Self::Geometry(geometry),
            CellValue::Error(error) => Self::Error(error),
        }
    }

    /// Whether nothing but white space stands in it.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.bytes().all(|b| b == b' ') || text.trim().is_empty(),
            _ => false,
        }
    }

    /// The cell as a person would write it; white space around it is gone.
    pub fn text(&self) -> Cow<'a, str> {
        match self {
            Self::Empty | Self::Geometry(_) => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(trim(text)),
            Self::Number(number) => Cow::Owned(number_text(*number)),
            Self::Date(date) => Cow::Owned(date.to_string()),
            Self::Bool(b) => Cow::Borrowed(if *b { "true" } else { "false" }),
            Self::Error(error) => Cow::Borrowed(error),
        }
    }
}

/// Trims, at the price of a look where there is nothing to trim.
pub(crate) fn trim(text: &str) -> &str {
    let edge = |b: Option<&u8>| b.is_none_or(|b| *b <= b' ' || *b >= 0x80);
    let bytes = text.as_bytes();
    if edge(bytes.first()) || edge(bytes.last()) {
        text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
    } else {
        text
    }
}

/// A spreadsheet's number as its user sees it: 15 significant digits, as spreadsheets show them.
pub(crate) fn number_text(number: f64) -> String {
    let shortest = number.to_string();
    let digits = shortest.bytes().filter(u8::is_ascii_digit).count();
    if digits <= 15 || !number.is_finite() {
        return shortest;
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_spreadsheets_lose_their_binary_noise() {
        assert_eq!(number_text(0.1 + 0.2), "0.3");
        assert_eq!(number_text(41.0), "41");
        assert_eq!(number_text(-0.005), "-0.005");
    }

    #[test]
    fn white_space_of_any_kind_is_trimmed() {
        assert_eq!(trim("\u{a0} Cu \u{2009}"), "Cu");
        assert_eq!(trim("å"), "å");
        assert!(CellRef::Text(" \u{a0}").is_blank());
    }
}
