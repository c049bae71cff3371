//! What the engine promises.

mod decision;
