//! `varp exchange`: the register for the European harvest, ERML-Lite 2.0.1.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;

use super::{Outcome, Settings, show};
use crate::jobs::{self, Filter};

/// Write the public waste bodies as ERML-Lite 2.0.1.
#[derive(Debug, Args)]
pub struct Exchange {
    /// The file; its ending says the format: gml, geojson
    #[arg(long, value_name = "FILE")]
    pub to: PathBuf,
    /// Only this country (two letters)
    #[arg(long, value_name = "CC")]
    pub country: Option<String>,
    /// Where readers reach the register: addresses of records start with it
    #[arg(long, value_name = "URL", default_value = "http://localhost")]
    pub base: String,
}

/// Writes the file.
pub fn run(command: &Exchange, settings: &Settings) -> anyhow::Result<Outcome> {
    let store = jobs::open(&settings.register)?;
    let references = settings.read_references()?;
    let country = command.country.as_deref().map(str::parse).transpose();
    let filters = country.map_err(anyhow::Error::msg)?.map(Filter::Country).into_iter().collect();
    let base = command.base.trim_end_matches('/');
    let found = jobs::exchange(&store, filters, &references, base)?;
    let to = &command.to;
    let ending = to.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
    let text = match ending.as_str() {
        "gml" | "xml" => found.to_gml(),
        "geojson" | "json" => found.to_geojson(),
        _ => bail!("{} ends neither in .gml nor in .geojson", to.display()),
    };
    std::fs::write(to, text).with_context(|| format!("writing {}", to.display()))?;
    show::note(format!(
        "{} bodies written to {}; {} without a public place left out",
        found.len(),
        to.display(),
        found.without_place
    ));
    Ok(Outcome::Clean)
}
