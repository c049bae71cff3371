//! The plan of an estimate: everything that decides a result, as a document.

use serde::{Deserialize, Serialize};

use super::balance::{BalanceError, Correction, MetalFlow, Period, balance};
use super::belief::{Belief, BeliefError};
use super::carry::{CarryError, Input, Outcome, carry};

/// What a number rests on; decides how far it may argue in classification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Measured on this body.
    Measured,
    /// Derived from records of this body.
    Records,
    /// Taken from bodies of the same type or from literature.
    Analogue,
}

/// A quantity with what it rests on and where that comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// Distribution in the unit of its use.
    pub belief: Belief,
    /// What it rests on.
    pub basis: Basis,
    /// Source in words, with ids of claims where they exist.
    pub source: String,
}

/// Where the mass comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum MassFrom {
    /// A stated dry mass, tonnes.
    Stated {
        /// Tonnes, dry.
        mass_t: Quantity,
    },
    /// Volume times dry density.
    Volume {
        /// Cubic metres.
        volume_m3: Quantity,
        /// Dry tonnes per cubic metre.
        density: Quantity,
    },
    /// Area times mean thickness times dry density.
    Area {
        /// Square metres.
        area_m2: Quantity,
        /// Metres.
        thickness_m: Quantity,
        /// Dry tonnes per cubic metre.
        density: Quantity,
    },
    /// Ore milled minus concentrates, with corrections.
    Balance {
        /// Periods of milling.
        periods: Vec<PlannedPeriod>,
        /// What else moved mass.
        #[serde(default)]
        corrections: Vec<Correction>,
    },
}

/// A period of milling with uncertain numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedPeriod {
    /// Name, such as `1959-1972`.
    pub name: String,
    /// Dry ore milled, tonnes.
    pub ore_t: Quantity,
    /// What became of each substance.
    pub flows: Vec<PlannedFlow>,
}

/// What became of a substance, with uncertain numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedFlow {
    /// Substance code.
    pub substance: String,
    /// Head grade, mass fraction of dry ore.
    pub head_grade: Quantity,
    /// Share that went to product, 0 to 1.
    pub recovery: Quantity,
    /// Grade of its concentrate, mass fraction.
    #[serde(default)]
    pub concentrate_grade: Option<f64>,
}

/// A product to be estimated. With a balance, a product that is not planned comes out of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedProduct {
    /// Substance code.
    pub substance: String,
    /// Grade, mass fraction of dry material.
    pub grade: Quantity,
}

/// Everything that decides a result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EstimationPlan {
    /// Body, by id.
    pub body: String,
    /// Date for which the result holds, ISO 8601.
    pub effective: String,
    /// Where the quantities are measured: `in the body`, `recovered at the plant gate`.
    pub reference_point: String,
    /// Where the mass comes from.
    pub mass: MassFrom,
    /// Products with their grades.
    #[serde(default)]
    pub products: Vec<PlannedProduct>,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Number of draws.
    pub draws: usize,
}

/// One product of a result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProductEstimate {
    /// Substance code.
    pub substance: String,
    /// Grade, mass fraction: low, best, high.
    pub grade: [f64; 3],
    /// Contained tonnes: low, best, high.
    pub contained_t: [f64; 3],
    /// Mean of contained tonnes; larger than best where the distribution is skewed.
    pub contained_mean_t: f64,
    /// The weakest ground that it rests on.
    pub basis: Basis,
    /// Name of each input and its share of the variance of contained tonnes, greatest first.
    pub shares: Vec<(String, f64)>,
}

/// The result: a quantity statement. It is no resource statement until somebody adopts it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuantityStatement {
    /// Body, by id.
    pub body: String,
    /// Date for which it holds.
    pub effective: String,
    /// Where the quantities are measured.
    pub reference_point: String,
    /// Dry tonnes: low, best, high.
    pub mass_t: [f64; 3],
    /// Cubic metres: low, best, high; `None` where the plan has no volume.
    pub volume_m3: Option<[f64; 3]>,
    /// What is in it.
    pub products: Vec<ProductEstimate>,
    /// What was assumed, a sentence each.
    pub assumptions: Vec<String>,
}

/// Why an estimate cannot be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EstimateError {
    /// A distribution is not one.
    #[error(transparent)]
    Belief(#[from] BeliefError),
    /// Carrying the uncertainty failed.
    #[error(transparent)]
    Carry(#[from] CarryError),
    /// The balance cannot be at the best values.
    #[error(transparent)]
    Balance(#[from] BalanceError),
    /// The plan asks for nothing.
    #[error("the plan has {0}")]
    Empty(&'static str),
}

/// Carries out a plan. The same plan gives the same bytes.
///
/// # Errors
/// If the plan is unsound; see [`EstimateError`].
pub fn estimate(plan: &EstimationPlan) -> Result<QuantityStatement, EstimateError> {
    if plan.draws < 100 {
        return Err(EstimateError::Empty("fewer than 100 draws"));
    }
    let wiring = Wiring::of(plan)?;
    let carried = carry(&wiring.inputs, &[], plan.draws, plan.seed, |x| wiring.results(x))?;
    let [mass, rest @ ..] = carried.outcomes.as_slice() else {
        return Err(EstimateError::Empty("no result"));
    };
    let (volume, rest) = match wiring.has_volume() {
        true => (rest.first().map(ends), rest.get(1..).unwrap_or_default()),
        false => (None, rest),
    };
    let products = wiring.substances.iter().zip(rest.chunks(2));
    Ok(QuantityStatement {
        body: plan.body.clone(),
        effective: plan.effective.clone(),
        reference_point: plan.reference_point.clone(),
        mass_t: ends(mass),
        volume_m3: volume,
        products: products.map(|(s, pair)| wiring.product(s, &pair[0], &pair[1])).collect(),
        assumptions: wiring.assumptions(),
    })
}

fn ends(outcome: &Outcome) -> [f64; 3] {
    [outcome.low, outcome.best, outcome.high]
}

/// Inputs in a row, and how results are made of them.
struct Wiring<'a> {
    plan: &'a EstimationPlan,
    inputs: Vec<Input>,
    quantities: Vec<(String, &'a Quantity)>,
    substances: Vec<String>,
}

impl<'a> Wiring<'a> {
    fn of(plan: &'a EstimationPlan) -> Result<Self, EstimateError> {
        let mut quantities: Vec<(String, &Quantity)> = Vec::new();
        let mut substances: Vec<String> = Vec::new();
        match &plan.mass {
            MassFrom::Stated { mass_t } => quantities.push(("mass".into(), mass_t)),
            MassFrom::Volume { volume_m3, density } => {
                quantities.push(("volume".into(), volume_m3));
                quantities.push(("dry density".into(), density));
            }
            MassFrom::Area { area_m2, thickness_m, density } => {
                quantities.push(("area".into(), area_m2));
                quantities.push(("thickness".into(), thickness_m));
                quantities.push(("dry density".into(), density));
            }
            MassFrom::Balance { periods, .. } => {
                for period in periods {
                    quantities.push((format!("ore {}", period.name), &period.ore_t));
                    for flow in &period.flows {
                        let of = |what| format!("{what} of {} {}", flow.substance, period.name);
                        quantities.push((of("head grade"), &flow.head_grade));
                        quantities.push((of("recovery"), &flow.recovery));
                        if !substances.contains(&flow.substance) {
                            substances.push(flow.substance.clone());
                        }
                    }
                }
                if periods.is_empty() {
                    return Err(EstimateError::Empty("a balance without periods"));
                }
            }
        }
        for product in &plan.products {
            quantities.push((format!("grade of {}", product.substance), &product.grade));
            substances.retain(|s| *s != product.substance);
        }
        substances.splice(0..0, plan.products.iter().map(|p| p.substance.clone()));
        let inputs = quantities
            .iter()
            .map(|(name, q)| Input { name: name.clone(), belief: q.belief })
            .collect();
        let wiring = Self { plan, inputs, quantities, substances };
        wiring.check_balance()?;
        Ok(wiring)
    }

    fn has_volume(&self) -> bool {
        matches!(self.plan.mass, MassFrom::Volume { .. } | MassFrom::Area { .. })
    }

    /// A balance that fails at the medians is an error of the plan, with its words.
    fn check_balance(&self) -> Result<(), EstimateError> {
        let medians: Vec<f64> = self.inputs.iter().map(|i| i.belief.quantile(0.5)).collect();
        match &self.plan.mass {
            MassFrom::Balance { periods, corrections } => {
                balance(&drawn(periods, &medians), corrections)?;
            }
            _ if self.substances.is_empty() => return Err(EstimateError::Empty("no product")),
            _ => {}
        }
        Ok(())
    }

    /// Mass, volume where there is one, then grade and contained tonnes of each substance.
    fn results(&self, x: &[f64]) -> Vec<f64> {
        let own = &x[x.len() - self.plan.products.len()..];
        let mut results = Vec::with_capacity(2 + 2 * self.substances.len());
        let mut from_balance: Vec<(String, f64, f64)> = Vec::new();
        let mass = match &self.plan.mass {
            MassFrom::Stated { .. } => x[0],
            MassFrom::Volume { .. } => x[0] * x[1],
            MassFrom::Area { .. } => x[0] * x[1] * x[2],
            MassFrom::Balance { periods, corrections } => {
                match balance(&drawn(periods, x), corrections) {
                    Ok(b) => {
                        from_balance = b.contained;
                        b.mass_t
                    }
                    Err(_) => f64::NAN, // told by carry, with the number of the draw
                }
            }
        };
        results.push(mass);
        match &self.plan.mass {
            MassFrom::Volume { .. } => results.push(x[0]),
            MassFrom::Area { .. } => results.push(x[0] * x[1]),
            MassFrom::Stated { .. } | MassFrom::Balance { .. } => {}
        }
        for (at, substance) in self.substances.iter().enumerate() {
            let grade = own.get(at).copied().unwrap_or_else(|| {
                from_balance.iter().find(|(s, ..)| s == substance).map_or(f64::NAN, |(.., g)| *g)
            });
            results.extend([grade, mass * grade]);
        }
        results
    }

    fn product(&self, substance: &str, grade: &Outcome, contained: &Outcome) -> ProductEstimate {
        let names = self.quantities.iter().map(|(name, _)| name.clone());
        let mut shares: Vec<(String, f64)> =
            names.zip(contained.shares.iter().copied()).filter(|(_, s)| *s > 5e-4).collect();
        shares.sort_by(|a, b| b.1.total_cmp(&a.1));
        let own = self.plan.products.iter().any(|p| p.substance == substance);
        let concerns =
            |name: &str| !name.contains(" of ") || name.contains(&format!(" of {substance}"));
        let grounds = self
            .quantities
            .iter()
            .filter(|(name, _)| concerns(name) && !(own && name.starts_with("head grade")));
        ProductEstimate {
            substance: substance.to_owned(),
            grade: ends(grade),
            contained_t: ends(contained),
            contained_mean_t: contained.mean,
            basis: grounds.map(|(_, q)| q.basis).max().unwrap_or(Basis::Analogue),
            shares,
        }
    }

    fn assumptions(&self) -> Vec<String> {
        let quantity = |(name, q): &(String, &Quantity)| {
            let how = match q.basis {
                Basis::Measured => "measured",
                Basis::Records => "from records",
                Basis::Analogue => "by analogy, not from this body",
            };
            format!("{name}: {:?}, {how} ({})", q.belief, q.source)
        };
        let mut said: Vec<String> = self.quantities.iter().map(quantity).collect();
        if let MassFrom::Balance { corrections, .. } = &self.plan.mass {
            said.extend(
                corrections
                    .iter()
                    .map(|c| format!("{}: {} t dry ({})", c.name, c.mass_t, c.source)),
            );
        }
        said.push("low and high are the ends of the 80 % interval, best is the median".into());
        said
    }
}

fn drawn(periods: &[PlannedPeriod], x: &[f64]) -> Vec<Period> {
    let mut values = x.iter().copied();
    let mut next = || values.next().unwrap_or(f64::NAN);
    periods
        .iter()
        .map(|period| Period {
            name: period.name.clone(),
            ore_t: next(),
            flows: period
                .flows
                .iter()
                .map(|flow| MetalFlow {
                    substance: flow.substance.clone(),
                    head_grade: next(),
                    recovery: next(),
                    concentrate_grade: flow.concentrate_grade,
                })
                .collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(value: f64) -> Quantity {
        Quantity { belief: Belief::Exact(value), basis: Basis::Records, source: "test".into() }
    }

    fn plan(mass: MassFrom, products: Vec<PlannedProduct>) -> EstimationPlan {
        EstimationPlan {
            body: "b".into(),
            effective: "2026-11-23".into(),
            reference_point: "in the body".into(),
            mass,
            products,
            seed: 1,
            draws: 2_000,
        }
    }

    /// Otanmäki: 9.8 Mt at 7.9 % TiO2 hold 774 kt; on 145 ha at 1.6 t/m³ that is 4.2 m thick
    /// (published figures of FutuRaM; a consistency check).
    #[test]
    fn otanmaki_holds_774_kt_of_titania() {
        let grade = PlannedProduct { substance: "TiO2".into(), grade: exact(0.079) };
        let stated = MassFrom::Stated { mass_t: exact(9.8e6) };
        let statement = estimate(&plan(stated, vec![grade.clone()])).unwrap();
        assert!((statement.products[0].contained_t[1] / 774.2e3 - 1.0).abs() < 1e-9);
        let area = MassFrom::Area {
            area_m2: exact(145e4),
            thickness_m: exact(9.8e6 / 1.6 / 145e4),
            density: exact(1.6),
        };
        let again = estimate(&plan(area, vec![grade])).unwrap();
        assert!((again.mass_t[1] / 9.8e6 - 1.0).abs() < 1e-12);
        assert!((again.volume_m3.unwrap()[1] / 145e4 - 4.224).abs() < 1e-3);
    }

    /// Korsnäs: 0.72–0.92 Mt at 6200–6500 ppm hold 4.5–6.0 kt TREO.
    #[test]
    fn korsnas_holds_five_kilotonnes_of_rare_earth_oxides() {
        let range = |from, to| Quantity {
            belief: Belief::Uniform { from, to },
            basis: Basis::Records,
            source: "exploration target".into(),
        };
        let products =
            vec![PlannedProduct { substance: "TREO".into(), grade: range(6.2e-3, 6.5e-3) }];
        let mass = MassFrom::Stated { mass_t: range(0.72e6, 0.92e6) };
        let statement = estimate(&plan(mass, products)).unwrap();
        let [low, best, high] = statement.products[0].contained_t;
        assert!(4464.0 < low && low < best && best < high && high < 5980.0);
        assert_eq!(statement.products[0].shares[0].0, "mass");
    }

    #[test]
    fn a_balance_yields_what_was_never_recovered() {
        let flow = |substance: &str, head, recovery| PlannedFlow {
            substance: substance.into(),
            head_grade: exact(head),
            recovery,
            concentrate_grade: None,
        };
        let prior = Quantity {
            belief: Belief::Uniform { from: 0.8, to: 0.9 },
            basis: Basis::Analogue,
            source: "flotation 1920-1950".into(),
        };
        let periods = vec![PlannedPeriod {
            name: "1920-1950".into(),
            ore_t: exact(1e6),
            flows: vec![flow("Cu", 0.01, prior), flow("Co", 5e-4, exact(0.0))],
        }];
        let statement =
            estimate(&plan(MassFrom::Balance { periods, corrections: vec![] }, vec![])).unwrap();
        let [copper, cobalt] = statement.products.as_slice() else { panic!("two products") };
        assert!((copper.contained_t[1] / 1500.0 - 1.0).abs() < 0.01);
        assert_eq!(copper.basis, Basis::Analogue);
        assert!((cobalt.contained_t[1] - 500.0).abs() < 1e-9);
        assert_eq!(cobalt.basis, Basis::Records);
    }

    #[test]
    fn a_plan_survives_its_text_and_replays_to_the_same_bytes() {
        let products = vec![PlannedProduct { substance: "W".into(), grade: exact(1e-3) }];
        let plan = plan(MassFrom::Stated { mass_t: exact(1e6) }, products);
        let text = toml::to_string(&plan).unwrap();
        let again: EstimationPlan = toml::from_str(&text).unwrap();
        assert_eq!(again, plan);
        let bytes = |p| serde_json::to_vec(&estimate(p).unwrap()).unwrap();
        assert_eq!(bytes(&plan), bytes(&again));
    }
}
