//! What can be typed after `varp geostat`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Geostatistics over plain tables.
#[derive(Debug, Args)]
pub struct Geostat {
    /// What to do
    #[command(subcommand)]
    pub action: Action,
}

/// The actions.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Compute experimental variograms
    Variogram(Experimental),
    /// Fit a covariance model to the experimental variogram
    Fit(Fit),
    /// Estimate by kriging at points, grid nodes or blocks
    Krige(Krige),
    /// Cross-validate: leave samples out and estimate them
    Cv(Cv),
    /// Weigh clustered samples by cells
    Decluster(Decluster),
    /// Simulate fields that honour the samples (sequential Gaussian)
    Simulate(Simulate),
    /// Study how well each drill spacing would know the metal of each period
    Spacing(Spacing),
}

/// Samples in a table.
#[derive(Debug, Args)]
pub struct Data {
    /// The table: CSV with a header
    #[arg(value_name = "DATA.csv")]
    pub file: PathBuf,
    /// Column of east
    #[arg(long, value_name = "COLUMN")]
    pub x: String,
    /// Column of north
    #[arg(long, value_name = "COLUMN")]
    pub y: String,
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

/// Covariance, trend and neighbours.
#[derive(Debug, Args)]
pub struct Estimator {
    /// Covariance model, such as "0.05 nug + 0.59 sph(897)"
    #[arg(long, value_name = "MODEL")]
    pub model: String,
    /// Mean: `ok` for unknown, `sk:MEAN` for known
    #[arg(long, default_value = "ok", value_name = "sk:MEAN|ok", conflicts_with = "drift")]
    pub method: String,
    /// Drift: `linear`, `quadratic`, or columns of the tables, separated by commas
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
    #[arg(long, value_name = "D")]
    pub maxdist: Option<f64>,
    /// Only samples within an ellipsoid: three radii, azimuth, dip, plunge
    #[arg(long, value_name = "A,B,C,AZ,DIP,PL", conflicts_with = "maxdist")]
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

/// Estimate by kriging.
#[derive(Debug, Args)]
pub struct Krige {
    /// Samples
    #[command(flatten)]
    pub data: Data,
    /// Estimator
    #[command(flatten)]
    pub estimator: Estimator,
    /// Nodes: first place, number, step on each axis
    #[arg(long, value_name = "x0,nx,dx,y0,ny,dy[,z0,nz,dz]", allow_hyphen_values = true)]
    pub grid: Option<String>,
    /// Places in a table with the same coordinate columns
    #[arg(long, value_name = "POINTS.csv", conflicts_with = "grid")]
    pub at: Option<PathBuf>,
    /// Means over blocks of this size
    #[arg(long, value_name = "dx,dy[,dz]")]
    pub block: Option<String>,
    /// Points on each axis that stand for a block
    #[arg(long, value_name = "a,b,c", default_value = "4,4,4", requires = "block")]
    pub discretisation: String,
    /// Share one neighbourhood of --nmax samples among about this many nodes: faster, with small
    /// steps; its error is told
    #[arg(long, value_name = "NODES", requires = "nmax")]
    pub tile: Option<usize>,
    /// Also write samples used, nearest distance, slope of regression, kriging efficiency
    #[arg(long)]
    pub diagnostics: bool,
    /// Print a summary as JSON
    #[arg(long)]
    pub json: bool,
    /// The result; its ending says the format: csv, vtk (a grid only)
    #[arg(short, long, value_name = "OUT")]
    pub output: PathBuf,
}

/// Cross-validate.
#[derive(Debug, Args)]
pub struct Cv {
    /// Samples
    #[command(flatten)]
    pub data: Data,
    /// Estimator
    #[command(flatten)]
    pub estimator: Estimator,
    /// Leave out this many random parts in turn instead of single samples
    #[arg(long, value_name = "K")]
    pub folds: Option<usize>,
    /// Leave out whole holes in turn; needs --hole
    #[arg(long, requires = "hole", conflicts_with = "folds")]
    pub by_hole: bool,
    /// Seed of the random parts
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Write observed, estimate, variance, residual of each sample
    #[arg(short, long, value_name = "OUT.csv")]
    pub output: Option<PathBuf>,
    /// Print the statistics as JSON
    #[arg(long)]
    pub json: bool,
}

/// Weigh clustered samples.
#[derive(Debug, Args)]
pub struct Decluster {
    /// Samples
    #[command(flatten)]
    pub data: Data,
    /// Cell sizes to try: least, greatest, number
    #[arg(long, value_name = "FROM,TO,N")]
    pub cells: String,
    /// Cell size along y and z over that along x
    #[arg(long, value_name = "Y,Z", default_value = "1,1")]
    pub proportions: String,
    /// Origins to average over
    #[arg(long, default_value_t = 8)]
    pub origins: usize,
    /// Take the size of the greatest mean instead of the least: clusters sit in poor places
    #[arg(long)]
    pub greatest: bool,
    /// Write the samples with their weights
    #[arg(short, long, value_name = "OUT.csv")]
    pub output: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// Simulate fields that honour the samples.
#[derive(Debug, Args)]
pub struct Simulate {
    /// Samples
    #[command(flatten)]
    pub data: Data,
    /// Covariance model of the normal scores, sill 1
    #[arg(long, value_name = "MODEL")]
    pub model: String,
    /// Nodes: first place, number, step on each axis
    #[arg(long, value_name = "x0,nx,dx,y0,ny,dy[,z0,nz,dz]", allow_hyphen_values = true)]
    pub grid: String,
    /// Number of realisations
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub realisations: usize,
    /// Neighbours that each node sees
    #[arg(long, value_name = "N", default_value_t = 32)]
    pub neighbours: usize,
    /// How far each node sees; without it three times the longest range of the model
    #[arg(long, value_name = "D")]
    pub maxdist: Option<f64>,
    /// Column of declustering weights
    #[arg(long, value_name = "COLUMN")]
    pub weights: Option<String>,
    /// Least and greatest possible value; without it the least and greatest sample
    #[arg(long, value_name = "LOW,HIGH", allow_hyphen_values = true)]
    pub bounds: Option<String>,
    /// Seed
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Also write every realisation, a column each
    #[arg(long)]
    pub all: bool,
    /// Also write the probability of a value above each of these
    #[arg(long, value_name = "CUTOFF,…", allow_hyphen_values = true)]
    pub above: Option<String>,
    /// Print a summary as JSON
    #[arg(long)]
    pub json: bool,
    /// The result by node: mean, low, best, high; its ending says the format: csv, vtk
    #[arg(short, long, value_name = "OUT")]
    pub output: PathBuf,
}

/// Compute experimental variograms.
#[derive(Debug, Args)]
pub struct Experimental {
    /// Samples
    #[command(flatten)]
    pub data: Data,
    /// Width of a class of distance; without it fifteen classes up to a third of the diagonal
    #[arg(long, value_name = "WIDTH")]
    pub lag: Option<f64>,
    /// Number of classes
    #[arg(long, value_name = "N")]
    pub lags: Option<usize>,
    /// Directions clockwise from north, separated by commas; without it all directions together
    #[arg(long, value_name = "DEG,…", allow_hyphen_values = true)]
    pub azimuth: Option<String>,
    /// Degrees below the horizontal, of all directions
    #[arg(long, value_name = "DEG", default_value_t = 0.0, allow_hyphen_values = true)]
    pub dip: f64,
    /// Largest angle between a pair and the direction
    #[arg(long, value_name = "DEG", default_value_t = 22.5)]
    pub tolerance: f64,
    /// Largest distance of a pair's end from the line of the direction
    #[arg(long, value_name = "D")]
    pub bandwidth: Option<f64>,
    /// matheron, cressie-hawkins, genton, dowd, madogram, rodogram, correlogram
    #[arg(long, value_name = "WORD", default_value = "matheron")]
    pub estimator: String,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
    /// Write the classes
    #[arg(short, long, value_name = "OUT.csv")]
    pub output: Option<PathBuf>,
}

/// Fit a covariance model.
#[derive(Debug, Args)]
pub struct Fit {
    /// Variogram
    #[command(flatten)]
    pub experimental: Experimental,
    /// Structures: sph, exp, gau, cub, pent, hole, mat:NU
    #[arg(long, value_name = "SHAPE,…", default_value = "sph")]
    pub shapes: String,
    /// Fit no nugget
    #[arg(long)]
    pub no_nugget: bool,
    /// Weights of classes: pairs/h2, pairs, pairs/model2, equal
    #[arg(long, value_name = "WORD", default_value = "pairs/h2")]
    pub weights: String,
    /// Ranges by direction: none, horizontal, full
    #[arg(long, value_name = "WORD", default_value = "none")]
    pub anisotropy: String,
    /// Try up to this many structures of the shapes given, best first by Akaike's criterion
    #[arg(long, value_name = "MOST")]
    pub choose: Option<usize>,
}

/// Study drill spacings.
#[derive(Debug, Args)]
pub struct Spacing {
    /// Covariance model of the normal scores, sill 1
    #[arg(long, value_name = "MODEL")]
    pub model: String,
    /// Nodes: first place, number, step on each axis
    #[arg(long, value_name = "x0,nx,dx,y0,ny,dy[,z0,nz,dz]", allow_hyphen_values = true)]
    pub grid: String,
    /// Coefficient of variation of the grade, lognormal
    #[arg(long, value_name = "CV")]
    pub cv: f64,
    /// Spacings in nodes along x and y
    #[arg(long, value_name = "5x5,10x10")]
    pub spacings: String,
    /// Number of periods that mine the grid from west to east
    #[arg(long, value_name = "N", default_value_t = 4)]
    pub periods: u32,
    /// Half-width of a period's metal that counts as well known, per cent
    #[arg(long, value_name = "PER CENT", default_value_t = 15.0)]
    pub tolerance: f64,
    /// Number of truths
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub truths: usize,
    /// Realisations for each truth and spacing
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub realisations: usize,
    /// Neighbours that each node sees
    #[arg(long, value_name = "N", default_value_t = 32)]
    pub neighbours: usize,
    /// How far each node sees
    #[arg(long, value_name = "D")]
    pub maxdist: f64,
    /// Seed
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}
