//! Prints a code list as SKOS in Turtle: `cargo run -p varp-model --example vocabulary body_kinds`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example prints")]

use varp_model::References;

fn main() {
    let name = std::env::args().nth(1).unwrap_or_else(|| "body_kinds".to_owned());
    let references = References::embedded();
    match references.turtle(&name, "https://example.org/vocabulary") {
        Some(turtle) => print!("{turtle}"),
        None => eprintln!("no list is called {name}; there are {:?}", references.lists.keys()),
    }
}
