//! Eight lanes of `f64` in plain Rust, compiled for several instruction sets and chosen at run time.
//!
//! A [`Job`] is compiled once per [`Level`]; everything it calls must be `#[inline(always)]`, or
//! it runs at the baseline. With a fused multiply-add (AVX-512, AVX2, NEON) every operation is
//! exactly rounded and the levels give the same bits; the x86 baseline rounds products separately
//! and agrees to about 1e-12.

// The only file of the workspace with unsafe code: calls into functions compiled for instruction
// sets whose presence was checked just before.
#![allow(unsafe_code)]

use std::sync::OnceLock;

/// Number of lanes.
pub const LANES: usize = 8;

/// Eight numbers that are computed on together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C, align(64))]
pub struct F64x8(pub [f64; LANES]);

/// How `a·b + c` is computed.
pub trait Arithmetic: Copy {
    /// `a·b + c`.
    fn mul_add(a: f64, b: f64, c: f64) -> f64;
}

/// One rounding.
#[derive(Clone, Copy)]
pub struct Fused;

/// Two roundings, where the processor has no fused instruction.
#[derive(Clone, Copy)]
pub struct Plain;

impl Arithmetic for Fused {
    #[inline(always)]
    fn mul_add(a: f64, b: f64, c: f64) -> f64 {
        a.mul_add(b, c)
    }
}

impl Arithmetic for Plain {
    #[inline(always)]
    fn mul_add(a: f64, b: f64, c: f64) -> f64 {
        a * b + c
    }
}

macro_rules! lanewise {
    ($self:ident, $lane:ident => $value:expr) => {{
        let mut out = [0.0; LANES];
        for $lane in 0..LANES {
            out[$lane] = $value;
        }
        F64x8(out)
    }};
}

// Methods, not operators: the arithmetic is a type parameter and must show.
#[allow(clippy::should_implement_trait, missing_docs)]
impl F64x8 {
    pub const ZERO: Self = Self([0.0; LANES]);

    #[inline(always)]
    pub fn splat(value: f64) -> Self {
        Self([value; LANES])
    }

    #[inline(always)]
    pub fn add(self, b: Self) -> Self {
        lanewise!(self, l => self.0[l] + b.0[l])
    }

    #[inline(always)]
    pub fn sub(self, b: Self) -> Self {
        lanewise!(self, l => self.0[l] - b.0[l])
    }

    #[inline(always)]
    pub fn mul(self, b: Self) -> Self {
        lanewise!(self, l => self.0[l] * b.0[l])
    }

    #[inline(always)]
    pub fn div(self, b: Self) -> Self {
        lanewise!(self, l => self.0[l] / b.0[l])
    }

    #[inline(always)]
    pub fn sqrt(self) -> Self {
        lanewise!(self, l => self.0[l].sqrt())
    }

    /// `self·b + c`.
    #[inline(always)]
    pub fn mul_add<A: Arithmetic>(self, b: Self, c: Self) -> Self {
        lanewise!(self, l => A::mul_add(self.0[l], b.0[l], c.0[l]))
    }

    /// `c − self·b`.
    #[inline(always)]
    pub fn neg_mul_add<A: Arithmetic>(self, b: Self, c: Self) -> Self {
        lanewise!(self, l => A::mul_add(-self.0[l], b.0[l], c.0[l]))
    }

    /// The smaller; `b` where either is NaN.
    #[inline(always)]
    pub fn min(self, b: Self) -> Self {
        lanewise!(self, l => if self.0[l] < b.0[l] { self.0[l] } else { b.0[l] })
    }

    /// The larger; `b` where either is NaN.
    #[inline(always)]
    pub fn max(self, b: Self) -> Self {
        lanewise!(self, l => if self.0[l] > b.0[l] { self.0[l] } else { b.0[l] })
    }

    /// `value` where `self` is at most `limit`, else 0.
    #[inline(always)]
    pub fn at_most(self, limit: Self, value: Self) -> Self {
        lanewise!(self, l => if self.0[l] <= limit.0[l] { value.0[l] } else { 0.0 })
    }

    /// Sum of the lanes, always in the same order.
    #[inline(always)]
    pub fn sum(self) -> f64 {
        let s = self.0;
        ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))
    }

    /// Exponential: below 1 unit in the last place from libm within −708 to 709, 0 below.
    #[inline(always)]
    pub fn exp<A: Arithmetic>(self) -> Self {
        lanewise!(self, l => exp::<A>(self.0[l]))
    }
}

/// `e^x` by `2^k · p(r)`, `r = x − k ln 2`, |r| ≤ ½ ln 2, Taylor polynomial of degree 13.
#[inline(always)]
fn exp<A: Arithmetic>(x: f64) -> f64 {
    const MAGIC: f64 = 6_755_399_441_055_744.0; // 1.5 · 2^52: adding it rounds to an integer
    const LN2_HIGH: f64 = 6.931_471_803_691_238e-1; // 32 low bits zero
    const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    let x = if x > 709.0 { 709.0 } else { x };
    let shifted = A::mul_add(x, std::f64::consts::LOG2_E, MAGIC);
    let k = shifted - MAGIC;
    let r = A::mul_add(-k, LN2_LOW, A::mul_add(-k, LN2_HIGH, x));
    let r2 = r * r;
    let r4 = r2 * r2;
    // Estrin's scheme: short chains of dependent operations.
    let p01 = A::mul_add(r, 1.0, 1.0);
    let p23 = A::mul_add(r, 1.0 / 6.0, 0.5);
    let p45 = A::mul_add(r, 1.0 / 120.0, 1.0 / 24.0);
    let p67 = A::mul_add(r, 1.0 / 5_040.0, 1.0 / 720.0);
    let p89 = A::mul_add(r, 1.0 / 362_880.0, 1.0 / 40_320.0);
    let pab = A::mul_add(r, 1.0 / 39_916_800.0, 1.0 / 3_628_800.0);
    let pcd = A::mul_add(r, 1.0 / 6_227_020_800.0, 1.0 / 479_001_600.0);
    let low = A::mul_add(r2, p23, p01);
    let middle = A::mul_add(r2, p67, p45);
    let high = A::mul_add(r4, pcd, A::mul_add(r2, pab, p89));
    let p = A::mul_add(r4, A::mul_add(r4, high, middle), low);
    let scale = f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52);
    if x < -708.0 { 0.0 } else { p * scale }
}

/// Keeps the compiler from turning a loop over lane vectors inside out: left alone it vectorises
/// over the loop instead of the lanes, and gathers and scatters cost four times the arithmetic.
#[inline(always)]
pub fn one_at_a_time<T>(vector: &T) -> &T {
    std::hint::black_box(vector)
}

/// Work that is compiled for every instruction set.
pub trait Job {
    /// What the work returns.
    type Output;
    /// Must be `#[inline(always)]`.
    fn run<A: Arithmetic>(self) -> Self::Output;
}

/// An instruction set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What every processor of the architecture has.
    Baseline,
    /// AVX2 with fused multiply-add.
    Avx2,
    /// AVX-512 F, DQ, VL and BW.
    Avx512,
}

impl Level {
    /// The widest set of this processor; the variable `VARP_SIMD` (`baseline`, `avx2`) asks for
    /// less, to compare processors. Read once.
    pub fn of_this_machine() -> Self {
        static LEVEL: OnceLock<Level> = OnceLock::new();
        *LEVEL.get_or_init(|| {
            let wished = match std::env::var("VARP_SIMD").as_deref() {
                Ok("baseline") => Self::Baseline,
                Ok("avx2") => Self::Avx2,
                _ => Self::Avx512,
            };
            wished.min(detected())
        })
    }
}

#[cfg(target_arch = "x86_64")]
fn detected() -> Level {
    let avx2 = is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("fma")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("popcnt")
        && is_x86_feature_detected!("lzcnt");
    let avx512 = is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512bw");
    match (avx2, avx512) {
        (true, true) => Level::Avx512,
        (true, false) => Level::Avx2,
        _ => Level::Baseline,
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn detected() -> Level {
    Level::Baseline
}

/// Runs a job with the widest instructions of this processor.
#[inline]
pub fn run<J: Job>(job: J) -> J::Output {
    run_at(Level::of_this_machine(), job)
}

/// Runs a job at a level, or at the widest this processor has below it.
#[cfg(target_arch = "x86_64")]
#[inline]
pub fn run_at<J: Job>(level: Level, job: J) -> J::Output {
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx2,fma,bmi1,bmi2,popcnt,lzcnt")]
    fn avx512<J: Job>(job: J) -> J::Output {
        job.run::<Fused>()
    }
    #[target_feature(enable = "avx2,fma,bmi1,bmi2,popcnt,lzcnt")]
    fn avx2<J: Job>(job: J) -> J::Output {
        job.run::<Fused>()
    }
    match level.min(Level::of_this_machine()) {
        // SAFETY: `of_this_machine` is never above what `detected` found.
        Level::Avx512 => unsafe { avx512(job) },
        // SAFETY: as above.
        Level::Avx2 => unsafe { avx2(job) },
        Level::Baseline => job.run::<Plain>(),
    }
}

/// Runs a job; this architecture has one level.
#[cfg(not(target_arch = "x86_64"))]
#[inline]
pub fn run_at<J: Job>(_: Level, job: J) -> J::Output {
    #[cfg(target_arch = "aarch64")]
    return job.run::<Fused>();
    #[cfg(not(target_arch = "aarch64"))]
    return job.run::<Plain>();
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Exponentials<'a>(&'a [f64]);
    impl Job for Exponentials<'_> {
        type Output = Vec<f64>;
        #[inline(always)]
        fn run<A: Arithmetic>(self) -> Vec<f64> {
            self.0.iter().map(|&x| F64x8::splat(x).exp::<A>().0[3]).collect()
        }
    }

    #[test]
    fn exp_is_within_two_units_in_the_last_place_of_libm() {
        let xs: Vec<f64> = (0..200_000).map(|i| -708.0 + f64::from(i) * 0.007_085).collect();
        for level in [Level::Baseline, Level::Avx2, Level::Avx512] {
            for (x, y) in xs.iter().zip(run_at(level, Exponentials(&xs))) {
                let reference = libm::exp(*x);
                assert!((y / reference - 1.0).abs() < 4.5e-16, "{level:?} exp({x})");
            }
        }
    }

    #[test]
    fn exp_of_zero_is_one_and_of_far_below_is_zero() {
        let values = run(Exponentials(&[0.0, -0.0, -709.0, -1e300, f64::NEG_INFINITY]));
        assert_eq!(values, [1.0, 1.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn fused_levels_give_the_same_bits() {
        let xs: Vec<f64> = (0..5_000).map(|i| -f64::from(i) * 0.013_7).collect();
        assert_eq!(
            run_at(Level::Avx2, Exponentials(&xs)),
            run_at(Level::Avx512, Exponentials(&xs))
        );
    }
}
