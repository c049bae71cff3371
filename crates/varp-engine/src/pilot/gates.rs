//! Gates A to E between a pilot study and the next step, and the decision that follows.

use serde::{Deserialize, Serialize};

/// Results a decision looks at. What is not known is absent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GateFacts {
    /// Duplicates, reference materials and blanks passed.
    #[serde(default)]
    pub quality_passed: Option<bool>,
    /// P(net value per tonne > 0) at today's prices.
    #[serde(default)]
    pub chance_positive: Option<f64>,
    /// The same at the prices of the plan; tells a bad price from a bad body.
    #[serde(default)]
    pub chance_positive_at_plan_prices: Option<f64>,
    /// Expected value of the information of the next step, €.
    #[serde(default)]
    pub next_information: Option<f64>,
    /// Cost of the next step, €.
    #[serde(default)]
    pub next_cost: Option<f64>,
    /// Recovery found, share.
    #[serde(default)]
    pub recovery: Option<f64>,
    /// Low end of the recovery the plan assumed, share.
    #[serde(default)]
    pub planned_recovery_low: Option<f64>,
    /// Residue and water would be no worse than they are today.
    #[serde(default)]
    pub environment_not_worse: Option<bool>,
    /// Owner, heritage and permit are cleared.
    #[serde(default)]
    pub consent: Option<bool>,
}

/// State of a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GateState {
    /// Open.
    Passed,
    /// Shut.
    Failed,
    /// Not known yet.
    Unknown,
}

/// One gate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    /// A to E.
    pub letter: char,
    /// Question in words.
    pub question: String,
    /// State.
    pub state: GateState,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// All gates are open: take the next step.
    Go,
    /// Only price stands against it: keep the data, look again when prices move.
    Hold,
    /// Recovery or environment fail, or the body itself does not pay.
    Stop,
    /// The data are not usable: repeat the part that failed.
    Repeat,
    /// Consent is refused: settle it first.
    Settle,
    /// A gate is not known yet: finish the study.
    Finish,
}

/// Gates and decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Gates A to E.
    pub gates: Vec<Gate>,
    /// Decision.
    pub decision: Decision,
    /// Why, in words.
    pub reason: String,
}

/// One question of the decision tree, in the order asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Branch {
    /// Question.
    pub question: &'static str,
    /// What a failure leads to.
    pub on_failure: Decision,
}

/// The decision tree that [`judge`] follows: the first failure decides.
pub const TREE: [Branch; 6] = [
    Branch { question: "A: are the data usable?", on_failure: Decision::Repeat },
    Branch { question: "C: is the recovery what the plan needs?", on_failure: Decision::Stop },
    Branch { question: "D: is the residue no worse than today?", on_failure: Decision::Stop },
    Branch {
        question: "B: does a tonne pay at today's prices, and the next step too?",
        on_failure: Decision::Stop,
    },
    Branch {
        question: "B: if not, would it pay at the prices of the plan?",
        on_failure: Decision::Stop,
    },
    Branch { question: "E: do owner, heritage and permit agree?", on_failure: Decision::Settle },
];

/// Judges the gates: go needs all; hold when B fails by price only; stop when C or D fails.
pub fn judge(facts: &GateFacts) -> Verdict {
    let quality = flag(facts.quality_passed);
    let pays = at_least_half(facts.chance_positive);
    let worth = compare(facts.next_information, facts.next_cost, |gain, cost| gain > cost);
    let recovery = compare(facts.recovery, facts.planned_recovery_low, |found, low| found >= low);
    let environment = flag(facts.environment_not_worse);
    let consent = flag(facts.consent);
    let value = both(pays, worth);
    let price_only = pays == GateState::Failed
        && at_least_half(facts.chance_positive_at_plan_prices) == GateState::Passed;
    let (decision, reason) = if quality == GateState::Failed {
        (Decision::Repeat, "quality control failed")
    } else if recovery == GateState::Failed {
        (Decision::Stop, "recovery is below the low end of the plan")
    } else if environment == GateState::Failed {
        (Decision::Stop, "the residue or the water would be worse than today")
    } else if value == GateState::Failed && price_only {
        (Decision::Hold, "it pays at the prices of the plan, not at today's")
    } else if pays == GateState::Failed {
        (Decision::Stop, "a tonne does not pay")
    } else if value == GateState::Failed {
        (Decision::Stop, "the next step costs more than it would tell")
    } else if consent == GateState::Failed {
        (Decision::Settle, "owner, heritage or permit stand against it")
    } else if [quality, value, recovery, environment, consent].contains(&GateState::Unknown) {
        (Decision::Finish, "not all gates are known")
    } else {
        (Decision::Go, "all gates are open")
    };
    let gate = |letter, question: &str, state| Gate { letter, question: question.into(), state };
    Verdict {
        gates: vec![
            gate('A', "Data usable: quality control passed", quality),
            gate('B', "P(net value > 0) ≥ 0.5 and the next step tells more than it costs", value),
            gate('C', "Recovery at least the low end of the plan", recovery),
            gate('D', "Environment not worse than today", environment),
            gate('E', "Owner, heritage and permit cleared", consent),
        ],
        decision,
        reason: reason.into(),
    }
}

fn flag(fact: Option<bool>) -> GateState {
    match fact {
        Some(true) => GateState::Passed,
        Some(false) => GateState::Failed,
        None => GateState::Unknown,
    }
}

fn at_least_half(chance: Option<f64>) -> GateState {
    flag(chance.filter(|p| !p.is_nan()).map(|p| p >= 0.5))
}

fn compare(a: Option<f64>, b: Option<f64>, test: fn(f64, f64) -> bool) -> GateState {
    flag(a.zip(b).filter(|(a, b)| !a.is_nan() && !b.is_nan()).map(|(a, b)| test(a, b)))
}

fn both(a: GateState, b: GateState) -> GateState {
    match (a, b) {
        (GateState::Failed, _) | (_, GateState::Failed) => GateState::Failed,
        (GateState::Passed, GateState::Passed) => GateState::Passed,
        _ => GateState::Unknown,
    }
}
