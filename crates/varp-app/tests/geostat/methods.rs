//! Every method from the command line, held to the numbers of gstat where there are some.

use super::{Bench, MODEL, assert_close, column, oracle, read};

/// Nodes of the oracle as a table of targets with their drift.
fn targets(bench: &Bench) -> std::path::PathBuf {
    let path = oracle("meuse_kriging_every10.csv");
    let (x, y, dist) = (column(&path, "x"), column(&path, "y"), column(&path, "dist"));
    let mut text = String::from("x,y,sqrtdist\n");
    for i in 0..x.len() {
        text.push_str(&format!("{},{},{}\n", x[i], y[i], dist[i].sqrt()));
    }
    std::fs::write(bench.path("at.csv"), text).unwrap();
    path
}

#[test]
fn kriging_at_points_equals_gstat() {
    let bench = Bench::new();
    let want = targets(&bench);
    let anisotropic = "0.05 nug + 0.59 sph(1200, 480; azimuth=45)";
    for (words, estimate) in [
        (&["--model", MODEL][..], "ok"),
        (&["--model", MODEL, "--method", "sk:5.9"], "sk59"),
        (&["--model", MODEL, "--drift", "linear"], "ut_xy"),
        (&["--model", "0.05 nug + 0.2 exp(a=300)", "--drift", "sqrtdist"], "uk_sqrtdist"),
        (&["--model", MODEL, "--nmax", "20", "--maxdist", "1000"], "ok_nmax20_r1000"),
        (&["--model", anisotropic], "aniso"),
    ] {
        bench.meuse("krige", "lzn", &[words, &["--at", "at.csv", "-o", "out.csv"]].concat());
        let variance = match estimate {
            "sk59" => "sk_var",
            "uk_sqrtdist" => "uk_var",
            "ut_xy" => "ut_var",
            "ok_nmax20_r1000" => "ok_nmax20_var",
            other => &format!("{other}_var"),
        };
        for (ours, theirs) in [("estimate", estimate), ("variance", variance)] {
            let (got, want) = (column(&bench.path("out.csv"), ours), column(&want, theirs));
            // where two samples are equally far, each program may take another twentieth
            let ties = if words.contains(&"20") { 2 } else { 0 };
            let far = got.iter().zip(&want).filter(|(a, b)| (*a - *b).abs() > 1e-10).count();
            assert!(far <= ties, "{theirs}: {far} of {} differ", got.len());
        }
    }
}

#[test]
fn blocks_indicators_and_cross_validation_equal_gstat() {
    let bench = Bench::new();
    targets(&bench);
    let block = ["--model", MODEL, "--block", "40,40", "--at", "at.csv", "-o", "out.csv"];
    bench.meuse("krige", "lzn", &block);
    let want = oracle("meuse_block4x4_every10.csv");
    assert_close(&column(&bench.path("out.csv"), "estimate"), &column(&want, "blk4x4"), 1e-10);
    let cv = bench.meuse("cv", "lzn", &["--model", MODEL, "--json"]);
    let cv: serde_json::Value = serde_json::from_str(&cv).unwrap();
    assert!((cv["root_mean_squared_error"].as_f64().unwrap() - 0.391_749).abs() < 5e-7, "{cv}");
    let fit = bench.meuse("fit", "lzn", &["--json"]);
    let fit: serde_json::Value = serde_json::from_str(&fit).unwrap();
    assert!(fit[0]["weighted_squares"].as_f64().unwrap() < 9.0113e-6, "{fit}");
    let ik = ["--indicator", "200,500,1000", "--model", "0.02 nug + 0.2 sph(900)", "--nmax", "20"];
    bench.meuse("krige", "zinc", &[&ik[..], &["--at", "at.csv", "-o", "ik.csv"]].concat());
    let below: Vec<Vec<f64>> =
        ["below_200", "below_500", "below_1000"].map(|c| column(&bench.path("ik.csv"), c)).to_vec();
    for i in 0..below[0].len() {
        let row = [0, 1, 2].map(|c| below[c][i]);
        assert!(0.0 <= row[0] && row[0] <= row[1] && row[1] <= row[2] && row[2] <= 1.0, "{row:?}");
    }
}

/// gstat's linear model of coregionalisation as text.
fn coregionalisation() -> String {
    let path = oracle("meuse_lmc_model.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let names = ["lcd", "lcu", "lpb", "lzn"];
    let sill = |i: usize, j: usize, term: &str| {
        let (a, b) = (names[i.min(j)], names[i.max(j)]);
        let pair = if a == b { a.to_owned() } else { format!("{a}.{b}") };
        let row = rows.iter().find(|r| r[0] == pair && &r[1] == term);
        row.unwrap()[2].to_owned()
    };
    let matrix = |term: &str| {
        let row = |i: usize| (0..4).map(|j| sill(i, j, term)).collect::<Vec<_>>().join(", ");
        format!("[{}]", (0..4).map(row).collect::<Vec<_>>().join("; "))
    };
    format!("{} nug + {} sph(800)", matrix("Nug"), matrix("Sph"))
}

#[test]
fn cokriging_of_four_metals_equals_gstat() {
    let bench = Bench::new();
    let want = oracle("meuse_cokriging_every20.csv");
    let (x, y) = (column(&want, "x"), column(&want, "y"));
    let rows: String = x.iter().zip(&y).map(|(x, y)| format!("{x},{y}\n")).collect();
    std::fs::write(bench.path("at.csv"), format!("x,y\n{rows}")).unwrap();
    let model = coregionalisation();
    let words = ["--with", "lcu,lpb,lzn", "--model", &model, "--at", "at.csv", "--diagnostics"];
    bench.meuse("krige", "lcd", &[&words[..], &["-o", "out.csv"]].concat());
    let out = bench.path("out.csv");
    for (ours, theirs) in [
        ("estimate", "lcd.pred"),
        ("variance", "lcd.var"),
        ("estimate_lzn", "lzn.pred"),
        ("variance_lpb", "lpb.var"),
        ("covariance_lcd_lcu", "cov.lcd.lcu"),
        ("covariance_lpb_lzn", "cov.lpb.lzn"),
    ] {
        assert_close(&column(&out, ours), &column(&want, theirs), 1e-8);
    }
}

#[test]
fn collocated_kriging_follows_its_secondary_where_there_are_no_samples() {
    let bench = Bench::new();
    std::fs::write(bench.path("at.csv"), "x,y,lead\n0,0,100\n0,900000,200\n").unwrap();
    let words = ["--collocated", "lead", "--correlation", "0.8", "--method", "sk:6"];
    let more = ["--model", "1 sph(900)", "--at", "at.csv", "-o", "out.csv"];
    bench.meuse("krige", "lzn", &[&words[..], &more].concat());
    let out = bench.path("out.csv");
    // the two secondary values are one standard deviation below and above their mean
    assert_close(&column(&out, "estimate"), &[6.0 - 0.8, 6.0 + 0.8], 1e-12);
    assert_close(&column(&out, "variance"), &[1.0 - 0.64; 2], 1e-12);
}

#[test]
fn polygons_are_estimated_as_the_blocks_they_are() {
    let bench = Bench::new();
    let ring = "[[179000,330000],[179400,330000],[179400,330400],[179000,330400],[179000,330000]]";
    let feature = format!(
        r#"{{"type":"Feature","properties":{{"name":"west"}},"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}"#
    );
    let text = format!(r#"{{"type":"FeatureCollection","features":[{feature}]}}"#);
    std::fs::write(bench.path("a.geojson"), text).unwrap();
    let words = ["--model", MODEL, "--areas", "a.geojson", "--area", "name"];
    let parts = ["--discretisation", "5,5", "-o", "areas.csv"];
    bench.meuse("krige", "lzn", &[&words[..], &parts].concat());
    let block = ["--model", MODEL, "--block", "400,400", "--discretisation", "5,5"];
    let grid = ["--grid", "179200,1,1,330200,1,1", "-o", "block.csv"];
    bench.meuse("krige", "lzn", &[&block[..], &grid].concat());
    for name in ["estimate", "variance"] {
        let got = column(&bench.path("areas.csv"), name);
        assert_close(&got, &column(&bench.path("block.csv"), name), 1e-12);
    }
    assert!(std::fs::read_to_string(bench.path("areas.csv")).unwrap().contains("west"));
}

#[test]
fn a_plan_replays_to_the_same_bytes_and_yields_to_what_is_typed() {
    let bench = Bench::new();
    let grid = "178460,8,400,329620,11,400";
    let words = ["--model", MODEL, "--nmax", "16", "--grid", grid, "--diagnostics"];
    let out = ["-o", "a.csv", "--write-plan", "plan.toml"];
    bench.meuse("krige", "lzn", &[&words[..], &out].concat());
    bench.ok(&["krige", "--plan", "plan.toml", "-o", "b.csv"]);
    let bytes = |name: &str| std::fs::read(bench.path(name)).unwrap();
    assert_eq!(bytes("a.csv"), bytes("b.csv"));
    bench.ok(&["krige", "--plan", "plan.toml", "-o", "c.csv", "--nmax", "4"]);
    assert_ne!(bytes("a.csv"), bytes("c.csv"));
    let simulate = ["--model", "0.1 nug + 0.9 sph(900)", "--grid", grid, "--realisations", "9"];
    let out = ["--all", "-o", "s.parquet", "--write-plan", "s.toml", "--seed", "5"];
    bench.meuse("simulate", "zinc", &[&simulate[..], &out].concat());
    let before = bytes("s.parquet");
    bench.ok(&["--plan", "s.toml"]);
    assert_eq!(before, bytes("s.parquet"));
    assert!(bench.refused(&["cv", "--plan", "plan.toml"]).contains("one of krige, not of cv"));
}

#[test]
fn simulations_honour_samples_bounds_and_correlation() {
    let bench = Bench::new();
    let model = ["--model", "0.1 nug + 0.9 sph(600)", "--realisations", "20"];
    for method in ["sequential", "spectral"] {
        // the last node lies on the first sample
        let grid = ["--grid", "178572,126,20,329711,196,20", "--method", method];
        let words = [&model[..], &grid, &["--all", "-o", "s.csv"]].concat();
        bench.meuse("simulate", "zinc", &words);
        for (name, values) in read(&bench.path("s.csv")) {
            if name.starts_with('r') {
                let value = values[values.len() - 1];
                assert!((value - 1022.0).abs() < 1e-3, "{method} {name}: {value}");
            }
        }
    }
    let text = "x,y,z\n0,0,<5\n30,0,7\n60,0,9\n0,30,6\n30,30,8\n60,30,12..20\n0,60,>9\n30,60,11\n";
    std::fs::write(bench.path("limits.csv"), text).unwrap();
    let words =
        ["--x", "x", "--y", "y", "--value", "z", "--model", "1 sph(50)", "--grid", "0,3,30,0,3,30"];
    let more = ["--bounds", "0,30", "--realisations", "40", "--all", "-o", "l.csv"];
    bench.ok(&[&["simulate", "limits.csv"][..], &words, &more].concat());
    for (name, values) in read(&bench.path("l.csv")) {
        if name.starts_with('r') {
            assert!(values[0] <= 5.0 && values[1] == 7.0, "{name}: {values:?}");
            assert!(values[6] >= 9.0 && (12.0..=20.0).contains(&values[5]), "{name}: {values:?}");
        }
    }
}

#[test]
fn categories_keep_their_samples_and_their_shares() {
    let bench = Bench::new();
    let mut text = String::from("x,y,rock\n");
    for i in 0..25 {
        let rock = if i % 5 < 2 { "slag" } else { "till" };
        text.push_str(&format!("{},{},{rock}\n", 20 * (i % 5), 20 * (i / 5)));
    }
    std::fs::write(bench.path("rocks.csv"), text).unwrap();
    let words = ["simulate", "rocks.csv", "--x", "x", "--y", "y", "--value", "rock"];
    let how = ["--method", "indicator", "--model", "1 exp(a=15)", "--grid", "0,17,5,0,17,5"];
    bench.ok(&[&words[..], &how, &["-o", "out.csv"]].concat());
    let (slag, till) = (
        column(&bench.path("out.csv"), "share_slag"),
        column(&bench.path("out.csv"), "share_till"),
    );
    assert_eq!((slag[0], till[0]), (1.0, 0.0));
    assert!(slag.iter().zip(&till).all(|(a, b)| (a + b - 1.0).abs() < 1e-12));
}
