//! `varp backup`: a consistent copy.

use super::arguments::Backup;
use super::{Outcome, Settings, show};
use crate::jobs::{self, Store};

/// Writes the copy.
pub fn run(command: &Backup, settings: &Settings) -> anyhow::Result<Outcome> {
    if command.to.exists() {
        anyhow::bail!("{} exists already; a backup never overwrites", command.to.display());
    }
    jobs::open(&settings.register)?.backup(&command.to)?;
    show::note(format!("wrote {}", command.to.display()));
    Ok(Outcome::Clean)
}
