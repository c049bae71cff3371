//! Cost of a study: every line with its range, its source and whether that source was checked.

use crate::rank::criteria::{Level, Status};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Cost lines shipped with the program.
pub const DEFAULT: &str = include_str!("../../reference/costs.csv");

/// What a unit cost is multiplied with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Once per study.
    Study,
    /// Per stratum.
    Stratum,
    /// Per hole.
    Hole,
    /// Per metre drilled.
    Metre,
    /// Per analysis of the first laboratory, controls included.
    Analysis,
    /// Per umpire assay.
    Umpire,
    /// Per composite for tests.
    Composite,
    /// Per day in the field.
    Day,
    /// Per person and day in the field.
    PersonDay,
}

/// One line of the cost list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CostLine {
    /// Item in words.
    pub item: String,
    /// Heading, such as `field` or `laboratory`.
    pub heading: String,
    /// Option it belongs to, such as `auger`; empty for lines that always count.
    pub option: String,
    /// First level of study that needs it.
    pub from_level: Level,
    /// Basis.
    pub basis: Basis,
    /// Low unit cost, €.
    pub low: f64,
    /// Best unit cost, €.
    pub best: f64,
    /// High unit cost, €.
    pub high: f64,
    /// Source.
    pub source: String,
    /// Whether the source was checked.
    pub status: Status,
}

/// How much of each basis a study has.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amounts {
    /// Strata.
    pub strata: usize,
    /// Holes.
    pub holes: usize,
    /// Metres drilled.
    pub metres: f64,
    /// Analyses of the first laboratory.
    pub analyses: usize,
    /// Umpire assays.
    pub umpire: usize,
    /// Composites for tests.
    pub composites: usize,
    /// Days in the field.
    pub days: usize,
    /// Persons in the field.
    pub persons: usize,
}

/// One line of an estimate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CostEntry {
    /// The unit cost.
    pub line: CostLine,
    /// Number of units.
    pub units: f64,
    /// Best cost, €.
    pub cost: f64,
}

/// Cost of a study, €. The range adds all low and all high ends: it is wider than an 80 %
/// interval of independent items would be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CostEstimate {
    /// Lines that count.
    pub entries: Vec<CostEntry>,
    /// Contingency share.
    pub contingency: f64,
    /// All low ends, with contingency.
    pub low: f64,
    /// All best values, with contingency.
    pub best: f64,
    /// All high ends, with contingency.
    pub high: f64,
    /// Share of the best cost that rests on unverified lines.
    pub unverified_share: f64,
}

/// Why a cost list is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CostsError {
    /// A row cannot be read.
    #[error(
        "line {line}{column}: {problem}\n  hint: a row has item, heading, option, from_level, basis, \
         low, best, high, source, status, as in the shipped list"
    )]
    Row {
        /// Line of the file.
        line: u64,
        /// Column in words, where it is known.
        column: String,
        /// What is wrong.
        problem: String,
    },
    /// Unit costs that are no range.
    #[error(
        "{item}: {range} is no range of costs\n  hint: numbers from zero up, low ≤ best ≤ high"
    )]
    Range {
        /// Item.
        item: String,
        /// Low, best, high.
        range: String,
    },
    /// No rows.
    #[error("the list has no line: a study would seem to cost nothing")]
    Empty,
}

/// Reads a cost list.
///
/// # Errors
/// If it has no rows, or one that is not a cost with its range.
pub fn parse_costs(text: &str) -> Result<Vec<CostLine>, CostsError> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
    let names = reader.headers().map_err(|error| refused(&error, None))?.clone();
    let mut lines = Vec::new();
    for row in reader.into_deserialize() {
        let line: CostLine = row.map_err(|error| refused(&error, Some(&names)))?;
        let ordered = 0.0 <= line.low && line.low <= line.best && line.best <= line.high;
        if !(ordered && line.high.is_finite()) {
            let range = format!("{}, {}, {}", line.low, line.best, line.high);
            return Err(CostsError::Range { item: line.item, range });
        }
        lines.push(line);
    }
    if lines.is_empty() { Err(CostsError::Empty) } else { Ok(lines) }
}

fn refused(error: &csv::Error, names: Option<&csv::StringRecord>) -> CostsError {
    let line = error.position().map_or(0, csv::Position::line);
    let (column, problem) = match error.kind() {
        csv::ErrorKind::Deserialize { err, .. } => {
            let at = err.field().and_then(|field| names?.get(usize::try_from(field).ok()?));
            let column = at.map_or(String::new(), |name| format!(", column {name}"));
            (column, err.kind().to_string())
        }
        _ => (String::new(), error.to_string()),
    };
    CostsError::Row { line, column, problem }
}

/// Estimates a study at a level with some options chosen.
pub fn estimate(
    lines: &[CostLine],
    options: &BTreeSet<String>,
    level: Level,
    amounts: &Amounts,
    contingency: f64,
) -> CostEstimate {
    let counts = |line: &&CostLine| {
        line.from_level <= level && (line.option.is_empty() || options.contains(&line.option))
    };
    let entries: Vec<CostEntry> = lines
        .iter()
        .filter(counts)
        .map(|line| {
            let units = amounts.of(line.basis);
            CostEntry { line: line.clone(), units, cost: units * line.best }
        })
        .filter(|entry| entry.units > 0.0)
        .collect();
    let total = |f: fn(&CostLine) -> f64| {
        (1.0 + contingency) * entries.iter().map(|e| e.units * f(&e.line)).sum::<f64>()
    };
    let best: f64 = entries.iter().map(|e| e.cost).sum();
    let weak: f64 =
        entries.iter().filter(|e| e.line.status == Status::Unverified).map(|e| e.cost).sum();
    CostEstimate {
        contingency,
        low: total(|line| line.low),
        best: total(|line| line.best),
        high: total(|line| line.high),
        unverified_share: if best > 0.0 { weak / best } else { 0.0 },
        entries,
    }
}

impl Amounts {
    fn of(&self, basis: Basis) -> f64 {
        match basis {
            Basis::Study => 1.0,
            Basis::Stratum => self.strata as f64,
            Basis::Hole => self.holes as f64,
            Basis::Metre => self.metres,
            Basis::Analysis => self.analyses as f64,
            Basis::Umpire => self.umpire as f64,
            Basis::Composite => self.composites as f64,
            Basis::Day => self.days as f64,
            Basis::PersonDay => (self.days * self.persons) as f64,
        }
    }
}
