//! The program varp.
fn main() {}
