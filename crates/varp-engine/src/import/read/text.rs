//! Text files: what they are written in, and their rows.

use std::io::{Read, Seek};
use std::ops::ControlFlow;

use super::delimited::{Splitter, sniff_delimiter};
use super::encoding::{Decoder, TextEncoding, detect};
use super::{EachRow, Limits, ReadError, ReadSeek, TextFormat};
use crate::import::Code;

/// A text file, open.
pub(super) struct TextFile {
    bytes: Box<dyn ReadSeek>,
}

const CHUNK: usize = 1 << 20;

impl TextFile {
    pub(super) fn open(mut bytes: Box<dyn ReadSeek>) -> Result<Self, ReadError> {
        let mut head = vec![0; 64 << 10];
        let length = read_up_to(&mut bytes, &mut head).map_err(|e| ReadError::io(&e))?;
        bytes.rewind().map_err(|e| ReadError::io(&e))?;
        head.truncate(length);
        if head.is_empty() {
            return Err(ReadError::new(Code::UNREADABLE, "the file is empty"));
        }
        if looks_binary(&head) {
            return Err(ReadError::new(
                Code::UNREADABLE,
                "the file is not a table: it is not text",
            )
            .hint("varp reads CSV, TSV, XLSX, XLS, ODS, GeoJSON, GeoPackage and Shapefile"));
        }
        Ok(Self { bytes })
    }

    pub(super) fn rows(
        &mut self,
        format: &TextFormat,
        limits: &Limits,
        each: &mut EachRow<'_>,
    ) -> Result<(), ReadError> {
        let encoding = match &format.encoding {
            Some(name) => TextEncoding::named(name).ok_or_else(|| {
                ReadError::new(Code::ENCODING, format!("\"{name}\" is not an encoding"))
                    .hint("utf-8, utf-16, windows-1252, iso-8859-1, iso-8859-10 or cp850")
            })?,
            None => {
                self.bytes.rewind().map_err(|e| ReadError::io(&e))?;
                detect(&mut self.bytes).map_err(|e| ReadError::io(&e))?
            }
        };
        self.bytes.rewind().map_err(|e| ReadError::io(&e))?;
        let mut stream = Stream {
            bytes: &mut self.bytes,
            decoder: encoding.decoder(),
            text: String::with_capacity(2 * CHUNK),
            raw: vec![0; CHUNK],
            done: false,
        };
        stream.fill()?;
        let after_sep = separator_line(&stream.text);
        let delimiter = match (format.delimiter, after_sep) {
            (Some(delimiter), _) => delimiter,
            (None, Some((delimiter, _))) => delimiter,
            (None, None) => sniff_delimiter(&stream.text),
        };
        let start = after_sep.map_or(0, |(_, length)| length);
        stream.text.drain(..start);
        stream.split(delimiter, limits, each)
    }
}

struct Stream<'a> {
    bytes: &'a mut Box<dyn ReadSeek>,
    decoder: Decoder,
    text: String,
    raw: Vec<u8>,
    done: bool,
}

impl Stream<'_> {
    /// Reads on: one more chunk behind the text that is left.
    fn fill(&mut self) -> Result<(), ReadError> {
        let length = read_up_to(self.bytes, &mut self.raw).map_err(|e| ReadError::io(&e))?;
        self.done = length < self.raw.len();
        self.decoder.decode(&self.raw[..length], self.done, &mut self.text)
    }

    fn split(
        &mut self,
        delimiter: u8,
        limits: &Limits,
        each: &mut EachRow<'_>,
    ) -> Result<(), ReadError> {
        let mut splitter = Splitter::new(delimiter, limits.columns);
        let mut row = 0;
        loop {
            let mut start = 0;
            while let Some(used) = splitter.next(&self.text[start..], self.done) {
                row += 1;
                if splitter.too_many() {
                    return Err(too_many_columns(row, limits));
                }
                if splitter.hand_over(row, each) == ControlFlow::Break(()) {
                    return Ok(());
                }
                start += used;
            }
            self.text.drain(..start);
            if self.done {
                return Ok(());
            }
            if self.text.len() > limits.row_bytes {
                return Err(too_long(row + 1, limits));
            }
            self.fill()?;
        }
    }
}

fn too_long(row: u32, limits: &Limits) -> ReadError {
    let size = limits.row_bytes >> 20;
    ReadError::new(Code::TOO_LONG, format!("row {row} is longer than {size} MiB"))
        .at(row)
        .hint("a quotation mark that is never closed, or a file that is not a table")
}

fn too_many_columns(row: u32, limits: &Limits) -> ReadError {
    let columns = limits.columns;
    ReadError::new(Code::TOO_LONG, format!("row {row} has more than {columns} columns"))
        .at(row)
        .hint("say `delimiter` in the table of the mapping, if it was not recognised")
}

/// `sep=;` as the first line, as spreadsheets write and hide it: delimiter and length.
fn separator_line(text: &str) -> Option<(u8, usize)> {
    let line = text.split_inclusive('\n').next()?;
    let sign = line.trim_end().trim_matches('"').strip_prefix("sep=")?;
    let sign = if sign.is_empty() { "\t" } else { sign };
    (sign.len() == 1).then(|| (sign.as_bytes()[0], line.len()))
}

fn looks_binary(head: &[u8]) -> bool {
    let utf16 = head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]);
    let nulls = head.iter().filter(|b| **b == 0).count();
    let control =
        head.iter().filter(|b| **b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0)).count();
    // UTF-16 of Latin text has a null in every other byte, all on one side
    let side = head.iter().step_by(2).filter(|b| **b == 0).count();
    let one_sided = nulls > head.len() / 4 && (side * 20 < nulls || side * 20 > nulls * 19);
    !utf16 && (control * 50 > head.len() || (nulls > 0 && !one_sided))
}

/// Reads until the buffer is full or the file ends.
pub(super) fn read_up_to(reader: &mut dyn Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match reader.read(&mut buffer[length..]) {
            Ok(0) => break,
            Ok(n) => length += n,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

/// Reads a file whole, if it is not too large for that.
pub(super) fn read_whole(
    mut bytes: Box<dyn ReadSeek>,
    limits: &Limits,
) -> Result<Vec<u8>, ReadError> {
    let mut whole = Vec::new();
    bytes.rewind().map_err(|e| ReadError::io(&e))?;
    let read = bytes.by_ref().take(limits.whole_bytes + 1).read_to_end(&mut whole);
    read.map_err(|e| ReadError::io(&e))?;
    if whole.len() as u64 > limits.whole_bytes {
        let size = limits.whole_bytes >> 20;
        let message = format!("the file is larger than {size} MiB, the most that is read whole");
        return Err(ReadError::new(Code::TOO_LARGE, message).hint("save it as CSV or GeoPackage"));
    }
    Ok(whole)
}
