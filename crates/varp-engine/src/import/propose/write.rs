//! Writes a mapping document with comments and open questions.

use super::Question;

/// A mapping document under construction.
#[derive(Default)]
pub(crate) struct Writer {
    pub(crate) text: String,
    pub(crate) questions: Vec<Question>,
    pub(crate) notes: Vec<String>,
}

/// A text as a TOML string on one line, so that it can be a key too.
pub(crate) fn quoted(text: &str) -> String {
    if text.contains(['\n', '\r']) {
        // JSON escapes what TOML does, but for DEL
        return serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007F");
    }
    toml::Value::String(text.to_owned()).to_string()
}

impl Writer {
    pub(crate) fn blank(&mut self) {
        self.text.push('\n');
    }

    pub(crate) fn comment(&mut self, comment: &str) {
        self.text += &format!("# {}\n", comment.replace('\n', " "));
    }

    pub(crate) fn section(&mut self, header: &str) {
        self.text += &format!("\n{header}\n");
    }

    /// A key with a value that is TOML already.
    pub(crate) fn raw(&mut self, key: &str, value: &str) {
        self.text += &format!("{key} = {value}\n");
    }

    /// A key with a text.
    pub(crate) fn text(&mut self, key: &str, value: &str) {
        self.raw(key, &quoted(value));
    }

    /// A key with a value and why it was chosen.
    pub(crate) fn reasoned(&mut self, key: &str, value: &str, reason: &str) {
        self.text += &format!("{key} = {value} # {}\n", reason.replace('\n', " "));
    }

    /// A key that somebody has to fill.
    pub(crate) fn ask(&mut self, path: &str, key: &str, question: &str, answers: &[String]) {
        let shown = if answers.is_empty() {
            question.to_owned()
        } else {
            format!("{question} {}", answers.join(", or "))
        };
        self.comment(&shown);
        self.text(key, crate::import::QUESTION);
        self.questions.push(Question {
            path: format!("{path} {key}"),
            question: question.to_owned(),
            answers: answers.to_vec(),
        });
    }

    pub(crate) fn note(&mut self, note: String) {
        self.notes.push(note);
    }
}
