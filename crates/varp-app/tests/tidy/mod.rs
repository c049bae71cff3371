//! The tree keeps the shape that ARCHITECTURE.md describes.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn files(folder: &Path, extension: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().map(Result::unwrap) {
        let path = entry.path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && name != "node_modules" {
            found.extend(files(&path, extension));
        } else if name.ends_with(extension) {
            let shown = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
            found.push((shown, fs::read_to_string(&path).unwrap()));
        }
    }
    found.sort();
    found
}

fn sources(krate: &str) -> Vec<(String, String)> {
    files(&root().join("crates").join(krate).join("src"), ".rs")
}

/// The lines before the tests and without comments.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .take_while(|line| !line.starts_with("#[cfg(test)]"))
        .filter(|line| !line.trim_start().starts_with("//"))
}

const CRATES: [&str; 6] =
    ["varp-app", "varp-engine", "varp-geostat", "varp-model", "varp-report", "varp-store"];

#[test]
fn dependencies_point_down() {
    for (krate, may_use) in [
        ("varp-model", &[][..]),
        ("varp-geostat", &[]),
        ("varp-report", &[]),
        ("varp-engine", &["varp-geostat", "varp-model"]),
        ("varp-store", &["varp-model"]),
    ] {
        let manifest = fs::read_to_string(root().join("crates").join(krate).join("Cargo.toml"));
        let manifest = manifest.unwrap();
        for other in CRATES.iter().filter(|other| **other != krate) {
            let uses = manifest.lines().any(|line| line.starts_with(&format!("{other}.")));
            assert!(!uses || may_use.contains(other), "{krate} must not use {other}");
        }
    }
}

#[test]
fn engine_and_store_meet_only_in_jobs() {
    for (file, text) in sources("varp-app") {
        let both = text.contains("varp_engine") && text.contains("varp_store");
        assert!(!both || file.contains("/jobs"), "{file} knows engine and store");
    }
}

/// Fails with all that was found, a line each.
fn none(found: &[String]) {
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn pure_crates_touch_nothing_outside() {
    let mut found = Vec::new();
    let outside = [
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "SystemTime",
        "Instant::now",
        "rusqlite",
        "Timestamp::now",
        "Zoned::now",
    ];
    for krate in ["varp-model", "varp-geostat", "varp-engine", "varp-report"] {
        for (file, text) in sources(krate) {
            if file.ends_with("linalg/lanes.rs") {
                continue; // VARP_SIMD lets a bench choose the instruction set
            }
            let used = outside.iter().filter(|w| code(&text).any(|line| line.contains(**w)));
            found.extend(used.map(|word| format!("{file} uses {word}")));
        }
    }
    none(&found);
}

#[test]
fn async_lives_in_http_only() {
    for krate in CRATES {
        for (file, text) in sources(krate) {
            let asynchronous =
                code(&text).any(|line| line.contains("async ") || line.contains(".await"));
            assert!(!asynchronous || file.contains("/http/"), "{file} is async");
        }
    }
}

#[test]
fn unsafe_stands_in_one_file() {
    let mut allowed = Vec::new();
    for krate in CRATES {
        for (file, text) in sources(krate) {
            if text.contains("allow(unsafe_code)") {
                allowed.push(file);
            }
        }
    }
    assert!(allowed.len() <= 1, "unsafe is allowed in {allowed:?}");
    assert!(allowed.iter().all(|file| file.starts_with("crates/varp-geostat")), "{allowed:?}");
}

#[test]
fn files_stay_short_or_say_why() {
    let mut found = Vec::new();
    for krate in CRATES {
        for (file, text) in sources(krate) {
            let lines = text.lines().take_while(|l| !l.starts_with("#[cfg(test)]")).count();
            let says_why = text.lines().take(12).any(|line| line.contains("Long because"));
            if lines > 400 && !says_why {
                found.push(format!("{file} has {lines} lines and does not say why"));
            }
        }
    }
    none(&found);
}

#[test]
fn no_module_is_named_for_its_kind() {
    for krate in CRATES {
        for (file, _) in sources(krate) {
            let stem = Path::new(&file).file_stem().unwrap().to_string_lossy().into_owned();
            let bad = ["utils", "util", "helpers", "helper", "common", "types", "misc"];
            assert!(!bad.contains(&stem.as_str()), "{file} is named for its kind");
        }
    }
}

#[test]
fn nothing_is_left_open() {
    for krate in CRATES {
        for (file, text) in sources(krate) {
            for open in ["todo!(", "unimplemented!(", "FIXME", "#[ignore"] {
                assert!(!text.contains(open), "{file} holds {open}");
            }
        }
    }
}

#[test]
fn each_dependency_has_its_reason() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let reasons = fs::read_to_string(root().join("docs/decisions/dependencies.md")).unwrap();
    let table = manifest.split("[workspace.dependencies]").nth(1).unwrap();
    let mut found: Vec<String> = Vec::new();
    for line in table.lines().take_while(|line| !line.starts_with('[')) {
        let Some((name, _)) = line.split_once(" = ") else { continue };
        if !name.starts_with("varp-") && !reasons.contains(&format!("`{name}`")) {
            found.push(format!("{name} has no reason in dependencies.md"));
        }
    }
    none(&found);
}

#[test]
fn each_verb_has_a_page_in_the_guide() {
    use clap::CommandFactory;
    let guide = root().join("docs/guide");
    let index = fs::read_to_string(guide.join("README.md")).unwrap();
    let mut found = Vec::new();
    for verb in varp_app::cli::Arguments::command().get_subcommands() {
        let name = verb.get_name();
        let Ok(page) = fs::read_to_string(guide.join(format!("{name}.md"))) else {
            found.push(format!("docs/guide/{name}.md is missing"));
            continue;
        };
        if !index.contains(&format!("({name}.md)")) {
            found.push(format!("the guide does not list {name}"));
        }
        for flag in verb.get_arguments().filter_map(|a| a.get_long()) {
            let told =
                page.contains(&format!("--{flag}")) || ["help", "actor", "json"].contains(&flag);
            if !told {
                found.push(format!("docs/guide/{name}.md does not tell of --{flag}"));
            }
        }
    }
    none(&found);
}
