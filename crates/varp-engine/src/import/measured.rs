//! Cells of assays: a value, a bound, a mark of the laboratory, or nothing.

use varp_model::{Dimension, Measured, Reported, Unit};

use super::cell::CellRef;
use super::number::{NumberFault, NumberFormat, parse_number, reported_from_f64};

/// What a cell of an assay column says.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// Nothing was analysed or reported.
    Nothing,
    /// A value or bound, in the unit of the column or in the one that stands in the cell.
    Value(Measured<Reported>, Option<Unit>),
    /// Below a limit that the cell does not print.
    BelowLimit,
    /// Above a limit that the cell does not print.
    AboveLimit,
}

/// Why a cell of an assay column cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadingFault {
    /// It is not a number.
    NotANumber,
    /// It holds a sign that may be decimal or between thousands.
    Ambiguous(char),
    /// It is a mark that laboratories use, whose meaning is not stated.
    UnknownMark,
    /// A number stands there with a unit of another kind.
    WrongUnit,
    /// The spreadsheet could not compute it.
    FormulaError,
    /// It is a date: the spreadsheet took the number for one.
    IsADate,
}

/// Marks and their meaning, as the mapping states them; in lower case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks {
    /// Below the detection limit.
    pub below: Vec<String>,
    /// Above the upper limit.
    pub above: Vec<String>,
    /// Not analysed, or lost.
    pub missing: Vec<String>,
}

impl Marks {
    /// Marks that mean only one thing wherever they stand.
    pub const ALWAYS_BELOW: &'static [&'static str] =
        &["<lod", "<dl", "<lld", "<ld", "<mdl", "<loq", "bdl", "b.d.l.", "lld", "<d.l."];
    /// Words before a number that is a limit which the value is below.
    pub const BELOW_WORDS: &'static [&'static str] = &[
        "alle",
        "under",
        "below",
        "less than",
        "mindre än",
        "mindre enn",
        "mindre end",
        "undir",
        "minna en",
    ];
    /// Words before a number that is a limit which the value is above.
    pub const ABOVE_WORDS: &'static [&'static str] = &[
        "yli",
        "över",
        "over",
        "above",
        "more than",
        "mer än",
        "mer enn",
        "mere end",
        "yfir",
        "meira en",
    ];
    /// Words for an empty cell.
    pub const ALWAYS_MISSING: &'static [&'static str] =
        &["na", "n/a", "nan", "null", "none", "#n/a", "#n/a!"];
    /// Marks that mean different things at different laboratories.
    pub const AMBIGUOUS: &'static [&'static str] = &[
        "nd", "n.d.", "n.d", "n.a.", "n.a", "is", "i.s.", "*", "-", "--", "tr", "tr.", "trace",
        "lnr", "nss", "i.s", "e.m.", "ei", "<", ">", "spår", "spor", "x", "?",
    ];

    fn has(list: &[String], fixed: &[&str], word: &str) -> bool {
        list.iter().any(|m| m == word) || fixed.contains(&word)
    }

    /// Whether the text is a word for an empty cell.
    pub fn is_missing(&self, text: &str) -> bool {
        if text.len() > 40 {
            return false;
        }
        Self::has(&self.missing, Self::ALWAYS_MISSING, &text.trim().to_lowercase())
    }

    fn number_is_missing(&self, number: Reported) -> bool {
        let same = |m: &String| Reported::parse(m).is_some_and(|m| m.value() == number.value());
        !self.missing.is_empty() && self.missing.iter().any(same)
    }
}

/// Reads one cell of an assay column.
///
/// # Errors
/// Why it cannot be read; the caller knows where it stands.
pub fn read_measured(
    cell: CellRef<'_>,
    format: NumberFormat,
    marks: &Marks,
) -> Result<Reading, ReadingFault> {
    let reading = match cell {
        CellRef::Empty | CellRef::Geometry(_) => return Ok(Reading::Nothing),
        CellRef::Text(text) => read_text(text, format, marks)?,
        CellRef::Number(number) => {
            let number = reported_from_f64(number).ok_or(ReadingFault::NotANumber)?;
            Reading::Value(Measured::Exact(number), None)
        }
        CellRef::Date(_) => return Err(ReadingFault::IsADate),
        CellRef::Bool(_) => return Err(ReadingFault::NotANumber),
        CellRef::Error(_) => return Err(ReadingFault::FormulaError),
    };
    Ok(match reading {
        Reading::Value(Measured::Exact(n), _) if marks.number_is_missing(n) => Reading::Nothing,
        other => other,
    })
}

fn read_text(text: &str, format: NumberFormat, marks: &Marks) -> Result<Reading, ReadingFault> {
    if let Ok(number) = parse_number(text, format) {
        return Ok(Reading::Value(Measured::Exact(number), None));
    }
    let text = super::cell::trim(text);
    if text.is_empty() {
        return Ok(Reading::Nothing);
    }
    if let Some(mark) = read_mark(text, marks) {
        return mark;
    }
    let (side, rest) = split_bound(text);
    let (number, unit) = number_and_unit(rest, format)?;
    let value = match side {
        Side::At => Measured::Exact(number),
        Side::Below => Measured::Below(number),
        Side::Above => Measured::Above(number),
    };
    Ok(Reading::Value(value, unit))
}

/// Which side of a number the value lies, as a sign or words before it say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// It is the value.
    At,
    /// It is a limit that the value is below.
    Below,
    /// It is a limit that the value is above.
    Above,
}

/// The side that is said before a number, and the number.
pub(crate) fn split_bound(text: &str) -> (Side, &str) {
    let word = |words: &[&str]| {
        words.iter().find_map(|word| {
            let (start, rest) = text.split_at_checked(word.len())?;
            (start.to_lowercase() == *word).then(|| rest.strip_prefix([' ', '\u{a0}']))?
        })
    };
    let sign = |signs: [&str; 3]| signs.iter().find_map(|sign| text.strip_prefix(sign));
    if let Some(rest) = sign(["<=", "<", "≤"]).or_else(|| word(Marks::BELOW_WORDS)) {
        (Side::Below, super::cell::trim(rest))
    } else if let Some(rest) = sign([">=", ">", "≥"]).or_else(|| word(Marks::ABOVE_WORDS)) {
        (Side::Above, super::cell::trim(rest))
    } else {
        (Side::At, text)
    }
}

fn read_mark(text: &str, marks: &Marks) -> Option<Result<Reading, ReadingFault>> {
    if text.len() > 40 {
        return None;
    }
    let word = text.to_lowercase();
    Some(if Marks::has(&marks.below, Marks::ALWAYS_BELOW, &word) {
        Ok(Reading::BelowLimit)
    } else if Marks::has(&marks.above, &[], &word) {
        Ok(Reading::AboveLimit)
    } else if Marks::has(&marks.missing, Marks::ALWAYS_MISSING, &word) {
        Ok(Reading::Nothing)
    } else if Marks::AMBIGUOUS.contains(&word.as_str()) {
        Err(ReadingFault::UnknownMark)
    } else {
        return None;
    })
}

/// A number with or without a unit of mass fraction behind it.
fn number_and_unit(
    text: &str,
    format: NumberFormat,
) -> Result<(Reported, Option<Unit>), ReadingFault> {
    let fault = |fault| match fault {
        NumberFault::NotANumber => ReadingFault::NotANumber,
        NumberFault::Ambiguous(sign) => ReadingFault::Ambiguous(sign),
    };
    let (number, unit) = split_unit(text);
    let number = parse_number(number, format).map_err(fault)?;
    if unit.is_empty() {
        return Ok((number, None));
    }
    let unit = Unit::parse(unit).map_err(|_| ReadingFault::NotANumber)?;
    if unit.dimension() == Dimension::MassFraction {
        Ok((number, Some(unit)))
    } else {
        Err(ReadingFault::WrongUnit)
    }
}

/// Splits `120 ppm` into its number and its unit; either may be empty.
pub(crate) fn split_unit(text: &str) -> (&str, &str) {
    let number = |c: char| {
        c.is_ascii_digit()
            || matches!(c, '.' | ',' | ' ' | '\u{a0}' | '\'' | '-' | '+' | '\u{2212}')
    };
    let mut end = text.find(|c| !number(c)).unwrap_or(text.len());
    // 1e-3 is a number, 5 E is not
    let after = &text[end..];
    if let Some(exponent) = after.strip_prefix(['e', 'E']) {
        let digits = exponent.trim_start_matches(['-', '+']);
        let length = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        if length > 0 {
            end = text.len() - (digits.len() - length);
        }
    }
    // "5 1000 t" does not occur, but "570 1000 m3" does: leave it to the number to fail
    (text[..end].trim(), text[end..].trim())
}

/// The same number in another unit, where the two differ by a power of ten.
pub(crate) fn rescale(number: Reported, from: Unit, to: Unit) -> Option<Reported> {
    let shift = (from.to_canonical(1.0) / to.to_canonical(1.0)).log10();
    if (shift - shift.round()).abs() > 1e-9 {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "powers of ten between units are few")]
    let decimals = i32::from(number.decimals()) - shift.round() as i32;
    let mut mantissa = number.mantissa();
    for _ in decimals..0 {
        mantissa = mantissa.checked_mul(10)?;
    }
    Reported::new(mantissa, u8::try_from(decimals.max(0)).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Reading, ReadingFault> {
        let marks = Marks { missing: vec!["-99".into()], ..Marks::default() };
        read_measured(CellRef::Text(text), NumberFormat::default(), &marks)
    }

    fn number(text: &str) -> Reported {
        Reported::parse(text).unwrap()
    }

    #[test]
    fn bounds_keep_their_number_and_their_sense() {
        assert_eq!(read("<0.50"), Ok(Reading::Value(Measured::Below(number("0.50")), None)));
        assert_eq!(read("> 10000"), Ok(Reading::Value(Measured::Above(number("10000")), None)));
        assert_eq!(read("≤5"), Ok(Reading::Value(Measured::Below(number("5")), None)));
        let ppm = Unit::parse("ppm").unwrap();
        for text in ["alle 10 ppm", "Under 10 ppm", "mindre än 10 ppm", "undir 10 ppm", "<=10 ppm"]
        {
            assert_eq!(
                read(text),
                Ok(Reading::Value(Measured::Below(number("10")), Some(ppm))),
                "{text}"
            );
        }
        for text in ["yli 10", "Över 10", "mere end 10", "meira en 10", ">=10"] {
            assert_eq!(
                read(text),
                Ok(Reading::Value(Measured::Above(number("10")), None)),
                "{text}"
            );
        }
        assert_eq!(read("alle"), Err(ReadingFault::NotANumber));
        assert_eq!(read("underlag 10"), Err(ReadingFault::NotANumber));
    }

    #[test]
    fn a_unit_in_the_cell_is_read_with_the_number() {
        let ppm = Unit::parse("ppm").unwrap();
        assert_eq!(read("120 ppm"), Ok(Reading::Value(Measured::Exact(number("120")), Some(ppm))));
        assert_eq!(read("120 m"), Err(ReadingFault::WrongUnit));
        assert_eq!(read("1.2 x"), Err(ReadingFault::NotANumber));
    }

    #[test]
    fn marks_mean_what_they_always_mean_or_what_is_stated() {
        assert_eq!(read("<LOD"), Ok(Reading::BelowLimit));
        assert_eq!(read("n.d."), Err(ReadingFault::UnknownMark));
        assert_eq!(read("N/A"), Ok(Reading::Nothing));
        assert_eq!(read("-99.0"), Ok(Reading::Nothing));
        assert_eq!(read(""), Ok(Reading::Nothing));
    }

    #[test]
    fn a_number_changes_its_unit_by_moving_the_point_only() {
        let (percent, ppm) = (Unit::parse("%").unwrap(), Unit::parse("ppm").unwrap());
        assert_eq!(rescale(number("0.0120"), percent, ppm).unwrap().to_string(), "120");
        assert_eq!(rescale(number("120"), ppm, percent).unwrap().to_string(), "0.0120");
        assert_eq!(rescale(number("1"), Unit::parse("oz/st").unwrap(), ppm), None);
    }
}
