//! Steps that capture data: what they cost, what they need, what they constrain.

use serde::{Deserialize, Serialize};
use varp_model::Status;

/// Steps shipped with the program.
pub const DEFAULT_STEPS: &str = include_str!("../../reference/capture_steps.csv");
/// What they constrain.
pub const DEFAULT_EFFECTS: &str = include_str!("../../reference/capture_effects.csv");

/// A step that captures data of one body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Code.
    pub step: String,
    /// In words.
    pub name: String,
    /// Kinds of bodies that it can be done on, separated by `|`; `any` for all.
    pub kinds: String,
    /// A step that must come first; empty for none.
    pub after: String,
    /// Low end of the fixed cost, €.
    pub fixed_low: f64,
    /// Fixed cost, €.
    pub fixed_best: f64,
    /// High end of the fixed cost, €.
    pub fixed_high: f64,
    /// Low end of the cost per hectare, €.
    pub ha_low: f64,
    /// Cost per hectare, €.
    pub ha_best: f64,
    /// High end of the cost per hectare, €.
    pub ha_high: f64,
    /// Stage of knowledge that it belongs to: documented, sampled, characterised.
    pub stage: String,
    /// What is needed before one may start.
    pub access: String,
    /// What one has afterwards.
    pub gives: String,
    /// Where costs come from.
    pub source: String,
    /// Whether they were seen there.
    pub status: Status,
}

impl Step {
    /// Whether it can be done on a body of this kind.
    pub fn suits(&self, kind: &str) -> bool {
        self.kinds == "any" || self.kinds.split('|').any(|k| k == kind)
    }

    /// Low, best and high cost on a body of this area, €.
    pub fn cost(&self, hectares: f64) -> [f64; 3] {
        [
            self.fixed_low + self.ha_low * hectares,
            self.fixed_best + self.ha_best * hectares,
            self.fixed_high + self.ha_high * hectares,
        ]
    }
}

/// What a step leaves uncertain of one class of input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    /// Code of the step.
    pub step: String,
    /// Class of input: mass, volume, area, thickness, density, grade, ore, head grade, recovery.
    pub constrains: String,
    /// Relative standard deviation of its result.
    pub residual: f64,
    /// What that rests on.
    pub source: String,
    /// Whether it was seen there.
    pub status: Status,
}

/// Steps and effects of one version.
#[derive(Clone, Debug, PartialEq)]
pub struct Strategy {
    /// Steps, in the order in which they are thought of.
    pub steps: Vec<Step>,
    /// Effects.
    pub effects: Vec<Effect>,
}

impl Strategy {
    /// Reads both tables.
    ///
    /// # Errors
    /// If a row cannot be read.
    pub fn parse(steps: &str, effects: &str) -> Result<Self, csv::Error> {
        Ok(Self { steps: rows(steps)?, effects: rows(effects)? })
    }

    /// The strategy shipped with the program.
    pub fn embedded() -> Self {
        Self::parse(DEFAULT_STEPS, DEFAULT_EFFECTS).expect("a test reads the embedded tables")
    }

    /// The step of this code.
    pub fn step(&self, code: &str) -> Option<&Step> {
        self.steps.iter().find(|s| s.step == code)
    }

    /// What a step constrains.
    pub fn effects_of<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a Effect> {
        self.effects.iter().filter(move |e| e.step == code)
    }
}

fn rows<T: for<'de> Deserialize<'de>>(text: &str) -> Result<Vec<T>, csv::Error> {
    csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes())
        .into_deserialize()
        .collect()
}

/// The class of an input by its name in a result; `None` where no step constrains it.
pub fn class_of(input: &str) -> Option<&'static str> {
    const CLASSES: [(&str, &str); 15] = [
        ("head grade", "head grade"),
        ("recovery", "recovery"),
        ("grade", "grade"),
        ("sampl", "grade"),
        ("assay", "grade"),
        ("ore", "ore"),
        ("mean thickness", "thickness"),
        ("thickness", "thickness"),
        ("area", "area"),
        ("volume", "volume"),
        ("dry density", "density"),
        ("grain density", "density"),
        ("void ratio", "density"),
        ("density", "density"),
        ("mass", "mass"),
    ];
    CLASSES.iter().find(|(start, _)| input.starts_with(start)).map(|(_, class)| *class)
}
