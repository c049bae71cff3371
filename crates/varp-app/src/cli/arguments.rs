//! What can be typed.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

mod estimate;

pub use estimate::{Capture, CaptureOrder, Estimate, Review};

/// Register, map and publish what old mines left behind.
#[derive(Debug, Parser)]
#[command(name = "varp", version, about, max_term_width = 100)]
pub struct Arguments {
    /// The register: a GeoPackage. Else VARP_REGISTER, `register` in varp.toml, or varp.gpkg
    #[arg(short, long, global = true, value_name = "REGISTER.gpkg")]
    pub register: Option<PathBuf>,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// The verbs.
#[derive(Debug, Subcommand)]
#[expect(clippy::large_enum_variant, reason = "one value lives for the whole run")]
pub enum Command {
    /// Build the demonstration register from its spreadsheets and show it
    Demo(Demo),
    /// Load tables into the register
    Import(Import),
    /// Propose a mapping for a table
    Map(Map),
    /// Publish the register as web pages and an OGC API
    Serve(Serve),
    /// Write a consistent copy, also while others read and write
    Backup(Backup),
    /// Write records to a file
    Export(Export),
    /// Write the public waste bodies as ERML-Lite 2.0.1, GML or GeoJSON
    Exchange(super::exchange::Exchange),
    /// Tell where a value came from
    Explain(Explain),
    /// Prefer one of several claims, with a reason
    Prefer(Prefer),
    /// Find records that may be the same thing; merge them or keep them apart
    Match(Match),
    /// Take an import back
    Undo(Undo),
    /// Compute UNFC classes with their reasons
    Classify(super::classify::Classify),
    /// Take a computed class or estimate through draft, review, adoption and publication
    Adopt(super::adopt::Adopt),
    /// Freeze all classes as an edition, and tell what changed since another
    Edition(super::edition::Edition),
    /// Read a UNFC code, or translate one from or to CRIRSCO's categories
    Unfc(super::unfc::Unfc),
    /// Work on rule documents
    Rules(Rules),
    /// Estimate tonnes and grades from whatever evidence there is
    Estimate(Estimate),
    /// Attach a height model or a table of points to a body; without a file, list what is attached
    Attach(super::attach::Attach),
    /// Rank what to find out next
    Capture(Capture),
    /// Write a form for what documents say of a body
    Review(Review),
    /// Show how the register stands against the law
    Duty(super::duty::Duty),
    /// Tell which bodies stay in the running, and which rule removes the others
    Screen(super::decision::Screen),
    /// Order bodies under uncertain data and weights
    Rank(super::decision::Rank),
    /// Choose the studies that are worth most together within a budget
    Portfolio(super::decision::Portfolio),
    /// Plan the study of a body: holes on a map, samples, precision, cost, gates
    Pilot(super::decision::Pilot),
    /// Tell what may become of bodies: products, residue, what is avoided elsewhere
    Circularity(super::decision::Circularity),
    /// Geostatistics over plain tables
    Geostat(super::geostat::Geostat),
    /// Check the register and the settings
    Doctor(Doctor),
}

/// Build the demonstration register and show it.
#[derive(Debug, Args)]
pub struct Demo {
    /// Folder for the spreadsheets and the register
    #[arg(long, value_name = "DIR", default_value = "varp-demo")]
    pub dir: PathBuf,
    /// Where to listen
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Only build the register
    #[arg(long)]
    pub no_serve: bool,
}

/// Load tables into the register.
#[derive(Debug, Args)]
pub struct Import {
    /// Tables: CSV, TSV, XLSX, XLS, ODS, GeoJSON, GeoPackage, Shapefile
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Which column is what; else FILE.toml beside the first file
    #[arg(short, long, value_name = "M.toml")]
    pub mapping: Option<PathBuf>,
    /// Report all problems and write nothing
    #[arg(long)]
    pub check: bool,
    /// Load the good rows; write the others with reasons to FILE.rejected.csv
    #[arg(long)]
    pub accept_valid: bool,
    /// Write a copy of the table with a comment at each problem
    #[arg(long, value_name = "OUT.xlsx")]
    pub annotate: Option<PathBuf>,
    /// List every problem instead of groups of alike ones
    #[arg(long)]
    pub all: bool,
    /// Who imports, for the change log
    #[arg(long, env = "VARP_ACTOR", value_name = "NAME")]
    pub actor: Option<String>,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// Propose a mapping for a table.
#[derive(Debug, Args)]
pub struct Map {
    /// The table
    pub file: PathBuf,
    /// Write the mapping to a file instead of stdout
    #[arg(short, long, value_name = "M.toml")]
    pub output: Option<PathBuf>,
    /// Country of the data (two letters), to tell coordinate systems apart
    #[arg(long, value_name = "CC")]
    pub country: Option<String>,
}

/// Publish the register.
#[derive(Debug, Args)]
pub struct Serve {
    /// Where to listen; else `listen` in varp.toml
    #[arg(long, value_name = "ADDR:PORT")]
    pub listen: Option<SocketAddr>,
    /// Do not log requests
    #[arg(short, long)]
    pub quiet: bool,
    /// Store the estimates that readers order, where varp made the plan itself
    #[arg(long)]
    pub keep_estimates: bool,
}

/// Write a consistent copy.
#[derive(Debug, Args)]
pub struct Backup {
    /// The copy; must not exist yet
    #[arg(value_name = "OUT.gpkg")]
    pub to: PathBuf,
}

/// Write records to a file.
#[derive(Debug, Args)]
pub struct Export {
    /// The file; its ending says the format: geojson, csv, xlsx, gpkg
    #[arg(long, value_name = "FILE")]
    pub to: PathBuf,
    /// Write the tables that this mapping reads, in their own columns, to be edited and imported
    /// again; all that is known goes in, public or not
    #[arg(short, long, value_name = "M.toml", conflicts_with_all = ["collection", "all_visibilities"])]
    pub mapping: Option<PathBuf>,
    /// Which records
    #[arg(long, default_value = "bodies", value_name = "COLLECTION")]
    pub collection: String,
    /// The same questions as the API takes: `country=SE&kind=tailings`
    #[arg(long, value_name = "QUERY", default_value = "")]
    pub query: String,
    /// Also write what is not public
    #[arg(long)]
    pub all_visibilities: bool,
}

/// Tell where a value came from.
#[derive(Debug, Args)]
pub struct Explain {
    /// Id of a claim, site, body, sample or source
    pub id: String,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// Prefer one of several claims.
#[derive(Debug, Args)]
pub struct Prefer {
    /// Id of the claim
    pub id: String,
    /// Why this one
    #[arg(long, value_name = "TEXT")]
    pub because: String,
    /// Who decides
    #[arg(long, env = "VARP_ACTOR", value_name = "NAME")]
    pub actor: Option<String>,
}

/// Find records that may be the same thing; merge them or keep them apart.
#[derive(Debug, Args)]
pub struct Match {
    /// List candidates with at least this score, between 0 and 1
    #[arg(long, value_name = "SCORE", default_value_t = 0.5, conflicts_with_all = ["merge", "apart"])]
    pub least: f64,
    /// List at most this many
    #[arg(long, value_name = "N", default_value_t = 50, conflicts_with_all = ["merge", "apart"])]
    pub limit: usize,
    /// Print the candidates as JSON
    #[arg(long, conflicts_with_all = ["merge", "apart"])]
    pub json: bool,
    /// Make the second record one with the first: KEPT GONE
    #[arg(long, num_args = 2, value_names = ["KEPT", "GONE"], requires = "because")]
    pub merge: Option<Vec<String>>,
    /// Record that two are different things: A B
    #[arg(long, num_args = 2, value_names = ["A", "B"], requires = "because", conflicts_with = "merge")]
    pub apart: Option<Vec<String>>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub because: Option<String>,
    /// Who decides
    #[arg(long, env = "VARP_ACTOR", value_name = "NAME")]
    pub actor: Option<String>,
}

/// Take an import back.
#[derive(Debug, Args)]
pub struct Undo {
    /// Id of the import; without it the imports are listed
    pub import: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "undone")]
    pub because: String,
    /// Who decides
    #[arg(long, env = "VARP_ACTOR", value_name = "NAME")]
    pub actor: Option<String>,
}

/// Check the register and the settings.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// Work on rule documents.
#[derive(Debug, Args)]
pub struct Rules {
    /// What to do
    #[command(subcommand)]
    pub action: RulesAction,
}

/// What can be done with rules.
#[derive(Debug, Subcommand)]
pub enum RulesAction {
    /// Run the worked examples, and see that each rule is proved by one
    Check {
        /// Rules of your own instead of the embedded ones
        #[arg(long, value_name = "RULES.toml")]
        rules: Option<PathBuf>,
        /// Worked examples of your own instead of the embedded ones
        #[arg(long, value_name = "CASES.toml")]
        cases: Option<PathBuf>,
    },
    /// Write dossiers of the register to be classified without seeing a code, with a key beside them
    Dossiers {
        /// The file; it must not exist
        #[arg(long, value_name = "FILE.toml")]
        to: PathBuf,
        /// How many, each body once
        #[arg(long, value_name = "N", default_value_t = 10)]
        count: usize,
    },
    /// Agreement of the rules with codes that people gave the same dossiers
    Agree {
        /// Files of dossiers or cases with the codes that people gave, a file for each person
        #[arg(required = true)]
        dossiers: Vec<PathBuf>,
        /// Rules of your own instead of the embedded ones
        #[arg(long, value_name = "RULES.toml")]
        rules: Option<PathBuf>,
    },
}
