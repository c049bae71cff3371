//! A price deck: prices with their dates and sources, in place of the shipped ones.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::rank::criteria::Status;

/// A price of a deck.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Element symbol.
    pub element: String,
    /// € per tonne of the contained element.
    pub price_eur_per_t: f64,
    /// Coefficient of variation of the price over years.
    pub variation: f64,
    /// The day for which it holds.
    #[serde(deserialize_with = "day")]
    pub date: Date,
    /// Source.
    pub source: String,
    /// Licence of the source.
    pub licence: String,
    /// Whether it was checked against it.
    pub status: Status,
}

fn day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| {
        serde::de::Error::custom(format!("\"{text}\" is not a date such as 2026-11-28"))
    })
}

/// The prices of a deck that hold on a day, by element.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Deck(pub BTreeMap<String, Price>);

impl Deck {
    /// Reads a deck, CSV with the names of [`Price`]'s fields, and takes of each element the newest price
    /// that is not of a later day than `as_of`.
    ///
    /// # Errors
    /// The row and what is wrong with it: a price or variation that is no number above or from zero, no
    /// source, an element twice on a day; or no row at all.
    pub fn parse(text: &str, as_of: Option<Date>) -> Result<Self, String> {
        let mut newest: BTreeMap<String, Price> = BTreeMap::new();
        let mut days = BTreeSet::new();
        for (row, price) in crate::rows::rows::<Price>(text)? {
            let at =
                |what: &str| Err(format!("row {row}, {} of {}: {what}", price.element, price.date));
            if price.element.is_empty() {
                return at("a price is of an element, such as Cu");
            }
            if !(price.price_eur_per_t > 0.0 && price.price_eur_per_t.is_finite()) {
                return at("a price is a number above zero");
            }
            if !(price.variation >= 0.0 && price.variation.is_finite()) {
                return at("a coefficient of variation is a number from zero up");
            }
            if price.source.is_empty() {
                return at("a price needs a source");
            }
            if !days.insert((price.element.clone(), price.date)) {
                return at("there are two prices of this day");
            }
            let later = as_of.is_some_and(|day| price.date > day);
            let before = newest.get(&price.element);
            if !later && before.is_none_or(|b| b.date < price.date) {
                newest.insert(price.element.clone(), price);
            }
        }
        if newest.is_empty() {
            let until = as_of.map_or_else(String::new, |day| format!(" until {day}"));
            return Err(format!("there is no price{until} in it"));
        }
        Ok(Self(newest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "element,price_eur_per_t,variation,date,source,licence,status\n";

    fn deck(rows: &str, as_of: Option<Date>) -> Result<Deck, String> {
        Deck::parse(&format!("{HEAD}{rows}"), as_of)
    }

    #[test]
    fn the_newest_price_of_the_day_holds() {
        let rows = "Cu,8000,0.2,2024-12-31,a,CC0,verified\nCu,9000,0.2,2025-12-31,a,CC0,verified\n";
        let of = |as_of| deck(rows, as_of).unwrap().0["Cu"].price_eur_per_t;
        assert_eq!(of(None), 9000.0);
        assert_eq!(of(Some(Date::constant(2025, 6, 1))), 8000.0);
        assert!(deck(rows, Some(Date::constant(2020, 1, 1))).unwrap_err().contains("2020-01-01"));
    }

    #[test]
    fn what_is_no_price_is_told() {
        for (row, word) in [
            ("Cu,0,0.2,2024-12-31,a,CC0,verified\n", "above zero"),
            (",1,0.1,2024-12-31,a,CC0,verified\n", "of an element"),
            ("Cu,dear,0.1,2024-12-31,a,CC0,verified\n", "row 2, column price_eur_per_t: \"dear\""),
            ("Cu,1,-1,2024-12-31,a,CC0,verified\n", "variation"),
            ("Cu,1,0.1,2024-12-31,,CC0,verified\n", "source"),
            ("Cu,1,0.1,yesterday,a,CC0,verified\n", "date"),
            ("Cu,1,0,2024-12-31,a,,verified\nCu,2,0,2024-12-31,a,,verified\n", "two prices"),
        ] {
            let error = deck(row, None).unwrap_err();
            assert!(error.contains(word), "{error}");
        }
    }
}
