//! A stored estimate as pages and downloads read it. What an older program left out is empty.

use serde::Deserialize;
use varp_engine::estimate::{Lack, Level};

/// Low, best, high.
pub type Three = [f64; 3];

/// The document of an estimate.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Document {
    /// The quantity statement.
    pub statement: Statement,
    /// Blocks, where the plan made them and they are few enough to keep.
    #[serde(default)]
    pub blocks: Option<BlockTable>,
}

/// Quantities of a body with their 80 % intervals.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Statement {
    /// Date for which it holds.
    pub effective: String,
    /// Where the quantities are measured.
    pub reference_point: String,
    /// Original, remaining or produced.
    #[serde(default)]
    pub term: String,
    /// Who is responsible for adopting it; empty until somebody is named.
    #[serde(default)]
    pub competent_person: String,
    /// How mass was found, in words.
    #[serde(default)]
    pub method: String,
    /// Dry tonnes.
    pub mass_t: Three,
    /// Cubic metres.
    #[serde(default)]
    pub volume_m3: Option<Three>,
    /// Dry tonnes per cubic metre.
    #[serde(default)]
    pub density: Option<Three>,
    /// Area and volume below levels, the lowest first, where the plan has two surfaces.
    #[serde(default)]
    pub levels: Vec<Level>,
    /// Inputs and their share of the variance of the mass.
    #[serde(default)]
    pub mass_shares: Vec<(String, f64)>,
    /// What is in it.
    pub products: Vec<Product>,
    /// What was assumed, a sentence each.
    #[serde(default)]
    pub assumptions: Vec<String>,
    /// What a reader should doubt.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// What other grounds say of the mass.
    #[serde(default)]
    pub beside: Vec<String>,
    /// What does not fit among the statements about the body.
    #[serde(default)]
    pub contradictions: Vec<Contradiction>,
}

/// Something that does not fit.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Contradiction {
    /// What does not fit, with its numbers.
    pub says: String,
    /// Likely causes, the likeliest first.
    #[serde(default)]
    pub causes: Vec<String>,
}

/// One product.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Product {
    /// Substance code.
    pub substance: String,
    /// Mass fraction.
    pub grade: Three,
    /// Contained tonnes.
    pub contained_t: Three,
    /// Ends of the 90 % interval of contained tonnes.
    #[serde(default)]
    pub contained_90_t: Option<[f64; 2]>,
    /// Mean of contained tonnes.
    #[serde(default)]
    pub contained_mean_t: Option<f64>,
    /// How the grade was found, in words.
    #[serde(default)]
    pub method: String,
    /// The weakest ground that it rests on: measured, records, analogue.
    pub basis: String,
    /// How far the evidence lets it go in classification.
    #[serde(default)]
    pub cap: Option<Cap>,
    /// Inputs and their share of the variance of contained tonnes.
    #[serde(default)]
    pub shares: Vec<(String, f64)>,
    /// What was made of the samples.
    #[serde(default)]
    pub sampled: Option<Sampled>,
}

/// How far the evidence lets a product go, whatever its precision.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Cap {
    /// `G4`, `G3` or `G1`.
    pub category: String,
    /// Categories that go with it.
    #[serde(default)]
    pub with: String,
    /// Why.
    #[serde(default)]
    pub reasons: Vec<String>,
    /// The same for programs; `None` where an older program did not say.
    #[serde(default)]
    pub lacks: Option<Vec<Lack>>,
}

/// What was made of the samples of a product.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Sampled {
    /// Samples used.
    pub samples: u64,
    /// Samples left out, with the reason.
    #[serde(default)]
    pub left_out: Vec<(String, u64)>,
    /// Holes and places.
    pub holes: u64,
    /// Composites.
    pub composites: u64,
    /// Values below a limit.
    pub censored: u64,
    /// The rule for them.
    #[serde(default)]
    pub censored_rule: String,
    /// Plain mean of the composites.
    pub naive_mean: f64,
    /// Declustered mean.
    pub declustered_mean: f64,
    /// Coefficient of variation.
    pub variation: f64,
    /// The model used for blocks, in the notation of `varp geostat`.
    #[serde(default)]
    pub model: String,
    /// Distance, semivariance over the variance, pairs.
    #[serde(default)]
    pub variogram: Vec<(f64, f64, u64)>,
    /// Edges and shares.
    #[serde(default)]
    pub histogram: (Vec<f64>, Vec<f64>),
    /// Leaving each hole out in turn.
    #[serde(default)]
    pub cross_validation: Option<CrossCheck>,
    /// Grade and tonnage by cut-off.
    #[serde(default)]
    pub grade_tonnage: Vec<CurvePoint>,
    /// How far the metal of a quarter and a year may be off.
    #[serde(default)]
    pub production: Option<Production>,
    /// Parts treated as one population each.
    #[serde(default)]
    pub zones: Vec<ZoneMean>,
    /// What duplicates, reference materials and blanks say.
    #[serde(default)]
    pub quality: Option<Quality>,
    /// Samples by the years in which their material was laid down.
    #[serde(default)]
    pub years: Vec<YearMean>,
}

/// Samples of the material of some years.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct YearMean {
    /// The years.
    pub years: String,
    /// Where the material begins above the base, in shares of the column.
    pub from_share: f64,
    /// Where it ends.
    pub to_share: f64,
    /// Samples in it.
    pub samples: u64,
    /// Their mean; nothing without samples.
    #[serde(default)]
    pub grade: Option<f64>,
}

/// Half-widths of the 90 % interval of contained metal at a rate of production, relative.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub struct Production {
    /// Tonnes a year.
    pub rate_t_per_year: f64,
    /// Of a quarter; nothing where the body does not last one.
    pub quarter: Option<f64>,
    /// Of a year.
    pub year: Option<f64>,
}

/// A zone.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ZoneMean {
    /// Name.
    pub zone: String,
    /// Share of the body's volume.
    pub share: f64,
    /// Mass fraction.
    pub grade: Three,
    /// Composites in it.
    pub composites: u64,
}

/// Control samples of a substance.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Quality {
    /// Original samples.
    pub originals: u64,
    /// Kind of duplicate, pairs, 90 % quantile of HARD in %, variation in %, whether it passes.
    #[serde(default)]
    pub duplicates: Vec<(String, u64, f64, f64, bool)>,
    /// Reference materials: results, failures beyond three deviations, bias in %, whether they pass.
    #[serde(default)]
    pub standards: Vec<(u64, u64, f64, bool)>,
    /// Blanks, and those above three times their limit.
    #[serde(default)]
    pub blanks: (u64, u64),
    /// Share of control samples, %.
    #[serde(default)]
    pub insertion_percent: f64,
    /// What is missing or fails.
    #[serde(default)]
    pub remarks: Vec<String>,
}

/// Measured against estimated.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct CrossCheck {
    /// Pairs.
    pub count: u64,
    /// Mean error over the mean.
    pub mean_error: f64,
    /// Correlation.
    pub correlation: f64,
    /// Slope of measured on estimated.
    pub slope: f64,
    /// Share of the measured within their 90 % interval.
    pub within_90: f64,
    /// Estimated and measured.
    #[serde(default)]
    pub pairs: Vec<(f64, f64)>,
}

/// A point of the curve of grade and tonnage.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct CurvePoint {
    /// Cut-off, mass fraction.
    pub cutoff: f64,
    /// Tonnes above.
    pub tonnes: Three,
    /// Their grade.
    pub grade: Three,
}

/// Blocks of a body.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct BlockTable {
    /// Centre of the first cell of the grid, metres.
    pub origin: Three,
    /// Edge lengths.
    pub size: Three,
    /// Cells of the grid on each axis.
    pub count: [usize; 3],
    /// Number of each block in the grid, x fastest.
    pub cells: Vec<u32>,
    /// Dry tonnes of each block.
    #[serde(default)]
    pub mass_t: Vec<f64>,
    /// Grades by product.
    pub products: Vec<BlockGrades>,
}

/// Grades of a product in the blocks.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct BlockGrades {
    /// Substance code.
    pub substance: String,
    /// Best grade of each block.
    pub best: Vec<f64>,
}

impl BlockTable {
    /// Cells in plan, x fastest, with the mean grade of the blocks below weighed by their mass.
    pub fn plan(&self, substance: &str) -> Vec<([f64; 2], f64)> {
        let Some(grades) = self.products.iter().find(|p| p.substance == substance) else {
            return Vec::new();
        };
        let [nx, ny, _] = self.count;
        let mut sums = vec![(0.0, 0.0); nx * ny];
        for (i, cell) in self.cells.iter().enumerate() {
            let Some(grade) = grades.best.get(i).filter(|g| g.is_finite()) else { continue };
            let mass = self.mass_t.get(i).copied().unwrap_or(1.0);
            if let Some(sum) = sums.get_mut(*cell as usize % (nx * ny)) {
                sum.0 += mass * grade;
                sum.1 += mass;
            }
        }
        let place = |at: usize| {
            [
                self.origin[0] + self.size[0] * (at % nx) as f64,
                self.origin[1] + self.size[1] * (at / nx) as f64,
            ]
        };
        let filled = sums.into_iter().enumerate().filter(|(_, (_, mass))| *mass > 0.0);
        filled.map(|(at, (sum, mass))| (place(at), sum / mass)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_below_each_other_are_one_cell_in_plan() {
        let table = BlockTable {
            origin: [5.0, 5.0, -0.5],
            size: [10.0, 10.0, 1.0],
            count: [2, 1, 2],
            cells: vec![0, 1, 2],
            mass_t: vec![1.0, 1.0, 3.0],
            products: vec![BlockGrades { substance: "Cu".into(), best: vec![0.1, 0.4, 0.5] }],
        };
        let plan = table.plan("Cu");
        assert_eq!(plan.len(), 2);
        assert_eq!(plan[0].0, [5.0, 5.0]);
        assert!((plan[0].1 - 0.4).abs() < 1e-12, "{}", plan[0].1);
        assert_eq!(plan[1], ([15.0, 5.0], 0.4));
        assert!(table.plan("Zn").is_empty());
    }
}
