//! Primary production avoided: climate and energy, with the share of metals that have a factor.
//!
//! net CO₂e = Σ m_k·GWP_k·s_k − process − transport − residue; s_k is the share of the primary
//! chain that is displaced (a concentrate displaces mining and milling, not smelting).

use crate::rank::criteria::Status;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Factors shipped with the program.
pub const DEFAULT: &str = include_str!("../../reference/lca_factors.csv");

/// Cradle-to-gate burden of one kilogram of primary metal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// Element symbol.
    pub element: String,
    /// Greenhouse gases, kg CO₂e/kg.
    pub gwp_kg_per_kg: f64,
    /// Cumulative energy demand, MJ/kg.
    pub energy_mj_per_kg: f64,
    /// Source of the row.
    pub source: String,
    /// Whether the row was checked against the source.
    pub status: Status,
}

/// One recovered metal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recovered {
    /// Element symbol.
    pub element: String,
    /// Kilograms.
    pub mass_kg: f64,
    /// Share of the primary chain displaced, within 0..=1.
    pub displaced: f64,
    /// Value, € (for coverage by value).
    #[serde(default)]
    pub value: f64,
}

/// Burdens of the scenario itself, tonnes CO₂e.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Burdens {
    /// Processing.
    pub process_t: f64,
    /// Transport.
    pub transport_t: f64,
    /// Residue handling.
    pub residue_t: f64,
}

/// Result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Avoided {
    /// Greenhouse gases of the primary production displaced, t CO₂e.
    pub avoided_t: f64,
    /// Less the scenario's own burdens; below zero when it makes things worse.
    pub net_t: f64,
    /// Energy of the primary production displaced, GJ.
    pub avoided_energy_gj: f64,
    /// Share of the recovered mass that has a factor.
    pub coverage_by_mass: f64,
    /// Share of the recovered value that has a factor.
    pub coverage_by_value: f64,
    /// Elements without a factor: a gap, not a zero.
    pub without_factor: Vec<String>,
    /// Elements whose factor was not checked against its source.
    pub unverified: Vec<String>,
    /// The factors used.
    #[serde(default)]
    pub factors: Vec<Factor>,
}

/// Reads a table of factors: element, gwp_kg_per_kg, energy_mj_per_kg, source, status.
pub fn parse_factors(text: &str) -> Result<BTreeMap<String, Factor>, csv::Error> {
    csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes())
        .into_deserialize()
        .map(|row| row.map(|factor: Factor| (factor.element.clone(), factor)))
        .collect()
}

/// Burden of electricity, t CO₂e: tonnes × kWh/t × kg/kWh.
pub fn electricity_t(feed_t: f64, kwh_per_t: f64, kg_per_kwh: f64) -> f64 {
    feed_t * kwh_per_t * kg_per_kwh / 1000.0
}

/// Sums avoided burdens.
pub fn avoided(
    recovered: &[Recovered],
    factors: &BTreeMap<String, Factor>,
    burdens: &Burdens,
) -> Avoided {
    let covered = || recovered.iter().filter_map(|r| Some((r, factors.get(&r.element)?)));
    let avoided_t =
        covered().map(|(r, f)| r.mass_kg * r.displaced * f.gwp_kg_per_kg).sum::<f64>() / 1000.0;
    let energy =
        covered().map(|(r, f)| r.mass_kg * r.displaced * f.energy_mj_per_kg).sum::<f64>() / 1000.0;
    let share = |f: fn(&Recovered) -> f64| {
        let all: f64 = recovered.iter().map(f).sum();
        let known: f64 = covered().map(|(r, _)| f(r)).sum();
        if all > 0.0 { known / all } else { 0.0 }
    };
    let gaps = recovered.iter().filter(|r| !factors.contains_key(&r.element));
    let weak = covered().filter(|(_, f)| f.status == Status::Unverified);
    Avoided {
        avoided_t,
        net_t: avoided_t - burdens.process_t - burdens.transport_t - burdens.residue_t,
        avoided_energy_gj: energy,
        coverage_by_mass: share(|r| r.mass_kg),
        coverage_by_value: share(|r| r.value),
        without_factor: gaps.map(|r| r.element.clone()).collect(),
        unverified: weak.map(|(r, _)| r.element.clone()).collect(),
        factors: covered().map(|(_, factor)| factor.clone()).collect(),
    }
}
