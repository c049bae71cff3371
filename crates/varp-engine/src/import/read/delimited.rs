//! Rows of delimited text: quotation marks, line breaks inside them, and the delimiter itself.

use std::ops::ControlFlow;

use super::EachRow;
use crate::import::cell::CellRef;

/// Splits text into rows of fields without copying, but where quotation marks force it to.
pub(super) struct Splitter {
    delimiter: u8,
    columns: usize,
    fields: Vec<Field>,
    unquoted: String,
    row: String,
}

#[derive(Clone, Copy)]
struct Field {
    start: usize,
    end: usize,
    place: Where,
}

#[derive(Clone, Copy, PartialEq)]
enum Where {
    Text,
    Unquoted,
}

impl Splitter {
    pub(super) fn new(delimiter: u8, columns: usize) -> Self {
        Self { delimiter, columns, fields: Vec::new(), unquoted: String::new(), row: String::new() }
    }

    /// Finds the next row of `text`: bytes used, or `None` if the row is not complete.
    ///
    /// At the end of the file (`last`) a row without line break is complete.
    pub(super) fn next(&mut self, text: &str, last: bool) -> Option<usize> {
        self.fields.clear();
        self.unquoted.clear();
        let bytes = text.as_bytes();
        let mut at = 0;
        if bytes.is_empty() {
            return None;
        }
        loop {
            if self.fields.len() > self.columns {
                return Some(at); // too many: the caller stops
            }
            at = if bytes.get(at) == Some(&b'"') {
                self.quoted(text, at, last)?
            } else {
                self.bare(bytes, at, last)?
            };
            match bytes.get(at) {
                Some(b'\n') => return self.complete(text, at, at + 1),
                Some(b'\r') => match bytes.get(at + 1) {
                    Some(b'\n') => return self.complete(text, at, at + 2),
                    None if !last => return None,
                    _ => return self.complete(text, at, at + 1),
                },
                None => return self.complete(text, at, at),
                Some(_) => at += 1, // the delimiter
            }
        }
    }

    fn complete(&mut self, text: &str, end: usize, used: usize) -> Option<usize> {
        self.row.clear();
        self.row.push_str(&text[..end]);
        Some(used)
    }

    fn bare(&mut self, bytes: &[u8], start: usize, last: bool) -> Option<usize> {
        let rest = &bytes[start..];
        let delimiter = self.delimiter;
        let found = rest.iter().position(|&b| b == delimiter || b == b'\n' || b == b'\r');
        let end = match found {
            Some(length) => start + length,
            None if last => bytes.len(),
            None => return None,
        };
        self.fields.push(Field { start, end, place: Where::Text });
        Some(end)
    }

    /// A field in quotation marks; what follows the closing one is kept as it stands.
    fn quoted(&mut self, text: &str, start: usize, last: bool) -> Option<usize> {
        let bytes = text.as_bytes();
        let mut at = start + 1;
        let mut from = at;
        let begin = self.unquoted.len();
        loop {
            let Some(length) = bytes[at..].iter().position(|b| *b == b'"') else {
                return if last { self.unclosed(bytes, start) } else { None };
            };
            at += length;
            match bytes.get(at + 1) {
                Some(b'"') => {
                    self.unquoted.push_str(&text[from..=at]);
                    at += 2;
                    from = at;
                }
                None if !last => return None,
                _ => break,
            }
        }
        let simple = self.unquoted.len() == begin;
        let (closing, mut end) = (at, at + 1);
        while bytes.get(end).is_some_and(|&b| b != self.delimiter && b != b'\n' && b != b'\r') {
            end += 1;
        }
        if end == bytes.len() && !last {
            return None;
        }
        let field = if simple && end == closing + 1 {
            Field { start: start + 1, end: closing, place: Where::Text }
        } else {
            self.unquoted.push_str(&text[from..closing]);
            self.unquoted.push_str(&text[closing + 1..end]);
            Field { start: begin, end: self.unquoted.len(), place: Where::Unquoted }
        };
        self.fields.push(field);
        Some(end)
    }

    /// A quotation mark that nothing closes is a letter like any other.
    fn unclosed(&mut self, bytes: &[u8], start: usize) -> Option<usize> {
        self.bare(bytes, start, true)
    }

    /// Whether the row has more columns than a table may have.
    pub(super) fn too_many(&self) -> bool {
        self.fields.len() > self.columns
    }

    /// Hands the row just found to `each`.
    pub(super) fn hand_over(&self, row: u32, each: &mut EachRow<'_>) -> ControlFlow<()> {
        let mut few = [CellRef::Empty; 64];
        let many: Vec<CellRef<'_>>;
        let cell = |field: &Field| {
            let text = match field.place {
                Where::Text => &self.row[field.start..field.end],
                Where::Unquoted => &self.unquoted[field.start..field.end],
            };
            if text.is_empty() { CellRef::Empty } else { CellRef::Text(text) }
        };
        if self.fields.len() <= few.len() {
            for (slot, field) in few.iter_mut().zip(&self.fields) {
                *slot = cell(field);
            }
            each(row, &few[..self.fields.len()])
        } else {
            many = self.fields.iter().map(cell).collect();
            each(row, &many)
        }
    }
}

/// The delimiter that splits the first rows most regularly.
pub(super) fn sniff_delimiter(text: &str) -> u8 {
    const CANDIDATES: [u8; 4] = [b';', b'\t', b'|', b','];
    let mut best = (b',', 0.0);
    for candidate in CANDIDATES {
        let score = regularity(text, candidate);
        if score > best.1 {
            best = (candidate, score);
        }
    }
    best.0
}

/// Share of the first rows that have the commonest number of columns, times how many that are.
fn regularity(text: &str, delimiter: u8) -> f64 {
    let mut splitter = Splitter::new(delimiter, 4096);
    let mut counts = std::collections::BTreeMap::<usize, u32>::new();
    let (mut start, mut rows) = (0, 0);
    let head = &text[..text.floor_char_boundary(256 << 10)];
    while rows < 200 {
        let Some(used) = splitter.next(&head[start..], true) else { break };
        start += used;
        if splitter.row.trim().is_empty() {
            continue;
        }
        rows += 1;
        *counts.entry(splitter.fields.len()).or_default() += 1;
    }
    let Some((&columns, &same)) = counts.iter().max_by_key(|(columns, n)| (**n, **columns)) else {
        return 0.0;
    };
    let share = f64::from(same) / f64::from(rows.max(1));
    #[expect(clippy::cast_precision_loss, reason = "few columns")]
    if columns < 2 { 0.0 } else { share * share * (columns as f64).ln_1p() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, delimiter: u8) -> Vec<Vec<String>> {
        let mut splitter = Splitter::new(delimiter, 100);
        let (mut start, mut rows) = (0, Vec::new());
        while let Some(used) = splitter.next(&text[start..], true) {
            start += used;
            let mut each = |_: u32, cells: &[CellRef<'_>]| {
                rows.push(cells.iter().map(|c| c.text().into_owned()).collect());
                ControlFlow::Continue(())
            };
            assert!(splitter.hand_over(1, &mut each).is_continue());
        }
        rows
    }

    #[test]
    fn quotation_marks_hold_delimiters_line_breaks_and_themselves() {
        let rows = split("a,\"b,c\",\"d \"\"e\"\"\"\r\n\"two\nlines\",,x\n", b',');
        assert_eq!(rows, [vec!["a", "b,c", "d \"e\""], vec!["two\nlines", "", "x"]]);
    }

    #[test]
    fn blank_lines_are_rows() {
        assert_eq!(split("a\n\nb\n", b',').len(), 3);
    }

    #[test]
    fn the_last_row_needs_no_line_break_and_old_breaks_count() {
        assert_eq!(split("a;b\rc;d", b';'), [["a", "b"], ["c", "d"]]);
    }

    #[test]
    fn a_quotation_mark_that_nothing_closes_is_a_letter() {
        assert_eq!(split("\"a,b\nc,d\n", b','), [["\"a", "b"], ["c", "d"]]);
    }

    #[test]
    fn delimiters_are_recognised_beside_decimal_commas() {
        assert_eq!(sniff_delimiter("id;Cu;Zn\n1;0,5;0,7\n2;1,5;2,25\n"), b';');
        assert_eq!(sniff_delimiter("id\tCu\n1\t0,5\n"), b'\t');
        assert_eq!(sniff_delimiter("id,Cu\n1,0.5\n"), b',');
        assert_eq!(sniff_delimiter("id|name\n1|a, b\n2|c\n"), b'|');
    }
}
