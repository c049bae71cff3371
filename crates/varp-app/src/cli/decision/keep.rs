//! Kept results computed again.

use anyhow::Context;
use varp_model::ResultId;

use crate::cli::{Outcome, show};
use crate::jobs::Replay;

/// The id of a kept result.
pub fn id(text: &str) -> anyhow::Result<ResultId> {
    text.parse().with_context(|| format!("\"{text}\" is not an id of a result"))
}

/// Says how a result that was computed again compares with the kept one; prints it where `json` asks for it.
pub fn compared(replay: &Replay, json: bool) -> Outcome {
    for version in &replay.other_versions {
        show::note(format!("made with another version of {version}"));
    }
    if json {
        show::line(&replay.again);
    }
    show::replayed(&replay.stored, &replay.again)
}
