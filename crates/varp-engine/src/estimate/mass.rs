//! Where the mass of a body comes from: the part of a plan.

use serde::{Deserialize, Serialize};

use super::belief::Belief;
use super::quantity::{Basis, DensityFrom, Quantity};

/// Where the mass comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum MassFrom {
    /// A stated dry mass, tonnes.
    Stated {
        /// Tonnes, dry.
        mass_t: Quantity,
    },
    /// Volume times dry density.
    Volume {
        /// Cubic metres.
        volume_m3: Quantity,
        /// Dry tonnes per cubic metre.
        density: DensityFrom,
    },
    /// Area times mean thickness times dry density.
    Area {
        /// Square metres.
        area_m2: Quantity,
        /// Metres.
        thickness_m: Quantity,
        /// Dry tonnes per cubic metre.
        density: DensityFrom,
    },
    /// The outline of the body times the thickness measured at points or in holes that reached
    /// the base.
    Thickness {
        /// Relative uncertainty of the outline's area, one standard deviation.
        area_sd: f64,
        /// Where points and their errors come from, in words that the result repeats.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        source: String,
        /// Dry tonnes per cubic metre.
        density: DensityFrom,
    },
    /// Isopachs: areas inside lines of equal thickness.
    Isopachs {
        /// (thickness in metres, area inside the line in m²), thickness rising from 0.
        lines: Vec<[f64; 2]>,
        /// Standard deviation of the whole, relative.
        relative_sd: f64,
        /// What the lines rest on.
        basis: Basis,
        /// Source of the map.
        source: String,
        /// Dry tonnes per cubic metre.
        density: DensityFrom,
    },
    /// A dump as a frustum of a cone; a cone has an upper radius of 0.
    Frustum {
        /// Radius at the ground, metres.
        lower_radius_m: Quantity,
        /// Radius at the top, metres.
        upper_radius_m: Quantity,
        /// Metres.
        height_m: Quantity,
        /// Dry tonnes per cubic metre.
        density: DensityFrom,
    },
    /// The fill between two surfaces of the body's data.
    Surfaces {
        /// Name of the upper surface.
        top: String,
        /// What the base is taken from.
        base: BaseFrom,
        /// Error of the upper surface.
        top_error: SurfaceError,
        /// Where surfaces and errors come from, in words that the result repeats.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        source: String,
        /// Dry tonnes per cubic metre.
        density: DensityFrom,
    },
    /// Ore milled minus concentrates, with corrections.
    Balance {
        /// Periods of milling.
        periods: Vec<PlannedPeriod>,
        /// What else moved mass.
        #[serde(default)]
        corrections: Vec<PlannedCorrection>,
        /// Factor by which all recorded ore may be wrong together, around 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ore_factor: Option<Quantity>,
        /// Factor by which all recorded head grades may be wrong together, around 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grade_factor: Option<Quantity>,
    },
}

impl MassFrom {
    /// The density, where the mass needs one.
    pub fn density(&self) -> Option<&DensityFrom> {
        match self {
            Self::Stated { .. } | Self::Balance { .. } => None,
            Self::Volume { density, .. }
            | Self::Area { density, .. }
            | Self::Thickness { density, .. }
            | Self::Isopachs { density, .. }
            | Self::Frustum { density, .. }
            | Self::Surfaces { density, .. } => Some(density),
        }
    }

    /// What its stated numbers rest on, by the names that results show; what is measured in the
    /// body's own data is not among them.
    pub fn grounds(&self) -> Vec<(String, Basis)> {
        let density = self.density().iter().flat_map(|d| d.quantities()).collect::<Vec<_>>();
        let own = match self {
            Self::Stated { mass_t } => vec![("mass", mass_t)],
            Self::Volume { volume_m3, .. } => vec![("volume", volume_m3)],
            Self::Area { area_m2, thickness_m, .. } => {
                vec![("area", area_m2), ("thickness", thickness_m)]
            }
            Self::Frustum { lower_radius_m, upper_radius_m, height_m, .. } => vec![
                ("lower radius", lower_radius_m),
                ("upper radius", upper_radius_m),
                ("height", height_m),
            ],
            Self::Thickness { .. } | Self::Surfaces { .. } => Vec::new(),
            Self::Isopachs { basis, .. } => {
                let lines = ("volume".to_owned(), *basis);
                let rest = density.into_iter().map(|(name, q)| (name.to_owned(), q.basis));
                return std::iter::once(lines).chain(rest).collect();
            }
            Self::Balance { periods, corrections, .. } => {
                let ore = periods.iter().map(|p| (format!("ore {}", p.name), p.ore_t.basis));
                let moved = corrections.iter().map(|c| (c.name.clone(), c.basis));
                return ore.chain(moved).collect();
            }
        };
        let all = own.into_iter().chain(density);
        all.map(|(name, q)| (name.to_owned(), q.basis)).collect()
    }

    /// In a word.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Stated { .. } => "stated mass",
            Self::Volume { .. } => "stated volume × density",
            Self::Area { .. } => "area × thickness × density",
            Self::Thickness { .. } => "outline × measured thickness × density",
            Self::Isopachs { .. } => "isopachs × density",
            Self::Frustum { .. } => "frustum × density",
            Self::Surfaces { .. } => "two surfaces × density",
            Self::Balance { .. } => "production balance",
        }
    }
}

/// Where the base of a body comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum BaseFrom {
    /// A second surface of the body's data, such as a map from before the mine.
    Surface {
        /// Its name.
        name: String,
        /// Its error.
        error: SurfaceError,
    },
    /// The old ground interpolated from the rim around the outline.
    Rim {
        /// Standard deviation of the ground below the body about that surface, metres.
        sd_m: f64,
        /// Distance over which such errors hang together, metres.
        range_m: f64,
    },
    /// The old ground interpolated from the rim and from soundings of depth inside.
    Soundings {
        /// Standard deviation of one sounding, metres.
        sounding_sd_m: f64,
        /// Standard deviation of the ground about a smooth surface, metres.
        sd_m: f64,
        /// Distance over which it hangs together, metres.
        range_m: f64,
    },
}

/// Error of a surface as a field: an offset common to all, and a part that hangs together over a
/// distance. Independent pixels would understate the error of a volume.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurfaceError {
    /// Standard deviation of a common offset, metres.
    pub offset_sd_m: f64,
    /// Standard deviation of the part that varies, metres.
    pub sd_m: f64,
    /// Practical range of that part, metres.
    pub range_m: f64,
}

/// A period of milling with uncertain numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedPeriod {
    /// Name, such as `1959-1972`.
    pub name: String,
    /// Dry ore milled, tonnes.
    pub ore_t: Quantity,
    /// What became of each substance.
    pub flows: Vec<PlannedFlow>,
}

/// What became of a substance, with uncertain numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedFlow {
    /// Substance code.
    pub substance: String,
    /// Head grade, mass fraction of dry ore.
    pub head_grade: Quantity,
    /// Share that went to product, 0 to 1.
    pub recovery: Quantity,
    /// Grade of its concentrate, mass fraction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concentrate_grade: Option<f64>,
}

/// Something that moved mass in or out besides the mill: signed, named, sourced.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedCorrection {
    /// What it is: backfill, discharge to a lake, re-milling, removal as aggregate, custom feed,
    /// dissolution, material of the dam.
    pub name: String,
    /// Dry mass into the body, tonnes; negative is out. One of `mass_t`, `mass` and `share`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mass_t: Option<f64>,
    /// The same with its uncertainty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mass: Option<Belief>,
    /// Share of the tailings of the balance, within −1 to 1; negative is out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Belief>,
    /// Mass fraction of each substance in it; a substance that is not here moves at the grade of
    /// the balance. 1 moves the substance alone, as dissolution does.
    #[serde(default)]
    pub grades: Vec<(String, f64)>,
    /// What the figure rests on; records unless said otherwise.
    #[serde(default = "records")]
    pub basis: Basis,
    /// Source of the figure.
    pub source: String,
}

fn records() -> Basis {
    Basis::Records
}
