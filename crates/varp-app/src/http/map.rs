//! `/map/points`: every body with a public position, in columns, for the map.

use std::collections::BTreeMap;

use axum::http::HeaderValue;
use axum::http::header::{CONTENT_ENCODING, VARY};
use axum::response::Response;
use serde::Serialize;
use varp_model::{References, Substance};
use varp_store::MapPoint;

use super::AppState;
use super::answer::respond;
use super::ask::Ask;
use super::compress::Encoding;
use super::negotiate::JSON;
use super::problem::Problem;

/// `/map/points`.
pub fn points(state: &AppState, ask: &Ask) -> Result<Response, Problem> {
    if ask.params.iter().next().is_some() {
        return Err(Problem::bad_request(
            "/map/points takes no parameters; it is always the whole",
        ));
    }
    let map = &state.snapshot()?.map;
    let (body, name) = match Encoding::accepted(&ask.headers) {
        Encoding::Plain => (&map.plain, None),
        Encoding::Gzip => (&map.gzip, Some("gzip")),
        Encoding::Brotli => (&map.brotli, Some("br")),
    };
    let mut response = respond(JSON, body.clone());
    let headers = response.headers_mut();
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(name) = name {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    Ok(response)
}

/// Columns of equal length, one entry a body; words are numbers into the lists before them.
#[derive(Serialize)]
struct Columns<'a> {
    /// Words that `kind` counts in.
    kinds: Vec<&'a str>,
    /// Words that `country` counts in.
    countries: Vec<&'a str>,
    /// Words that `mined` counts in.
    commodities: Vec<&'a str>,
    /// Words that `found` counts in.
    substances: Vec<&'a str>,
    /// By list of critical raw materials: what points to it.
    lists: Vec<ListColumns<'a>>,
    id: Vec<uuid::fmt::Simple>,
    name: Vec<&'a str>,
    lon: Vec<f64>,
    lat: Vec<f64>,
    kind: Vec<usize>,
    country: Vec<usize>,
    /// 1 where the place is that of the site.
    of_site: Vec<u8>,
    mined: Vec<Vec<usize>>,
    found: Vec<Vec<usize>>,
}

/// Which commodities and substances of the map a list names.
#[derive(Serialize)]
struct ListColumns<'a> {
    list: &'a str,
    commodities: Vec<usize>,
    substances: Vec<usize>,
}

/// Numbers words in the order of the alphabet.
#[derive(Default)]
struct Words<'a>(BTreeMap<&'a str, usize>);

impl<'a> Words<'a> {
    fn of(words: impl Iterator<Item = &'a str>) -> Self {
        let mut numbered: BTreeMap<&str, usize> = words.map(|word| (word, 0)).collect();
        numbered.values_mut().enumerate().for_each(|(number, slot)| *slot = number);
        Self(numbered)
    }

    fn number(&self, word: &str) -> usize {
        self.0[word]
    }

    fn numbers(&self, words: &[String]) -> Vec<usize> {
        words.iter().map(|word| self.number(word)).collect()
    }

    fn list(&self) -> Vec<&'a str> {
        self.0.keys().copied().collect()
    }
}

/// The columns of `points` as JSON; degrees to 1e-5, a metre.
pub fn points_json(points: &[MapPoint], references: &References) -> Vec<u8> {
    let kinds = Words::of(points.iter().map(|p| p.kind.as_str()));
    let countries = Words::of(points.iter().map(|p| p.country.code()));
    let mined = Words::of(points.iter().flat_map(|p| &p.commodities).map(String::as_str));
    let found = Words::of(points.iter().flat_map(|p| &p.substances).map(String::as_str));
    let round = |degrees: f64| (degrees * 1e5).round() / 1e5;
    let columns = Columns {
        lists: lists(&mined, &found, references),
        id: points.iter().map(|p| p.id.0.simple()).collect(),
        name: points.iter().map(|p| p.name.as_str()).collect(),
        lon: points.iter().map(|p| round(p.place.longitude())).collect(),
        lat: points.iter().map(|p| round(p.place.latitude())).collect(),
        kind: points.iter().map(|p| kinds.number(&p.kind)).collect(),
        country: points.iter().map(|p| countries.number(p.country.code())).collect(),
        of_site: points.iter().map(|p| u8::from(p.of_site)).collect(),
        mined: points.iter().map(|p| mined.numbers(&p.commodities)).collect(),
        found: points.iter().map(|p| found.numbers(&p.substances)).collect(),
        kinds: kinds.list(),
        countries: countries.list(),
        commodities: mined.list(),
        substances: found.list(),
    };
    serde_json::to_vec(&columns).expect("writing to memory cannot fail")
}

fn lists<'a>(
    mined: &Words<'_>,
    found: &Words<'_>,
    references: &'a References,
) -> Vec<ListColumns<'a>> {
    let lists = references.crm_lists.iter().map(|list| {
        let commodities =
            mined.0.iter().filter(|(code, _)| !list.entries_of_commodity(code).is_empty());
        let substances = found.0.iter().filter(|(code, _)| {
            Substance::parse(code, references)
                .is_ok_and(|s| !list.entries_of_substance(&s, references).is_empty())
        });
        ListColumns {
            list: &list.list,
            commodities: commodities.map(|(_, number)| *number).collect(),
            substances: substances.map(|(_, number)| *number).collect(),
        }
    });
    lists.collect()
}
