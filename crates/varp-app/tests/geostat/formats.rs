//! The same numbers in every format.

use super::{Bench, MODEL, column};

const GRID: &str = "178460,6,500,329620,8,500";

fn written(bench: &Bench, name: &str, more: &[&str]) -> Vec<u8> {
    let words = [&["--model", MODEL, "--grid", GRID, "-o", name][..], more].concat();
    bench.meuse("krige", "lzn", &words);
    std::fs::read(bench.path(name)).unwrap()
}

fn doubles(bytes: &[u8], convert: fn([u8; 8]) -> f64) -> Vec<f64> {
    bytes.chunks_exact(8).map(|b| convert(b.try_into().unwrap())).collect()
}

#[test]
fn tiff_and_vtk_hold_the_numbers_of_the_table() {
    let bench = Bench::new();
    written(&bench, "out.csv", &[]);
    let estimate = column(&bench.path("out.csv"), "estimate");
    let tiff = written(&bench, "out.tif", &["--crs", "28992"]);
    let first = tiff.len() - 2 * 48 * 8;
    let rows = doubles(&tiff[first..first + 48 * 8], f64::from_le_bytes);
    let north_up: Vec<f64> = estimate.chunks(6).rev().flatten().copied().collect();
    assert_eq!(rows, north_up);
    let vtk = written(&bench, "out.vtk", &[]);
    let mark = b"SCALARS estimate double 1\nLOOKUP_TABLE default\n";
    let start = vtk.windows(mark.len()).position(|w| w == mark).unwrap() + mark.len();
    assert_eq!(doubles(&vtk[start..start + 48 * 8], f64::from_be_bytes), estimate);
}

#[test]
fn geoparquet_goes_out_and_comes_back_in() {
    let bench = Bench::new();
    written(&bench, "out.csv", &[]);
    let bytes = written(&bench, "nodes.parquet", &["--crs", "28992"]);
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("Amersfoort / RD New") && text.contains("Oblique Stereographic"));
    // kriging at the file's own points gives the file's own numbers
    let words = ["--model", MODEL, "--at", "nodes.parquet", "-o", "again.csv"];
    bench.meuse("krige", "lzn", &words);
    let again = std::fs::read(bench.path("again.csv")).unwrap();
    assert_eq!(again, std::fs::read(bench.path("out.csv")).unwrap());
    // and its points serve as samples without any column named
    let told =
        bench.ok(&["cv", "nodes.parquet", "--value", "estimate", "--model", MODEL, "--json"]);
    assert!(told.contains("\"count\": 48"), "{told}");
}

#[test]
fn figures_are_svg_and_other_endings_are_refused() {
    let bench = Bench::new();
    let figure = |action: &str, words: &[&str]| {
        bench.meuse(action, "lzn", &[words, &["--plot", "f.svg"]].concat());
        let text = std::fs::read_to_string(bench.path("f.svg")).unwrap();
        assert!(text.starts_with("<?xml") && text.ends_with("</svg>\n"), "{action}");
        assert!(!text.contains("NaN"), "{action}");
    };
    figure("variogram", &["--azimuth", "0,90"]);
    figure("variogram", &["--map", "8", "--lag", "150"]);
    figure("fit", &["--shapes", "sph"]);
    figure("krige", &["--model", MODEL, "--grid", GRID, "-o", "o.csv"]);
    let simulate = ["--model", MODEL, "--grid", GRID, "-o", "o.csv", "--realisations", "8"];
    figure("simulate", &[&simulate[..], &["--cutoffs", "5,5.5,6,6.5,7"]].concat());
    let support = ["--model", MODEL, "--block", "100,100", "--cutoffs", "5,6,7"];
    figure("support", &support);
    let words = ["krige", "meuse.csv", "--x", "x", "--y", "y", "--value", "lzn", "--model", MODEL];
    let told = bench.refused(&[&words[..], &["--grid", GRID, "-o", "o.xyz"]].concat());
    assert!(told.contains(".csv, .parquet, .tif, .vtk"), "{told}");
    let told = bench.refused(&[&words[..], &["--at", "meuse.csv", "-o", "o.tif"]].concat());
    assert!(told.contains("--grid"), "{told}");
}
