//! Faults planted in clean tables: how many are found, and how often clean tables are suspected.
//!
//! `cargo test -p varp-engine --test main seeded -- --nocapture` prints the table per kind;
//! `VARP_SEEDED_TRIALS` sets how many tables of each kind are made (80 unless set).

mod bodies;
mod random;
mod rocks;

use random::Random;
use varp_engine::import::{Accept, Input, Issue};

use super::import_with;

/// A table with its mapping, and where the fault was planted.
pub struct Case {
    pub table: String,
    pub mapping: String,
    /// Codes of which one has to turn up.
    pub codes: &'static [&'static str],
    /// What was done, for a look at those that were missed.
    pub fault: String,
    /// Rows in which it has to turn up; anywhere if empty.
    pub rows: Vec<u32>,
    /// Column in which it has to turn up, by header; any if empty.
    pub column: String,
}

fn issues(case: &Case) -> Vec<Issue> {
    let input = vec![Input::from_bytes("table.csv", case.table.clone())];
    let outcome = import_with(input, &case.mapping, Accept::ValidRows);
    outcome.report.issues.all().to_vec()
}

fn found(case: &Case, issues: &[Issue]) -> bool {
    issues.iter().any(|issue| {
        let place = &issue.place;
        let header = place.column.as_ref().map_or("", |c| &*c.header);
        case.codes.contains(&issue.code.as_str())
            && (case.rows.is_empty() || place.row.is_none_or(|row| case.rows.contains(&row)))
            && (case.column.is_empty() || header.is_empty() || header == case.column)
    })
}

/// Faults planted and found, clean tables and false alarms.
struct Score {
    kind: &'static str,
    planted: usize,
    found: usize,
    clean: usize,
    alarms: usize,
}

type Plant = fn(&mut Random) -> Case;

const KINDS: &[(&str, Plant, Plant)] = &[
    ("unit", rocks::unit_fault, rocks::clean),
    ("oxide", rocks::oxide_fault, rocks::clean),
    ("censoring", rocks::censoring_fault, rocks::clean),
    ("decimal", rocks::decimal_fault, rocks::clean),
    ("duplicate", rocks::duplicate_fault, rocks::clean),
    ("date", rocks::date_fault, rocks::clean),
    ("axis", bodies::axis_fault, bodies::clean),
    ("crs", bodies::crs_fault, bodies::clean),
];

fn score(kind: &'static str, plant: Plant, clean: Plant, trials: usize) -> Score {
    let mut score = Score { kind, planted: trials, found: 0, clean: trials, alarms: 0 };
    for trial in 0..trials as u64 {
        let case = plant(&mut Random::new(kind, trial));
        let seen = issues(&case);
        if found(&case, &seen) {
            score.found += 1;
        } else {
            println!("missed {kind} {trial}: {}", case.fault);
        }
        let case = clean(&mut Random::new(kind, trial + 1_000_000));
        let seen = issues(&case);
        if let Some(alarm) = seen.first() {
            score.alarms += 1;
            println!("false alarm in {kind} {trial}: [{}] {alarm}", alarm.code);
        }
    }
    score
}

#[test]
fn planted_faults_are_found_and_clean_tables_are_left_alone() {
    let trials =
        std::env::var("VARP_SEEDED_TRIALS").ok().and_then(|t| t.parse().ok()).unwrap_or(80);
    let scores: Vec<Score> =
        KINDS.iter().map(|(kind, plant, clean)| score(kind, *plant, *clean, trials)).collect();
    println!(
        "{:<10} {:>7} {:>6} {:>6} {:>12}",
        "kind", "planted", "found", "clean", "false alarms"
    );
    for s in &scores {
        println!("{:<10} {:>7} {:>6} {:>6} {:>12}", s.kind, s.planted, s.found, s.clean, s.alarms);
    }
    for s in &scores {
        assert!(s.found * 100 >= s.planted * 95, "{}: {} of {} found", s.kind, s.found, s.planted);
    }
    let (clean, alarms) =
        scores.iter().fold((0, 0), |(clean, alarms), s| (clean + s.clean, alarms + s.alarms));
    assert!(alarms * 100 < clean, "{alarms} false alarms in {clean} clean tables");
}
