//! Tables in the method documents are those of the rule and duty files.
//!
//! `<!-- table: NAME -->` and `<!-- end -->` enclose a table that is written from the files.
//! `VARP_UPDATE_DOCS=1` rewrites what differs.

mod capture;
mod classification;
mod pilots;

use std::path::PathBuf;

const START: &str = "<!-- table: ";
const END: &str = "<!-- end -->";

/// Documents and who writes their tables.
type Tables = fn(&str) -> Option<String>;
const DOCUMENTS: [(&str, Tables); 3] = [
    ("docs/methods/classification.md", classification::table),
    ("docs/methods/capture.md", capture::table),
    ("docs/methods/pilots.md", pilots::table),
];

fn rewritten(text: &str, tables: Tables) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(START) {
        let (before, marked) = rest.split_at(at);
        let (mark, after) = marked.split_once("-->\n").expect("a mark ends its line");
        let name = mark[START.len()..].trim();
        let (_, after) = after.split_once(END).unwrap_or_else(|| panic!("{name} has no end"));
        let table = tables(name).unwrap_or_else(|| panic!("no table {name}"));
        out.push_str(&format!("{before}{START}{name} -->\n{table}{END}"));
        rest = after;
    }
    out + rest
}

#[test]
fn the_method_documents_show_the_rules_that_the_program_runs() {
    let update = std::env::var_os("VARP_UPDATE_DOCS").is_some();
    for (document, tables) in DOCUMENTS {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(document);
        let text = std::fs::read_to_string(&path).unwrap();
        let wanted = rewritten(&text, tables);
        if update && text != wanted {
            std::fs::write(&path, &wanted).unwrap();
            continue;
        }
        let differs = text.lines().zip(wanted.lines()).position(|(a, b)| a != b);
        assert!(
            text == wanted,
            "{document} differs from the files at line {:?}; \
             VARP_UPDATE_DOCS=1 cargo test -p varp-engine rewrites it",
            differs.map(|line| line + 1)
        );
    }
}
