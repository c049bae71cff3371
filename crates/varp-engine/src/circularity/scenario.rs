//! What may become of one body: products, residue by use, residue placed, losses; what that
//! saves elsewhere; the indicators a reader compares.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::avoided::{Avoided, Burdens, Recovered, avoided, electricity_t};
use super::balance::{Balance, BalanceError, Fate, Flow, Scenario};
use super::indicator::Masses;
use super::residue::{Residue, residue};
use crate::profile::{Knowledge, ProductWorth, Profile};

/// Scenarios shipped with the program.
pub const DEFAULT: &str = include_str!("../../reference/scenarios.toml");

/// Product share of an element below which it rides in the product of another.
const RIDES_ALONG: f64 = 0.02;

/// A way to treat a body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// Short name.
    pub id: String,
    /// Name in words.
    pub name: String,
    /// What the used residue becomes; empty where none is used.
    pub use_as: String,
    /// Share of the residue that is used.
    pub residue_used: f64,
    /// Share of the feed lost.
    pub loss: f64,
    /// Electricity, kWh per tonne of feed.
    pub kwh_per_t: f64,
    /// Burden of electricity, kg CO₂e per kWh.
    pub kg_co2e_per_kwh: f64,
    /// Burden of moving feed and residue, kg CO₂e per tonne of feed.
    pub diesel_kg_co2e_per_t: f64,
    /// Where the numbers come from.
    pub source: String,
}

/// A document of ways.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaysDocument {
    /// Version, named by every result.
    pub version: String,
    /// The ways.
    pub scenarios: Vec<Way>,
}

/// An element won.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Won {
    /// Element symbol.
    pub element: String,
    /// Tonnes of the element in the product.
    pub mass_t: f64,
    /// Share of what the body holds.
    pub recovery: f64,
}

/// A figure that readers compare.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Indicator {
    /// Short name.
    pub id: String,
    /// Value; absent where it cannot be told.
    pub value: Option<f64>,
    /// Unit.
    pub unit: String,
    /// How it is made.
    pub how: String,
}

/// One way for one body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fates {
    /// The way.
    pub way: Way,
    /// Flows, tonnes; closes to 1e-9.
    pub scenario: Scenario,
    /// Shares and headline.
    pub balance: Balance,
    /// Elements won.
    pub won: Vec<Won>,
    /// What the residue is.
    pub residue: Residue,
    /// Primary production avoided.
    pub avoided: Avoided,
    /// Indicators.
    pub indicators: Vec<Indicator>,
}

/// Why no scenario can be drawn up.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ScenarioError {
    /// Mass or grades are not known.
    #[error("{0} of the body is not known")]
    Unknown(&'static str),
    /// The products outweigh the body.
    #[error("products would be {share:.2} of the feed; a grade or a recovery is wrong")]
    TooMuch {
        /// Share of the feed.
        share: f64,
    },
    /// The balance does not close.
    #[error(transparent)]
    Balance(BalanceError),
    /// A document that cannot be read.
    #[error("not a document of scenarios: {0}")]
    Syntax(String),
}

impl WaysDocument {
    /// Reads a document in TOML and checks that shares are shares.
    ///
    /// # Errors
    /// If it is not one.
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        let wrong = |why: String| ScenarioError::Syntax(why);
        let document: Self = toml::from_str(text).map_err(|e| wrong(e.to_string()))?;
        for way in &document.scenarios {
            let shares = [way.residue_used, way.loss];
            if shares.iter().any(|s| !(0.0..=1.0).contains(s)) {
                return Err(wrong(format!("shares of {} must be from 0 to 1", way.id)));
            }
        }
        Ok(document)
    }
}

/// Products by name with their dry mass, tonnes; by-products ride in the heaviest product.
fn product_masses(profile: &Profile, known: &Knowledge, feed_t: f64) -> BTreeMap<String, f64> {
    let mut masses: BTreeMap<String, f64> = BTreeMap::new();
    let mut riding = Vec::new();
    for product in &profile.products {
        let share = known.products[&product.element].product_share;
        let mass = feed_t * won_per_tonne(product) / share;
        if share < RIDES_ALONG {
            riding.push((product.product.clone(), mass));
        } else {
            let own = masses.entry(product.product.clone()).or_default();
            *own = own.max(mass);
        }
    }
    if masses.is_empty() {
        for (name, mass) in riding {
            let own = masses.entry(name).or_default();
            *own = own.max(mass);
        }
    }
    masses
}

/// Tonnes of an element won per tonne of feed.
fn won_per_tonne(product: &ProductWorth) -> f64 {
    product.grade.best * product.recovery.best
}

/// What becomes of a body along one way, at best values.
///
/// # Errors
/// If mass or grades are not known, or contradict each other.
pub fn fates(profile: &Profile, way: &Way, known: &Knowledge) -> Result<Fates, ScenarioError> {
    let feed_t = profile.size.mass_t.as_ref().ok_or(ScenarioError::Unknown("mass"))?.best;
    if profile.products.is_empty() {
        return Err(ScenarioError::Unknown("the grade of any product"));
    }
    let products = product_masses(profile, known, feed_t);
    let product_t: f64 = products.values().sum();
    let loss_t = way.loss * feed_t;
    let residue_t = feed_t - product_t - loss_t;
    if residue_t < 0.0 {
        return Err(ScenarioError::TooMuch { share: product_t / feed_t });
    }
    let used_t = way.residue_used * residue_t;
    let kind = residue(profile);
    let flow = |name: &str, fate, mass_t| Flow {
        name: name.to_owned(),
        fate,
        mass_t,
        waste_code: matches!(fate, Fate::ResidueUsed | Fate::ResidueDisposed)
            .then(|| kind.list_of_waste.clone())
            .flatten(),
        neutralisation: kind.net_neutralisation,
    };
    let mut flows: Vec<Flow> =
        products.iter().map(|(name, mass)| flow(name, Fate::Product, *mass)).collect();
    if used_t > 0.0 {
        flows.push(flow(&way.use_as, Fate::ResidueUsed, used_t));
    }
    flows.push(flow("residue placed", Fate::ResidueDisposed, residue_t - used_t));
    flows.push(flow("losses", Fate::Loss, loss_t));
    let scenario = Scenario { name: way.name.clone(), feed_t, added_t: 0.0, flows };
    let balance = scenario.balance().map_err(ScenarioError::Balance)?;
    let saved = saved(profile, way, known, feed_t);
    let indicators = indicators(profile, &balance, &saved, feed_t, product_t, residue_t - used_t);
    let won = profile.products.iter().map(|p| Won {
        element: p.element.clone(),
        mass_t: feed_t * won_per_tonne(p),
        recovery: p.recovery.best,
    });
    Ok(Fates {
        way: way.clone(),
        won: won.collect(),
        scenario,
        balance,
        residue: kind,
        avoided: saved,
        indicators,
    })
}

fn saved(profile: &Profile, way: &Way, known: &Knowledge, feed_t: f64) -> Avoided {
    let recovered: Vec<Recovered> = profile
        .products
        .iter()
        .map(|p| Recovered {
            element: p.element.clone(),
            mass_kg: feed_t * won_per_tonne(p) * 1000.0,
            displaced: known.products[&p.element].displaced,
            value: feed_t * p.gross.best,
        })
        .collect();
    let burdens = Burdens {
        process_t: electricity_t(feed_t, way.kwh_per_t, way.kg_co2e_per_kwh),
        transport_t: feed_t * way.diesel_kg_co2e_per_t / 1000.0,
        residue_t: 0.0,
    };
    avoided(&recovered, &known.factors, &burdens)
}

fn indicators(
    profile: &Profile,
    balance: &Balance,
    saved: &Avoided,
    feed_t: f64,
    product_t: f64,
    placed_t: f64,
) -> Vec<Indicator> {
    let one = |id: &str, value: Option<f64>, unit: &str, how: &str| Indicator {
        id: id.into(),
        value,
        unit: unit.into(),
        how: how.into(),
    };
    let contained: f64 = profile.products.iter().map(|p| p.grade.best).sum();
    let won: f64 = profile.products.iter().map(won_per_tonne).sum();
    let worth: f64 = profile.products.iter().map(|p| p.gross.best / p.recovery.best).sum();
    let earned: f64 = profile.products.iter().map(|p| p.gross.best).sum();
    let share = |a: f64, b: f64| (b > 0.0).then(|| a / b);
    let masses = Masses {
        virgin: 0.0,
        waste: placed_t,
        product: product_t,
        feedstock_waste: 0.0,
        recycling_waste: 0.0,
    };
    let residue = balance.used_share + balance.disposed_share;
    vec![
        one("recovery by mass", share(won, contained), "1", "metal won / metal contained"),
        one("recovery by value", share(earned, worth), "1", "value won / value contained"),
        one("residue use", share(balance.used_share, residue), "1", "residue used / residue"),
        one("waste removed", Some(balance.removed_share), "1", "(products + used residue) / feed"),
        one(
            "material circularity",
            (product_t > 0.0).then(|| masses.circularity(1.0)),
            "1",
            "MCI of the products, the placed residue counted as waste",
        ),
        one("net CO2e", Some(saved.net_t), "t", "avoided primary production − own burdens"),
        one("net CO2e per tonne", Some(saved.net_t * 1000.0 / feed_t), "kg/t", "of feed"),
        one("energy avoided", Some(saved.avoided_energy_gj), "GJ", "primary production displaced"),
        one("factor coverage by mass", Some(saved.coverage_by_mass), "1", "metal with a factor"),
        one("factor coverage by value", Some(saved.coverage_by_value), "1", "value with a factor"),
    ]
}

/// Net CO₂e saved per tonne of feed.
#[derive(Clone, Debug, PartialEq)]
pub struct Saved {
    /// Mean, kg/t; below zero where it makes things worse.
    pub mean_kg: f64,
    /// Standard deviation, kg/t.
    pub deviation_kg: f64,
    /// In words.
    pub how: String,
}

/// Net CO₂e saved per tonne along the first shipped way; `None` where no product has a factor.
pub fn saved_per_tonne(profile: &Profile, known: &Knowledge) -> Option<Saved> {
    let document = WaysDocument::parse(DEFAULT).ok()?;
    let way = document.scenarios.first()?;
    let parts: Vec<(f64, f64)> = profile
        .products
        .iter()
        .filter_map(|p| {
            let factor = known.factors.get(&p.element)?.gwp_kg_per_kg;
            let row = &known.products[&p.element];
            let mean = 1000.0 * won_per_tonne(p) * factor * row.displaced;
            let square = (1.0 + p.grade.variation.powi(2)) * (1.0 + p.recovery.variation.powi(2));
            Some((mean, mean * (square - 1.0).sqrt()))
        })
        .collect();
    if parts.is_empty() {
        return None;
    }
    let burden = way.kwh_per_t * way.kg_co2e_per_kwh + way.diesel_kg_co2e_per_t;
    Some(Saved {
        mean_kg: parts.iter().map(|p| p.0).sum::<f64>() - burden,
        deviation_kg: parts.iter().map(|p| p.1 * p.1).sum::<f64>().sqrt(),
        how: format!(
            "{}: avoided primary production less own burdens; factors are defaults",
            way.name
        ),
    })
}
