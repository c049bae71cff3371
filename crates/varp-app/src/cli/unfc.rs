//! `varp unfc`: what a code means, and the bridge to and from CRIRSCO's categories.

use anyhow::{Context, bail};
use clap::Args;
use serde_json::json;
use varp_engine::classify::{Bridge, Code, Compliance, RuleSet, class_words};
use varp_model::Status;

use super::{Outcome, show};

/// Read a UNFC code, or translate one from or to CRIRSCO's categories.
#[derive(Debug, Args)]
pub struct Unfc {
    /// A code such as "E2;F2;G2", 332, "E2F2G2,3", or a category such as "Indicated Mineral Resource"
    pub text: String,
    /// Under which code of the CRIRSCO family the estimate is compliant, such as "JORC 2012"
    #[arg(long, value_name = "CODE", group = "how")]
    pub compliant: Option<String>,
    /// The estimate is historic: made before or outside such a code
    #[arg(long, group = "how")]
    pub historic: bool,
    /// The estimate says that it is not compliant
    #[arg(long, group = "how")]
    pub non_compliant: bool,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// Reads or translates.
pub fn run(command: &Unfc) -> anyhow::Result<Outcome> {
    let compliance = match (&command.compliant, command.historic, command.non_compliant) {
        (Some(code), ..) => Some(Compliance::Compliant { code: code.clone() }),
        (None, true, _) => Some(Compliance::Historic),
        (None, _, true) => Some(Compliance::NonCompliant),
        _ => None,
    };
    match command.text.parse::<Code>() {
        Ok(code) => explain(&code, compliance.as_ref(), command.json),
        Err(unreadable) => {
            let bridge = Bridge::embedded();
            let wanted = command.text.trim().to_lowercase();
            if !bridge.categories().any(|c| c.to_lowercase() == wanted) {
                bail!("{}", unreadable_words(&command.text, &unreadable.to_string(), &bridge));
            }
            let compliance = compliance.unwrap_or(Compliance::Unstated);
            let (codes, status) = bridge
                .unfc_from_crirsco(&command.text, &compliance)
                .context("translating the category")?;
            let words: Vec<String> = codes.iter().map(ToString::to_string).collect();
            if command.json {
                show::json(&json!({
                    "crirsco": command.text, "unfc": words, "bridge": bridge.version,
                    "verified": status == Status::Verified,
                }))?;
            } else {
                show::line(words.join(" or "));
                show::note(format!("bridge: {}{}", bridge.version, mark(status)));
            }
            Ok(Outcome::Clean)
        }
    }
}

/// Longest text that an error repeats.
const REPEATED: usize = 60;

/// What is wrong with a text, and what may have been meant: a code, or a category of CRIRSCO.
fn unreadable_words(text: &str, why: &str, bridge: &Bridge) -> String {
    let text = text.trim();
    if text.chars().count() > REPEATED {
        let start: String = text.chars().take(20).collect();
        return format!(
            "\"{start}…\" is too long for a UNFC code\n  hint: write it like E2;F2.1;G1+G2 or 2 2 1"
        );
    }
    let wanted = text.to_lowercase();
    let near = |category: &&str| {
        let category = category.to_lowercase();
        !wanted.is_empty()
            && wanted.split_whitespace().any(|word| word.len() > 3 && category.contains(word))
    };
    let meant: Vec<&str> = bridge.categories().filter(near).collect();
    if !meant.is_empty() {
        return format!(
            "\"{text}\" is neither a UNFC code nor a category of CRIRSCO\n  hint: did you mean {}?",
            meant.join(", ")
        );
    }
    if why.contains("write it like") {
        return format!(
            "{why}\n  hint: or a category of CRIRSCO, such as Indicated Mineral Resource"
        );
    }
    format!("{why}\n  hint: write a code like E2;F2.1;G1+G2 or 2 2 1")
}

fn explain(code: &Code, compliance: Option<&Compliance>, json: bool) -> anyhow::Result<Outcome> {
    let rules = RuleSet::embedded();
    let class = rules.classes.class_of(code);
    let words =
        class.map_or_else(|| class_words("", ""), |row| class_words(&row.class, &row.sub_class));
    let parts: Vec<_> = [code.e(), code.f()].into_iter().chain(code.g().iter().copied()).collect();
    let means = |category: &varp_engine::classify::Category| {
        let own = rules.categories.iter().find(|row| row.category == *category);
        own.map(|row| (row.means.as_str(), row.status))
    };
    let bridge = Bridge::embedded();
    let crirsco = compliance.map(|how| bridge.crirsco_from_unfc(code, how)).transpose()?;
    if json {
        let categories: Vec<_> = parts
            .iter()
            .map(|part| {
                json!({
                    "category": part.to_string(),
                    "means": means(part).map(|(words, _)| words),
                    "verified": means(part).is_some_and(|(_, status)| status == Status::Verified),
                })
            })
            .collect();
        show::json(&json!({
            "code": code.to_string(), "class": words,
            "class_verified": class.is_some_and(|row| row.status == Status::Verified),
            "categories": categories, "rules": rules.title(), "bridge": bridge.version,
            "crirsco": crirsco.map(|all| all.iter().map(|(category, status)| {
                json!({ "category": category, "verified": *status == Status::Verified })
            }).collect::<Vec<_>>()),
        }))?;
        return Ok(Outcome::Clean);
    }
    show::line(format!("{code}  {words}{}", class.map_or("", |row| mark(row.status))));
    for part in &parts {
        match means(part) {
            Some((words, status)) => show::line(format!("  {part}  {words}{}", mark(status))),
            None => show::line(format!("  {part}")),
        }
    }
    if let Some(categories) = crirsco {
        let words: Vec<String> =
            categories.iter().map(|(name, status)| format!("{name}{}", mark(*status))).collect();
        show::line(format!("  CRIRSCO: {}", words.join(" or ")));
    }
    Ok(Outcome::Clean)
}

fn mark(status: Status) -> &'static str {
    if status == Status::Verified { "" } else { " (unverified)" }
}
