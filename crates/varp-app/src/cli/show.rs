//! Printing: results to stdout, messages to stderr, nothing fancy where nobody looks.

use std::io::{IsTerminal, Write};

use serde::Serialize;

use super::Outcome;
use crate::portal::{Language, fixed, significant};

/// A line of the result. A closed pipe ends the program quietly, as other tools do.
pub fn line(text: impl std::fmt::Display) {
    if writeln!(std::io::stdout().lock(), "{text}").is_err() {
        std::process::exit(0);
    }
}

/// The result as JSON.
pub fn json(value: &impl Serialize) -> anyhow::Result<()> {
    line(serde_json::to_string_pretty(value)?);
    Ok(())
}

/// A message beside the result.
pub fn note(text: impl std::fmt::Display) {
    // A message that cannot be shown has nowhere else to go.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// A number with so many digits that tell something, thousands in groups as on the pages.
pub fn digits(value: f64, digits: i32) -> String {
    significant(value, digits, Language::En)
}

/// Thousands of euros.
pub fn thousands(euro: f64) -> String {
    let value = euro / 1e3;
    if value.abs() >= 1e6 { digits(value, 4) } else { fixed(value, 0, Language::En) }
}

/// Whether a result that was computed again has the bytes that are stored.
pub fn replayed(stored: &str, again: &str) -> Outcome {
    if stored == again {
        note(format!("the same {} bytes", again.len()));
        return Outcome::Clean;
    }
    note("other bytes than those stored: the program or a reference file has changed");
    Outcome::Findings
}

/// Why a command failed, outermost first.
pub fn failure(error: &anyhow::Error) {
    let mark = if std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
        "\u{1b}[31merror:\u{1b}[0m"
    } else {
        "error:"
    };
    note(format!("{mark} {error}"));
    for cause in error.chain().skip(1) {
        note(format!("  because: {cause}"));
    }
}
