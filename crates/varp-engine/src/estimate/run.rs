//! Carrying out a plan: its uncertain numbers in a row, results of each draw, the statement.

use varp_geostat::progress::Progress;

use super::balance::{Correction, MetalFlow, Period, balance};
use super::belief::Belief;
use super::cap::cap;
use super::carry::{CarryError, Input, Outcome, carry};
use super::data::BodyData;
use super::error::EstimateError;
use super::grade::{GradeFound, grades};
use super::mass::{MassFrom, PlannedCorrection, PlannedPeriod};
use super::plan::EstimationPlan;
use super::priors::Priors;
use super::product::{GradeFrom, PlannedProduct};
use super::quantity::{Basis, Quantity};
use super::report::production;
use super::shares;
use super::statement::{Estimate, ProductEstimate, QuantityStatement, Sampled};
use super::volume::{VolumeFound, volume};

/// Carries out a plan that needs nothing but itself. The same plan gives the same bytes.
///
/// # Errors
/// If the plan is unsound, or takes samples, surfaces or analogues; see [`EstimateError`].
pub fn estimate(plan: &EstimationPlan) -> Result<QuantityStatement, EstimateError> {
    let (data, priors) = (BodyData::default(), Priors::embedded());
    Ok(estimate_body(plan, &data, &priors, &Progress::none())?.statement)
}

/// Carries out a plan on what is known of the body. The same plan, data and priors give the same
/// bytes for any number of threads.
///
/// # Errors
/// If the plan is unsound or the data lack what it takes; see [`EstimateError`].
pub fn estimate_body(
    plan: &EstimationPlan,
    data: &BodyData,
    priors: &Priors,
    progress: &Progress<'_>,
) -> Result<Estimate, EstimateError> {
    super::sound::check(plan)?;
    let clean = super::stray::without_strays(data);
    let data = clean.as_ref().unwrap_or(data);
    let volume = volume(&plan.mass, data, priors)?;
    let grades = grades(plan, data, priors, volume.as_ref(), progress)?;
    let wiring = Wiring::of(plan, volume, &grades)?;
    let correlations = wiring.correlations()?;
    let inputs: Vec<Input> = wiring.named.iter().map(|n| n.input.clone()).collect();
    let carried = carry(&inputs, &correlations, plan.draws, plan.seed, |x| wiring.results(x))
        .map_err(|error| impossible_draw(plan, error))?;
    let statement = wiring.statement(&carried.outcomes, &grades, data, priors)?;
    let blocks = super::grade::blocks(&grades, &statement);
    Ok(Estimate { statement, blocks })
}

/// A draw whose balance cannot be, in words.
fn impossible_draw(plan: &EstimationPlan, error: CarryError) -> EstimateError {
    match (error, &plan.mass) {
        (CarryError::NotANumber { draw, .. }, MassFrom::Balance { .. }) => EstimateError::Unsound {
            what: "balance".into(),
            problem: format!(
                "in draw {draw} a recovery or head grade is above 1, concentrates outweigh the ore, or \
                 corrections take out more than there is; beliefs with hard ends (triangular, uniform) \
                 keep them within"
            ),
        },
        (error, _) => error.into(),
    }
}

/// An input with what it rests on.
pub(super) struct Named {
    pub(super) input: Input,
    basis: Basis,
    source: String,
}

/// Inputs in a row, and how results are made of them.
pub(super) struct Wiring<'a> {
    pub(super) plan: &'a EstimationPlan,
    pub(super) named: Vec<Named>,
    volume: Option<VolumeFound>,
    /// Planned products first, then what a balance yields beside them.
    substances: Vec<String>,
}

impl<'a> Wiring<'a> {
    fn of(
        plan: &'a EstimationPlan,
        volume: Option<VolumeFound>,
        grades: &[GradeFound],
    ) -> Result<Self, EstimateError> {
        let mut wiring = Self { plan, named: Vec::new(), volume: None, substances: Vec::new() };
        wiring.mass_inputs(volume.as_ref())?;
        wiring.volume = volume;
        for (product, found) in plan.products.iter().zip(grades) {
            let name = format!("grade of {}", product.substance);
            wiring.push(name, found.belief.clone(), found.basis, found.source.clone());
            wiring.substances.retain(|s| *s != product.substance);
        }
        let planned = plan.products.iter().map(|p| p.substance.clone());
        wiring.substances.splice(0..0, planned);
        wiring.check_balance()?;
        Ok(wiring)
    }

    fn push(&mut self, name: String, belief: Belief, basis: Basis, source: String) {
        self.named.push(Named { input: Input { name, belief }, basis, source });
    }

    fn quantity(&mut self, name: &str, q: &Quantity) {
        self.push(name.to_owned(), q.belief.clone(), q.basis, q.source.clone());
    }

    fn mass_inputs(&mut self, volume: Option<&VolumeFound>) -> Result<(), EstimateError> {
        let plan = self.plan;
        for (name, belief, basis, source) in volume.iter().flat_map(|v| v.inputs.iter().cloned()) {
            self.push(name, belief, basis, source);
        }
        for (name, q) in plan.mass.density().iter().flat_map(|d| d.quantities()) {
            self.quantity(name, q);
        }
        match &plan.mass {
            MassFrom::Stated { mass_t } => self.quantity("mass", mass_t),
            MassFrom::Balance { periods, corrections, ore_factor, grade_factor } => {
                self.balance_inputs(periods);
                for c in corrections {
                    self.correction_input(c)?;
                }
                if let Some(factor) = ore_factor {
                    self.quantity("factor of all ore", factor);
                }
                if let Some(factor) = grade_factor {
                    self.quantity("factor of all head grades", factor);
                }
                if periods.is_empty() {
                    return Err(EstimateError::Empty("a balance without periods"));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn balance_inputs(&mut self, periods: &[PlannedPeriod]) {
        for period in periods {
            self.quantity(&format!("ore {}", period.name), &period.ore_t);
            for flow in &period.flows {
                let of = |what| format!("{what} of {} {}", flow.substance, period.name);
                self.quantity(&of("head grade"), &flow.head_grade);
                self.quantity(&of("recovery"), &flow.recovery);
                if !self.substances.contains(&flow.substance) {
                    self.substances.push(flow.substance.clone());
                }
            }
        }
    }

    fn correction_input(&mut self, c: &PlannedCorrection) -> Result<(), EstimateError> {
        let belief = match (c.mass_t, &c.mass, &c.share) {
            (Some(mass), None, None) => Belief::Exact(mass),
            (None, Some(belief), None) | (None, None, Some(belief)) => belief.clone(),
            _ => return Err(EstimateError::Correction(c.name.clone())),
        };
        self.push(c.name.clone(), belief, c.basis, c.source.clone());
        Ok(())
    }

    /// A balance that fails at the medians is an error of the plan, with its words.
    fn check_balance(&self) -> Result<(), EstimateError> {
        for named in &self.named {
            named.input.belief.check()?;
        }
        let medians: Vec<f64> = self.named.iter().map(|n| n.input.belief.quantile(0.5)).collect();
        if matches!(self.plan.mass, MassFrom::Balance { .. }) {
            self.balance(&medians)?;
        } else if self.substances.is_empty() {
            return Err(EstimateError::Empty("no product"));
        }
        Ok(())
    }

    fn correlations(&self) -> Result<Vec<(usize, usize, f64)>, EstimateError> {
        let find = |name: &str| {
            self.named.iter().position(|n| n.input.name == name).ok_or_else(|| {
                let names: Vec<&str> = self.named.iter().map(|n| n.input.name.as_str()).collect();
                EstimateError::UnknownInput { name: name.into(), inputs: names.join(", ") }
            })
        };
        let planned = &self.plan.correlations;
        planned.iter().map(|c| Ok((find(&c.first)?, find(&c.second)?, c.r))).collect()
    }

    fn balance(&self, x: &[f64]) -> Result<super::balance::Balance, super::balance::BalanceError> {
        let MassFrom::Balance { periods, corrections, ore_factor, grade_factor } = &self.plan.mass
        else {
            unreachable!("only a balance is balanced");
        };
        let mut values = x.iter().copied();
        let mut next = || values.next().expect("each number has its input");
        let mut drawn = drawn(periods, &mut next);
        let moved: Vec<f64> = corrections.iter().map(|_| next()).collect();
        let ore = if ore_factor.is_some() { next() } else { 1.0 };
        let grade = if grade_factor.is_some() { next() } else { 1.0 };
        for period in &mut drawn {
            period.ore_t *= ore;
            period.flows.iter_mut().for_each(|f| f.head_grade *= grade);
        }
        let before = balance(&drawn, &[])?;
        let own = corrections.iter().zip(moved).map(|(c, amount)| Correction {
            name: c.name.clone(),
            mass_t: if c.share.is_some() { amount * before.mass_t } else { amount },
            grades: c.grades.clone(),
            source: c.source.clone(),
        });
        balance(&drawn, &own.collect::<Vec<_>>())
    }

    /// Mass, volume and density where there are, then grade and contained tonnes of each substance.
    fn results(&self, x: &[f64]) -> Vec<f64> {
        let own = &x[x.len() - self.plan.products.len()..];
        let mut results = Vec::with_capacity(3 + 2 * self.substances.len());
        let mut from_balance: Vec<(String, f64, f64)> = Vec::new();
        let mass = match (&self.volume, self.plan.mass.density()) {
            (Some(found), Some(density)) => {
                let count = found.inputs.len();
                let (volume, dry) = (found.volume(&x[..count]), density.dry(&x[count..]));
                results.extend([volume * dry, volume, dry]);
                volume * dry
            }
            _ => {
                let mass = match &self.plan.mass {
                    MassFrom::Stated { .. } => x[0],
                    _ => match self.balance(x) {
                        Ok(b) => {
                            from_balance = b.contained;
                            b.mass_t
                        }
                        Err(_) => f64::NAN, // told by carry, with the number of the draw
                    },
                };
                results.push(mass);
                mass
            }
        };
        for (at, substance) in self.substances.iter().enumerate() {
            let grade = own.get(at).copied().unwrap_or_else(|| {
                from_balance.iter().find(|(s, ..)| s == substance).map_or(f64::NAN, |(.., g)| *g)
            });
            results.extend([grade, mass * grade]);
        }
        results
    }

    fn statement(
        &self,
        outcomes: &[Outcome],
        grades: &[GradeFound],
        data: &BodyData,
        priors: &Priors,
    ) -> Result<QuantityStatement, EstimateError> {
        let plan = self.plan;
        let (mass, rest) = outcomes.split_first().ok_or(EstimateError::Empty("no result"))?;
        let (volume, density, rest) = match (&self.volume, rest) {
            (Some(_), [volume, density, rest @ ..]) => {
                (Some(ends(volume)), Some(ends(density)), rest)
            }
            _ => (None, None, rest),
        };
        let products = self.substances.iter().enumerate().zip(rest.chunks(2));
        let mut warnings: Vec<String> = grades.iter().flat_map(|g| g.warnings.clone()).collect();
        warnings.extend(self.volume.iter().flat_map(|v| v.warnings.clone()));
        warnings.extend(data.unread.clone());
        Ok(QuantityStatement {
            body: plan.body.clone(),
            effective: plan.effective.clone(),
            reference_point: plan.reference_point.clone(),
            term: plan.term,
            competent_person: plan.competent_person.clone(),
            method: plan.mass.word().to_owned(),
            mass_t: ends(mass),
            mass_90_t: mass.ends_90,
            mass_quantiles_t: mass.quantiles.clone(),
            volume_m3: volume,
            levels: self.volume.iter().flat_map(|v| v.levels.iter().copied()).collect(),
            density,
            mass_shares: shares::of(self, mass, None),
            products: products
                .map(|((at, s), pair)| {
                    let found = grades.get(at);
                    let mut product = self.product(s, &pair[0], &pair[1], (found, data));
                    product.sampled = found.and_then(|f| self.sampled(at, f, mass.best));
                    product
                })
                .collect(),
            assumptions: self.assumptions(grades),
            warnings,
            beside: plan.beside.clone(),
            contradictions: plan.contradictions.clone(),
            references: priors.versions(),
        })
    }

    fn product(
        &self,
        substance: &str,
        grade: &Outcome,
        contained: &Outcome,
        (found, data): (Option<&GradeFound>, &BodyData),
    ) -> ProductEstimate {
        let concerns =
            |name: &str| !name.contains(" of ") || name.contains(&format!(" of {substance}"));
        let grounds = self.named.iter().filter(|n| {
            let name = &n.input.name;
            let replaced =
                found.is_some() && (name.starts_with("head grade") || name.starts_with("recovery"));
            (concerns(name) || name.starts_with("factor of")) && !replaced
        });
        let planned = self.plan.products.iter().find(|p| p.substance == substance);
        ProductEstimate {
            substance: substance.to_owned(),
            grade: ends(grade),
            grade_mean: grade.mean,
            contained_t: ends(contained),
            contained_90_t: contained.ends_90,
            contained_mean_t: contained.mean,
            grade_quantiles: grade.quantiles.clone(),
            contained_quantiles_t: contained.quantiles.clone(),
            method: method_word(planned),
            basis: grounds.map(|n| n.basis).max().unwrap_or(Basis::Analogue),
            cap: cap(substance, planned.map(|p| &p.grade), &self.plan.mass, data),
            shares: shares::of(self, contained, Some(substance)),
            sampled: None,
        }
    }

    /// What was made of the samples, shares of mass turned into tonnes.
    fn sampled(&self, at: usize, found: &GradeFound, mass_t: f64) -> Option<Sampled> {
        let mut sampled = found.sampled.clone()?;
        for point in &mut sampled.grade_tonnage {
            point.tonnes = point.tonnes.map(|t| t * mass_t);
            point.contained_t = point.contained_t.map(|t| t * mass_t);
        }
        let rate = match self.plan.products.get(at).map(|p| &p.grade) {
            Some(GradeFrom::Samples(samples)) => samples.rate_t_per_year,
            _ => None,
        };
        sampled.production = rate.and_then(|r| production(r, &found.periods, mass_t));
        Some(sampled)
    }

    fn assumptions(&self, grades: &[GradeFound]) -> Vec<String> {
        let say = |n: &Named| {
            let (name, words) = (&n.input.name, n.input.belief.words());
            format!("{name}: {words}, {} ({})", n.basis.words(), n.source)
        };
        let mut said: Vec<String> = self.named.iter().map(say).collect();
        said.extend(grades.iter().flat_map(|g| g.assumptions.clone()));
        said.push("low and high are the ends of the 80 % interval, best is the median".into());
        said
    }
}

fn ends(outcome: &Outcome) -> [f64; 3] {
    [outcome.low, outcome.best, outcome.high]
}

fn method_word(planned: Option<&PlannedProduct>) -> String {
    match planned.map(|p| &p.grade) {
        None => "production balance".into(),
        Some(GradeFrom::Stated(_)) => "stated grade".into(),
        Some(GradeFrom::Samples(plan)) => plan.method.word().into(),
        Some(GradeFrom::Analogues(_)) => "analogue: bodies of the same type".into(),
    }
}

fn drawn(periods: &[PlannedPeriod], next: &mut impl FnMut() -> f64) -> Vec<Period> {
    let period = |p: &PlannedPeriod| Period {
        name: p.name.clone(),
        ore_t: next(),
        flows: p
            .flows
            .iter()
            .map(|flow| MetalFlow {
                substance: flow.substance.clone(),
                head_grade: next(),
                recovery: next(),
                concentrate_grade: flow.concentrate_grade,
            })
            .collect(),
    };
    periods.iter().map(period).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::mass::PlannedFlow;
    use crate::estimate::quantity::DensityFrom;
    use crate::estimate::statement::Term;

    fn exact(value: f64) -> Quantity {
        Quantity { belief: Belief::Exact(value), basis: Basis::Records, source: "test".into() }
    }

    fn plan(mass: MassFrom, products: Vec<PlannedProduct>) -> EstimationPlan {
        EstimationPlan {
            body: "b".into(),
            effective: "2026-11-23".into(),
            reference_point: "in the body".into(),
            term: Term::default(),
            competent_person: String::new(),
            correlations: vec![],
            beside: Vec::new(),
            contradictions: Vec::new(),
            mass,
            products,
            seed: 1,
            draws: 2_000,
            epsg: None,
            files: super::super::plan::PlannedFiles::default(),
        }
    }

    fn planned(substance: &str, grade: Quantity) -> PlannedProduct {
        PlannedProduct { substance: substance.into(), grade: GradeFrom::Stated(grade) }
    }

    fn of_periods(periods: Vec<PlannedPeriod>) -> MassFrom {
        MassFrom::Balance { periods, corrections: vec![], ore_factor: None, grade_factor: None }
    }

    /// Otanmäki: 9.8 Mt at 7.9 % TiO2 hold 774 kt; on 145 ha at 1.6 t/m³ that is 4.2 m thick
    /// (published figures of FutuRaM; a consistency check).
    #[test]
    fn otanmaki_holds_774_kt_of_titania() {
        let grade = planned("TiO2", exact(0.079));
        let stated = MassFrom::Stated { mass_t: exact(9.8e6) };
        let statement = estimate(&plan(stated, vec![grade.clone()])).unwrap();
        assert!((statement.products[0].contained_t[1] / 774.2e3 - 1.0).abs() < 1e-9);
        let area = MassFrom::Area {
            area_m2: exact(145e4),
            thickness_m: exact(9.8e6 / 1.6 / 145e4),
            density: DensityFrom::Dry(exact(1.6)),
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
        let products = vec![planned("TREO", range(6.2e-3, 6.5e-3))];
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
        let statement = estimate(&plan(of_periods(periods), vec![])).unwrap();
        let [copper, cobalt] = statement.products.as_slice() else { panic!("two products") };
        assert!((copper.contained_t[1] / 1500.0 - 1.0).abs() < 0.01);
        assert_eq!(copper.basis, Basis::Analogue);
        assert!((cobalt.contained_t[1] - 500.0).abs() < 1e-9);
        assert_eq!(cobalt.basis, Basis::Records);
    }

    #[test]
    fn only_inputs_that_enter_a_product_have_a_share_of_its_variance() {
        let wide = |source: &str| Quantity {
            belief: Belief::Uniform { from: 0.01, to: 0.02 },
            basis: Basis::Records,
            source: source.into(),
        };
        let products = vec![planned("Cu", wide("a")), planned("Co", wide("b"))];
        let plan = EstimationPlan {
            draws: 100, // so few that every input correlates with all by chance
            ..plan(MassFrom::Stated { mass_t: wide("c") }, products)
        };
        let statement = estimate(&plan).unwrap();
        for product in &statement.products {
            let others = product.shares.iter().filter(|(name, _)| name.starts_with("grade of"));
            let names: Vec<&str> = others.map(|(name, _)| name.as_str()).collect();
            assert_eq!(names, [format!("grade of {}", product.substance)]);
        }
        assert_eq!(statement.mass_shares.len(), 1);
    }

    #[test]
    fn a_plan_survives_its_text_and_replays_to_the_same_bytes() {
        let products = vec![planned("W", exact(1e-3))];
        let plan = plan(MassFrom::Stated { mass_t: exact(1e6) }, products);
        let text = toml::to_string(&plan).unwrap();
        let again: EstimationPlan = toml::from_str(&text).unwrap();
        assert_eq!(again, plan);
        let bytes = |p| serde_json::to_vec(&estimate(p).unwrap()).unwrap();
        assert_eq!(bytes(&plan), bytes(&again));
    }
}
