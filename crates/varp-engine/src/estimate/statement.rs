//! The result: a quantity statement. It is no resource statement until somebody adopts it.

use serde::Serialize;

use super::blocks::Blocks;
use super::consistency::Contradiction;
use super::quantity::Basis;
use super::samples::QualitySummary;
use super::terrain::Level;

/// What an estimate yields: the statement, and blocks where it made any.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The statement.
    pub statement: QuantityStatement,
    /// Blocks of the products estimated from samples, for export; products share the blocks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocks: Option<Blocks>,
}

/// Quantities of a body with their 80 % intervals.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuantityStatement {
    /// Body, by id.
    pub body: String,
    /// Date for which it holds.
    pub effective: String,
    /// Where the quantities are measured.
    pub reference_point: String,
    /// Whether they are original, remaining or produced.
    pub term: Term,
    /// Who is responsible for adopting it; empty until somebody is named.
    pub competent_person: String,
    /// How mass was found, in words.
    pub method: String,
    /// Dry tonnes: low, best, high.
    pub mass_t: [f64; 3],
    /// Ends of the 90 % interval of dry tonnes.
    pub mass_90_t: [f64; 2],
    /// Dry tonnes at 5, 10, … 95 per cent of the probability.
    pub mass_quantiles_t: Vec<f64>,
    /// Cubic metres: low, best, high; `None` where the plan has no volume.
    pub volume_m3: Option<[f64; 3]>,
    /// Area and volume below levels, the lowest first, where the plan has two surfaces.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<Level>,
    /// Dry tonnes per cubic metre: low, best, high; `None` where the plan has no density.
    pub density: Option<[f64; 3]>,
    /// Name of each input and its share of the variance of the mass, greatest first.
    pub mass_shares: Vec<(String, f64)>,
    /// What is in it.
    pub products: Vec<ProductEstimate>,
    /// What was assumed, a sentence each.
    pub assumptions: Vec<String>,
    /// What a reader should doubt, a sentence each.
    pub warnings: Vec<String>,
    /// What other grounds say of the mass, and whether they agree: from the plan.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<String>,
    /// What does not fit among the statements about the body: from the plan.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contradictions: Vec<Contradiction>,
    /// Versions of the reference files that decided something: name and first digits of a hash.
    pub references: Vec<(String, String)>,
}

/// Terms of a quantity: amounts of different terms are never added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// As laid down or as in the ground before mining.
    Original,
    /// What is there on the date of the statement.
    #[default]
    Remaining,
    /// What was taken out.
    Produced,
}

/// One product of a result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProductEstimate {
    /// Substance code.
    pub substance: String,
    /// Grade, mass fraction: low, best, high.
    pub grade: [f64; 3],
    /// Mean of the grade.
    pub grade_mean: f64,
    /// Contained tonnes: low, best, high.
    pub contained_t: [f64; 3],
    /// Ends of the 90 % interval of contained tonnes.
    pub contained_90_t: [f64; 2],
    /// Mean of contained tonnes; larger than best where the distribution is skewed.
    pub contained_mean_t: f64,
    /// Grade at 5, 10, … 95 per cent of the probability.
    pub grade_quantiles: Vec<f64>,
    /// Contained tonnes at 5, 10, … 95 per cent.
    pub contained_quantiles_t: Vec<f64>,
    /// How the grade was found, in words.
    pub method: String,
    /// The weakest ground that it rests on.
    pub basis: Basis,
    /// How far the evidence lets it go in classification, however narrow the interval.
    pub cap: EvidenceCap,
    /// Name of each input and its share of the variance of contained tonnes, greatest first.
    pub shares: Vec<(String, f64)>,
    /// What was made of the samples, where the grade comes from them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sampled: Option<Sampled>,
}

/// How far the evidence lets a product go, whatever its precision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EvidenceCap {
    /// Best category on the G axis that the evidence allows: `G4`, `G3` or `G1`.
    pub category: &'static str,
    /// Categories that go with it: `E3.2;F3` for a product without assays; empty otherwise.
    pub with: &'static str,
    /// Why.
    pub reasons: Vec<String>,
    /// The same for programs.
    pub lacks: Vec<Lack>,
}

/// Evidence that a better category would need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// No assay of the product from this body.
    Assays,
    /// No samples over the whole depth.
    Depth,
    /// Dry density was not measured on this body.
    Density,
}

/// What was made of the samples of one product.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sampled {
    /// Samples used.
    pub samples: usize,
    /// Samples left out, with the reason and how many.
    pub left_out: Vec<(String, usize)>,
    /// Samples of quality control with this product, by role.
    pub controls: Vec<(String, usize)>,
    /// Holes and places they come from.
    pub holes: usize,
    /// Composites made of them.
    pub composites: usize,
    /// Values below a limit, and the rule that dealt with them.
    pub censored: usize,
    /// The rule for them, in words.
    pub censored_rule: String,
    /// Grades lowered by the top cut, and the share of metal that it took away.
    pub top_cut: Option<(usize, f64)>,
    /// What other top cuts would do: limit, values lowered, share of metal removed.
    pub top_cuts: Vec<(f64, usize, f64)>,
    /// Plain mean of the composites, mass fraction.
    pub naive_mean: f64,
    /// Mean with declustering weights.
    pub declustered_mean: f64,
    /// Coefficient of variation of the composites.
    pub variation: f64,
    /// The method's own best grade, where it differs from the centre of the interval.
    pub method_grade: f64,
    /// What is believed of the continuity: parameter, low, best, high.
    pub continuity: Vec<(String, [f64; 3])>,
    /// The model used for blocks, as varp geostat prints it, on the scale of `scale`.
    pub model: String,
    /// Probability of each scale: `log`, `linear`.
    pub scale: Vec<(String, f64)>,
    /// Experimental variogram of composites: distance, semivariance relative to the variance, pairs.
    pub variogram: Vec<(f64, f64, u64)>,
    /// Histogram of composites: edges and shares.
    pub histogram: (Vec<f64>, Vec<f64>),
    /// Leaving each hole out in turn.
    pub cross_validation: Option<CrossCheck>,
    /// Grade and tonnage: cut-off, then tonnes, grade and contained tonnes as low, best, high.
    pub grade_tonnage: Vec<CurvePoint>,
    /// Relative half-width of the 90 % interval of a quarter's and a year's contained metal at the
    /// planned rate.
    pub production: Option<ProductionCheck>,
    /// Means of the zones: name, share of the volume, mean grade, composites.
    pub zones: Vec<ZoneMean>,
    /// What duplicates, reference materials and blanks say.
    pub quality: QualitySummary,
    /// Samples by the years in which their material was laid down, the oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub years: Vec<YearMean>,
}

/// Samples of the material of some years.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct YearMean {
    /// The years.
    pub years: String,
    /// Where the material begins and ends above the base, in shares of the column.
    pub from_share: f64,
    /// Its end.
    pub to_share: f64,
    /// Samples in it.
    pub samples: usize,
    /// Their mean by length, mass fraction; `None` without samples.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grade: Option<f64>,
}

/// One zone of a sampled product.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ZoneMean {
    /// Name.
    pub zone: String,
    /// Share of the body's volume.
    pub share: f64,
    /// Grade: low, best, high.
    pub grade: [f64; 3],
    /// Composites in it.
    pub composites: usize,
}

/// Measured against estimated, hole by hole.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CrossCheck {
    /// Pairs compared.
    pub count: usize,
    /// Mean of estimated − measured over the mean.
    pub mean_error: f64,
    /// Root mean square error over the mean.
    pub root_mean_square: f64,
    /// Correlation of both.
    pub correlation: f64,
    /// Slope of measured on estimated; 1 is ideal.
    pub slope: f64,
    /// Share of the measured within their 90 % interval.
    pub within_90: f64,
    /// Estimated and measured of each.
    pub pairs: Vec<(f64, f64)>,
}

/// A point of the curve of grade and tonnage.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CurvePoint {
    /// Cut-off, mass fraction.
    pub cutoff: f64,
    /// Tonnes above: low, best, high.
    pub tonnes: [f64; 3],
    /// Their grade.
    pub grade: [f64; 3],
    /// Contained tonnes.
    pub contained_t: [f64; 3],
}

/// The ±15 % at 90 % test of production.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ProductionCheck {
    /// Rate asked for, tonnes a year.
    pub rate_t_per_year: f64,
    /// Median half-width of a quarter, relative; `None` where the body does not last one.
    pub quarter: Option<f64>,
    /// Median half-width of a year.
    pub year: Option<f64>,
}
