//! Net smelter return and break-even grade, € per dry tonne of feed.

use serde::{Deserialize, Serialize};

/// One product of a tonne of feed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Name, such as `Cu`.
    pub name: String,
    /// Grade of the feed, mass share within 0..=1.
    pub grade: f64,
    /// Recovery into the product, within 0..=1.
    pub recovery: f64,
    /// Share of the recovered metal that is paid, within 0..=1.
    pub payable: f64,
    /// Price, € per tonne of metal.
    pub price: f64,
    /// Treatment and refining charge, € per tonne of metal.
    pub charge: f64,
}

impl Product {
    /// g·R·pay·(P − charge), € per tonne of feed; below zero when the charge exceeds the price.
    pub fn return_per_tonne(&self) -> f64 {
        self.grade * self.recovery * self.payable * (self.price - self.charge)
    }
}

/// Costs and credits beside the products, all in € per tonne of feed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Penalties of the smelter.
    pub penalties: f64,
    /// Freight.
    pub freight: f64,
    /// Mining, processing, water, administration.
    pub operating: f64,
    /// Placing of the residue.
    pub residue: f64,
    /// Remediation credit: area × unit cost × share avoided × probability that it would be paid.
    pub credit: f64,
}

/// Σ return − penalties − freight.
pub fn net_smelter_return(products: &[Product], terms: &Terms) -> f64 {
    products.iter().map(Product::return_per_tonne).sum::<f64>() - terms.penalties - terms.freight
}

/// Net smelter return − operating − residue + credit.
pub fn net_value(products: &[Product], terms: &Terms) -> f64 {
    net_smelter_return(products, terms) - terms.operating - terms.residue + terms.credit
}

/// Grade of `products[main]` at which the net value is zero, the others unchanged; absent where
/// the main product earns nothing.
///
/// g* = (operating + residue + penalties + freight − credit − other returns) / (R·pay·(P − charge))
pub fn break_even_grade(products: &[Product], main: usize, terms: &Terms) -> Option<f64> {
    let product = &products[main];
    let per_grade = product.recovery * product.payable * (product.price - product.charge);
    let others = net_value(products, terms) - product.return_per_tonne();
    (per_grade > 0.0).then(|| (-others / per_grade).max(0.0))
}

/// Remediation credit per tonne.
///
/// - `area_ha`, `unit_cost`: hectares and € per hectare
/// - `share_avoided`: of the remediation, within 0..=1; small when the residue stays
/// - `paid`: probability that someone would have paid for it, within 0..=1
pub fn remediation_credit(
    area_ha: f64,
    unit_cost: f64,
    share_avoided: f64,
    paid: f64,
    feed_t: f64,
) -> f64 {
    area_ha * unit_cost * share_avoided * paid / feed_t
}
