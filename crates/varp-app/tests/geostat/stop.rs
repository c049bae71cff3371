//! A signal in the middle of a computation: the error of its kind, and no file, whole or half.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::Bench;

/// Starts an action that would take minutes, waits until it says that it begins, and sends the
/// signal; what it said.
fn stopped_by(signal: &str, bench: &Bench, words: &[&str]) -> String {
    let mut child = bench.command(words).stderr(Stdio::piped()).spawn().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut told = String::new();
    // the warning is told right before the computation
    stderr.read_line(&mut told).unwrap();
    assert!(told.starts_with("warning: few-samples"), "{told}");
    std::thread::sleep(Duration::from_millis(300));
    let sent = Instant::now();
    let kill = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let ended = child.wait().unwrap();
    stderr.read_to_string(&mut told).unwrap();
    assert_eq!(ended.code(), Some(2), "{told}");
    assert!(sent.elapsed() < Duration::from_secs(20), "{:?}", sent.elapsed());
    told
}

#[test]
fn kriging_and_simulation_end_by_a_signal_and_leave_no_file() {
    let bench = Bench::new();
    let rows = "x,y,v\n1,2,3\n90,70,4\n50,20,3.5\n300,400,5\n";
    std::fs::write(bench.path("t.csv"), rows).unwrap();
    std::fs::write(bench.path("old.csv"), "as it was").unwrap();
    let places = ["t.csv", "--x", "x", "--y", "y", "--value", "v", "--model", "1 sph(90)"];
    // blocks of 10 000 points; many nodes with many neighbours
    let krige = [
        "--grid",
        "0,600,1,0,600,1",
        "--nmax",
        "4",
        "--block",
        "5,5",
        "--discretisation",
        "100,100",
        "-o",
        "old.csv",
    ];
    let simulate = [
        "--grid",
        "0,700,1,0,700,1",
        "--neighbours",
        "64",
        "--realisations",
        "100",
        "-o",
        "new.csv",
    ];
    let before = names(&bench);
    for (signal, action, more) in [
        ("-TERM", "krige", &krige[..]),
        ("-INT", "simulate", &simulate),
        ("-TERM", "simulate", &simulate),
    ] {
        let told = stopped_by(signal, &bench, &[&[action], &places[..], more].concat());
        assert!(told.contains("error: cancelled"), "{action}: {told}");
        assert_eq!(names(&bench), before, "{action}");
        assert_eq!(std::fs::read_to_string(bench.path("old.csv")).unwrap(), "as it was");
    }
}

fn names(bench: &Bench) -> Vec<String> {
    let list = std::fs::read_dir(bench.folder.path()).unwrap();
    let mut names: Vec<String> =
        list.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_file_that_cannot_be_written_whole_is_not_there() {
    let bench = Bench::new();
    let krige = ["--model", super::MODEL, "--grid", "178460,3,40,329620,3,40"];
    let told = bench.refused(
        &[
            &["krige", "meuse.csv", "--x", "x", "--y", "y", "--value", "lzn"],
            &krige[..],
            &["-o", "no/o.csv"],
        ]
        .concat(),
    );
    assert!(told.contains("creating no/o.csv"), "{told}");
    std::fs::create_dir(bench.path("folder.csv")).unwrap();
    let before = names(&bench);
    bench.refused(
        &[
            &["krige", "meuse.csv", "--x", "x", "--y", "y", "--value", "lzn"],
            &krige[..],
            &["-o", "folder.csv"],
        ]
        .concat(),
    );
    assert_eq!(names(&bench), before);
}
