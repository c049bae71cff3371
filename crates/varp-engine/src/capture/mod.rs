//! What to find out next: steps that capture data, ranked by what they are expected to buy.
//!
//! Each input of an estimate holds a share of the variance of the logarithm of contained tonnes. A step
//! measures some inputs with a known residual error; by Bayes' rule for normal errors the variance of an
//! input falls from σ² to 1/(1/σ² + 1/τ²). What a step buys is the expected drop, per euro.

mod rank;
mod steps;

use serde::Serialize;

pub use rank::{Programme, Wanted, programme};
pub use steps::{DEFAULT_EFFECTS, DEFAULT_STEPS, Effect, Step, Strategy, class_of};

use crate::chance::Z80;
use crate::pilot::information::Decision;

/// A product of a body whose contained tonnes are uncertain.
#[derive(Clone, Debug, PartialEq)]
pub struct Uncertain {
    /// The body, by id.
    pub body: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// Country of its site.
    pub country: String,
    /// Area, hectares; guessed from the mass where it is not known.
    pub hectares: f64,
    /// Substance.
    pub product: String,
    /// Dry tonnes, best.
    pub mass_t: f64,
    /// Contained tonnes: low, best, high.
    pub contained_t: [f64; 3],
    /// Inputs and their shares of the variance of the logarithm of contained tonnes.
    pub shares: Vec<(String, f64)>,
    /// Weight of the product: 0 occurrence … 4 very large, plus 1, on the scale of deposits.
    pub weight: f64,
    /// Steps that were done already.
    pub done: Vec<String>,
    /// What a decision would hang on, where a price is given.
    pub stakes: Option<Stakes>,
}

/// What a decision on a body hangs on: go on if the value in a tonne pays its treatment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Stakes {
    /// € per tonne of the substance.
    pub price: f64,
    /// Share that can be recovered.
    pub recovery: f64,
    /// € to treat a tonne of material.
    pub treatment: f64,
}

/// An offer: a step on a body, with what it buys.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Offer {
    /// The body, by id.
    pub body: String,
    /// Its name.
    pub name: String,
    /// Country of its site.
    pub country: String,
    /// Product it is judged by.
    pub product: String,
    /// Codes of the steps, in order: those that must come first stand first.
    pub steps: Vec<String>,
    /// The same in words.
    pub words: Vec<String>,
    /// Inputs that it constrains, with the relative standard deviation before and after.
    pub constrains: Vec<(String, f64, f64)>,
    /// Cost, €: low, best, high.
    pub cost_eur: [f64; 3],
    /// Variance of ln(contained tonnes) before.
    pub variance: f64,
    /// Expected drop of it.
    pub drop: f64,
    /// Drop × weight per 1000 €: what the order goes by.
    pub drop_per_keur: f64,
    /// Factor between high and low of contained tonnes, now and expected after.
    pub spread: [f64; 2],
    /// Expected value of the information for the decision, €; `None` without a price.
    pub information_eur: Option<f64>,
    /// What is needed before one may start.
    pub access: Vec<String>,
}

/// Standard deviations of the logarithm by input: the knowledge of a body under way.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Knowledge {
    pub inputs: Vec<(String, f64)>,
    pub rest: f64,
    pub done: Vec<String>,
}

impl Knowledge {
    pub fn of(item: &Uncertain) -> Self {
        let [low, _, high] = item.contained_t;
        let variance =
            if low > 0.0 && high > low { ((high / low).ln() / (2.0 * Z80)).powi(2) } else { 0.0 };
        let told: f64 = item.shares.iter().map(|(_, s)| s.max(0.0)).sum();
        let inputs = item.shares.iter().map(|(n, s)| (n.clone(), variance * s.max(0.0))).collect();
        Self { inputs, rest: variance * (1.0 - told).max(0.0), done: item.done.clone() }
    }

    /// Variance of the logarithm of contained tonnes.
    pub fn variance(&self) -> f64 {
        self.inputs.iter().map(|(_, v)| v).sum::<f64>() + self.rest
    }

    /// After a step; what it constrains, with standard deviations before and after.
    pub fn after(&self, step: &str, strategy: &Strategy) -> (Self, Vec<(String, f64, f64)>) {
        let mut next = self.clone();
        let mut told = Vec::new();
        for effect in strategy.effects_of(step) {
            let tau = effect.residual.powi(2);
            for (name, variance) in &mut next.inputs {
                if class_of(name) != Some(effect.constrains.as_str()) || *variance <= 0.0 {
                    continue;
                }
                let after = *variance * tau / (*variance + tau);
                told.push((name.clone(), variance.sqrt(), after.sqrt()));
                *variance = after;
            }
        }
        next.done.push(step.to_owned());
        (next, told)
    }
}

/// Value of the information that a drop of variance brings, € (two actions, normal belief).
///
/// Gain is mass × (price × recovery × grade − treatment), or nothing; the belief on the grade of
/// contained metal has the relative standard deviation of contained tonnes.
pub(crate) fn information(item: &Uncertain, drop: f64, variance: f64) -> Option<f64> {
    let stakes = item.stakes?;
    if !(drop > 0.0 && item.mass_t > 0.0 && variance > 0.0) {
        return Some(0.0);
    }
    let grade = item.contained_t[1] / item.mass_t;
    let prior_deviation = grade * variance.sqrt();
    let decision = Decision {
        prior_mean: grade,
        prior_deviation,
        break_even: stakes.treatment / (stakes.price * stakes.recovery),
        slope: item.mass_t * stakes.price * stakes.recovery,
        hole_deviation: prior_deviation,
        fixed_cost: 0.0,
        cost_per_hole: 0.0,
    };
    // the deviation of the posterior mean is grade · √drop: solve σ₀⁴/(σ₀² + v) = grade² · drop
    let prior = prior_deviation.powi(2);
    let noise = (prior * prior / (grade * grade * drop) - prior).max(0.0);
    Some(decision.information(noise))
}

/// All offers for one body as it stands now, the best first.
pub fn offers(item: &Uncertain, strategy: &Strategy) -> Vec<Offer> {
    let knowledge = Knowledge::of(item);
    let mut all = rank::offers_from(item, &knowledge, strategy);
    all.sort_by(|a, b| {
        b.drop_per_keur.total_cmp(&a.drop_per_keur).then_with(|| a.steps.cmp(&b.steps))
    });
    all
}

#[cfg(test)]
mod tests;
