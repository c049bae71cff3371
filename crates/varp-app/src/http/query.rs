//! From parameters to a question to the register.

use std::num::NonZeroUsize;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use varp_model::{
    Bbox, Commodity, CrmList, PartialDate, Period, References, Substance, Visibility,
};
use varp_store::{Filter, PageLimit, Query};

use super::AppState;
use super::ask::Ask;
use super::collections::Spec;
use super::material::{filter_of_commodity, filter_of_list};
use super::params::Params;
use super::problem::Problem;
use super::token::Token;

/// Items of a page unless `limit` says otherwise.
pub const DEFAULT_LIMIT: usize = 100;
/// Most items of a page; more asked for is not an error, but gets this many.
pub const MAX_LIMIT: usize = 10_000;
/// Longest `q`, characters.
pub const MAX_WORDS: usize = 200;

/// A question and the token that it came with.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The question.
    pub query: Query,
    /// The token of `next=`.
    pub token: Option<Token>,
}

/// Reads the parameters of an items request.
///
/// # Errors
///
/// 400 for whatever cannot be meant.
pub fn read_query(state: &AppState, ask: &Ask, spec: &Spec) -> Result<Asked, Problem> {
    let known: Vec<&str> =
        ["limit", "bbox", "datetime", "next"].iter().chain(spec.filters).copied().collect();
    ask.allow(&known)?;
    let snapshot = match (ask.params.get("material"), ask.params.get("crm")) {
        (None, None) => None,
        _ => Some(state.snapshot()?),
    };
    let substances = snapshot.as_ref().map_or(&[][..], |snapshot| &snapshot.substances);
    let query = conditions(spec, &ask.params, &state.references, substances)?;
    let token = match ask.params.get("next") {
        Some(text) => Some(Token::open(text, state.secret()?, &ask.path, &ask.params)?),
        None => None,
    };
    let after = token.as_ref().map(|token| token.after.clone());
    Ok(Asked { query: Query { after, ..query }, token })
}

/// The question that parameters put to a collection, for the public, from the start.
///
/// `substances`: those of the register, so that `material` and `crm` miss no spelling.
///
/// # Errors
///
/// 400 for whatever cannot be meant; parameters that the collection does not know are left alone.
pub fn conditions(
    spec: &Spec,
    params: &Params,
    references: &References,
    substances: &[String],
) -> Result<Query, Problem> {
    let reader = FilterReader { references, substances };
    let chosen = params.iter().filter(|(name, _)| spec.filters.contains(name));
    let filters: Result<Vec<Filter>, Problem> =
        chosen.map(|(name, value)| reader.read(name, value)).collect();
    Ok(Query {
        bbox: params.get("bbox").map(parse_bbox).transpose()?,
        period: params.get("datetime").map(parse_datetime).transpose()?,
        filters: filters?,
        limit: parse_limit(params.get("limit"))?,
        count: true,
        ..everything()
    })
}

/// The question for all that is public, without a count.
pub fn everything() -> Query {
    Query {
        bbox: None,
        period: None,
        filters: Vec::new(),
        after: None,
        limit: PageLimit(NonZeroUsize::new(DEFAULT_LIMIT).expect("not zero")),
        count: false,
        audience: Visibility::Public,
    }
}

/// The number of items asked for, at most [`MAX_LIMIT`].
///
/// # Errors
///
/// 400 if it is not a whole number above 0.
pub fn parse_limit(text: Option<&str>) -> Result<PageLimit, Problem> {
    let Some(text) = text else { return Ok(everything().limit) };
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    // more digits than a number holds is still only "very many"
    let number = digits.then(|| text.parse().unwrap_or(MAX_LIMIT).min(MAX_LIMIT));
    number.and_then(NonZeroUsize::new).map(PageLimit).ok_or_else(|| {
        let detail = format!("limit={text} is not a whole number from 1 to {MAX_LIMIT}");
        Problem::bad_request(detail)
    })
}

/// Reads `west,south,east,north`, or the same with lowest and highest height; WGS 84 degrees.
///
/// Where east is less than west the box crosses the antimeridian. What reaches beyond the Earth
/// is cut off, as map clients zoomed out ask for it.
///
/// # Errors
///
/// 400 if it is not such a box.
pub fn parse_bbox(text: &str) -> Result<Bbox, Problem> {
    let refuse = |why: &str| {
        Problem::bad_request(format!(
            "bbox={text} {why}; use west,south,east,north in degrees, such as 4.5,55,31.5,71"
        ))
    };
    let numbers: Option<Vec<f64>> =
        text.split(',').map(|n| n.trim().parse().ok().filter(|n: &f64| n.is_finite())).collect();
    let (west, south, east, north) = match numbers.as_deref() {
        Some(&[west, south, east, north]) => (west, south, east, north),
        Some(&[west, south, low, east, north, high]) if low <= high => (west, south, east, north),
        Some([_, _, _, _, _, _]) => return Err(refuse("has its heights the wrong way round")),
        Some(_) => return Err(refuse("has not 4 or 6 numbers")),
        None => return Err(refuse("holds something that is not a number")),
    };
    if south > north {
        return Err(refuse("has its south above its north"));
    }
    if south > 90.0 || north < -90.0 || west > 180.0 || east < -180.0 {
        return Err(refuse("does not touch the Earth"));
    }
    Ok(Bbox {
        west: west.max(-180.0),
        south: south.max(-90.0),
        east: east.min(180.0),
        north: north.min(90.0),
    })
}

/// Reads an RFC 3339 instant, a date, or an interval of them with `..` or nothing for an open end.
///
/// The register knows days at best, so an instant means its day in UTC.
///
/// # Errors
///
/// 400 if it is neither.
pub fn parse_datetime(text: &str) -> Result<Period, Problem> {
    let refuse = || {
        Problem::bad_request(format!(
            "datetime={text} is neither an instant nor an interval; use 1963-05-17T00:00:00Z, \
             1963-05-17, or two of them with / between and .. for an open end"
        ))
    };
    let end = |text: &str| match text {
        "" | ".." => Some(None),
        instant => parse_instant(instant).map(Some),
    };
    let period = match text.split_once('/') {
        None => parse_instant(text).map(|day| Period { start: Some(day), end: Some(day) }),
        Some((start, over)) => end(start).zip(end(over)).map(|(start, end)| Period { start, end }),
    };
    let in_order = |period: &Period| match (period.start, period.end) {
        (Some(start), Some(end)) => start.first_day() <= end.last_day(),
        _ => true,
    };
    period.filter(in_order).ok_or_else(refuse)
}

fn parse_instant(text: &str) -> Option<PartialDate> {
    if let Ok(date) = PartialDate::from_str(text) {
        return Some(date);
    }
    let upper = text.to_ascii_uppercase();
    let instant: Timestamp = upper.contains('T').then(|| upper.parse().ok()).flatten()?;
    let day = TimeZone::UTC.to_datetime(instant).date();
    (1..=9999).contains(&day.year()).then_some(PartialDate::Day(day))
}

/// Reads filters by the vocabularies that they use.
struct FilterReader<'a> {
    references: &'a References,
    substances: &'a [String],
}

impl FilterReader<'_> {
    fn read(&self, name: &str, value: &str) -> Result<Filter, Problem> {
        let refuse = |hint: &str| Problem::bad_request(format!("{name}={value}: {hint}"));
        let no_id = |_| refuse("this is not an id; take the id of a record as it stands");
        Ok(match name {
            "country" => Filter::Country(value.parse().map_err(|e: String| refuse(&e))?),
            "kind" => Filter::Kind(self.kind(value)?),
            "commodity" => {
                let commodities = vec![self.commodity(value)?.code.clone()];
                Filter::Material { commodities, substances: Vec::new() }
            }
            "material" => {
                filter_of_commodity(self.commodity(value)?, self.substances, self.references)
            }
            "crm" => filter_of_list(self.list(value)?, self.substances, self.references),
            "substance" => match Substance::parse(value, self.references) {
                Ok(substance) => Filter::Substance(substance.code().to_owned()),
                Err(error) => return Err(refuse(&error.to_string())),
            },
            "property" => match self.references.property(value) {
                Some(property) => Filter::Property(property.code.clone()),
                None => return Err(refuse("there is no such property")),
            },
            "site" => Filter::Site(value.parse().map_err(no_id)?),
            "body" => Filter::Body(value.parse().map_err(no_id)?),
            "sample" => Filter::Sample(value.parse().map_err(no_id)?),
            "source" => Filter::Source(value.parse().map_err(no_id)?),
            _ => Filter::Words(parse_words(name, value)?),
        })
    }

    fn kind(&self, value: &str) -> Result<String, Problem> {
        let codes = self.references.list("body_kinds").map_or(&[][..], |list| &list.codes);
        if codes.iter().any(|code| code.code == value) {
            return Ok(value.to_owned());
        }
        let names: Vec<&str> = codes.iter().map(|code| code.code.as_str()).collect();
        let detail = format!("kind={value} is not a kind of body; there are {}", names.join(", "));
        Err(Problem::bad_request(detail))
    }

    fn commodity(&self, code: &str) -> Result<&Commodity, Problem> {
        self.references.commodity(code).ok_or_else(|| {
            Problem::bad_request(format!("{code} is not a commodity; /commodities lists them"))
        })
    }

    fn list(&self, name: &str) -> Result<&CrmList, Problem> {
        let lists = &self.references.crm_lists;
        lists.iter().find(|list| list.list == name).ok_or_else(|| {
            let names: Vec<&str> = lists.iter().map(|list| list.list.as_str()).collect();
            let there = names.join(", ");
            Problem::bad_request(format!("crm={name} is not a list; there are {there}"))
        })
    }
}

/// Words to search for, at least one and not too many.
///
/// # Errors
///
/// 400 if there are none or too many.
pub fn parse_words(name: &str, value: &str) -> Result<String, Problem> {
    let words = value.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    if words.is_empty() || value.chars().count() > MAX_WORDS || words.contains('\0') {
        let detail = format!("{name}= needs words to search for, up to {MAX_WORDS} letters");
        return Err(Problem::bad_request(detail));
    }
    Ok(words.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_beyond_the_greatest_is_cut_and_nonsense_is_refused() {
        let limit = |text| parse_limit(text).map(|limit| limit.0.get());
        assert_eq!(limit(None), Ok(DEFAULT_LIMIT));
        assert_eq!(limit(Some("7")), Ok(7));
        assert_eq!(limit(Some("999999")), Ok(MAX_LIMIT));
        assert_eq!(limit(Some("99999999999999999999999")), Ok(MAX_LIMIT));
        for text in ["0", "-1", "", "x", "1.5", "+3", "00"] {
            assert!(limit(Some(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn boxes_are_read_as_the_standard_writes_them() {
        let bbox = |w, s, e, n| Ok(Bbox { west: w, south: s, east: e, north: n });
        assert_eq!(parse_bbox("24,60,25,61"), bbox(24.0, 60.0, 25.0, 61.0));
        assert_eq!(parse_bbox("24,60,-5,25,61,100"), bbox(24.0, 60.0, 25.0, 61.0));
        assert_eq!(parse_bbox("177,65,-177,70"), bbox(177.0, 65.0, -177.0, 70.0));
        assert_eq!(parse_bbox("-300,-100,300,100"), bbox(-180.0, -90.0, 180.0, 90.0));
        for text in [
            "1,2,3",
            "a,b,c,d",
            "",
            "1,2,3,4,5",
            "1,4,3,2",
            "NaN,0,1,1",
            "inf,0,1,1",
            "1,2,9,3,4,5",
            "190,0,200,1",
            "1,2,,4",
        ] {
            assert!(parse_bbox(text).is_err(), "{text}");
        }
    }

    #[test]
    fn instants_and_intervals_are_read_and_nonsense_is_refused() {
        let period = |text| parse_datetime(text).map(|p| p.to_string());
        assert_eq!(period("2018-02-12T23:20:50Z"), Ok("2018-02-12/2018-02-12".into()));
        assert_eq!(period("2018-02-12t23:20:50.5z"), Ok("2018-02-12/2018-02-12".into()));
        assert_eq!(period("2018-02-12T23:20:50-02:00"), Ok("2018-02-13/2018-02-13".into()));
        assert_eq!(period("1963"), Ok("1963/1963".into()));
        assert_eq!(period("2018-02-12T00:00:00Z/.."), Ok("2018-02-12/..".into()));
        assert_eq!(period("/2018-03-18T12:31:12Z"), Ok("../2018-03-18".into()));
        assert_eq!(period("../2018"), Ok("../2018".into()));
        for text in ["xx", "", "2018-13-01", "2018/2017", "2018-02-12T25:00:00Z", "1/2/3", "12"] {
            assert!(parse_datetime(text).is_err(), "{text}");
        }
    }
}
