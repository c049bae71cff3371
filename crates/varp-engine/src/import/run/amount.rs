//! Numbers of claims: ranges, bounds, words for a million, units behind them.

use varp_model::{Coverage, Dimension, Property, Range, Reported, Spread, Unit};

use super::bind::BoundField;
use super::claims::BoundClaim;
use super::row::Row;
use crate::import::Code;
use crate::import::cell::CellRef;
use crate::import::measured::{Side, split_bound, split_unit};
use crate::import::number::{parse_number, reported_from_f64};

impl<'r> Row<'r> {
    /// A number with its range and unit.
    pub(super) fn range(&mut self, f: &'r BoundClaim, property: &Property) -> Option<Range> {
        let dimension = property.dimension?;
        let mut unit = None;
        let mut reported = Vec::new();
        let best = self.quantity(f.value.as_ref(), &mut unit, &mut reported, dimension);
        let low = self.quantity(f.low.as_ref(), &mut unit, &mut reported, dimension);
        let high = self.quantity(f.high.as_ref(), &mut unit, &mut reported, dimension);
        let unit = match unit {
            Some(unit) => Some(unit),
            None => self.unit(f.unit.as_ref(), f.value.as_ref().or(f.low.as_ref()), dimension),
        }?;
        let (best, low, high) = match best {
            Some(Stated::Range(a, b)) => (None, Some(a), Some(b)),
            Some(Stated::Number(best)) => (Some(best), single(low), single(high)),
            None => (None, single(low), single(high)),
        };
        self.check_range(f, best, low, high, unit);
        let spread = match (low, high) {
            (Some(low), Some(high)) => {
                let coverage = self.number(f.coverage.as_ref(), "a probability between 0 and 1");
                let coverage = coverage.map_or(Coverage::Unstated, Coverage::Stated);
                Spread::Range { low, high, coverage }
            }
            _ => Spread::Missing("not stated by the source".into()),
        };
        if best.is_none() && matches!(spread, Spread::Missing(_)) {
            if !self.refused {
                let column = f.low.as_ref().or(f.high.as_ref()).and_then(BoundField::column);
                let message = "a range needs both its ends".to_owned();
                self.error(Code::MISSING, column, message, None);
            }
            return None;
        }
        Some(Range { best, spread, unit, reported: reported.join(" / ") })
    }

    fn check_range(
        &mut self,
        f: &BoundClaim,
        best: Option<f64>,
        low: Option<f64>,
        high: Option<f64>,
        unit: Unit,
    ) {
        let column = f.value.as_ref().or(f.low.as_ref()).and_then(BoundField::column);
        let numbers: Vec<f64> = [low, best, high].into_iter().flatten().collect();
        if numbers.windows(2).any(|w| w[0] > w[1]) {
            let shown: Vec<String> = numbers.iter().map(f64::to_string).collect();
            let message = format!("low, best and high are not in order: {}", shown.join(", "));
            self.error(Code::NOT_A_NUMBER, column, message, None);
        }
        if let Some(negative) = numbers.iter().find(|n| **n < 0.0) {
            let message = format!("{negative} {unit} is negative");
            self.error(Code::NEGATIVE, column, message, None);
        }
        let greatest = numbers.iter().copied().fold(0.0, f64::max);
        if unit.dimension() == Dimension::MassFraction && unit.to_canonical(greatest) > 1.0 {
            let message = format!("{greatest} {unit} is above 100 %");
            self.error(Code::OVER_100_PERCENT, column, message, "is the unit right?".to_owned());
        }
    }

    fn unit(
        &mut self,
        field: Option<&'r BoundField>,
        value: Option<&'r BoundField>,
        dimension: Dimension,
    ) -> Option<Unit> {
        let column = field.and_then(BoundField::column).or(value.and_then(BoundField::column));
        let Some(text) = self.optional(field) else {
            if !self.refused {
                let hint =
                    "write it behind the number, or say unit = \"…\" in the claim".to_owned();
                self.error(Code::UNIT, column, "the unit is missing".into(), hint);
            }
            return None;
        };
        match Unit::parse_as(&text, dimension) {
            Ok(unit) => Some(unit),
            Err(error) => {
                self.error(Code::UNIT, column, error.to_string(), None);
                None
            }
        }
    }

    /// A number or a range, whose unit may stand behind it.
    fn quantity(
        &mut self,
        field: Option<&'r BoundField>,
        unit: &mut Option<Unit>,
        reported: &mut Vec<String>,
        dimension: Dimension,
    ) -> Option<Stated> {
        let field = field?;
        let text = self.text(field)?.into_owned();
        if let Some(CellRef::Number(number)) = field.cell(self.cells) {
            reported.push(text);
            return reported_from_f64(number).map(|n| Stated::Number(n.value()));
        }
        let plain = without_about(&text);
        reported.push(text.clone());
        let (stated, behind) = match self.bounded(plain).or_else(|| self.stated(plain)) {
            Some(found) => found,
            None => {
                let fault = parse_number(plain, self.table.format).err();
                let fault = fault.unwrap_or(crate::import::number::NumberFault::NotANumber);
                self.not_a_number(fault, field.column(), &text, "a number with a unit");
                return None;
            }
        };
        if let Some(factor) = varp_model::multiplier(behind) {
            return Some(stated.times(factor)); // "6,5 mill." of the unit that the mapping states
        }
        if !behind.is_empty() {
            match Unit::parse_as(behind, dimension) {
                Ok(found) => *unit = Some(found),
                Err(error) => {
                    self.error(Code::UNIT, field.column(), error.to_string(), None);
                    return None;
                }
            }
        }
        Some(stated)
    }

    /// `<5 ppm`, `alle 5 ppm`: somewhere between nothing and the limit.
    fn bounded<'t>(&self, text: &'t str) -> Option<(Stated, &'t str)> {
        let (Side::Below, rest) = split_bound(text) else { return None };
        match self.stated(rest)? {
            (Stated::Number(limit), unit) => Some((Stated::Range(0.0, limit), unit)),
            (Stated::Range(..), _) => None,
        }
    }

    fn stated<'t>(&self, text: &'t str) -> Option<(Stated, &'t str)> {
        let format = self.table.format;
        let number = |t: &str| parse_number(t, format).ok().map(Reported::value);
        if let Some(value) = number(text) {
            return Some((Stated::Number(value), ""));
        }
        for sign in ["–", "—", " to ", "...", "…", " - ", "-"] {
            let Some((a, b)) = text.split_once(sign) else { continue };
            let (b, unit) = split_unit(b);
            let (a, unit_a) = split_unit(a);
            if let (Some(low), Some(high)) = (number(a), number(b))
                && low <= high
                && (unit_a.is_empty() || unit_a == unit)
            {
                return Some((Stated::Range(low, high), unit));
            }
        }
        let (digits, unit) = split_unit(text);
        // "570 1000 m3": the unit starts with digits
        if let Some(value) = number(digits) {
            return Some((Stated::Number(value), unit));
        }
        let (digits, unit) = text.split_once(' ')?;
        Some((Stated::Number(number(digits)?), unit.trim()))
    }
}

/// What a cell of a quantity states.
#[derive(Clone, Copy)]
enum Stated {
    Number(f64),
    Range(f64, f64),
}

impl Stated {
    fn times(self, factor: f64) -> Self {
        match self {
            Self::Number(number) => Self::Number(number * factor),
            Self::Range(low, high) => Self::Range(low * factor, high * factor),
        }
    }
}

fn single(stated: Option<Stated>) -> Option<f64> {
    match stated {
        Some(Stated::Number(number)) => Some(number),
        _ => None,
    }
}

/// A text without the words that say "about".
fn without_about(text: &str) -> &str {
    const ABOUT: &[&str] = &[
        "~",
        "≈",
        "ca.",
        "ca ",
        "c.",
        "about ",
        "approx.",
        "approx ",
        "noin ",
        "n. ",
        "omkring ",
        "omtrent ",
        "um það bil ",
        "u.þ.b.",
        "ungefär ",
        "cirka ",
        "circa ",
    ];
    let lower = text.to_lowercase();
    let found = ABOUT.iter().find(|word| lower.starts_with(**word));
    found.and_then(|word| text.get(word.len()..)).unwrap_or(text).trim_start()
}
