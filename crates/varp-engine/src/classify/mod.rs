//! Classification: evidence and rules in, a UNFC class with all its reasons out.
//!
//! The same call serves a deposit in the ground and a tailings pond. The rules are a document
//! (`reference/rules.toml`); nothing here knows a threshold.

mod bridge;
mod code;
mod criticality;
mod dossier;
mod engine;
mod evidence;
mod heat;
mod rules;
mod steps;
mod worked;

pub use bridge::{Bridge, BridgeError, Compliance};
pub use code::{Axis, Category, ClassTable, Code, CodeError, ProductClass};
pub use criticality::{Moved, Relevance, list_as_of, moved, relevance};
pub use dossier::{Dossier, Fact, Grounds, Product};
pub use engine::{AxisResult, Classified, Finding, classify};
pub use evidence::dossier_from;
pub use heat::{HeatCell, Shade, heat_map};
pub use rules::{Condition, FactKind, FactRule, Rule, RuleSet, RulesError, Side};
pub use steps::{Advice, Step};
pub use worked::{Mutation, WorkedCase, check, kappa, mutations};
