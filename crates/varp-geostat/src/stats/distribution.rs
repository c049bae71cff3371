//! Normal and Student distributions: density, distribution, quantile.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// Density of the standard normal distribution: exp(−z²/2)/√(2π).
pub fn normal_density(z: f64) -> f64 {
    0.398_942_280_401_432_7 * libm::exp(-0.5 * z * z)
}

/// Standard normal distribution function Φ(z) = erfc(−z/√2)/2, accurate in both tails.
pub fn normal_probability(z: f64) -> f64 {
    0.5 * libm::erfc(-z * FRAC_1_SQRT_2)
}

/// ln Φ(z), without underflow for very negative `z`.
pub fn normal_log_probability(z: f64) -> f64 {
    if z > 0.0 {
        return libm::log1p(-normal_probability(-z));
    }
    if z > -30.0 {
        return libm::log(normal_probability(z));
    }
    // Φ(z) ≈ φ(z)/|z| · (1 − 1/z² + 3/z⁴ − 15/z⁶)
    let i = 1.0 / (z * z);
    let series = 1.0 - i * (1.0 - 3.0 * i * (1.0 - 5.0 * i));
    -0.5 * z * z - libm::log(-z) - 0.5 * libm::log(2.0 * PI) + libm::log(series)
}

/// φ(z)/Φ(z), the inverse Mills ratio of the lower tail, without underflow.
pub fn normal_hazard(z: f64) -> f64 {
    libm::exp(-0.5 * z * z - 0.918_938_533_204_672_7 - normal_log_probability(z))
}

/// Standard normal quantile Φ⁻¹(p): relative error about 1e-16; ±∞ at 0 and 1, NaN outside.
///
/// Source: M. J. Wichura, Algorithm AS 241, Applied Statistics 37 (1988), 477–484, PPND16.
pub fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180625 - q * q;
        return q * ratio(&A, &B, r);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    if tail <= 0.0 {
        return if tail < 0.0 { f64::NAN } else { f64::INFINITY.copysign(q) };
    }
    let r = (-libm::log(tail)).sqrt();
    let z = if r <= 5.0 { ratio(&C, &D, r - 1.6) } else { ratio(&E, &F, r - 5.0) };
    z.copysign(q)
}

/// Student's distribution function with `freedom` > 0 degrees of freedom.
///
/// P(T ≤ t) from the regularised incomplete beta function I_{ν/(ν+t²)}(ν/2, ½).
pub fn student_probability(t: f64, freedom: f64) -> f64 {
    let upper = 0.5 * incomplete_beta(0.5 * freedom, 0.5, freedom / (freedom + t * t));
    if t > 0.0 { 1.0 - upper } else { upper }
}

/// Probability that Fisher's F with `top` and `bottom` degrees of freedom exceeds `f` ≥ 0:
/// I_{b/(b+t·f)}(b/2, t/2).
pub fn fisher_exceedance(f: f64, top: f64, bottom: f64) -> f64 {
    if f.is_nan() {
        return f64::NAN;
    }
    if f.is_infinite() {
        return 0.0;
    }
    incomplete_beta(0.5 * bottom, 0.5 * top, bottom / (bottom + top * f))
}

/// Student's quantile by bisection on [`student_probability`] to the last bit but two;
/// ±∞ at 0 and 1, NaN outside.
pub fn student_quantile(p: f64, freedom: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if p == 0.5 {
        return 0.0;
    }
    if p > 0.5 {
        return -student_quantile(1.0 - p, freedom);
    }
    if p == 0.0 {
        return f64::NEG_INFINITY;
    }
    let (mut low, mut high) = (-1.0, 0.0);
    while student_probability(low, freedom) > p {
        low *= 2.0;
    }
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if student_probability(middle, freedom) > p {
            high = middle
        } else {
            low = middle
        }
        if high - low <= 4.0 * f64::EPSILON * low.abs() {
            break;
        }
    }
    0.5 * (low + high)
}

/// Regularised incomplete beta I_x(a, b) by Lentz's continued fraction.
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(b, a, 1.0 - x);
    }
    let front = libm::exp(
        libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b)
            + a * libm::log(x)
            + b * libm::log1p(-x),
    ) / a;
    let guard = |v: f64| if v.abs() < 1e-300 { 1e-300 } else { v };
    let (mut c, mut d) = (1.0, 1.0 / guard(1.0 - (a + b) * x / (a + 1.0)));
    let mut fraction = d;
    for step in 1..10_000 {
        let m = f64::from(step);
        for numerator in [
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)),
        ] {
            d = 1.0 / guard(1.0 + numerator * d);
            c = guard(1.0 + numerator / c);
            fraction *= c * d;
        }
        if (c * d - 1.0).abs() < 1e-16 {
            break;
        }
    }
    front * fraction
}

fn ratio(top: &[f64; 8], bottom: &[f64; 8], r: f64) -> f64 {
    let evaluate = |c: &[f64; 8]| c.iter().rev().fold(0.0, |sum, c| sum * r + c);
    evaluate(top) / evaluate(bottom)
}

const A: [f64; 8] = [
    3.387_132_872_796_366_5,
    133.141_667_891_784_38,
    1_971.590_950_306_551_3,
    13_731.693_765_509_46,
    45_921.953_931_549_87,
    67_265.770_927_008_7,
    33_430.575_583_588_13,
    2_509.080_928_730_122_7,
];
const B: [f64; 8] = [
    1.0,
    42.313_330_701_600_91,
    687.187_007_492_057_9,
    5_394.196_021_424_751,
    21_213.794_301_586_597,
    39_307.895_800_092_71,
    28_729.085_735_721_943,
    5226.495278852854,
];
const C: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    0.241_780_725_177_450_6,
    0.022_723_844_989_269_184,
    7.745_450_142_783_414e-4,
];
const D: [f64; 8] = [
    1.0,
    2.053191626637759,
    1.676_384_830_183_803_8,
    0.689_767_334_985_1,
    0.148_103_976_427_480_08,
    0.015_198_666_563_616_457,
    5.475_938_084_995_345e-4,
    1.050_750_071_644_416_9e-9,
];
const E: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    0.296_560_571_828_504_87,
    0.026_532_189_526_576_124,
    0.001_242_660_947_388_078_4,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const F: [f64; 8] = [
    1.0,
    0.599_832_206_555_887_9,
    0.136_929_880_922_735_8,
    0.014_875_361_290_850_615,
    7.868_691_311_456_133e-4,
    1.846_318_317_510_054_8e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_8e-15,
];

#[cfg(test)]
mod tests {
    use super::*;
    include!("../../tests/oracle/scipy_distributions.rs");

    #[test]
    fn agrees_with_scipy() {
        let close = |got: f64, want: f64, tolerance: f64| {
            assert!((got - want).abs() <= tolerance * want.abs(), "{got} is not {want}");
        };
        for (z, probability, log_probability) in NORMAL {
            // rounding of z itself moves the far tail by z² ulp
            close(normal_probability(z), probability, 1e-15 + 2e-16 * z * z);
            close(normal_log_probability(z), log_probability, 1e-13);
        }
        for (p, z) in NORMAL_QUANTILE {
            close(normal_quantile(p), z, 1e-15);
        }
        for (t, freedom, probability) in STUDENT {
            close(student_probability(t, freedom), probability, 1e-13);
            close(student_quantile(probability, freedom), t, 1e-12);
        }
    }

    #[test]
    fn quantile_inverts_the_probability() {
        for i in -80..=50 {
            let z = f64::from(i) * 0.1;
            // near one the probability itself is rounded: Φ'(z)·dz ≈ 1e-16
            let tolerance = 1e-14 + 1e-15 / normal_density(z.max(0.0));
            assert!((normal_quantile(normal_probability(z)) - z).abs() < tolerance);
        }
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(normal_quantile(1.0), f64::INFINITY);
        assert!(normal_quantile(-0.1).is_nan() && normal_quantile(1.1).is_nan());
    }
}
