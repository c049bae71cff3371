//! Products of a plan and where their grades come from.

use serde::{Deserialize, Serialize};

use super::quantity::Quantity;

/// A product to be estimated. With a balance, a product that is not planned comes out of it.
///
/// In a plan it is one table with `substance` and one of `grade`, `samples`, `analogues`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "WrittenProduct", into = "WrittenProduct")]
pub struct PlannedProduct {
    /// Substance code.
    pub substance: String,
    /// Where its grade comes from.
    pub grade: GradeFrom,
}

/// Where a grade comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum GradeFrom {
    /// A stated grade, mass fraction of dry material.
    Stated(Quantity),
    /// The samples of the body.
    Samples(SamplePlan),
    /// Bodies of the same type; the product is then prospective only (G4 with E3.2;F3).
    Analogues(AnaloguePlan),
}

/// The table as a plan writes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenProduct {
    substance: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    grade: Option<Quantity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    samples: Option<SamplePlan>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    analogues: Option<AnaloguePlan>,
}

impl TryFrom<WrittenProduct> for PlannedProduct {
    type Error = String;

    fn try_from(written: WrittenProduct) -> Result<Self, String> {
        let substance = written.substance;
        let grade = match (written.grade, written.samples, written.analogues) {
            (Some(grade), None, None) => GradeFrom::Stated(grade),
            (None, Some(samples), None) => GradeFrom::Samples(samples),
            (None, None, Some(analogues)) => GradeFrom::Analogues(analogues),
            _ => return Err(format!("{substance} needs one of grade, samples, analogues")),
        };
        Ok(Self { substance, grade })
    }
}

impl From<PlannedProduct> for WrittenProduct {
    fn from(product: PlannedProduct) -> Self {
        let substance = product.substance;
        let none = Self { substance, grade: None, samples: None, analogues: None };
        match product.grade {
            GradeFrom::Stated(grade) => Self { grade: Some(grade), ..none },
            GradeFrom::Samples(samples) => Self { samples: Some(samples), ..none },
            GradeFrom::Analogues(analogues) => Self { analogues: Some(analogues), ..none },
        }
    }
}

/// How the grade is made of samples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SamplePlan {
    /// From samples to blocks and the whole.
    pub method: SampleMethod,
    /// Length of composites, metres; `None` composites each hole over its whole length.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub composite_m: Option<f64>,
    /// What becomes of the last, short composite of a hole.
    pub residual: Residual,
    /// What is done with values below a limit.
    pub censored: CensoredRule,
    /// Grades above this mass fraction are lowered to it, and told; `None` cuts nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_cut: Option<f64>,
    /// On which scale the variable is taken as Gaussian.
    pub scale: Scale,
    /// What counts as the vertical coordinate.
    pub vertical: Vertical,
    /// Row of the prior on variability, such as `tailings`; unknown rows are an error.
    pub variability: String,
    /// Edge lengths of blocks, metres; `None` takes 40 blocks along the longer side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_m: Option<[f64; 3]>,
    /// Zones are estimated one by one and added; without, they are one population.
    pub by_zone: bool,
    /// Calibrates a field instrument: determinations whose method is this one are put through the
    /// line that its pairs with the laboratory give.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calibrate: Option<String>,
    /// Mass of a year's and a quarter's production for the ±15 % test, tonnes a year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_t_per_year: Option<f64>,
    /// What was laid down in which years, the oldest first: samples are then told by years too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub laid: Vec<Laid>,
}

/// A part of a body that was laid down in some years.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Laid {
    /// The years, such as `1930/1945`.
    pub years: String,
    /// Tonnes or any other amount; only the ratios of the parts count.
    pub amount: f64,
}

impl Default for SamplePlan {
    fn default() -> Self {
        Self {
            method: SampleMethod::Mean,
            composite_m: None,
            residual: Residual::default(),
            censored: CensoredRule::default(),
            top_cut: None,
            scale: Scale::default(),
            vertical: Vertical::default(),
            variability: "tailings".into(),
            block_m: None,
            by_zone: false,
            calibrate: None,
            rate_t_per_year: None,
            laid: Vec::new(),
        }
    }
}

/// From samples to the body.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SampleMethod {
    /// Declustered mean of whole holes with the interval that their continuity gives.
    Mean,
    /// Blocks by inverse distance.
    InverseDistance {
        /// Power of the distance.
        power: f64,
        /// Composites used for a block.
        neighbours: usize,
    },
    /// Blocks by ordinary kriging of composites.
    Kriging {
        /// Composites used for a block.
        neighbours: usize,
    },
    /// Conditional simulation of blocks.
    Simulation {
        /// How many.
        realisations: usize,
        /// Composites and earlier nodes that a node sees.
        neighbours: usize,
    },
}

impl SampleMethod {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Mean => "declustered mean of holes",
            Self::InverseDistance { .. } => "inverse distance",
            Self::Kriging { .. } => "ordinary kriging",
            Self::Simulation { .. } => "conditional simulation",
        }
    }
}

/// What becomes of the last, short composite of a hole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Residual {
    /// Shorter than half the length joins the one before; longer stays.
    #[default]
    Merge,
    /// It stays, however short.
    Keep,
    /// Shorter than half the length is left out; longer stays.
    Drop,
    /// All composites of a hole are made equally long, as near the length as can be.
    Spread,
}

/// What is done with values below a detection limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CensoredRule {
    /// Values are drawn below their limit, given their neighbours; nothing is put in their place.
    #[default]
    Draw,
    /// Kaplan–Meier mean of all below each limit stands for them.
    KaplanMeier,
    /// Robust regression on order statistics.
    RegressionOnOrder,
    /// Lognormal maximum likelihood.
    MaximumLikelihood,
    /// This share of the limit stands for the value. Biased; only when asked for.
    Substitute(f64),
}

/// On which scale the variable is taken as Gaussian.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Both, weighed by how well they fit the samples.
    #[default]
    Weighed,
    /// Logarithms.
    Log,
    /// As it is.
    Linear,
}

/// What counts as the vertical coordinate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vertical {
    /// Depth below the surface at the hole: layers follow the surface as it rose.
    #[default]
    Depth,
    /// Share of the local thickness from the surface (0) to the base (1), times the mean thickness:
    /// layers follow both.
    Stage,
    /// Height above the datum.
    Height,
}

/// How a grade is taken from other bodies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnaloguePlan {
    /// Type of deposit the material came from.
    pub deposit_type: String,
    /// Kind of the body, such as `tailings`; bodies of other kinds count less.
    pub kind: String,
}
