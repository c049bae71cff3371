//! The register as one inventory: deposits and waste in the same tables, nothing counted twice.

use std::collections::BTreeMap;

use serde::Serialize;
use varp_model::{References, Substance, Term};

use super::changed::Changed;
use super::code::{Category, Code};
use super::contained::{Contained, How};
use crate::chance::Z80;

/// One product of one body with its class.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// The body, by id.
    pub body: String,
    /// Its name.
    pub name: String,
    /// Name of its site.
    pub site: String,
    /// Country of its site.
    pub country: String,
    /// Kind of body.
    pub kind: String,
    /// Whether it is a deposit in the ground.
    pub primary: bool,
    /// The product, a substance code.
    pub product: String,
    /// The commodity that it is counted under.
    pub commodity: String,
    /// The code.
    pub code: Code,
    /// Class; empty for other combinations.
    pub class: String,
    /// Sub-class.
    pub sub_class: String,
    /// Whether the project is a notional one.
    pub notional: bool,
    /// Whether a rule or class that decided it is unverified.
    pub unverified: bool,
    /// How far people took it: `computed`, or the word of a standing.
    pub standing: String,
    /// The person who adopted it.
    pub person: Option<String>,
    /// What changed since it was adopted; `None` where it holds, or nobody adopted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stale: Option<Stale>,
    /// Contained tonnes.
    pub contained: Option<Contained>,
    /// The stored estimate that quantity and confidence come from; `None` where claims alone speak.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimate: Option<String>,
    /// Bodies, by id, that may be this one: candidates of which nobody has decided.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub may_be: Vec<String>,
    /// Tonnes of material in the body, preferred or only.
    pub mass_t: Option<f64>,
}

/// Why an adopted class stands on evidence that is no longer what it was. It stands until a competent person
/// confirms it or adopts another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stale {
    /// Day of the adoption, ISO 8601.
    pub adopted: String,
    /// What the rules compute now; `None` where the product is no longer in evidence.
    pub computed: Option<Code>,
    /// What changed since.
    pub changed: Vec<Changed>,
}

impl Entry {
    /// Class and sub-class in words.
    pub fn class_words(&self) -> String {
        class_words(&self.class, &self.sub_class)
    }

    /// Viable before not, feasible before not, sure before not.
    pub fn rank(&self) -> (Category, Category, Category) {
        (self.code.e(), self.code.f(), self.code.g()[0])
    }
}

/// Class and sub-class in words; codes without a class are "other combinations".
pub fn class_words(class: &str, sub_class: &str) -> String {
    match (class, sub_class) {
        ("", _) => "Other combination".into(),
        (class, "") => class.to_owned(),
        (class, sub) => format!("{class}: {sub}"),
    }
}

/// The commodity under which a substance is counted: that of its size class, else the first that it
/// witnesses, else its own code.
pub fn commodity_of(substance: &str, references: &References) -> String {
    let Ok(parsed) = Substance::parse(substance, references) else { return substance.to_owned() };
    let sized = references.size_of(&parsed, 1.0).map(|size| size.class.commodity.clone());
    let first = || references.commodities_of(&parsed).first().map(|c| c.code.clone());
    sized.or_else(first).unwrap_or_else(|| substance.to_owned())
}

/// What quantities are added under. Different terms are never added.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Group {
    /// Commodity.
    pub commodity: String,
    /// What the tonnes are of.
    pub basis: String,
    /// Country, or `all`.
    pub country: String,
    /// Deposits in the ground, or what mining left.
    pub primary: bool,
    /// Class in words, or a label that says that classes were added.
    pub class: String,
    /// Original, remaining, produced, unstated.
    pub term: String,
}

/// A quantity that was not added, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// The body, by id.
    pub body: String,
    /// Its name.
    pub name: String,
    /// Why.
    pub why: String,
}

/// The sum of a group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Total {
    /// What was added.
    pub group: Group,
    /// Bodies with this commodity in this class.
    pub bodies: usize,
    /// Bodies whose quantity was added.
    pub counted: usize,
    /// Ends added with ends, as if all were low together: low, best, high, in tonnes of the basis.
    pub arithmetic: Option<[f64; 3]>,
    /// The 80 % interval of the sum if the bodies are independent and their ranges normal.
    pub independent: Option<[f64; 2]>,
    /// Bodies that were added without a range: they count with their best value alone.
    pub without_range: usize,
    /// Bodies whose class rests on an unverified rule.
    pub unverified: usize,
    /// What was not added.
    pub left_out: Vec<LeftOut>,
}

/// How to add up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Adding {
    /// Whether countries are kept apart.
    pub by_country: bool,
    /// Whether quantities of different classes are added, which labels the sum.
    pub across_classes: bool,
}

/// Sums of contained tonnes by commodity, class, kind and term.
///
/// A body counts once per commodity: of several products of one commodity (WO3 and W) the one with the
/// better quantity is taken. Quantities without a best value are left out and listed.
pub fn totals(entries: &[Entry], adding: Adding) -> Vec<Total> {
    let mut groups: BTreeMap<Group, Vec<(&Entry, Option<String>)>> = BTreeMap::new();
    for (entry, twice) in once(entries) {
        groups.entry(group(entry, adding)).or_default().push((entry, twice));
    }
    if adding.across_classes {
        name_classes(&mut groups);
    }
    groups.into_iter().map(|(group, members)| total(group, &members)).collect()
}

fn name_classes(groups: &mut BTreeMap<Group, Vec<(&Entry, Option<String>)>>) {
    let old = std::mem::take(groups);
    for (mut group, members) in old {
        let mut classes: Vec<String> = members.iter().map(|(e, _)| e.class_words()).collect();
        classes.sort();
        classes.dedup();
        group.class = match &classes[..] {
            [one] => one.clone(),
            many => format!("classes added on request: {}", many.join(" + ")),
        };
        groups.insert(group, members);
    }
}

fn group(entry: &Entry, adding: Adding) -> Group {
    let term = entry.contained.as_ref().map_or(Term::Unstated, |c| c.term);
    let size = entry.contained.as_ref().and_then(|c| c.size.as_ref());
    Group {
        commodity: entry.commodity.clone(),
        basis: size.map_or_else(|| entry.product.clone(), |s| s.basis.clone()),
        country: if adding.by_country { entry.country.clone() } else { "all".into() },
        primary: entry.primary,
        class: if adding.across_classes { String::new() } else { entry.class_words() },
        term: term.word().to_owned(),
    }
}

/// Entries with the reason why another stands for them, if one does: another product of their commodity in
/// their body, or a body that may be the same one as long as nobody has decided.
fn once(entries: &[Entry]) -> Vec<(&Entry, Option<String>)> {
    let mut best: BTreeMap<(&str, &str), &Entry> = BTreeMap::new();
    for entry in entries {
        let kept = best.entry((&entry.body, &entry.commodity)).or_insert(entry);
        if worth(entry) > worth(kept) {
            *kept = entry;
        }
    }
    let stands_for = |entry: &Entry| {
        let kept = best.get(&(entry.body.as_str(), entry.commodity.as_str()))?;
        if kept.product != entry.product {
            return Some(format!("{} is counted as {}", entry.product, kept.product));
        }
        let key = |entry: &Entry| (worth(entry), std::cmp::Reverse(entry.body.clone()));
        let others = entry.may_be.iter();
        let others = others.filter_map(|body| best.get(&(body.as_str(), entry.commodity.as_str())));
        let other =
            others.filter(|other| other.primary == entry.primary && key(other) > key(entry));
        let other = other.max_by_key(|other| key(other))?;
        Some(format!("it may be {}, which is counted: decide it among the matches", other.name))
    };
    entries.iter().map(|entry| (entry, stands_for(entry))).collect()
}

/// How good a quantity is: a best value, stated or estimated rather than multiplied, in the basis itself.
fn worth(entry: &Entry) -> (bool, bool, bool) {
    let Some(contained) = &entry.contained else { return (false, false, false) };
    let own = contained.size.as_ref().is_some_and(|s| (s.factor - 1.0).abs() < 1e-9);
    let how = matches!(contained.how, How::Stated | How::Estimated);
    (contained.best.is_some(), how, own)
}

fn total(group: Group, members: &[(&Entry, Option<String>)]) -> Total {
    let mut sums = [0.0; 3];
    let (mut variance, mut counted, mut without_range) = (0.0, 0, 0);
    let mut left_out = Vec::new();
    for (entry, twice) in members {
        let leave =
            |why: String| LeftOut { body: entry.body.clone(), name: entry.name.clone(), why };
        if let Some(why) = twice {
            left_out.push(leave(why.clone()));
            continue;
        }
        let Some(contained) = &entry.contained else {
            left_out.push(leave("no source states a quantity".into()));
            continue;
        };
        if contained.how == How::ByAnalogy {
            left_out.push(leave("only bodies like it say how much".into()));
            continue;
        }
        let Some(best) = contained.best else {
            let why = format!("{} claims disagree and none is preferred", contained.of_claims);
            left_out.push(leave(why));
            continue;
        };
        let factor = contained.size.as_ref().map_or(1.0, |size| size.factor);
        let (low, high) = match (contained.low, contained.high) {
            (Some(low), Some(high)) => (low, high),
            _ => {
                without_range += 1;
                (best, best)
            }
        };
        counted += 1;
        for (sum, value) in sums.iter_mut().zip([low, best, high]) {
            *sum += value * factor;
        }
        variance += ((high - low) * factor / (2.0 * Z80)).powi(2);
    }
    let half = Z80 * variance.sqrt();
    let bodies: std::collections::BTreeSet<&str> =
        members.iter().map(|(entry, _)| entry.body.as_str()).collect();
    let unverified: std::collections::BTreeSet<&str> = members
        .iter()
        .filter(|(entry, _)| entry.unverified)
        .map(|(entry, _)| entry.body.as_str())
        .collect();
    Total {
        unverified: unverified.len(),
        group,
        bodies: bodies.len(),
        counted,
        arithmetic: (counted > 0).then_some(sums),
        independent: (counted > 0).then(|| [(sums[1] - half).max(0.0), sums[1] + half]),
        without_range,
        left_out,
    }
}

#[cfg(test)]
mod tests {
    use super::super::contained::SizeWord;
    use super::*;

    fn entry(body: &str, product: &str, code: &str, [low, best, high]: [f64; 3]) -> Entry {
        Entry {
            body: body.into(),
            name: body.into(),
            site: "s".into(),
            country: "SE".into(),
            kind: "tailings".into(),
            primary: false,
            product: product.into(),
            commodity: "W".into(),
            code: code.parse().unwrap(),
            class: if code.contains("G4") { "Prospective" } else { "Non-viable" }.into(),
            sub_class: String::new(),
            notional: true,
            unverified: true,
            standing: "computed".into(),
            person: None,
            stale: None,
            estimate: None,
            may_be: Vec::new(),
            mass_t: None,
            contained: Some(Contained {
                low: Some(low),
                best: Some(best),
                high: Some(high),
                term: Term::Remaining,
                how: How::Stated,
                of_claims: 1,
                evidence: Vec::new(),
                size: Some(SizeWord {
                    commodity: "W".into(),
                    basis: "WO3".into(),
                    factor: if product == "W" { 1.261 } else { 1.0 },
                    word: None,
                }),
            }),
        }
    }

    #[test]
    fn classes_are_not_added_unless_asked_and_then_the_sum_says_so() {
        let entries = [
            entry("a", "WO3", "E3.2;F3;G4", [1.0, 2.0, 3.0]),
            entry("b", "WO3", "E3.2;F2.2;G3", [1.0, 2.0, 3.0]),
        ];
        assert_eq!(totals(&entries, Adding::default()).len(), 2);
        let across = Adding { across_classes: true, ..Adding::default() };
        let added = totals(&entries, across);
        assert_eq!(added.len(), 1);
        assert!(added[0].group.class.contains("on request"));
        assert_eq!(added[0].arithmetic, Some([2.0, 4.0, 6.0]));
    }

    #[test]
    fn an_oxide_and_its_metal_count_once() {
        let entries = [
            entry("a", "W", "E3.2;F3;G4", [1.0, 2.0, 3.0]),
            entry("a", "WO3", "E3.2;F3;G4", [10.0, 20.0, 30.0]),
        ];
        let all = totals(&entries, Adding::default());
        assert_eq!((all[0].bodies, all[0].counted), (1, 1));
        assert_eq!(all[0].arithmetic, Some([10.0, 20.0, 30.0]));
        assert_eq!(all[0].left_out[0].why, "W is counted as WO3");
    }

    #[test]
    fn bodies_that_may_be_one_count_once_until_somebody_decides() {
        let mut entries = [
            entry("a", "W", "E3.2;F3;G4", [1.0, 2.0, 3.0]),
            entry("b", "WO3", "E3.2;F2.2;G3", [10.0, 20.0, 30.0]),
            entry("c", "WO3", "E3.2;F3;G4", [5.0, 6.0, 7.0]),
        ];
        let across = Adding { across_classes: true, ..Adding::default() };
        let best = |entries: &[Entry]| totals(entries, across)[0].arithmetic.unwrap()[1];
        assert!((best(&entries) - (2.0 * 1.261 + 26.0)).abs() < 1e-9, "three bodies");
        entries[0].may_be = vec!["b".into()];
        entries[1].may_be = vec!["a".into()];
        assert_eq!(best(&entries), 26.0);
        let all = totals(&entries, across);
        assert_eq!((all[0].counted, all[0].left_out.len()), (2, 1));
        assert!(all[0].left_out[0].why.contains("may be b"));
        entries[1].primary = true;
        assert_eq!(totals(&entries, across).len(), 2, "a deposit and its waste are two things");
        assert!(totals(&entries, across).iter().all(|t| t.left_out.is_empty()));
    }

    /// Two independent ranges of ±1 around 2: ±√2 around 4.
    #[test]
    fn independent_ranges_add_by_squares_and_sums_of_lows_understate() {
        let entries = [
            entry("a", "WO3", "E3.2;F3;G4", [1.0, 2.0, 3.0]),
            entry("b", "WO3", "E3.2;F3;G4", [1.0, 2.0, 3.0]),
        ];
        let all = totals(&entries, Adding::default());
        let [low, high] = all[0].independent.unwrap();
        assert!((low - (4.0 - 2.0_f64.sqrt())).abs() < 1e-9, "{low}");
        assert!((high - (4.0 + 2.0_f64.sqrt())).abs() < 1e-9);
        assert!(all[0].arithmetic.unwrap()[0] < low);
    }

    #[test]
    fn terms_are_never_added() {
        let mut original = entry("b", "WO3", "E3.2;F3;G4", [1.0, 2.0, 3.0]);
        original.contained.as_mut().unwrap().term = Term::Original;
        let entries = [entry("a", "WO3", "E3.2;F3;G4", [1.0, 2.0, 3.0]), original];
        let across = Adding { across_classes: true, ..Adding::default() };
        assert_eq!(totals(&entries, across).len(), 2);
    }
}
