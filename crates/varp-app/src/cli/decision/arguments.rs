//! What can be typed after `screen`, `rank`, `portfolio` and `pilot`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Which bodies are looked at, and what knocks them out.
#[derive(Clone, Debug, Args)]
pub struct Selection {
    /// Only these countries (two letters, with commas)
    #[arg(long, value_name = "CC,…", value_delimiter = ',')]
    pub country: Vec<String>,
    /// Only these kinds of body (with commas)
    #[arg(long, value_name = "KIND,…", value_delimiter = ',')]
    pub kind: Vec<String>,
    /// Only bodies with one of these main commodities (with commas)
    #[arg(long, value_name = "CODE,…", value_delimiter = ',')]
    pub commodity: Vec<String>,
    /// Only inside this box in degrees
    #[arg(
        long,
        value_name = "W,S,E,N",
        value_delimiter = ',',
        num_args = 4,
        allow_hyphen_values = true
    )]
    pub bbox: Vec<f64>,
    /// Knock-outs of your own instead of the embedded ones
    #[arg(long, value_name = "SCREEN.toml")]
    pub screen: Option<PathBuf>,
    /// Bodies kept in spite of a rule, each with a note
    #[arg(long, value_name = "OVERRIDES.toml")]
    pub overrides: Option<PathBuf>,
}

/// How bodies are weighed against each other.
#[derive(Clone, Debug, Args)]
pub struct Weighing {
    /// Criteria of your own instead of the embedded ones
    #[arg(long, value_name = "CRITERIA.toml")]
    pub criteria: Option<PathBuf>,
    /// Judgements of stakeholders, each kept apart
    #[arg(long, value_name = "WEIGHTS.toml")]
    pub weights: Option<PathBuf>,
    /// A whole plan of the ranking; the options below overrule it
    #[arg(long, value_name = "PLAN.toml")]
    pub plan: Option<PathBuf>,
    /// How uncertain the weights are
    #[arg(long, value_name = "SPACE")]
    pub space: Option<Space>,
    /// How far the bodies are known
    #[arg(long, value_name = "LEVEL")]
    pub level: Option<LevelWord>,
    /// What the order is wanted for
    #[arg(long, value_name = "AIM")]
    pub aim: Option<AimWord>,
    /// How many bodies are wanted
    #[arg(long, value_name = "N")]
    pub wanted: Option<usize>,
    /// Number of draws
    #[arg(long, value_name = "N")]
    pub draws: Option<usize>,
    /// Seed
    #[arg(long)]
    pub seed: Option<u64>,
}

/// What is decided upon, and what becomes of it.
#[derive(Clone, Debug, Args)]
pub struct Terms {
    /// Which bodies
    #[command(flatten)]
    pub selection: Selection,
    /// How they are weighed
    #[command(flatten)]
    pub weighing: Weighing,
    /// Keep the result in the register
    #[arg(long)]
    pub keep: bool,
    /// Print all of the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// Spaces of weights; constrained ones stand in a plan.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Space {
    /// The criteria's own weights, certain
    Fixed,
    /// Around the criteria's own weights, κ = 50
    Dirichlet,
    /// Any weights alike
    Uniform,
    /// Any group weights in the order of the groups, own proportions inside
    GroupOrder,
    /// Any group weights in the order of the groups, any proportions inside
    GroupOrderUniform,
}

/// Levels of knowledge.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "UPPER")]
pub enum LevelWord {
    /// Desk study
    L0,
    /// Surface samples
    L1,
    /// Drilled
    L2,
    /// Bulk tests
    L3,
}

/// Aims of a ranking.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum AimWord {
    /// Choosing pilot studies
    Pilots,
    /// Choosing resources to develop
    Resources,
}

/// Tell which bodies stay in the running, and which rule removes the others.
#[derive(Debug, Args)]
pub struct Screen {
    /// Which bodies
    #[command(flatten)]
    pub selection: Selection,
    /// Print all of the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// Order bodies under uncertain data and weights.
#[derive(Debug, Args)]
pub struct Rank {
    /// Rows and priors as a document; without it the screened bodies of the register
    #[arg(long, value_name = "TABLE.toml")]
    pub table: Option<PathBuf>,
    /// What is decided upon
    #[command(flatten)]
    pub terms: Terms,
    /// Compute a kept ranking again and compare the bytes; all that decides it is kept with it
    #[arg(long, value_name = "ID", conflicts_with_all = ["table", "keep"])]
    pub replay: Option<String>,
}

/// Choose the studies that are worth most together within a budget.
#[derive(Debug, Args)]
pub struct Portfolio {
    /// Quotas, clusters, precedence, what must and must not be in, as a document
    #[arg(long, value_name = "RULES.toml")]
    pub rules: Option<PathBuf>,
    /// Budget, €
    #[arg(long, value_name = "EUR", allow_negative_numbers = true)]
    pub budget: Option<f64>,
    /// Unit costs of your own instead of the embedded ones
    #[arg(long, value_name = "COSTS.csv")]
    pub costs: Option<PathBuf>,
    /// What is decided upon
    #[command(flatten)]
    pub terms: Terms,
    /// Compute a kept portfolio again and compare the bytes; all that decides it is kept with it
    #[arg(long, value_name = "ID", conflicts_with_all = ["rules", "budget", "costs", "keep"])]
    pub replay: Option<String>,
}

/// Plan the study of a body: holes on a map, samples, precision, cost, gates.
#[derive(Debug, Args)]
pub struct Pilot {
    /// Ids of bodies, or parts of their names that fit one body each
    #[arg(required_unless_present = "replay", value_name = "BODY")]
    pub bodies: Vec<String>,
    /// Objective, strata, no-go areas, holes, thickness … as a document
    #[arg(long, value_name = "STUDY.toml")]
    pub study: Option<PathBuf>,
    /// Unit costs of your own instead of the embedded ones
    #[arg(long, value_name = "COSTS.csv")]
    pub costs: Option<PathBuf>,
    /// Ways to treat the material, of your own
    #[arg(long, value_name = "SCENARIOS.toml")]
    pub scenarios: Option<PathBuf>,
    /// Write sheet, holes, field form and GeoPackage into this folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Keep the plan in the register
    #[arg(long)]
    pub keep: bool,
    /// Compute a kept plan again and compare the bytes; all that decides it is kept with it
    #[arg(long, value_name = "ID", conflicts_with_all = ["bodies", "study", "costs", "scenarios", "out", "keep"])]
    pub replay: Option<String>,
    /// Print all of the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// Tell what may become of bodies: products, residue, what is avoided elsewhere.
#[derive(Debug, Args)]
pub struct Circularity {
    /// Ids or names of bodies
    #[arg(required = true, value_name = "BODY")]
    pub bodies: Vec<String>,
    /// Ways to treat the material, of your own
    #[arg(long, value_name = "SCENARIOS.toml")]
    pub scenarios: Option<PathBuf>,
    /// Write a page and a flow diagram per scenario into this folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Print all of the result as JSON
    #[arg(long)]
    pub json: bool,
}
