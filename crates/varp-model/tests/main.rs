//! What the model promises to its documents.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests too")]

mod documents;
