//! The values of one assay column as they pass: their middle, their least, their decimals.

use varp_model::{Measured, Reported};

/// Values per factor of two are counted in this many bins.
const STEPS: u32 = 8;
/// Exponents from 2^-60 to 2^4 are counted.
const BINS: usize = 64 * STEPS as usize;

/// A column of assays, watched.
#[derive(Clone, Debug)]
pub(crate) struct ColumnWatch {
    bins: Vec<u32>,
    /// Values without decimals, by bin.
    bare: Vec<u32>,
    /// Values that are no bounds.
    pub(crate) exact: u64,
    /// Bounds from below.
    pub(crate) below: u64,
    decimals: [u64; 8],
    least: Option<Reported>,
    least_count: u64,
    next: f64,
    limits: Vec<(Reported, u64)>,
    halves: Vec<u64>,
}

/// Replacement of values below a limit by its half.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Halves {
    pub(crate) value: f64,
    pub(crate) count: u64,
}

impl Default for ColumnWatch {
    fn default() -> Self {
        Self {
            bins: vec![0; BINS],
            bare: vec![0; BINS],
            exact: 0,
            below: 0,
            decimals: [0; 8],
            least: None,
            least_count: 0,
            next: f64::INFINITY,
            limits: Vec::new(),
            halves: Vec::new(),
        }
    }
}

/// The bin of a value in kg/kg: exponent and first bits of the mantissa.
fn bin(value: f64) -> usize {
    // 2^-60 has the biased exponent 963
    let bits = (value.to_bits() >> 49) as i64 - 963 * i64::from(STEPS);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    {
        bits.clamp(0, BINS as i64 - 1) as usize
    }
}

/// The lower edge of a bin.
fn edge(bin: usize) -> f64 {
    f64::from_bits((bin as u64 + 963 * u64::from(STEPS)) << 49)
}

impl ColumnWatch {
    /// Takes a value: as printed, and in kg/kg.
    pub(crate) fn add(&mut self, value: Measured<Reported>, fraction: f64) {
        match value {
            Measured::Exact(number) => {
                self.exact += 1;
                self.bins[bin(fraction)] += 1;
                if number.decimals() == 0 {
                    self.bare[bin(fraction)] += 1;
                }
                self.decimals[usize::from(number.decimals().min(7))] += 1;
                self.low(number);
                for (at, (limit, _)) in self.limits.iter().enumerate() {
                    if is_half(number, *limit) {
                        self.halves[at] += 1;
                    }
                }
            }
            Measured::Below(limit) => {
                self.below += 1;
                let known = self.limits.iter().position(|(l, _)| l.value() == limit.value());
                match known {
                    Some(at) => self.limits[at].1 += 1,
                    None if self.limits.len() < 4 => self.declare(limit),
                    None => {}
                }
            }
            Measured::Above(_) => {}
        }
    }

    /// Notes a limit that the mapping states.
    pub(crate) fn declare(&mut self, limit: Reported) {
        self.limits.push((limit, 0));
        self.halves.push(0);
    }

    fn low(&mut self, number: Reported) {
        let value = number.value();
        let least = self.least.map_or(f64::INFINITY, Reported::value);
        if value < least {
            self.next = least;
            self.least = Some(number);
            self.least_count = 1;
        } else if value == least {
            self.least_count += 1;
        } else if value < self.next {
            self.next = value;
        }
    }

    /// The value below which a share of all values lies, kg/kg; `None` without values.
    pub(crate) fn quantile(&self, share: f64) -> Option<f64> {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rank"
        )]
        let rank = (share * self.exact as f64) as u64;
        let mut passed = 0;
        for (at, count) in self.bins.iter().enumerate() {
            passed += u64::from(*count);
            if passed > rank {
                return Some(edge(at));
            }
        }
        None
    }

    /// Decimals that nearly all values have, if they do.
    pub(crate) fn usual_decimals(&self) -> Option<u8> {
        let (at, count) = self.decimals.iter().enumerate().max_by_key(|(_, n)| **n)?;
        (*count * 10 >= self.exact * 8).then(|| u8::try_from(at).unwrap_or(7))
    }

    /// Share of the values that have decimals at all.
    pub(crate) fn with_decimals(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a share")]
        {
            1.0 - self.decimals[0] as f64 / self.exact.max(1) as f64
        }
    }

    /// Whether practically all values have the same decimals: then one without is an accident.
    pub(crate) fn has_fixed_decimals(&self) -> bool {
        let (at, most) =
            self.decimals.iter().enumerate().max_by_key(|(_, n)| **n).unwrap_or((0, &0));
        let others = self.exact - most;
        at > 0 && self.exact >= 20 && others <= 2.max(self.exact / 50)
    }

    /// Whether the laboratory prints decimals also where values are large.
    ///
    /// Many print a number of significant digits instead; there a large value has none.
    pub(crate) fn decimals_throughout(&self) -> bool {
        let (Some(low), Some(high)) = (self.quantile(0.8), self.quantile(0.97)) else {
            return false;
        };
        let range = bin(low)..=bin(high);
        let all: u32 = self.bins[range.clone()].iter().sum();
        let bare: u32 = self.bare[range].iter().sum();
        all >= 3 && f64::from(bare) < 0.3 * f64::from(all)
    }

    /// Values that are exactly half a limit, far more often than chance would have it.
    pub(crate) fn halves(&self) -> Option<Halves> {
        let stated = self.limits.iter().zip(&self.halves);
        let most = stated.max_by_key(|(_, count)| **count);
        if let Some(((limit, _), &count)) = most
            && count >= 5
            && count * 50 >= self.exact
        {
            return Some(Halves { value: limit.value() / 2.0, count });
        }
        let least = self.least?;
        let often = self.least_count >= 6 && self.least_count * 33 >= self.exact;
        // values between half a limit and the limit cannot occur in such a column
        let gap = self.next >= least.value() * 1.7 && self.next.is_finite();
        let finer = self.usual_decimals().is_some_and(|d| least.decimals() > d);
        let coarse = least.mantissa() == 1 && !finer; // the step of a rounded column
        (often && gap && !coarse && is_usual_limit(least.value() * 2.0))
            .then_some(Halves { value: least.value(), count: self.least_count })
    }
}

fn is_half(number: Reported, limit: Reported) -> bool {
    (number.value() * 2.0 - limit.value()).abs() <= limit.value() * 1e-9
}

/// Laboratories state limits of 1, 2, 3, 4, 5 or 2.5 times a power of ten.
fn is_usual_limit(limit: f64) -> bool {
    let scale = 10f64.powf(limit.log10().floor());
    [1.0, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0].iter().any(|m| (limit / scale - m).abs() < 1e-6)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watch(texts: &[&str], times: usize) -> ColumnWatch {
        let mut watch = ColumnWatch::default();
        for text in texts.iter().cycle().take(texts.len() * times) {
            let number = Reported::parse(text).unwrap();
            watch.add(Measured::Exact(number), number.value() * 1e-6);
        }
        watch
    }

    #[test]
    fn the_middle_is_found_within_an_eighth_of_an_octave() {
        let watch = watch(&["10", "20", "30", "40", "1000"], 20);
        let middle = watch.quantile(0.5).unwrap() * 1e6;
        assert!((26.0..=30.0).contains(&middle), "{middle}");
    }

    #[test]
    fn half_limits_are_seen_and_small_whole_numbers_are_not() {
        let replaced = watch(&["2.5", "7", "9", "2.5", "12", "30", "5.1"], 10);
        assert_eq!(replaced.halves().unwrap().value, 2.5);
        assert_eq!(watch(&["1", "2", "1", "3", "5", "8"], 10).halves(), None);
        assert_eq!(watch(&["2.5", "2.6", "2.5", "3.0", "4.0"], 10).halves(), None);
    }
}
