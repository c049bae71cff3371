//! Classes as they are stored: codes, ids of rules and the dossier; reasons are rebuilt from it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::code::Code;
use super::contained::Contained;
use super::dossier::Dossier;
use super::engine::{Classified, classify};
use super::quick::Prepared;
use super::rules::RuleSet;

/// The computed classes of one body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassRecord {
    /// Name and version of the rules.
    pub rules: String,
    /// Which use of the G axis: always the confidence category of one estimate.
    pub scheme: String,
    /// Share of the project that quantities are of.
    pub share: String,
    /// Where quantities are measured.
    pub reference_point: String,
    /// What was known.
    pub dossier: Dossier,
    /// One class per product, in the order of their codes.
    pub products: Vec<ProductRecord>,
}

/// The computed class of one product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductRecord {
    /// The product, a substance code.
    pub product: String,
    /// The code.
    pub code: Code,
    /// Class; empty for an "other combination".
    pub class: String,
    /// Sub-class; empty where the class has none.
    pub sub_class: String,
    /// Whether a rule or class that decided it is unverified.
    pub unverified: bool,
    /// Axes that stand for lack of anything better known.
    pub undetermined: [bool; 3],
    /// Ids of the rules that fired.
    pub fired: Vec<String>,
    /// How much of it there is, as far as an estimate or sources say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contained: Option<Contained>,
    /// The stored estimate that its quantity, and its confidence as far as it rests on assays, come
    /// from; `None` where claims alone speak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate: Option<String>,
}

/// Why the reasons of a stored class cannot be rebuilt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReasonsError {
    /// The rules at hand are others.
    #[error("it was computed by {stored}, but the rules at hand are {at_hand}")]
    OtherRules {
        /// Rules of the record.
        stored: String,
        /// Rules given.
        at_hand: String,
    },
    /// The record has no such product.
    #[error("it has no product {0}")]
    NoProduct(String),
    /// Its own dossier gives another code.
    #[error("its dossier gives {computed}, but it says {stored}: it was changed by hand")]
    Altered {
        /// Code of the record.
        stored: String,
        /// Code of the dossier.
        computed: String,
    },
}

impl ClassRecord {
    /// Classifies every product of a dossier; `estimates` names the stored one that each product's
    /// quantity comes from. Products whose quantity is known but of which the
    /// dossier says nothing are classified too.
    pub fn compute(
        dossier: Dossier,
        contained: &BTreeMap<String, Contained>,
        estimates: &BTreeMap<String, String>,
        rules: &Prepared<'_>,
    ) -> Self {
        let products = dossier.products.keys().map(|product| {
            let quick = rules.classify(&dossier, product);
            let set = rules.rules();
            let class = set.classes.class_of(&quick.code);
            ProductRecord {
                product: product.clone(),
                class: class.map(|row| row.class.clone()).unwrap_or_default(),
                sub_class: class.map(|row| row.sub_class.clone()).unwrap_or_default(),
                code: quick.code,
                unverified: quick.unverified,
                undetermined: quick.undetermined,
                fired: quick.fired.iter().map(|at| set.rules[*at].id.clone()).collect(),
                contained: contained.get(product).cloned(),
                estimate: estimates.get(product).cloned(),
            }
        });
        let products = products.collect();
        Self {
            rules: rules.rules().title(),
            scheme: "category".into(),
            share: "100 % of the project".into(),
            reference_point: "in place, before recovery".into(),
            dossier,
            products,
        }
    }

    /// Whether the project is a notional one.
    pub fn is_notional(&self) -> bool {
        self.dossier.project.is_none()
    }

    /// Every rule that fired or failed for a product, rebuilt from the record.
    ///
    /// # Errors
    /// If the rules are others, or the record contradicts itself.
    pub fn reasons(&self, product: &str, rules: &RuleSet) -> Result<Classified, ReasonsError> {
        if self.rules != rules.title() {
            return Err(ReasonsError::OtherRules {
                stored: self.rules.clone(),
                at_hand: rules.title(),
            });
        }
        let own = self.products.iter().find(|p| p.product == product);
        let own = own.ok_or_else(|| ReasonsError::NoProduct(product.to_owned()))?;
        let classified = classify(&self.dossier, product, rules);
        if classified.code == own.code {
            Ok(classified)
        } else {
            let (stored, computed) = (own.code.to_string(), classified.code.to_string());
            Err(ReasonsError::Altered { stored, computed })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::WorkedCase;
    use super::*;

    fn record() -> (ClassRecord, RuleSet) {
        let rules = RuleSet::embedded();
        let case = WorkedCase::embedded().into_iter().find(|c| c.name.starts_with("Kors"));
        let dossier = case.unwrap().dossier;
        let record = ClassRecord::compute(
            dossier,
            &BTreeMap::new(),
            &BTreeMap::new(),
            &Prepared::new(&rules),
        );
        (record, rules)
    }

    #[test]
    fn a_record_gives_its_reasons_back_and_the_same_bytes() {
        let (record, rules) = record();
        let text = serde_json::to_string(&record).unwrap();
        let read: ClassRecord = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
        let product = &read.products[0].product;
        assert_eq!(read.reasons(product, &rules).unwrap().code, read.products[0].code);
    }

    #[test]
    fn code_and_reasons_never_disagree() {
        let (mut record, rules) = record();
        let product = record.products[0].product.clone();
        record.products[0].code = "E1;F1;G1".parse().unwrap();
        assert!(matches!(record.reasons(&product, &rules), Err(ReasonsError::Altered { .. })));
        record.rules = "another 1".into();
        assert!(matches!(record.reasons(&product, &rules), Err(ReasonsError::OtherRules { .. })));
    }
}
