//! Dates and periods as tables write them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use varp_model::{PartialDate, Period};

use super::cell::CellRef;

/// How a table writes dates other than ISO 8601 and day.month.year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Dates {
    /// Only what can be read in one way.
    #[default]
    #[serde(rename = "clear")]
    Clear,
    /// 5/17/1963 never, 17/5/1963 always.
    #[serde(rename = "day first")]
    DayFirst,
    /// 5/17/1963.
    #[serde(rename = "month first")]
    MonthFirst,
    /// Numbers are days since 30 December 1899, as spreadsheets count.
    #[serde(rename = "excel")]
    Excel,
}

/// Why a cell is not a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DateFault {
    /// It is none.
    NotADate,
    /// Day and month can be exchanged.
    DayOrMonth,
    /// The century is missing.
    TwoDigitYear,
    /// It looks like a spreadsheet's day number, and would then be this day.
    DayNumber(Date),
}

/// First day that spreadsheets count as day 0.
const DAY_ZERO: Date = Date::constant(1899, 12, 30);

/// The day of a spreadsheet's day number; `None` outside 1900 to 2199.
pub(crate) fn date_from_day_number(days: f64) -> Option<Date> {
    if !(1.0..110_000.0).contains(&days) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "bounded above")]
    let days = days.floor() as i64;
    DAY_ZERO.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// Reads a date.
///
/// # Errors
/// Why the cell is not one; the caller knows where it stands.
pub fn read_date(cell: CellRef<'_>, dates: Dates) -> Result<PartialDate, DateFault> {
    match cell {
        CellRef::Date(date) => Ok(PartialDate::Day(date)),
        CellRef::Number(number) => from_number(number, dates),
        CellRef::Text(text) => from_text(super::cell::trim(text), dates),
        _ => Err(DateFault::NotADate),
    }
}

fn from_number(number: f64, dates: Dates) -> Result<PartialDate, DateFault> {
    if number.fract() == 0.0 && (1000.0..2200.0).contains(&number) && dates != Dates::Excel {
        #[expect(clippy::cast_possible_truncation, reason = "bounded above")]
        return Ok(PartialDate::Year(number as i16));
    }
    match (date_from_day_number(number), dates) {
        (Some(day), Dates::Excel) => Ok(PartialDate::Day(day)),
        (Some(day), _) if number > 10_000.0 => Err(DateFault::DayNumber(day)),
        _ if (10_000_000.0..22_000_000.0).contains(&number) => compact(&format!("{number:.0}")),
        _ => Err(DateFault::NotADate),
    }
}

fn compact(digits: &str) -> Result<PartialDate, DateFault> {
    let number = |t: &str| t.parse::<i16>().map_err(|_| DateFault::NotADate);
    let (year, rest) = digits.split_at(4);
    let (month, day) = rest.split_at(2);
    day_of(number(year)?, number(month)?, number(day)?)
}

fn day_of(year: i16, month: i16, day: i16) -> Result<PartialDate, DateFault> {
    let (month, day) = (i8::try_from(month), i8::try_from(day));
    match (month, day) {
        (Ok(month), Ok(day)) if (1000..2200).contains(&year) => {
            Date::new(year, month, day).map(PartialDate::Day).map_err(|_| DateFault::NotADate)
        }
        _ => Err(DateFault::NotADate),
    }
}

fn from_text(text: &str, dates: Dates) -> Result<PartialDate, DateFault> {
    if !text.is_ascii() || text.len() > 40 {
        return Err(DateFault::NotADate);
    }
    // a time of day behind the date says nothing here
    let text = match text.find(['T', ' ']) {
        Some(at) if text[at + 1..].contains(':') => &text[..at],
        _ => text,
    };
    if let Ok(date) = text.parse() {
        return Ok(date);
    }
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    match text.len() {
        8 if digits => return compact(text),
        5 if digits => return from_number(text.parse().unwrap_or(0.0), dates),
        2 if digits => return Err(DateFault::TwoDigitYear),
        _ => {}
    }
    if dates == Dates::Excel
        && let Ok(number) = text.parse::<f64>()
    {
        return from_number(number, dates);
    }
    in_parts(text, dates)
}

fn in_parts(text: &str, dates: Dates) -> Result<PartialDate, DateFault> {
    let sign = text.chars().find(|c| matches!(c, '.' | '/' | '-')).ok_or(DateFault::NotADate)?;
    let parts: Vec<&str> = text.trim_end_matches('.').split(sign).map(str::trim).collect();
    let mut numbers = Vec::with_capacity(3);
    for part in &parts {
        numbers.push(part.parse::<i16>().map_err(|_| DateFault::NotADate)?);
    }
    match (numbers.as_slice(), parts.as_slice()) {
        ([y, m, d], [year, ..]) if year.len() == 4 => day_of(*y, *m, *d),
        ([m, y], [_, year]) if year.len() == 4 && (1..=12).contains(m) => {
            i8::try_from(*m).map(|m| PartialDate::Month(*y, m)).map_err(|_| DateFault::NotADate)
        }
        ([_, _, _], [_, _, year]) if year.len() == 2 => Err(DateFault::TwoDigitYear),
        ([a, b, y], [_, _, year]) if year.len() == 4 => match dates {
            Dates::DayFirst => day_of(*y, *b, *a),
            Dates::MonthFirst => day_of(*y, *a, *b),
            // with points the day stands first everywhere that points are used
            _ if sign == '.' || a == b => day_of(*y, *b, *a),
            _ if *a > 12 => day_of(*y, *b, *a),
            _ if *b > 12 => day_of(*y, *a, *b),
            _ => Err(DateFault::DayOrMonth),
        },
        _ => Err(DateFault::NotADate),
    }
}

/// Reads a period: `1897-1963`, `1897–`, `to 1991`, `1960/..`, or one date.
///
/// # Errors
/// Why the cell is not one.
pub fn read_period(cell: CellRef<'_>, dates: Dates) -> Result<Period, DateFault> {
    if let CellRef::Text(text) = cell {
        let text = super::cell::trim(text);
        if let Ok(period) = text.parse::<Period>() {
            return Ok(period);
        }
        if let Some(period) = years(text) {
            return period;
        }
    }
    read_date(cell, dates).map(|date| Period { start: Some(date), end: Some(date) })
}

fn years(text: &str) -> Option<Result<Period, DateFault>> {
    let lower = text.to_lowercase();
    let (start, end) = match lower.strip_prefix("to ").or_else(|| lower.strip_prefix("until ")) {
        Some(end) => ("", end),
        None => lower.split_once(['-', '\u{2013}', '\u{2014}'])?,
    };
    let year = |t: &str| -> Option<Option<PartialDate>> {
        match t.trim() {
            "" | ".." | "?" | "present" | "ongoing" => Some(None),
            t if t.len() == 4 => t.parse::<i16>().ok().map(|y| Some(PartialDate::Year(y))),
            _ => None,
        }
    };
    let (start, end) = (year(start)?, year(end)?);
    if start.is_none() && end.is_none() {
        return None;
    }
    match (start, end) {
        (Some(s), Some(e)) if s > e => Some(Err(DateFault::NotADate)),
        _ => Some(Ok(Period { start, end })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, dates: Dates) -> Result<String, DateFault> {
        read_date(CellRef::Text(text), dates).map(|d| d.to_string())
    }

    #[test]
    fn dates_that_can_be_read_in_one_way_are_read() {
        for (text, date) in [
            ("1963-05-17", "1963-05-17"),
            ("17.5.1963", "1963-05-17"),
            ("17/5/1963", "1963-05-17"),
            ("5/17/1963", "1963-05-17"),
            ("19630517", "1963-05-17"),
            ("5/1963", "1963-05"),
            ("1963", "1963"),
            ("2019-06-03T12:00:00Z", "2019-06-03"),
            ("4/4/2004", "2004-04-04"),
        ] {
            assert_eq!(read(text, Dates::Clear).unwrap(), date, "{text}");
        }
    }

    #[test]
    fn dates_that_can_be_read_in_two_ways_are_refused() {
        assert_eq!(read("3/4/2004", Dates::Clear), Err(DateFault::DayOrMonth));
        assert_eq!(read("3/4/2004", Dates::DayFirst).unwrap(), "2004-04-03");
        assert_eq!(read("3/4/2004", Dates::MonthFirst).unwrap(), "2004-03-04");
        assert_eq!(read("17.5.63", Dates::Clear), Err(DateFault::TwoDigitYear));
        assert_eq!(
            read("41234", Dates::Clear),
            Err(DateFault::DayNumber(Date::constant(2012, 11, 21)))
        );
        assert_eq!(read("41234", Dates::Excel).unwrap(), "2012-11-21");
        assert_eq!(read("31.2.2004", Dates::Clear), Err(DateFault::NotADate));
    }

    #[test]
    fn periods_are_read_as_tables_write_them() {
        for (text, period) in [
            ("1897-1963", "1897/1963"),
            ("1897–1963", "1897/1963"),
            ("1960-", "1960/.."),
            ("to 1991", "../1991"),
            ("1960/..", "1960/.."),
            ("1963", "1963/1963"),
        ] {
            let read = read_period(CellRef::Text(text), Dates::Clear).unwrap();
            assert_eq!(read.to_string(), period, "{text}");
        }
        assert!(read_period(CellRef::Text("1963-1897"), Dates::Clear).is_err());
    }
}
