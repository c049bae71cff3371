//! Priors of a proposed plan: what is assumed where no source speaks of the body itself.

use serde::Deserialize;
use varp_model::Status;

/// Priors shipped with the program.
pub const DEFAULT: &str = include_str!("../../reference/estimation_priors.csv");

/// One prior: an 80 % range, or a factor, or a bound, as `item` says.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prior {
    /// What it is a prior of, such as `density`.
    pub item: String,
    /// Kind of body, substance or property that it holds for.
    pub of: String,
    /// Low end of the 80 % range.
    pub low: f64,
    /// Best value.
    pub best: f64,
    /// High end of the 80 % range.
    pub high: f64,
    /// Unit.
    pub unit: String,
    /// Where it comes from.
    pub source: String,
    /// Whether it was seen there.
    pub status: Status,
}

impl Prior {
    /// Source and status, as plans and results say them.
    pub fn said(&self) -> String {
        let status = match self.status {
            Status::Verified => "",
            Status::Unverified => ", unverified",
        };
        format!("prior for {}{status}: {}", self.of, self.source)
    }
}

/// All priors of one version.
#[derive(Clone, Debug, PartialEq)]
pub struct Priors(Vec<Prior>);

impl Priors {
    /// Reads a table of priors.
    ///
    /// # Errors
    /// If a row cannot be read.
    pub fn parse(text: &str) -> Result<Self, csv::Error> {
        let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
        reader.deserialize().collect::<Result<_, _>>().map(Self)
    }

    /// The priors shipped with the program.
    pub fn embedded() -> Self {
        Self::parse(DEFAULT).expect("the embedded priors can be read, a test does it")
    }

    /// All rows.
    pub fn rows(&self) -> &[Prior] {
        &self.0
    }

    /// The prior of `item` for exactly this.
    pub fn find(&self, item: &str, of: &str) -> Option<&Prior> {
        self.0.iter().find(|p| p.item == item && p.of == of)
    }

    /// The prior for this kind of body, or for any.
    pub fn of_kind(&self, item: &str, kind: &str) -> Option<&Prior> {
        self.find(item, kind).or_else(|| self.find(item, "unknown"))
    }

    /// The factor within which 80 % lies, either way, where a source states no range.
    pub fn factor(&self, property: &str) -> f64 {
        self.find("spread", property).map_or(1.5, |p| p.best)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_in_order_and_kinds_fall_back_on_any() {
        let priors = Priors::embedded();
        for p in priors.rows().iter().filter(|p| p.unit != "factor" && p.low < p.high) {
            assert!(p.low <= p.best && p.best <= p.high, "{p:?}");
        }
        assert_eq!(priors.of_kind("moisture", "slag").unwrap().of, "unknown");
        assert_eq!(priors.factor("mass"), 1.25);
        assert_eq!(priors.find("recovery", "Co"), None);
    }
}
