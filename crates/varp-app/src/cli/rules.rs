//! `varp rules check`: do the rules do what their worked examples say?

use std::path::Path;

use anyhow::Context;
use varp_engine::classify::{RuleSet, WorkedCase, check, mutations};

use super::arguments::{Rules, RulesAction};
use super::{Outcome, Settings, agree, show};

/// Runs the worked examples.
pub fn run(command: &Rules, settings: &Settings) -> anyhow::Result<Outcome> {
    let (rules, cases) = match &command.action {
        RulesAction::Check { rules, cases } => (rules, cases),
        RulesAction::Agree { dossiers, rules } => return agree::agree(dossiers, rules.as_deref()),
        RulesAction::Dossiers { to, count } => return agree::write(to, *count, settings),
    };
    let rules = read(rules.as_deref())?;
    let cases = match cases {
        Some(path) => WorkedCase::parse_all(&text(path)?)
            .map_err(anyhow::Error::msg)
            .with_context(|| format!("understanding {}", path.display()))?,
        None => WorkedCase::embedded(),
    };
    let wrong = check(&rules, &cases);
    for (name, expected, computed) in &wrong {
        show::line(format!("{name}: must be {expected}, is {computed}"));
    }
    let unproved: Vec<String> = mutations(&rules, &cases)
        .into_iter()
        .filter(|m| m.noticed_by.is_empty())
        .map(|m| m.rule)
        .collect();
    for rule in &unproved {
        show::line(format!("rule {rule}: no example would notice if it were gone"));
    }
    show::line(format!(
        "{} {}: {} rules, {} examples, {} wrong, {} rules unproved",
        rules.name,
        rules.version,
        rules.rules.len(),
        cases.len(),
        wrong.len(),
        unproved.len()
    ));
    let clean = wrong.is_empty() && unproved.is_empty();
    Ok(if clean { Outcome::Clean } else { Outcome::Findings })
}

/// The rules in a file, or the embedded ones.
pub fn read(path: Option<&Path>) -> anyhow::Result<RuleSet> {
    match path {
        Some(path) => RuleSet::parse(&text(path)?)
            .with_context(|| format!("understanding {}", path.display())),
        None => Ok(RuleSet::embedded()),
    }
}

/// The text of a file, with its name in the error.
pub fn text(path: &Path) -> anyhow::Result<String> {
    let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    String::from_utf8(bytes).map_err(|_| {
        anyhow::anyhow!(
            "{} is not text in UTF-8\n  hint: spreadsheet programs call it \"CSV UTF-8\" when they save",
            path.display()
        )
    })
}
