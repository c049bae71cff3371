//! Sampling a pond as people do, and the production table it came from.

use geo_types::{MultiPolygon, Polygon};
use varp_model::{Measured, QaRole};

use super::pond::Pond;
use crate::chance::{CellKey, Draws, Purpose};
use crate::estimate::{
    AssayData, BodyData, HoleData, MassFrom, PlannedFlow, PlannedPeriod, Quantity, SampleData,
    Taken,
};
use crate::estimate::{Basis, Belief, Priors};

/// Where holes are put.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layout {
    /// A grid, each hole moved a little.
    Grid,
    /// Anywhere.
    Random,
    /// Two thirds of them on the side that can be reached.
    Access,
}

impl Layout {
    /// In words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Grid => "grid",
            Self::Random => "random",
            Self::Access => "near access",
        }
    }
}

/// What was sampled, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Campaign {
    /// Data as an estimate takes them.
    pub data: BodyData,
    /// Holes.
    pub holes: usize,
    /// Layout.
    pub layout: Layout,
    /// Share of assays below the limit.
    pub censored: f64,
    /// Measured dry density with its standard error.
    pub density: (f64, f64),
}

/// Substance of trials.
pub const SUBSTANCE: &str = "Co";

/// A campaign on a pond: 4 to 40 holes through the whole depth, an assay for each layer with an
/// error of 7 %, three in five with a detection limit that hides up to six in ten.
pub fn campaign(pond: &Pond, seed: u64, number: u64) -> Campaign {
    let draw = Draws::new(seed, Purpose::Places).draw(number);
    let words = |what: &str| draw.words(CellKey::new("campaign", what));
    let plan = words("plan");
    let holes = [4, 6, 10, 14, 20, 28, 40][plan.index(0, 7)];
    let layout = [Layout::Grid, Layout::Random, Layout::Access][plan.index(1, 3)];
    let wanted = [0.0, 0.0, 0.15, 0.3, 0.55][plan.index(2, 5)];
    let chosen = places(pond, holes, layout, words("places"));
    let noise = words("assays");
    let mut found: Vec<Vec<f64>> = Vec::new();
    for (at, column) in chosen.iter().enumerate() {
        let own = &pond.grade[column * pond.layers..(column + 1) * pond.layers];
        let assay = |(k, g): (usize, &f64)| {
            let error = noise.branch((at * pond.layers + k) as u64).normal(0);
            (g * (1.0 + 0.07 * error)).clamp(1e-7, 0.9)
        };
        found.push(own.iter().enumerate().map(assay).collect());
    }
    let mut all: Vec<f64> = found.iter().flatten().copied().collect();
    all.sort_unstable_by(f64::total_cmp);
    let limit = if wanted > 0.0 { all[(wanted * all.len() as f64) as usize] } else { 0.0 };
    let below = all.iter().filter(|v| **v < limit).count();
    let ring: Vec<(f64, f64)> = pond.outline.iter().map(|p| (p[0], p[1])).collect();
    let mut data = BodyData {
        outline: Some(MultiPolygon(vec![Polygon::new(ring.into(), vec![])])),
        ..BodyData::default()
    };
    for (at, column) in chosen.iter().enumerate() {
        add_hole(&mut data, (&format!("H{at}"), pond.columns[*column]), &found[at], limit);
    }
    let error = 0.04 * pond.density;
    let density = (pond.density + error * words("density").normal(0), error);
    let censored = below as f64 / all.len() as f64;
    Campaign { data, holes, layout, censored, density }
}

/// A vertical hole through to the base with an assay for each layer, hidden below the limit.
fn add_hole(
    data: &mut BodyData,
    (name, ([x, y], thickness)): (&str, ([f64; 2], f64)),
    values: &[f64],
    limit: f64,
) {
    data.holes.push(HoleData {
        name: name.to_owned(),
        collar: Some([x, y, 100.0]),
        surveys: Vec::new(),
        depth_m: Some(thickness),
        reached_base: Some(true),
    });
    let step = thickness / values.len() as f64;
    for (k, value) in values.iter().enumerate() {
        let hidden = *value < limit;
        let (from_m, to_m) = (k as f64 * step, (k + 1) as f64 * step);
        data.samples.push(SampleData {
            name: format!("{name}-{k}"),
            taken: Taken::Interval { hole: name.to_owned(), from_m, to_m },
            role: QaRole::Original,
            repeats: None,
            size_fraction: None,
            assays: vec![AssayData {
                substance: SUBSTANCE.into(),
                value: if hidden { Measured::Below(limit) } else { Measured::Exact(*value) },
                method: "ICP".into(),
                size_fraction: None,
                certified: None,
            }],
        });
    }
}

fn places(pond: &Pond, holes: usize, layout: Layout, u: crate::chance::Words) -> Vec<usize> {
    let count = pond.columns.len();
    let mut chosen: Vec<usize> = Vec::new();
    let nearest = |x: f64, y: f64| {
        let far = |i: usize| {
            let p = pond.columns[i].0;
            (p[0] - x).powi(2) + (p[1] - y).powi(2)
        };
        (0..count).min_by(|a, b| far(*a).total_cmp(&far(*b)))
    };
    match layout {
        Layout::Grid => {
            let step = (pond.area_m2 / holes as f64).sqrt();
            let ring: Vec<(f64, f64)> = pond.outline.iter().map(|p| (p[0], p[1])).collect();
            let mut cells = crate::pilot::polygon::cells(&ring, &[], step);
            cells.truncate(holes);
            for (i, (x, y)) in cells.into_iter().enumerate() {
                let move_by = |j: u64| 0.15 * step * u.branch(i as u64).normal(4 * j);
                chosen.extend(nearest(x + move_by(0), y + move_by(1)));
            }
        }
        Layout::Random | Layout::Access => {
            let south = |i: usize| pond.columns[i].0[1] < 0.0;
            let mut turn = 0;
            while chosen.len() < holes && turn < 40 * holes as u64 {
                let i = u.branch(turn).index(0, count);
                let wanted = layout == Layout::Random || chosen.len() * 3 > holes * 2 || south(i);
                if wanted {
                    chosen.push(i);
                }
                turn += 1;
            }
        }
    }
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}

/// What ore grades of a mill followed, from period to period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heads {
    /// The mine, whatever the mill recovered: as a balance believes.
    Mine,
    /// The mill: ore so rich that tailings always had the same grade.
    Tail,
}

/// The production table of the mill that filled the pond: true numbers with the errors that the plan
/// believes in, all ore and all grades wrong together by factors; `bias` is an error that no plan
/// knows of.
pub fn historic_table(
    (pond, heads): (&Pond, Heads),
    priors: &Priors,
    bias: f64,
    (seed, number): (u64, u64),
) -> MassFrom {
    let u = Draws::new(seed, Purpose::Economics).draw(number).words(CellKey::new("table", "mill"));
    let recovery = priors.recovery("Cu", None, 1935).expect("a shipped prior").belief();
    let believed =
        |belief: Belief, source: &str, basis| Quantity { belief, basis, source: source.to_owned() };
    let periods = 4;
    let share = 1.0 / f64::from(periods);
    let (ore_factor, grade_factor) = (1.0 + 0.06 * u.normal(0), 1.0 + 0.08 * u.normal(10));
    let took = |i: u32| recovery.quantile(u.branch(u64::from(i)).uniform(0));
    let relative = |i: u32| match heads {
        Heads::Mine => (0.25 * u.branch(u64::from(i)).normal(40)).exp(),
        Heads::Tail => 1.0 / (1.0 - took(i)),
    };
    let left: f64 = (0..periods).map(|i| share * relative(i) * (1.0 - took(i))).sum();
    let period = |i: u32| {
        let own = u.branch(u64::from(i));
        let ore = pond.mass_t() * share;
        let head = pond.mean_grade() * relative(i) / left;
        let printed_ore = ore / ore_factor * bias * (0.05 * own.normal(20)).exp();
        let printed_head = head / grade_factor * (0.06 * own.normal(30)).exp();
        PlannedPeriod {
            name: format!("period {i}"),
            ore_t: believed(
                Belief::Lognormal { median: printed_ore, sigma: 0.05 },
                "yearly reports",
                Basis::Records,
            ),
            flows: vec![PlannedFlow {
                substance: SUBSTANCE.into(),
                head_grade: believed(
                    Belief::Lognormal { median: printed_head, sigma: 0.06 },
                    "yearly reports",
                    Basis::Records,
                ),
                recovery: believed(recovery.clone(), "prior of the era", Basis::Analogue),
                concentrate_grade: None,
            }],
        }
    };
    let factor = |sd: f64| {
        let belief = Belief::Normal { mean: 1.0, sd, at_least: 0.1 };
        Some(believed(belief, "errors common to all years", Basis::Analogue))
    };
    MassFrom::Balance {
        periods: (0..periods).map(period).collect(),
        corrections: Vec::new(),
        ore_factor: factor(0.06),
        grade_factor: factor(0.08),
    }
}
