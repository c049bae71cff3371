//! Numbers and dates as people write them in each language.

use varp_model::{PartialDate, Period};

use super::language::Language;

/// `value` with `decimals` places, or rounded to tens, hundreds … where `decimals` is negative.
pub fn fixed(value: f64, decimals: i32, language: Language) -> String {
    let value = if decimals < 0 {
        let step = 10f64.powi(-decimals);
        (value / step).round() * step
    } else {
        value
    };
    let places = usize::try_from(decimals.max(0)).unwrap_or(0);
    let text = format!("{value:.places$}");
    let zero = text.bytes().all(|b| matches!(b, b'-' | b'0' | b'.'));
    localise(text.trim_start_matches(if zero { "-" } else { "" }), language)
}

/// `value` with so many significant digits; a whole number never loses its zeros.
#[expect(clippy::cast_possible_truncation, reason = "a decimal exponent is small")]
pub fn significant(value: f64, digits: i32, language: Language) -> String {
    if value == 0.0 || !value.is_finite() {
        return fixed(value, 0, language);
    }
    let exponent = value.abs().log10().floor() as i32;
    fixed(value, (digits - 1 - exponent).clamp(-15, 9), language)
}

/// The shortest text that reads back as the number.
pub fn shortest(value: f64, language: Language) -> String {
    localise(&value.to_string(), language)
}

/// A count.
pub fn count(value: u64, language: Language) -> String {
    localise(&value.to_string(), language)
}

/// Places after the point that an uncertainty from `low` to `high` bears, negative for tens,
/// hundreds ….
///
/// Half its width keeps two significant digits where it starts with 100 to 354, else one.
///
/// Source: Particle Data Group, Review of Particle Physics, introduction, section on rounding.
#[expect(clippy::cast_possible_truncation, reason = "a decimal exponent is small")]
pub fn decimals_of_range(low: f64, high: f64) -> i32 {
    let half = (high - low).abs() / 2.0;
    if !(half > 0.0 && half.is_finite()) {
        return 3;
    }
    let exponent = half.log10().floor();
    let leading = half / 10f64.powf(exponent);
    let digits = if leading < 3.55 { 1 } else { 0 };
    (digits - exponent as i32).clamp(-15, 9)
}

/// A plain decimal text with the separators of the language; groups from five digits on.
fn localise(plain: &str, language: Language) -> String {
    let (group, point) = match language {
        Language::En => (',', '.'),
        Language::Sv | Language::Fi | Language::Nb => ('\u{a0}', ','),
        Language::Da | Language::Is => ('.', ','),
    };
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |rest| ("\u{2212}", rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut text = String::from(sign);
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && whole.len() > 4 && (whole.len() - i).is_multiple_of(3) {
            text.push(group);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(point);
        text.push_str(fraction);
    }
    text
}

const MONTHS: [[&str; 12]; 6] = [
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    [
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ],
    [
        "tammikuu",
        "helmikuu",
        "maaliskuu",
        "huhtikuu",
        "toukokuu",
        "kesäkuu",
        "heinäkuu",
        "elokuu",
        "syyskuu",
        "lokakuu",
        "marraskuu",
        "joulukuu",
    ],
    [
        "januar",
        "februar",
        "mars",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "desember",
    ],
    [
        "januar",
        "februar",
        "marts",
        "april",
        "maj",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "december",
    ],
    [
        "janúar",
        "febrúar",
        "mars",
        "apríl",
        "maí",
        "júní",
        "júlí",
        "ágúst",
        "september",
        "október",
        "nóvember",
        "desember",
    ],
];

fn month(number: i8, language: Language) -> &'static str {
    let at = usize::try_from(number - 1).unwrap_or(0).min(11);
    MONTHS[language as usize][at]
}

/// A date as known: `1963`, `May 1963`, `17 May 1963`.
pub fn date(date: PartialDate, language: Language) -> String {
    match (date, language) {
        (PartialDate::Year(year), _) => year.to_string(),
        (PartialDate::Month(year, m), _) => format!("{} {year}", month(m, language)),
        (PartialDate::Day(day), Language::Fi) => {
            format!("{}.{}.{}", day.day(), day.month(), day.year())
        }
        (PartialDate::Day(day), Language::Nb | Language::Da | Language::Is) => {
            format!("{}. {} {}", day.day(), month(day.month(), language), day.year())
        }
        (PartialDate::Day(day), Language::En | Language::Sv) => {
            format!("{} {} {}", day.day(), month(day.month(), language), day.year())
        }
    }
}

/// A period with an en dash; an unknown end stays open.
pub fn period(period: Period, language: Language) -> String {
    let end = |d: Option<PartialDate>| d.map_or("…".into(), |d| date(d, language));
    if period.start == period.end && period.start.is_some() {
        return end(period.start);
    }
    let [start, stop] = [end(period.start), end(period.end)];
    let joint = if start.contains(' ') || stop.contains(' ') { " – " } else { "–" };
    format!("{start}{joint}{stop}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_follow_the_language() {
        let of = |language| fixed(1_234_567.891, 2, language);
        assert_eq!(of(Language::En), "1,234,567.89");
        assert_eq!(of(Language::Sv), "1\u{a0}234\u{a0}567,89");
        assert_eq!(of(Language::Is), "1.234.567,89");
        assert_eq!(shortest(-1234.5, Language::Fi), "\u{2212}1234,5");
        assert_eq!(fixed(-0.04, 1, Language::En), "0.0", "nothing is below zero by rounding");
        assert_eq!(fixed(-0.06, 1, Language::En), "\u{2212}0.1");
    }

    #[test]
    fn the_uncertainty_decides_the_digits() {
        let shown = |low, best, high| fixed(best, decimals_of_range(low, high), Language::En);
        assert_eq!(shown(0.8e6, 1_234_567.0, 1.9e6), "1,200,000");
        assert_eq!(shown(720.0, 823.4, 920.0), "820");
        assert_eq!(shown(0.11, 0.123_456, 0.14), "0.123");
        assert_eq!(shown(2.0, 2.5, 3.0), "2.5");
    }

    #[test]
    fn significant_digits_show_no_more_than_is_known() {
        let shown = |value| significant(value, 3, Language::En);
        assert_eq!(shown(24_240_259.7), "24,200,000");
        assert_eq!(shown(-679.764), "\u{2212}680");
        assert_eq!(shown(14.5), "14.5");
        assert_eq!(shown(0.012_345), "0.0123");
        assert_eq!(shown(0.0), "0");
    }

    #[test]
    fn dates_and_periods_read_as_in_each_language() {
        let day = "1963-05-17".parse().unwrap();
        assert_eq!(date(day, Language::En), "17 May 1963");
        assert_eq!(date(day, Language::Fi), "17.5.1963");
        assert_eq!(date(day, Language::Is), "17. maí 1963");
        assert_eq!(period("1897/1963".parse().unwrap(), Language::Sv), "1897–1963");
        assert_eq!(period("1897/..".parse().unwrap(), Language::Sv), "1897–…");
    }
}
