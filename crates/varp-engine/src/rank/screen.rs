//! Identification: filters and knock-outs over facts of sites. An unknown fact never removes a
//! site; an override needs a note; the order of the rules does not change the survivors.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The knock-out rules shipped with the program.
pub const DEFAULT: &str = include_str!("../../reference/screen.toml");

/// A known fact. What is not known is not in the map of facts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Fact {
    /// Yes or no.
    Flag(bool),
    /// A number in the unit its name states.
    Number(f64),
    /// A word.
    Text(String),
}

/// Facts of one site; `lon` and `lat` in degrees where the place is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteFacts {
    /// Site.
    pub id: String,
    /// Facts by name.
    pub facts: BTreeMap<String, Fact>,
}

/// A condition on facts; true, false, or unknown where a fact it needs is missing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Condition {
    /// All hold.
    All(Vec<Self>),
    /// At least one holds.
    Any(Vec<Self>),
    /// Does not hold.
    Not(Box<Self>),
    /// A number is below a limit.
    Below {
        /// Fact.
        fact: String,
        /// Limit.
        limit: f64,
    },
    /// A number is above a limit.
    Above {
        /// Fact.
        fact: String,
        /// Limit.
        limit: f64,
    },
    /// A flag is set.
    Yes(String),
    /// A word is one of several.
    OneOf {
        /// Fact.
        fact: String,
        /// Words.
        words: Vec<String>,
    },
    /// The place lies inside a polygon of (lon, lat) corners, degrees.
    Inside(Vec<(f64, f64)>),
}

impl Condition {
    /// Kleene's three-valued truth; `None` is unknown.
    pub fn holds(&self, facts: &BTreeMap<String, Fact>) -> Option<bool> {
        let number = |name: &str| match facts.get(name) {
            Some(Fact::Number(x)) if x.is_finite() => Some(*x),
            _ => None,
        };
        match self {
            Self::All(parts) => all(parts.iter().map(|part| part.holds(facts))),
            Self::Any(parts) => {
                all(parts.iter().map(|part| part.holds(facts).map(|b| !b))).map(|b| !b)
            }
            Self::Not(part) => part.holds(facts).map(|b| !b),
            Self::Below { fact, limit } => number(fact).map(|x| x < *limit),
            Self::Above { fact, limit } => number(fact).map(|x| x > *limit),
            Self::Yes(fact) => match facts.get(fact) {
                Some(Fact::Flag(set)) => Some(*set),
                _ => None,
            },
            Self::OneOf { fact, words } => match facts.get(fact) {
                Some(Fact::Text(word)) => Some(words.contains(word)),
                _ => None,
            },
            Self::Inside(corners) => {
                Some(crate::pilot::polygon::contains(corners, (number("lon")?, number("lat")?)))
            }
        }
    }
}

fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = true;
    for part in parts {
        match part {
            Some(false) => return Some(false),
            Some(true) => {}
            None => known = false,
        }
    }
    known.then_some(true)
}

/// A rule that removes sites.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Rule {
    /// Reason code, such as `too-small`.
    pub code: String,
    /// Reason in words.
    pub reason: String,
    /// A site is removed when this is known to hold.
    pub removes_when: Condition,
    /// Where the rule comes from.
    pub source: String,
}

/// A screening document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScreenDocument {
    /// Version, named by every result.
    pub version: String,
    /// Rules; their order decides only in which line of the funnel a site is counted.
    pub rules: Vec<Rule>,
}

/// A decision to keep a site in spite of a rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Site.
    pub site: String,
    /// Code of the rule.
    pub code: String,
    /// Why; must not be empty.
    pub note: String,
}

/// How many sites a rule removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunnelLine {
    /// Code of the rule.
    pub code: String,
    /// Sites the rule removes by itself.
    pub own: usize,
    /// Sites that only this rule removes: they would come back without it.
    pub marginal: usize,
    /// Sites for which the rule could not be told for want of a fact.
    pub unknown: usize,
    /// Sites the rule would remove, kept by an override.
    pub overridden: usize,
    /// Sites left after this rule and those before it.
    pub left: usize,
}

/// What became of one site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screened {
    /// Site.
    pub id: String,
    /// Codes of the rules that remove it, in the order of the rules; empty for survivors.
    pub removed_by: Vec<String>,
    /// Codes of the rules that could not be told.
    pub unknown: Vec<String>,
    /// Codes overridden.
    pub overridden: Vec<String>,
}

/// Result of a screening.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Screening {
    /// Version of the rules.
    pub version: String,
    /// Sites at the start.
    pub total: usize,
    /// One line per rule.
    pub funnel: Vec<FunnelLine>,
    /// All sites, in the order given.
    pub sites: Vec<Screened>,
    /// Overrides, as given.
    pub overrides: Vec<Override>,
}

/// Why a screening is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ScreenError {
    /// Not a screening document.
    #[error("not a screening document: {0}")]
    Syntax(String),
    /// Two rules of one code.
    #[error("rule {0} is defined twice")]
    Twice(String),
    /// An override without a note.
    #[error("the override of {code} for {site} needs a note that says why")]
    NoNote {
        /// Site.
        site: String,
        /// Rule.
        code: String,
    },
    /// An override of something that is not there.
    #[error("an override names {0}, which is neither a site nor a rule here")]
    Unknown(String),
}

impl ScreenDocument {
    /// Reads a document in TOML.
    pub fn parse(text: &str) -> Result<Self, ScreenError> {
        toml::from_str(text).map_err(|error| ScreenError::Syntax(error.to_string()))
    }

    /// Applies all rules to all sites.
    pub fn screen(
        &self,
        sites: &[SiteFacts],
        overrides: &[Override],
    ) -> Result<Screening, ScreenError> {
        let excused = self.check(sites, overrides)?;
        let screened: Vec<Screened> = sites.iter().map(|s| self.judge(s, &excused)).collect();
        Ok(Screening {
            version: self.version.clone(),
            total: sites.len(),
            funnel: self.funnel(&screened),
            sites: screened,
            overrides: overrides.to_vec(),
        })
    }

    fn judge(&self, site: &SiteFacts, excused: &BTreeSet<(&str, &str)>) -> Screened {
        let mut result = Screened {
            id: site.id.clone(),
            removed_by: Vec::new(),
            unknown: Vec::new(),
            overridden: Vec::new(),
        };
        for rule in &self.rules {
            let list = match rule.removes_when.holds(&site.facts) {
                Some(false) => continue,
                None => &mut result.unknown,
                Some(true) if excused.contains(&(&site.id, &rule.code)) => &mut result.overridden,
                Some(true) => &mut result.removed_by,
            };
            list.push(rule.code.clone());
        }
        result
    }

    fn funnel(&self, sites: &[Screened]) -> Vec<FunnelLine> {
        let mut passed: BTreeSet<&str> = BTreeSet::new();
        let mut lines = Vec::new();
        for rule in &self.rules {
            let code = &rule.code;
            passed.insert(code);
            let count = |f: &dyn Fn(&Screened) -> bool| sites.iter().filter(|s| f(s)).count();
            lines.push(FunnelLine {
                code: code.clone(),
                own: count(&|s| s.removed_by.contains(code)),
                marginal: count(&|s| s.removed_by.len() == 1 && s.removed_by[0] == *code),
                unknown: count(&|s| s.unknown.contains(code)),
                overridden: count(&|s| s.overridden.contains(code)),
                left: count(&|s| !s.removed_by.iter().any(|c| passed.contains(c.as_str()))),
            });
        }
        lines
    }

    fn check<'a>(
        &self,
        sites: &[SiteFacts],
        overrides: &'a [Override],
    ) -> Result<BTreeSet<(&'a str, &'a str)>, ScreenError> {
        let mut codes = BTreeSet::new();
        for rule in &self.rules {
            if !codes.insert(&rule.code) {
                return Err(ScreenError::Twice(rule.code.clone()));
            }
        }
        let ids: BTreeSet<&String> = sites.iter().map(|s| &s.id).collect();
        for Override { site, code, note } in overrides {
            if note.trim().is_empty() {
                return Err(ScreenError::NoNote { site: site.clone(), code: code.clone() });
            }
            for (known, name) in [(ids.contains(site), site), (codes.contains(code), code)] {
                if !known {
                    return Err(ScreenError::Unknown(name.clone()));
                }
            }
        }
        Ok(overrides.iter().map(|o| (o.site.as_str(), o.code.as_str())).collect())
    }
}

impl Screening {
    /// Sites that no rule removed.
    pub fn survivors(&self) -> impl Iterator<Item = &str> {
        self.sites.iter().filter(|s| s.removed_by.is_empty()).map(|s| s.id.as_str())
    }
}
