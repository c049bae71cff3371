//! Quality control of the assays of one substance, and the calibration of a field instrument.

use serde::Serialize;
use varp_model::{Measured, QaRole};

use super::SampleError;
use crate::estimate::data::{AssayData, BodyData, SampleData};
use crate::quality::calibration::Calibration;
use crate::quality::{DuplicateKind, Duplicates, ReferenceMaterial, contaminated_blanks};

/// What the control samples of one substance say.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QualitySummary {
    /// Substance code.
    pub substance: String,
    /// Original samples.
    pub originals: usize,
    /// Kind of duplicate, pairs, 90 % quantile of HARD in %, variation in %, whether it passes.
    pub duplicates: Vec<(String, usize, f64, f64, bool)>,
    /// Reference materials: results, failures beyond three deviations, mean bias in %, passes.
    pub standards: Vec<(usize, usize, f64, bool)>,
    /// Blanks and how many of them are above three times their limit.
    pub blanks: (usize, usize),
    /// Share of control samples among all, %.
    pub insertion_percent: f64,
    /// In words: what is missing or fails.
    pub remarks: Vec<String>,
}

impl QualitySummary {
    /// In one sentence.
    pub fn words(&self) -> String {
        let mut parts: Vec<String> = self
            .duplicates
            .iter()
            .map(|(kind, pairs, hard, variation, _)| {
                format!(
                    "{pairs} pairs of {kind} (90 % within {hard:.0} % HARD, CV {variation:.0} %)"
                )
            })
            .collect();
        parts.extend(self.standards.iter().map(|(results, failures, bias, _)| {
            let bias = tenth(*bias);
            format!("a reference material {results} times, {failures} beyond 3 deviations, bias {bias} %")
        }));
        if self.blanks.0 > 0 {
            parts.push(format!("{} blanks, {} dirty", self.blanks.0, self.blanks.1));
        }
        parts.extend(self.remarks.iter().cloned());
        let (n, share) = (self.originals, self.insertion_percent);
        let (substance, parts) = (&self.substance, parts.join("; "));
        format!("control of {substance}: {n} originals, {share:.0} % controls: {parts}")
    }
}

/// Sums up duplicates, reference materials and blanks of a substance.
pub fn quality_summary(data: &BodyData, substance: &str) -> QualitySummary {
    let assay = |s: &SampleData| s.assays.iter().find(|a| a.substance == substance).cloned();
    let of = |role: QaRole| {
        let own = data.samples.iter().filter(move |s| s.role == role);
        own.filter_map(|s| assay(s).map(|a| (s, a))).collect::<Vec<_>>()
    };
    let originals = of(QaRole::Original);
    let mut remarks = Vec::new();
    let mut duplicates = Vec::new();
    for (role, kind) in [
        (QaRole::PulpDuplicate, DuplicateKind::Pulp),
        (QaRole::CoarseDuplicate, DuplicateKind::Coarse),
        (QaRole::FieldDuplicate, DuplicateKind::Field),
    ] {
        let found: Vec<Option<(f64, f64)>> =
            of(role).iter().filter_map(|(s, a)| pair(&originals, s, a)).collect();
        let pairs: Vec<(f64, f64)> = found.iter().flatten().copied().collect();
        if pairs.len() < found.len() {
            remarks.push(format!(
                "{} pairs of {} with a value beyond a limit are left out",
                found.len() - pairs.len(),
                role.word()
            ));
        }
        if let Some(d) = Duplicates::of(&pairs) {
            let passes = d.acceptable(kind);
            duplicates.push((role.word().to_owned(), d.pairs, d.hard_p90, d.variation, passes));
            if !passes {
                remarks.push(format!(
                    "{}: 90 % of the pairs differ by up to {:.0} % (HARD), the usual limit is {:.0} %",
                    role.word(), d.hard_p90, kind.limit()
                ));
            }
        }
    }
    let standards = standards(&of(QaRole::Standard), &mut remarks);
    let blanks = of(QaRole::Blank);
    let dirty: usize = blanks.iter().map(|(_, a)| usize::from(is_dirty(a))).sum();
    if dirty > 0 {
        remarks.push(format!("{dirty} of {} blanks above three times their limit", blanks.len()));
    }
    let controls = data.samples.iter().filter(|s| s.role != QaRole::Original);
    let controls = controls.filter(|s| assay(s).is_some()).count();
    if controls == 0 {
        remarks.push("no control samples".into());
    }
    let all = (originals.len() + controls).max(1) as f64;
    QualitySummary {
        substance: substance.to_owned(),
        originals: originals.len(),
        duplicates,
        standards,
        blanks: (blanks.len(), dirty),
        insertion_percent: 100.0 * controls as f64 / all,
        remarks,
    }
}

/// With one decimal and no negative zero.
fn tenth(percent: f64) -> f64 {
    (percent * 10.0).round() / 10.0 + 0.0
}

fn grade(fraction: f64) -> String {
    match fraction {
        f if f >= 1e-3 => format!("{} %", crate::estimate::belief::short(f * 1e2)),
        f => format!("{} ppm", crate::estimate::belief::short(f * 1e6)),
    }
}

/// An original and its duplicate; nothing inside where one of them is known only by a limit.
fn pair(
    originals: &[(&SampleData, AssayData)],
    duplicate: &SampleData,
    assay: &AssayData,
) -> Option<Option<(f64, f64)>> {
    let name = duplicate.repeats.as_ref()?;
    let (_, original) = originals.iter().find(|(s, _)| s.name == *name)?;
    Some(both_exact(original, assay))
}

/// Two values, where neither is only a limit: a limit in the place of a value makes pairs agree that need not.
fn both_exact(first: &AssayData, second: &AssayData) -> Option<(f64, f64)> {
    match (first.value, second.value) {
        (Measured::Exact(a), Measured::Exact(b)) => Some((a, b)),
        _ => None,
    }
}

fn is_dirty(blank: &AssayData) -> bool {
    match (blank.value, blank.certified) {
        (Measured::Below(_), _) => false,
        (value, Some((limit, _))) => !contaminated_blanks(&[value.number()], limit, 3.0).is_empty(),
        (_, None) => false,
    }
}

fn standards(
    found: &[(&SampleData, AssayData)],
    remarks: &mut Vec<String>,
) -> Vec<(usize, usize, f64, bool)> {
    let mut materials: Vec<((f64, f64), Vec<f64>)> = Vec::new();
    let mut unstated = 0;
    for (_, assay) in found {
        let Some(certified) = assay.certified else {
            unstated += 1;
            continue;
        };
        match materials.iter_mut().find(|m| m.0 == certified) {
            Some(m) => m.1.push(assay.value.number()),
            None => materials.push((certified, vec![assay.value.number()])),
        }
    }
    if unstated > 0 {
        remarks.push(format!(
            "{unstated} results of reference materials whose certified grade is not stated"
        ));
    }
    let judge = |((value, deviation), results): ((f64, f64), Vec<f64>)| {
        if deviation <= 0.0 && value > 0.0 {
            let mean = results.iter().sum::<f64>() / results.len() as f64;
            remarks.push(format!(
                "reference material of {}: {} results, bias {} %; no deviation is certified, so none of them can \
                 fail",
                grade(value),
                results.len(),
                tenth(100.0 * (mean / value - 1.0))
            ));
        }
        let judged = ReferenceMaterial::judge(&results, value, deviation)?;
        let passes = judged.acceptable();
        if !passes {
            remarks.push(format!(
                "reference material of {}: {} of {} results beyond three deviations, bias {} %",
                grade(value),
                judged.failures.len(),
                results.len(),
                tenth(judged.bias)
            ));
        }
        Some((results.len(), judged.failures.len(), judged.bias, passes))
    };
    materials.into_iter().filter_map(judge).collect()
}

/// Puts results of a field instrument through the line that its pairs with the laboratory give.
///
/// Pairs are samples with assays of one substance by both methods, neither beyond a limit. Returns the data with calibrated
/// assays under the laboratory's method where it has none, and what was done, in words; the residual
/// deviation relative to the mean is the error that each calibrated value carries.
///
/// # Errors
/// Fewer than ten pairs, or pairs that make no line.
pub fn calibrated(
    data: &BodyData,
    substance: &str,
    method: &str,
) -> Result<(BodyData, String, f64), SampleError> {
    let of = |s: &SampleData, own: bool| {
        let right = |a: &&AssayData| a.substance == substance && (a.method == method) == own;
        s.assays.iter().find(right).cloned()
    };
    let both = |s: &SampleData| both_exact(&of(s, true)?, &of(s, false)?);
    let pairs: Vec<(f64, f64)> = data.samples.iter().filter_map(both).collect();
    let refuse =
        || SampleError::Calibration { method: method.into(), pairs: pairs.len(), needed: 10 };
    if pairs.len() < 10 {
        return Err(refuse());
    }
    let line = Calibration::of(&pairs, 1.0).map_err(|_| refuse())?;
    let mean = pairs.iter().map(|p| p.1).sum::<f64>() / pairs.len() as f64;
    let laboratory =
        data.samples.iter().find_map(|s| of(s, false)).map_or(String::new(), |a| a.method);
    let mut out = data.clone();
    for sample in &mut out.samples {
        let Some(field) = of(sample, true) else { continue };
        sample.assays.retain(|a| !(a.substance == substance && a.method == method));
        if of(sample, false).is_some() {
            continue;
        }
        let straight =
            |v: f64| (line.least_squares.intercept + line.least_squares.slope * v).clamp(0.0, 1.0);
        let value = field.value.map(straight);
        sample.assays.push(AssayData { value, method: laboratory.clone(), ..field });
    }
    let error = line.residual_deviation / mean;
    let words = format!(
        "{method} put through the laboratory's line: {} pairs, r {:.2}, slope {:.2}, residual {:.0} % of \
         the mean, Lin's concordance {:.2}",
        line.pairs,
        line.correlation,
        line.least_squares.slope,
        100.0 * error,
        line.concordance
    );
    Ok((out, words, error))
}
