//! Do the numbers stated of one body fit together, and if not, what has probably gone wrong?

use serde::{Deserialize, Serialize};

use super::compare::{Diagnosis, diagnose};

/// A number as somebody stated it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stated {
    /// Who says so.
    pub source: String,
    /// What it is said of, in the source's words, such as `one pond, cores` or `all tailings`.
    pub subject: String,
    /// Best value.
    pub value: f64,
    /// Low and high of its range, where stated.
    pub range: Option<(f64, f64)>,
}

impl Stated {
    /// The same, said of `subject` where nothing else is said.
    pub fn of(self, subject: &str) -> Self {
        let own = !self.subject.trim().is_empty();
        Self { subject: if own { self.subject.clone() } else { subject.to_owned() }, ..self }
    }

    /// The same in another unit or as another substance.
    pub fn times(self, factor: f64) -> Self {
        let range = self.range.map(|(low, high)| (low * factor, high * factor));
        Self { value: self.value * factor, range, ..self }
    }
}

/// What is stated of one body; each may be missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Dry tonnes.
    pub mass_t: Option<Stated>,
    /// Cubic metres.
    pub volume_m3: Option<Stated>,
    /// Square metres.
    pub area_m2: Option<Stated>,
    /// Dry ore milled into it, tonnes.
    pub ore_t: Option<Stated>,
    /// Greatest thickness, metres.
    pub thickness_m: Option<Stated>,
    /// Grade of one substance, mass fraction.
    pub grade: Option<Stated>,
    /// Contained tonnes of the same substance.
    pub contained_t: Option<Stated>,
    /// Named ratios of that substance, such as ("a grade of W taken for WO3", 1.2611).
    pub factors: Vec<(String, f64)>,
}

/// Something that does not fit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contradiction {
    /// What does not fit, with its numbers.
    pub says: String,
    /// Likely causes, the likeliest first.
    pub causes: Vec<String>,
}

/// Greatest volume of one body of mine waste that is believed, m³: several times the largest tailings
/// facilities there are. Own judgement.
pub(super) const MOST_VOLUME: f64 = 2e10;
/// Dry densities that mine waste can have, t/m³. Own judgement.
pub(super) const DENSITIES: (f64, f64) = (0.2, 4.5);
/// Thickness above which an eyebrow is raised, metres. Own judgement.
pub(super) const MOST_THICKNESS: f64 = 350.0;

/// What does not fit among the facts of one body.
pub fn contradictions(facts: &Facts) -> Vec<Contradiction> {
    let checks =
        [volume_is_possible, density_is_possible, thickness_fits, ore_suffices, body_suffices];
    checks.iter().filter_map(|check| check(facts)).collect()
}

fn volume_is_possible(facts: &Facts) -> Option<Contradiction> {
    let volume = facts.volume_m3.as_ref()?;
    if volume.value > 0.0 && volume.value <= MOST_VOLUME {
        return None;
    }
    let causes = [1e6, 1e3]
        .iter()
        .filter(|f| (1e3..=MOST_VOLUME / 10.0).contains(&(volume.value / **f)))
        .map(|f| format!("a unit off by {f:.0}: {:.0} m³ may be meant", volume.value / f))
        .collect();
    let (value, source) = (volume.value, &volume.source);
    Some(Contradiction {
        says: format!("{value:e} m³ ({source}) is more than any body holds"),
        causes,
    })
}

fn density_is_possible(facts: &Facts) -> Option<Contradiction> {
    let (mass, volume) = (facts.mass_t.as_ref()?, facts.volume_m3.as_ref()?);
    let density = mass.value / volume.value;
    if (DENSITIES.0..=DENSITIES.1).contains(&density) || volume.value > MOST_VOLUME {
        return None;
    }
    Some(Contradiction {
        says: format!(
            "{:.0} t ({}) in {:.0} m³ ({}) is {density:.3} t/m³",
            mass.value, mass.source, volume.value, volume.source
        ),
        causes: slips(density / 1.6, &[], 25.0, different(mass, volume)),
    })
}

fn thickness_fits(facts: &Facts) -> Option<Contradiction> {
    let (volume, area) = (facts.volume_m3.as_ref()?, facts.area_m2.as_ref()?);
    let mean = volume.value / area.value;
    let most = facts.thickness_m.as_ref();
    let limit = most.map_or(MOST_THICKNESS, |t| t.value);
    if mean <= limit * 1.001 || volume.value > MOST_VOLUME {
        return None;
    }
    let than = most.map_or("what dams hold".to_owned(), |t| {
        format!("the greatest thickness stated, {} m ({})", t.value, t.source)
    });
    Some(Contradiction {
        says: format!(
            "{:.0} m³ on {:.0} m² is {mean:.1} m thick on average, more than {than}",
            volume.value, area.value
        ),
        causes: slips(mean / limit.min(10.0), &[], 50.0, different(volume, area)),
    })
}

/// A body of tailings weighs no more than the ore that was milled, unless something was added.
fn ore_suffices(facts: &Facts) -> Option<Contradiction> {
    let (mass, ore) = (facts.mass_t.as_ref()?, facts.ore_t.as_ref()?);
    let high = mass.range.map_or(mass.value, |r| r.1.max(mass.value));
    if high <= ore.value {
        return None;
    }
    let over = 100.0 * (high / ore.value - 1.0);
    let what = if mass.value > ore.value { "the mass" } else { "the upper end of the mass" };
    Some(Contradiction {
        says: format!(
            "{what}, {high:.0} t ({}), is {over:.0} % above the ore milled, {:.0} t ({}): tailings cannot \
             outweigh their ore",
            mass.source, ore.value, ore.source
        ),
        causes: vec![
            "wet tonnes stated as dry, or a density too high".into(),
            "material of the dam or other feed counted in".into(),
            "ore of other years or mines is missing from the record".into(),
        ],
    })
}

/// Contained metal over grade is a mass; more than the body has means another body or all of them.
fn body_suffices(facts: &Facts) -> Option<Contradiction> {
    let (contained, grade, mass) =
        (facts.contained_t.as_ref()?, facts.grade.as_ref()?, facts.mass_t.as_ref()?);
    let implied = contained.value / grade.value;
    let ratio = implied / mass.value;
    let mut causes = slips(ratio, &facts.factors, 5.0, None);
    let alike = (0.67..=1.5).contains(&ratio);
    let named = causes.iter().any(|c| facts.factors.iter().any(|(name, _)| c.starts_with(name)));
    if alike && (!named || (0.9..=1.0 / 0.9).contains(&ratio)) {
        return None;
    }
    let of_mass = if mass.subject.trim().is_empty() { "this body" } else { &mass.subject };
    let elsewhere = !contained.subject.eq_ignore_ascii_case(of_mass);
    let several = format!(
        "probably different bodies: {:.0} t ({}, {}) at {} needs {:.2} Mt, {ratio:.1} times the {:.2} Mt of {}",
        contained.value,
        contained.source,
        contained.subject,
        percent(grade.value),
        implied / 1e6,
        mass.value / 1e6,
        of_mass
    );
    let at = if named && !elsewhere { causes.len() } else { 0 };
    causes.insert(at, several);
    Some(Contradiction {
        says: format!(
            "contained tonnes and grade need {implied:.0} t, but the body is said to have {:.0} t",
            mass.value
        ),
        causes,
    })
}

/// More product than the ore held: recovery cannot be above 1. `held` is ore times its grade, as the
/// substance of the product; a twentieth is left to rounding.
pub fn more_product_than_ore(
    held: &Stated,
    product: &Stated,
    factors: &[(String, f64)],
) -> Option<Contradiction> {
    let ratio = product.value / held.value;
    if !(ratio > 1.05) {
        return None;
    }
    let mut causes = slips(ratio, factors, 6.0, different(held, product));
    causes.push("ore of other years or mines is missing from the record".into());
    Some(Contradiction {
        says: format!(
            "{:.0} t of product ({}) are more than the {:.0} t that the ore held ({})",
            product.value, product.source, held.value, held.source
        ),
        causes,
    })
}

/// Why two statements of one quantity differ: slips of units or substance, different bodies, or both
/// stand and the conflict is shown. `factors` are named ratios of the substance, such as
/// ("a grade of W taken for WO3", 1.2611). Empty where they differ by no more than a tenth.
pub fn why_different(first: &Stated, second: &Stated, factors: &[(String, f64)]) -> Vec<String> {
    let ratio = second.value / first.value;
    if (0.9..=1.0 / 0.9).contains(&ratio) {
        return Vec::new();
    }
    let mut causes = slips(ratio, factors, 6.0, different(first, second));
    if causes.is_empty() {
        causes.push(format!(
            "no slip of units or substance explains a ratio of {ratio:.2}; both stand until one is preferred with a \
             reason"
        ));
    }
    causes
}

fn different(first: &Stated, second: &Stated) -> Option<String> {
    let [a, b] = [first, second].map(|s| s.subject.trim());
    let [of_a, of_b] = match (a.is_empty(), b.is_empty()) {
        (false, false) if a.to_lowercase() != b.to_lowercase() => [a, b],
        (false, true) if speaks_of_all(a) => [a, "this body"],
        (true, false) if speaks_of_all(b) => ["this body", b],
        _ => return None,
    };
    let (first, second) = (&first.source, &second.source);
    Some(format!("probably different bodies: {first} speaks of {of_a}, {second} of {of_b}"))
}

/// Whether a remark beside a number says that it is of more than one body, in the languages of the
/// register.
fn speaks_of_all(remark: &str) -> bool {
    const WORDS: [&str; 20] = [
        "all",
        "whole",
        "total",
        "entire",
        "together",
        "alla",
        "hela",
        "samtliga",
        "totalt",
        "kaikki",
        "kaikkien",
        "koko",
        "yhteensä",
        "alle",
        "hele",
        "samlet",
        "totale",
        "allir",
        "öll",
        "samtals",
    ];
    let lower = remark.to_lowercase();
    lower.split(|c: char| !c.is_alphabetic()).any(|word| WORDS.contains(&word))
}

fn slips(
    ratio: f64,
    factors: &[(String, f64)],
    tolerance: f64,
    bodies: Option<String>,
) -> Vec<String> {
    let word = |d: Diagnosis| format!("{} (ratio {ratio:.3}, expected {:.3})", d.cause, d.expected);
    let mut causes: Vec<String> =
        diagnose(ratio, factors, tolerance).into_iter().map(word).collect();
    causes.extend(bodies);
    causes
}

fn percent(fraction: f64) -> String {
    format!("{:.2} %", 100.0 * fraction)
}
