//! Do the intervals of estimates hold what they promise? Writes `docs/estimate-calibration.md`:
//! `VARP_TEST_DATA=… cargo run --release -p varp-engine --example calibrate_estimates > docs/estimate-calibration.md`
//!
//! A number after `--` makes other than 500 ponds (the first set has four times as many). Without `VARP_TEST_DATA` the parts on real data say
//! that they were left out.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "an example prints its answer")]

use std::path::PathBuf;

use varp_engine::estimate::{Priors, Support};
use varp_engine::trial::{
    Dense, Heads, Listed, Recipe, Score, Trial, common, foretold, listed, run, summary, thinned,
    written,
};

const SEED: u64 = 20_260_101;

const HEAD: &str = "# Do the intervals hold?

Written by `cargo run --release -p varp-engine --example calibrate_estimates`, with `VARP_TEST_DATA` naming the folder of test
data; do not edit.

A pond is made by the computer, so its mass and grade are known. It is sampled as people sample: 4 to 40 holes on a grid, at
random or near access, assays with an error of 7 %, in three ponds of five a detection limit that hides up to six in ten. Then
each method estimates it through the same code as `varp estimate`, and the truth is compared with the interval. An honest 80 %
interval holds the truth in 80 % of ponds; narrower is better only among honest ones.

- *truth above best*: best is the median, so half of the truths lie above it.
- *bias of best*: median of best/truth − 1, with two standard errors beside it.
- *interval score* (80 %) and *CRPS*: of grades relative to the truth, small is good. *Naive* is what a spreadsheet does: mean of all
  assays ± t·s/√n, half the limit in the place of what lies below it.
- *balance* is the production table with priors for recoveries; *samples and table* is the combination by the rule
  `pool_if_agree`. Biased tables leave out 45 % of the ore or add 80 %; nobody tells the method.

The interval of `inverse distance` is that of its own weights under the continuity that is believed in.

Ponds are rectangles, bowls and valleys of 2 to 60 ha and 3 to 15 m; fields are anisotropic, layered and trended, 70 % of them
lognormal, with ranges, nugget, layers, drift and variance drawn from `variability.csv`; ore grades of the production table follow the mine,
whatever the mill recovered. That is the *well-specified* set. The other two sets draw from elsewhere than the priors say: more variable or
of shorter range, and with ore just so rich in each period that the tailings always had one grade; there intervals are expected to be somewhat
off, and the table says by how much.

Values below a limit are drawn given their neighbours, so that a hole in poor ground is poor as a whole.

The first set has 2,000 ponds, so that a stratum of a tenth of them is known to ± 3 % (two standard errors at 80 %), and all of them to ± 1.8 %;
the others have 500.

Where it falls short, known and not mended: inverse distance in ponds of Gaussian grades is held a little too often (86 %). On single blast
holes of very skewed grades (silica and manganese of an iron bench) neither scale fits, and the 80 % intervals hold only half to two thirds;
estimates say so where even the logarithms of their grades lean to the right. Iron itself, whose grades nearly all lie between 0.5 and 0.7, is
held too often: the prior on variation is that of metals.
";

fn main() {
    let count = std::env::args().nth(1).and_then(|a| a.parse().ok()).unwrap_or(500);
    let priors = Priors::embedded();
    println!("{HEAD}");
    let (variable, short) = (
        "Shifted: 1.6 times as variable as the priors say, one tailings grade",
        "Shifted: ranges 0.4 times those of the priors, one tailings grade",
    );
    for (name, count, variation, range, heads) in [
        ("Well specified: as the priors say", 4 * count, 1.0, 1.0, Heads::Mine),
        (variable, count, 1.6, 1.0, Heads::Tail),
        (short, count, 1.0, 0.4, Heads::Tail),
    ] {
        let variability = priors.variability("tailings").unwrap();
        let recipe = Recipe { variability, variation, range, heads, seed: SEED };
        let trial = run(&recipe, count, &priors);
        println!("## {name}\n\n{}\nGrades by strata:\n\n{}", written(&trial), trial.strata());
        tables_told(&trial);
    }
    match std::env::var("VARP_TEST_DATA") {
        Ok(folder) => real(&PathBuf::from(folder), &priors),
        Err(_) => println!("## Real data\n\nLeft out: `VARP_TEST_DATA` was not set."),
    }
}

fn tables_told(trial: &Trial) {
    let ((a, b), (c, d)) = (trial.flagged, trial.false_alarms);
    println!(
        "Biased tables flagged by the test of agreement: {a} of {b}; honest tables flagged: {c} of {d}."
    );
    match trial.failures.len() {
        0 => println!("No estimate was refused.\n"),
        n => println!("Estimates refused: {n}, such as: {}.\n", trial.failures[0]),
    }
}

fn table(folder: &std::path::Path, name: &str) -> Option<Vec<csv::StringRecord>> {
    let text = std::fs::read(folder.join(name)).ok()?;
    let mut reader = csv::ReaderBuilder::new().has_headers(true).from_reader(text.as_slice());
    let header = reader.headers().ok()?.clone();
    let rows = reader.into_records().filter_map(Result::ok);
    Some(std::iter::once(header).chain(rows).collect())
}

fn column(rows: &[csv::StringRecord], name: &str) -> usize {
    rows[0].iter().position(|h| h == name).unwrap_or_else(|| panic!("no column {name}"))
}

fn real(folder: &std::path::Path, priors: &Priors) {
    println!("## Real sample sets, thinned\n");
    println!(
        "Samples are left out by chance and the mean of all is estimated from the rest, 60 times for each size and variable.\n\n\
         - Windarling: 1,600 blast holes of one iron bench (Ward 2015, in the R package gmGeostats, CC BY-SA 4.0).\n\
         - Babbitt: mean copper and nickel of drill holes of a Cu-Ni deposit in Minnesota (Minnesota DNR, public data).\n"
    );
    let mut scores = windarling(folder, priors);
    scores.extend(babbitt(folder, priors));
    println!(
        "| set | samples | cases | 80 % holds | 90 % holds | bias of best | ± |\n| --- | --- | --- | --- | --- | --- | --- |"
    );
    let mut kinds: Vec<Vec<String>> = scores.iter().map(|s| s.strata.clone()).collect();
    kinds.dedup();
    for kind in kinds {
        let own: Vec<&Score> = scores.iter().filter(|s| s.strata == kind).collect();
        print_thinned(&kind[0], &kind[1], &own);
    }
    print_thinned("all", "", &scores.iter().collect::<Vec<_>>());
    analogues(folder);
}

fn print_thinned(set: &str, size: &str, scores: &[&Score]) {
    if let Some(s) = summary(scores) {
        println!(
            "| {set} | {size} | {} | {:.0} % | {:.0} % | {:.1} % | {:.1} % |",
            s.count,
            100.0 * s.coverage_80,
            100.0 * s.coverage_90,
            100.0 * s.bias_of_best,
            100.0 * s.two_errors
        );
    }
}

fn windarling(folder: &std::path::Path, priors: &Priors) -> Vec<Score> {
    let Some(rows) = table(folder, "windarling-iron-bench/windarling.csv") else { return vec![] };
    let (x, y) = (column(&rows, "Easting"), column(&rows, "Northing"));
    let one = |name: &str| {
        let at = column(&rows, name);
        let number = |r: &csv::StringRecord, i: usize| r.get(i)?.parse::<f64>().ok();
        let row = |r: &csv::StringRecord| {
            Some(([number(r, x)?, number(r, y)?], number(r, at).filter(|v| *v > 0.0)?))
        };
        let (places, values) = rows[1..].iter().filter_map(row).unzip();
        // a blast hole of one bench is one sample
        let support = Support::Holes { of: 1 };
        Dense { name: format!("Windarling {name}"), places, values, support }
    };
    let prior = priors.variability("deposit").unwrap();
    ["Fe", "P", "SiO2", "Al2O3", "Mn", "LOI"]
        .iter()
        .flat_map(|name| thinned(&one(name), &[6, 12, 25, 50], 60, prior))
        .collect()
}

/// Length-weighted mean of what was assayed in each hole.
fn babbitt(folder: &std::path::Path, priors: &Priors) -> Vec<Score> {
    let collars = table(folder, "drillholes-babbitt/collar_BABBITT.csv");
    let assays = table(folder, "drillholes-babbitt/assay_BABBITT.csv");
    let (Some(collars), Some(assays)) = (collars, assays) else { return vec![] };
    let number = |r: &csv::StringRecord, i: usize| r.get(i)?.parse::<f64>().ok();
    let feet = 0.3048;
    let one = |name: &str| {
        let (at, from, to) =
            (column(&assays, name), column(&assays, "FROM"), column(&assays, "TO"));
        let mut sums: std::collections::BTreeMap<&str, (f64, f64)> = Default::default();
        for r in &assays[1..] {
            let row = (number(r, at), number(r, from), number(r, to));
            if let (Some(grade), Some(from), Some(to)) = row {
                let sum = sums.entry(r.get(0).unwrap()).or_default();
                sum.0 += grade * (to - from);
                sum.1 += to - from;
            }
        }
        let row = |r: &csv::StringRecord| {
            let (metal, length) = sums.get(r.get(0)?)?;
            let place = [number(r, 1)? * feet, number(r, 2)? * feet];
            (*length > 30.0 && *metal > 0.0).then_some((place, metal / length))
        };
        let (places, values) = collars[1..].iter().filter_map(row).unzip();
        let support = Support::WHOLE_HOLES;
        Dense { name: format!("Babbitt {name}, hole means"), places, values, support }
    };
    let prior = priors.variability("deposit").unwrap();
    ["CU", "NI"].iter().flat_map(|n| thinned(&one(n), &[6, 12, 25, 50], 60, prior)).collect()
}

fn analogues(folder: &std::path::Path) {
    let mut bodies: Vec<Listed> = Vec::new();
    for file in ["nordic_deposits.csv", "europe_other_deposits.csv"] {
        let Some(rows) = table(folder, &format!("minmod-mineral-sites/{file}")) else { continue };
        let names =
            ["name", "deposit_type_observed", "commodity_observed", "grade", "grade_unit_observed"];
        let columns = names.map(|n| column(&rows, n));
        let cells = rows[1..].iter().map(|r| columns.map(|c| r.get(c).unwrap_or("")));
        bodies.extend(listed(cells));
    }
    println!(
        "\n## Analogues: grades hidden and foretold\n\n\
         {} Nordic and other European deposits with a type and a grade (MinMod compilation of USGS, Mudd and Jowitt and NI 43-101 \
         figures, MIT; the papers are named in its rows). Each grade is hidden in turn and foretold from the others; whether a deposit names \
         the substance at all is foretold from its type, against the rate over all deposits. Deposits that do not name a substance may hold it: \
         nobody looked.\n",
        bodies.len()
    );
    println!(
        "| substance | measured | with others of its type | 80 % holds | high/low | Brier score | of the base rate |\n| --- | --- | --- | --- | --- | --- | --- |"
    );
    let (mut held, mut all) = (0.0, 0.0);
    for substance in common(&bodies, 8) {
        let f = foretold(&bodies, &substance);
        held += f.coverage_80 * f.measured as f64;
        all += f.measured as f64;
        println!(
            "| {substance} | {} | {} | {:.0} % | {:.0} | {:.3} | {:.3} |",
            f.measured,
            f.of_type,
            100.0 * f.coverage_80,
            f.spread,
            f.brier,
            f.brier_of_base_rate
        );
    }
    println!("| all | {all} | | {:.0} % | | | |", 100.0 * held / all);
}
