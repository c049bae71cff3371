//! What is legal and likely a mistake: a named warning on stderr and in the JSON; what means
//! nothing: an error with its numbers.

use super::Bench;

/// Forty samples at scattered places, values about 5.
fn rows(offset: f64, value: impl Fn(usize) -> f64) -> Vec<String> {
    let place = |i: usize| ((i * 37 % 101) as f64 + offset, (i * 59 % 97) as f64 + offset);
    (0..40).map(|i| (place(i), value(i))).map(|((x, y), v)| format!("{x},{y},{v}")).collect()
}

fn usual(i: usize) -> f64 {
    3.0 + (i * 7 % 11) as f64 * 0.4
}

fn table(bench: &Bench, rows: &[String]) {
    std::fs::write(bench.path("t.csv"), format!("x,y,v\n{}\n", rows.join("\n"))).unwrap();
}

const PLACES: [&str; 7] = ["t.csv", "--x", "x", "--y", "y", "--value", "v"];
const GRID: [&str; 4] = ["--grid", "0,4,30,0,4,30", "-o", "o.csv"];

/// Runs an action on the table; what it warned of by name, held equal on stderr and in JSON.
fn warned(bench: &Bench, action: &str, more: &[&str]) -> Vec<String> {
    let words = [&[action], &PLACES[..], more, &["--json"]].concat();
    let output = bench.run(&words);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{words:?}\n{told}");
    let names: Vec<String> = told
        .lines()
        .filter_map(|l| l.strip_prefix("warning: "))
        .filter_map(|l| l.split_once(": ").map(|(name, _)| name.to_owned()))
        .collect();
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let listed = json.get("warnings").unwrap_or_else(|| &json[0]["warnings"]);
    let listed: Vec<&str> =
        listed.as_array().unwrap().iter().map(|w| w["name"].as_str().unwrap()).collect();
    assert_eq!(names, listed, "{words:?}");
    names
}

#[test]
fn usual_samples_raise_no_warning_in_any_action() {
    let bench = Bench::new();
    table(&bench, &rows(0.0, usual));
    let model = ["--model", "0.2 nug + 1.3 sph(60)"];
    let scores = ["--model", "0.1 nug + 0.9 sph(60)"];
    for (action, more) in [
        ("krige", [&model[..], &GRID].concat()),
        ("cv", model.to_vec()),
        ("simulate", [&scores[..], &GRID, &["--realisations", "2"]].concat()),
        ("decluster", vec!["--cells", "10,50,3"]),
        ("transform", vec![]),
        ("support", [&model[..], &["--block", "10,10", "--cutoffs", "4"]].concat()),
        ("trend", vec![]),
        ("variogram", vec!["--lag", "25", "--lags", "4"]),
    ] {
        assert_eq!(warned(&bench, action, &more), [""; 0], "{action}");
    }
}

#[test]
fn suspicious_samples_are_named() {
    let bench = Bench::new();
    let model = ["--model", "0.2 nug + 1.3 sph(60)"];
    let krige = [&model[..], &GRID].concat();
    table(&bench, &rows(0.0, |_| 7.0));
    assert_eq!(warned(&bench, "krige", &krige), ["equal-values"]);
    assert_eq!(warned(&bench, "cv", &model), ["equal-values"]);
    assert_eq!(warned(&bench, "decluster", &["--cells", "10,50,3"]), ["equal-values"]);
    assert_eq!(warned(&bench, "variogram", &["--lag", "25", "--lags", "4"]), ["equal-values"]);
    let line: Vec<String> = (0..30).map(|i| format!("{i},{},{}", 2 * i, usual(i))).collect();
    table(&bench, &line);
    assert_eq!(warned(&bench, "krige", &krige), ["on-a-line"]);
    let mut twins = rows(0.0, usual);
    twins.push("37.0000001,59,9".into());
    table(&bench, &twins);
    assert_eq!(warned(&bench, "krige", &krige), ["twins"]);
    twins.push("0,0,8".into());
    table(&bench, &twins);
    let told = bench.run(&[&["variogram"], &PLACES[..], &["--lag", "25", "--lags", "4"]].concat());
    let told = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(told.contains("warning: coincident: rows 2 and 43: samples 0 (value 3)"), "{told}");
    assert!(told.contains("warning: twins: rows 3 and 42: "), "{told}");
    table(&bench, &rows(0.0, usual));
    std::fs::write(bench.path("b.csv"), "x,y\n900,0\n999,0\n999,99\n900,99\n").unwrap();
    let polygons = ["--method", "polygons", "--boundary", "b.csv"];
    assert_eq!(warned(&bench, "decluster", &polygons), ["outside"]);
    table(&bench, &rows(1e12, usual));
    let far = ["--grid", "1e12,4,30,1e12,4,30", "-o", "o.csv"];
    assert_eq!(warned(&bench, "krige", &[&model[..], &far].concat()), ["coordinates"]);
    table(&bench, &["1,1,2".into(), "30,2,3".into(), "9,20,4".into()]);
    assert_eq!(warned(&bench, "krige", &krige), ["few-samples"]);
}

#[test]
fn suspicious_models_means_and_targets_are_named() {
    let bench = Bench::new();
    table(&bench, &rows(0.0, usual));
    for (model, more, name) in [
        ("1.5 sph(1e4, 1)", &[][..], "anisotropy"),
        ("1.5 sph(1e-6)", &[], "short-range"),
        ("1.5 nug", &[], "nugget-only"),
        ("1e6 sph(60)", &[], "sill"),
        ("1.5 sph(60)", &["--method", "sk:500"], "mean"),
        ("1.5 sph(60)", &["--block", "1e6,1e6"], "coarse-block"),
    ] {
        let words = [&["--model", model][..], &GRID, more].concat();
        assert_eq!(warned(&bench, "krige", &words), [name], "{model}");
    }
    let far = ["--model", "1.5 sph(60)", "--grid", "5e5,3,10,7e6,3,10", "-o", "o.csv"];
    assert_eq!(warned(&bench, "krige", &far), ["far-targets"]);
    let far = ["--model", "1 sph(60)", "--grid", "5e5,3,10,7e6,3,10", "-o", "o.csv"];
    let simulated = warned(&bench, "simulate", &[&far[..], &["--realisations", "2"]].concat());
    assert_eq!(simulated, ["far-targets"]);
    assert_eq!(warned(&bench, "variogram", &["--lag", "4", "--lags", "5"]), ["few-pairs"]);
    let along = ["--azimuth", "0,90", "--tolerance", "1", "--lag", "1.5", "--lags", "2"];
    let words = [&["variogram"], &PLACES[..], &along].concat();
    let told = String::from_utf8_lossy(&bench.run(&words).stderr).into_owned();
    assert!(told.contains("empty-direction") || told.contains("no pair of the 40"), "{told}");
    table(&bench, &rows(0.0, |i| (i * 37 % 101) as f64));
    let fit = ["--lag", "16", "--lags", "4"];
    assert_eq!(warned(&bench, "fit", &fit), ["long-range"]);
}

#[test]
fn what_means_nothing_is_refused_with_its_numbers() {
    let bench = Bench::new();
    let refused = |action: &str, more: &[&str], words: &str| {
        let told = bench.refused(&[&[action], &PLACES[..], more].concat());
        assert!(told.contains(words), "{action} {more:?}:\n{told}");
    };
    let krige = |model: &'static str| [&["--model", model][..], &GRID].concat();
    table(&bench, &["5,5,3".into()]);
    refused("krige", &krige("1 sph(50)"), "1 samples, but the method needs at least 2");
    refused("variogram", &[], "1 samples, a variogram needs at least 2");
    table(&bench, &rows(0.0, |_| 7.0));
    refused("fit", &["--lag", "25", "--lags", "6"], "all 6 classes");
    refused("variogram", &["--estimator", "correlogram"], "all 40 values are 7");
    refused("simulate", &krige("1 sph(50)"), "all 40 values equal 7");
    table(&bench, &rows(1e16, usual));
    refused("variogram", &[], "numbers of that size are 2 apart");
    refused("krige", &krige("1 sph(50)"), "numbers of that size are 2 apart");
    refused("simulate", &krige("1 sph(50)"), "numbers of that size are 2 apart");
    table(&bench, &rows(0.0, usual));
    refused("krige", &krige("1 sph(1e6, 1e-6)"), "1e12 to 1, more than 1e9");
    refused("variogram", &["--lag", "0.01"], "the two nearest samples are");
    refused("variogram", &["--lag", "-1"], "lag class 0 reaches from -0 to -1");
    refused("fit", &["--shapes", "mat:-1"], "Matérn smoothness = -1 is outside 0.1 to 20");
    refused("krige", &[&krige("1 sph(50)")[..], &["--octants", "0"]].concat(), "in an octant");
    refused("simulate", &krige("1e5 sph(50)"), "the sill of --model \"1e5 sph(50)\" is 100000");
    let none = [&krige("1 sph(50)")[..], &["--realisations", "0"]].concat();
    refused("simulate", &none, "number of realisations is 0");
    let support = ["--model", "1 sph(50)", "--block", "9,9", "--cutoffs", "3", "--terms", "0"];
    refused("support", &support, "number of Hermite coefficients is 0");
    let mut twins = rows(0.0, usual);
    twins.insert(0, "".into());
    twins.push("37,59,8".into());
    table(&bench, &twins);
    // the blank line counts, as it does in an editor
    refused("simulate", &krige("1 sph(50)"), "rows 4 and 43");
    // one sample outside the grid does not count, but its row does
    let node = "nearest to the same node";
    table(&bench, &["-90,-90,1", "3,3,2", "60,60,4", "62,61,5"].map(String::from));
    let coarse = ["--model", "1 sph(50)", "--grid", "0,4,30,0,4,30", "-o", "o.csv"];
    let told = [&["simulate"], &PLACES[..], &coarse, &["--method", "spectral"]].concat();
    let told = bench.refused(&told);
    assert!(told.contains("rows 4 and 5") && told.contains(node), "{told}");
    let spacing = ["--grid", "0,20,10,0,20,10", "--cv", "1", "--spacings", "3x3", "--maxdist", "9"];
    let words = [&["spacing", "--model", "5 sph(50)"], &spacing[..]].concat();
    assert!(bench.refused(&words).contains("is 5, but it is of normal scores"));
    let words = [&["spacing", "--model", "1 sph(50)", "--tolerance", "-5"], &spacing[..]].concat();
    assert!(bench.refused(&words).contains("tolerance is -0.05"));
}

#[test]
fn one_value_has_a_mean_and_no_spread() {
    let bench = Bench::new();
    table(&bench, &["5,5,3".into()]);
    let told = bench.ok(&["stats", "t.csv", "--value", "v", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!((&told["mean"], &told["standard_deviation"]), (&3.0.into(), &().into()));
    assert_eq!(told["warnings"][0]["name"], "few-samples");
}
