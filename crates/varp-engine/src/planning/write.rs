//! The plan as a text that a person reads and edits: TOML, each number under its reason.

use serde_json::{Map, Value};

use super::{Choice, Proposal};

/// The plan of a proposal as TOML with comments: on top what it is and what is missing, before each
/// number why it is as it is.
///
/// # Errors
/// If the plan cannot be serialised.
pub fn plan_text(proposal: &Proposal, name: &str) -> Result<String, serde_json::Error> {
    let plan = serde_json::to_value(&proposal.plan)?;
    let mut writer = Writer { text: String::new(), choices: proposal.choices.iter().collect() };
    writer.comment(&format!("Plan of an estimate of {name}, proposed by varp from the register."));
    writer.comment("Change what you know better, then: varp estimate --plan THIS.toml");
    writer.comment(
        "Beliefs: exact, uniform, triangular, normal, lognormal (median, sigma of the logarithm).",
    );
    for lack in &proposal.missing {
        writer.comment(&format!("missing: {lack}"));
    }
    for fact in &proposal.evidence {
        writer.comment(fact);
    }
    for choice in proposal.choices.iter().filter(|c| c.source.is_empty()) {
        writer.comment(&choice.line());
    }
    writer.text.push('\n');
    if let Value::Object(plan) = &plan {
        writer.table("", plan);
    }
    Ok(writer.text)
}

struct Writer<'a> {
    text: String,
    choices: Vec<&'a Choice>,
}

impl Writer<'_> {
    /// A table: plain values and quantities first, then tables, then rows of tables.
    fn table(&mut self, path: &str, table: &Map<String, Value>) {
        for (key, value) in table.iter().filter(|(_, v)| !is_table(v) && !is_rows(v)) {
            if !value.is_null() {
                self.explain(value);
                self.text.push_str(&format!("{} = {}\n", word(key), inline(value)));
            }
        }
        let below = |key: &str| match path {
            "" => word(key),
            _ => format!("{path}.{}", word(key)),
        };
        for (key, value) in table {
            match value {
                Value::Object(inner) if is_table(value) => {
                    let path = below(key);
                    if inner.values().any(|v| !is_table(v) && !is_rows(v)) {
                        self.text.push_str(&format!("\n[{path}]\n"));
                    }
                    self.table(&path, inner);
                }
                Value::Array(rows) if is_rows(value) => {
                    let path = below(key);
                    for row in rows.iter().filter_map(Value::as_object) {
                        self.text.push_str(&format!("\n[[{path}]]\n"));
                        self.table(&path, row);
                    }
                }
                _ => {}
            }
        }
    }

    /// The reason of a quantity, found by its source; each reason stands once.
    fn explain(&mut self, value: &Value) {
        let Some(source) = value.get("source").and_then(Value::as_str) else { return };
        let Some(at) = self.choices.iter().position(|c| c.source == source) else { return };
        let choice = self.choices.remove(at);
        self.comment(&format!("{}: {}", choice.about, choice.chosen));
        self.comment(&choice.because);
        for other in &choice.left_out {
            self.comment(&format!("not taken: {other}"));
        }
    }

    fn comment(&mut self, text: &str) {
        self.text.push_str(&format!("# {}\n", text.replace(['\n', '\r'], " ")));
    }
}

/// A quantity is written in one line; other objects are tables.
fn is_table(value: &Value) -> bool {
    value.as_object().is_some_and(|o| !o.contains_key("belief"))
}

fn is_rows(value: &Value) -> bool {
    value.as_array().is_some_and(|a| !a.is_empty() && a.iter().all(Value::is_object))
}

/// A key, in quotes where it is not bare.
fn word(key: &str) -> String {
    let bare =
        !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    if bare { key.to_owned() } else { toml::Value::String(key.to_owned()).to_string() }
}

fn inline(value: &Value) -> String {
    match value {
        Value::Null => "\"\"".into(), // left out by its table
        Value::Bool(b) => b.to_string(),
        Value::Number(n) => match n.as_f64() {
            Some(f) if n.is_f64() => format!("{f:?}"),
            _ => n.to_string(),
        },
        Value::String(s) => toml::Value::String(s.clone()).to_string(),
        Value::Array(a) => format!("[{}]", a.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Value::Object(o) => {
            let known = o.iter().filter(|(_, v)| !v.is_null());
            let pairs: Vec<_> =
                known.map(|(k, v)| format!("{} = {}", word(k), inline(v))).collect();
            format!("{{ {} }}", pairs.join(", "))
        }
    }
}
