//! Production back-casting: what a mill kept and what it threw away.
//!
//! Two-product balance of each period: metal in ore = metal in products + metal in tailings, mass of
//! ore = mass of concentrates + mass of tailings. Products never recovered have recovery 0.

use serde::{Deserialize, Serialize};

/// What became of one substance in a period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetalFlow {
    /// Substance code.
    pub substance: String,
    /// Head grade, mass fraction of dry ore.
    pub head_grade: f64,
    /// Share of the substance that went to product, 0 to 1.
    pub recovery: f64,
    /// Grade of the substance in its concentrate, mass fraction; `None` where it left no mass of
    /// its own, as with recovery 0 or as by-product of another concentrate.
    pub concentrate_grade: Option<f64>,
}

/// A period of milling with one process.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// Name, such as `1959-1972`.
    pub name: String,
    /// Dry ore milled, tonnes.
    pub ore_t: f64,
    /// What became of each substance.
    pub flows: Vec<MetalFlow>,
}

/// Something that moved mass in or out besides the mill: signed, named, sourced.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// What it is: backfill, discharge to a lake, re-milling, removal as aggregate, custom feed.
    pub name: String,
    /// Dry mass into the body, tonnes; negative is out.
    pub mass_t: f64,
    /// Mass fraction of each substance in it; a substance that is not here moves at the grade of
    /// the balance.
    #[serde(default)]
    pub grades: Vec<(String, f64)>,
    /// Source of the figure.
    pub source: String,
}

/// The outcome of a balance.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Balance {
    /// Dry ore milled, tonnes.
    pub ore_t: f64,
    /// Dry concentrates made, tonnes.
    pub concentrate_t: f64,
    /// Dry mass of the body after corrections, tonnes.
    pub mass_t: f64,
    /// Substance, contained tonnes in the body, grade as mass fraction.
    pub contained: Vec<(String, f64, f64)>,
    /// Substance, tonnes in ore − in product − in tailings before corrections: zero but for rounding.
    pub closure_t: Vec<(String, f64)>,
}

/// Why a balance cannot be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BalanceError {
    /// A number is outside what it can be.
    #[error("period {period}, {substance}: {what} is {value}, which is outside {from} to {to}")]
    Outside {
        /// The period.
        period: String,
        /// The substance, or `ore`.
        substance: String,
        /// The number.
        what: &'static str,
        /// As given.
        value: f64,
        /// Least.
        from: f64,
        /// Greatest.
        to: f64,
    },
    /// More concentrate than ore.
    #[error("period {period}: concentrates weigh {concentrate_t} t, more than the ore, {ore_t} t")]
    MoreConcentrateThanOre {
        /// The period.
        period: String,
        /// Mass of concentrates.
        concentrate_t: f64,
        /// Mass of ore.
        ore_t: f64,
    },
    /// Corrections take out more than there is.
    #[error("after corrections {what} would be {left_t} t")]
    Negative {
        /// Mass or substance.
        what: String,
        /// What is left.
        left_t: f64,
    },
}

/// Tailings of all periods with corrections.
///
/// C = M·f·R/c, T = M − ΣC, metal in tailings = M·f·(1 − R). Tonnes, mass fractions.
///
/// # Errors
/// If a number cannot be, concentrates outweigh the ore, or corrections take out too much.
pub fn balance(periods: &[Period], corrections: &[Correction]) -> Result<Balance, BalanceError> {
    let mut sum = Balance {
        ore_t: 0.0,
        concentrate_t: 0.0,
        mass_t: 0.0,
        contained: vec![],
        closure_t: vec![],
    };
    let mut metal: Vec<(String, f64)> = Vec::new();
    for period in periods {
        check(period)?;
        let mut concentrate_t = 0.0;
        for flow in &period.flows {
            let in_ore = period.ore_t * flow.head_grade;
            let product = in_ore * flow.recovery;
            let tailings = in_ore - product;
            concentrate_t += flow.concentrate_grade.map_or(0.0, |grade| product / grade);
            add(&mut metal, &flow.substance, tailings);
            add(&mut sum.closure_t, &flow.substance, in_ore - product - tailings);
        }
        if concentrate_t > period.ore_t {
            let (period, ore_t) = (period.name.clone(), period.ore_t);
            return Err(BalanceError::MoreConcentrateThanOre { period, concentrate_t, ore_t });
        }
        sum.ore_t += period.ore_t;
        sum.concentrate_t += concentrate_t;
    }
    sum.mass_t = sum.ore_t - sum.concentrate_t;
    correct(&mut sum.mass_t, &mut metal, corrections)?;
    let mass = sum.mass_t;
    sum.contained = metal.into_iter().map(|(s, t)| (s, t, t / mass)).collect();
    Ok(sum)
}

fn correct(
    mass_t: &mut f64,
    metal: &mut [(String, f64)],
    corrections: &[Correction],
) -> Result<(), BalanceError> {
    let before = *mass_t;
    let grades: Vec<f64> = metal.iter().map(|(_, t)| t / before).collect();
    for correction in corrections {
        *mass_t += correction.mass_t;
        for ((substance, tonnes), grade) in metal.iter_mut().zip(&grades) {
            let own = correction.grades.iter().find(|(s, _)| s == substance).map(|(_, g)| *g);
            *tonnes += correction.mass_t * own.unwrap_or(*grade);
        }
    }
    let masses = std::iter::once(("mass", *mass_t));
    for (what, left_t) in masses.chain(metal.iter().map(|(s, t)| (s.as_str(), *t))) {
        if left_t.is_nan() || left_t < 0.0 {
            return Err(BalanceError::Negative { what: what.to_owned(), left_t });
        }
    }
    Ok(())
}

fn add(sums: &mut Vec<(String, f64)>, substance: &str, tonnes: f64) {
    match sums.iter_mut().find(|(s, _)| s == substance) {
        Some((_, sum)) => *sum += tonnes,
        None => sums.push((substance.to_owned(), tonnes)),
    }
}

fn check(period: &Period) -> Result<(), BalanceError> {
    let within = |substance: &str, what, value: f64, from: f64, to: f64| {
        if (from..=to).contains(&value) {
            return Ok(());
        }
        let (period, substance) = (period.name.clone(), substance.to_owned());
        Err(BalanceError::Outside { period, substance, what, value, from, to })
    };
    within("ore", "mass", period.ore_t, 0.0, 1e11)?;
    for flow in &period.flows {
        within(&flow.substance, "head grade", flow.head_grade, 0.0, 1.0)?;
        within(&flow.substance, "recovery", flow.recovery, 0.0, 1.0)?;
        if let Some(grade) = flow.concentrate_grade {
            within(&flow.substance, "concentrate grade", grade, f64::MIN_POSITIVE, 1.0)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(substance: &str, head: f64, recovery: f64, concentrate: Option<f64>) -> MetalFlow {
        MetalFlow {
            substance: substance.into(),
            head_grade: head,
            recovery,
            concentrate_grade: concentrate,
        }
    }

    /// 1000 t at 2 % Cu, 90 % recovered into concentrate of 25 %: C = 72 t, T = 928 t,
    /// 2 t Cu left, grade 0.2155 %.
    #[test]
    fn two_products_close() {
        let period = Period {
            name: "1950".into(),
            ore_t: 1000.0,
            flows: vec![flow("Cu", 0.02, 0.9, Some(0.25)), flow("Co", 0.001, 0.0, None)],
        };
        let b = balance(&[period], &[]).unwrap();
        assert!((b.concentrate_t - 72.0).abs() < 1e-9 && (b.mass_t - 928.0).abs() < 1e-9);
        assert!((b.contained[0].1 - 2.0).abs() < 1e-9);
        assert!((b.contained[0].2 - 2.0 / 928.0).abs() < 1e-15);
        assert!((b.contained[1].1 - 1.0).abs() < 1e-12, "what was never recovered is all there");
        assert!(b.closure_t.iter().all(|(_, t)| t.abs() < 1e-9 * 20.0));
    }

    #[test]
    fn corrections_are_signed_and_cannot_take_more_than_there_is() {
        let period =
            Period { name: "p".into(), ore_t: 100.0, flows: vec![flow("W", 0.01, 0.5, None)] };
        let backfill = |mass_t| Correction {
            name: "backfill".into(),
            mass_t,
            grades: vec![],
            source: "mine plan 1960".into(),
        };
        let b = balance(std::slice::from_ref(&period), &[backfill(-40.0)]).unwrap();
        assert!((b.mass_t - 60.0).abs() < 1e-12);
        assert!((b.contained[0].2 - 0.005).abs() < 1e-15, "the grade stays");
        assert!(matches!(
            balance(&[period], &[backfill(-101.0)]),
            Err(BalanceError::Negative { .. })
        ));
    }

    #[test]
    fn impossible_numbers_are_named() {
        let period = |f| Period { name: "p".into(), ore_t: 100.0, flows: vec![f] };
        let error = balance(&[period(flow("Zn", 3.2, 0.9, None))], &[]).unwrap_err();
        assert!(error.to_string().contains("head grade is 3.2"));
        let heavy = balance(&[period(flow("Fe", 0.6, 1.0, Some(0.3)))], &[]).unwrap_err();
        assert!(matches!(heavy, BalanceError::MoreConcentrateThanOre { .. }));
    }
}
