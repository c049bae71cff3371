//! What the engine promises.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests are tests too")]

mod classes;
mod decision;
mod demo;
mod documents;
mod estimate;
mod fuzz;
mod import;
mod matching;
