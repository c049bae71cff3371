//! Fundamental sampling error of broken material (Gy): the smallest error a sample of given mass
//! can have. Grouping, delimitation, extraction and preparation come on top.
//!
//! s² = (1/M_S − 1/M_L)·f·g·c·ℓ·d³, c = (1−a)/a·[(1−a)·ρ_m + a·ρ_g], ℓ = min(1, (d_ℓ/d)^b)
//! with masses in grams, sizes in centimetres, densities in g/cm³.

use serde::{Deserialize, Serialize};

/// Broken material with its mineral of interest.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Material {
    /// Top size d (95 % passing), cm.
    pub top_size_cm: f64,
    /// Liberation size d_ℓ, cm.
    pub liberation_size_cm: f64,
    /// Mass share a of the mineral, within (0, 1): grade over grade of the pure mineral.
    pub mineral_share: f64,
    /// Density of the mineral ρ_m, g/cm³.
    pub mineral_density: f64,
    /// Density of the gangue ρ_g, g/cm³.
    pub gangue_density: f64,
    /// Shape factor f: 0.5, flaky gold 0.2.
    pub shape: f64,
    /// Size range factor g: 0.25 wide, 0.5 medium, 0.75 narrow, 1 uniform.
    pub size_range: f64,
    /// Exponent b of the liberation factor: 0.5, or calibrated.
    pub liberation_exponent: f64,
}

/// Why a mass or error cannot be given.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("{what} is {value}, but must be {rule}")]
pub struct GyError {
    /// Input.
    pub what: &'static str,
    /// Value.
    pub value: f64,
    /// Rule.
    pub rule: &'static str,
}

impl Material {
    /// Sampling constant times d³: f·g·c·ℓ·d³, grams.
    fn constant(&self) -> Result<f64, GyError> {
        for (what, value) in [
            ("the top size", self.top_size_cm),
            ("the liberation size", self.liberation_size_cm),
            ("the density of the mineral", self.mineral_density),
            ("the density of the gangue", self.gangue_density),
            ("the shape factor", self.shape),
            ("the size range factor", self.size_range),
            ("the liberation exponent", self.liberation_exponent),
        ] {
            positive(what, value)?;
        }
        let a = self.mineral_share;
        if !(a > 0.0 && a < 1.0) {
            let (what, rule) = ("the share of the mineral", "between 0 and 1");
            return Err(GyError { what, value: a, rule });
        }
        let composition =
            (1.0 - a) / a * ((1.0 - a) * self.mineral_density + a * self.gangue_density);
        let ratio = self.liberation_size_cm / self.top_size_cm;
        let liberation = libm::pow(ratio, self.liberation_exponent).min(1.0);
        Ok(self.shape * self.size_range * composition * liberation * self.top_size_cm.powi(3))
    }

    /// Relative standard deviation of a sample of `sample_g` taken from a lot of `lot_g` (which
    /// may be infinite).
    pub fn relative_deviation(&self, sample_g: f64, lot_g: f64) -> Result<f64, GyError> {
        positive("the sample mass", sample_g)?;
        if lot_g.is_nan() || lot_g < sample_g {
            let (what, rule) = ("the lot mass", "at least that of the sample");
            return Err(GyError { what, value: lot_g, rule });
        }
        Ok(((1.0 / sample_g - 1.0 / lot_g) * self.constant()?).sqrt())
    }

    /// Smallest mass in grams whose relative standard deviation is at most `relative_deviation`,
    /// from a large lot.
    pub fn minimum_mass_g(&self, relative_deviation: f64) -> Result<f64, GyError> {
        positive("the relative deviation", relative_deviation)?;
        Ok(self.constant()? / (relative_deviation * relative_deviation))
    }
}

fn positive(what: &'static str, value: f64) -> Result<(), GyError> {
    if value > 0.0 && value.is_finite() {
        return Ok(());
    }
    Err(GyError { what, value, rule: "a number above zero" })
}
