//! From values to lengths.

/// A linear or logarithmic scale from values to `0..=1`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scale {
    /// Equal steps for equal differences.
    Linear {
        /// Value at 0.
        low: f64,
        /// Value at 1.
        high: f64,
    },
    /// Equal steps for equal ratios; both ends above 0.
    Log {
        /// Value at 0.
        low: f64,
        /// Value at 1.
        high: f64,
    },
}

impl Scale {
    /// A scale that shows all of `values`: logarithmic where they are above 0 and span more than
    /// a factor of 30, else linear from 0.
    pub fn around(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut ends: Option<(f64, f64)> = None;
        for value in values.into_iter().filter(|v| v.is_finite()) {
            let (low, high) = ends.unwrap_or((value, value));
            ends = Some((low.min(value), high.max(value)));
        }
        let (low, high) = ends?;
        Some(if low > 0.0 && high / low > 30.0 {
            let [low, high] = [low.log10().floor(), high.log10().ceil()];
            Self::Log { low: 10f64.powf(low), high: 10f64.powf(high) }
        } else {
            let top = if high > 0.0 { high * 1.05 } else { 1.0 };
            Self::Linear { low: low.min(0.0), high: top }
        })
    }

    /// Where `value` stands, held within `0..=1`.
    pub fn place(self, value: f64) -> f64 {
        let place = match self {
            Self::Linear { low, high } => (value - low) / (high - low),
            Self::Log { low, .. } if value <= low => 0.0,
            Self::Log { low, high } => (value / low).log10() / (high / low).log10(),
        };
        place.clamp(0.0, 1.0)
    }

    /// Values worth a line: the powers of ten of a logarithmic scale, round steps of a linear one.
    pub fn ticks(self) -> Vec<f64> {
        match self {
            Self::Log { low, high } => {
                let decades = (high / low).log10().round().max(1.0);
                let step = (decades / 5.0).ceil();
                let ticks = (0..=5).map(|i| low * 10f64.powf(f64::from(i) * step));
                ticks.filter(|t| *t <= high * 1.001).collect()
            }
            Self::Linear { low, high } => {
                let rough = (high - low) / 4.0;
                let power = 10f64.powf(rough.log10().floor());
                let nice = [1.0, 2.0, 5.0, 10.0].into_iter().find(|n| n * power >= rough);
                let step = nice.unwrap_or(10.0) * power;
                let first = (low / step).ceil();
                let ticks = (0..=6).map(|i| (first + f64::from(i)) * step);
                ticks.filter(|t| *t <= high * 1.001).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_ranges_become_logarithmic_and_narrow_ones_start_at_zero() {
        let log = Scale::around([3.0, 4e5]).unwrap();
        assert_eq!(log, Scale::Log { low: 1.0, high: 1e6 });
        assert!((log.place(1e3) - 0.5).abs() < 1e-12);
        assert_eq!(log.ticks(), [1.0, 100.0, 10_000.0, 1_000_000.0]);
        let linear = Scale::around([720.0, 920.0]).unwrap();
        assert_eq!(linear.place(0.0), 0.0);
        assert_eq!(linear.ticks(), [0.0, 500.0]);
        assert_eq!(Scale::around([]), None);
    }
}
