//! Units and the only place where one becomes another.
//!
//! Long because every unit and every conversion factor stands here and nowhere else.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a unit measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// Mass of analyte per mass of material; canonical unit kg/kg.
    MassFraction,
    /// Mass; canonical unit tonne.
    Mass,
    /// Mass per year; canonical unit t/y.
    MassRate,
    /// Volume; canonical unit m³.
    Volume,
    /// Area; canonical unit m².
    Area,
    /// Length, depth, thickness; canonical unit m.
    Length,
    /// Mass per volume; canonical unit t/m³.
    Density,
    /// A bare ratio, such as a recovery or moisture; canonical unit 1.
    Ratio,
    /// Money; canonical unit euro.
    Money,
    /// Money per mass; canonical unit euro per tonne.
    Price,
    /// A number of things.
    Count,
}

/// A unit that varp understands: its spelling, dimension and factor to the canonical unit.
#[derive(Clone, Copy, PartialEq)]
pub struct Unit(&'static Row);

#[derive(PartialEq)]
struct Row {
    symbol: &'static str,
    dimension: Dimension,
    to_canonical: f64,
    spellings: &'static [&'static str],
}

const fn row(
    symbol: &'static str,
    dimension: Dimension,
    to_canonical: f64,
    spellings: &'static [&'static str],
) -> Row {
    Row { symbol, dimension, to_canonical, spellings }
}

/// Avoirdupois pound in tonnes, exact by definition (international yard and pound, 1959).
const POUND_T: f64 = 0.000_453_592_37;

/// The international foot in metres; as a unit of tables it is `ft`.
pub const FOOT_M: f64 = 0.3048;

/// The foot of United States surveys in metres, which stands in height models alone (Mendenhall Order, 1893).
pub const US_SURVEY_FOOT_M: f64 = 1200.0 / 3937.0;

use Dimension as D;
static ROWS: &[Row] = &[
    row("kg/kg", D::MassFraction, 1.0, &["kg/kg", "g/g", "t/t"]),
    row(
        "%",
        D::MassFraction,
        1e-2,
        &[
            "%", "wt%", "wt.%", "wt-%", "wt-pct", "pct", "percent", "m-%", "massa-%", "paino-%",
            "vikt%", "vikt-%", "vekt%", "vægt%", "p-%",
        ],
    ),
    row(
        "ppm",
        D::MassFraction,
        1e-6,
        &["ppm", "g/t", "gpt", "g/ton", "g/tonne", "mg/kg", "mgkg", "µg/g", "ug/g", "μg/g"],
    ),
    row("ppb", D::MassFraction, 1e-9, &["ppb", "mg/t", "µg/kg", "ug/kg", "μg/kg", "ng/g"]),
    row("kg/t", D::MassFraction, 1e-3, &["kg/t", "g/kg", "‰", "promille", "mg/g"]),
    row("oz/st", D::MassFraction, 31.103_476_8e-6 / 0.907_184_74, &["oz/st", "opt"]),
    row("t", D::Mass, 1.0, &["t", "ton", "tons", "tonne", "tonnes", "tonnia", "tn", "tonn"]),
    row("kg", D::Mass, 1e-3, &["kg"]),
    row(
        "kt",
        D::Mass,
        1e3,
        &["kt", "kton", "ktonne", "ktonnes", "1000 t", "tusen ton", "tusen tonn"],
    ),
    row(
        "Mt",
        D::Mass,
        1e6,
        &[
            "mt",
            "mton",
            "mtonne",
            "mtonnes",
            "million tonnes",
            "million t",
            "milj. t",
            "milj. ton",
            "miljoner ton",
            "mill. tonn",
            "mill tonn",
            "mio t",
            "mio. t",
        ],
    ),
    row("Gt", D::Mass, 1e9, &["gt"]),
    row("short ton", D::Mass, 2000.0 * POUND_T, &["short ton", "short tons", "st", "us ton"]),
    row("long ton", D::Mass, 2240.0 * POUND_T, &["long ton", "long tons", "lt"]),
    row("lb", D::Mass, POUND_T, &["lb", "lbs", "pounds"]),
    row("t/y", D::MassRate, 1.0, &["t/y", "t/a", "t/yr", "tpa", "t/år", "t/v"]),
    row("kt/y", D::MassRate, 1e3, &["kt/y", "kt/a", "kt/yr", "ktpa"]),
    row("Mt/y", D::MassRate, 1e6, &["mt/y", "mt/a", "mt/yr", "mtpa"]),
    row(
        "m3",
        D::Volume,
        1.0,
        &[
            "m3",
            "m³",
            "m^3",
            "cbm",
            "kbm",
            "kuutiometri",
            "kuutiometriä",
            "kubikmeter",
            "rúmmetri",
            "rúmmetrar",
        ],
    ),
    row("1000 m3", D::Volume, 1e3, &["1000 m3", "1000 m³", "tm3", "dam3", "1000m3"]),
    row(
        "Mm3",
        D::Volume,
        1e6,
        &[
            "mm3",
            "mm³",
            "million m3",
            "million m³",
            "milj. m3",
            "milj. m³",
            "mill. m3",
            "mio m3",
            "hm3",
        ],
    ),
    row("km3", D::Volume, 1e9, &["km3", "km³"]),
    row("m2", D::Area, 1.0, &["m2", "m²", "m^2", "sqm"]),
    row(
        "ha",
        D::Area,
        1e4,
        &["ha", "hectare", "hectares", "hektar", "hehtaari", "hehtaaria", "hektari"],
    ),
    row("daa", D::Area, 1e3, &["daa", "dekar", "decare", "mål"]),
    row("km2", D::Area, 1e6, &["km2", "km²", "km^2"]),
    row("acre", D::Area, 4_046.856_422_4, &["acre", "acres"]),
    row("m", D::Length, 1.0, &["m", "metre", "metres", "meter", "metri", "metriä", "meters"]),
    row("cm", D::Length, 1e-2, &["cm"]),
    row("mm", D::Length, 1e-3, &["mm"]),
    row("um", D::Length, 1e-6, &["um", "µm", "μm", "micron", "microns"]),
    row("km", D::Length, 1e3, &["km"]),
    row("ft", D::Length, FOOT_M, &["ft", "feet", "foot"]),
    row(
        "t/m3",
        D::Density,
        1.0,
        &["t/m3", "t/m³", "g/cm3", "g/cm³", "g/cc", "kg/l", "kg/dm3", "tm-3"],
    ),
    row("kg/m3", D::Density, 1e-3, &["kg/m3", "kg/m³"]),
    row("1", D::Ratio, 1.0, &["1", "-", "ratio", "fraction", "osuus", "andel"]),
    row("per cent", D::Ratio, 1e-2, &["per cent", "% ratio"]),
    row("EUR", D::Money, 1.0, &["eur", "€", "euro"]),
    row("kEUR", D::Money, 1e3, &["keur", "k€", "t€"]),
    row("MEUR", D::Money, 1e6, &["meur", "m€", "mio €", "milj. €"]),
    row("EUR/t", D::Price, 1.0, &["eur/t", "€/t"]),
    row("count", D::Count, 1.0, &["count", "n", "st.", "kpl", "stk"]),
];

/// Why a text is not a unit, or two units do not go together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    /// No unit is written like this.
    #[error("\"{0}\" is not a unit that varp knows")]
    Unknown(String),
    /// The unit measures something else.
    #[error("{unit} measures {found:?}, but {needed:?} is needed")]
    Dimension {
        /// The unit as it stands.
        unit: &'static str,
        /// What it measures.
        found: Dimension,
        /// What was asked for.
        needed: Dimension,
    },
}

impl Unit {
    /// Reads a unit as people write it. `Mt`, `mt` and `MT` are megatonnes; millitonnes do not occur.
    ///
    /// `mm3` is read as million cubic metres, the custom of mining tables.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let wanted = text.trim().trim_matches(['(', ')', '[', ']']).trim().to_lowercase();
        Self::spelled(&wanted)
            .or_else(|| multiple(&wanted))
            .ok_or_else(|| UnitError::Unknown(text.trim().to_owned()))
    }

    /// The unit with this symbol or spelling, in small letters.
    fn spelled(wanted: &str) -> Option<Self> {
        let row =
            |row: &&Row| row.symbol.to_lowercase() == wanted || row.spellings.contains(&wanted);
        ROWS.iter().find(row).map(Self)
    }

    /// Reads a unit and checks what it measures. `%` may be a mass fraction or a bare ratio.
    pub fn parse_as(text: &str, needed: Dimension) -> Result<Self, UnitError> {
        let unit = Self::parse(text)?;
        if unit.dimension() == needed {
            return Ok(unit);
        }
        let as_ratio = match unit.symbol() {
            "%" => "per cent",
            "kg/kg" => "1",
            _ => "",
        };
        if needed == D::Ratio && !as_ratio.is_empty() {
            return Self::parse(as_ratio);
        }
        Err(UnitError::Dimension { unit: unit.symbol(), found: unit.dimension(), needed })
    }

    /// All units that varp understands.
    pub fn all() -> impl Iterator<Item = Self> {
        ROWS.iter().map(Self)
    }

    /// The unit in which varp computes with this dimension.
    pub fn canonical(dimension: Dimension) -> Self {
        let row = ROWS.iter().find(|row| row.dimension == dimension && row.to_canonical == 1.0);
        Self(row.expect("each dimension has a row with factor 1"))
    }

    /// How varp writes the unit.
    pub fn symbol(self) -> &'static str {
        self.0.symbol
    }

    /// What it measures.
    pub fn dimension(self) -> Dimension {
        self.0.dimension
    }

    /// `value` of this unit in the canonical unit of its dimension.
    pub fn to_canonical(self, value: f64) -> f64 {
        value * self.0.to_canonical
    }

    /// `value` of the canonical unit in this unit.
    pub fn from_canonical(self, value: f64) -> f64 {
        value / self.0.to_canonical
    }
}

/// Words for a million and a thousand before a unit, in the languages of the Nordic countries.
const MILLION: &[&str] = &[
    "million",
    "millions",
    "miljoner",
    "miljon",
    "milj",
    "miljoonaa",
    "miljoona",
    "millioner",
    "mill",
    "mio",
    "mn",
    "milljónir",
    "milljón",
    "millj",
    "milljon",
];
const THOUSAND: &[&str] = &[
    "1000", "thousand", "tusen", "tus", "tuhatta", "tuhat", "tuh", "tusind", "tus", "þúsund",
    "þús", "thus",
];

/// How many a word for a number means that stands alone behind digits: `6,5 mill.`
pub fn multiplier(word: &str) -> Option<f64> {
    let word = word.trim().trim_end_matches('.').to_lowercase();
    match (MILLION.contains(&word.as_str()), THOUSAND.contains(&word.as_str())) {
        (true, _) => Some(1e6),
        (_, true) => Some(1e3),
        _ => None,
    }
}

/// `milj. ton`, `1 000 m3`, `þús. tonn`: a word for a number, then a unit that has such a multiple.
fn multiple(text: &str) -> Option<Unit> {
    let text = text.replace("1 000", "1000");
    let (word, rest) = text.split_once([' ', '.'])?;
    let base = Unit::spelled(rest.trim_start_matches(['.', ' ']))?;
    let symbol = match (MILLION.contains(&word), THOUSAND.contains(&word), base.symbol()) {
        (true, _, "t") => "Mt",
        (true, _, "m3") => "Mm3",
        (true, _, "EUR") => "MEUR",
        (_, true, "t") => "kt",
        (_, true, "m3") => "1000 m3",
        (_, true, "EUR") => "kEUR",
        _ => return None,
    };
    Unit::parse(symbol).ok()
}

impl fmt::Debug for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unit({})", self.symbol())
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.symbol())
    }
}

impl Serialize for Unit {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.symbol())
    }
}

impl<'de> Deserialize<'de> for Unit {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// Mass of analyte per mass of dry material, within 0..=1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct MassFraction(f64);

impl MassFraction {
    /// From kilograms per kilogram.
    pub fn from_ratio(kg_per_kg: f64) -> Option<Self> {
        (0.0..=1.0).contains(&kg_per_kg).then_some(Self(kg_per_kg)) // false for NaN
    }

    /// From parts per million by mass, the same as g/t.
    pub fn from_ppm(ppm: f64) -> Option<Self> {
        Self::from_ratio(ppm * 1e-6)
    }

    /// From per cent by mass.
    pub fn from_percent(percent: f64) -> Option<Self> {
        Self::from_ratio(percent * 1e-2)
    }

    /// In kilograms per kilogram.
    pub fn to_ratio(self) -> f64 {
        self.0
    }

    /// In parts per million by mass.
    pub fn to_ppm(self) -> f64 {
        self.0 * 1e6
    }

    /// In per cent by mass.
    pub fn to_percent(self) -> f64 {
        self.0 * 1e2
    }
}

macro_rules! positive_quantity {
    ($($(#[$doc:meta])* $name:ident $from:ident $to:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
        pub struct $name(f64);

        impl $name {
            /// From the unit in the name; `None` if negative, infinite or not a number.
            pub fn $from(value: f64) -> Option<Self> {
                (0.0..f64::INFINITY).contains(&value).then_some(Self(value))
            }

            /// In the unit in the name.
            pub fn $to(self) -> f64 {
                self.0
            }
        }
    )*};
}

positive_quantity! {
    /// Mass of material, not negative.
    Mass from_tonnes to_tonnes;
    /// Volume, not negative.
    Volume from_cubic_metres to_cubic_metres;
    /// Mass per volume, not negative.
    Density from_tonnes_per_cubic_metre to_tonnes_per_cubic_metre;
}

impl Volume {
    /// Mass of this volume at `density`.
    pub fn times(self, density: Density) -> Mass {
        Mass(self.0 * density.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_a_million_and_a_thousand_go_before_a_unit() {
        for (text, symbol) in [
            ("milj. ton", "Mt"),
            ("Milj ton", "Mt"),
            ("miljoonaa tonnia", "Mt"),
            ("mill. m3", "Mm3"),
            ("mio. m³", "Mm3"),
            ("millj. m3", "Mm3"),
            ("1 000 ton", "kt"),
            ("1000 tn", "kt"),
            ("þús. tonn", "kt"),
            ("tusen m3", "1000 m3"),
        ] {
            assert_eq!(Unit::parse(text).map(Unit::symbol), Ok(symbol), "{text}");
        }
        assert!(Unit::parse("milj. ppm").is_err() && Unit::parse("ton milj.").is_err());
        assert!(Unit::parse(&"milj. ".repeat(1 << 18)).is_err(), "words without end");
    }

    #[test]
    fn every_unit_survives_a_round_trip_and_its_own_spellings() {
        for row in ROWS {
            let unit = Unit::parse(row.symbol).unwrap();
            assert_eq!(unit.symbol(), row.symbol);
            assert!((unit.from_canonical(unit.to_canonical(12.5)) - 12.5).abs() < 1e-12);
            for spelling in row.spellings {
                assert_eq!(Unit::parse(spelling).unwrap().symbol(), row.symbol, "{spelling}");
            }
        }
    }

    #[test]
    fn each_spelling_means_one_unit() {
        let mut seen = std::collections::BTreeMap::new();
        for row in ROWS {
            for spelling in row.spellings {
                assert_eq!(seen.insert(*spelling, row.symbol), None, "{spelling} stands twice");
            }
        }
    }

    #[test]
    fn a_fraction_above_one_cannot_be_built() {
        assert_eq!(MassFraction::from_percent(100.1), None);
        assert_eq!(MassFraction::from_ppm(f64::NAN), None);
        assert_eq!(MassFraction::from_ppm(1e6).unwrap().to_percent(), 100.0);
    }

    #[test]
    fn per_cent_is_a_mass_fraction_unless_a_ratio_is_asked_for() {
        assert_eq!(Unit::parse("%").unwrap().dimension(), Dimension::MassFraction);
        assert_eq!(Unit::parse_as("%", Dimension::Ratio).unwrap().to_canonical(50.0), 0.5);
        assert!(Unit::parse_as("ha", Dimension::Volume).is_err());
    }
}
