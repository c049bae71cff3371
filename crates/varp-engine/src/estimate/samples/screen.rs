//! Which assays of a substance count, where they lie, and why others do not.

use std::collections::BTreeMap;

use varp_model::{Measured, QaRole};

use super::SampleError;
use super::desurvey::{HolePath, depth_below, desurvey};
use crate::estimate::data::{AssayData, BodyData, SampleData, Taken};

/// A sample that counts.
#[derive(Clone, Debug, PartialEq)]
pub struct UsedSample {
    /// Label.
    pub name: String,
    /// Number of its hole, or of its place among those.
    pub hole: u32,
    /// Start along the hole or below the surface, metres.
    pub from_m: f64,
    /// End.
    pub to_m: f64,
    /// Mass fraction with its censoring.
    pub value: Measured<f64>,
}

/// Samples that count, with the paths of their holes.
#[derive(Clone, Debug, PartialEq)]
pub struct Screened {
    /// In the order of holes and depths.
    pub samples: Vec<UsedSample>,
    /// Path of each hole.
    pub paths: Vec<HolePath>,
    /// Name of each hole.
    pub names: Vec<String>,
    /// Why others do not count, and how many.
    pub left_out: Vec<(String, usize)>,
    /// Samples of quality control by their role: they tell of the laboratory, not of the body.
    pub controls: Vec<(String, usize)>,
    /// The method that they were analysed with.
    pub method: String,
}

/// Chooses the assays of a substance: originals, one method, whole material.
///
/// Different digestions are different variables, so the method with most assays is taken and the
/// others are told. A size fraction counts only together with the mass shares of all others.
///
/// # Errors
/// Intervals that overlap or are none, holes without a collar, numbers that are none, nothing left.
pub fn screen(data: &BodyData, substance: &str) -> Result<Screened, SampleError> {
    let mut left_out: BTreeMap<String, usize> = BTreeMap::new();
    let mut controls: BTreeMap<&str, usize> = BTreeMap::new();
    let mut found: Vec<(&SampleData, Measured<f64>, String)> = Vec::new();
    for sample in &data.samples {
        let assays: Vec<&AssayData> =
            sample.assays.iter().filter(|a| a.substance == substance).collect();
        if assays.is_empty() {
            continue;
        }
        if sample.role != QaRole::Original {
            *controls.entry(sample.role.word()).or_default() += 1;
            continue;
        }
        match whole_grade(sample, &assays) {
            Ok((value, method)) => found.push((sample, value, method)),
            Err(reason) => *left_out.entry(reason).or_default() += 1,
        }
    }
    let mut methods: BTreeMap<&str, usize> = BTreeMap::new();
    for (.., method) in &found {
        *methods.entry(method).or_default() += 1;
    }
    let most = methods.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
    let method = most.map_or(String::new(), |m| (*m.0).to_owned());
    for (other, count) in methods.iter().filter(|m| *m.0 != method) {
        left_out.insert(format!("another method than {method}: {other}"), *count);
    }
    let own: Vec<_> = found.into_iter().filter(|f| f.2 == method).collect();
    let left_out: Vec<(String, usize)> = left_out.into_iter().collect();
    let controls: Vec<_> = controls.into_iter().map(|(role, n)| (role.to_owned(), n)).collect();
    if own.is_empty() {
        let lost = left_out.iter().map(|(r, n)| format!("{n}: {r}"));
        let control = controls.iter().map(|(role, n)| format!("{n}: {role} of quality control"));
        let why: Vec<String> = control.chain(lost).collect();
        let why = if why.is_empty() { String::new() } else { format!(" ({})", why.join("; ")) };
        return Err(SampleError::None { substance: substance.into(), why });
    }
    let mut screened = Screened {
        samples: Vec::new(),
        paths: Vec::new(),
        names: Vec::new(),
        left_out,
        controls,
        method,
    };
    for (sample, value, _) in own {
        check_value(sample, substance, value)?;
        screened.add(data, sample, value)?;
    }
    screened.order()?;
    Ok(screened)
}

/// The depth of the hole of a sample that begins below its end by more than a centimetre.
fn below_its_hole(data: &BodyData, sample: &SampleData, from_m: f64) -> Option<f64> {
    let Taken::Interval { hole, .. } = &sample.taken else { return None };
    let hole = data.holes.iter().find(|h| h.name == *hole)?;
    hole.depth_m.filter(|end| depth_below(hole, from_m) >= end + 0.01)
}

impl Screened {
    fn add(
        &mut self,
        data: &BodyData,
        sample: &SampleData,
        value: Measured<f64>,
    ) -> Result<(), SampleError> {
        let (name, from_m, to_m) = match &sample.taken {
            Taken::Interval { hole, from_m, to_m } => (hole.clone(), *from_m, *to_m),
            Taken::Place { at, from_m, to_m } => {
                (format!("({:.2}, {:.2})", at[0], at[1]), *from_m, *to_m)
            }
        };
        if !(from_m >= 0.0 && to_m > from_m && to_m.is_finite()) {
            return Err(SampleError::Interval { sample: sample.name.clone(), from_m, to_m });
        }
        if let Some(end_m) = below_its_hole(data, sample, from_m) {
            let (sample, hole) = (sample.name.clone(), name);
            return Err(SampleError::BelowHole { sample, hole, from_m, end_m });
        }
        let hole = match self.names.iter().position(|n| *n == name) {
            Some(hole) => hole,
            None => {
                self.paths.push(path(data, sample)?);
                self.names.push(name);
                self.names.len() - 1
            }
        };
        let (name, hole) = (sample.name.clone(), hole as u32);
        self.samples.push(UsedSample { name, hole, from_m, to_m, value });
        Ok(())
    }

    /// Sorts by hole and depth and refuses what overlaps by more than a centimetre.
    fn order(&mut self) -> Result<(), SampleError> {
        self.samples.sort_by(|a, b| a.hole.cmp(&b.hole).then(a.from_m.total_cmp(&b.from_m)));
        let clash = self
            .samples
            .windows(2)
            .find(|w| w[0].hole == w[1].hole && w[1].from_m < w[0].to_m.min(w[1].to_m) - 0.01);
        match clash {
            None => Ok(()),
            Some(w) => Err(SampleError::Overlap {
                hole: self.names[w[0].hole as usize].clone(),
                first: w[0].name.clone(),
                second: w[1].name.clone(),
                from_m: w[1].from_m,
                to_m: w[0].to_m.min(w[1].to_m),
            }),
        }
    }
}

fn path(data: &BodyData, sample: &SampleData) -> Result<HolePath, SampleError> {
    let straight = |name: String, collar| {
        let hole = crate::estimate::data::HoleData {
            name,
            collar: None,
            surveys: Vec::new(),
            depth_m: None,
            reached_base: None,
        };
        desurvey(&hole, collar)
    };
    match &sample.taken {
        Taken::Place { at, .. } => straight(sample.name.clone(), [at[0], at[1], 0.0]),
        Taken::Interval { hole: name, .. } => {
            let hole = data.holes.iter().find(|h| h.name == *name).ok_or_else(|| {
                SampleError::UnknownHole { sample: sample.name.clone(), hole: name.clone() }
            })?;
            let of =
                |s: &&SampleData| matches!(&s.taken, Taken::Interval { hole, .. } if hole == name);
            let collar = hole.collar.ok_or_else(|| SampleError::NoCollar {
                hole: name.clone(),
                samples: data.samples.iter().filter(of).count(),
            })?;
            desurvey(hole, collar)
        }
    }
}

/// The grade of the whole material and its method, or the reason why there is none.
fn whole_grade(
    sample: &SampleData,
    assays: &[&AssayData],
) -> Result<(Measured<f64>, String), String> {
    let fraction_of = |a: &AssayData| a.size_fraction.or(sample.size_fraction);
    if let Some(assay) = assays.iter().find(|a| fraction_of(a).is_none()) {
        return Ok((assay.value, assay.method.clone()));
    }
    let share = |a: &&AssayData| fraction_of(a).and_then(|f| f.mass_share);
    let shares: Option<Vec<f64>> = assays.iter().map(share).collect();
    let Some(shares) = shares else {
        return Err("one size fraction, its share of the mass is not known".into());
    };
    let total: f64 = shares.iter().sum();
    if !(0.95..=1.05).contains(&total) {
        return Err(format!("size fractions that make {:.0} % of the mass", 100.0 * total));
    }
    let sum: f64 = assays.iter().zip(&shares).map(|(a, s)| a.value.number() * s).sum();
    let below = assays.iter().all(|a| matches!(a.value, Measured::Below(_)));
    let value = if below { Measured::Below(sum / total) } else { Measured::Exact(sum / total) };
    Ok((value, assays[0].method.clone()))
}

fn check_value(
    sample: &SampleData,
    substance: &str,
    value: Measured<f64>,
) -> Result<(), SampleError> {
    let number = value.number();
    if !number.is_finite() {
        let of = format!("sample {}", sample.name);
        return Err(SampleError::NotANumber { what: "an assay", of, value: number });
    }
    if !(0.0..=1.0).contains(&number) {
        return Err(SampleError::Grade {
            sample: sample.name.clone(),
            substance: substance.into(),
            value: number,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::data::HoleData;
    use varp_model::Survey;

    /// Ten metres at 30° end five metres down: its last metre is still in the hole.
    #[test]
    fn a_sample_near_the_end_of_an_inclined_hole_is_in_it() {
        let hole = HoleData {
            name: "H1".into(),
            collar: Some([0.0; 3]),
            surveys: vec![Survey { depth_m: 0.0, azimuth: 0.0, dip: 30.0 }],
            depth_m: Some(5.0),
            reached_base: None,
        };
        let data = BodyData { holes: vec![hole], ..BodyData::default() };
        let sample = |from_m: f64| SampleData {
            name: "S".into(),
            taken: Taken::Interval { hole: "H1".into(), from_m, to_m: from_m + 1.0 },
            role: QaRole::Original,
            repeats: None,
            size_fraction: None,
            assays: Vec::new(),
        };
        assert_eq!(below_its_hole(&data, &sample(9.0), 9.0), None);
        assert_eq!(below_its_hole(&data, &sample(10.1), 10.1), Some(5.0));
    }
}
