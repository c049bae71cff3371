//! `kill -9` at random moments of `varp import`; two imports at once.

use std::path::Path;
use std::time::{Duration, Instant};

use varp_model::Visibility;
use varp_store::{GeoPackage, PageLimit, Query, Store};

use super::{ROWS, import, table};

/// Kills in a plain test run; `VARP_CRASH_ROUNDS` sets another number.
const ROUNDS: u32 = 30;

#[test]
fn an_import_that_is_killed_happened_wholly_or_not_at_all() {
    let rounds =
        std::env::var("VARP_CRASH_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(ROUNDS);
    let folder = tempfile::tempdir().unwrap();
    let register = folder.path().join("r.gpkg");
    let start = Instant::now();
    assert!(import(&register, &table(folder.path(), 0)).status().unwrap().success());
    let mut whole = start.elapsed();
    let (mut done, mut undone) = (1, 0);
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    for round in 1..=rounds {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let table = table(folder.path(), round);
        let mut child = import(&register, &table).spawn().unwrap();
        let start = Instant::now();
        std::thread::sleep(whole.mul_f64(1.1 * (random >> 11) as f64 / (1_u64 << 53) as f64));
        child.kill().unwrap();
        if child.wait().unwrap().success() {
            whole = start.elapsed().max(Duration::from_millis(5)); // the machine is quicker now
        }
        let found = imports_in(&register);
        assert!(found == done || found == done + 1, "{found} imports after {done}");
        undone += u32::from(found == done);
        done = found;
        if round % 5 == 0 {
            assert!(import(&register, &table).status().unwrap().success(), "the same once more");
            let again = imports_in(&register);
            assert!(again == found || again == found + 1);
            done = again;
        }
    }
    println!("{rounds} kills: {undone} undone, {} done", rounds - undone);
    assert!(undone > 0, "no kill came in time: the test shows nothing");
}

/// Looks at what is left: how many tables are in it, each whole.
fn imports_in(register: &Path) -> u64 {
    let plain = rusqlite::Connection::open(register).unwrap();
    let integrity: String =
        plain.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(integrity, "ok");
    drop(plain);
    let store = GeoPackage::open(register).unwrap();
    let limit = PageLimit(std::num::NonZeroUsize::MIN);
    let query = Query {
        bbox: None,
        period: None,
        filters: Vec::new(),
        after: None,
        limit,
        count: true,
        audience: Visibility::Private,
    };
    let samples = store.samples(&query).unwrap().matched.unwrap();
    assert_eq!(samples % ROWS, 0, "{samples} samples");
    let tables = samples / ROWS;
    assert_eq!(store.assays(&query).unwrap().matched, Some(2 * samples));
    let adding = store.imports().unwrap().iter().filter(|(_, done)| done.added > 0).count();
    assert_eq!(adding as u64, tables, "an import says what it did");
    assert_eq!(store.health().unwrap().findings, Vec::<String>::new());
    tables
}

#[test]
fn of_two_imports_at_once_one_waits_and_none_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let register = folder.path().join("r.gpkg");
    let tables = [1, 2, 3].map(|number| table(folder.path(), number));
    let children = tables.map(|table| import(&register, &table).spawn().unwrap());
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(imports_in(&register), 3);
}
