//! Suspicions about assays: units, oxides, replaced limits, lost decimals, copied rows, sums.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use varp_model::{Assay, Determination, Element, Measured, References, Substance};

use super::column::ColumnWatch;
use super::grades::{Plausible, PlausibleGrades};
use super::whole_rock::{WholeRock, oxide_factor};
use crate::import::Code;
use crate::import::number::reported_from_f64;
use crate::import::run::{Row, Table};
use crate::import::{Issue, Severity};

/// Rows that pass before a column is known well enough to judge single values.
const WARM: u64 = 400;
/// Fewer values than this tell nothing about a column.
pub(super) const FEW: u64 = 12;

/// A value of a row: column of the watch, kg/kg, decimals as printed.
#[derive(Clone, Copy)]
pub(super) struct Value {
    pub(super) at: usize,
    pub(super) fraction: f64,
    decimals: u8,
}

/// One assay column with what is known about its analyte.
pub(super) struct Watched {
    column: usize,
    determination: u32,
    factor: f64,
    plausible: Option<Plausible>,
    pub(super) substance: Substance,
    watch: ColumnWatch,
    /// Middle and edge of the column, refreshed now and then.
    middle: Option<f64>,
    high: f64,
    throughout: bool,
    fixed: bool,
}

/// Two columns that tell of one element.
struct Pair {
    first: usize,
    second: usize,
    /// Ratio second to first that their substances have, where both are of the element alone.
    expected: f64,
    /// Sum and sum of squares of the logarithm of the ratio, and how many.
    sums: (f64, f64, u64),
}

/// The assays of one sheet, watched while they pass.
pub(crate) struct AssayWatch {
    columns: Vec<Watched>,
    by_determination: HashMap<u32, usize>,
    pairs: Vec<Pair>,
    warm: Vec<(u32, Vec<Value>)>,
    rows: u64,
    seen: HashMap<u64, u32>,
    whole_rock: Option<WholeRock>,
}

impl AssayWatch {
    pub(crate) fn new(
        columns: &[(usize, u32)],
        determinations: &[Determination],
        grades: &PlausibleGrades,
        references: &References,
    ) -> Self {
        let mut watched = Vec::new();
        for &(column, number) in columns {
            let Some(d) = determinations.get(number as usize) else { continue };
            let mut watch = ColumnWatch::default();
            if let Some(limit) = d.detection_limit.and_then(reported_from_f64) {
                watch.declare(limit);
            }
            watched.push(Watched {
                column,
                determination: number,
                factor: d.unit.to_canonical(1.0),
                plausible: grades.of(&d.substance, references),
                substance: d.substance.clone(),
                watch,
                middle: None,
                high: f64::INFINITY,
                throughout: false,
                fixed: false,
            });
        }
        let by_determination =
            watched.iter().enumerate().map(|(at, w)| (w.determination, at)).collect();
        let pairs = pairs(&watched, references);
        let whole_rock = WholeRock::new(&watched, references);
        Self {
            columns: watched,
            by_determination,
            pairs,
            warm: Vec::new(),
            rows: 0,
            seen: HashMap::new(),
            whole_rock,
        }
    }

    /// Takes the assays of a row that is accepted; suspicions about it go into the row.
    pub(crate) fn row(&mut self, row: &mut Row<'_>, assays: &[Assay], original: bool) {
        self.rows += 1;
        let mut values: Vec<Value> = Vec::with_capacity(assays.len());
        let mut sum = 0.0;
        for assay in assays {
            let Some(&at) = self.by_determination.get(&assay.determination.0) else { continue };
            let column = &mut self.columns[at];
            let number = assay.value.number();
            let fraction = number.value() * column.factor;
            column.watch.add(assay.value, fraction);
            if matches!(assay.value, Measured::Exact(_)) && fraction > 0.0 {
                values.push(Value { at, fraction, decimals: number.decimals() });
                sum += fraction;
            }
        }
        self.pair_up(&values);
        if let Some(whole) = &mut self.whole_rock {
            whole.row(row, &values);
        } else if sum > 1.02 {
            let message = format!("the assays of the row sum to {:.0} %", sum * 100.0);
            row.warning(Code::SUM_OVER_100, None, message, None);
        }
        if original {
            self.copied(row, assays);
        }
        if self.rows < WARM {
            self.warm.push((row.number, values));
            return;
        }
        if self.rows == WARM || self.rows.is_multiple_of(4096) {
            self.refresh();
        }
        for (code, at, message, hint) in self.judge(&values) {
            row.warning(code, Some(self.columns[at].column), message, hint);
        }
    }

    fn refresh(&mut self) {
        for column in &mut self.columns {
            let enough = column.watch.exact >= FEW;
            column.middle = column.watch.quantile(0.5).filter(|_| enough);
            column.high = column.watch.quantile(0.97).unwrap_or(f64::INFINITY);
            column.throughout = column.watch.decimals_throughout();
            column.fixed = column.watch.has_fixed_decimals();
        }
    }

    /// A row whose values are those of an earlier row.
    fn copied(&mut self, row: &mut Row<'_>, assays: &[Assay]) {
        let exact = assays.iter().filter(|a| matches!(a.value, Measured::Exact(_))).count();
        let different = {
            let mut values: Vec<i64> = assays.iter().map(|a| a.value.number().mantissa()).collect();
            values.sort_unstable();
            values.dedup();
            values.len()
        };
        if exact < 4 || different < 4 {
            return;
        }
        let mut hasher = DefaultHasher::new();
        for assay in assays {
            (assay.determination.0, assay.value).hash(&mut hasher);
        }
        let before = *self.seen.entry(hasher.finish()).or_insert(row.number);
        if before != row.number {
            let message = format!("the row has the same {} assays as row {before}", assays.len());
            let hint = "a duplicate of quality control has a role; a copied row is no sample";
            row.warning(Code::SAME_VALUES, None, message, hint.to_owned());
        }
    }

    fn pair_up(&mut self, values: &[Value]) {
        for pair in &mut self.pairs {
            let find = |at: usize| values.iter().find(|v| v.at == at).map(|v| v.fraction);
            if let (Some(a), Some(b)) = (find(pair.first), find(pair.second)) {
                let log = (b / a).ln();
                pair.sums.0 += log;
                pair.sums.1 += log * log;
                pair.sums.2 += 1;
            }
        }
    }

    /// Suspicions about the values of a row, once the columns are known.
    fn judge(&self, values: &[Value]) -> Vec<Suspicion> {
        let known = |v: &&Value| self.columns[v.at].middle.is_some();
        let logs: Vec<(usize, f64)> = values
            .iter()
            .filter(known)
            .map(|v| (v.at, (v.fraction / self.columns[v.at].middle.unwrap_or(v.fraction)).log10()))
            .collect();
        if let Some(suspicion) = whole_row_slip(&logs) {
            return vec![suspicion];
        }
        let mut found = Vec::new();
        for &Value { at, fraction, decimals } in values.iter().filter(known) {
            let column = &self.columns[at];
            let middle = column.middle.unwrap_or(fraction);
            let up = (fraction / middle).log10();
            let far = if column.throughout { 1.5 } else { 15.0 };
            let large =
                column.watch.with_decimals() > 0.8 && fraction > column.high * far && up > 0.6;
            if decimals == 0 && (large || column.fixed && up > 0.0) {
                let message = format!(
                    "{} has no decimals where the others have them, and is {:.0} times the middle",
                    shown(fraction / column.factor),
                    fraction / middle
                );
                let hint = "was a decimal sign lost?".to_owned();
                found.push((Code::DECIMAL_SHIFT, at, message, hint));
            } else if up.abs() > 2.5 && (fraction > column.high * 30.0 || up < 0.0) {
                let message = format!(
                    "{} is {} the middle of the column",
                    shown(fraction / column.factor),
                    times(fraction / middle)
                );
                let hint = "is it in another unit than the column?".to_owned();
                found.push((Code::UNIT_SLIP, at, message, hint));
            }
        }
        found
    }

    /// Suspicions about whole columns, and about the first rows.
    pub(crate) fn finish(mut self, table: &Table, references: &References) -> Vec<Issue> {
        self.refresh();
        let mut issues = Vec::new();
        let warn = |row: Option<u32>, column: usize, code, message, hint: String| Issue {
            severity: Severity::Warning,
            code,
            place: table.place(row, Some(column)),
            cell: None,
            message,
            hint: Some(hint),
        };
        if self.rows >= FEW {
            for (row, values) in &self.warm {
                for (code, at, message, hint) in self.judge(values) {
                    issues.push(warn(Some(*row), self.columns[at].column, code, message, hint));
                }
            }
        }
        for column in &self.columns {
            for (code, message, hint) in column.suspicions() {
                issues.push(warn(None, column.column, code, message, hint));
            }
        }
        for pair in &self.pairs {
            if let Some((code, message, hint)) = pair.suspicion(&self.columns, references) {
                issues.push(warn(None, self.columns[pair.second].column, code, message, hint));
            }
        }
        if let Some(whole) = &self.whole_rock
            && let Some((message, hint)) = whole.suspicion()
        {
            issues.push(warn(None, self.columns[whole.first].column, Code::OXIDE, message, hint));
        }
        issues
    }
}

type Suspicion = (Code, usize, String, String);

/// Most values of a row are off by the same power of ten.
fn whole_row_slip(logs: &[(usize, f64)]) -> Option<Suspicion> {
    if logs.len() < 3 {
        return None;
    }
    let mut sorted: Vec<f64> = logs.iter().map(|(_, log)| *log).collect();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted[sorted.len() / 2];
    let power = middle.round();
    let same = sorted.iter().filter(|l| (**l - middle).abs() < 1.2).count();
    if power.abs() < 3.0 || same * 5 < sorted.len() * 4 {
        return None;
    }
    let message =
        format!("the values of the row are {} those of the others", times(10f64.powf(power)));
    let hint = "is the row in another unit?".to_owned();
    Some((Code::UNIT_SLIP, logs[0].0, message, hint))
}

fn times(ratio: f64) -> String {
    if ratio >= 1.0 { format!("{ratio:.0} times") } else { format!("1/{:.0} of", 1.0 / ratio) }
}

fn shown(value: f64) -> String {
    crate::import::cell::number_text((value * 1e6).round() / 1e6)
}

impl Watched {
    fn suspicions(&self) -> Vec<(Code, String, String)> {
        let mut found = Vec::new();
        if self.watch.exact < FEW {
            return found;
        }
        if let Some(halves) = self.watch.halves() {
            let message = format!(
                "{} of {} values are exactly {}, half a detection limit",
                halves.count,
                self.watch.exact,
                shown(halves.value)
            );
            let hint = "ask for the results as reported: <limit instead of a replaced value";
            found.push((Code::HALF_LIMIT, message, hint.to_owned()));
        }
        let (Some(bounds), Some(middle)) = (self.plausible, self.watch.quantile(0.5)) else {
            return found;
        };
        // where most values are below the limit, the middle of the rest says nothing
        let seen = self.watch.exact > self.watch.below;
        let top = self.watch.quantile(0.9).unwrap_or(middle);
        if seen && top < bounds.least || middle > bounds.most {
            let text = format!(
                "the middle value is {} of {}; {} would be usual",
                percent(middle),
                self.substance,
                if middle > bounds.most { "less" } else { "more" }
            );
            let hint = "is the unit of the column right? ppm and % differ by 10 000".to_owned();
            found.push((Code::UNIT_SLIP, text, hint));
        }
        found
    }
}

fn percent(fraction: f64) -> String {
    match fraction {
        f if f >= 1e-3 => format!("{:.3} %", f * 1e2),
        f if f >= 1e-7 => format!("{:.2} ppm", f * 1e6),
        f => format!("{:.3} ppb", f * 1e9),
    }
}

fn pairs(columns: &[Watched], references: &References) -> Vec<Pair> {
    let element = |w: &Watched| w.substance.elements().into_iter().find(|e| e.symbol() != "O");
    let fraction = |w: &Watched, e: Element| w.substance.exact_fraction_of(e, references);
    let mut pairs = Vec::new();
    for (first, a) in columns.iter().enumerate() {
        let Some(e) = element(a) else { continue };
        for (second, b) in columns.iter().enumerate().skip(first + 1) {
            if element(b) == Some(e)
                && let (Some(fa), Some(fb)) = (fraction(a, e), fraction(b, e))
            {
                pairs.push(Pair { first, second, expected: fa / fb, sums: (0.0, 0.0, 0) });
            }
        }
    }
    pairs
}

impl Pair {
    fn suspicion(
        &self,
        columns: &[Watched],
        references: &References,
    ) -> Option<(Code, String, String)> {
        let (sum, squares, count) = self.sums;
        if count < FEW {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "a count")]
        let n = count as f64;
        let mean = sum / n;
        let spread = (squares / n - mean * mean).max(0.0).sqrt();
        let (a, b) = (&columns[self.first].substance, &columns[self.second].substance);
        let off = mean - self.expected.ln();
        // off by thousand or more, whatever the digestion
        if off.abs() > 300f64.ln() && spread < 2.0 {
            let message = format!("{b} is {} what {a} of the same rows says", times(off.exp()));
            let hint = "one of the two columns is in another unit".to_owned();
            return Some((Code::UNIT_SLIP, message, hint));
        }
        let factor = self.expected.ln();
        let oxide = if a == b { oxide_factor(b, references)? } else { factor };
        let near = |x: f64, y: f64| (x - y).abs() < 0.12 * y.abs().max(0.6);
        let confused = if a == b {
            near(mean.abs(), oxide.abs()) && spread < 0.06
        } else {
            (near(off, -factor) || near(off, factor)) && spread < 0.35 && factor.abs() > 0.15
        };
        confused.then(|| {
            let ratio = mean.exp();
            let message =
                format!("{b} over {a} is {ratio:.2} in the middle, not {:.2}", self.expected);
            let hint = "is one of them stated as oxide and the other as element?".to_owned();
            (Code::OXIDE, message, hint)
        })
    }
}
