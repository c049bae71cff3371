//! Code lists as SKOS in Turtle: vocabularies that others can link to.

use std::fmt::Write;

use super::{Code, CodeList, References, Status};

/// Title and description of the lists that are published.
const TITLES: &[(&str, &str, &str)] = &[
    (
        "body_kinds",
        "Kinds of bodies of mineral matter",
        "Deposits and the types of waste and stock that mining and metallurgy leave behind, with \
         the entries of the European List of Waste that may fit.",
    ),
    ("countries", "Countries and territories", "Countries by their ISO 3166-1 alpha-2 code."),
    ("digestions", "Digestions", "How a sample was opened before analysis."),
    ("environmental_impacts", "Environmental impacts", "Impacts, after the CGI vocabulary."),
    ("list_of_waste", "List of Waste, part", "Entries that concern mineral waste, shortened."),
    ("mine_status", "Mine status", "Status of a mine, after the CGI vocabulary."),
    ("processing_activities", "Processing activities", "Treatment, after the CGI vocabulary."),
    ("sampling_methods", "Sampling methods", "How material was taken."),
    ("unfc_categories", "UNFC categories", "Categories of the three axes, paraphrased."),
    ("unfc_classes", "UNFC classes", "Classes of projects, paraphrased."),
    ("waste_storage", "Waste storage", "Where waste lies, after the CGI vocabulary."),
];

const PREFIXES: &str = "@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
";

impl References {
    /// The code list of this name as a SKOS concept scheme in Turtle.
    ///
    /// `base` is the address under which vocabularies are published, without a slash at its end: the
    /// scheme is `base/name`, a concept `base/name/code` with a hyphen for whatever is neither letter
    /// nor digit. `None` if no list has this name.
    pub fn turtle(&self, name: &str, base: &str) -> Option<String> {
        let list = self.list(name)?;
        let (_, title, description) = TITLES.iter().find(|(list, ..)| *list == name)?;
        let scheme = format!("{base}/{name}");
        let mut text = format!(
            "{PREFIXES}\n<{scheme}> a skos:ConceptScheme ;\n    dcterms:title {} ;\n    \
             dcterms:description {} ;\n    dcterms:license \
             <https://creativecommons.org/licenses/by/4.0/> .\n",
            literal(title, "en"),
            literal(description, "en"),
        );
        for code in &list.codes {
            text.push_str(&self.concept(name, code, list, base));
        }
        Some(text)
    }

    fn concept(&self, name: &str, code: &Code, list: &CodeList, base: &str) -> String {
        let uri = |list: &str, code: &str| format!("<{base}/{list}/{}>", slug(code));
        let mut lines = vec![
            "a skos:Concept".to_owned(),
            format!("skos:inScheme <{base}/{name}>"),
            format!("skos:notation {}", plain(&code.code)),
        ];
        for (language, label) in code.labels() {
            lines.push(format!("skos:prefLabel {}", literal(label, language)));
        }
        for spelling in code.spellings.split('|').filter(|s| !s.is_empty()) {
            lines.push(format!("skos:altLabel {}", plain(spelling)));
        }
        if !code.definition.is_empty() {
            lines.push(format!("skos:definition {}", literal(&code.definition, "en")));
        }
        if list.get(&code.broader).is_some() {
            lines.push(format!("skos:broader {}", uri(name, &code.broader)));
        } else {
            lines.push(format!("skos:topConceptOf <{base}/{name}>"));
        }
        for matched in [&code.uri_cgi, &code.uri_inspire].into_iter().filter(|u| !u.is_empty()) {
            lines.push(format!("skos:exactMatch <{matched}>"));
        }
        if let Some(facts) = self.kind_facts(&code.code).filter(|_| name == "body_kinds") {
            for entry in facts.list_of_waste.split('|').filter(|e| !e.is_empty()) {
                lines.push(format!("skos:relatedMatch {}", uri("list_of_waste", entry)));
            }
            lines.push(format!("skos:scopeNote {}", literal(&facts.scope_hint, "en")));
        }
        lines.push(format!("dcterms:source {}", plain(&code.source)));
        if code.status == Status::Unverified {
            lines.push(format!("skos:editorialNote {}", literal("unverified", "en")));
        }
        let mut text = format!("\n{} ", uri(name, &code.code));
        let _ = writeln!(text, "{} .", lines.join(" ;\n    "));
        text
    }
}

/// The part of an address that stands for a code; letters of any language stay.
fn slug(code: &str) -> String {
    let words = code.trim_end_matches('*').split(|c: char| !c.is_alphanumeric());
    let slug = words.filter(|w| !w.is_empty()).collect::<Vec<_>>().join("-");
    if code.ends_with('*') { slug + "-hazardous" } else { slug }
}

fn plain(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn literal(text: &str, language: &str) -> String {
    format!("{}@{language}", plain(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://example.org/vocabulary";

    #[test]
    fn a_kind_of_waste_links_to_the_list_of_waste_in_six_languages() {
        let turtle = References::embedded().turtle("body_kinds", BASE).unwrap();
        let tailings =
            turtle.split("\n\n").find(|b| b.contains("/body_kinds/tailings> a")).unwrap();
        for line in [
            "skos:prefLabel \"rikastushiekka\"@fi",
            "skos:prefLabel \"anrikningssand\"@sv",
            "skos:relatedMatch <https://example.org/vocabulary/list_of_waste/01-03-06>",
            "skos:relatedMatch <https://example.org/vocabulary/list_of_waste/01-03-04-hazardous>",
        ] {
            assert!(tailings.contains(line), "{line} is not in\n{tailings}");
        }
    }

    #[test]
    fn every_code_list_has_a_title_and_is_published_whole() {
        let references = References::embedded();
        for (name, list) in &references.lists {
            let turtle = references.turtle(name, BASE).unwrap_or_else(|| panic!("{name}"));
            assert_eq!(turtle.matches(" a skos:Concept ;").count(), list.codes.len(), "{name}");
            let mut subjects: Vec<&str> =
                turtle.lines().filter(|l| l.ends_with(" a skos:Concept ;")).collect();
            subjects.sort_unstable();
            subjects.dedup();
            assert_eq!(subjects.len(), list.codes.len(), "{name}: two codes share an address");
        }
        assert_eq!(references.turtle("nothing", BASE), None);
    }

    #[test]
    fn quotes_and_backslashes_are_escaped() {
        assert_eq!(plain("a \"b\" \\ c\n"), "\"a \\\"b\\\" \\\\ c\\n\"");
    }
}
