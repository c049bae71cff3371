//! Quantiles, trends and log-ratios from the command line.

use super::{Bench, assert_close, column, oracle};

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn zinc_is_nearer_to_lognormal_than_to_normal() {
    let bench = Bench::new();
    let words = ["qq", "meuse.csv", "--value", "zinc", "--json"];
    let told = |more: &[&str]| json(&bench.ok(&[&words[..], more].concat()));
    let normal = told(&["--plot", "qq.svg", "-o", "qq.csv"]);
    let lognormal = told(&["--law", "lognormal"]);
    let correlation = |v: &serde_json::Value| v["correlation"].as_f64().unwrap();
    // NumPy and SciPy: corrcoef(quantile(zinc, p), norm.ppf(p)), p = (0..154 + ½)/155
    assert!((correlation(&normal) - 0.913_135_091_508_464_5).abs() < 1e-12, "{normal}");
    assert!((correlation(&lognormal) - 0.973_648_349_889_815).abs() < 1e-9, "{lognormal}");
    assert_eq!((&normal["points"], &normal["values"]), (&155.into(), &155.into()));
    let svg = std::fs::read_to_string(bench.path("qq.svg")).unwrap();
    assert_eq!(svg.matches("<circle").count(), 155);
    let share = column(&bench.path("qq.csv"), "share");
    assert!((share[0] - 0.5 / 155.0).abs() < 1e-15);
}

#[test]
fn a_column_against_itself_lies_on_the_line_and_two_tables_can_be_compared() {
    let bench = Bench::new();
    let words = ["qq", "meuse.csv", "--value", "lzn", "--json"];
    let same = json(&bench.ok(&[&words[..], &["--against", "lzn"]].concat()));
    assert_eq!(same["largest_difference"], 0.0);
    std::fs::write(bench.path("other.csv"), "w\n1\n2\n\n4\n").unwrap();
    let more = ["--against", "w", "--against-data", "other.csv"];
    let other = json(&bench.ok(&[&words[..], &more].concat()));
    assert_eq!((&other["points"], &other["against"]), (&3.into(), &"w".into()));
    let flat = ["qq", "flat.csv", "--value", "v"];
    std::fs::write(bench.path("flat.csv"), "v\n2\n2\n").unwrap();
    assert!(bench.refused(&flat).contains("all 2 quantiles compared are 2"));
    let negative = [&words[..], &["--law", "lognormal"]].concat();
    bench.ok(&negative);
    std::fs::write(bench.path("flat.csv"), "v\n-2\n2\n").unwrap();
    let told = bench.refused(&[&flat[..], &["--law", "lognormal"]].concat());
    assert!(told.contains("-2 has no logarithm"), "{told}");
}

/// The figures are those of `oracle/regression_statsmodels.py`.
#[test]
fn a_trend_with_its_analysis_of_variance_equals_statsmodels() {
    let bench = Bench::new();
    let told =
        json(&bench.meuse("trend", "lzn", &["--with", "sqrtdist", "--json", "-o", "rest.csv"]));
    let near = |at: &str, want: f64| {
        let got = told.pointer(at).and_then(serde_json::Value::as_f64).unwrap();
        assert!((got - want).abs() <= 1e-9 * want.abs(), "{at}: {got} is not {want}");
    };
    near("/terms/0/coefficient", 6.932_152_781_910_933);
    near("/terms/1/coefficient", -2.139_447_139_004_097e-4);
    near("/terms/3/standard_error", 1.855_657_874_837_963_2e-1);
    near("/r_squared", 0.651_835_422_139_027_6);
    near("/f", 94.234_312_354_713_13);
    near("/unexplained/sum_of_squares", 27.940_655_828_565_347);
    assert_eq!(told["terms"][3]["term"], "sqrtdist");
    let rest = column(&bench.path("rest.csv"), "residual");
    let squares: f64 = rest.iter().map(|r| r * r).sum();
    assert!(
        (squares - 27.940_655_828_565_347).abs() < 1e-9 && rest.iter().sum::<f64>().abs() < 1e-9
    );
    let text = bench.meuse("trend", "lzn", &["--order", "quadratic"]);
    assert!(text.contains("x·y") && text.contains("adjusted R²"), "{text}");
    let line = "x,y,v\n0,0,1\n1,2,2\n2,4,4\n3,6,2\n";
    std::fs::write(bench.path("line.csv"), line).unwrap();
    let words = ["trend", "line.csv", "--x", "x", "--y", "y", "--value", "v"];
    let told = bench.refused(&words);
    assert!(told.contains("4 positions cannot determine 3 trend terms"), "{told}");
}

#[test]
fn log_ratios_equal_those_of_r_and_lead_back() {
    let bench = Bench::new();
    let jura = oracle("jura_prediction.csv");
    std::fs::copy(jura, bench.path("jura.csv")).unwrap();
    let metals = "Cd,Co,Cr,Cu,Ni,Pb,Zn";
    let words = ["composition", "jura.csv", "--parts", metals, "--whole", "1e6", "--json"];
    let told = json(&bench.ok(&[&words[..], &["--ratio", "clr", "-o", "clr.csv"]].concat()));
    // total variance of the seven metals by R's compositions formula, see coda_jura_*.csv
    assert!((told["total_variance"].as_f64().unwrap() - 0.899_62).abs() < 5e-6, "{told}");
    let want = oracle("coda_jura_clr_ilr_first20.csv");
    assert_close(&column(&bench.path("clr.csv"), "clr_Cd")[..20], &column(&want, "Cd"), 1e-12);
    bench.ok(&[&words[..], &["-o", "ilr.csv"]].concat());
    assert_close(&column(&bench.path("ilr.csv"), "ilr_1")[..20], &column(&want, "ilr1"), 1e-12);
    for ratio in ["clr", "ilr", "alr"] {
        let words =
            ["composition", "jura.csv", "--parts", metals, "--whole", "1e6", "--rest", "rest"];
        let there = [&words[..], &["--ratio", ratio, "-o", "there.csv"]].concat();
        bench.ok(&there);
        let path = bench.path("there.csv");
        let ratios: Vec<String> = super::read(&path)
            .into_iter()
            .map(|c| c.0)
            .filter(|n| n.starts_with(&format!("{ratio}_")))
            .collect();
        let parts = "a,b,c,d,e,f,g,h";
        let back =
            ["composition", "there.csv", "--parts", parts, "--whole", "1e6", "--ratio", ratio];
        bench.ok(&[&back[..], &["--back", &ratios.join(","), "-o", "back.csv"]].concat());
        let back = bench.path("back.csv");
        assert_close(&column(&back, "g"), &column(&back, "Zn"), 1e-9);
    }
}

#[test]
fn parts_that_are_no_composition_are_refused_with_their_row() {
    let bench = Bench::new();
    std::fs::write(bench.path("p.csv"), "a,b\n30,20\n0,20\n80,40\n").unwrap();
    let words = ["composition", "p.csv", "--parts", "a,b"];
    let told = bench.refused(&words);
    assert!(told.contains("row 3, parts a,b") && told.contains("part 0 is 0"), "{told}");
    let told = bench.refused(&[&words[..], &["--limits", "1,1"]].concat());
    assert!(told.contains("row 4") && told.contains("sum to 120"), "{told}");
    std::fs::write(bench.path("p.csv"), "a,b\n30,20\n0,20\n").unwrap();
    bench.ok(&[&words[..], &["--limits", "1,1", "-o", "o.csv"]].concat());
    assert!(bench.refused(&[&words[..], &["--limits", "1"]].concat()).contains("1 numbers for 2"));
    let told = bench.refused(&[&words[..], &["--back", "a,b"]].concat());
    assert!(told.contains("2 columns; 2 parts have 1 such ratios"), "{told}");
}

#[test]
fn a_long_tail_above_the_samples_gives_larger_values_than_a_short_one() {
    let bench = Bench::new();
    let greatest = |tails: &[&str]| {
        let words = ["--model", "1 sph(900)", "--grid", "178460,40,80,329620,50,80", "--all"];
        let more = ["--realisations", "5", "--bounds", "0,1e6", "-o", "s.csv"];
        bench.meuse("simulate", "zinc", &[&words[..], &more, tails].concat());
        column(&bench.path("s.csv"), "r1").into_iter().fold(0.0, f64::max)
    };
    let long = greatest(&["--tails", "linear,hyperbolic:1.5"]);
    let short = greatest(&["--tails", "power:2,hyperbolic:5"]);
    assert!(1_839.0 < short && short < long && long < 1e6, "{short} {long}");
    let words = ["transform", "meuse.csv", "--x", "x", "--y", "y", "--value", "zinc"];
    for bad in ["hyperbolic:2,linear", "linear", "power:-1,linear", "power,linear"] {
        let told = bench.refused(&[&words[..], &["--bounds", "0,3000", "--tails", bad]].concat());
        assert!(told.contains("such as linear,hyperbolic:1.5"), "{bad}: {told}");
    }
}
