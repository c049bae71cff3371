//! A copy of a table with a comment at each problem.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use rust_xlsxwriter::{Color, Format, Note, Workbook, Worksheet};
use varp_engine::import::{CellRef, Content, Document, Input, Issue, Limits, TextFormat};

/// Writes the tables of `files` with the issues as comments; one worksheet for each table.
pub fn write(files: &[PathBuf], issues: &[Issue], out: &Path) -> anyhow::Result<()> {
    let mut book = Workbook::new();
    for path in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let file = File::open(path).with_context(|| format!("opening {}", path.display()))?;
        let content = Content::Bytes(Box::new(BufReader::new(file)));
        let input = Input { name: name.clone(), content };
        let Ok(mut document) = Document::open(input, &Limits::default()) else {
            bail!("{} cannot be annotated: it cannot be read as a table", path.display());
        };
        for (at, sheet) in document.sheets().iter().enumerate() {
            let of_sheet = |i: &&Issue| {
                *i.place.file == *name && (i.place.sheet.is_none() || i.place.sheet == sheet.name)
            };
            let found: Vec<&Issue> = issues.iter().filter(of_sheet).collect();
            let worksheet = book.add_worksheet();
            // A name that Excel does not take leaves "Sheet1".
            let _ = worksheet.set_name(sheet.name.as_deref().unwrap_or(&name));
            copy(&mut document, at, worksheet)?;
            comment(worksheet, &found)?;
        }
    }
    book.save(out).with_context(|| format!("writing {}", out.display()))
}

fn copy(document: &mut Document, sheet: usize, worksheet: &mut Worksheet) -> anyhow::Result<()> {
    let mut failed = None;
    let read = document.rows(sheet, &TextFormat::default(), &mut |row, cells| {
        for (column, cell) in cells.iter().enumerate() {
            let place = (row.saturating_sub(1), u16::try_from(column).unwrap_or(u16::MAX));
            let written = match cell {
                CellRef::Empty | CellRef::Geometry(_) => continue,
                CellRef::Number(number) => worksheet.write(place.0, place.1, *number),
                other => worksheet.write(place.0, place.1, other.text().as_ref()),
            };
            if let Err(error) = written {
                failed = Some(error);
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    });
    match failed {
        Some(error) => Err(error.into()),
        None => read.map_err(|error| anyhow::anyhow!("{error}")),
    }
}

fn comment(worksheet: &mut Worksheet, issues: &[&Issue]) -> anyhow::Result<()> {
    let mark = Format::new().set_background_color(Color::RGB(0x00F6_D9C8));
    let mut notes: BTreeMap<(u32, u16), Vec<String>> = BTreeMap::new();
    for issue in issues {
        let Some(row) = issue.place.row else { continue };
        let column = issue.place.column.as_ref().map_or(0, |c| c.index);
        let place = (row.saturating_sub(1), u16::try_from(column).unwrap_or(u16::MAX));
        let hint = issue.hint.as_ref().map_or_else(String::new, |h| format!("\n{h}"));
        let text = format!("{}: {}{hint}", issue.severity.word(), issue.message);
        notes.entry(place).or_default().push(text);
    }
    for ((row, column), texts) in notes {
        worksheet.insert_note(row, column, &Note::new(texts.join("\n\n")))?;
        worksheet.set_cell_format(row, column, &mark)?;
    }
    Ok(())
}
