//! Classification: evidence and rules in, a UNFC class with all its reasons out.
//!
//! The same call serves a deposit in the ground and a tailings pond. The rules are a document
//! (`reference/rules.toml`); nothing here knows a threshold.

mod blind;
mod bridge;
mod changed;
mod code;
mod contained;
mod criticality;
mod dossier;
mod edition;
mod engine;
mod estimated;
mod evidence;
mod heat;
mod inventory;
mod quick;
mod record;
mod rules;
mod scenario;
mod steps;
mod worked;

pub use blind::{BlindDossier, blind_text};
pub use bridge::{Bridge, BridgeError, Compliance};
pub use changed::{Changed, changed};
pub use code::{Axis, Category, ClassTable, Code, CodeError, ProductClass};
pub use contained::{Contained, How, SizeWord, contained};
pub use criticality::{Moved, Relevance, list_as_of, moved, relevance};
pub use dossier::{Dossier, Fact, Grounds, Product};
pub use edition::{Change, Edition, EditionLine};
pub use engine::{AxisResult, Classified, Finding, classify};
pub use estimated::{Estimated, add_estimates};
pub use evidence::dossier_from;
pub use heat::{HeatCell, Shade, heat_map};
pub use inventory::{
    Adding, Entry, Group, LeftOut, Stale, Total, class_words, commodity_of, totals,
};
pub use quick::{Prepared, Quick};
pub use record::{ClassRecord, ProductRecord, ReasonsError};
pub use rules::{Condition, FactKind, FactRule, Rule, RuleSet, RulesError, Side};
pub use scenario::{ScenarioError, Scenarios};
pub use steps::{Advice, Step};
pub use worked::{Mutation, WorkedCase, check, kappa, mutations};
