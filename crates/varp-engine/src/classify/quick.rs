//! The same classes without the reasons: for registers of many bodies.

use varp_model::Status;

use super::code::{Axis, Category, Code};
use super::dossier::{Dossier, Fact, Grounds};
use super::rules::{FactKind, RuleSet, Side};

/// A rule set with its facts and levels as numbers.
#[derive(Debug)]
pub struct Prepared<'a> {
    rules: &'a RuleSet,
    lines: Vec<Line>,
    ladders: [Vec<Category>; 3],
}

/// A rule: its place in the document and its conditions, `(fact, needed)`.
#[derive(Debug)]
struct Line {
    axis: usize,
    category: Category,
    side: Side,
    any: Vec<(usize, f64)>,
    unverified: bool,
}

/// A code and which rules fired, by their place in the document.
#[derive(Clone, Debug, PartialEq)]
pub struct Quick {
    /// The code.
    pub code: Code,
    /// Places of the rules that fired.
    pub fired: Vec<usize>,
    /// Whether each axis stands for lack of anything better known: E, F, G.
    pub undetermined: [bool; 3],
    /// Whether a rule or class that decided it is unverified.
    pub unverified: bool,
}

impl<'a> Prepared<'a> {
    /// Prepares a rule set.
    pub fn new(rules: &'a RuleSet) -> Self {
        let number = |name: &str| rules.facts.iter().position(|f| f.fact == name);
        let lines = rules.rules.iter().map(|rule| Line {
            axis: Axis::ALL.iter().position(|a| *a == rule.category.axis).unwrap_or_default(),
            category: rule.category,
            side: rule.side,
            any: rule
                .any
                .iter()
                .filter_map(|c| {
                    let fact = number(&c.fact)?;
                    let level = c.level.as_ref().and_then(|l| rank(&rules.facts[fact].kind, l));
                    Some((fact, level.or(c.number)?))
                })
                .collect(),
            unverified: rule.status == Status::Unverified,
        });
        let lines = lines.collect();
        Self { rules, lines, ladders: Axis::ALL.map(|axis| rules.ladder(axis)) }
    }

    /// The rules that were prepared.
    pub fn rules(&self) -> &'a RuleSet {
        self.rules
    }

    /// What [`classify`](super::classify) finds, without the words.
    pub fn classify(&self, dossier: &Dossier, product: &str) -> Quick {
        let known: Vec<Option<f64>> = self
            .rules
            .facts
            .iter()
            .map(|rule| {
                let fact = dossier.fact(rule, product).filter(|f| f.grounds != Grounds::Prior)?;
                value(&rule.kind, fact)
            })
            .collect();
        let mut fired = Vec::new();
        let mut fires = vec![false; self.lines.len()];
        for (at, line) in self.lines.iter().enumerate() {
            let mut any = line.any.iter().map(|(fact, needed)| {
                Some(meets(&self.rules.facts[*fact].kind, known[*fact]?, *needed))
            });
            fires[at] = match line.side {
                Side::Requires => any.any(|met| met == Some(true)),
                Side::Adverse => any.any(|met| met == Some(false)),
            };
            if fires[at] {
                fired.push(at);
            }
        }
        let mut categories = [Category { axis: Axis::E, number: 0, sub: 0 }; 3];
        let mut undetermined = [false; 3];
        for (axis, name) in Axis::ALL.into_iter().enumerate() {
            (categories[axis], undetermined[axis]) = self.axis(axis, name, &fires);
        }
        let [e, f, g] = categories;
        let code = Code::new(e, f, vec![g]).expect("one category per axis");
        let class = self.rules.classes.class_of(&code);
        let unverified = class.is_some_and(|row| row.status == Status::Unverified)
            || fired
                .iter()
                .map(|at| &self.lines[*at])
                .any(|line| line.unverified && line.category == categories[line.axis]);
        Quick { code, fired, undetermined, unverified }
    }

    fn axis(&self, axis: usize, name: Axis, fires: &[bool]) -> (Category, bool) {
        let lines = || self.lines.iter().zip(fires).filter(|(line, _)| line.axis == axis);
        let adverse = lines()
            .filter(|(line, fired)| line.side == Side::Adverse && **fired)
            .map(|(line, _)| line.category)
            .max();
        let holds = |category: &&Category| {
            lines()
                .filter(|(line, _)| line.side == Side::Requires && line.category >= **category)
                .all(|(_, fired)| *fired)
        };
        let climbed = self.ladders[axis].iter().find(holds).copied();
        let without = climbed.unwrap_or_else(|| self.rules.undetermined(name));
        let category = adverse.map_or(without, |pulled| pulled.max(without));
        (category, climbed.is_none() && category == without)
    }
}

#[expect(clippy::cast_precision_loss, reason = "levels are few")]
fn rank(kind: &FactKind, level: &str) -> Option<f64> {
    let FactKind::Levels(levels) = kind else { return None };
    levels.iter().position(|l| l == level).map(|at| at as f64)
}

fn value(kind: &FactKind, fact: &Fact) -> Option<f64> {
    match kind {
        FactKind::Levels(_) => rank(kind, fact.level.as_deref()?),
        FactKind::More(_) | FactKind::Less(_) => fact.number.filter(|n| !n.is_nan()),
    }
}

fn meets(kind: &FactKind, has: f64, needed: f64) -> bool {
    match kind {
        FactKind::Levels(_) | FactKind::More(_) => has >= needed,
        FactKind::Less(_) => has <= needed,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{WorkedCase, classify};
    use super::*;

    #[test]
    fn quick_finds_what_the_long_way_finds() {
        let rules = RuleSet::embedded();
        let quick = Prepared::new(&rules);
        for case in WorkedCase::embedded() {
            let long = classify(&case.dossier, &case.product, &rules);
            let short = quick.classify(&case.dossier, &case.product);
            assert_eq!(short.code, long.code, "{}", case.name);
            assert_eq!(short.unverified, long.unverified, "{}", case.name);
            let fired: Vec<&str> = short.fired.iter().map(|at| &*rules.rules[*at].id).collect();
            let findings = long.axes.iter().flat_map(|axis| &axis.findings);
            let mut told: Vec<&str> = findings.filter(|f| f.fired).map(|f| &*f.rule).collect();
            told.sort_by_key(|id| rules.rules.iter().position(|r| r.id == **id));
            assert_eq!(fired, told, "{}", case.name);
            let undetermined = [0, 1, 2].map(|at: usize| long.axes[at].undetermined);
            assert_eq!(short.undetermined, undetermined, "{}", case.name);
        }
    }
}
