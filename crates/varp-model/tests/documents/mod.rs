//! Tables in the documents are those of the reference files.
//!
//! `<!-- table: NAME -->` and `<!-- end -->` enclose a table that is written from the files.
//! `VARP_UPDATE_DOCS=1` rewrites what differs.

mod tables;

use std::path::PathBuf;

use varp_model::References;

const DOCUMENTS: [&str; 3] =
    ["docs/methods/database.md", "docs/reference-data.md", "docs/glossary.md"];
const START: &str = "<!-- table: ";
const END: &str = "<!-- end -->";

fn path(document: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(document)
}

/// The document with each of its tables written anew.
fn rewritten(text: &str, references: &References) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(START) {
        let (before, marked) = rest.split_at(at);
        let (mark, after) = marked.split_once("-->\n").expect("a mark ends its line");
        let name = mark[START.len()..].trim();
        let (_, after) = after.split_once(END).unwrap_or_else(|| panic!("{name} has no end"));
        let table = tables::table(name, references).unwrap_or_else(|| panic!("no table {name}"));
        out.push_str(before);
        out.push_str(&format!("{START}{name} -->\n{table}{END}"));
        rest = after;
    }
    out.push_str(rest);
    out
}

#[test]
fn the_documents_show_the_reference_data_that_the_program_runs_on() {
    let references = References::embedded();
    let update = std::env::var_os("VARP_UPDATE_DOCS").is_some();
    for document in DOCUMENTS {
        let text = std::fs::read_to_string(path(document)).unwrap();
        let wanted = rewritten(&text, &references);
        if update && text != wanted {
            std::fs::write(path(document), &wanted).unwrap();
            continue;
        }
        let differs = text.lines().zip(wanted.lines()).position(|(a, b)| a != b);
        assert!(
            text == wanted,
            "{document} differs from the reference files at line {:?}; \
             VARP_UPDATE_DOCS=1 cargo test -p varp-model rewrites it",
            differs.map(|line| line + 1)
        );
    }
}

#[test]
fn a_changed_table_is_noticed() {
    let references = References::embedded();
    let text = format!("a\n{START}waste_storage -->\n| old |\n{END}\nb\n");
    let new = rewritten(&text, &references);
    assert!(
        new.starts_with("a\n<!-- table: waste_storage -->\n| code |") && new.ends_with("\nb\n")
    );
    assert!(!new.contains("old") && new.contains("underground"));
    assert_eq!(rewritten(&new, &references), new);
}

#[test]
fn every_reference_file_is_listed_with_what_it_holds() {
    let references = References::embedded();
    let table = tables::table("files", &references).unwrap();
    for file in references.files.keys() {
        assert!(table.contains(&format!("`{file}`")), "{file} has no description");
    }
}
