//! Analogues on trial: a grade that is known is hidden, and foretold from other bodies of its type.

use std::collections::{BTreeMap, BTreeSet};

use varp_model::Measured;

use crate::estimate::{AnaloguePlan, KnownGrade, analogy};

/// What a body holds, as a list of deposits states it.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Name of the body.
    pub body: String,
    /// Type of deposit.
    pub deposit_type: String,
    /// Substance and grade as mass fraction.
    pub grades: BTreeMap<String, f64>,
}

/// How well one substance was foretold.
#[derive(Clone, Debug, PartialEq)]
pub struct Foretold {
    /// Substance.
    pub substance: String,
    /// Bodies where it is measured.
    pub measured: usize,
    /// Of these, how many have another body of their type with it.
    pub of_type: usize,
    /// Share of grades within the 80 % interval.
    pub coverage_80: f64,
    /// Typical high over low of the intervals.
    pub spread: f64,
    /// Brier score of the forecast that the substance is named, over all bodies.
    pub brier: f64,
    /// The same with the rate over all bodies as forecast.
    pub brier_of_base_rate: f64,
}

/// Hides each grade of a substance in turn. The body's own record does not enter its forecast.
pub fn foretold(bodies: &[Listed], substance: &str) -> Foretold {
    let known: Vec<KnownGrade> = bodies
        .iter()
        .map(|b| KnownGrade {
            body: b.body.clone(),
            kind: "deposit".into(),
            deposit_type: b.deposit_type.clone(),
            substance: substance.into(),
            // a body that does not name the substance: below what would be worth naming
            grade: b
                .grades
                .get(substance)
                .map_or(Measured::Below(f64::MIN_POSITIVE), |g| Measured::Exact(*g)),
        })
        .collect();
    let named: Vec<bool> = bodies.iter().map(|b| b.grades.contains_key(substance)).collect();
    let rate = |except: usize| {
        let others = named.iter().enumerate().filter(|(i, n)| *i != except && **n).count();
        (others as f64 + 0.5) / bodies.len() as f64
    };
    let (mut brier, mut brier_base, mut held, mut count, mut of_type) = (0.0, 0.0, 0, 0, 0);
    let mut spreads = Vec::new();
    for (at, body) in bodies.iter().enumerate() {
        let plan = AnaloguePlan { deposit_type: body.deposit_type.clone(), kind: "deposit".into() };
        let same = (0..bodies.len())
            .filter(|i| *i != at && bodies[*i].deposit_type == body.deposit_type)
            .collect::<Vec<_>>();
        let with = same.iter().filter(|i| named[**i]).count() as f64;
        let base = rate(at);
        let presence = (with + 2.0 * base) / (same.len() as f64 + 2.0);
        let truth = f64::from(u8::from(named[at]));
        brier += (presence - truth).powi(2);
        brier_base += (base - truth).powi(2);
        let Some(grade) = body.grades.get(substance) else { continue };
        let others: Vec<KnownGrade> =
            (0..bodies.len()).filter(|i| *i != at && named[*i]).map(|i| known[i].clone()).collect();
        let Some(found) = analogy(substance, &plan, &others, 0.0) else { continue };
        let (low, high) = (found.quantile(0.1), found.quantile(0.9));
        held += usize::from(low <= *grade && *grade <= high);
        of_type += usize::from(found.counts[1] > 0);
        count += 1;
        spreads.push(high / low);
    }
    spreads.sort_by(f64::total_cmp);
    let all = bodies.len() as f64;
    Foretold {
        substance: substance.into(),
        measured: count,
        of_type,
        coverage_80: f64::from(held as u32) / f64::from(count.max(1) as u32),
        spread: spreads.get(spreads.len() / 2).copied().unwrap_or(f64::NAN),
        brier: brier / all,
        brier_of_base_rate: brier_base / all,
    }
}

/// Reads rows of name, type, commodity, grade, unit into bodies: one row a grade, the median where a body
/// has several; rows without type, grade or a unit that is understood are left out.
pub fn listed<'a>(rows: impl Iterator<Item = [&'a str; 5]>) -> Vec<Listed> {
    let mut found: BTreeMap<(String, String), BTreeMap<String, Vec<f64>>> = BTreeMap::new();
    for [name, deposit_type, commodity, grade, unit] in rows {
        let kind = plain(deposit_type.split('|').next().unwrap_or(""));
        let (Some(substance), Ok(grade)) = (substance(commodity), grade.parse::<f64>()) else {
            continue;
        };
        let Some(factor) = factor(unit) else { continue };
        let fraction = grade * factor;
        if kind.is_empty() || !(fraction > 1e-9 && fraction < 0.8) {
            continue;
        }
        let body = found.entry((name.to_lowercase(), kind)).or_default();
        body.entry(substance.to_owned()).or_default().push(fraction);
    }
    let median = |mut v: Vec<f64>| {
        v.sort_by(f64::total_cmp);
        v[v.len() / 2]
    };
    let one = |((body, deposit_type), grades): ((String, String), BTreeMap<String, Vec<f64>>)| {
        let grades = grades.into_iter().map(|(s, v)| (s, median(v))).collect();
        Listed { body, deposit_type, grades }
    };
    found.into_iter().map(one).collect()
}

/// Substances that at least `least` bodies name.
pub fn common(bodies: &[Listed], least: usize) -> Vec<String> {
    let all: BTreeSet<&String> = bodies.iter().flat_map(|b| b.grades.keys()).collect();
    let count = |s: &String| bodies.iter().filter(|b| b.grades.contains_key(s)).count();
    all.into_iter().filter(|s| count(s) >= least).cloned().collect()
}

fn plain(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphabetic()).filter(|w| w.len() > 2);
    words.collect::<Vec<_>>().join(" ")
}

fn substance(commodity: &str) -> Option<&'static str> {
    let name = commodity.to_lowercase();
    let word = name.rsplit(['%', ' ', '/']).next().unwrap_or("").trim().to_owned();
    let word = if name.contains("platinum-group") { "pgm".to_owned() } else { word };
    Some(match word.as_str() {
        "copper" | "cu" => "Cu",
        "nickel" | "ni" => "Ni",
        "cobalt" | "co" => "Co",
        "zinc" | "zn" => "Zn",
        "lead" | "pb" => "Pb",
        "gold" | "au" => "Au",
        "silver" | "ag" => "Ag",
        "platinum" | "pt" => "Pt",
        "palladium" | "pd" => "Pd",
        "pgm" => "PGM",
        "vanadium" | "v" => "V",
        "tungsten" | "w" => "W",
        "wo3" => "WO3",
        "tin" | "sn" => "Sn",
        "lithium" => "Li",
        "tantalum" => "Ta",
        "molybdenum" | "mo" => "Mo",
        "graphite" => "graphite",
        "antimony" => "Sb",
        "manganese" => "Mn",
        "fluorite" | "fluorspar" => "CaF2",
        _ => return None,
    })
}

fn factor(unit: &str) -> Option<f64> {
    let unit = unit.to_lowercase();
    Some(match unit.as_str() {
        u if u.starts_with('%') || u == "percent" || u == "wt-pct" => 1e-2,
        u if u.starts_with("g/t") || u == "gram per tonne" || u == "ppm" => 1e-6,
        "parts per million" => 1e-6,
        "kilograms/metric ton" => 1e-3,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_many_spellings_become_bodies() {
        let rows = [
            ["Kevitsa", "U-M layered intrusion nickel-copper-PGE", "nickel", "0.25", "percent"],
            ["Kevitsa", "U-M layered intrusion nickel-copper-PGE", "%Co", "0.02", "%Co"],
            ["Kevitsa", "U-M layered intrusion nickel-copper-PGE", "g/t Pd", "0.3", "g/t Pd"],
            ["Nowhere", "", "nickel", "0.25", "percent"],
            ["Odd", "VMS", "nickel", "0.25", "bushels"],
        ];
        let found = listed(rows.into_iter());
        assert_eq!(found.len(), 1);
        assert!((found[0].grades["Co"] - 2e-4).abs() < 1e-12);
        assert!((found[0].grades["Pd"] - 3e-7).abs() < 1e-15);
    }

    #[test]
    fn a_substance_that_goes_with_a_type_is_foretold_better_than_by_its_rate() {
        let body = |i: usize, deposit_type: &str, grade: Option<f64>| Listed {
            body: format!("{deposit_type} {i}"),
            deposit_type: deposit_type.into(),
            grades: grade.map(|g| ("Co".to_owned(), g)).into_iter().collect(),
        };
        let mut bodies: Vec<Listed> =
            (0..12).map(|i| body(i, "magmatic", Some(2e-4 * (1.0 + 0.2 * i as f64)))).collect();
        bodies.extend((0..30).map(|i| body(i, "vein", None)));
        let found = foretold(&bodies, "Co");
        assert!(found.brier < 0.3 * found.brier_of_base_rate, "{found:?}");
        assert_eq!(found.measured, 12);
    }
}
