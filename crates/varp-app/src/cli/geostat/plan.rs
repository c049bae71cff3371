//! Plans: the flags of an action as a TOML document that replays to the same bytes.
//!
//! A plan holds the flags by their own names; what is typed beside `--plan` overrides it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

use anyhow::{Context, bail};
use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, CommandFactory};
use sha2::{Digest, Sha256};

use crate::cli::{Arguments, show};

/// Flags that name files which a result depends on.
const INPUTS: [&str; 5] = ["data", "at", "areas", "boundary", "against-data"];
/// Keys of a plan that are no flags.
const OWN: [&str; 3] = ["varp", "action", "inputs"];

/// The words of the command line with the plan's flags set before those typed; other commands
/// pass unchanged.
pub fn expanded(words: Vec<OsString>) -> anyhow::Result<Vec<OsString>> {
    let is_flag = |w: &OsString| w.to_str().is_some_and(|w| w.starts_with('-'));
    let takes_next = |w: &OsString| w == "-r" || w == "--register";
    let verb = (1..words.len()).find(|i| !is_flag(&words[*i]) && !takes_next(&words[i - 1]));
    let Some(verb) = verb.filter(|i| words[*i] == "geostat") else { return Ok(words) };
    let typed =
        |w: &&OsString| w.to_str().is_some_and(|w| w == "--plan" || w.starts_with("--plan="));
    let Some(flag) = words.iter().find(typed) else { return Ok(words) };
    let path = match flag.to_str().and_then(|f| f.strip_prefix("--plan=")) {
        Some(path) => OsString::from(path),
        None => match words.iter().skip_while(|w| *w != "--plan").nth(1) {
            Some(path) => path.clone(),
            None => return Ok(words),
        },
    };
    let geostat = Arguments::command();
    let geostat = geostat.find_subcommand("geostat").context("there is an action geostat")?;
    let known = |w: &&OsString| w.to_str().is_some_and(|w| geostat.find_subcommand(w).is_some());
    let action = words.iter().skip(verb).position(|w| known(&w)).map(|at| at + verb);
    let plan = Plan::read(Path::new(&path))?;
    let mut out = words;
    let at = match action {
        Some(at) if out[at] == *plan.action.as_str() => at,
        Some(at) => bail!(
            "the plan {} is one of {}, not of {}",
            Path::new(&path).display(),
            plan.action,
            out[at].to_string_lossy()
        ),
        None => {
            out.insert(verb + 1, plan.action.clone().into());
            verb + 1
        }
    };
    plan.compare_inputs();
    out.splice(at + 1..at + 1, plan.words.into_iter().map(OsString::from));
    Ok(out)
}

struct Plan {
    action: String,
    words: Vec<String>,
    inputs: BTreeMap<String, String>,
}

impl Plan {
    fn read(path: &Path) -> anyhow::Result<Self> {
        let name = path.display();
        let text = std::fs::read_to_string(path).with_context(|| format!("reading plan {name}"))?;
        let table: toml::Table = text.parse().with_context(|| format!("reading plan {name}"))?;
        let Some(action) = table.get("action").and_then(toml::Value::as_str) else {
            bail!("the plan {name} does not say its action, such as action = \"krige\"");
        };
        let mut words = Vec::new();
        for (key, value) in table.iter().filter(|(key, _)| !OWN.contains(&key.as_str())) {
            let key = key.replace('_', "-");
            match value {
                toml::Value::Boolean(true) => words.push(format!("--{key}")),
                toml::Value::Boolean(false) => {}
                value => {
                    let text = text_of(value)
                        .with_context(|| format!("plan {name}: {key} is no text or number"))?;
                    words.push(format!("--{key}={text}"));
                }
            }
        }
        let inputs = table.get("inputs").and_then(toml::Value::as_table);
        let inputs = inputs.into_iter().flatten();
        let inputs =
            inputs.filter_map(|(k, v)| Some((k.clone(), v.as_str()?.to_owned()))).collect();
        Ok(Self { action: action.to_owned(), words, inputs })
    }

    /// Tells which files are no longer what the plan was made with.
    fn compare_inputs(&self) {
        for (file, hash) in &self.inputs {
            match sha256(Path::new(file)) {
                Some(now) if now != *hash => show::note(format!(
                    "note: {file} has changed since the plan was written; the result will differ"
                )),
                _ => {}
            }
        }
    }
}

/// A value as it would be typed; lists are joined by commas.
fn text_of(value: &toml::Value) -> Option<String> {
    Some(match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Integer(number) => number.to_string(),
        toml::Value::Float(number) => number.to_string(),
        toml::Value::Array(items) => {
            let words: Option<Vec<String>> = items.iter().map(text_of).collect();
            words?.join(",")
        }
        _ => return None,
    })
}

/// The plan of what was typed, a plan's own flags included.
pub fn written(matches: &ArgMatches) -> anyhow::Result<String> {
    let root = Arguments::command();
    let geostat = root.find_subcommand("geostat").context("there is a command geostat")?;
    let (name, typed) = matches
        .subcommand_matches("geostat")
        .and_then(ArgMatches::subcommand)
        .context("an action was typed")?;
    let action = geostat.find_subcommand(name).context("the action exists")?;
    let mut table = toml::Table::new();
    let mut inputs = toml::Table::new();
    for argument in action.get_arguments() {
        let id = argument.get_id().as_str();
        let is_typed = typed.value_source(id) == Some(ValueSource::CommandLine);
        if !is_typed || ["plan", "write_plan", "help", "register"].contains(&id) {
            continue;
        }
        let key = match id {
            "file" => "data",
            _ => argument.get_long().unwrap_or(id),
        };
        let value = if matches!(argument.get_action(), ArgAction::SetTrue) {
            toml::Value::Boolean(true)
        } else {
            let text = typed.get_raw(id).and_then(|mut values| values.next_back());
            let text = text.map(|t| t.to_string_lossy().into_owned()).unwrap_or_default();
            if INPUTS.contains(&key)
                && let Some(hash) = sha256(Path::new(&text))
            {
                inputs.insert(text.clone(), hash.into());
            }
            number_or_text(&text)
        };
        table.insert(key.to_owned(), value);
    }
    let mut out = format!(
        "# varp geostat --plan FILE computes this again; flags typed beside it override it.\n\
         varp = \"{}\"\naction = \"{name}\"\n\n{table}",
        env!("CARGO_PKG_VERSION")
    );
    if !inputs.is_empty() {
        out.push_str(&format!("\n# SHA-256 of the tables that were read\n[inputs]\n{inputs}"));
    }
    Ok(out)
}

/// A TOML number where it reads back to the same text.
fn number_or_text(text: &str) -> toml::Value {
    if let Ok(number) = text.parse::<i64>()
        && number.to_string() == text
    {
        return toml::Value::Integer(number);
    }
    match text.parse::<f64>() {
        Ok(number) if number.to_string() == text && number.is_finite() && text.contains('.') => {
            toml::Value::Float(number)
        }
        _ => toml::Value::String(text.to_owned()),
    }
}

fn sha256(path: &Path) -> Option<String> {
    let bytes = std::fs::read(path).ok()?;
    Some(Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect())
}
