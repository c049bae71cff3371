//! `kill -9` at random moments of an import: what is there afterwards is what was there before, or
//! all of the import.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use varp_model::{Batch, SampleRow};
use varp_store::{GeoPackage, Store};

use crate::fixture::{body, determination, exact, import, query, sample, site, source};

/// Rounds in a plain test run; `VARP_CRASH_ROUNDS` sets another number.
const ROUNDS: u32 = 20;

/// Samples of one import, in batches.
const SAMPLES: usize = 600;

/// The import that gets killed: run as a child of the test below, which names the register.
#[test]
fn child_that_imports_until_it_is_killed() {
    let Ok(path) = std::env::var("VARP_CRASH_REGISTER") else { return };
    let store = GeoPackage::open_or_create(Path::new(&path)).unwrap();
    let from = store.imports().unwrap().len();
    let rounds = if std::env::var_os("VARP_CRASH_ONCE").is_some() { 1 } else { 1000 };
    for round in from..from + rounds {
        import_round(&store, round);
    }
}

fn import_round(store: &GeoPackage, round: usize) {
    let place = site("Falun");
    let heap = body("heap", &place);
    let mut writer = store.begin_import(&import(&round.to_string())).unwrap();
    let mut first = Batch { sources: vec![source("R")], sites: vec![place], ..Batch::default() };
    first.determinations = vec![determination("W"), determination("Cu")];
    first.bodies = vec![heap.clone()];
    writer.add(&first).unwrap();
    for chunk in 0..6 {
        let samples = (0..SAMPLES / 6)
            .map(|n| {
                let name = format!("{round} {chunk} {n}");
                SampleRow {
                    sample: sample(&name, Some(&heap)),
                    assays: vec![exact(0, "1.5"), exact(1, "20")],
                }
            })
            .collect();
        writer.add(&Batch { samples, ..Batch::default() }).unwrap();
    }
    writer.commit().unwrap();
}

#[test]
fn a_killed_import_happened_wholly_or_not_at_all() {
    let rounds =
        std::env::var("VARP_CRASH_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(ROUNDS);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.gpkg");
    let start = Instant::now();
    child(&folder.path().join("timed.gpkg")).env("VARP_CRASH_ONCE", "1").status().unwrap();
    let whole = start.elapsed();
    let mut known = 0;
    for round in 0..rounds {
        let part = 0.2 + 1.6 * f64::from(round * 7919 % 101) / 100.0;
        kill_after(&path, whole.mul_f64(part));
        if path.exists() {
            known = check(&path, known);
        }
    }
    println!("{rounds} kills, {known} whole imports, {:.1} s", start.elapsed().as_secs_f64());
}

fn child(path: &Path) -> Command {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child
        .args(["--exact", "geopackage::crash::child_that_imports_until_it_is_killed"])
        .env("VARP_CRASH_REGISTER", path)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    child
}

fn kill_after(path: &Path, delay: Duration) {
    let mut child = child(path).spawn().unwrap();
    std::thread::sleep(delay);
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Opens what is left and returns the number of imports in it.
fn check(path: &Path, known: u64) -> u64 {
    let store = GeoPackage::open_or_create(path).unwrap();
    let imports = store.imports().unwrap().len() as u64;
    assert!(imports >= known, "{imports} imports, but there were {known}");
    assert_eq!(store.samples(&query()).unwrap().matched, Some(imports * SAMPLES as u64));
    assert_eq!(store.assays(&query()).unwrap().matched, Some(imports * SAMPLES as u64 * 2));
    assert_eq!(store.health().unwrap().findings, Vec::<String>::new());
    drop(store);
    let plain = rusqlite::Connection::open(path).unwrap();
    let integrity: String =
        plain.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(integrity, "ok");
    let triggers: i64 = plain
        .query_row("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND name GLOB 'rtree_*_insert'", [], |r| r.get(0))
        .unwrap();
    assert_eq!(triggers, 6, "triggers dropped for the load are back");
    imports
}
