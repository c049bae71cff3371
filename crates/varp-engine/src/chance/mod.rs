//! Chance: distributions and random numbers that depend on what they are drawn for.
//!
//! A number is a pure function of (seed, purpose, draw, cell, position). No state is carried, so
//! results do not depend on the order of work or on the number of threads, and a site keeps its
//! numbers when another site joins the table.

mod ziggurat;

pub use varp_geostat::stats::distribution;
use ziggurat::normal_from;

/// Φ⁻¹(0.9): half-width of the central 80 % interval of a normal distribution, in standard deviations.
pub const Z80: f64 = 1.281_551_565_544_600_4;

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// What numbers are drawn for; different purposes of one seed are independent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// Values of criteria.
    Values = 1,
    /// Weights of criteria.
    Weights = 2,
    /// Cutting level of outranking classes.
    Cut = 3,
    /// Prices, recoveries and costs.
    Economics = 4,
    /// Start points and moves of location searches.
    Places = 5,
}

/// Random numbers of one seed for one purpose.
#[derive(Debug, Clone, Copy)]
pub struct Draws(u64);

/// Random numbers of one draw.
#[derive(Debug, Clone, Copy)]
pub struct Draw(u64);

/// The sequence of numbers of one cell in one draw.
#[derive(Debug, Clone, Copy)]
pub struct Words(u64);

/// Name of a cell for [`Draw::words`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellKey(u64);

impl CellKey {
    /// Key of a named thing and a named property of it, such as a site and a criterion.
    pub fn new(thing: &str, property: &str) -> Self {
        Self(mix(hash(thing) ^ mix(hash(property)).rotate_left(17)))
    }

    /// Key of the `index`-th thing where things have no names.
    pub fn numbered(index: u64) -> Self {
        Self(mix(index.wrapping_mul(GOLDEN) ^ 0x5851_F42D_4C95_7F2D))
    }
}

impl Draws {
    /// Numbers of `seed` for one purpose.
    pub fn new(seed: u64, purpose: Purpose) -> Self {
        Self(mix(mix(seed) ^ (purpose as u64).wrapping_mul(GOLDEN)))
    }

    /// The numbers of draw `index`.
    pub fn draw(self, index: u64) -> Draw {
        Draw(mix(self.0 ^ mix(index.wrapping_mul(GOLDEN))))
    }
}

impl Draw {
    /// The numbers of one cell in this draw.
    #[inline]
    pub fn words(self, cell: CellKey) -> Words {
        Words(self.0 ^ cell.0)
    }
}

impl Words {
    /// The `position`-th 64-bit word.
    #[inline]
    pub fn word(self, position: u64) -> u64 {
        mix(self.0.wrapping_add(position.wrapping_mul(GOLDEN)))
    }

    /// The `position`-th uniform number in (0, 1), never 0 or 1, with 52 random bits.
    #[inline]
    pub fn uniform(self, position: u64) -> f64 {
        const STEP: f64 = 1.0 / (1_u64 << 52) as f64;
        ((self.word(position) >> 12) as f64 + 0.5) * STEP
    }

    /// A standard normal number, exact in law; uses positions from `position` on (rarely over 4).
    #[inline]
    pub fn normal(self, position: u64) -> f64 {
        normal_from(self, position)
    }

    /// Whole number in 0..`below`.
    #[inline]
    pub fn index(self, position: u64, below: usize) -> usize {
        ((u128::from(self.word(position)) * below as u128) >> 64) as usize
    }

    /// An independent sequence of the same cell.
    #[inline]
    pub fn branch(self, number: u64) -> Self {
        Self(mix(self.0 ^ mix(number ^ 0xD1B5_4A32_D192_ED03)))
    }
}

/// Finaliser of SplitMix64 (variant 13 of Stafford; Steele, Lea, Flood 2014).
#[inline]
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// FNV-1a, 64 bits: the same on every machine and in every version.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |h, byte| {
        (h ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(count: u64, f: impl Fn(Words) -> f64) -> Vec<f64> {
        let draws = Draws::new(7, Purpose::Values);
        let cell = CellKey::new("Falun", "R1");
        (0..count).map(|t| f(draws.draw(t).words(cell))).collect()
    }

    #[test]
    fn uniforms_fill_a_hundred_classes_evenly() {
        let mut classes = [0.0; 100];
        for u in sample(100_000, |w| w.uniform(0)) {
            classes[(u * 100.0) as usize] += 1.0;
        }
        let chi2: f64 = classes.iter().map(|c| (c - 1000.0_f64).powi(2) / 1000.0).sum();
        assert!((60.0..150.0).contains(&chi2), "chi² {chi2} on 99 degrees of freedom");
    }

    #[test]
    fn normals_follow_the_normal_law_in_body_and_tail() {
        let mut values = sample(100_000, |w| w.normal(0));
        values.sort_by(f64::total_cmp);
        let n = values.len() as f64;
        let distance = values
            .iter()
            .enumerate()
            .map(|(i, z)| (distribution::normal_probability(*z) - (i as f64 + 0.5) / n).abs())
            .fold(0.0, f64::max);
        assert!(distance < 1.63 / n.sqrt(), "Kolmogorov distance {distance}");
        let tail = values.iter().filter(|z| z.abs() > 3.0).count() as f64 / n;
        assert!((tail - 0.0027).abs() < 5e-4, "share beyond three: {tail}");
    }

    #[test]
    fn neighbouring_draws_and_cells_are_uncorrelated() {
        let draws = Draws::new(1, Purpose::Values);
        let (a, b) = (CellKey::new("A", "R1"), CellKey::new("A", "R2"));
        let product = |f: &dyn Fn(u64) -> (f64, f64)| {
            (0..50_000).map(f).map(|(x, y)| x * y).sum::<f64>() / 50_000.0
        };
        let cells =
            product(&|t| (draws.draw(t).words(a).normal(0), draws.draw(t).words(b).normal(0)));
        let lags =
            product(&|t| (draws.draw(t).words(a).normal(0), draws.draw(t + 1).words(a).normal(0)));
        assert!(cells.abs() < 0.02 && lags.abs() < 0.02, "{cells} {lags}");
    }
}
