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
const MOST_VOLUME: f64 = 2e10;
/// Dry densities that mine waste can have, t/m³. Own judgement.
const DENSITIES: (f64, f64) = (0.2, 4.5);
/// Thickness above which an eyebrow is raised, metres. Own judgement.
const MOST_THICKNESS: f64 = 350.0;

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
    if (0.67..=1.5).contains(&ratio) {
        return None;
    }
    let mut causes = slips(ratio, &[], 8.0, None);
    let several = format!(
        "probably different bodies: {:.0} t ({}, {}) at {} needs {:.2} Mt, {ratio:.1} times the {:.2} Mt of {}",
        contained.value,
        contained.source,
        contained.subject,
        percent(grade.value),
        implied / 1e6,
        mass.value / 1e6,
        mass.subject
    );
    causes.insert(0, several);
    Some(Contradiction {
        says: format!(
            "contained tonnes and grade need {implied:.0} t, but the body is said to have {:.0} t",
            mass.value
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
    let alike = first.subject.is_empty()
        || second.subject.is_empty()
        || first.subject.eq_ignore_ascii_case(&second.subject);
    (!alike).then(|| {
        format!(
            "probably different bodies: {} speaks of {}, {} of {}",
            first.source, first.subject, second.source, second.subject
        )
    })
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
