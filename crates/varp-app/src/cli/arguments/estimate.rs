//! What can be typed after `estimate`, `capture` and `review`.

use std::path::PathBuf;

use clap::Args;

/// Estimate tonnes and grades from whatever evidence there is.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("what").required(true).multiple(true).args(["body", "all", "plan", "replay", "diff"])))]
pub struct Estimate {
    /// Id or name of a body
    pub body: Option<String>,
    /// Every body that has evidence; those whose records have not changed are left alone
    #[arg(long, conflicts_with_all = ["body", "plan", "replay", "diff", "explain", "export"])]
    pub all: bool,
    /// With --all: also those whose records have not changed
    #[arg(long, requires = "all")]
    pub again: bool,
    /// The plan; without it one is proposed from the evidence
    #[arg(long, value_name = "PLAN.toml")]
    pub plan: Option<PathBuf>,
    /// Only propose a plan, with the reason of each choice
    #[arg(long, requires = "body", conflicts_with = "plan")]
    pub explain: bool,
    /// Compute a stored estimate again; exit 1 if its bytes differ
    #[arg(long, value_name = "ID", conflicts_with_all = ["body", "plan"])]
    pub replay: Option<String>,
    /// What differs between two stored estimates: A B
    #[arg(long, num_args = 2, value_names = ["A", "B"], conflicts_with_all = ["body", "plan", "replay"])]
    pub diff: Option<Vec<String>>,
    /// Write the block model: csv, parquet (GeoParquet) or vtk
    #[arg(long, value_name = "FILE")]
    pub export: Option<PathBuf>,
    /// Show the result and store nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Take only what this audience may see: public, authority, private
    #[arg(long, value_name = "AUDIENCE", default_value = "private")]
    pub audience: varp_model::Visibility,
    /// Make the result public although it was made of records that are not, and why
    #[arg(long, value_name = "REASON", conflicts_with = "all")]
    pub release: Option<String>,
    /// Seed of a proposed plan
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Number of draws of a proposed plan
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub draws: usize,
    /// Who estimates, for the register
    #[arg(long, env = "VARP_ACTOR", value_name = "NAME")]
    pub actor: Option<String>,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// What to find out next, and what it is expected to buy.
#[derive(Debug, Args)]
pub struct Capture {
    /// What may be spent, EUR
    #[arg(long, value_name = "EUR", default_value_t = 100_000.0)]
    pub budget: f64,
    /// Only this country (two letters)
    #[arg(long, value_name = "CC")]
    pub country: Option<String>,
    /// Only this product, a substance code
    #[arg(long, value_name = "SUBSTANCE")]
    pub product: Option<String>,
    /// Order by: variance (drop per euro) or value (of information per euro; needs --price)
    #[arg(long, value_name = "WHAT", default_value = "variance")]
    pub by: CaptureOrder,
    /// Price of a substance, EUR per tonne: Co=30000. May be given more than once
    #[arg(long, value_name = "SUBSTANCE=EUR")]
    pub price: Vec<String>,
    /// Share that can be recovered, for the value of information
    #[arg(long, value_name = "SHARE", default_value_t = 0.55)]
    pub recovery: f64,
    /// Cost of treating a tonne of material, EUR, for the value of information
    #[arg(long, value_name = "EUR", default_value_t = 24.0)]
    pub treatment: f64,
    /// Steps and their costs of your own instead of the embedded ones
    #[arg(long, value_name = "STEPS.csv")]
    pub steps: Option<PathBuf>,
    /// Write the programme as a table
    #[arg(long, value_name = "FILE.csv")]
    pub output: Option<PathBuf>,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// By what capture steps are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum CaptureOrder {
    /// Drop of variance per euro.
    Variance,
    /// Value of information per euro.
    Value,
}

/// A form of what documents say of a body.
#[derive(Debug, Args)]
pub struct Review {
    /// Id or name of a body
    pub body: String,
    /// The form to write: xlsx, csv; its mapping is written beside it
    #[arg(short, long, value_name = "FORM.xlsx")]
    pub output: Option<PathBuf>,
    /// Show what was searched so far, instead of writing a form
    #[arg(long, conflicts_with = "output")]
    pub status: bool,
    /// Print as JSON
    #[arg(long, requires = "status")]
    pub json: bool,
}
