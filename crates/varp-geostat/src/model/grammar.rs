//! The text of a model, read and written.

use super::{Ellipsoid, Model, Rotation, Shape, Structure};
use crate::error::ModelError;
use std::fmt;
use std::str::FromStr;

impl FromStr for Model {
    type Err = ModelError;

    /// Reads terms joined by `+`, each `SILL name(…)`:
    ///
    /// | term | meaning |
    /// |---|---|
    /// | `S nug` | nugget |
    /// | `S sph(R)`, `S cub(R)`, `S pen(R)` | spherical, cubic, pentaspherical of range R |
    /// | `S exp(a=A)` or `S exp(practical=R)` | exponential `exp(−h/A)`, or with R = 3A |
    /// | `S gau(a=A)` or `S gau(practical=R)` | Gaussian `exp(−(h/A)²)`, or with R = √3·A |
    /// | `S mat(nu, a=A)` or `S mat(nu, practical=R)` | Matérn of smoothness nu |
    /// | `S hol(a=A)` or `S hol(wavelength=W)` | hole effect `sin(h/A)/(h/A)`, W = 2πA |
    /// | `S pow(e)` | semivariance `S·h^e`, 0 < e < 2 |
    ///
    /// Two or three ranges (major, semi-major, minor; with two the minor equals the semi-major)
    /// and angles in degrees after a semicolon make an ellipsoid:
    /// `0.6 sph(120, 72, 30; azimuth=40, dip=-20, plunge=0)`, see [`Rotation`].
    fn from_str(text: &str) -> Result<Self, ModelError> {
        Reader::new(text).model()
    }
}

impl fmt::Display for Model {
    /// Writes what `from_str` reads back to an equal model; ranges are always `a`, never practical.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        if self.nugget > 0.0 || self.structures.is_empty() {
            write!(f, "{} nug", self.nugget)?;
            separator = " + ";
        }
        for structure in &self.structures {
            write!(f, "{separator}{structure}")?;
            separator = " + ";
        }
        Ok(())
    }
}

impl fmt::Display for Structure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.sill, Named(self.shape, self.ellipsoid))
    }
}

/// A structure's name with its ranges and angles, without a sill.
pub(super) struct Named(pub Shape, pub Ellipsoid);

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ellipsoid { radii: [major, semi, minor], rotation } = self.1;
        let ball = major == semi && semi == minor;
        let turned = !(ball || rotation.is_none());
        let ranges = match (major == semi, semi == minor) {
            (true, true) => format!("{major}"),
            (false, true) => format!("{major}, {semi}"),
            _ => format!("{major}, {semi}, {minor}"),
        };
        match self.0 {
            Shape::Spherical => write!(f, "sph({ranges}")?,
            Shape::Cubic => write!(f, "cub({ranges}")?,
            Shape::Pentaspherical => write!(f, "pen({ranges}")?,
            Shape::Exponential => write!(f, "exp(a={ranges}")?,
            Shape::Gaussian => write!(f, "gau(a={ranges}")?,
            Shape::Matern { nu } => write!(f, "mat({nu}, a={ranges}")?,
            Shape::HoleEffect => write!(f, "hol(a={ranges}")?,
            Shape::Power { exponent } if ranges == "1" => write!(f, "pow({exponent}")?,
            Shape::Power { exponent } => write!(f, "pow({exponent}, {ranges}")?,
        }
        if turned {
            write!(f, "; azimuth={}", rotation.azimuth)?;
            if rotation.dip != 0.0 || rotation.plunge != 0.0 {
                write!(f, ", dip={}, plunge={}", rotation.dip, rotation.plunge)?;
            }
        }
        f.write_str(")")
    }
}

pub(super) struct Reader<'a> {
    pub text: &'a str,
    pub at: usize,
}

/// What stands before a range list: nothing, or the name of the reading.
#[derive(Clone, Copy, PartialEq)]
enum Reading {
    Bare,
    Effective,
    Practical,
    Wavelength,
}

const NAMES: &str = "nug, sph, exp, gau, mat, cub, pen, hol or pow";

impl<'a> Reader<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn model(mut self) -> Result<Model, ModelError> {
        let mut nugget = 0.0;
        let mut structures = Vec::new();
        loop {
            let sill = self.number("is no sill", "a term is a sill and a name: 0.59 sph(897)")?;
            let start = self.skip();
            let name = self.word().to_ascii_lowercase();
            if name == "nug" {
                if sill < 0.0 {
                    return Err(ModelError::Sill { term: 0, sill });
                }
                nugget += sill;
            } else {
                structures.push(self.structure(sill, &name, start)?);
            }
            if self.skip() == self.text.len() {
                return Model::new(nugget, structures);
            }
            self.expect('+', "is not expected here", "terms are joined by +")?;
        }
    }

    pub fn structure(
        &mut self,
        sill: f64,
        name: &str,
        start: usize,
    ) -> Result<Structure, ModelError> {
        let known = ["sph", "exp", "gau", "mat", "cub", "pen", "hol", "pow"];
        if !known.contains(&name) {
            return Err(self.error(start, "is no known structure", format!("write {NAMES}")));
        }
        self.expect('(', "has no brackets", &format!("write {name}(…) with its range"))?;
        let mut shape = match name {
            "sph" => Shape::Spherical,
            "cub" => Shape::Cubic,
            "pen" => Shape::Pentaspherical,
            "exp" => Shape::Exponential,
            "gau" => Shape::Gaussian,
            "hol" => Shape::HoleEffect,
            "mat" => Shape::Matern { nu: 0.5 },
            _ => Shape::Power { exponent: 1.0 },
        };
        match &mut shape {
            Shape::Matern { nu } => {
                *nu = self.number("is no smoothness", "write mat(1.5, a=120)")?;
                self.expect(
                    ',',
                    "is not a comma",
                    "after the smoothness comes a=… or practical=…",
                )?;
            }
            Shape::Power { exponent } => {
                *exponent = self.number("is no exponent", "write pow(1.2)")?;
            }
            _ => {}
        }
        shape.check()?;
        let is_power = !shape.is_stationary();
        if is_power && !self.take(',') {
            self.expect(')', "is not a closing bracket", "write pow(1.2)")?;
            return Ok(Structure::isotropic(sill, shape, 1.0));
        }
        let (radii, count) = self.ranges(name, shape)?;
        let rotation = if self.take(';') { self.rotation(count)? } else { Rotation::default() };
        self.expect(')', "is not a closing bracket", "close the term with )")?;
        Ok(Structure { sill, shape, ellipsoid: Ellipsoid { radii, rotation } })
    }

    fn ranges(&mut self, name: &str, shape: Shape) -> Result<([f64; 3], usize), ModelError> {
        let start = self.skip();
        let reading = self.reading()?;
        let first =
            self.number("is no range", "ranges are numbers in the unit of the coordinates")?;
        let factor = self.range_factor(name, shape, reading, start, first)?;
        let mut radii = [first * factor; 3];
        let mut count = 1;
        while self.take(',') {
            let start = self.skip();
            if count == 3 {
                return Err(self.error(
                    start,
                    "is a fourth range",
                    "angles follow a semicolon".into(),
                ));
            }
            let hint = "ranges are numbers; angles follow a semicolon: (120, 72; azimuth=40)";
            let range = self.number("is no range", hint)? * factor;
            radii[count..].fill(range);
            count += 1;
        }
        Ok((radii, count))
    }

    fn reading(&mut self) -> Result<Reading, ModelError> {
        let start = self.skip();
        let word = self.word();
        let reading = match word {
            "" => return Ok(Reading::Bare),
            "a" => Reading::Effective,
            "practical" => Reading::Practical,
            "wavelength" => Reading::Wavelength,
            _ => {
                let hint = "write a=…, practical=… or, for hol, wavelength=…".into();
                return Err(self.error(start, "is no kind of range", hint));
            }
        };
        self.expect('=', "is not =", "write a=120")?;
        Ok(reading)
    }

    /// What the written number must be multiplied by to give the range of the formula.
    fn range_factor(
        &self,
        name: &str,
        shape: Shape,
        reading: Reading,
        start: usize,
        number: f64,
    ) -> Result<f64, ModelError> {
        let factor = shape.practical_factor();
        let plain = factor == Some(1.0) || !shape.is_stationary();
        match (reading, factor) {
            (Reading::Effective, _) => Ok(1.0),
            (Reading::Bare, _) if plain => Ok(1.0),
            (Reading::Practical, Some(factor)) => Ok(1.0 / factor),
            (Reading::Wavelength, _) if shape == Shape::HoleEffect => {
                Ok(1.0 / std::f64::consts::TAU)
            }
            (Reading::Bare, Some(factor)) => Err(self.error(
                start,
                "does not say which range it is",
                format!(
                    "write {name}(a={number}) for the range of the formula, or \
                     {name}(practical={number}) for the distance of 95 % of the sill, \
                     which is {name}(a={})",
                    number / factor
                ),
            )),
            (Reading::Bare, None) => Err(self.error(
                start,
                "does not say which range it is",
                format!(
                    "write {name}(a={number}), or {name}(wavelength={number}), which is {name}(a={})",
                    number / std::f64::consts::TAU
                ),
            )),
            _ => Err(self.error(start, "is no kind of range of this structure", format!("write {name}(a=…)"))),
        }
    }

    fn rotation(&mut self, count: usize) -> Result<Rotation, ModelError> {
        let start = self.skip();
        if count == 1 {
            let hint = "give two or three ranges, or leave the angles out".into();
            return Err(self.error(start, "turns a structure with one range", hint));
        }
        let mut rotation = Rotation::default();
        loop {
            let start = self.skip();
            let hint = "angles are azimuth, dip and plunge, in degrees";
            let angle = match self.word() {
                "azimuth" => &mut rotation.azimuth,
                "dip" => &mut rotation.dip,
                "plunge" => &mut rotation.plunge,
                _ => return Err(self.error(start, "is no angle", hint.into())),
            };
            self.expect('=', "is not =", "write azimuth=40")?;
            *angle = self.number("is no number of degrees", hint)?;
            if !self.take(',') {
                return Ok(rotation);
            }
        }
    }

    /// Skips blanks and returns the position.
    pub fn skip(&mut self) -> usize {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.at
    }

    pub fn take(&mut self, wanted: char) -> bool {
        let at = self.skip();
        let found = self.text[at..].starts_with(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    pub fn expect(
        &mut self,
        wanted: char,
        problem: &'static str,
        hint: &str,
    ) -> Result<(), ModelError> {
        if self.take(wanted) { Ok(()) } else { Err(self.error(self.at, problem, hint.to_string())) }
    }

    /// Letters from here on; may be empty.
    pub fn word(&mut self) -> &'a str {
        let at = self.skip();
        let rest = &self.text[at..];
        let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    pub fn number(&mut self, problem: &'static str, hint: &str) -> Result<f64, ModelError> {
        let at = self.skip();
        let bytes = self.text.as_bytes();
        let mut end = at;
        while let Some(&b) = bytes.get(end) {
            let after_exponent = end > at && matches!(bytes[end - 1], b'e' | b'E');
            let sign = matches!(b, b'+' | b'-') && (end == at || after_exponent);
            // An e belongs to the number only before digits: "1 exp(…)" keeps its name.
            let exponent = matches!(b, b'e' | b'E')
                && bytes.get(end + 1).is_some_and(|c| matches!(c, b'0'..=b'9' | b'+' | b'-'));
            if !(b.is_ascii_digit() || b == b'.' || sign || exponent) {
                break;
            }
            end += 1;
        }
        match self.text[at..end].parse::<f64>() {
            Ok(value) if value.is_finite() => {
                self.at = end;
                Ok(value)
            }
            _ => Err(self.error(at, problem, hint.to_string())),
        }
    }

    pub fn error(&self, at: usize, problem: &'static str, hint: String) -> ModelError {
        let found = self.text[at..].chars().take(24).collect::<String>();
        let found = if found.is_empty() { "end of text".into() } else { found };
        ModelError::Grammar { at: self.text[..at].chars().count() + 1, found, problem, hint }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Model, ModelError> {
        text.parse()
    }

    #[test]
    fn every_term_comes_back_from_its_own_text() {
        let texts = [
            "0.05 nug + 0.59 sph(897)",
            "1 exp(a=40)",
            "1 gau(a=40, 20; azimuth=30)",
            "0.3 mat(1.5, a=120, 72, 30; azimuth=40, dip=-20, plunge=10)",
            "2 cub(10) + 1 pen(20, 20, 5)",
            "0.5 hol(a=3.5)",
            "0.01 nug + 0.2 pow(1.25)",
            "0.2 pow(0.5, 2, 1; azimuth=45)",
            "3 nug",
        ];
        for text in texts {
            let model = parse(text).unwrap();
            assert_eq!(model.to_string(), text);
            assert_eq!(parse(&model.to_string()).unwrap(), model);
        }
    }

    #[test]
    fn practical_ranges_are_turned_into_the_range_of_the_formula() {
        assert_eq!(parse("1 exp(practical=120)").unwrap().to_string(), "1 exp(a=40)");
        let gaussian = parse("1 gau(practical=10)").unwrap();
        let c = gaussian.covariance([10.0, 0.0, 0.0]);
        assert!((c - libm::exp(-3.0)).abs() < 1e-15);
        let hole = parse("1 hol(wavelength=10)").unwrap();
        assert!(hole.covariance([10.0, 0.0, 0.0]).abs() < 1e-15);
    }

    #[test]
    fn a_bare_range_with_two_readings_is_refused_with_both() {
        let message = parse("0.1 nug + 1 exp(120)").unwrap_err().to_string();
        assert!(
            message.contains("exp(a=120)") && message.contains("exp(practical=120)"),
            "{message}"
        );
        assert!(message.contains("exp(a=40)"), "{message}");
        assert!(parse("1 mat(1.5, 30)").is_err());
        assert!(parse("1 hol(30)").unwrap_err().to_string().contains("wavelength=30"));
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        for (text, word) in [
            ("", "sill"),
            ("1 sph", "brackets"),
            ("1 sph(10", "closing"),
            ("1 foo(10)", "known"),
            ("1 sph(10) 2 sph(3)", "joined"),
            ("1 sph(10; azimuth=3)", "one range"),
            ("1 sph(10, 5; tilt=3)", "no angle"),
            ("1 sph(1,2,3,4)", "fourth"),
            ("1 sph(0)", "range 0"),
            ("-1 sph(10)", "sill -1"),
            ("-1 nug + 2 sph(1)", "sill -1"),
            ("1 pow(2)", "exponent"),
            ("1 sph(nan)", "kind of range"),
            ("1e400 sph(1)", "sill"),
            ("1 sph(10)é", "joined"),
        ] {
            let message = parse(text).unwrap_err().to_string();
            assert!(message.contains(word), "{text}: {message}");
        }
    }

    #[test]
    fn exponents_and_names_beginning_with_e_do_not_collide() {
        let model = parse("1e-1 nug+2e+1sph(1e3)+1exp(a=2)").unwrap();
        assert_eq!(model.nugget(), 0.1);
        assert_eq!(model.structures()[0].sill, 20.0);
        assert_eq!(model.structures()[1].shape, Shape::Exponential);
    }
}
