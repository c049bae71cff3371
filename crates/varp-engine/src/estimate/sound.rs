//! Whether the numbers of a plan can be: each that cannot is told by its name before anything is computed.

use std::collections::BTreeSet;

use varp_model::PartialDate;

use super::belief::Belief;
use super::consistency::{DENSITIES, MOST_THICKNESS, MOST_VOLUME};
use super::error::EstimateError;
use super::mass::{MassFrom, PlannedCorrection, PlannedPeriod};
use super::plan::EstimationPlan;
use super::product::{CensoredRule, GradeFrom, SampleMethod, SamplePlan};
use super::quantity::{DensityFrom, Quantity};

/// Fewest and most draws: fewer tell no tenth of the probability, more fill the memory.
pub const DRAWS: std::ops::RangeInclusive<usize> = 100..=1_000_000;
/// Shortest composite, metres.
const LEAST_COMPOSITE_M: f64 = 0.01;
/// Most realisations of a simulation.
const MOST_REALISATIONS: usize = 10_000;

/// What a number is, and between which ends it can lie.
#[derive(Clone, Copy)]
struct Bounds {
    least: f64,
    most: f64,
    /// Whether there must be some of it.
    amount: bool,
    /// What it is, with an example of how it is written.
    is: &'static str,
}

const fn bounds(least: f64, most: f64, is: &'static str) -> Bounds {
    Bounds { least, most, amount: false, is }
}

const fn amount(most: f64, is: &'static str) -> Bounds {
    Bounds { least: 0.0, most, amount: true, is }
}

const GRADE: Bounds =
    bounds(0.0, 1.0, "a grade is a mass fraction: 0.012 for 1.2 %, 1e-6 for 1 ppm");
const RECOVERY: Bounds = bounds(0.0, 1.0, "a recovery is a share: 0.85 for 85 %");
const ORE: Bounds = bounds(0.0, f64::MAX, "ore is in dry tonnes");
const MASS: Bounds = amount(f64::MAX, "a mass is in dry tonnes");
const LENGTH: Bounds = bounds(0.0, f64::MAX, "a length is in metres");
const AREA: Bounds = amount(f64::MAX, "an area is in square metres: 10000 for a hectare");
const THICKNESS: Bounds = amount(MOST_THICKNESS, "a thickness is in metres, of mine waste");
const VOLUME: Bounds =
    amount(MOST_VOLUME, "a volume is in cubic metres, of one body of mine waste");
const DENSITY: Bounds =
    bounds(DENSITIES.0, DENSITIES.1, "a density of waste is in t/m³: 1.5 for 1500 kg/m³");
const ROCK: Bounds = bounds(1.0, 8.0, "a density of grains or rock is in t/m³: 2.7 for 2700 kg/m³");
const RATIO: Bounds = bounds(0.0, 20.0, "a ratio is a number, not per cent: 0.3 for 30 %");
const FACTOR: Bounds = bounds(0.0, 20.0, "a factor is around 1");

/// Checks what can be told from the plan alone.
///
/// # Errors
/// The first number that cannot be, with its name, what it is, and what it was.
pub(super) fn check(plan: &EstimationPlan) -> Result<(), EstimateError> {
    if !DRAWS.contains(&plan.draws) {
        let (least, most) = (DRAWS.start(), DRAWS.end());
        return unsound("draws", format!("{} draws; {least} to {most} are made", plan.draws));
    }
    if let Err(problem) = plan.effective.parse::<PartialDate>() {
        return unsound("effective", problem);
    }
    mass(&plan.mass)?;
    if let Some(of) = plan.mass.density() {
        density(of)?;
    }
    let mut seen = BTreeSet::new();
    for product in &plan.products {
        let substance = product.substance.as_str();
        if substance.trim().is_empty() {
            return unsound("products", "a product names no substance".into());
        }
        if !seen.insert(substance) {
            return unsound("products", format!("{substance} is planned twice; keep one"));
        }
        match &product.grade {
            GradeFrom::Stated(grade) => quantity(&format!("grade of {substance}"), grade, GRADE)?,
            GradeFrom::Samples(samples) => sampling(substance, samples)?,
            GradeFrom::Analogues(_) => {}
        }
    }
    for correlation in &plan.correlations {
        let (first, second, r) = (&correlation.first, &correlation.second, correlation.r);
        if first == second || !(-1.0 < r && r < 1.0) {
            let said = "two different inputs with r above -1 and below 1 are needed".into();
            return unsound(&format!("correlation of {first} with {second}"), said);
        }
    }
    Ok(())
}

fn unsound<T>(what: &str, problem: String) -> Result<T, EstimateError> {
    Err(EstimateError::Unsound { what: what.to_owned(), problem })
}

/// A quantity has a source and a distribution within what it can be.
fn quantity(what: &str, quantity: &Quantity, bounds: Bounds) -> Result<(), EstimateError> {
    if quantity.source.trim().is_empty() {
        return unsound(what, "its source is empty: say where the number comes from".into());
    }
    belief(what, &quantity.belief, bounds)
}

/// Hard ends lie within the bounds; of a belief without ends the middle does.
fn belief(what: &str, belief: &Belief, bounds: Bounds) -> Result<(), EstimateError> {
    if let Err(problem) = belief.check() {
        return unsound(what, problem.to_string());
    }
    let ends = match *belief {
        Belief::Exact(value) => [value, value],
        Belief::Uniform { from, to } | Belief::Triangular { from, to, .. } => [from, to],
        Belief::Normal { at_least, .. } => [at_least, belief.quantile(0.5)],
        Belief::Lognormal { .. } => [belief.quantile(0.5); 2],
        Belief::Table(_) => [belief.quantile(0.0), belief.quantile(1.0)],
    };
    if bounds.amount && !(belief.quantile(0.5) > 0.0) {
        return unsound(what, format!("there is none of it; {}", bounds.is));
    }
    match ends.iter().find(|end| !(bounds.least..=bounds.most).contains(*end)) {
        None => Ok(()),
        Some(end) => {
            let (least, most) = (bounds.least, bounds.most);
            let within = match most < f64::MAX {
                true => format!("{least} to {most}"),
                false => format!("{least} and more"),
            };
            unsound(what, format!("{end} is not within {within}; {}", bounds.is))
        }
    }
}

fn density(of: &DensityFrom) -> Result<(), EstimateError> {
    for (name, q) in of.quantities() {
        let bounds = match name {
            "grain density" | "density in place" => ROCK,
            "void ratio" | "moisture" | "swell" => RATIO,
            _ => DENSITY,
        };
        quantity(name, q, bounds)?;
    }
    Ok(())
}

fn mass(mass: &MassFrom) -> Result<(), EstimateError> {
    match mass {
        MassFrom::Stated { mass_t } => quantity("mass", mass_t, MASS),
        MassFrom::Volume { volume_m3, .. } => quantity("volume", volume_m3, VOLUME),
        MassFrom::Area { area_m2, thickness_m, .. } => {
            quantity("area", area_m2, AREA)?;
            quantity("thickness", thickness_m, THICKNESS)
        }
        MassFrom::Frustum { lower_radius_m, upper_radius_m, height_m, .. } => {
            quantity("lower radius", lower_radius_m, LENGTH)?;
            quantity("upper radius", upper_radius_m, LENGTH)?;
            quantity("height", height_m, THICKNESS)
        }
        MassFrom::Thickness { area_sd, .. } if *area_sd >= 1.0 => {
            let said = format!("{area_sd} is a share of the area: 0.05 for 5 %");
            unsound("area_sd", said)
        }
        MassFrom::Isopachs { relative_sd, .. } if *relative_sd >= 1.0 => {
            let said = format!("{relative_sd} is a share of the volume: 0.1 for 10 %");
            unsound("relative_sd", said)
        }
        MassFrom::Thickness { .. } | MassFrom::Isopachs { .. } | MassFrom::Surfaces { .. } => {
            Ok(())
        }
        MassFrom::Balance { periods, corrections, ore_factor, grade_factor } => {
            periods.iter().try_for_each(period)?;
            corrections.iter().try_for_each(correction)?;
            for (name, factor) in
                [("factor of all ore", ore_factor), ("factor of all head grades", grade_factor)]
            {
                if let Some(factor) = factor {
                    quantity(name, factor, FACTOR)?;
                }
            }
            Ok(())
        }
    }
}

fn period(period: &PlannedPeriod) -> Result<(), EstimateError> {
    quantity(&format!("ore {}", period.name), &period.ore_t, ORE)?;
    for flow in &period.flows {
        let of = |what: &str| format!("{what} of {} {}", flow.substance, period.name);
        quantity(&of("head grade"), &flow.head_grade, GRADE)?;
        quantity(&of("recovery"), &flow.recovery, RECOVERY)?;
    }
    Ok(())
}

fn correction(of: &PlannedCorrection) -> Result<(), EstimateError> {
    let signed = bounds(f64::MIN, f64::MAX, "dry tonnes, negative is out");
    let share = bounds(-1.0, 1.0, "a share of the tailings, negative is out: -0.2 for 20 % out");
    let what = format!("correction {}", of.name);
    if of.source.trim().is_empty() {
        return unsound(&what, "its source is empty: say where the number comes from".into());
    }
    for (stated, bounds) in [(&of.mass, signed), (&of.share, share)] {
        if let Some(stated) = stated {
            belief(&what, stated, bounds)?;
        }
    }
    for (substance, grade) in &of.grades {
        belief(&format!("{what}, grade of {substance}"), &Belief::Exact(*grade), GRADE)?;
    }
    Ok(())
}

/// How samples are taken: numbers that mean nothing are refused, never put right silently.
fn sampling(substance: &str, plan: &SamplePlan) -> Result<(), EstimateError> {
    let of = |what: &str| format!("samples of {substance}, {what}");
    let positive = |what: &str, value: Option<f64>, least: f64| match value {
        Some(v) if !(v >= least && v > 0.0 && v.is_finite()) => {
            let from = if least > 0.0 { format!("of at least {least}") } else { "above 0".into() };
            unsound(&of(what), format!("{v} is not a number {from}"))
        }
        _ => Ok(()),
    };
    positive("composite_m", plan.composite_m, LEAST_COMPOSITE_M)?;
    for edge in plan.block_m.into_iter().flatten() {
        positive("block_m", Some(edge), LEAST_COMPOSITE_M)?;
    }
    positive("rate_t_per_year", plan.rate_t_per_year, 0.0)?;
    for part in &plan.laid {
        positive("laid", Some(part.amount), 0.0)?;
    }
    positive("top_cut", plan.top_cut, 0.0)?;
    if let Some(cut) = plan.top_cut {
        belief(&of("top_cut"), &Belief::Exact(cut), GRADE)?;
    }
    if let CensoredRule::Substitute(share) = plan.censored {
        let bounds = bounds(0.0, 1.0, "a share of the limit: 0.5 for half of it");
        belief(&of("substitute"), &Belief::Exact(share), bounds)?;
    }
    let neighbours = match plan.method {
        SampleMethod::Mean => return Ok(()),
        SampleMethod::InverseDistance { power, neighbours } => {
            positive("power", Some(power), 0.0)?;
            neighbours
        }
        SampleMethod::Kriging { neighbours } => neighbours,
        SampleMethod::Simulation { realisations, neighbours } => {
            if !(2..=MOST_REALISATIONS).contains(&realisations) {
                let said =
                    format!("{realisations} realisations; 2 to {MOST_REALISATIONS} are made");
                return unsound(&of("realisations"), said);
            }
            neighbours
        }
    };
    match neighbours {
        0 => unsound(&of("neighbours"), "a block sees at least one composite".into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: &str = r#"
body = "pond"
effective = "2026-11-23"
reference_point = "in the body"
seed = 1
draws = 200
[mass.volume]
volume_m3 = { belief = { normal = { mean = 570000.0, sd = 40000.0, at_least = 0.0 } }, basis = "records", source = "page" }
density = { belief = { triangular = { from = 1.3, mode = 1.5, to = 1.8 } }, basis = "analogue", source = "prior" }
[[products]]
substance = "Cu"
grade = { belief = { uniform = { from = 0.0062, to = 0.0065 } }, basis = "records", source = "report" }
[[products]]
substance = "Co"
[products.samples]
composite_m = 1.0
block_m = [5.0, 5.0, 1.0]
rate_t_per_year = 1000.0
top_cut = 0.01
censored = { substitute = 0.5 }
laid = [{ years = "1930/1945", amount = 2.0 }]
method = { simulation = { realisations = 10, neighbours = 8 } }
"#;

    fn said(from: &str, to: &str) -> String {
        let text = PLAN.replacen(from, to, 1);
        assert_ne!(text, PLAN, "{from}");
        match check(&EstimationPlan::parse(&text).unwrap()) {
            Ok(()) => "sound".into(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_sound_plan_passes() {
        assert_eq!(check(&EstimationPlan::parse(PLAN).unwrap()), Ok(()));
    }

    /// Slips of a hand that edits a plan, and what is said of each.
    #[test]
    fn what_cannot_be_is_told_by_its_name() {
        for (from, to, told) in [
            ("0.0062, to = 0.0065", "0.62, to = 6.5", "grade of Cu: 6.5 is not within 0 to 1"),
            ("0.0062, to = 0.0065", "-0.1, to = 0.1", "grade of Cu: -0.1"),
            ("0.0062, to = 0.0065", "0.0065, to = 0.0062", "grade of Cu: a uniform needs from"),
            ("1.3, mode = 1.5, to = 1.8", "1300.0, mode = 1500.0, to = 1800.0", "1500 kg/m³"),
            ("1.3, mode", "-1.3, mode", "dry density: -1.3"),
            ("1.5, to", "2.5, to", "dry density: a triangle needs"),
            ("mean = 570000.0", "mean = 5.7e11", "volume: 570000000000 is not within"),
            (
                "{ normal = { mean = 570000.0, sd = 40000.0, at_least = 0.0 } }",
                "{ exact = 0.0 }",
                "volume: there is none",
            ),
            ("top_cut = 0.01", "top_cut = 0.0", "top_cut: 0 is not a number above 0"),
            ("mean = 570000.0", "mean = inf", "volume: a normal needs"),
            ("sd = 40000.0", "sd = -1.0", "volume: a normal needs"),
            ("\"Co\"", "\"Cu\"", "Cu is planned twice"),
            ("\"Co\"", "\" \"", "names no substance"),
            ("2026-11-23", "yesterday", "effective: \"yesterday\" is not a date"),
            ("draws = 200", "draws = 4000000000", "4000000000 draws; 100 to 1000000"),
            ("\"report\"", "\"\"", "grade of Cu: its source is empty"),
            ("composite_m = 1.0", "composite_m = 0.0", "samples of Co, composite_m: 0"),
            ("composite_m = 1.0", "composite_m = 1e-9", "composite_m"),
            ("composite_m = 1.0", "composite_m = nan", "composite_m: NaN"),
            ("[5.0, 5.0", "[0.0, 5.0", "samples of Co, block_m: 0"),
            ("rate_t_per_year = 1000.0", "rate_t_per_year = -1.0", "rate_t_per_year: -1"),
            ("top_cut = 0.01", "top_cut = 1.2", "top_cut: 1.2 is not within"),
            ("substitute = 0.5", "substitute = 5.0", "substitute: 5 is not within 0 to 1"),
            ("amount = 2.0", "amount = -2.0", "laid: -2"),
            ("realisations = 10", "realisations = 1", "1 realisations; 2 to"),
            ("neighbours = 8", "neighbours = 0", "at least one composite"),
        ] {
            let said = said(from, to);
            assert!(said.contains(told), "{to}: {said}");
        }
    }

    #[test]
    fn recoveries_and_shares_are_no_percentages() {
        let balance = r#"[mass.balance]
[[mass.balance.periods]]
name = "1959"
ore_t = { belief = { exact = 1e6 }, basis = "records", source = "books" }
[[mass.balance.periods.flows]]
substance = "Pb"
head_grade = { belief = { exact = 0.036 }, basis = "records", source = "books" }
recovery = { belief = { uniform = { from = 0.8, to = 0.9 } }, basis = "records", source = "books" }
[[mass.balance.corrections]]
name = "lake"
share = { uniform = { from = -0.3, to = -0.1 } }
source = "plan of 1961"
"#;
        let (head, _) = PLAN.split_once("[mass.volume]").unwrap();
        let of = |text: &str| check(&EstimationPlan::parse(&format!("{head}{text}")).unwrap());
        assert_eq!(of(balance), Ok(()));
        for (from, to, told) in [
            ("0.8, to = 0.9", "80.0, to = 90.0", "recovery of Pb 1959: 80 is not within 0 to 1"),
            ("exact = 0.036", "exact = 3.6", "head grade of Pb 1959: 3.6"),
            ("from = -0.3, to = -0.1", "from = -30.0, to = -10.0", "correction lake: -30"),
            ("\"plan of 1961\"", "\"\"", "correction lake: its source is empty"),
        ] {
            let said = of(&balance.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(said.contains(told), "{said}");
        }
    }
}
