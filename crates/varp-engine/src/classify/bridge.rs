//! The bridge between CRIRSCO's categories and UNFC codes: set-valued, and only for compliant
//! estimates.

use serde::Deserialize;

use super::code::Code;

/// Under what an estimate was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compliance {
    /// Compliant with a code of the CRIRSCO family, named, with its edition.
    Compliant {
        /// Code and edition, such as `JORC 2012`.
        code: String,
    },
    /// Made before or outside such a code.
    Historic,
    /// Said to be not compliant.
    NonCompliant,
    /// The source does not say.
    Unstated,
}

/// Why a category is not translated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BridgeError {
    /// The estimate may not be bridged.
    #[error(
        "a {what} estimate is not bridged: the bridging document holds only for estimates compliant \
         with a code of the CRIRSCO family; classify it by rules from its evidence instead"
    )]
    NotCompliant {
        /// How it was made.
        what: &'static str,
    },
    /// The category is not in the table.
    #[error("the bridge knows no category \"{0}\"")]
    UnknownCategory(String),
    /// No category has this code.
    #[error("no CRIRSCO category is bridged to {0}")]
    UnknownCode(String),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    crirsco: String,
    unfc: Vec<Code>,
    #[expect(dead_code, reason = "shown in the published table")]
    note: String,
    status: varp_model::Status,
}

/// The bridging table of one version.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bridge {
    /// The document and the versions of both systems.
    pub version: String,
    row: Vec<Row>,
}

impl Bridge {
    /// The table that the program was built with.
    pub fn embedded() -> Self {
        toml::from_str(include_str!("../../reference/crirsco_bridge.toml"))
            .expect("the embedded bridge is tested")
    }

    /// Codes of a CRIRSCO category, the usual one first, and whether the row is verified.
    ///
    /// # Errors
    /// If the estimate is not compliant, or the category is unknown.
    pub fn unfc_from_crirsco(
        &self,
        category: &str,
        compliance: &Compliance,
    ) -> Result<(Vec<Code>, varp_model::Status), BridgeError> {
        check(compliance)?;
        let wanted = category.trim().to_lowercase();
        let row = self.row.iter().find(|row| row.crirsco.to_lowercase() == wanted);
        row.map(|row| (row.unfc.clone(), row.status))
            .ok_or_else(|| BridgeError::UnknownCategory(category.to_owned()))
    }

    /// Categories that may stand behind a code, each with whether its row is verified.
    ///
    /// # Errors
    /// If the estimate is not compliant, or no category has the code.
    pub fn crirsco_from_unfc(
        &self,
        code: &Code,
        compliance: &Compliance,
    ) -> Result<Vec<(&str, varp_model::Status)>, BridgeError> {
        check(compliance)?;
        let rows = self.row.iter().filter(|row| row.unfc.contains(code));
        let categories: Vec<_> = rows.map(|row| (row.crirsco.as_str(), row.status)).collect();
        if categories.is_empty() {
            Err(BridgeError::UnknownCode(code.to_string()))
        } else {
            Ok(categories)
        }
    }

    /// The categories in the order of the table.
    pub fn categories(&self) -> impl Iterator<Item = &str> {
        self.row.iter().map(|row| row.crirsco.as_str())
    }
}

fn check(compliance: &Compliance) -> Result<(), BridgeError> {
    let what = match compliance {
        Compliance::Compliant { .. } => return Ok(()),
        Compliance::Historic => "historic",
        Compliance::NonCompliant => "non-compliant",
        Compliance::Unstated => "not stated to be compliant",
    };
    Err(BridgeError::NotCompliant { what })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back_keeps_the_start_among_the_answers() {
        let bridge = Bridge::embedded();
        let compliant = Compliance::Compliant { code: "JORC 2012".into() };
        for category in bridge.categories() {
            let (codes, _) = bridge.unfc_from_crirsco(category, &compliant).unwrap();
            for code in codes {
                let back = bridge.crirsco_from_unfc(&code, &compliant).unwrap();
                assert!(back.iter().any(|(found, _)| *found == category));
            }
        }
    }

    #[test]
    fn an_estimate_that_is_not_compliant_is_refused_with_its_own_path() {
        let error = Bridge::embedded()
            .unfc_from_crirsco("Inferred Mineral Resource", &Compliance::NonCompliant)
            .unwrap_err();
        assert!(error.to_string().contains("by rules from its evidence"));
    }
}
