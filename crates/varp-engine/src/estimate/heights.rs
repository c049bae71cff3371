//! What the numbers of a height model are: unit, scale and offset as its file states them, and how they become
//! metres above a datum.

use serde::Deserialize;
use varp_model::{FOOT_M, US_SURVEY_FOOT_M};

use super::priors::rows;

/// A unit of heights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeightUnit {
    /// The metre.
    Metre,
    /// The international foot.
    Foot,
    /// The foot of United States surveys.
    UsSurveyFoot,
}

impl HeightUnit {
    const ALL: [Self; 3] = [Self::Metre, Self::Foot, Self::UsSurveyFoot];

    /// EPSG code of the unit.
    pub const fn epsg(self) -> u16 {
        match self {
            Self::Metre => 9001,
            Self::Foot => 9002,
            Self::UsSurveyFoot => 9003,
        }
    }

    /// The unit with this EPSG code, if heights in it can be taken.
    pub fn from_epsg(code: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.epsg() == code)
    }

    /// The unit as GDAL and people write it.
    pub fn parse(text: &str) -> Option<Self> {
        let word: String =
            text.to_lowercase().chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        Some(match word.as_str() {
            "m" | "metre" | "metres" | "meter" | "meters" => Self::Metre,
            "ft" | "foot" | "feet" | "internationalfoot" | "internationalfeet" => Self::Foot,
            "ftus" | "usft" | "sft" | "sfoot" | "surveyfoot" | "ussurveyfoot" | "ussurveyfeet"
            | "footus" => Self::UsSurveyFoot,
            _ => return None,
        })
    }

    const fn metres(self) -> f64 {
        match self {
            Self::Metre => 1.0,
            Self::Foot => FOOT_M,
            Self::UsSurveyFoot => US_SURVEY_FOOT_M,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Metre => "heights in metres",
            Self::Foot => "heights in feet, times 0.3048",
            Self::UsSurveyFoot => "heights in US survey feet, times 1200/3937",
        }
    }
}

/// How the numbers of a file become metres: (number × scale + offset) in the unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heights {
    /// The unit that the file names; without one heights are taken as metres.
    pub unit: Option<HeightUnit>,
    /// Scale of the band.
    pub scale: f64,
    /// Offset of the band, in the unit.
    pub offset: f64,
}

impl Default for Heights {
    fn default() -> Self {
        Self { unit: None, scale: 1.0, offset: 0.0 }
    }
}

/// Lines of the header of an ASCII grid that tell what its heights were before they became metres.
const UNIT_WAS: &str = "unit_was";
const SCALE_WAS: &str = "scale_was";
const OFFSET_WAS: &str = "offset_was";

impl Heights {
    /// A number of the file in metres.
    pub fn metres(&self, number: f64) -> f64 {
        if !self.converted() {
            return number;
        }
        (number * self.scale + self.offset) * self.unit.map_or(1.0, HeightUnit::metres)
    }

    /// Whether metres are other numbers than those of the file.
    pub fn converted(&self) -> bool {
        !matches!(self.unit, None | Some(HeightUnit::Metre))
            || self.scale != 1.0
            || self.offset != 0.0
    }

    /// What was done with the numbers, in words.
    pub fn words(&self) -> String {
        let unit =
            self.unit.map_or("heights taken as metres (the file names no unit)", |u| u.words());
        match self.converted() && (self.scale, self.offset) != (1.0, 0.0) {
            true => format!("numbers times {} plus {}; {unit}", self.scale, self.offset),
            false => unit.to_owned(),
        }
    }

    /// Lines for the header of an ASCII grid in metres that tell what the numbers were; none where they
    /// are those of the file.
    pub fn header(&self) -> String {
        if !self.converted() {
            return String::new();
        }
        let unit = self.unit.map(|u| format!("{UNIT_WAS} {}\n", u.epsg())).unwrap_or_default();
        format!("{unit}{SCALE_WAS} {}\n{OFFSET_WAS} {}\n", self.scale, self.offset)
    }

    /// What [`Self::header`] wrote at the top of an ASCII grid.
    pub fn of_header(text: &str) -> Self {
        let mut heights = Self::default();
        let letter = |line: &&str| line.trim_start().starts_with(|c: char| c.is_ascii_alphabetic());
        for line in text.lines().take_while(letter) {
            let mut words = line.split_whitespace();
            let (Some(name), Some(Ok(value))) = (words.next(), words.next().map(str::parse::<f64>))
            else {
                continue;
            };
            match name {
                UNIT_WAS => heights.unit = HeightUnit::from_epsg(value as u16),
                SCALE_WAS => heights.scale = value,
                OFFSET_WAS => heights.offset = value,
                _ => {}
            }
        }
        heights
    }
}

/// What a GeoTIFF says of its heights, as it stands there.
#[derive(Clone, Debug, Default)]
pub(super) struct HeightStatements<'a> {
    /// GeoKey 4099 `VerticalUnits`: EPSG code of a unit.
    pub unit: Option<u16>,
    /// GeoKey 4096 `Vertical`: EPSG code of a vertical system.
    pub system: Option<u16>,
    /// GDAL's metadata (TIFF tag 42112), XML.
    pub metadata: &'a str,
}

/// Own definition, in GeoKeys.
const OWN: u16 = 32_767;

impl HeightStatements<'_> {
    /// How the numbers become metres.
    ///
    /// # Errors
    /// In words: a unit that is not known, depths, statements that contradict each other.
    pub fn heights(&self) -> Result<Heights, String> {
        let stated = self.units()?;
        let unit = stated.first().map(|(_, unit)| *unit);
        if let Some((other, theirs)) = stated.iter().find(|(_, other)| Some(*other) != unit) {
            let (one, ours) = &stated[0];
            return Err(format!(
                "it says two units of its heights: {one} ({}) and {other} ({}); put right what is wrong \
                 (gdal_edit.py -units …, gdal_edit.py -a_srs …)",
                ours.words(),
                theirs.words()
            ));
        }
        Ok(Heights { unit, scale: self.number("scale", 1.0)?, offset: self.number("offset", 0.0)? })
    }

    /// A number of the band; `unstated` where there is none.
    fn number(&self, role: &str, unstated: f64) -> Result<f64, String> {
        let Some(text) = item(self.metadata, role) else { return Ok(unstated) };
        let number = text.parse::<f64>().ok();
        let fits = |v: &f64| v.is_finite() && (role != "scale" || *v != 0.0);
        number
            .filter(fits)
            .ok_or_else(|| format!("the {role} of its heights is \"{text}\", which is no {role}"))
    }

    /// Each unit that the file states, with where.
    fn units(&self) -> Result<Vec<(String, HeightUnit)>, String> {
        let mut stated: Vec<(String, HeightUnit)> = Vec::new();
        if let Some(code) = self.unit.filter(|c| *c != 0) {
            let unit = HeightUnit::from_epsg(code).ok_or_else(|| unknown(&unit_named(code)))?;
            stated.push((format!("VerticalUnits EPSG:{code}"), unit));
        }
        if let Some(text) = item(self.metadata, "unittype").filter(|t| !t.is_empty()) {
            let unit = HeightUnit::parse(text).ok_or_else(|| unknown(&format!("\"{text}\"")))?;
            stated.push((format!("the unit \"{text}\" of the band"), unit));
        }
        let Some(code) = self.system.filter(|c| ![0, OWN].contains(c)) else { return Ok(stated) };
        match system(code) {
            Some(row) if row.axis == Axis::Down => Err(format!(
                "its vertical system EPSG:{code} ({}) counts depths, not heights; turn them into heights first",
                row.name
            )),
            Some(row) => {
                let unit = HeightUnit::from_epsg(row.unit)
                    .ok_or_else(|| unknown(&unit_named(row.unit)))?;
                stated.push((format!("EPSG:{code} ({})", row.name), unit));
                Ok(stated)
            }
            None if stated.is_empty() => Err(format!(
                "its vertical system EPSG:{code} is not known, so the unit of its heights is not; leave the \
                 system out and say the unit: gdal_edit.py -a_srs EPSG:… -units m FILE (or ft, or \"US survey \
                 foot\")"
            )),
            None => Ok(stated),
        }
    }
}

fn unit_named(code: u16) -> String {
    match code {
        OWN => "one of its own (VerticalUnits 32767)".into(),
        code => format!("EPSG:{code}"),
    }
}

fn unknown(unit: &str) -> String {
    format!(
        "the unit of its heights is {unit}; metre, foot and US survey foot are taken. Bring it into metres \
         first: gdal_calc.py -A FILE --calc=\"A*FACTOR\" --outfile=NEW, then gdal_edit.py -units m -a_srs EPSG:… NEW"
    )
}

/// Text of the item of the first band that has this role in GDAL's metadata.
fn item<'a>(metadata: &'a str, role: &str) -> Option<&'a str> {
    metadata.split("<Item").skip(1).find_map(|part| {
        let (head, rest) = part.split_once('>')?;
        let attribute = |name: &str| {
            let (_, value) = head.split_once(&format!(" {name}=\""))?;
            value.split('"').next()
        };
        let ours = attribute("role") == Some(role) && attribute("sample").is_none_or(|s| s == "0");
        ours.then(|| rest.split("</Item").next().unwrap_or_default().trim())
    })
}

/// A vertical system.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct VerticalSystem {
    epsg: u16,
    /// EPSG code of its unit.
    unit: u16,
    axis: Axis,
    name: String,
}

/// Where the numbers of a vertical system grow.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Axis {
    Up,
    Down,
}

const SYSTEMS: &str = include_str!("../../reference/vertical_systems.csv");

fn system(code: u16) -> Option<VerticalSystem> {
    let all: Vec<VerticalSystem> =
        rows("vertical_systems.csv", SYSTEMS).expect("the shipped table is tested");
    all.into_iter().find(|row| row.epsg == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(unit: Option<u16>, system: Option<u16>, metadata: &str) -> Result<Heights, String> {
        HeightStatements { unit, system, metadata }.heights()
    }

    fn metadata(role: &str, text: &str) -> String {
        format!(
            "<GDALMetadata>\n  <Item name=\"UNITTYPE\" sample=\"1\" role=\"unittype\">furlong</Item>\n  \
             <Item name=\"X\" sample=\"0\" role=\"{role}\">{text}</Item>\n</GDALMetadata>"
        )
    }

    #[test]
    fn each_way_to_name_a_unit_is_read() {
        let unit = |found: Result<Heights, String>| found.unwrap().unit;
        for (code, wanted) in
            [(9001, HeightUnit::Metre), (9002, HeightUnit::Foot), (9003, HeightUnit::UsSurveyFoot)]
        {
            assert_eq!(unit(of(Some(code), None, "")), Some(wanted));
        }
        for (code, wanted) in
            [(5613, HeightUnit::Metre), (8228, HeightUnit::Foot), (6360, HeightUnit::UsSurveyFoot)]
        {
            assert_eq!(unit(of(None, Some(code), "")), Some(wanted));
        }
        for (text, wanted) in [
            ("m", HeightUnit::Metre),
            ("ft", HeightUnit::Foot),
            ("US survey foot", HeightUnit::UsSurveyFoot),
        ] {
            assert_eq!(unit(of(None, None, &metadata("unittype", text))), Some(wanted));
        }
        assert_eq!(unit(of(None, None, "")), None);
        assert_eq!(unit(of(None, Some(OWN), "")), None);
    }

    #[test]
    fn what_cannot_be_taken_is_refused_by_name() {
        let refused = |found: Result<Heights, String>| found.unwrap_err();
        assert!(refused(of(Some(9095), None, "")).contains("EPSG:9095"));
        assert!(refused(of(None, Some(5754), "")).contains("EPSG:9095"));
        assert!(refused(of(None, None, &metadata("unittype", "fathom"))).contains("\"fathom\""));
        assert!(refused(of(None, Some(5831), "")).contains("depths"));
        assert!(refused(of(None, Some(5103), "")).contains("EPSG:5103"));
        assert!(refused(of(Some(9001), Some(6360), "")).contains("two units"));
        assert!(refused(of(Some(9001), None, &metadata("unittype", "ft"))).contains("two units"));
        assert!(refused(of(None, None, &metadata("scale", "0"))).contains("scale"));
        assert!(refused(of(None, None, &metadata("offset", "x"))).contains("offset"));
    }

    #[test]
    fn numbers_become_metres_and_what_they_were_is_kept() {
        let feet = of(Some(9002), None, &metadata("scale", "0.1")).unwrap();
        assert!((feet.metres(1000.0) - 30.48).abs() < 1e-12);
        assert_eq!(Heights::of_header(&feet.header()), feet);
        assert!(feet.words().contains("times 0.1") && feet.words().contains("times 0.3048"));
        let survey = of(None, Some(6360), "").unwrap();
        assert!((survey.metres(3937.0) - 1200.0).abs() < 1e-9);
        let none = Heights::default();
        assert_eq!((none.header(), none.metres(0.1)), (String::new(), 0.1));
        assert_eq!(Heights::of_header("ncols 2\n1 2\n"), none);
    }
}
