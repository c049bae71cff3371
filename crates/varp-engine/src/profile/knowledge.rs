//! Reference data that profiles lean on: products and prices, guideline values, bulk priors,
//! scales, screening defaults, criticality. Every row has a source and a status.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::figure::Figure;
use crate::circularity::avoided::{self, Factor};
use crate::circularity::scenario;
use crate::economics::criticality::{self, Assessment};
use crate::economics::deck::Deck;
use crate::economics::defaults::{self, ScreeningDefault};
use crate::rank::criteria::Status;

const PRODUCTS: &str = include_str!("../../reference/products.csv");
const GUIDELINES: &str = include_str!("../../reference/guidelines.csv");
const BULK: &str = include_str!("../../reference/bulk.csv");
const CARRIERS: &str = include_str!("../../reference/carriers.csv");
const SCALES: &str = include_str!("../../reference/scales.toml");

/// The files that decide profiles and the rows made of them: name and text.
pub const FILES: [(&str, &str); 9] = [
    ("products.csv", PRODUCTS),
    ("guidelines.csv", GUIDELINES),
    ("bulk.csv", BULK),
    ("carriers.csv", CARRIERS),
    ("scales.toml", SCALES),
    ("scenarios.toml", scenario::DEFAULT),
    ("screening_defaults.csv", defaults::DEFAULT),
    ("criticality_eu_2023.csv", criticality::EU_2023),
    ("lca_factors.csv", avoided::DEFAULT),
];

/// What an element is worth in the product that waste usually yields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductRow {
    /// Element symbol.
    pub element: String,
    /// Name in the table of criticality; empty where it is not assessed.
    pub critical: String,
    /// Product.
    pub product: String,
    /// € per tonne of the contained element.
    pub price_eur_per_t: f64,
    /// Coefficient of variation of the price over years.
    pub variation: f64,
    /// Share of the contained element that is paid.
    pub payable: f64,
    /// Treatment and refining charge, share of the price.
    pub charge_share: f64,
    /// Row of the screening defaults with the recovery.
    pub recovery_item: String,
    /// Mass share of the element in the product.
    pub product_share: f64,
    /// Share of the primary chain that the product replaces.
    pub displaced: f64,
    /// Source.
    pub source: String,
    /// Whether it was checked.
    pub status: Status,
}

/// A content from which something must be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guideline {
    /// Element symbol.
    pub element: String,
    /// mg/kg.
    pub mg_per_kg: f64,
    /// `soil` or `radiation`.
    pub purpose: String,
    /// Source.
    pub source: String,
    /// Whether it was checked.
    pub status: Status,
}

/// Density and thickness of a kind of body, where nothing is stated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bulk {
    /// Kind of body.
    pub kind: String,
    /// Dry density, t/m³.
    pub density_low: f64,
    /// Most likely.
    pub density_mode: f64,
    /// High.
    pub density_high: f64,
    /// Mean thickness, m.
    pub thickness_low: f64,
    /// Most likely.
    pub thickness_mode: f64,
    /// High.
    pub thickness_high: f64,
    /// Row of the screening defaults with the variation of grade between holes.
    pub variation_item: String,
    /// Top size, 95 % passing, cm.
    pub top_size_cm: f64,
    /// Gy's size range factor.
    pub size_range: f64,
    /// Source.
    pub source: String,
    /// Whether it was checked.
    pub status: Status,
}

/// The mineral that carries an element, for Gy's formula.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carrier {
    /// Element symbol.
    pub element: String,
    /// Mineral.
    pub mineral: String,
    /// Mass share of the element in it.
    pub share: f64,
    /// Density, g/cm³.
    pub density: f64,
    /// Liberation size, cm.
    pub liberation_cm: f64,
    /// Shape factor.
    pub shape: f64,
    /// Exponent of the liberation factor.
    pub exponent: f64,
    /// Source.
    pub source: String,
    /// Whether it was checked.
    pub status: Status,
}

/// From a statement of the register to a class of a criterion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// Criterion.
    pub criterion: String,
    /// Property of the claim.
    pub property: String,
    /// Where the scale comes from.
    pub source: String,
    /// Whether that was checked.
    pub status: Status,
    /// Classes from–to by word.
    #[serde(default)]
    pub words: BTreeMap<String, (f64, f64)>,
    /// (upper end of a number, class from, class to), ascending.
    #[serde(default)]
    pub bands: Vec<(f64, f64, f64)>,
    /// Classes from–to where the property is stated at all.
    #[serde(default)]
    pub stated: Option<(f64, f64)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scales {
    version: String,
    scales: Vec<Scale>,
}

/// All reference data of profiles.
#[derive(Clone, Debug)]
pub struct Knowledge {
    /// Products by element.
    pub products: BTreeMap<String, ProductRow>,
    /// Guideline values.
    pub guidelines: Vec<Guideline>,
    /// Bulk priors by kind.
    pub bulk: BTreeMap<String, Bulk>,
    /// Minerals that carry elements.
    pub carriers: Vec<Carrier>,
    /// Scales.
    pub scales: Vec<Scale>,
    /// Version of the scales.
    pub scales_version: String,
    /// Screening defaults.
    pub defaults: Vec<ScreeningDefault>,
    /// Criticality by material.
    pub criticality: BTreeMap<String, Assessment>,
    /// Burdens of primary production by element.
    pub factors: BTreeMap<String, Factor>,
}

impl Knowledge {
    /// The data shipped with the program.
    pub fn embedded() -> Self {
        let scales: Scales = toml::from_str(SCALES).expect("the shipped scales are read in a test");
        let products: Vec<ProductRow> = rows(PRODUCTS);
        let bulk: Vec<Bulk> = rows(BULK);
        Self {
            products: products.into_iter().map(|p| (p.element.clone(), p)).collect(),
            guidelines: rows(GUIDELINES),
            bulk: bulk.into_iter().map(|b| (b.kind.clone(), b)).collect(),
            carriers: rows(CARRIERS),
            scales: scales.scales,
            scales_version: scales.version,
            defaults: defaults::parse_defaults(defaults::DEFAULT).expect(READ),
            criticality: criticality::parse_assessments(criticality::EU_2023).expect(READ),
            factors: avoided::parse_factors(avoided::DEFAULT).expect(READ),
        }
    }

    /// A screening default as a figure.
    pub fn default_of(&self, group: &str, item: &str) -> Option<Figure> {
        let found = self.defaults.iter().find(|d| d.group == group && d.item == item)?;
        let how = format!("default for {group}, {item}");
        Some(Figure::of_default(found.low, found.mode, found.high, how))
    }

    /// The most likely value of a screening default.
    pub fn usual(&self, group: &str, item: &str) -> f64 {
        let found = self.defaults.iter().find(|d| d.group == group && d.item == item);
        found.expect("a test holds the names in the code and the table together").mode
    }

    /// The most likely value of what a study assumes.
    pub fn usual_of_study(&self, item: &str) -> f64 {
        self.usual("study", item)
    }

    /// Coefficient of variation of a stated number whose source gives no range.
    pub fn spread(&self, of: &str) -> f64 {
        self.usual(UNSTATED, of)
    }

    /// The same with the prices of a deck; the elements of which no product is known come with it.
    pub fn with_prices(&self, deck: &Deck) -> (Self, Vec<String>) {
        let mut priced = self.clone();
        let mut unused = Vec::new();
        for price in deck.0.values() {
            let Some(row) = priced.products.get_mut(&price.element) else {
                unused.push(price.element.clone());
                continue;
            };
            row.price_eur_per_t = price.price_eur_per_t;
            row.variation = price.variation;
            row.source = format!("{}, {}; terms: {}", price.source, price.date, row.source);
        }
        (priced, unused)
    }

    /// Bulk priors of a kind of body; those of an unknown kind where it has none.
    pub fn bulk_of(&self, kind: &str) -> &Bulk {
        self.bulk.get(kind).unwrap_or(&self.bulk["unknown"])
    }
}

const UNSTATED: &str = "variation where no range is stated";
const READ: &str = "the shipped table is read in a test";

fn rows<T: DeserializeOwned>(text: &str) -> Vec<T> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
    reader.deserialize().collect::<Result<_, _>>().expect(READ)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_tables_fit_together() {
        let known = Knowledge::embedded();
        for product in known.products.values() {
            let element = &product.element;
            assert!(known.default_of("recovery", &product.recovery_item).is_some(), "{element}");
            assert!((0.0..=1.0).contains(&product.payable) && product.product_share > 0.0);
            let name = &product.critical;
            assert!(name.is_empty() || known.criticality.contains_key(name), "{element}: {name}");
        }
        for of in [
            "mass",
            "volume",
            "area",
            "area around holes",
            "outline",
            "thickness",
            "density",
            "grade",
            "recovery",
            "neutralisation ratio",
            "water depth",
        ] {
            assert!((0.0..1.0).contains(&known.spread(of)), "{of}");
        }
        for item in [
            "holes of a first campaign",
            "metres drilled in a day",
            "fewest holes per stratum",
            "contingency of its costs",
            "persons in the field",
            "composites for tests per stratum",
            "error of sampling",
            "error of preparation and analysis",
            "error of the density of a body",
            "error of an area that nobody states",
            "density of gangue",
            "range of hole grades over the extent",
            "least range of hole grades",
            "largest range of hole grades",
            "nugget of hole grades",
            "feed of a small plant",
        ] {
            assert!(known.usual_of_study(item) > 0.0, "{item}");
        }
        assert!(known.usual("screening", "distance within a cluster") > 0.0);
        let study = |item| known.usual("study cost", item);
        assert!(study("before the first hole") > study("a hole with its samples"));
        for bulk in known.bulk.values() {
            let group = "variation of grade between holes";
            assert!(known.default_of(group, &bulk.variation_item).is_some(), "{}", bulk.kind);
        }
        for scale in &known.scales {
            let pairs = scale.words.values().chain(&scale.stated);
            assert!(pairs.into_iter().all(|(from, to)| from <= to), "{}", scale.criterion);
            assert!(scale.bands.windows(2).all(|w| w[0].0 < w[1].0), "{}", scale.criterion);
        }
    }
}
