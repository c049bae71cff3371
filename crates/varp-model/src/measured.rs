//! What an instrument or a laboratory reported, censoring kept.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a laboratory reported for one analyte: a value, or only a bound of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Measured<T> {
    /// The value itself.
    Exact(T),
    /// Below the detection or reporting limit given.
    Below(T),
    /// Above the upper limit of the method.
    Above(T),
}

impl<T> Measured<T> {
    /// The number that was printed, whatever it means.
    pub fn number(self) -> T {
        match self {
            Self::Exact(v) | Self::Below(v) | Self::Above(v) => v,
        }
    }

    /// The same statement about another expression of the number.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Measured<U> {
        match self {
            Self::Exact(v) => Measured::Exact(f(v)),
            Self::Below(v) => Measured::Below(f(v)),
            Self::Above(v) => Measured::Above(f(v)),
        }
    }

    /// The sign that stands before the number: nothing, `<` or `>`.
    pub const fn sign(&self) -> &'static str {
        match self {
            Self::Exact(_) => "",
            Self::Below(_) => "<",
            Self::Above(_) => ">",
        }
    }
}

/// A decimal number exactly as it was printed: `12.30` is mantissa 1230 with 2 decimals.
///
/// The number of decimals is what the laboratory vouches for; a binary fraction would lose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reported {
    mantissa: i64,
    decimals: u8,
}

impl Reported {
    /// Most decimals that are kept; a number with more is not representable.
    pub const MAX_DECIMALS: u8 = 18;

    /// A number of `mantissa` units in the last of `decimals` places.
    pub const fn new(mantissa: i64, decimals: u8) -> Option<Self> {
        if decimals <= Self::MAX_DECIMALS { Some(Self { mantissa, decimals }) } else { None }
    }

    /// Reads plain decimal notation with a point: `-0.030`, `12`, `.5`, `1e-3`, `2.5E6`.
    pub fn parse(text: &str) -> Option<Self> {
        let (digits, exponent) = match text.find(['e', 'E']) {
            Some(at) => (&text[..at], text[at + 1..].parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, digits) = match digits.as_bytes().first()? {
            b'-' => (true, &digits[1..]),
            b'+' => (false, &digits[1..]),
            _ => (false, digits),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let mut mantissa: i64 = 0;
        for byte in whole.bytes().chain(fraction.bytes()) {
            let digit = i64::from((byte as char).to_digit(10)?);
            mantissa = mantissa.checked_mul(10)?.checked_add(digit)?;
        }
        let mut decimals = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        while decimals < 0 {
            mantissa = mantissa.checked_mul(10)?;
            decimals += 1;
        }
        Self::new(if negative { -mantissa } else { mantissa }, u8::try_from(decimals).ok()?)
    }

    /// Units in the last place.
    pub const fn mantissa(self) -> i64 {
        self.mantissa
    }

    /// Places after the point.
    pub const fn decimals(self) -> u8 {
        self.decimals
    }

    /// The nearest binary number.
    #[expect(clippy::cast_precision_loss, reason = "a mantissa over 2^53 is rounded once, here")]
    pub fn value(self) -> f64 {
        self.mantissa as f64 / 10f64.powi(i32::from(self.decimals))
    }
}

impl fmt::Display for Reported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = usize::from(self.decimals);
        let digits = format!("{:0width$}", self.mantissa.unsigned_abs(), width = decimals + 1);
        let (whole, fraction) = digits.split_at(digits.len() - decimals);
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let point = if decimals > 0 { "." } else { "" };
        write!(f, "{sign}{whole}{point}{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reported_number_keeps_its_trailing_zeros() {
        assert_eq!(Reported::parse("12.30").unwrap().to_string(), "12.30");
        assert_eq!(Reported::parse("-.05").unwrap().to_string(), "-0.05");
        assert_eq!(Reported::parse("1e-3").unwrap().to_string(), "0.001");
        assert_eq!(Reported::parse("2.5E6").unwrap().to_string(), "2500000");
    }

    #[test]
    fn a_reported_number_equals_the_standard_reading() {
        for text in ["0.1", "12.3", "99.999", "0.0000001", "123456789.125", "7"] {
            assert_eq!(Reported::parse(text).unwrap().value(), text.parse::<f64>().unwrap());
        }
    }

    #[test]
    fn what_is_not_a_decimal_number_is_refused() {
        for text in
            ["", "-", ".", "1.2.3", "1,2", "NaN", "inf", "0x10", "1e", "99999999999999999999"]
        {
            assert_eq!(Reported::parse(text), None, "{text}");
        }
    }
}
