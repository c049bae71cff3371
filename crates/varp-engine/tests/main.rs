//! What the engine promises.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests too")]

mod decision;
mod demo;
mod documents;
mod import;
