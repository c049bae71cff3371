//! From profiles to rows of a ranking table.

use std::collections::BTreeMap;

use varp_model::ClaimValue;

use super::figure::Figure;
use super::knowledge::{Knowledge, Scale};
use super::{BodyRecord, Profile, statement, worth};
use crate::circularity::scenario;
use crate::pilot::information::Decision;
use crate::rank::criteria::Status;
use crate::rank::table::{Cell, Datum, Evidence, Prior, Row};

/// Element that decides acid drainage.
const SULPHUR: &str = "S";

/// A row with the words behind each of its cells.
#[derive(Clone, Debug)]
pub struct ProfileRow {
    /// The row.
    pub row: Row,
    /// How each cell came about, by criterion.
    pub how: BTreeMap<String, String>,
}

impl Profile {
    /// The criteria that the register answers for this body; the others are missing.
    pub fn row(&self, record: &BodyRecord, known: &Knowledge) -> ProfileRow {
        let mut cells = Cells::default();
        cells.figure("R1", self.value_meur.as_ref(), 1.0);
        cells.figure("R3", self.size.mass_t.as_ref(), 1e-6);
        cells.figure("R4", self.smelter_return.as_ref(), 1.0);
        cells.figure("T1", self.main_product().map(|p| &p.recovery), 100.0);
        cells.figure("E1", self.grades.get(SULPHUR).map(|g| &g.figure), 100.0);
        cells.figure("E2", self.toxic_load(known).as_ref(), 1.0);
        if let Some(critical) = worth::criticality(&self.products, known) {
            let how =
                format!("EU criticality, {:.0} % of the value assessed", 100.0 * critical.coverage);
            let evidence = weakest_of(self.products.iter().map(|p| p.grade.evidence));
            cells.put("R2", Cell::Exact { value: critical.index }, evidence, how);
        }
        if let Some(saved) = scenario::saved_per_tonne(self, known) {
            let cell = Cell::Normal { mean: saved.mean_kg, deviation: saved.deviation_kg };
            cells.put("E5", cell, Evidence::Prior, saved.how);
        }
        if let Some(gain) = self.study_gain(known) {
            let holes = known.usual_of_study("holes of a first campaign");
            let how =
                format!("expected net gain of {holes} holes; cost and break-even are defaults");
            cells.put("R6", Cell::Exact { value: gain * 1e-6 }, Evidence::Prior, how);
        }
        for scale in &known.scales {
            if let Some((from, to, how)) = on_scale(record, scale) {
                let cell = if from < to {
                    Cell::Uniform { low: from, high: to }
                } else {
                    Cell::Exact { value: from }
                };
                cells.put(&scale.criterion, cell, Evidence::Derived, how);
            }
        }
        let Cells { data, how } = cells;
        ProfileRow { row: Row { id: self.id.clone(), attributes: self.attributes(), data }, how }
    }

    /// Attributes that priors, filters and quotas look at.
    pub fn attributes(&self) -> BTreeMap<String, String> {
        let mut attributes = BTreeMap::from([
            ("kind".to_owned(), self.kind.clone()),
            ("country".to_owned(), self.country.clone()),
            ("site".to_owned(), self.site.clone()),
        ]);
        let main = self.main_product().map(|p| &p.element).or(self.commodities.first());
        if let Some(commodity) = main {
            attributes.insert("commodity".to_owned(), commodity.clone());
        }
        attributes
    }

    /// Σ content / guideline over the elements whose grade is known and that have a guideline.
    pub fn toxic_load(&self, known: &Knowledge) -> Option<Figure> {
        let soil = known.guidelines.iter().filter(|g| g.purpose == "soil");
        let parts: Vec<(&str, Figure)> = soil
            .filter_map(|g| {
                let grade = &self.grades.get(&g.element)?.figure;
                Some((g.element.as_str(), grade.times(1e6 / g.mg_per_kg)))
            })
            .collect();
        let names: Vec<&str> = parts.iter().map(|p| p.0).collect();
        let figures: Vec<Figure> = parts.iter().map(|p| p.1.clone()).collect();
        let how = format!("Σ content / guideline of {}; others not known", names.join(", "));
        Figure::sum(&figures, how)
    }

    /// The decision to go on: net return per tonne against the cost of a small plant.
    pub fn decision(&self, known: &Knowledge) -> Option<Decision> {
        let value = self.smelter_return.as_ref()?;
        let mass = self.size.mass_t.as_ref()?.best;
        let cost = known.default_of("operating", "small Nordic plant, all in")?;
        Some(Decision {
            prior_mean: value.best,
            prior_deviation: (value.best * value.variation).max(1e-9),
            break_even: cost.best,
            slope: mass,
            hole_deviation: (value.best * self.hole_variation.best).max(1e-9),
            fixed_cost: known.usual("study cost", "before the first hole"),
            cost_per_hole: known.usual("study cost", "a hole with its samples"),
        })
    }

    /// Expected net gain of a study, €.
    fn study_gain(&self, known: &Knowledge) -> Option<f64> {
        let holes = known.usual_of_study("holes of a first campaign") as usize;
        Some(self.decision(known)?.net_gain(holes).max(0.0))
    }
}

#[derive(Default)]
struct Cells {
    data: BTreeMap<String, Datum>,
    how: BTreeMap<String, String>,
}

impl Cells {
    fn figure(&mut self, criterion: &str, figure: Option<&Figure>, factor: f64) {
        if let Some(figure) = figure {
            let cell = figure.times(factor).cell();
            self.put(criterion, cell, figure.evidence, figure.how.clone());
        }
    }

    fn put(&mut self, criterion: &str, cell: Cell, evidence: Evidence, how: String) {
        self.how.insert(criterion.to_owned(), how);
        self.data.insert(criterion.to_owned(), Datum { cell, evidence });
    }
}

fn weakest_of(all: impl Iterator<Item = Evidence>) -> Evidence {
    all.max().unwrap_or(Evidence::Prior)
}

/// The classes that the register's statements leave open, if it states anything.
fn on_scale(record: &BodyRecord, scale: &Scale) -> Option<(f64, f64, String)> {
    for claim in statement::standing(&record.claims, &scale.property, None) {
        let said = match &claim.value {
            ClaimValue::Text(text) | ClaimValue::Code(text) => {
                let word = text.trim();
                let named = scale.words.iter().find(|(w, _)| w.eq_ignore_ascii_case(word));
                named.map(|(_, range)| *range).or(scale.stated)
            }
            ClaimValue::Number(range) => {
                let best = range.best.or(range.low())?;
                let metres = range.unit.to_canonical(best);
                let band = scale.bands.iter().find(|band| metres <= band.0);
                band.map(|band| (band.1, band.2))
            }
            ClaimValue::Date(_) => None,
        };
        if let Some((from, to)) = said {
            let mark = if scale.status == Status::Unverified { ", unverified" } else { "" };
            let how = format!("stated {}, on a scale {}{mark}", scale.property, scale.source);
            return Some((from, to, how));
        }
    }
    None
}

/// Priors for missing cells: the recovery of the usual process, by main commodity.
pub fn priors(known: &Knowledge) -> Vec<Prior> {
    let recovery = |row: &super::knowledge::ProductRow| {
        let found =
            known.defaults.iter().find(|d| d.group == "recovery" && d.item == row.recovery_item)?;
        Some(Prior {
            criterion: "T1".into(),
            attributes: BTreeMap::from([("commodity".into(), row.element.clone())]),
            cell: Cell::Triangular { low: found.low, mode: found.mode, high: found.high },
            source: format!("screening default {}, {}", found.item, found.source),
        })
    };
    known.products.values().filter_map(recovery).collect()
}
