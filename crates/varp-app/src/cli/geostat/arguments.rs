//! What can be typed after `varp geostat`.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, Subcommand};

use super::composition::Composition;
use super::cv::Cv;
use super::decluster::Decluster;
use super::fit::Fit;
use super::krige::Krige;
use super::quantiles::Quantiles;
use super::simulate::Simulate;
use super::spacing::Spacing;
use super::stats::Stats;
use super::support::Support;
use super::transform::Transform;
use super::trend::Trend;
use super::variogram::Experimental;

/// Geostatistics over plain tables.
#[derive(Debug, Args)]
#[command(subcommand_value_name = "ACTION", subcommand_help_heading = "Actions")]
pub struct Geostat {
    /// What to do
    #[command(subcommand)]
    pub action: Action,
    /// Flags from a plan: TOML with the flags by name; those typed beside it override it
    #[arg(long, global = true, value_name = "PLAN.toml")]
    pub plan: Option<PathBuf>,
    /// Also write what was asked for as a plan that replays to the same bytes
    #[arg(long, global = true, value_name = "PLAN.toml")]
    pub write_plan: Option<PathBuf>,
}

/// The actions.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Summarise a column: moments, quantiles, histogram; honest about values below a limit
    #[command(args_override_self = true)]
    Stats(Stats),
    /// Compare the quantiles of two columns, or of one with a normal law
    #[command(args_override_self = true)]
    Qq(Quantiles),
    /// Fit a trend by coordinates and columns: R², analysis of variance, residuals
    #[command(args_override_self = true)]
    Trend(Trend),
    /// Turn parts of a whole into log-ratios (clr, ilr, alr), or back
    #[command(args_override_self = true)]
    Composition(Composition),
    /// Compute experimental variograms and variogram maps
    #[command(args_override_self = true)]
    Variogram(Experimental),
    /// Fit a covariance model to the experimental variogram
    #[command(args_override_self = true)]
    Fit(Fit),
    /// Estimate by kriging at points, grid nodes, blocks or polygons
    #[command(args_override_self = true)]
    Krige(Krige),
    /// Cross-validate: leave samples out and estimate them
    #[command(args_override_self = true)]
    Cv(Cv),
    /// Weigh clustered samples by cells, polygons or kriging
    #[command(args_override_self = true)]
    Decluster(Decluster),
    /// Turn values into normal scores, or fit Hermite polynomials to them
    #[command(args_override_self = true)]
    Transform(Transform),
    /// Grade and tonnage of blocks from the distribution of samples
    #[command(args_override_self = true)]
    Support(Support),
    /// Simulate fields that honour the samples
    #[command(args_override_self = true)]
    Simulate(Simulate),
    /// Study how well each drill spacing would know the metal of each period
    #[command(args_override_self = true)]
    Spacing(Spacing),
}

/// Samples in a table.
#[derive(Debug, Clone, Args)]
pub struct Data {
    /// The table: CSV with a header, or (Geo)Parquet
    #[arg(value_name = "DATA")]
    pub file: Option<PathBuf>,
    /// The table by flag, as plans have it
    #[arg(id = "data", long = "data", value_name = "DATA", hide = true)]
    pub named: Option<PathBuf>,
    /// Column of east; a GeoParquet file of points needs none
    #[arg(long, value_name = "COLUMN", requires = "y")]
    pub x: Option<String>,
    /// Column of north
    #[arg(long, value_name = "COLUMN", requires = "x")]
    pub y: Option<String>,
    /// Column of height
    #[arg(long, value_name = "COLUMN")]
    pub z: Option<String>,
    /// Column of the variable
    #[arg(long, value_name = "COLUMN")]
    pub value: String,
    /// Leave out rows whose value is empty, and say how many
    #[arg(long)]
    pub skip_missing: bool,
}

impl Data {
    /// The table's file.
    pub fn path(&self) -> anyhow::Result<&Path> {
        let path = self.file.as_deref().or(self.named.as_deref());
        path.context("say which table: varp geostat ACTION DATA.csv …")
    }
}

/// Covariance, trend and neighbours.
#[derive(Debug, Clone, Args)]
pub struct Estimator {
    /// Covariance model, such as "0.05 nug + 0.59 sph(897)"; of several variables with matrices
    /// of sills: "[0.1, 0; 0, 0.1] nug + [0.6, 0.3; 0.3, 0.7] sph(897)"
    #[arg(long, value_name = "MODEL", allow_hyphen_values = true)]
    pub model: String,
    /// Mean: `ok` for unknown, `sk:MEAN` for known
    #[arg(
        long,
        default_value = "ok",
        value_name = "sk:MEAN|ok",
        conflicts_with = "drift",
        allow_hyphen_values = true
    )]
    pub method: String,
    /// Drift: `linear`, `quadratic`, columns of the tables, or both, separated by commas
    #[arg(long, value_name = "linear|quadratic|COLUMN,…")]
    pub drift: Option<String>,
    /// Column of measurement-error variance of each sample
    #[arg(long, value_name = "COLUMN")]
    pub error: Option<String>,
    /// At most this many nearest samples; all without it
    #[arg(long, value_name = "N")]
    pub nmax: Option<usize>,
    /// No estimate from fewer samples
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub nmin: usize,
    /// Only samples within this distance
    #[arg(long, value_name = "D", allow_negative_numbers = true)]
    pub maxdist: Option<f64>,
    /// Only samples within an ellipsoid: three radii, azimuth, dip, plunge
    #[arg(
        long,
        value_name = "A,B,C,AZ,DIP,PL",
        conflicts_with = "maxdist",
        allow_hyphen_values = true
    )]
    pub ellipsoid: Option<String>,
    /// At most this many samples in each octant
    #[arg(long, value_name = "N")]
    pub octants: Option<usize>,
    /// At most this many samples of one hole; needs --hole
    #[arg(long, value_name = "N", requires = "hole")]
    pub per_hole: Option<usize>,
    /// Column that names the hole
    #[arg(long, value_name = "COLUMN")]
    pub hole: Option<String>,
}
