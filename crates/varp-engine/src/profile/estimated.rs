//! The newest stored estimate of a body, as its profile takes it.

use varp_model::{References, Substance};

use super::figure::Figure;
use super::grade::element_of;

/// What an estimate says of a body.
#[derive(Clone, Debug, PartialEq)]
pub struct EstimatedBody {
    /// Identity of the result.
    pub result: String,
    /// Dry tonnes.
    pub mass_t: Figure,
    /// Dry tonnes per cubic metre, where its plan has a density.
    pub density: Option<Figure>,
    /// What is in it.
    pub products: Vec<EstimatedProduct>,
}

/// One product of an estimate.
#[derive(Clone, Debug, PartialEq)]
pub struct EstimatedProduct {
    /// Substance.
    pub substance: Substance,
    /// Mass fraction of the substance.
    pub grade: Figure,
    /// Contained tonnes of the substance.
    pub contained_t: Figure,
    /// Assays that it knew of, used or left out.
    pub assays: usize,
}

impl EstimatedBody {
    /// The first product that is counted as this element, as content of the element.
    pub fn of_element(&self, symbol: &str, references: &References) -> Option<EstimatedProduct> {
        self.products.iter().find_map(|product| {
            let (element, share) = element_of(&product.substance, references)?;
            (element.symbol() == symbol).then(|| EstimatedProduct {
                grade: product.grade.times(share),
                contained_t: product.contained_t.times(share),
                ..product.clone()
            })
        })
    }

    /// Symbols of the elements that it speaks of.
    pub fn elements(&self, references: &References) -> Vec<String> {
        let symbol = |p: &EstimatedProduct| {
            Some(element_of(&p.substance, references)?.0.symbol().to_owned())
        };
        self.products.iter().filter_map(symbol).collect()
    }
}
