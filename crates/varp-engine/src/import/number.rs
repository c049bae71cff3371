//! Numbers as people and laboratories write them.

use varp_model::Reported;

/// How a table writes numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberFormat {
    /// The decimal sign: a point or a comma.
    pub decimal: char,
    /// The sign between thousands besides spaces and apostrophes, if the table uses one.
    pub thousands: Option<char>,
}

impl Default for NumberFormat {
    fn default() -> Self {
        Self { decimal: '.', thousands: None }
    }
}

/// Why a text is not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberFault {
    /// It is none.
    NotANumber,
    /// It holds a sign that may be decimal or between thousands.
    Ambiguous(char),
}

/// Reads a number as printed.
///
/// # Errors
/// What is wrong with it; the caller knows where it stands.
pub fn parse_number(text: &str, format: NumberFormat) -> Result<Reported, NumberFault> {
    match plain(text.as_bytes(), format.decimal as u8) {
        Some(reported) => Ok(reported),
        None => slow(text, format),
    }
}

/// Digits with at most one decimal sign and at most 17 digits; `None` sends to the slow way.
fn plain(bytes: &[u8], decimal: u8) -> Option<Reported> {
    let (negative, digits) = match bytes.first()? {
        b'-' => (true, &bytes[1..]),
        _ => (false, bytes),
    };
    if digits.is_empty() || digits.len() > 17 {
        return None;
    }
    let mut mantissa: i64 = 0;
    let mut point = None;
    for (at, &byte) in digits.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            mantissa = mantissa * 10 + i64::from(digit);
        } else if byte == decimal && point.is_none() && digits.len() > 1 {
            point = Some(at);
        } else {
            return None;
        }
    }
    let decimals = point.map_or(0, |at| digits.len() - 1 - at);
    Reported::new(if negative { -mantissa } else { mantissa }, u8::try_from(decimals).ok()?)
}

/// Everything else: signs between thousands, exponents, typographic minus.
fn slow(text: &str, format: NumberFormat) -> Result<Reported, NumberFault> {
    let text = super::cell::trim(text);
    if text.len() > 64 {
        return Err(NumberFault::NotANumber);
    }
    let mut plain = String::with_capacity(text.len());
    let mut groups = Groups::default();
    for c in text.chars() {
        match c {
            '\u{2212}' | '\u{2013}' if plain.is_empty() => plain.push('-'),
            c if c == format.decimal => {
                groups.end();
                plain.push('.');
            }
            c if c.is_ascii_digit() => {
                groups.digit();
                plain.push(c);
            }
            '-' | '+' | 'e' | 'E' => plain.push(c),
            ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\'' | '\u{2019}' => groups.sign(),
            c if Some(c) == format.thousands => groups.sign(),
            '.' | ',' => return Err(NumberFault::Ambiguous(c)),
            _ => return Err(NumberFault::NotANumber),
        }
    }
    groups.end();
    if !groups.regular {
        return Err(NumberFault::NotANumber);
    }
    Reported::parse(&plain).ok_or(NumberFault::NotANumber)
}

/// Groups of thousands: one to three digits, then three each.
struct Groups {
    digits: usize,
    signs: usize,
    ended: bool,
    regular: bool,
}

impl Default for Groups {
    fn default() -> Self {
        Self { digits: 0, signs: 0, ended: false, regular: true }
    }
}

impl Groups {
    fn digit(&mut self) {
        self.digits += 1;
    }

    fn sign(&mut self) {
        let whole = if self.signs == 0 { (1..=3).contains(&self.digits) } else { self.digits == 3 };
        self.regular &= whole && !self.ended;
        self.signs += 1;
        self.digits = 0;
    }

    fn end(&mut self) {
        if !self.ended {
            self.regular &= self.signs == 0 || self.digits == 3;
            self.ended = true;
        }
    }
}

/// A spreadsheet's number as the digits that its user sees.
pub(crate) fn reported_from_f64(number: f64) -> Option<Reported> {
    if !number.is_finite() {
        return None;
    }
    if number.fract() == 0.0 && number.abs() < 1e15 {
        #[expect(clippy::cast_possible_truncation, reason = "a whole number below 10^15")]
        return Reported::new(number as i64, 0);
    }
    let text = super::cell::number_text(number);
    Reported::parse(&text).or_else(|| {
        // Very small numbers have more decimals than can be kept: keep 18.
        Reported::parse(format!("{number:.18}").trim_end_matches('0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINT: NumberFormat = NumberFormat { decimal: '.', thousands: None };
    const COMMA: NumberFormat = NumberFormat { decimal: ',', thousands: None };

    fn read(text: &str, format: NumberFormat) -> Result<String, NumberFault> {
        parse_number(text, format).map(|n| n.to_string())
    }

    #[test]
    fn a_number_keeps_its_digits_with_point_and_with_comma() {
        assert_eq!(read("12.30", POINT).unwrap(), "12.30");
        assert_eq!(read("12,30", COMMA).unwrap(), "12.30");
        assert_eq!(read("-0.005", POINT).unwrap(), "-0.005");
        assert_eq!(read("\u{2212}3", POINT).unwrap(), "-3");
        assert_eq!(read("1,5E-3", COMMA).unwrap(), "0.0015");
        assert_eq!(read(".5", POINT).unwrap(), "0.5");
        assert_eq!(read("+7", POINT).unwrap(), "7");
    }

    #[test]
    fn spaces_and_apostrophes_stand_between_thousands() {
        assert_eq!(read("1 407 000", POINT).unwrap(), "1407000");
        assert_eq!(read("80\u{a0}000\u{a0}000", POINT).unwrap(), "80000000");
        assert_eq!(read("1'234.5", POINT).unwrap(), "1234.5");
        assert_eq!(read("12 34", POINT), Err(NumberFault::NotANumber));
        assert_eq!(read("1234 567", POINT), Err(NumberFault::NotANumber));
    }

    #[test]
    fn a_comma_is_never_guessed() {
        assert_eq!(read("1,407", POINT), Err(NumberFault::Ambiguous(',')));
        assert_eq!(read("1.407", COMMA), Err(NumberFault::Ambiguous('.')));
        let stated = NumberFormat { decimal: '.', thousands: Some(',') };
        assert_eq!(read("1,407", stated).unwrap(), "1407");
        assert_eq!(read("1,40", stated), Err(NumberFault::NotANumber));
    }

    #[test]
    fn words_and_fragments_are_no_numbers() {
        for text in ["", "-", ".", "1.2 x", "1.2.3", "--1", "1e", "e5", "0x1f", "١٢", "inf", "NaN"]
        {
            assert!(parse_number(text, POINT).is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_of_spreadsheets_become_digits() {
        assert_eq!(reported_from_f64(0.1 + 0.2).unwrap().to_string(), "0.3");
        assert_eq!(reported_from_f64(2.5e-20).unwrap().value(), 0.0);
        assert_eq!(reported_from_f64(f64::NAN), None);
        assert_eq!(reported_from_f64(1e300), None);
    }
}
