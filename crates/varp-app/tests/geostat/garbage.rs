//! Bad input: an error that says where and what, never a panic, never a silent NaN.

use super::{Bench, MODEL};

fn table(bench: &Bench, rows: &[&str]) {
    std::fs::write(bench.path("bad.csv"), format!("x,y,v\n{}\n", rows.join("\n"))).unwrap();
}

fn krige(bench: &Bench, model: &str, more: &[&str]) -> String {
    let words = ["krige", "bad.csv", "--x", "x", "--y", "y", "--value", "v", "--model", model];
    bench.refused(&[&words[..], &["--grid", "0,3,1,0,3,1", "-o", "o.csv"], more].concat())
}

#[test]
fn bad_samples_are_named_with_their_numbers() {
    let bench = Bench::new();
    for (rows, more, words) in [
        (&["1,1,2", "2,2,x"][..], &[][..], "row 3, column v: \"x\" is not a number"),
        (&["1,1,2", "2,2,"], &[], "--skip-missing"),
        (&["1,1,2", "2,2,NaN"], &[], "row 3"),
        (&["1,1,2", "2,inf,3"], &[], "row 3, column y"),
        (&["1,1,2", "1,1,5", "3,4,1"], &[], "samples 0 (value 2) and 1 (value 5)"),
        (&["1,1,2", "2,2,3", "3,3,4"], &["--drift", "linear"], "linearly dependent"),
        (&["1,1,2"], &["--drift", "linear"], "1 samples, but the method needs at least 3"),
        (&["500,500,2", "501,500,3"], &["--maxdist", "5"], "none of the 9 targets"),
        (&["1,1,2", "2,2,3"], &["--nmax", "0"], "finds nothing"),
        (&["1,1,2", "2,2,3"], &["--maxdist", "0"], "range 0"),
        (&["1,1,2", "2,2,3"], &["--block", "0,0"], "no extent"),
        (&["1,1,2", "2,2,3"], &["--discretisation", "3,3"], "--block"),
    ] {
        table(&bench, rows);
        let told = krige(&bench, MODEL, more);
        assert!(told.contains(words), "{rows:?} {more:?}:\n{told}");
    }
    table(&bench, &[]);
    krige(&bench, MODEL, &[]);
}

#[test]
fn bad_models_are_refused_with_a_hint() {
    let bench = Bench::new();
    table(&bench, &["1,1,2", "2,2,3"]);
    for (model, words) in [
        ("1 exp(120)", "exp(a=120) for the range of the formula, or exp(practical=120)"),
        ("1 gau(120)", "gau(practical=120)"),
        ("1 mat(1.5, 120)", "mat(practical=120)"),
        ("1 hol(3)", "wavelength"),
        ("-1 sph(3)", "sill -1"),
        ("1 sph(0)", "range 0"),
        ("1 sph(-4)", "range -4"),
        ("0 sph(3)", "no term with a sill above 0"),
        ("1 pow(2)", "exponent"),
        ("", "sill"),
        ("sph(3)", "sill"),
        ("1 sph(3", "closing"),
        ("[1, 0; 0, 1] sph(3)", "sill"),
    ] {
        let told = krige(&bench, model, &[]);
        assert!(told.contains(words), "{model}:\n{told}");
    }
}

#[test]
fn equal_values_and_far_places_are_no_trouble() {
    let bench = Bench::new();
    table(&bench, &["1e12,1e12,7", "1000000000010,1e12,7", "1e12,1000000000010,7"]);
    let words =
        ["krige", "bad.csv", "--x", "x", "--y", "y", "--value", "v", "--model", "1 sph(30)"];
    bench.ok(&[&words[..], &["--grid", "1e12,3,4,1e12,3,4", "-o", "o.csv"]].concat());
    let estimates = super::column(&bench.path("o.csv"), "estimate");
    assert_eq!(estimates.len(), 9);
    assert!(estimates.iter().all(|e| (e - 7.0).abs() < 1e-9), "{estimates:?}");
    let fit = ["fit", "bad.csv", "--x", "x", "--y", "y", "--value", "v", "--lag", "5"];
    bench.refused(&fit);
    bench.refused(&["transform", "bad.csv", "--x", "x", "--y", "y", "--value", "v"]);
}

/// A small generator; the tests must not change from run to run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }
}

const CELLS: [&str; 16] = [
    "0", "1", "2", "3.5", "-4", "1e12", "1e-300", "1e308", "-1e308", "", "NaN", "x", "<3", "5..2",
    "7", "9",
];
const MODELS: [&str; 14] = [
    "1 sph(10)",
    "0.1 nug + 1 exp(a=5)",
    "1 gau(a=1e6)",
    "1e-300 sph(1)",
    "1e300 sph(1e300)",
    "1 nug",
    "1 pow(1.5)",
    "1 sph(1e-300)",
    "1 sph(10, 1e-9; azimuth=33)",
    "1 mat(0.1, a=4)",
    "sph",
    "1 exp(3)",
    "[1, 0.5; 0.5, 1] sph(10)",
    "1 hol(a=2)",
];
const FLAGS: [&[&str]; 18] = [
    &["--nmax", "3"],
    &["--nmax", "0"],
    &["--maxdist", "2"],
    &["--maxdist", "-1"],
    &["--drift", "linear"],
    &["--drift", "quadratic"],
    &["--drift", "v"],
    &["--method", "sk:1"],
    &["--method", "sk:nan"],
    &["--block", "1,1"],
    &["--block", "-1,2"],
    &["--block", "1e308,1e308"],
    &["--octants", "1"],
    &["--nmin", "9"],
    &["--ellipsoid", "1,2,3,nan,0,0"],
    &["--skip-missing"],
    &["--diagnostics"],
    &["--ellipsoid", "9,0.001,4,33,91,-720"],
];
const GRIDS: [&str; 6] = [
    "0,3,1,0,3,1",
    "1e12,2,1,0,2,1",
    "0,2,1e308,0,2,1",
    "0,2,1e-300,0,2,1",
    "-1e308,2,1,5,2,2",
    "0,1,1,0,1,1",
];

/// A command with flags that may make no sense.
fn words(dice: &mut Dice) -> Vec<&'static str> {
    let start = ["bad.csv", "--x", "x", "--y", "y", "--value", "v"];
    let (model, grid) = (dice.pick(&MODELS), dice.pick(&GRIDS));
    let mut words: Vec<&str> = vec![];
    match dice.roll(6) {
        0..3 => {
            words.push("krige");
            words.extend(start);
            words.extend(["--model", model, "--grid", grid, "-o", "o.csv"]);
            for _ in 0..dice.roll(3) {
                words.extend(FLAGS[dice.roll(FLAGS.len())]);
            }
        }
        3 => {
            words.push("cv");
            words.extend(start);
            words.extend(["--model", model, "-o", "o.csv"]);
        }
        4 => {
            words.push("simulate");
            words.extend(start);
            words.extend(["--model", model, "--grid", grid, "-o", "o.csv", "--realisations", "3"]);
            words.extend(["--method", dice.pick(&["sequential", "spectral", "indicator"])]);
        }
        _ => {
            words.push(dice.pick(&["variogram", "fit"]));
            words.extend(start);
            words.extend(["--lag", dice.pick(&["1", "0", "-1", "1e-300", "nan", "1e308"])]);
        }
    }
    words
}

/// Actions beside kriging and simulation, with flags that may make no sense.
fn other_words(dice: &mut Dice) -> Vec<&'static str> {
    let data = ["bad.csv", "--x", "x", "--y", "y", "--value", "v"];
    let (model, grid) = (dice.pick(&MODELS), dice.pick(&GRIDS));
    let number = dice.pick(&["1", "0", "-1", "1e-300", "nan", "1e308", "3"]);
    let own: &[&str] = match dice.roll(7) {
        0 => &["qq", "--law", "lognormal"],
        1 => &["qq", "--against", "x", "--points", number],
        2 => &["trend", "--order", "quadratic"],
        3 => &["trend", "--order", "none", "--with", "y,x"],
        4 => &["composition", "--parts", "x,y,v", "--whole", number],
        5 => &["composition", "--parts", "a,b", "--back", "v", "--ratio", "alr"],
        _ => &["composition", "--parts", "x,v", "--rest", "r", "--limits", number],
    };
    match dice.roll(7) {
        0..3 => {
            let columns: &[&str] = match own[0] {
                "qq" => &["bad.csv", "--value", "v"],
                "trend" => &data,
                _ => &["bad.csv"],
            };
            [own, columns, &["-o", "o.csv"]].concat()
        }
        3 => [&["decluster"], &data[..], &["--cells", "1,9,3", "-o", "o.csv"]].concat(),
        4 => {
            let more = ["--method", "kriging", "--model", model, "--grid", grid, "-o", "o.csv"];
            [&["decluster"], &data[..], &more].concat()
        }
        5 => {
            let to = dice.pick(&["scores", "hermite"]);
            [&["transform"], &data[..], &["--to", to, "-o", "o.csv"]].concat()
        }
        _ => {
            let block = dice.pick(&["1,1", "0,0", "-1,2", "1e308,1", "5,5,5"]);
            let more = ["--model", model, "--block", block, "--cutoffs", number, "-o", "o.csv"];
            [&["support"], &data[..], &more].concat()
        }
    }
}

/// Runs random garbage; whatever comes out is an error of the program's own or a table without
/// infinities and without "NaN".
#[test]
fn random_garbage_never_panics_and_never_writes_a_number_that_is_none() {
    survives(&mut Dice(20_261_128), 150, words);
}

#[test]
fn random_garbage_is_no_harm_to_the_other_actions() {
    survives(&mut Dice(20_261_129), 150, other_words);
}

fn survives(dice: &mut Dice, rounds: usize, words: fn(&mut Dice) -> Vec<&'static str>) {
    let bench = Bench::new();
    for round in 0..rounds {
        let rows: Vec<String> = (0..dice.roll(12))
            .map(|_| {
                let few = |dice: &mut Dice| match dice.roll(3) {
                    0 => dice.pick(&CELLS).to_owned(),
                    _ => dice.roll(10).to_string(),
                };
                format!("{},{},{}", few(dice), few(dice), few(dice))
            })
            .collect();
        table(&bench, &rows.iter().map(String::as_str).collect::<Vec<_>>());
        let words = words(dice);
        let _ = std::fs::remove_file(bench.path("o.csv"));
        let output = bench.run(&words);
        let told = String::from_utf8_lossy(&output.stderr);
        let shown = format!("round {round}: {}\n{}\n{told}", words.join(" "), rows.join("\n"));
        assert!(output.status.code().is_some_and(|c| c <= 2), "{shown}");
        assert!(!told.contains("panicked"), "{shown}");
        if output.status.success()
            && let Ok(text) = std::fs::read_to_string(bench.path("o.csv"))
        {
            assert!(!text.contains("NaN") && !text.contains("inf"), "{shown}\n{text}");
        }
    }
}
