//! Archives: what is in them, and how large it is when inflated.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use zip::ZipArchive;

use super::{Limits, ReadError, ReadSeek};
use crate::import::Code;

/// Parts below this inflate as they like, bytes.
const SMALL: u64 = 32 << 20;
/// Sheets of real tables inflate to 5 to 40 times their size; the best that the method can do is
/// about 1032. Source: P. Deutsch, RFC 1951 (a match of 258 bytes in two bits).
const MOST_RATIO: u64 = 200;

fn damaged(error: &dyn std::fmt::Display) -> ReadError {
    ReadError::new(Code::UNREADABLE, format!("the archive is damaged: {error}"))
        .hint("open it in the program that made it and save it again")
}

/// Inflates every part, keeps nothing, and refuses what is too large; names of the parts.
///
/// Sizes written in the archive are not believed.
pub(super) fn count(
    bytes: Box<dyn ReadSeek>,
    limits: &Limits,
) -> Result<(Box<dyn ReadSeek>, Vec<String>), ReadError> {
    let mut archive = ZipArchive::new(bytes).map_err(|e| damaged(&e))?;
    let mut names = Vec::with_capacity(archive.len().min(10_000));
    let mut buffer = vec![0; 64 << 10];
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(|e| damaged(&e))?;
        let name = part.name().map_err(|e| damaged(&e))?.into_owned();
        let limit = if name.starts_with("xl/worksheets/") {
            limits.worksheet_bytes
        } else {
            limits.part_bytes
        };
        let packed = part.compressed_size().max(1);
        let mut size = 0;
        loop {
            let length = part.read(&mut buffer).map_err(|e| damaged(&e))?;
            if length == 0 {
                break;
            }
            size += length as u64;
            if size > limit {
                return Err(too_large(&name, limit));
            }
            if size > SMALL && size / packed > MOST_RATIO {
                let message = format!(
                    "its part {name} inflates to more than {MOST_RATIO} times its size, as no table does"
                );
                return Err(ReadError::new(Code::TOO_LARGE, message).hint("save the table as CSV"));
            }
        }
        names.push(name);
    }
    let mut bytes = archive.into_inner();
    bytes.rewind().map_err(|e| ReadError::io(&e))?;
    Ok((bytes, names))
}

fn too_large(part: &str, limit: u64) -> ReadError {
    let size = limit >> 20;
    let message = format!("its part {part} is larger than {size} MiB when inflated");
    ReadError::new(Code::TOO_LARGE, message).hint("save the table as CSV")
}

/// Every part of a small archive, by its name without folders.
pub(super) fn parts(
    bytes: Box<dyn ReadSeek>,
    limits: &Limits,
) -> Result<BTreeMap<String, Vec<u8>>, ReadError> {
    let mut archive = ZipArchive::new(bytes).map_err(|e| damaged(&e))?;
    let mut parts = BTreeMap::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(|e| damaged(&e))?;
        let path = part.name().map_err(|e| damaged(&e))?.into_owned();
        let name = path.rsplit('/').next().unwrap_or_default().to_owned();
        let wanted = ["shp", "dbf", "cpg", "prj"];
        let ending = name.rsplit_once('.').map_or("", |(_, e)| e).to_lowercase();
        if wanted.contains(&ending.as_str()) {
            let mut content = Vec::new();
            let read = part.by_ref().take(limits.part_bytes).read_to_end(&mut content);
            read.map_err(|e| damaged(&e))?;
            parts.insert(name, content);
        }
    }
    Ok(parts)
}
