//! An uncertain number of a plan, what it rests on, and where it comes from.

use serde::{Deserialize, Serialize};

use super::belief::Belief;

/// What a number rests on; decides how far it may argue in classification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Measured on this body.
    Measured,
    /// Derived from records of this body.
    Records,
    /// Taken from bodies of the same type or from literature.
    Analogue,
}

impl Basis {
    /// In words, as assumptions say it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Records => "from records",
            Self::Analogue => "by analogy, not from this body",
        }
    }
}

/// A quantity with what it rests on and where that comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// Distribution in the unit of its use.
    pub belief: Belief,
    /// What it rests on.
    pub basis: Basis,
    /// Source in words, with ids of claims where they exist.
    pub source: String,
}

/// Where dry density comes from: stated, or made of what was measured.
///
/// In a plan it is one table: `{ belief, basis, source }` for dry tonnes per cubic metre, or two of
/// the named quantities.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "WrittenDensity", into = "WrittenDensity")]
pub enum DensityFrom {
    /// Dry tonnes per cubic metre.
    Dry(Quantity),
    /// ρ_d = G_s·ρ_w/(1 + e).
    Grains {
        /// Density of grains, t/m³.
        grain: Quantity,
        /// Volume of pores over volume of grains.
        void_ratio: Quantity,
    },
    /// ρ_d = ρ/(1 + w).
    Wet {
        /// Bulk density with its water, t/m³.
        wet: Quantity,
        /// Mass of water over mass of dry solids.
        moisture: Quantity,
    },
    /// ρ_d = ρ_rock/(1 + s).
    Broken {
        /// Density of the rock in place, t/m³.
        in_place: Quantity,
        /// Growth of volume when broken and dumped, 0.3 for 30 %.
        swell: Quantity,
    },
}

impl DensityFrom {
    /// Its uncertain numbers with their names, in the order that [`DensityFrom::dry`] takes them.
    pub fn quantities(&self) -> Vec<(&'static str, &Quantity)> {
        match self {
            Self::Dry(dry) => vec![("dry density", dry)],
            Self::Grains { grain, void_ratio } => {
                vec![("grain density", grain), ("void ratio", void_ratio)]
            }
            Self::Wet { wet, moisture } => vec![("wet density", wet), ("moisture", moisture)],
            Self::Broken { in_place, swell } => {
                vec![("density in place", in_place), ("swell", swell)]
            }
        }
    }

    /// Dry density of drawn numbers, t/m³.
    pub fn dry(&self, x: &[f64]) -> f64 {
        match self {
            Self::Dry(_) => x[0],
            Self::Grains { .. } | Self::Wet { .. } | Self::Broken { .. } => x[0] / (1.0 + x[1]),
        }
    }

    /// Whether all its numbers were measured on this body.
    pub fn is_measured(&self) -> bool {
        self.quantities().iter().all(|(_, q)| q.basis == Basis::Measured)
    }
}

/// The table as a plan writes it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WrittenDensity {
    #[serde(skip_serializing_if = "Option::is_none")]
    belief: Option<Belief>,
    #[serde(skip_serializing_if = "Option::is_none")]
    basis: Option<Basis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grain: Option<Quantity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    void_ratio: Option<Quantity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wet: Option<Quantity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    moisture: Option<Quantity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_place: Option<Quantity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    swell: Option<Quantity>,
}

impl TryFrom<WrittenDensity> for DensityFrom {
    type Error = &'static str;

    fn try_from(w: WrittenDensity) -> Result<Self, Self::Error> {
        let given = [
            w.belief.is_some(),
            w.grain.is_some() || w.void_ratio.is_some(),
            w.wet.is_some() || w.moisture.is_some(),
            w.in_place.is_some() || w.swell.is_some(),
        ];
        if given.iter().filter(|g| **g).count() != 1 {
            return Err("a density is one of: belief, basis and source of the dry density; grain \
                        and void_ratio; wet and moisture; in_place and swell");
        }
        match w {
            WrittenDensity { belief: Some(belief), basis: Some(basis), source, .. } => {
                let source = source.ok_or("a density needs its source")?;
                Ok(Self::Dry(Quantity { belief, basis, source }))
            }
            WrittenDensity { grain: Some(grain), void_ratio: Some(void_ratio), .. } => {
                Ok(Self::Grains { grain, void_ratio })
            }
            WrittenDensity { wet: Some(wet), moisture: Some(moisture), .. } => {
                Ok(Self::Wet { wet, moisture })
            }
            WrittenDensity { in_place: Some(in_place), swell: Some(swell), .. } => {
                Ok(Self::Broken { in_place, swell })
            }
            _ => Err("a density lacks its second number, or its basis"),
        }
    }
}

impl From<DensityFrom> for WrittenDensity {
    fn from(density: DensityFrom) -> Self {
        let none = Self::default();
        match density {
            DensityFrom::Dry(q) => Self {
                belief: Some(q.belief),
                basis: Some(q.basis),
                source: Some(q.source),
                ..none
            },
            DensityFrom::Grains { grain, void_ratio } => {
                Self { grain: Some(grain), void_ratio: Some(void_ratio), ..none }
            }
            DensityFrom::Wet { wet, moisture } => {
                Self { wet: Some(wet), moisture: Some(moisture), ..none }
            }
            DensityFrom::Broken { in_place, swell } => {
                Self { in_place: Some(in_place), swell: Some(swell), ..none }
            }
        }
    }
}
