//! Document review of a body: the form to fill in, its mapping, and what was searched so far.

use std::path::Path;

use rust_xlsxwriter::{DataValidation, Format, FormatBorder, Workbook, Worksheet, XlsxError};
use varp_engine::review::{DEFAULT, Finding, Question, finding, questions};
use varp_model::{Body, BodyId, ClaimValue, Visibility};
use varp_store::{Store, StoreError};

/// Columns of the form.
const COLUMNS: [(&str, f64); 19] = [
    ("Nr", 5.0),
    ("Section", 18.0),
    ("Question", 48.0),
    ("Look in", 36.0),
    ("Property", 16.0),
    ("Substance", 11.0),
    ("Value", 30.0),
    ("Low", 11.0),
    ("High", 11.0),
    ("Unit", 9.0),
    ("Basis", 9.0),
    ("Term", 11.0),
    ("Date", 12.0),
    ("Period", 14.0),
    ("How found", 24.0),
    ("Document", 36.0),
    ("Address or shelf mark", 26.0),
    ("Page", 9.0),
    ("Remark", 30.0),
];

/// Row of the header of the form, counted from 1.
const HEADER: u32 = 5;

/// A form and the mapping that reads it.
pub struct Form {
    /// The workbook.
    pub workbook: Vec<u8>,
    /// The mapping, to stand beside it under the same name.
    pub mapping: String,
    /// Number of questions.
    pub questions: usize,
}

/// Why no form can be made.
#[derive(Debug, thiserror::Error)]
pub enum FormError {
    /// The register cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such body.
    #[error("there is no body {0}")]
    NoBody(BodyId),
    /// The workbook cannot be written.
    #[error("writing the form: {0}")]
    Workbook(#[from] XlsxError),
    /// The embedded questions cannot be read.
    #[error("reading the questions: {0}")]
    Questions(String),
}

/// The form of a body. `file` is the name under which it will be stored.
///
/// # Errors
/// If there is no such body, or the form cannot be written.
pub fn review_form(store: &dyn Store, id: BodyId, file: &Path) -> Result<Form, FormError> {
    let page = store.body(id, Visibility::Private)?.ok_or(FormError::NoBody(id))?;
    let body = &page.item.body;
    let all = questions(DEFAULT).map_err(|e| FormError::Questions(e.to_string()))?;
    let file = file.file_name().unwrap_or_default().to_string_lossy();
    let title = format!("{}, {}, {}", body.name, page.site.name, page.item.country.code());
    Ok(Form {
        workbook: workbook(&title, body, &all)?,
        mapping: mapping(body, &file),
        questions: all.len(),
    })
}

fn workbook(title: &str, body: &Body, questions: &[Question]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let sheet = book.add_worksheet().set_name("Review")?;
    sheet.write_string_with_format(0, 0, format!("Document review: {title}"), &bold)?;
    sheet.write_string(
        1,
        0,
        "One row per fact. Write what the document says, with its page. More facts of one kind: copy the \
         row and give it a new number. Rows without a value are not read.",
    )?;
    sheet.write_string(
        2,
        0,
        "Searched and found nothing? Say so in a row of \"what was searched\", with document or archive. \
         Then: varp import THIS FILE.",
    )?;
    let header = HEADER - 1;
    for (at, (name, width)) in COLUMNS.iter().enumerate() {
        let column = at as u16;
        sheet.write_string_with_format(header, column, *name, &bold)?;
        sheet.set_column_width(column, *width)?;
    }
    write_questions(sheet, body, questions)?;
    let last = header + questions.len() as u32;
    for (column, words) in [
        (10, &["dry", "wet", "unstated"][..]),
        (11, &["original", "remaining", "produced", "unstated"][..]),
    ] {
        let list = DataValidation::new().allow_list_strings(words)?;
        sheet.add_data_validation(header + 1, column, last, column, &list)?;
    }
    sheet.set_freeze_panes(HEADER, 3)?;
    book.save_to_buffer()
}

/// A row per question, what is given shaded, what is open framed.
fn write_questions(
    sheet: &mut Worksheet,
    body: &Body,
    questions: &[Question],
) -> Result<(), XlsxError> {
    let given = Format::new().set_background_color("EFEBE1").set_text_wrap();
    let open = Format::new().set_text_wrap().set_border(FormatBorder::Hair);
    let header = HEADER - 1;
    for (i, q) in questions.iter().enumerate() {
        let row = header + 1 + i as u32;
        let number = format!("review-{}-{}", body.origin.key, i + 1);
        let cells: [&str; 12] = [
            &number,
            &q.section,
            &q.question,
            &q.documents,
            &q.property,
            &q.substance,
            "",
            "",
            "",
            &q.unit,
            &q.basis,
            &q.term,
        ];
        for (at, text) in cells.iter().enumerate() {
            let fixed = at < 5 && at != 0;
            let format = if fixed { &given } else { &open };
            sheet.write_string_with_format(row, at as u16, *text, format)?;
        }
        for at in cells.len()..COLUMNS.len() {
            sheet.write_blank(row, at as u16, &open)?;
        }
    }
    Ok(())
}

/// The mapping that reads the form: claims about the body, each with its document and page.
fn mapping(body: &Body, file: &str) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    format!(
        r#"# Reads the form of a document review. Its rows become claims about the body.
dataset = {dataset}

[source]                        # of rows that name no document, such as searches
title = {review}

[[table]]
file = {file}
sheet = "Review"
header = {HEADER}
ignore = ["Section", "Question", "Look in"]

[table.source]
title = "Document"
address = "Address or shelf mark"
page = "Page"

[table.subject]
kind = {{ value = "body" }}
key = {{ value = {key} }}

[[table.claim]]
property = {{ column = "Property" }}
substance = {{ column = "Substance" }}
column = "Value"
low = "Low"
high = "High"
unit = {{ column = "Unit" }}
basis = {{ column = "Basis" }}
term = {{ column = "Term" }}
date = {{ column = "Date" }}
period = {{ column = "Period" }}
method = {{ column = "How found" }}
note = {{ column = "Remark" }}
key = {{ column = "Nr" }}
"#,
        dataset = quoted(&body.origin.dataset.0),
        review = quoted(&format!("Document review of {}", body.name)),
        file = quoted(file),
        key = quoted(&body.origin.key),
    )
}

/// What was searched for a body, and whether the stage *documented* is closed.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Searched {
    /// The body, by id.
    pub body: String,
    /// Its name.
    pub name: String,
    /// Statements of the review: what they say, where they stand, on which day.
    pub statements: Vec<SearchedStatement>,
    /// Questions of the form that claims about the body answer.
    pub answered: Vec<String>,
    /// Those that none answers.
    pub open: Vec<String>,
}

/// A statement of a review.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct SearchedStatement {
    /// The words.
    pub text: String,
    /// What they say.
    pub finding: Finding,
    /// Title of the document or archive.
    pub document: String,
    /// Page.
    pub page: Option<String>,
    /// Day.
    pub date: Option<String>,
}

/// What was searched for a body, as far as `audience` may see it; `None` if there is no such body.
///
/// # Errors
/// If the register cannot be read.
pub fn searched(
    store: &dyn Store,
    id: BodyId,
    audience: Visibility,
) -> Result<Option<Searched>, StoreError> {
    let Some(page) = store.body(id, audience)? else { return Ok(None) };
    let title = |source| {
        let found = page.sources.iter().find(|s| s.id == source);
        found.map(|s| s.title.clone()).unwrap_or_default()
    };
    let reviews = page.claims.iter().filter(|c| c.property == "review");
    let statements = reviews.filter_map(|claim| {
        let ClaimValue::Text(text) = &claim.value else { return None };
        Some(SearchedStatement {
            text: text.clone(),
            finding: finding(text),
            document: title(claim.source),
            page: claim.locator.page.clone(),
            date: claim.date.map(|d| d.to_string()),
        })
    });
    let mut known: Vec<String> = questions(DEFAULT)
        .map(|all| all.into_iter().map(|q| q.property).collect())
        .unwrap_or_default();
    known.retain(|p| p != "review");
    known.sort();
    known.dedup();
    let (answered, open) =
        known.into_iter().partition(|p| page.claims.iter().any(|c| c.property == *p));
    Ok(Some(Searched {
        body: id.to_string(),
        name: page.item.body.name.clone(),
        statements: statements.collect(),
        answered,
        open,
    }))
}
