//! Trials of all methods over many ponds, and the page that tells of them.

use rayon::prelude::*;
use varp_geostat::progress::Progress;

use super::campaign::{Campaign, SUBSTANCE, campaign, historic_table};
use super::pond::{Pond, Recipe, pond};
use super::score::{Score, Summary, interval_score, summary};
use crate::chance::distribution::{normal_density, normal_probability, student_quantile};
use crate::estimate::{
    Basis, Belief, CombineRule, DensityFrom, EstimationPlan, GradeFrom, Independent, MassFrom,
    PlannedProduct, Priors, ProductEstimate, Quantity, SampleMethod, SamplePlan, Term, combine,
    estimate_body,
};

/// All scores of a trial.
#[derive(Clone, Debug, Default)]
pub struct Trial {
    /// Scores of all methods and ponds.
    pub scores: Vec<Score>,
    /// Estimates that failed, with the words.
    pub failures: Vec<String>,
    /// Biased tables that were flagged, and all biased tables.
    pub flagged: (usize, usize),
    /// Honest tables that were flagged, and all honest tables.
    pub false_alarms: (usize, usize),
}

/// Methods of grades from samples, as trials run them.
const METHODS: [(&str, SampleMethod); 4] = [
    ("mean", SampleMethod::Mean),
    ("inverse distance", SampleMethod::InverseDistance { power: 2.0, neighbours: 8 }),
    ("kriging", SampleMethod::Kriging { neighbours: 24 }),
    ("simulation", SampleMethod::Simulation { realisations: 100, neighbours: 16 }),
];

/// Makes `count` ponds by a recipe, samples and estimates each; the same numbers for any threads.
pub fn run(recipe: &Recipe<'_>, count: u64, priors: &Priors) -> Trial {
    let one = |number: u64| one_pond(recipe, number, priors);
    let parts: Vec<Trial> = (0..count).into_par_iter().map(one).collect();
    let mut all = Trial::default();
    for part in parts {
        all.scores.extend(part.scores);
        all.failures.extend(part.failures);
        all.flagged = (all.flagged.0 + part.flagged.0, all.flagged.1 + part.flagged.1);
        let (a, b) = (all.false_alarms, part.false_alarms);
        all.false_alarms = (a.0 + b.0, a.1 + b.1);
    }
    all
}

fn quantity(belief: Belief) -> Quantity {
    Quantity { belief, basis: Basis::Measured, source: "trial".into() }
}

fn plan(mass: MassFrom, products: Vec<PlannedProduct>, seed: u64) -> EstimationPlan {
    EstimationPlan {
        body: "pond".into(),
        effective: "2026-01-01".into(),
        reference_point: "in the body".into(),
        term: Term::Remaining,
        competent_person: String::new(),
        seed,
        draws: 2000,
        epsg: None,
        files: crate::estimate::PlannedFiles::default(),
        mass,
        products,
        correlations: Vec::new(),
        beside: Vec::new(),
        contradictions: Vec::new(),
    }
}

fn one_pond(recipe: &Recipe<'_>, number: u64, priors: &Priors) -> Trial {
    let mut trial = Trial::default();
    let truth = pond(recipe, number);
    let sampled = campaign(&truth, recipe.seed, number);
    let mut strata = strata(&truth, &sampled);
    let (density, error) = sampled.density;
    let mass = MassFrom::Thickness {
        source: String::new(),
        area_sd: 0.0, // the outline of a pond is its own
        density: DensityFrom::Dry(quantity(Belief::Normal {
            mean: density,
            sd: error,
            at_least: 0.5,
        })),
    };
    let naive = naive(&sampled, truth.mean_grade());
    let mut holes_say = None;
    for (name, method) in METHODS {
        let side = (truth.area_m2 * 2.0).sqrt() / 18.0;
        let samples = SamplePlan {
            method,
            // as high as the samples
            block_m: Some([side, side, truth.thickness() / truth.layers as f64]),
            variability: recipe.variability.kind.clone(),
            ..SamplePlan::default()
        };
        let product =
            PlannedProduct { substance: SUBSTANCE.into(), grade: GradeFrom::Samples(samples) };
        let plan = plan(mass.clone(), vec![product], number + 1);
        match estimate_body(&plan, &sampled.data, priors, &Progress::none()) {
            Ok(found) => {
                let statement = &found.statement;
                if name == "mean" {
                    let quantiles = statement.mass_quantiles_t.clone();
                    let of = ("outline × thickness", "mass", truth.mass_t());
                    trial.scores.push(score(
                        of,
                        &strata,
                        quantiles,
                        statement.mass_t[1],
                        (0.0, 0.0),
                    ));
                }
                let product = &statement.products[0];
                trial.scores.push(grade_score(name, &truth, &strata, product, naive));
                trial.scores.push(contained_score(name, &truth, &strata, product));
                if name == "mean" {
                    holes_say = Some(product.contained_quantiles_t.clone());
                }
            }
            Err(error) => trial.failures.push(format!("pond {number}, {name}: {error}")),
        }
    }
    strata.truncate(1);
    tables(recipe, number, priors, (&truth, &strata, holes_say), &mut trial);
    trial
}

/// An honest table of each pond, and one that leaves out a third of the ore or adds a half to it.
fn tables(
    recipe: &Recipe<'_>,
    number: u64,
    priors: &Priors,
    (truth, strata, holes): (&Pond, &[String], Option<Vec<f64>>),
    trial: &mut Trial,
) {
    let bias = if number.is_multiple_of(2) { 0.55 } else { 1.8 };
    for (name, combined, bias) in [
        ("balance", "samples and table", 1.0),
        ("biased balance", "samples and biased table", bias),
    ] {
        let table = historic_table((truth, recipe.heads), priors, bias, (recipe.seed, number));
        let plan = plan(table, Vec::new(), number + 1);
        let found = match estimate_body(&plan, &Default::default(), priors, &Progress::none()) {
            Ok(found) => found.statement,
            Err(error) => {
                trial.failures.push(format!("pond {number}, {name}: {error}"));
                continue;
            }
        };
        let product = &found.products[0];
        if bias == 1.0 {
            let of = (name, "mass", truth.mass_t());
            let quantiles = found.mass_quantiles_t.clone();
            trial.scores.push(score(of, strata, quantiles, found.mass_t[1], (0.0, 0.0)));
        }
        trial.scores.push(contained_score(name, truth, strata, product));
        let Some(holes) = holes.clone() else { continue };
        let both = [
            Independent { name: "samples".into(), quantiles: holes },
            Independent { name: "table".into(), quantiles: product.contained_quantiles_t.clone() },
        ];
        let Ok(one) = combine(&both, CombineRule::PoolIfAgree) else { continue };
        let count = if bias == 1.0 { &mut trial.false_alarms } else { &mut trial.flagged };
        count.0 += usize::from(!one.agree);
        count.1 += 1;
        let middle = one.quantiles[9];
        let of = (combined, "contained", truth.mass_t() * truth.mean_grade());
        trial.scores.push(score(of, strata, one.quantiles, middle, (0.0, 0.0)));
    }
}

fn strata(truth: &Pond, sampled: &Campaign) -> Vec<String> {
    let holes = match sampled.data.holes.len() {
        0..=7 => "up to 7 holes",
        8..=15 => "8 to 15 holes",
        _ => "16 holes and more",
    };
    let censored = match sampled.censored {
        c if c <= 0.0 => "nothing censored",
        c if c < 0.35 => "up to 35 % censored",
        _ => "more than 35 % censored",
    };
    vec![
        "all".into(),
        holes.into(),
        censored.into(),
        truth.shape.word().into(),
        format!("holes: {}", sampled.layout.word()),
        if truth.lognormal { "lognormal".into() } else { "normal".into() },
    ]
}

fn score(
    (method, of, truth): (&'static str, &'static str, f64),
    strata: &[String],
    quantiles: Vec<f64>,
    mean: f64,
    (naive_interval, naive_crps): (f64, f64),
) -> Score {
    let strata = strata.to_vec();
    Score { method, of, strata, truth, quantiles, mean, naive_interval, naive_crps }
}

fn grade_score(
    name: &'static str,
    truth: &Pond,
    strata: &[String],
    product: &ProductEstimate,
    naive: (f64, f64),
) -> Score {
    let of = (name, "grade", truth.mean_grade());
    score(of, strata, product.grade_quantiles.clone(), product.grade_mean, naive)
}

fn contained_score(
    name: &'static str,
    truth: &Pond,
    strata: &[String],
    product: &ProductEstimate,
) -> Score {
    let of = (name, "contained", truth.mass_t() * truth.mean_grade());
    let quantiles = product.contained_quantiles_t.clone();
    score(of, strata, quantiles, product.contained_mean_t, (0.0, 0.0))
}

/// Interval score and CRPS of what a spreadsheet does: mean of all assays, half the limit in the place
/// of what lies below it, ± t·s/√n with n assays.
fn naive(sampled: &Campaign, truth: f64) -> (f64, f64) {
    let value = |s: &crate::estimate::SampleData| match s.assays[0].value {
        varp_model::Measured::Below(limit) => 0.5 * limit,
        other => other.number(),
    };
    let values: Vec<f64> = sampled.data.samples.iter().map(value).collect();
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let error = (variance / n).sqrt().max(1e-12);
    let half = student_quantile(0.9, n - 1.0) * error;
    let interval = interval_score(mean - half, mean + half, truth, 0.2) / truth;
    // CRPS of a normal law (Gneiting and Raftery 2007)
    let z = (truth - mean) / error;
    let crps = error
        * (z * (2.0 * normal_probability(z) - 1.0) + 2.0 * normal_density(z)
            - 1.0 / std::f64::consts::PI.sqrt());
    (interval, crps / truth)
}

/// Tables of a trial as Markdown: by method, then by strata.
pub fn written(trial: &Trial) -> String {
    let mut out = String::from(
        "| method | of | ponds | 80 % holds | 90 % holds | truth above best | bias of best | ± | interval score | naive | CRPS | naive |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for (method, of) in kinds(trial) {
        let own = |s: &&Score| s.method == method && s.of == of;
        let scores: Vec<&Score> = trial.scores.iter().filter(own).collect();
        if let Some(s) = summary(&scores) {
            out.push_str(&row(&format!("{method} | {of}"), &s));
        }
    }
    out
}

/// Methods and what they estimate, in the order of their first score.
fn kinds(trial: &Trial) -> Vec<(&'static str, &'static str)> {
    let mut kinds = Vec::new();
    for score in &trial.scores {
        if !kinds.contains(&(score.method, score.of)) {
            kinds.push((score.method, score.of));
        }
    }
    kinds
}

fn row(name: &str, s: &Summary) -> String {
    let percent = |v: f64| format!("{:.1} %", 100.0 * v);
    let naive = |v: f64| if v > 0.0 { format!("{v:.3}") } else { "–".into() };
    format!(
        "| {name} | {} | {} | {} | {} | {} | {} | {:.3} | {} | {:.3} | {} |\n",
        s.count,
        percent(s.coverage_80),
        percent(s.coverage_90),
        percent(s.above_best),
        percent(s.bias_of_best),
        percent(s.two_errors),
        s.interval,
        naive(s.naive_interval),
        s.crps,
        naive(s.naive_crps)
    )
}

impl Trial {
    /// Coverage by strata of the grades, as Markdown.
    pub fn strata(&self) -> String {
        let mut names: Vec<&String> = self
            .scores
            .iter()
            .filter(|s| s.of == "grade")
            .flat_map(|s| s.strata.iter().skip(1))
            .collect();
        names.sort();
        names.dedup();
        let mut out = String::from("| stratum |");
        METHODS.iter().for_each(|m| out.push_str(&format!(" {} 80 % | 90 % |", m.0)));
        out.push_str(" ponds |\n| --- |");
        METHODS.iter().for_each(|_| out.push_str(" --- | --- |"));
        out.push_str(" --- |\n");
        for name in names {
            out.push_str(&format!("| {name} |"));
            let mut count = 0;
            for (method, _) in METHODS {
                let own =
                    |s: &&Score| s.method == method && s.of == "grade" && s.strata.contains(name);
                let scores: Vec<&Score> = self.scores.iter().filter(own).collect();
                if let Some(s) = summary(&scores) {
                    count = s.count;
                    let (a, b) = (100.0 * s.coverage_80, 100.0 * s.coverage_90);
                    out.push_str(&format!(" {a:.0} | {b:.0} |"));
                } else {
                    out.push_str(" – | – |");
                }
            }
            out.push_str(&format!(" {count} |\n"));
        }
        out
    }

    /// The summary of a method's scores.
    pub fn summary(&self, method: &str, of: &str) -> Option<Summary> {
        let own = |s: &&Score| s.method == method && s.of == of;
        summary(&self.scores.iter().filter(own).collect::<Vec<_>>())
    }
}
