//! What a study team takes along: sheet, holes, field form, map layers, and the mapping by which
//! the filled form comes back.

pub mod circularity;
mod form;
pub mod holes;
mod mapping;
mod pdf;
pub mod sheet;

use std::io;
use std::path::{Path, PathBuf};

use varp_engine::pilot::sheet::Sheet;

use crate::jobs;

/// Elements measured in the field: the products, and what tells of acid and poison.
const BESIDE: [&str; 4] = ["S", "As", "Pb", "Cd"];
/// Products asked for at most.
const PRODUCTS: usize = 6;

/// Why the files cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum FieldError {
    /// A file or folder.
    #[error("{path}: {reason}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: String,
    },
}

/// Writes all files of a sheet into a folder and names them.
///
/// # Errors
/// If one cannot be written.
pub fn write(sheet: &Sheet, folder: &Path) -> Result<Vec<PathBuf>, FieldError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |reason: String| FieldError::File { path, reason }
    };
    std::fs::create_dir_all(folder).map_err(|e| failed(folder)(e.to_string()))?;
    let stem = sheet.study.body.to_lowercase();
    let at = |ending: &str| folder.join(format!("{stem}-{ending}"));
    let files: [(PathBuf, Vec<u8>); 6] = [
        (at("sheet.html"), sheet::page(sheet).into_string().into_bytes()),
        (at("sheet.pdf"), pdf::pdf(sheet).map_err(|e| failed(&at("sheet.pdf"))(e.to_string()))?),
        (at("holes.csv"), holes::csv(sheet).into_bytes()),
        (at("form.xlsx"), form::xlsx(sheet).map_err(|e| failed(&at("form.xlsx"))(e.to_string()))?),
        (at("import.toml"), mapping::toml(sheet, &stem).into_bytes()),
        (at("plan.json"), json(sheet).map_err(|e| failed(&at("plan.json"))(e.to_string()))?),
    ];
    let mut written = Vec::new();
    for (path, bytes) in files {
        std::fs::write(&path, bytes).map_err(|e| failed(&path)(e.to_string()))?;
        written.push(path);
    }
    let layers = at("field.gpkg");
    match std::fs::remove_file(&layers) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(failed(&layers)(e.to_string()))?,
        _ => {}
    }
    jobs::write_field_layers(sheet, &questions(sheet), &layers)
        .map_err(|e| failed(&layers)(e.to_string()))?;
    written.push(layers);
    Ok(written)
}

fn json(sheet: &Sheet) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec_pretty(sheet)
}

/// Type of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Words.
    Text,
    /// A number.
    Number,
    /// One of the planned holes.
    Hole,
    /// What the sample is for.
    Role,
    /// A day.
    Date,
}

/// A question of the field form; also a column of the map layer of samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Name of the column.
    pub name: String,
    /// What is asked.
    pub label: String,
    /// What is answered.
    pub answer: Answer,
    /// Whether the form can be sent without it.
    pub required: bool,
    /// Condition on the answer, as XLSForm writes it, and what to say when it fails.
    pub constraint: Option<(String, String)>,
}

/// What the field form asks of each sample.
pub fn questions(sheet: &Sheet) -> Vec<Question> {
    let ask = |name: &str, label: &str, answer, required| Question {
        name: name.into(),
        label: label.into(),
        answer,
        required,
        constraint: None,
    };
    let within = |question: Question, rule: &str, message: &str| Question {
        constraint: Some((rule.into(), message.into())),
        ..question
    };
    let deepest = sheet.holes.iter().map(|h| h.depth_m).fold(0.0, f64::max) * 2.0;
    let depth = format!(". >= 0 and . <= {deepest:.0}");
    let mut all = vec![
        ask("sample_id", "Number on the bag", Answer::Text, true),
        ask("hole", "Hole", Answer::Hole, true),
        within(
            ask("from_m", "From, m below the surface", Answer::Number, true),
            &depth,
            "A depth in metres.",
        ),
        within(
            ask("to_m", "To, m below the surface", Answer::Number, true),
            ". > ${from_m}",
            "Deeper than where the sample starts.",
        ),
        ask("role", "What the sample is for", Answer::Role, true),
        ask("date", "Day", Answer::Date, true),
        within(ask("mass_kg", "Mass, kg", Answer::Number, false), ". > 0", "More than nothing."),
        ask("material", "Material, colour, moisture", Answer::Text, false),
    ];
    for element in elements(sheet) {
        let name = format!("pxrf_{element}_ppm");
        let label = format!("{element} by field XRF, ppm; empty if not measured");
        all.push(within(
            ask(&name, &label, Answer::Number, false),
            ". >= 0 and . <= 1000000",
            "Parts per million.",
        ));
    }
    all.push(ask("remark", "Remarks", Answer::Text, false));
    all
}

/// Elements that the form asks for.
pub fn elements(sheet: &Sheet) -> Vec<String> {
    let products = sheet.profile.products.iter().take(PRODUCTS).map(|p| p.element.clone());
    let mut all: Vec<String> = products.collect();
    for element in BESIDE {
        if !all.iter().any(|e| e == element) {
            all.push(element.to_owned());
        }
    }
    all
}
