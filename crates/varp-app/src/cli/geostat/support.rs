//! `varp geostat support`: grade and tonnage of blocks without a map, by the discrete Gaussian model.

use std::path::PathBuf;

use anyhow::bail;
use clap::Args;
use serde_json::{Value, json};
use varp_geostat::krige::{Grid, Kriging, Method, Samples, Search, Targets};
use varp_geostat::transform::Hermite;
use varp_geostat::warning::{of_discretisation, of_model, of_values};

use super::arguments::Data;
use super::estimator::parse_model;
use super::krige::block_of;
use super::output::{self, Column, Sheet};
use super::plot;
use super::table::{Sampled, numbers};
use super::transform::weights;
use super::{doubts, running};
use crate::chart::CutoffRow;
use crate::cli::{Outcome, show};

/// Grade and tonnage of blocks.
#[derive(Debug, Args)]
pub struct Support {
    /// Samples
    #[command(flatten)]
    pub data: Data,
    /// Covariance model of the values; its sill should be their variance
    #[arg(long, value_name = "MODEL", allow_hyphen_values = true)]
    pub model: String,
    /// Size of a block
    #[arg(long, value_name = "dx,dy[,dz]")]
    pub block: String,
    /// Points on each axis that stand for a block
    #[arg(long, value_name = "a,b,c", default_value = "8,8,8")]
    pub discretisation: String,
    /// Cut-offs
    #[arg(long, value_name = "CUTOFF,…", allow_hyphen_values = true)]
    pub cutoffs: String,
    /// Column of declustering weights
    #[arg(long, value_name = "COLUMN")]
    pub weights: Option<String>,
    /// Number of Hermite coefficients
    #[arg(long, value_name = "N", default_value_t = 60)]
    pub terms: usize,
    /// Write the table: csv, parquet
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,
    /// Draw the curves of blocks
    #[arg(long, value_name = "OUT.svg")]
    pub plot: Option<PathBuf>,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// Computes the table of points and blocks.
pub fn run(command: &Support) -> anyhow::Result<Outcome> {
    plot::check(command.plot.as_deref())?;
    let sampled = Sampled::read(&command.data)?;
    let warnings = told(command, &sampled)?;
    let weights = weights(&sampled, command.weights.as_deref())?;
    let points = Hermite::fit(&sampled.values, &weights, command.terms)?;
    let (within, sill) = block_covariance(command)?;
    // The series' own variance stands for the sill, as the model's proportions hold for it.
    let block_variance = points.variance() * within / sill;
    let coefficient = points.support_coefficient(block_variance)?;
    let blocks = points.of_blocks(block_variance)?;
    let cutoffs = numbers(&command.cutoffs, "--cutoffs")?;
    let of = |hermite: &Hermite| cutoffs.iter().map(|c| hermite.recovered(*c)).collect::<Vec<_>>();
    let (of_points, of_blocks) = (of(&points), of(&blocks));
    let mut columns = vec![Column::new("cutoff", cutoffs.clone())];
    for (name, rows) in [("points", &of_points), ("blocks", &of_blocks)] {
        let grade = |r: &varp_geostat::transform::Recovered| r.grade.unwrap_or(f64::NAN);
        columns
            .push(Column::new(format!("tonnage_{name}"), rows.iter().map(|r| r.tonnage).collect()));
        columns.push(Column::new(format!("metal_{name}"), rows.iter().map(|r| r.metal).collect()));
        columns.push(Column::new(format!("grade_{name}"), rows.iter().map(grade).collect()));
    }
    let sheet = Sheet::plain(columns);
    if let Some(path) = &command.plot {
        let rows: Vec<CutoffRow> = cutoffs
            .iter()
            .zip(&of_blocks)
            .map(|(c, r)| CutoffRow {
                cutoff: *c,
                tonnage: [r.tonnage; 3],
                grade: r.grade.map(|g| [g; 3]),
            })
            .collect();
        let names = ["cut-off", "share of tonnage", "mean grade above cut-off"];
        let panel = plot::grade_tonnage(&rows, names, &command.data.value);
        let title = format!("Grade and tonnage of blocks {}", command.block);
        plot::write(path, (&title, &command.model), &[panel], 1)?;
    }
    if let Some(path) = &command.output {
        output::write(path, &sheet)?;
    }
    if command.json {
        show::json(
            &json!({ "point_variance": points.variance(), "block_variance": block_variance,
            "support_coefficient": coefficient, "mean": points.coefficients()[0],
            "cutoffs": cutoffs,
            "blocks": of_blocks.iter().map(|r| json!({ "tonnage": r.tonnage, "metal": r.metal,
                "grade": r.grade })).collect::<Vec<_>>(),
            "warnings": warnings }),
        )?;
    } else {
        show::note(format!(
            "variance {:.6} of points, {block_variance:.6} of blocks, support coefficient {coefficient:.6}",
            points.variance()
        ));
        if command.output.is_none() {
            let mut text = Vec::new();
            output::csv(&mut text, &sheet)?;
            show::line(String::from_utf8_lossy(&text).trim_end());
        }
    }
    Ok(Outcome::Clean)
}

/// Tells the doubts about samples, model and blocks.
fn told(command: &Support, sampled: &Sampled) -> anyhow::Result<Value> {
    let model = parse_model(&command.model)?;
    let (size, parts) = block_of(&command.block, Some(&command.discretisation))?;
    let mut warnings = of_values(&sampled.values);
    warnings.extend(of_model(&model, &sampled.places, &sampled.values, false));
    warnings.extend(of_discretisation(&model, size, parts));
    Ok(doubts::tell(&warnings, Some(&sampled.table)))
}

/// Mean covariance within a block, and the sill: from the kriging efficiency of a block that no
/// sample reaches, whose simple-kriging variance is the block's own.
fn block_covariance(command: &Support) -> anyhow::Result<(f64, f64)> {
    let model = parse_model(&command.model)?;
    if !model.is_stationary() {
        bail!("--model {} has no sill; a change of support needs one", command.model);
    }
    let (size, parts) = block_of(&command.block, Some(&command.discretisation))?;
    let sill = model.sill();
    let ranges = model.structures().iter().flat_map(|s| s.ellipsoid.radii);
    let far = 1e3 * ranges.chain(size).fold(1.0, f64::max);
    let kriging = Kriging { model, method: Method::Simple { mean: 0.0 }, search: Search::Global };
    let places = [[far, far, far]];
    let fitted = kriging.fit(&Samples::new(&places, &[0.0]))?;
    let grid = Grid { origin: [0.0; 3], step: [1.0; 3], count: [1; 3] };
    let targets = Targets::grid(grid).blocks(size, parts);
    let found = fitted.predict(&targets, &running::progress())?;
    Ok((found.variance[0], sill))
}
