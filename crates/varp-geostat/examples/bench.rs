//! How fast are we against the prototype and the peers? Runs one task on the inputs that
//! `oracle/bench_peers.py` writes and prints CPU time per node:
//! `cargo run --release --example bench -- TASK FOLDER`, tasks a, a2 (two rotated structures),
//! octants, shared, b, c, cdir, d, d48 (48 neighbours), e, f, g, million (10⁶ samples), holes and
//! holes_limited (drill holes), cokrige, indicator, spacing (a drill-spacing study; set BENCH_TIMES
//! to 1, it takes a minute or two). `VARP_SIMD=avx2` or `baseline` asks for narrower instructions.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::time::Instant;
use varp_geostat::krige::{Cokriging, Grid, IndicatorKriging, Kriging, Samples, Search, Targets};
use varp_geostat::model::{Ellipsoid, Model};
use varp_geostat::progress::Progress;
use varp_geostat::search::Neighbourhood;
use varp_geostat::simulate::{Scores, SequentialGaussian, SpacingStudy, Spectral};
use varp_geostat::validate::leave_one_out;
use varp_geostat::variogram::{Direction, Lags, Plan, Variogram, variogram};

/// CPU seconds of this process: user and system time of all its threads (Linux).
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let main: f64 = stat.split(' ').next().and_then(|s| s.parse().ok()).unwrap_or(0.0);
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let all: f64 = tasks
        .filter_map(|t| std::fs::read_to_string(t.path().join("schedstat")).ok())
        .filter_map(|s| s.split(' ').next().and_then(|s| s.parse::<f64>().ok()))
        .sum();
    1e-9 * all.max(main)
}

fn load(folder: &str, name: &str) -> (Vec<[f64; 3]>, Vec<f64>) {
    let text = std::fs::read_to_string(format!("{folder}/{name}.csv")).unwrap();
    let rows = text.lines().skip(1).map(|line| {
        let row: Vec<f64> = line.split(',').map(|x| x.parse().unwrap()).collect();
        let z = if row.len() == 4 { row[2] } else { 0.0 };
        ([row[0], row[1], z], row[row.len() - 1])
    });
    rows.unzip()
}

fn memory_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM")).unwrap_or("");
    line.split_whitespace().nth(1).and_then(|s| s.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

/// Best of BENCH_TIMES (5), and the answer's first column to a file for comparison.
fn time(task: &str, n: usize, folder: &str, mut work: impl FnMut() -> (Vec<f64>, Vec<f64>)) {
    let (mut least, mut wall) = (f64::INFINITY, f64::INFINITY);
    let mut answer = (Vec::new(), Vec::new());
    let times = std::env::var("BENCH_TIMES").ok().and_then(|t| t.parse().ok()).unwrap_or(5);
    for _ in 0..times {
        let (start, clock) = (cpu(), Instant::now());
        answer = work();
        least = least.min(cpu() - start);
        wall = wall.min(clock.elapsed().as_secs_f64());
    }
    let bytes: Vec<u8> = (answer.0.iter().zip(&answer.1))
        .flat_map(|(a, b)| [a.to_le_bytes(), b.to_le_bytes()].concat())
        .collect();
    std::fs::write(format!("{folder}/varp_{task}.bin"), bytes).unwrap();
    println!(
        "{{\"peer\": \"varp\", \"task\": \"{task}\", \"n\": {n}, \"cpu\": {least:.5}, \"sec\": {wall:.5}, \"cpu_us\": {:.4}, \"rss_mb\": {:.1}}}",
        least / n as f64 * 1e6,
        memory_mb()
    );
}

fn krige(
    kriging: &Kriging,
    data: &(Vec<[f64; 3]>, Vec<f64>),
    targets: &Targets<'_>,
) -> (Vec<f64>, Vec<f64>) {
    let fitted = kriging.fit(&Samples::new(&data.0, &data.1)).unwrap();
    let out = fitted.predict(targets, &Progress::none()).unwrap();
    (out.estimate, out.variance.iter().map(|v| v.sqrt()).collect())
}

fn model(text: &str) -> Model {
    text.parse().unwrap()
}

fn local(text: &str) -> Kriging {
    Kriging::ordinary(model(text), 32)
}

/// 10 000 samples, 10⁶ nodes.
fn cube(task: &str, folder: &str) {
    let data = load(folder, "a10k");
    let grid = Grid { origin: [0.5; 3], step: [1.0; 3], count: [100; 3] };
    let mut kriging = local("0.1 nug + 0.9 sph(40)");
    match task {
        "a2" => {
            let text = "0.1 nug + 0.4 sph(40, 25, 12; azimuth=40, dip=10, plunge=5) \
                        + 0.5 exp(a=20, 10, 8; azimuth=110, dip=-15, plunge=0)";
            kriging.model = model(text);
        }
        "octants" => {
            let rules = Neighbourhood { max_per_octant: Some(4), ..Neighbourhood::nearest(32) };
            kriging.search = Search::Moving(rules);
        }
        "shared" => kriging.search = Search::Shared { samples: 64, targets: 125 },
        _ => {}
    }
    time(task, grid.len(), folder, || krige(&kriging, &data, &Targets::grid(grid)));
}

/// 20 000 points, 20 lags of 10.
fn pairs(task: &str, folder: &str) {
    let data = load(folder, "c20k");
    let mut plan = Plan::omnidirectional(Lags::Regular { width: 10.0, count: 20 });
    if task == "cdir" {
        plan.directions = [90.0, 45.0, 0.0, 135.0].map(|a| Direction::horizontal(a, 22.5)).to_vec();
    }
    time(task, 20_870_000, folder, || {
        let all = variogram(&data.0, &data.1, &plan).unwrap();
        let column = |f: fn(&Variogram) -> Vec<f64>| all.iter().flat_map(f).collect::<Vec<f64>>();
        (column(|v| v.gamma.clone()), column(|v| v.pairs.iter().map(|p| *p as f64).collect()))
    });
}

/// 100 realisations of 400 × 250 nodes, 300 samples.
fn sequential(task: &str, folder: &str) {
    let data = load(folder, "d300");
    let grid = Grid { origin: [1.25, 2.0, 0.0], step: [2.5, 4.0, 1.0], count: [400, 250, 1] };
    let plan = SequentialGaussian {
        model: model("0.1 nug + 0.9 sph(150)"),
        neighbours: if task == "d" { 24 } else { 48 },
        search: Ellipsoid::ball(300.0),
        path_seed: 1,
    };
    time(task, 100 * grid.len(), folder, || {
        let path = plan.fit(&grid, &data.0, &Progress::none()).unwrap();
        let all = path.simulate(Scores::Fixed(&data.1), 100, 1, &Progress::none()).unwrap();
        let mut known = Vec::new();
        all.at(7, &mut known);
        (known.clone(), known)
    });
}

/// Ten realisations of 1000 × 1000 nodes.
fn spectral(folder: &str) {
    let grid = Grid { origin: [0.0; 3], step: [1.0; 3], count: [1000, 1000, 1] };
    let exponential = model("1 exp(a=30)");
    time("f", 10 * grid.len(), folder, || {
        let plan = Spectral::fit(&grid, &exponential).unwrap();
        let all = plan.simulate(10, 1, &Progress::none()).unwrap();
        let mut known = Vec::new();
        all.at(7, &mut known);
        (known.clone(), known)
    });
}

/// Samples along drill holes, 250 000 nodes in the box around them; `holes_limited` takes at most
/// 4 samples of each hole and 8 of each octant.
fn holes(task: &str, folder: &str) {
    let data = load(folder, "holes");
    let text = std::fs::read_to_string(format!("{folder}/holes_id.csv")).unwrap();
    let ids: Vec<u32> = text.lines().skip(1).map(|l| l.parse().unwrap()).collect();
    let end = |d: usize, f: fn(f64, f64) -> f64| data.0.iter().map(|p| p[d]).reduce(f).unwrap();
    let (low, high) = ([0, 1, 2].map(|d| end(d, f64::min)), [0, 1, 2].map(|d| end(d, f64::max)));
    let count = [100, 50, 50];
    let step = [0, 1, 2].map(|d| (high[d] - low[d]) / (count[d] - 1) as f64);
    let grid = Grid { origin: low, step, count };
    let mut kriging = local("0.1 nug + 0.9 sph(600)");
    if task == "holes_limited" {
        kriging.search = Search::Moving(Neighbourhood {
            max_per_hole: Some(4),
            max_per_octant: Some(8),
            ..Neighbourhood::nearest(32)
        });
    }
    time(task, grid.len(), folder, || {
        let fitted = kriging.fit(&Samples::new(&data.0, &data.1).with_holes(&ids)).unwrap();
        let out = fitted.predict(&Targets::grid(grid), &Progress::none()).unwrap();
        (out.estimate, out.variance)
    });
}

/// Two variables at 250 places each, 250 000 nodes, all samples.
fn cokriging(folder: &str) {
    let data = load(folder, "b500");
    let grid = Grid { origin: [0.5, 0.5, 0.0], step: [1.0; 3], count: [500, 500, 1] };
    let model = "[0.1, 0.05; 0.05, 0.1] nug + [0.9, 0.6; 0.6, 0.9] sph(150)".parse().unwrap();
    let plan = Cokriging { model };
    time("cokrige", grid.len(), folder, || {
        let (first, second) = (data.0.split_at(250), data.1.split_at(250));
        let samples = [Samples::new(first.0, second.0), Samples::new(first.1, second.1)];
        let fitted = plan.fit(&samples).unwrap();
        let mut out = fitted.predict(&Targets::grid(grid), &Progress::none()).unwrap();
        let one = out.variables.swap_remove(0);
        (one.estimate, one.variance)
    });
}

/// Five cut-offs, 10 000 samples, 10⁶ nodes, 32 nearest.
fn indicators(folder: &str) {
    let data = load(folder, "a10k");
    let grid = Grid { origin: [0.5; 3], step: [1.0; 3], count: [100; 3] };
    let plan = IndicatorKriging {
        cutoffs: vec![-1.0, -0.5, 0.0, 0.5, 1.0],
        models: vec![model("0.05 nug + 0.2 sph(40)")],
        search: Search::Moving(Neighbourhood::nearest(32)),
    };
    time("indicator", grid.len(), folder, || {
        let samples = Samples::new(&data.0, &data.1);
        let mut out = plan.predict(&samples, &Targets::grid(grid), &Progress::none()).unwrap();
        (out.below.swap_remove(0), out.variance.swap_remove(0))
    });
}

/// 50 truths, 6 spacings, 100 realisations each of 400 × 250 nodes.
fn spacing(folder: &str) {
    let grid = Grid { origin: [1.25, 2.0, 0.0], step: [2.5, 4.0, 1.0], count: [400, 250, 1] };
    let simulation = SequentialGaussian::new(model("0.1 nug + 0.9 sph(150)"), 24);
    let nobody = Progress::none();
    let periods: Vec<u32> = (0..grid.len()).map(|node| (node % 400 / 100) as u32).collect();
    time("spacing", 50 * 6 * 100 * grid.len(), folder, || {
        let path = simulation.fit(&grid, &[], &nobody).unwrap();
        let truths = path.simulate(Scores::Fixed(&[]), 50, 1, &nobody).unwrap();
        let study = SpacingStudy {
            simulation: simulation.clone(),
            grid,
            masses: &vec![1.0; grid.len()],
            periods: &periods,
            spacings: &[[10, 6], [16, 10], [20, 12], [30, 20], [40, 25], [60, 40]],
            realisations: 100,
            coverage: 0.9,
            tolerance: 0.15,
            seed: 2,
        };
        let rows = study.run(&truths, |score| (0.7 * score).exp(), &nobody).unwrap();
        (
            rows.iter().map(|r| r.half_width.best).collect(),
            rows.iter().map(|r| r.truths_covered).collect(),
        )
    });
}

/// 10⁶ samples, 10⁶ nodes, 32 nearest.
fn million(folder: &str) {
    let mut dice = 88_172_645_463_325_252_u64;
    let mut uniform = || {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        (dice >> 11) as f64 / (1u64 << 53) as f64
    };
    let places: Vec<[f64; 3]> =
        (0..1_000_000).map(|_| [0; 3].map(|_: i32| 100.0 * uniform())).collect();
    let values: Vec<f64> = places.iter().map(|p| (0.1 * p[0]).sin() + 0.01 * p[1]).collect();
    let data = (places, values);
    let grid = Grid { origin: [0.5; 3], step: [1.0; 3], count: [100; 3] };
    let kriging = local("0.1 nug + 0.9 sph(40)");
    time("million", grid.len(), folder, || krige(&kriging, &data, &Targets::grid(grid)));
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let (task, folder) = (arguments[1].as_str(), arguments[2].as_str());
    match task {
        "a" | "a2" | "octants" | "shared" => cube(task, folder),
        "b" => {
            let data = load(folder, "b500");
            let grid = Grid { origin: [0.5, 0.5, 0.0], step: [1.0; 3], count: [500, 500, 1] };
            let kriging = Kriging::ordinary_global(model("0.1 nug + 0.9 sph(150)"));
            time(task, grid.len(), folder, || krige(&kriging, &data, &Targets::grid(grid)));
        }
        "c" | "cdir" => pairs(task, folder),
        "d" | "d48" => sequential(task, folder),
        "f" => spectral(folder),
        "holes" | "holes_limited" => holes(task, folder),
        "cokrige" => cokriging(folder),
        "indicator" => indicators(folder),
        "million" => million(folder),
        "spacing" => spacing(folder),
        "e" => {
            let data = load(folder, "e2k");
            let grid =
                Grid { origin: [2.5, 5.0, 2.5], step: [5.0, 10.0, 5.0], count: [100, 50, 20] };
            let kriging = local("0.1 nug + 0.9 sph(100)");
            let targets = Targets::grid(grid).blocks([5.0, 10.0, 5.0], [4; 3]);
            time(task, grid.len(), folder, || krige(&kriging, &data, &targets));
        }
        "g" => {
            let data = load(folder, "g5k");
            let kriging = local("0.1 nug + 0.9 sph(200)");
            time(task, data.0.len(), folder, || {
                let fitted = kriging.fit(&Samples::new(&data.0, &data.1)).unwrap();
                let out = leave_one_out(&fitted, &Progress::none()).unwrap().estimates;
                (out.estimate, out.variance.iter().map(|v| v.sqrt()).collect())
            });
        }
        _ => println!("no such task"),
    }
}
