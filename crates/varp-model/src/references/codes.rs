//! Code lists: the words that a field may hold, with labels and the concepts they map to.

use serde::Deserialize;

use super::Status;

/// One code of a list.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Code {
    /// The code, stable.
    pub code: String,
    /// Broader code of the same list; empty at the top.
    pub broader: String,
    /// Concept of a CGI vocabulary, where one exists.
    pub uri_cgi: String,
    /// Concept of an INSPIRE code list, where one exists.
    pub uri_inspire: String,
    /// Label in English.
    pub en: String,
    /// Label in Finnish.
    pub fi: String,
    /// Label in Swedish.
    pub sv: String,
    /// Label in Norwegian bokmål.
    pub nb: String,
    /// Label in Danish.
    pub da: String,
    /// Label in Icelandic.
    pub is: String,
    /// Other spellings found in tables, separated by `|`.
    pub spellings: String,
    /// What it means, in a sentence.
    pub definition: String,
    /// Where the row comes from.
    pub source: String,
    /// Whether it was seen there.
    pub status: Status,
}

impl Code {
    /// Its labels by language, English first; languages without a label are left out.
    pub fn labels(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("en", &self.en),
            ("fi", &self.fi),
            ("sv", &self.sv),
            ("nb", &self.nb),
            ("da", &self.da),
            ("is", &self.is),
        ];
        all.into_iter().filter(|(_, l)| !l.is_empty()).map(|(tag, l)| (tag, l.as_str())).collect()
    }

    /// The label in a language; English where the list has none.
    pub fn label(&self, language: &str) -> &str {
        let label = match language {
            "fi" => &self.fi,
            "sv" => &self.sv,
            "nb" => &self.nb,
            "da" => &self.da,
            "is" => &self.is,
            _ => &self.en,
        };
        if label.is_empty() { &self.en } else { label }
    }
}

/// What is known of a kind of body beside its labels; from the same file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct KindFacts {
    /// Code of the kind.
    pub code: String,
    /// Entries of the European List of Waste that may fit, separated by `|`.
    pub list_of_waste: String,
    /// Waste stream of the `FutuRaM` project: `MINW`, `SLASH`; empty for what is no waste.
    pub stream: String,
    /// Whether it is extractive waste: `extractive waste`, `often outside`, `undetermined`,
    /// `not waste`. A hint, never a legal finding.
    pub scope: String,
    /// Why, in a sentence.
    pub scope_hint: String,
}

/// A list of codes in the order of its file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CodeList {
    /// Its codes.
    pub codes: Vec<Code>,
}

impl CodeList {
    /// The entry with exactly this code.
    pub fn get(&self, code: &str) -> Option<&Code> {
        self.codes.iter().find(|c| c.code == code)
    }

    /// The entry that people write like this: code, label in any language or other spelling.
    pub fn recognise(&self, text: &str) -> Option<&Code> {
        let wanted = text.trim().to_lowercase();
        let same = |s: &str| !s.is_empty() && s.trim().to_lowercase() == wanted;
        self.codes.iter().find(|c| {
            [&c.code, &c.en, &c.fi, &c.sv, &c.nb, &c.da, &c.is].into_iter().any(|s| same(s))
                || c.spellings.split('|').any(same)
        })
    }
}
