//! From `messages/*.ftl` to an enum with one variant a message.
//!
//! The files hold the one-line subset of Fluent: `name = text`, `{ $argument }` in the text, `#`
//! comments. English is complete by construction; a message that only another language has, or
//! that takes other arguments there, fails the build.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

type Messages = BTreeMap<String, String>;

const LANGUAGES: [&str; 6] = ["en", "sv", "fi", "nb", "da", "is"];

pub fn generate(out: &Path) -> Result<(), String> {
    println!("cargo:rerun-if-changed=messages");
    let catalogues = LANGUAGES.map(read);
    let [english, ..] = &catalogues;
    let english = english.as_ref().map_err(String::clone)?;
    let mut code = String::from(
        "/// A message of the portal.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub enum Message {\n",
    );
    for name in english.keys() {
        writeln!(code, "    {},", variant(name)).expect("writing to a string");
    }
    let count = english.len();
    writeln!(code, "}}\n\nstatic TEXTS: [[Option<&str>; {count}]; {}] = [", LANGUAGES.len())
        .expect("writing to a string");
    for (language, messages) in LANGUAGES.iter().zip(&catalogues) {
        let messages = messages.as_ref().map_err(String::clone)?;
        check(language, messages, english)?;
        let texts = english.keys().map(|name| format!("{:?}", messages.get(name)));
        writeln!(code, "    [{}],", texts.collect::<Vec<_>>().join(", "))
            .expect("writing to a string");
    }
    code.push_str("];\n");
    fs::write(out.join("messages.rs"), code).map_err(|e| format!("messages.rs: {e}"))
}

fn read(language: &str) -> Result<Messages, String> {
    let path = format!("messages/{language}.ftl");
    let text = fs::read_to_string(&path).map_err(|e| format!("{path}: {e}"))?;
    let mut messages = Messages::new();
    for (number, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, text) = line
            .split_once(" = ")
            .ok_or_else(|| format!("{path}, line {}: expected \"name = text\"", number + 1))?;
        if messages.insert(name.to_owned(), text.trim().to_owned()).is_some() {
            return Err(format!("{path}, line {}: {name} stands twice", number + 1));
        }
    }
    Ok(messages)
}

fn check(language: &str, messages: &Messages, english: &Messages) -> Result<(), String> {
    for (name, text) in messages {
        let Some(original) = english.get(name) else {
            return Err(format!("messages/{language}.ftl: en.ftl has no message {name}"));
        };
        if arguments(text) != arguments(original) {
            return Err(format!(
                "messages/{language}.ftl: {name} takes other arguments than in English"
            ));
        }
    }
    Ok(())
}

fn arguments(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> =
        text.split("{ $").skip(1).filter_map(|rest| rest.split(" }").next()).collect();
    found.sort_unstable();
    found
}

/// `nav-bodies` as `NavBodies`.
fn variant(name: &str) -> String {
    let word = |word: &str| {
        let (first, rest) = word.split_at(1.min(word.len()));
        first.to_uppercase() + rest
    };
    name.split('-').map(word).collect()
}
