//! Mapping documents: reading them, and what can be wrong with them.

mod document;
mod field;
mod record;

pub use document::{
    AssayDefaults, AssayFields, CensoringRules, ClaimDefaults, ClaimFields, DipSign, LongFields,
    Mapping, NegativeRule, Rows, SourceDocument, SubjectFields, TableMapping, ZeroRule,
};
pub use field::{ColumnRef, Field, Given, Words};
pub use record::{
    BodyFields, HoleFields, PlaceFields, SampleFields, SiteFields, SourceFields, SurveyFields,
};

/// Why a mapping document cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// It is not TOML, or has a key or a value that no mapping has.
    #[error("{message}")]
    Document {
        /// Line, column and what is wrong, with the keys that there are.
        message: String,
    },
    /// The proposal asked and nobody has answered yet.
    #[error("{} of the mapping not answered: {}; replace \"?\" by the answer",
            if .questions.len() == 1 { "a question" } else { "questions" }, .questions.join(", "))]
    Open {
        /// Paths of the values that are still `?`, such as `table 1 crs`.
        questions: Vec<String>,
    },
}

/// The mark of a question that a proposal leaves in a mapping.
pub const QUESTION: &str = "?";

impl Mapping {
    /// Reads a mapping document.
    ///
    /// # Errors
    /// Open questions first, all of them; then the first key or value that no mapping has.
    pub fn parse(text: &str) -> Result<Self, MappingError> {
        let fault = |error: toml::de::Error| MappingError::Document {
            message: error.to_string().trim_end().to_owned(),
        };
        let value: toml::Table = toml::from_str(text).map_err(fault)?;
        let mut questions = Vec::new();
        find_questions(&toml::Value::Table(value), "", &mut questions);
        if !questions.is_empty() {
            return Err(MappingError::Open { questions });
        }
        toml::from_str(text).map_err(fault)
    }
}

fn find_questions(value: &toml::Value, path: &str, found: &mut Vec<String>) {
    let below = |key: &str| {
        if path.is_empty() { key.to_owned() } else { format!("{path} {key}") }
    };
    match value {
        toml::Value::String(text) if text.trim() == QUESTION => found.push(path.to_owned()),
        toml::Value::Table(table) => {
            for (key, value) in table {
                find_questions(value, &below(key), found);
            }
        }
        toml::Value::Array(values) => {
            // a list of words, such as marks of censoring, may hold a question mark
            for (at, value) in values.iter().enumerate().filter(|(_, v)| v.is_table()) {
                find_questions(value, &below(&(at + 1).to_string()), found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_no_mapping_has_is_named_with_those_there_are() {
        let error = Mapping::parse("dataset = \"d\"\nlicense = \"x\"\n").unwrap_err().to_string();
        assert!(error.contains("line 2") && error.contains("license"), "{error}");
        assert!(error.contains("`licence`"), "{error}");
        let text = "dataset = \"d\"\n[[table]]\n[table.site]\nkey = { colum = \"A\" }\n";
        let error = Mapping::parse(text).unwrap_err().to_string();
        assert!(error.contains("colum") && error.contains("`column`"), "{error}");
    }

    #[test]
    fn open_questions_are_all_named() {
        let text = "dataset = \"d\"\n[[table]]\ncrs = \"?\"\n[[table.assay]]\ncolumn = \"Cu\"\n\
                    substance = \"Cu\"\nunit = \"?\"\n";
        let error = Mapping::parse(text).unwrap_err();
        let questions = vec!["table 1 assay 1 unit".to_owned(), "table 1 crs".to_owned()];
        assert_eq!(error, MappingError::Open { questions });
    }

    #[test]
    fn a_bare_word_is_a_column_of_a_record_and_a_value_of_a_claim() {
        let text = "dataset = \"d\"\n[[table]]\n[table.site]\nkey = \"Nr\"\n[[table.claim]]\n\
                    property = \"mass\"\ncolumn = \"t\"\nunit = { column = \"Einheit\" }\n";
        let mapping = Mapping::parse(text).unwrap();
        let table = &mapping.tables[0];
        assert_eq!(table.site.as_ref().unwrap().key, Field::column("Nr"));
        assert_eq!(table.claims[0].property.0, Field::fixed("mass"));
        assert_eq!(table.claims[0].unit.as_ref().unwrap().0, Field::column("Einheit"));
    }
}
