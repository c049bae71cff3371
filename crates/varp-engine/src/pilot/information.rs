//! Value of information of a drilling campaign: two actions (go on, stop), gain linear in grade,
//! normal prior (Raiffa & Schlaifer 1961).

use crate::chance::distribution::{normal_density, normal_probability};
use serde::{Deserialize, Serialize};

/// A decision that hangs on a mean grade.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Prior mean of the grade.
    pub prior_mean: f64,
    /// Prior standard deviation of the mean grade, above zero.
    pub prior_deviation: f64,
    /// Grade at which going on just pays.
    pub break_even: f64,
    /// € per unit of grade above break-even.
    pub slope: f64,
    /// Standard deviation of one hole's grade within the body, above zero.
    pub hole_deviation: f64,
    /// € before the first hole.
    pub fixed_cost: f64,
    /// € per hole.
    pub cost_per_hole: f64,
}

/// A number of holes and what it brings.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Campaign {
    /// Holes.
    pub holes: usize,
    /// Expected net gain, €; may be below zero.
    pub net_gain: f64,
}

impl Decision {
    /// Expected value of knowing the mean grade exactly, €.
    pub fn perfect_information(&self) -> f64 {
        self.slope * self.prior_deviation * self.loss(self.prior_deviation)
    }

    /// Expected value of the information of `holes` independent holes, €.
    ///
    /// k·σ_pp·[φ(D) − D(1 − Φ(D))], D = |μ₀ − b|/σ_pp, σ²_pp = σ₀⁴/(σ₀² + s²/n).
    pub fn sample_information(&self, holes: usize) -> f64 {
        if holes == 0 {
            return 0.0;
        }
        self.information(self.hole_deviation.powi(2) / holes as f64)
    }

    /// The same for a design whose mean has the error variance `variance` (grade unit squared).
    pub fn information(&self, variance: f64) -> f64 {
        let prior = self.prior_deviation.powi(2);
        let deviation = (prior * prior / (prior + variance)).sqrt();
        self.slope * deviation * self.loss(deviation)
    }

    /// Information less cost, €.
    pub fn net_gain(&self, holes: usize) -> f64 {
        if holes == 0 {
            return 0.0;
        }
        self.sample_information(holes) - self.fixed_cost - self.cost_per_hole * holes as f64
    }

    /// The number of holes up to `most` with the largest net gain; zero holes where none pays.
    pub fn best(&self, most: usize) -> Campaign {
        let mut best = Campaign { holes: 0, net_gain: 0.0 };
        for holes in 1..=most {
            let net_gain = self.net_gain(holes);
            if net_gain > best.net_gain {
                best = Campaign { holes, net_gain };
            }
        }
        best
    }

    /// Unit normal loss at the distance of the prior mean from break-even.
    fn loss(&self, deviation: f64) -> f64 {
        let d = (self.prior_mean - self.break_even).abs() / deviation;
        normal_density(d) - d * normal_probability(-d)
    }
}
