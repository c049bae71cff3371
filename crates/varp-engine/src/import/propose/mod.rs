//! A first mapping from headers and values: what is sure is written, what is not is asked.

mod amounts;
mod column;
mod coordinates;
mod place;
mod preview;
mod sections;
mod system;
mod table;
mod vocabulary;
mod write;

use varp_model::References;

use super::read::{Document, Input, Limits, join_shapefiles};
use super::{Issue, Mapping, MappingError};
use preview::Preview;
use table::propose_table;
pub(crate) use vocabulary::Vocabulary;
use write::Writer;

/// What the user has said already.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// Name of the collection; the name of the first file if absent.
    pub dataset: Option<String>,
    /// Country of the sites, as a two-letter code.
    pub country: Option<String>,
}

/// Something that headers and values do not tell.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Question {
    /// Where the `?` stands, such as `table 1 crs`.
    pub path: String,
    /// What is asked.
    pub question: String,
    /// Answers that fit, best first; others may be right.
    pub answers: Vec<String>,
}

/// A first mapping.
#[derive(Clone, Debug, Default)]
pub struct Proposal {
    /// The mapping document with comments; every open question stands in it as `"?"`.
    pub text: String,
    /// The questions, in the order of the document.
    pub questions: Vec<Question>,
    /// What was seen and decided.
    pub notes: Vec<String>,
    /// Files that could not be read.
    pub issues: Vec<Issue>,
}

impl Proposal {
    /// The mapping, once nothing is open any more.
    ///
    /// # Errors
    /// The questions that are not answered.
    pub fn mapping(&self) -> Result<Mapping, MappingError> {
        Mapping::parse(&self.text)
    }
}

/// Proposes a mapping for the tables of some files.
pub fn propose(inputs: Vec<Input>, references: &References, wishes: &Wishes) -> Proposal {
    let limits = Limits::default();
    let mut proposal = Proposal::default();
    let first = inputs.first().map_or("tables", |i| i.name.as_str()).to_owned();
    let mut documents = Vec::new();
    match join_shapefiles(inputs, &limits) {
        Ok(inputs) => {
            for input in inputs {
                let name: std::sync::Arc<str> = input.name.as_str().into();
                match Document::open(input, &limits) {
                    Ok(document) => documents.push(document),
                    Err(error) => proposal.issues.push(error.issue(&name, None)),
                }
            }
        }
        Err((name, error)) => proposal.issues.push(error.issue(&name.as_str().into(), None)),
    }
    let stem = first.rsplit_once('.').map_or(first.as_str(), |(stem, _)| stem);
    let mut writer = Writer::default();
    head(&mut writer, wishes.dataset.as_deref().unwrap_or(stem), wishes);
    let vocabulary = Vocabulary::new(references);
    let (many_files, mut tables) = (documents.len() > 1, 0);
    for document in &mut documents {
        let file = document.name.clone();
        for sheet in 0..document.sheets().len() {
            match Preview::read(document, sheet) {
                Ok(preview) => {
                    let name = many_files.then_some(&*file);
                    let proposed = propose_table(
                        &mut writer,
                        &preview,
                        (tables + 1, name, wishes),
                        &vocabulary,
                        references,
                    );
                    tables += usize::from(proposed);
                }
                Err(error) => proposal.issues.push(error.issue(&file, None)),
            }
        }
    }
    proposal.text = writer.text;
    proposal.questions = writer.questions;
    proposal.notes = writer.notes;
    proposal
}

fn head(writer: &mut Writer, dataset: &str, wishes: &Wishes) {
    writer.comment(
        "Which column is what. A question mark as a value is a question: the import waits for the answer.",
    );
    writer.comment("All keys are explained in docs/guide/mapping.md.");
    writer.blank();
    writer.comment(
        "Name of this collection: the same name finds the same rows again. Keep it for ever.",
    );
    writer.text("dataset", dataset);
    if let Some(country) = &wishes.country {
        writer.text("country", country);
    }
    writer.section("[source]");
    writer.ask("source", "title", "Where do these values come from?", &[]);
}
