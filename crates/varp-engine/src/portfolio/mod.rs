//! Which sites together: an exact 0/1 choice under a budget, quotas, clusters and precedence.
//!
//! max Σ u_i x_i subject to Σ c_i x_i ≤ B and the rules of the document, x_i ∈ {0, 1}.

pub mod candidates;
mod conflict;
mod exact;
mod greedy;
mod model;
mod relaxation;
pub mod robust;
mod states;
mod structure;

pub use model::solve;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One site that may be chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    /// Site.
    pub id: String,
    /// Worth, in any one unit, from zero up: mean additive value or expected net gain.
    pub worth: f64,
    /// Cost, in the unit of the budget, from zero up.
    pub cost: f64,
    /// Attributes that quotas look at.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
}

/// How many sites with an attribute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// Attribute, such as `country`.
    pub attribute: String,
    /// Its value, such as `SE`.
    pub value: String,
    /// At least so many.
    #[serde(default)]
    pub at_least: Option<usize>,
    /// At most so many.
    #[serde(default)]
    pub at_most: Option<usize>,
}

/// What a portfolio must satisfy besides the budget.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Quotas.
    #[serde(default)]
    pub quotas: Vec<Quota>,
    /// Attribute whose values are clusters: at most one site of each.
    #[serde(default)]
    pub cluster: Option<String>,
    /// Pairs (a, b): a only together with b.
    #[serde(default)]
    pub requires: Vec<(String, String)>,
    /// Sites that must be in.
    #[serde(default)]
    pub must: Vec<String>,
    /// Sites that must not be in.
    #[serde(default)]
    pub never: Vec<String>,
    /// Search stops at so many partial portfolios and states its gap; the same on every machine.
    /// Without it at 4 million, and at 400,000 in a draw of the core index.
    #[serde(default)]
    pub node_limit: Option<u64>,
}

/// One constraint by name, as an explanation shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "constraint", rename_all = "kebab-case")]
pub enum Constraint {
    /// The budget.
    Budget {
        /// Limit.
        limit: f64,
    },
    /// At least so many.
    AtLeast {
        /// Attribute.
        attribute: String,
        /// Value.
        value: String,
        /// Number.
        count: usize,
    },
    /// At most so many.
    AtMost {
        /// Attribute.
        attribute: String,
        /// Value.
        value: String,
        /// Number.
        count: usize,
    },
    /// At most one of a cluster.
    Cluster {
        /// Its name.
        name: String,
    },
    /// One only with the other.
    Requires {
        /// Site.
        site: String,
        /// Site it needs.
        needs: String,
    },
    /// In.
    Must {
        /// Site.
        site: String,
    },
    /// Not in.
    Never {
        /// Site.
        site: String,
    },
}

/// Result of a choice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum Outcome {
    /// The best portfolio, proved.
    Optimal {
        /// Portfolio.
        portfolio: Portfolio,
    },
    /// A portfolio that could be better by up to `gap` of its worth: the limit was reached.
    Limited {
        /// Portfolio.
        portfolio: Portfolio,
        /// Relative gap, where the solver knows one.
        gap: Option<f64>,
    },
    /// Nothing satisfies all constraints.
    Infeasible {
        /// A set of constraints that cannot hold together; without any one of them the rest can.
        conflict: Vec<Constraint>,
    },
}

/// Chosen sites.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Portfolio {
    /// Sites, in the order of the candidates.
    pub chosen: Vec<String>,
    /// Sum of worth.
    pub worth: f64,
    /// Sum of cost.
    pub cost: f64,
}

/// Why a portfolio is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PortfolioError {
    /// A worth, cost or budget that is not a number from zero up.
    #[error("{what} of {id} is {value}, but must be a number from zero up")]
    Number {
        /// Whose.
        id: String,
        /// What.
        what: &'static str,
        /// Number.
        value: f64,
    },
    /// A rule names an unknown site, or a site stands twice.
    #[error("{id} {problem}")]
    Site {
        /// Site.
        id: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// An attribute that no candidate has.
    #[error("the quotas look at \"{attribute}\", which no body has\n  hint: bodies have {known}")]
    Attribute {
        /// Its name.
        attribute: String,
        /// Those that there are.
        known: String,
    },
    /// A number of the document.
    #[error("{what} is {value}\n  hint: {hint}")]
    Document {
        /// Which.
        what: &'static str,
        /// Its value.
        value: f64,
        /// What it may be.
        hint: &'static str,
    },
    /// The solver failed, or reached its node limit before any portfolio was found.
    #[error("solver: {0}")]
    Solver(String),
}
