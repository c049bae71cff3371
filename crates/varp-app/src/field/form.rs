//! The field form as an XLSForm workbook: sheets survey, choices and settings.

use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};
use varp_engine::pilot::sheet::Sheet;

use super::{Answer, Question, questions};

const SURVEY: [&str; 7] =
    ["type", "name", "label", "required", "constraint", "constraint_message", "default"];
/// Roles of samples: name in the form, words.
pub const ROLES: [(&str, &str); 4] = [
    ("original", "original sample"),
    ("field_duplicate", "field duplicate"),
    ("standard", "reference material"),
    ("blank", "blank"),
];

/// The workbook.
///
/// # Errors
/// If the workbook cannot be made.
pub fn xlsx(sheet: &Sheet) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    survey(workbook.add_worksheet().set_name("survey")?, &questions(sheet))?;
    choices(workbook.add_worksheet().set_name("choices")?, sheet)?;
    let settings = workbook.add_worksheet().set_name("settings")?;
    let id = format!("varp_{}", sheet.study.body.to_lowercase());
    let title = format!("Samples of {}", sheet.profile.name);
    row(settings, 0, &["form_title", "form_id", "version"])?;
    row(settings, 1, &[&title, &id, "1"])?;
    workbook.save_to_buffer()
}

fn survey(sheet: &mut Worksheet, questions: &[Question]) -> Result<(), XlsxError> {
    row(sheet, 0, &SURVEY)?;
    row(sheet, 1, &["start", "start"])?;
    row(sheet, 2, &["end", "end"])?;
    for (line, question) in (3..).zip(questions) {
        let kind = match question.answer {
            Answer::Text => "text",
            Answer::Number => "decimal",
            Answer::Hole => "select_one holes",
            Answer::Role => "select_one roles",
            Answer::Date => "date",
        };
        let required = if question.required { "yes" } else { "" };
        let (rule, message) = question
            .constraint
            .as_ref()
            .map_or(("", ""), |(rule, message)| (rule.as_str(), message.as_str()));
        let default = match question.answer {
            Answer::Role => "original",
            Answer::Date => "today()",
            Answer::Text | Answer::Number | Answer::Hole => "",
        };
        let (name, label) = (&question.name, &question.label);
        row(sheet, line, &[kind, name, label, required, rule, message, default])?;
    }
    Ok(())
}

fn choices(sheet: &mut Worksheet, plan: &Sheet) -> Result<(), XlsxError> {
    row(sheet, 0, &["list_name", "name", "label"])?;
    let mut line = 1;
    for hole in &plan.holes {
        let label = format!("{} ({:.1} m)", hole.name, hole.depth_m);
        row(sheet, line, &["holes", &hole.name, &label])?;
        line += 1;
    }
    for (name, label) in ROLES {
        row(sheet, line, &["roles", name, label])?;
        line += 1;
    }
    Ok(())
}

fn row(sheet: &mut Worksheet, line: u32, cells: &[&str]) -> Result<(), XlsxError> {
    for (column, cell) in (0..).zip(cells) {
        if !cell.is_empty() {
            sheet.write_string(line, column, *cell)?;
        }
    }
    Ok(())
}
