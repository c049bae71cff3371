//! What a body may be worth, for ranking and study planning only: never published as a value.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::bulk::Size;
use super::figure::Figure;
use super::grade::Grade;
use super::knowledge::{Knowledge, ProductRow};
use super::{BodyRecord, statement};
use crate::economics::criticality::{ValueCriticality, value_criticality};
use crate::rank::table::Evidence;
use varp_model::References;

/// One element of a body as a product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductWorth {
    /// Element symbol.
    pub element: String,
    /// Product that waste usually yields.
    pub product: String,
    /// Grade, kg/kg.
    pub grade: Figure,
    /// Recovery, share.
    pub recovery: Figure,
    /// Gross value recovered, € per tonne of waste: grade × recovery × price.
    pub gross: Figure,
    /// Net smelter return, € per tonne of waste.
    pub net: Figure,
}

/// Products by net smelter return, the largest first.
pub fn products(
    record: &BodyRecord,
    (size, grades): (&Size, &BTreeMap<String, Grade>),
    known: &Knowledge,
    references: &References,
) -> Vec<ProductWorth> {
    let worth = |(element, grade): (&String, &Grade)| {
        let row = known.products.get(element)?;
        let recovery = recovery(record, row, known, references)?;
        let price = Figure::new(row.price_eur_per_t, row.variation, Evidence::Prior, "price");
        let content = content_per_tonne(grade, size);
        let grade = grade.figure.clone();
        let how = format!("{element}: grade × recovery × price");
        let gross = Figure::product(&[&content, &recovery, &price], how);
        let net = gross.times(row.payable * (1.0 - row.charge_share));
        let (element, product) = (element.clone(), row.product.clone());
        Some(ProductWorth { element, product, grade, recovery, gross, net })
    };
    let mut all: Vec<ProductWorth> = grades.iter().filter_map(worth).collect();
    all.sort_by(|a, b| b.net.best.total_cmp(&a.net.best).then(a.element.cmp(&b.element)));
    all
}

/// What a tonne of the body holds of an element: the contained tonnes of an estimate over its mass,
/// with the part of their spread that the mass does not explain, cv² = (1 + cv_c²)/(1 + cv_m²) − 1;
/// else the grade.
fn content_per_tonne(grade: &Grade, size: &Size) -> Figure {
    let Some((contained, mass)) = grade.contained_t.as_ref().zip(size.mass_t.as_ref()) else {
        return grade.figure.clone();
    };
    let square = |f: &Figure| 1.0 + f.variation * f.variation;
    let variation = (square(contained) / square(mass) - 1.0).max(0.0).sqrt();
    let Figure { evidence, how, .. } = &grade.figure;
    Figure::new(contained.best / mass.best, variation, *evidence, how)
}

/// Recovery stated by tests or by the plant, else the default of the usual process.
fn recovery(
    record: &BodyRecord,
    row: &ProductRow,
    known: &Knowledge,
    references: &References,
) -> Option<Figure> {
    for property in ["test_recovery", "recovery"] {
        let stated = statement::standing(&record.claims, property, None);
        let own = stated.into_iter().find(|c| {
            let element =
                c.substance.as_ref().and_then(|s| super::grade::element_of(s, references));
            element.is_some_and(|(e, _)| e.symbol() == row.element)
        });
        if let Some(figure) = own.and_then(|c| statement::of_claim(c, known.spread("recovery"))) {
            return Some(figure);
        }
    }
    Some(known.default_of("recovery", &row.recovery_item)?.times(0.01))
}

/// Recoverable value of the whole body, M€.
pub fn value(size: &Size, products: &[ProductWorth]) -> Option<Figure> {
    let parts: Vec<Figure> = products.iter().map(|p| p.gross.clone()).collect();
    let per_tonne = Figure::sum(&parts, "recoverable value per tonne")?;
    let mass = size.mass_t.as_ref()?;
    let how = "tonnage × grade × recovery × price";
    let value = Figure::product(&[mass, &per_tonne], how).times(1e-6);
    // Prices and usual recoveries are the same for all bodies: what is known of this one decides.
    let evidence =
        if mass.evidence == Evidence::Prior { Evidence::Prior } else { Evidence::Derived };
    Some(Figure { evidence, ..value })
}

/// Net smelter return, € per tonne.
pub fn smelter_return(products: &[ProductWorth]) -> Option<Figure> {
    let parts: Vec<Figure> = products.iter().map(|p| p.net.clone()).collect();
    let sum = Figure::sum(&parts, "Σ grade × recovery × payable × (price − charge)")?;
    Some(Figure { evidence: Evidence::Derived, ..sum })
}

/// Criticality of the value; `None` without value.
pub fn criticality(products: &[ProductWorth], known: &Knowledge) -> Option<ValueCriticality> {
    let mut values: BTreeMap<String, f64> = BTreeMap::new();
    for product in products {
        let row = &known.products[&product.element];
        let name = if row.critical.is_empty() { &row.element } else { &row.critical };
        *values.entry(name.clone()).or_default() += product.gross.best;
    }
    (!values.is_empty()).then(|| value_criticality(&values, &known.criticality))
}
