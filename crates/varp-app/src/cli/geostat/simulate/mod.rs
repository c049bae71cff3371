//! `varp geostat simulate`.

mod categories;
mod known;
mod summary;

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use serde_json::Value;
use varp_geostat::krige::{Grid, Targets};
use varp_geostat::model::{Ellipsoid, Model};
use varp_geostat::simulate::{
    Correlated, Realisations, Scores, SequentialGaussian, Spectral, draw_bounded,
};
use varp_geostat::transform::NormalScore;
use varp_geostat::warning::{Warning, of_model, of_places, of_targets, of_values};

use super::arguments::Data;
use super::estimator::parse_model;
use super::output;
use super::table::{Axes, Table, open, parse_grid};
use super::transform::tails;
use super::{plot, running};
use crate::cli::Outcome;
use known::Known;

/// Simulate fields that honour the samples.
#[derive(Debug, Args)]
pub struct Simulate {
    /// Samples; cells of the value such as <5, >5 or 2..5 are known only by their bounds
    #[command(flatten)]
    pub data: Data,
    /// Covariance model of the normal scores, sill 1; with `--method indicator` one for all
    /// categories, or one for each, separated by |
    #[arg(long, value_name = "MODEL", allow_hyphen_values = true)]
    pub model: String,
    /// Nodes: first place, number, step on each axis
    #[arg(long, value_name = "x0,nx,dx,y0,ny,dy[,z0,nz,dz]", allow_hyphen_values = true)]
    pub grid: String,
    /// How
    #[arg(long, value_enum, default_value_t = How::Sequential)]
    pub method: How,
    /// Number of realisations
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub realisations: usize,
    /// Neighbours that each node sees
    #[arg(long, value_name = "N", default_value_t = 32)]
    pub neighbours: usize,
    /// How far each node sees; without it one and a half times the ranges of the largest structure
    #[arg(long, value_name = "D", allow_negative_numbers = true)]
    pub maxdist: Option<f64>,
    /// Column of declustering weights
    #[arg(long, value_name = "COLUMN")]
    pub weights: Option<String>,
    /// Least and greatest possible value; without it the least and greatest sample
    #[arg(long, value_name = "LOW,HIGH", allow_hyphen_values = true)]
    pub bounds: Option<String>,
    /// Shape of the tails between the bounds and the samples: `linear` or `power:EXPONENT`, above
    /// also `hyperbolic:EXPONENT`
    #[arg(long, value_name = "LOWER,UPPER", requires = "bounds")]
    pub tails: Option<String>,
    /// Seed
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Gibbs sweeps for values known only by their bounds
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub sweeps: usize,
    /// Also simulate this column, correlated with the value
    #[arg(long, value_name = "COLUMN")]
    pub with: Option<String>,
    /// Correlation of the normal scores of both; without it that of the samples
    #[arg(long, value_name = "R", requires = "with", allow_hyphen_values = true)]
    pub correlation: Option<f64>,
    /// Model of the part of the second column that has no correlation; without it --model
    #[arg(long, value_name = "MODEL", requires = "with", allow_hyphen_values = true)]
    pub residual_model: Option<String>,
    /// Shares of the categories in the order of their names; without it those of the samples
    #[arg(long, value_name = "SHARE,…")]
    pub proportions: Option<String>,
    /// Nodes that make a block along each axis; results are of blocks
    #[arg(long, value_name = "a,b[,c]")]
    pub blocks: Option<String>,
    /// Also write the probability of a value above each of these
    #[arg(long, value_name = "CUTOFF,…", allow_hyphen_values = true)]
    pub above: Option<String>,
    /// Also write these quantiles, 0 to 1
    #[arg(long, value_name = "SHARE,…")]
    pub quantiles: Option<String>,
    /// Also write every realisation, a column each
    #[arg(long)]
    pub all: bool,
    /// Cut-offs of a grade and tonnage table with low, best, high
    #[arg(long, value_name = "CUTOFF,…", allow_hyphen_values = true)]
    pub cutoffs: Option<String>,
    /// Write the grade and tonnage table: csv, parquet
    #[arg(long, value_name = "OUT", requires = "cutoffs")]
    pub curve: Option<PathBuf>,
    /// Tonnes of a node (or block); without it tonnage is a share of the whole
    #[arg(long, value_name = "T")]
    pub node_mass: Option<f64>,
    /// How well the metal of each period is known, where so many mine the grid from west to east
    #[arg(long, value_name = "N")]
    pub periods: Option<u32>,
    /// Share of the realisations that a period's interval covers
    #[arg(long, value_name = "SHARE", default_value_t = 0.9)]
    pub coverage: f64,
    /// EPSG number of the coordinates, for a GeoTIFF or GeoParquet file
    #[arg(long, value_name = "EPSG")]
    pub crs: Option<u32>,
    /// Print a summary as JSON
    #[arg(long)]
    pub json: bool,
    /// Draw maps, and the curve of --cutoffs
    #[arg(long, value_name = "OUT.svg")]
    pub plot: Option<PathBuf>,
    /// The result by node: mean, low, best, high; its ending says the format: csv, parquet, tif, vtk
    #[arg(short, long, value_name = "OUT")]
    pub output: PathBuf,
}

/// How fields are simulated.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub enum How {
    /// Node after node on one path for all realisations
    Sequential,
    /// The whole grid at once by Fourier transforms; samples stand at their nearest node
    Spectral,
    /// Categories, node after node
    Indicator,
}

/// Fields of one variable.
struct Simulated {
    name: String,
    fields: Realisations,
}

/// Simulates, summarises, writes.
pub fn run(command: &Simulate) -> anyhow::Result<Outcome> {
    // from here on a signal stops what is computed
    running::progress();
    plot::check(command.plot.as_deref())?;
    let grid = parse_grid(&command.grid)?;
    output::check(&command.output, Some(&grid))?;
    if command.method == How::Indicator {
        return categories::run(command, &grid);
    }
    if command.proportions.is_some() {
        bail!("--proportions belongs to --method indicator");
    }
    let (table, axes, places) = open(&command.data, &[&command.data.value])?;
    let known = known::read(&table, &command.data.value)?;
    let model = parse_model(&command.model)?;
    let mut notes = Vec::new();
    check_sill(&model, &command.model)?;
    if (model.sill() - 1.0).abs() > 0.01 {
        notes.push(format!("the sill of --model is {}, normal scores have 1", model.sill()));
    }
    let warnings = doubts(&known::stand_ins(&known), (&places, &axes), &model, &grid);
    let warnings = super::doubts::tell(&warnings, Some(&table));
    let first = Variable::new(command, &table, &command.data.value, &known)?;
    let in_file = |error| known::with_rows(error, &table);
    let scores = first.scores(command, &places, &model).map_err(in_file)?;
    let task = Task { command, grid: &grid, axes: &axes, places: &places, model: &model, warnings };
    let simulated = match &command.with {
        None => {
            let mut fields = task.fields(&scores, &mut notes).map_err(in_file)?;
            fields.map(|score| first.transform.value(score));
            vec![Simulated { name: command.data.value.clone(), fields }]
        }
        Some(column) => task.both(&table, column, &first, &scores, &mut notes)?,
    };
    let bounded = known.iter().filter(|k| k.exact().is_none()).count();
    if bounded > 0 {
        notes.push(format!("{bounded} of {} samples are known only by their bounds", known.len()));
    }
    summary::finish(&task, simulated, notes)
}

/// What all steps need.
pub struct Task<'a> {
    command: &'a Simulate,
    grid: &'a Grid,
    axes: &'a Axes,
    places: &'a [[f64; 3]],
    model: &'a Model,
    warnings: Value,
}

/// Refuses a model of values where one of normal scores is meant: the fields would be nonsense.
pub fn check_sill(model: &Model, text: &str) -> anyhow::Result<()> {
    let sill = model.sill();
    if model.is_stationary() && !(0.5..=2.0).contains(&sill) {
        bail!(
            "the sill of --model \"{text}\" is {sill}, but it is of normal scores, whose variance is 1\n  \
             hint: fit it with varp geostat fit --scores"
        );
    }
    Ok(())
}

/// Doubts about samples, model and grid.
fn doubts(
    values: &[f64],
    (places, axes): (&[[f64; 3]], &Axes),
    model: &Model,
    grid: &Grid,
) -> Vec<Warning> {
    let mut warnings = of_values(values);
    warnings.extend(of_places(places, values, axes.dimensions()));
    // the sill is that of scores
    warnings.extend(of_model(model, places, values, false));
    warnings.extend(of_targets(model, places, &Targets::grid(*grid)));
    warnings
}

/// A variable with its transform.
struct Variable<'a> {
    known: &'a [Known],
    transform: NormalScore,
}

/// Scores of the samples: one list, or one for each realisation.
enum SampleScores {
    Fixed(Vec<f64>),
    Drawn(Vec<Vec<f64>>),
}

impl<'a> Variable<'a> {
    fn new(
        command: &Simulate,
        table: &Table,
        column: &str,
        known: &'a [Known],
    ) -> anyhow::Result<Self> {
        let weights = match &command.weights {
            Some(weights) => table.numbers(weights)?,
            None => vec![1.0; known.len()],
        };
        let values = known::stand_ins(known);
        let asked = match column == command.data.value {
            true => (command.bounds.as_deref(), command.tails.as_deref()),
            false => (None, None),
        };
        let transform = NormalScore::fit(&values, &weights, tails(asked, &values)?)?;
        Ok(Self { known, transform })
    }

    fn scores(
        &self,
        command: &Simulate,
        places: &[[f64; 3]],
        model: &Model,
    ) -> anyhow::Result<SampleScores> {
        let exact: Option<Vec<f64>> = self.known.iter().map(Known::exact).collect();
        if let Some(values) = exact {
            let scores = values.iter().map(|v| self.transform.score(*v)).collect();
            return Ok(SampleScores::Fixed(scores));
        }
        let bounds: Vec<_> = self.known.iter().map(|k| k.bound(&self.transform)).collect();
        let (sweeps, count) = (command.sweeps, command.realisations);
        Ok(SampleScores::Drawn(draw_bounded(places, &bounds, model, sweeps, count, command.seed)?))
    }
}

impl SampleScores {
    /// Those of some samples.
    fn of(&self, samples: &[usize]) -> Self {
        let pick = |list: &Vec<f64>| samples.iter().map(|i| list[*i]).collect();
        match self {
            Self::Fixed(list) => Self::Fixed(pick(list)),
            Self::Drawn(lists) => Self::Drawn(lists.iter().map(pick).collect()),
        }
    }

    fn as_scores(&self) -> Scores<'_> {
        match self {
            Self::Fixed(list) => Scores::Fixed(list),
            Self::Drawn(lists) => Scores::Drawn(lists),
        }
    }
}

impl Task<'_> {
    fn sequential(&self, model: Model) -> SequentialGaussian {
        let mut plan = SequentialGaussian::new(model, self.command.neighbours);
        if let Some(radius) = self.command.maxdist {
            plan.search = Ellipsoid::ball(radius);
        }
        plan.path_seed = self.command.seed;
        plan
    }

    /// Whether a place lies in a cell of the grid.
    fn is_inside(&self, place: [f64; 3]) -> bool {
        (0..3).all(|d| {
            let steps = (place[d] - self.grid.origin[d]) / self.grid.step[d];
            self.grid.count[d] == 1 || (-0.5..=self.grid.count[d] as f64 - 0.5).contains(&steps)
        })
    }

    /// Fields of scores.
    fn fields(
        &self,
        scores: &SampleScores,
        notes: &mut Vec<String>,
    ) -> anyhow::Result<Realisations> {
        let (count, seed) = (self.command.realisations, self.command.seed);
        let progress = running::progress();
        if self.command.method == How::Spectral {
            let plan = Spectral::fit(self.grid, self.model)?;
            let inside: Vec<usize> =
                (0..self.places.len()).filter(|i| self.is_inside(self.places[*i])).collect();
            let places: Vec<[f64; 3]> = inside.iter().map(|i| self.places[*i]).collect();
            let scores = scores.of(&inside);
            let found = plan
                .simulate_conditional(&places, scores.as_scores(), count, seed, &progress)
                .map_err(|error| known::of_all(error, &inside))?;
            notes.push(format!("samples were moved up to {} to their nodes", found.largest_shift));
            if inside.len() < self.places.len() {
                let outside = self.places.len() - inside.len();
                notes.push(format!("{outside} samples lie outside the grid and do not count"));
            }
            return Ok(found.realisations);
        }
        let path = self.sequential(self.model.clone()).fit(self.grid, self.places, &progress)?;
        let unseen = path.unreachable_samples();
        if unseen > 0 {
            notes.push(format!("{unseen} samples lie too far from the grid to count"));
        }
        Ok(path.simulate(scores.as_scores(), count, seed, &progress)?)
    }

    /// The value and a second column that is correlated with it.
    fn both(
        &self,
        table: &Table,
        column: &str,
        first: &Variable<'_>,
        scores: &SampleScores,
        notes: &mut Vec<String>,
    ) -> anyhow::Result<Vec<Simulated>> {
        let command = self.command;
        if command.method != How::Sequential {
            bail!("--with is simulated with --method sequential");
        }
        let SampleScores::Fixed(at_samples) = scores else {
            bail!(
                "--with needs exact values: {} has some known only by bounds",
                command.data.value
            );
        };
        let known = known::read(table, column)?;
        let second = Variable::new(command, table, column, &known)?;
        let exact: Option<Vec<f64>> = known.iter().map(Known::exact).collect();
        let values = exact.with_context(|| format!("column {column} must hold exact values"))?;
        let own: Vec<f64> = values.iter().map(|v| second.transform.score(*v)).collect();
        let correlation = match command.correlation {
            Some(given) => given,
            None => {
                let mean = |f: &dyn Fn(usize) -> f64| {
                    (0..own.len()).map(f).sum::<f64>() / own.len() as f64
                };
                let r = mean(&|i| own[i] * at_samples[i])
                    / (mean(&|i| own[i].powi(2)) * mean(&|i| at_samples[i].powi(2))).sqrt();
                notes.push(format!("correlation of the scores at the samples: {r:.4}"));
                r
            }
        };
        let mut fields = self.fields(scores, notes)?;
        let residual = match &command.residual_model {
            Some(text) => parse_model(text)?,
            None => self.model.clone(),
        };
        let progress = running::progress();
        let path = self.sequential(residual).fit(self.grid, self.places, &progress)?;
        let relation = Correlated { field: &fields, at_samples, correlation };
        // another seed, so that the second variable's own part has its own noise
        let seed = command.seed ^ 0x9e37_79b9_7f4a_7c15;
        let mut with = path.simulate_with(&own, relation, command.realisations, seed, &progress)?;
        fields.map(|score| first.transform.value(score));
        with.map(|score| second.transform.value(score));
        Ok(vec![
            Simulated { name: command.data.value.clone(), fields },
            Simulated { name: column.to_owned(), fields: with },
        ])
    }
}
