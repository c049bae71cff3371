//! Dates as archives know them: a year, a month or a day, and periods of them.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

/// A date known to the year, the month or the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartialDate {
    /// Only the year is known.
    Year(i16),
    /// The year and the month.
    Month(i16, i8),
    /// The full date.
    Day(Date),
}

impl PartialDate {
    /// The first day that the date may mean.
    pub fn first_day(self) -> Date {
        match self {
            Self::Year(y) => Date::constant(y, 1, 1),
            Self::Month(y, m) => Date::constant(y, m, 1),
            Self::Day(day) => day,
        }
    }

    /// The last day that the date may mean.
    pub fn last_day(self) -> Date {
        match self {
            Self::Year(y) => Date::constant(y, 12, 31),
            Self::Month(y, m) => Date::constant(y, m, 1).last_of_month(),
            Self::Day(day) => day,
        }
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.first_day().year()
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(y) => write!(f, "{y:04}"),
            Self::Month(y, m) => write!(f, "{y:04}-{m:02}"),
            Self::Day(day) => write!(f, "{day}"),
        }
    }
}

impl FromStr for PartialDate {
    type Err = String;

    /// Reads ISO 8601: `1963`, `1963-05`, `1963-05-17`. Other customs are the importer's business.
    fn from_str(text: &str) -> Result<Self, String> {
        let refuse = || format!("\"{text}\" is not a date such as 1963, 1963-05 or 1963-05-17");
        let parts: Vec<&str> = text.trim().split('-').collect();
        let year: i16 = parts[0].parse().map_err(|_| refuse())?;
        let month = |t: &str| t.parse::<i8>().ok().filter(|m| (1..=12).contains(m));
        if parts[0].len() != 4 || !(1..=9999).contains(&year) {
            return Err(refuse());
        }
        match parts[1..] {
            [] => Ok(Self::Year(year)),
            [m] => Ok(Self::Month(year, month(m).ok_or_else(refuse)?)),
            [m, d] => {
                let month = month(m).ok_or_else(refuse)?;
                let day = d.parse().map_err(|_| refuse())?;
                Date::new(year, month, day).map(Self::Day).map_err(|_| refuse())
            }
            _ => Err(refuse()),
        }
    }
}

/// A stretch of time with either end unknown: `1897/1963`, `../1990`, `1960/..`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Period {
    /// First date, if known.
    pub start: Option<PartialDate>,
    /// Last date, if known or over.
    pub end: Option<PartialDate>,
}

impl Period {
    /// Whether both periods may share a day; an unknown end is open.
    pub fn overlaps(self, other: Self) -> bool {
        let ends_before = |a: Self, b: Self| match (a.end, b.start) {
            (Some(end), Some(start)) => end.last_day() < start.first_day(),
            _ => false,
        };
        !ends_before(self, other) && !ends_before(other, self)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |d: Option<PartialDate>| d.map_or("..".into(), |d| d.to_string());
        write!(f, "{}/{}", end(self.start), end(self.end))
    }
}

impl FromStr for Period {
    type Err = String;

    /// Reads an ISO 8601 interval with `..` for an open end, or one date for a period within it.
    fn from_str(text: &str) -> Result<Self, String> {
        let end = |t: &str| match t.trim() {
            "" | ".." => Ok(None),
            date => date.parse().map(Some),
        };
        match text.split_once('/') {
            Some((a, b)) => {
                let period = Self { start: end(a)?, end: end(b)? };
                match (period.start, period.end) {
                    (Some(s), Some(e)) if s.first_day() > e.last_day() => {
                        Err(format!("the period {text} ends before it starts"))
                    }
                    _ => Ok(period),
                }
            }
            None => text.parse().map(|d| Self { start: Some(d), end: Some(d) }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_survives_its_text() {
        for text in ["1897/1963", "../1990", "1960-05/..", "1960-05-17/1961"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        assert!("1963/1897".parse::<Period>().is_err());
        assert!("63".parse::<PartialDate>().is_err());
    }

    #[test]
    fn open_periods_overlap_what_they_may_reach() {
        let p = |t: &str| t.parse::<Period>().unwrap();
        assert!(p("../1990").overlaps(p("1989/..")));
        assert!(!p("1897/1963").overlaps(p("1964/1970")));
    }
}
