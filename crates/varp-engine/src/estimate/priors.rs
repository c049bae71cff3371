//! Priors of estimates: versioned reference files, each row with its source and status.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use varp_geostat::regional::ContinuityPrior;
use varp_model::Status;

use super::belief::Belief;
use super::error::EstimateError;

/// Files shipped with the program: name and text.
pub const PRIOR_FILES: [(&str, &str); 3] = [
    ("variability.csv", include_str!("../../reference/variability.csv")),
    ("recoveries.csv", include_str!("../../reference/recoveries.csv")),
    ("densities.csv", include_str!("../../reference/densities.csv")),
];

/// Half-width of a symmetric triangle over that of its 80 % interval: 1/(1 − √0.2).
const TRIANGLE: f64 = 1.809_016_994_374_947_5;

/// How a kind of material varies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variability {
    /// Kind of body, or `thickness`.
    pub kind: String,
    /// Coefficient of variation of whole holes.
    pub hole_variation: f64,
    /// Coefficient of variation of composites.
    pub composite_variation: f64,
    /// How many values this expectation is worth.
    pub freedom: f64,
    /// Least practical range over the root of the area.
    pub range_low: f64,
    /// Greatest.
    pub range_high: f64,
    /// Least vertical range over the mean thickness.
    pub vertical_low: f64,
    /// Greatest.
    pub vertical_high: f64,
    /// Least share of nugget.
    pub nugget_low: f64,
    /// Greatest.
    pub nugget_high: f64,
    /// Least share of layers.
    pub layers_low: f64,
    /// Greatest.
    pub layers_high: f64,
    /// Greatest variance of a drift over the variance.
    pub drift: f64,
    /// Where the row comes from.
    pub source: String,
    /// Whether it was seen there.
    pub status: Status,
}

/// What each value of a list stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// A composite, with its height.
    Composites,
    /// The mean of a whole hole or place: all values lie in a plane.
    Holes {
        /// Composites or samples behind each, about; one for a sample of the surface.
        of: usize,
    },
}

impl Support {
    /// Holes sampled from top to base.
    pub const WHOLE_HOLES: Self = Self::Holes { of: WHOLE };
}

/// Composites of the holes that a row's variation is of.
const WHOLE: usize = 8;

impl Variability {
    /// The prior for a body of this size, for values of that support.
    pub fn prior(&self, area_m2: f64, thickness_m: f64, support: Support) -> ContinuityPrior {
        let (wide, high) = (area_m2.sqrt(), thickness_m);
        let range = [self.range_low * wide, self.range_high * wide];
        let flat = support != Support::Composites;
        ContinuityPrior {
            range,
            vertical: if flat {
                range
            } else {
                [self.vertical_low * high, self.vertical_high * high]
            },
            nugget: [self.nugget_low, self.nugget_high],
            layers: if flat { [0.0, 0.0] } else { [self.layers_low, self.layers_high] },
            drift: self.drift,
            variation: self.variation(support),
            freedom: self.freedom,
            candidates: if flat { 40 } else { 64 },
        }
    }

    /// Coefficient of variation of values of a support. The variance of means of fewer than eight composites lies
    /// between that of composites and that of whole holes, in the inverse of their number.
    fn variation(&self, support: Support) -> f64 {
        match support {
            Support::Composites => self.composite_variation,
            Support::Holes { of } => {
                let (one, whole) = (self.composite_variation.powi(2), self.hole_variation.powi(2));
                let least = 1.0 / WHOLE as f64;
                let share = (1.0 / of.clamp(1, WHOLE) as f64 - least) / (1.0 - least);
                (whole + share * (one - whole)).sqrt()
            }
        }
    }
}

/// A recovery of an era and a process.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecoveryPrior {
    /// Substance or commodity code.
    pub substance: String,
    /// Process, such as `flotation`.
    pub process: String,
    /// First year.
    pub from: i32,
    /// Last year.
    pub to: i32,
    /// Low end of the 80 % interval.
    pub low: f64,
    /// Most likely.
    pub mode: f64,
    /// High end.
    pub high: f64,
    /// Rates behind it; 0 for rules of thumb.
    pub count: usize,
    /// Where the row comes from.
    pub source: String,
    /// Whether it was seen there.
    pub status: Status,
}

impl RecoveryPrior {
    /// As a distribution: a triangle whose 80 % interval is that of the row, kept within 0 and 1.
    pub fn belief(&self) -> Belief {
        if self.low == self.high {
            return Belief::Exact(self.mode);
        }
        let reach = |end: f64| self.mode + (end - self.mode) * TRIANGLE;
        Belief::Triangular {
            from: reach(self.low).max(0.0),
            mode: self.mode,
            to: reach(self.high).min(1.0),
        }
    }
}

/// A density, void ratio, moisture or swell of a kind of material.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DensityPrior {
    /// Kind of body.
    pub kind: String,
    /// What it is: `dry density`, `grain density`, `void ratio`, `density in place`, `swell`.
    pub quantity: String,
    /// Low end of the 80 % interval.
    pub low: f64,
    /// Most likely.
    pub mode: f64,
    /// High end.
    pub high: f64,
    /// Unit.
    pub unit: String,
    /// Where the row comes from.
    pub source: String,
    /// Whether it was seen there.
    pub status: Status,
}

impl DensityPrior {
    /// As a distribution.
    pub fn belief(&self) -> Belief {
        let reach = |end: f64| (self.mode + (end - self.mode) * TRIANGLE).max(0.01 * self.mode);
        Belief::Triangular { from: reach(self.low), mode: self.mode, to: reach(self.high) }
    }
}

/// All priors of one version.
#[derive(Clone, Debug, PartialEq)]
pub struct Priors {
    /// How kinds of material vary.
    pub variability: Vec<Variability>,
    /// Recoveries by substance, process and era.
    pub recoveries: Vec<RecoveryPrior>,
    /// Densities by kind of body.
    pub densities: Vec<DensityPrior>,
    versions: Vec<(String, String)>,
}

impl Priors {
    /// Those shipped with the program.
    pub fn embedded() -> Self {
        let texts = PRIOR_FILES.map(|(name, text)| (name, text.to_owned()));
        Self::parse(&texts).expect("the shipped files are tested")
    }

    /// Reads the four files; a missing one is taken as shipped.
    ///
    /// # Errors
    /// The file and row of the first fault.
    pub fn parse(files: &[(&str, String)]) -> Result<Self, String> {
        let text = |name: &str| {
            let own = files.iter().find(|f| f.0 == name).map(|f| f.1.clone());
            own.or_else(|| PRIOR_FILES.iter().find(|f| f.0 == name).map(|f| f.1.to_owned()))
                .unwrap_or_default()
        };
        Ok(Self {
            variability: rows("variability.csv", &text("variability.csv"))?,
            recoveries: rows("recoveries.csv", &text("recoveries.csv"))?,
            densities: rows("densities.csv", &text("densities.csv"))?,
            versions: PRIOR_FILES
                .map(|(name, _)| (name.to_owned(), fingerprint(&text(name))))
                .to_vec(),
        })
    }

    /// Name and fingerprint of each file.
    pub fn versions(&self) -> Vec<(String, String)> {
        self.versions.clone()
    }

    /// The row of a kind of material.
    ///
    /// # Errors
    /// If there is none, with the rows that there are.
    pub fn variability(&self, kind: &str) -> Result<&Variability, EstimateError> {
        self.variability.iter().find(|v| v.kind == kind).ok_or_else(|| {
            let known: Vec<&str> = self.variability.iter().map(|v| v.kind.as_str()).collect();
            EstimateError::UnknownPrior { name: kind.into(), known: known.join(", ") }
        })
    }

    /// The prior of a recovery in a year: the narrowest era that holds it; any process without one.
    pub fn recovery(
        &self,
        substance: &str,
        process: Option<&str>,
        year: i32,
    ) -> Option<&RecoveryPrior> {
        let fits = |r: &&RecoveryPrior| {
            r.substance == substance
                && (r.from..=r.to).contains(&year)
                && process.is_none_or(|p| r.process == p)
        };
        self.recoveries.iter().filter(fits).min_by_key(|r| r.to - r.from)
    }

    /// The prior of a recovery by one of the processes named, in the words of a register
    /// (`gravity-separation-table`, `flotation`); any process of the era where none of them has one.
    pub fn recovery_by(
        &self,
        substance: &str,
        processes: &[&str],
        year: i32,
    ) -> Option<&RecoveryPrior> {
        let words = |text: &str| -> Vec<String> {
            let lower = text.to_lowercase();
            lower.split(|c: char| !c.is_alphabetic()).map(str::to_owned).collect()
        };
        let named: Vec<String> = processes.iter().flat_map(|p| words(p)).collect();
        let common = |r: &&RecoveryPrior| {
            words(&r.process).iter().filter(|w| w.len() > 4 && named.contains(w)).count()
        };
        let fits = |r: &&RecoveryPrior| {
            r.substance == substance && (r.from..=r.to).contains(&year) && common(r) > 0
        };
        let of_process = self.recoveries.iter().filter(fits);
        of_process
            .min_by_key(|r| (usize::MAX - common(r), r.to - r.from))
            .or_else(|| self.recovery(substance, None, year))
    }

    /// The prior of a density of a kind of body.
    pub fn density(&self, kind: &str, quantity: &str) -> Option<&DensityPrior> {
        self.densities.iter().find(|d| d.kind == kind && d.quantity == quantity)
    }
}

pub(super) fn rows<T: DeserializeOwned>(file: &str, text: &str) -> Result<Vec<T>, String> {
    csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes())
        .into_deserialize()
        .collect::<Result<_, _>>()
        .map_err(|e| format!("{file}: {e}"))
}

/// FNV-1a of the text, 16 hexadecimal digits: tells versions apart, guards against nothing.
fn fingerprint(text: &str) -> String {
    let hash = text.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |h, byte| {
        (h ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_priors_are_in_order() {
        let priors = Priors::embedded();
        assert!(priors.recoveries.iter().all(|r| r.low <= r.mode && r.mode <= r.high));
        assert!(priors.recoveries.iter().all(|r| 0.0 <= r.low && r.high <= 1.0));
        assert!(
            priors.densities.iter().all(|d| 0.0 < d.low && d.low <= d.mode && d.mode <= d.high)
        );
        assert!(priors.variability.iter().all(|v| v.freedom > 2.0 && v.range_low < v.range_high));
    }

    /// Krige's relation: the variance of whole holes is what the mean of their composites keeps.
    #[test]
    fn variation_of_holes_follows_from_that_of_composites() {
        for row in Priors::embedded().variability.iter().filter(|v| v.kind != "thickness") {
            let prior =
                ContinuityPrior { candidates: 4000, ..row.prior(1e4, 1.0, Support::Composites) };
            let kept = |c: &varp_geostat::regional::Continuity| {
                let pairs = (0..64).map(|i| f64::from((i % 8_i32 - i / 8).abs()) / 8.0);
                let body = pairs.map(|up| (-3.0 * up / c.vertical).exp()).sum::<f64>() / 64.0;
                c.nugget / 8.0 + (1.0 - c.nugget) * (1.0 - c.layers) * body + c.drift
            };
            let candidates = prior.candidates();
            let share = candidates.iter().map(kept).sum::<f64>() / candidates.len() as f64;
            let ratio = row.hole_variation / row.composite_variation;
            assert!((ratio - share.sqrt()).abs() < 0.02, "{}: {ratio} {}", row.kind, share.sqrt());
            let of = |of| row.variation(Support::Holes { of });
            assert!((of(1) / row.composite_variation - 1.0).abs() < 1e-12);
            assert!(
                of(1) > of(2) && of(2) > of(4) && (of(30) / row.hole_variation - 1.0).abs() < 1e-12
            );
        }
    }

    #[test]
    fn a_recovery_is_of_its_era() {
        let priors = Priors::embedded();
        let mode = |year| priors.recovery("Cu", None, year).unwrap().mode;
        assert!(mode(1880) < mode(1935) && mode(1935) < mode(2010));
        assert_eq!(priors.recovery("Co", None, 1935).unwrap().mode, 0.0);
        let belief = priors.recovery("Cu", None, 1935).unwrap().belief();
        assert!(belief.check().is_ok());
    }

    #[test]
    fn an_unknown_row_is_told_with_those_that_exist() {
        let error = Priors::embedded().variability("sand").unwrap_err();
        assert!(error.to_string().contains("tailings, waste rock"));
    }
}
