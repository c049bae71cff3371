//! What the program promises, as a whole.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that cannot go on should stop")]

mod command;
mod estimates;
mod geostat;
mod http;
mod layout;
mod pilots;
mod tidy;
