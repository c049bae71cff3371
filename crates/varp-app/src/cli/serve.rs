//! `varp serve`: the public door.

use std::sync::Arc;

use super::arguments::Serve;
use super::{Outcome, Settings, show};
use crate::http::{self, AccessLog, KeepEstimates, ServeOptions};
use crate::jobs;

/// Serves until ctrl-c.
pub fn run(command: &Serve, settings: &Settings) -> anyhow::Result<Outcome> {
    let listen = command.listen.unwrap_or(settings.listen);
    let log = AccessLog(!command.quiet);
    let keep = KeepEstimates(command.keep_estimates);
    start(settings, ServeOptions { listen, base: None, log, keep })?;
    Ok(Outcome::Clean)
}

/// Opens the register and serves it until ctrl-c.
pub fn start(settings: &Settings, options: ServeOptions) -> anyhow::Result<()> {
    let store = Arc::new(jobs::open(&settings.register)?);
    let references = Arc::new(settings.read_references()?);
    http::serve_blocking(store, references, options, |address| {
        show::note(format!("serving {} at http://{address}", settings.register.display()));
        show::note("stop with ctrl-c");
    })?;
    Ok(())
}
