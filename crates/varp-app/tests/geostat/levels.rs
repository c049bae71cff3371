//! The same numbers on every processor: the same bytes wherever products and sums are fused,
//! within 1e-12 where they are not.

use super::{Bench, MODEL, read};

const NODES: &str = "178460,40,80,329620,50,80";
/// No two samples are nearest to one node.
const FINE: &str = "178460,156,20,329620,208,20";
const NESTED: &str = "0.05 nug + 0.3 sph(1200, 480; azimuth=45) + 0.29 exp(a=300, 100; azimuth=20)";

/// The table that an action writes with the instructions of a level.
fn at_level(bench: &Bench, level: &str, words: &[&str]) -> Vec<(String, Vec<f64>)> {
    let start = [words[0], "meuse.csv", "--x", "x", "--y", "y", "--value", words[1]];
    let output = bench
        .command(&[&start[..], &words[2..], &["-o", "out.csv"]].concat())
        .env("VARP_SIMD", level)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    read(&bench.path("out.csv"))
}

#[test]
fn every_level_of_instructions_gives_the_same_numbers() {
    let bench = Bench::new();
    let scores =
        ["--model", "0.1 nug + 0.9 sph(900)", "--grid", NODES, "--realisations", "3", "--all"];
    for words in [
        &["krige", "lzn", "--model", MODEL, "--grid", NODES, "--nmax", "20", "--diagnostics"][..],
        &["krige", "lzn", "--model", MODEL, "--grid", NODES],
        &["krige", "lzn", "--model", NESTED, "--grid", NODES, "--nmax", "24", "--octants", "4"],
        &["krige", "lzn", "--model", MODEL, "--grid", NODES, "--block", "80,80", "--nmax", "20"],
        &["krige", "lzn", "--model", MODEL, "--grid", NODES, "--nmax", "32", "--tile", "25"],
        &["krige", "lzn", "--model", MODEL, "--grid", NODES, "--drift", "linear", "--nmax", "30"],
        &["cv", "lzn", "--model", NESTED],
        &["variogram", "lzn", "--azimuth", "0,45,90,135", "--lag", "100"],
        &[&["simulate", "zinc"], &scores[..]].concat(),
        &[&["simulate", "zinc", "--method", "spectral"], &scores[..], &["--grid", FINE]].concat(),
    ] {
        let wide = at_level(&bench, "avx512", words);
        assert_eq!(wide.len(), at_level(&bench, "avx2", words).len());
        for (level, tolerance) in [("avx2", 0.0), ("baseline", 1e-12)] {
            let narrow = at_level(&bench, level, words);
            for ((name, a), (_, b)) in wide.iter().zip(&narrow) {
                let size = a.iter().filter(|v| v.is_finite()).fold(0.0_f64, |m, v| m.max(v.abs()));
                let far = a.iter().zip(b).map(|(x, y)| (x - y).abs()).fold(0.0, f64::max);
                assert_eq!(a.len(), b.len());
                assert!(far <= tolerance * size, "{level} {words:?} {name}: {far:e} of {size}");
                let holes = |v: &[f64]| v.iter().filter(|v| v.is_nan()).count();
                assert_eq!(holes(a), holes(b), "{level} {words:?} {name}");
            }
        }
    }
}
