//! Random numbers by counter: each draw is a pure function of what it is drawn for.
//!
//! Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011)
//! enciphers the counter (node, draw, stream) with the seed as key. No state is carried, so
//! results do not depend on who draws, in which order, or on how many threads. Normals come from
//! Box & Muller (1958) with own polynomials for ln, sin and cos, eight lanes at a time.

use crate::linalg::{Arithmetic, Job, LANES, run};

const ROUNDS: usize = 10;
const MULTIPLIER: [u64; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];
/// Normals drawn together.
const BLOCK: usize = 2 * LANES;
const LOW: u64 = 0xFFFF_FFFF;

/// What a number is drawn for; different streams of one seed are independent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Stream {
    /// Noise of simulated nodes.
    Noise = 1,
    /// Order of the simulation path.
    Path = 2,
    /// Resampling.
    Bootstrap = 3,
    /// Gibbs sampling of inequality data.
    Gibbs = 4,
    /// Spectral simulation.
    Spectrum = 5,
    /// Measurement or sampling errors.
    Sampling = 6,
    /// Breaking ties of ranked values.
    Ties = 7,
}

/// A seed with a stream; gives uniforms and normals for pairs of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Random {
    key: [u32; 2],
    stream: u32,
}

impl Random {
    /// The generator of `seed` for one purpose.
    pub fn new(seed: u64, stream: Stream) -> Self {
        Self { key: [seed as u32, (seed >> 32) as u32], stream: stream as u32 }
    }

    /// Uniform number in (0, 1), never 0 or 1, with 52 random bits.
    pub fn uniform(&self, node: u64, draw: u32) -> f64 {
        const STEP: f64 = 1.0 / (1_u64 << 52) as f64;
        ((self.word(node, draw) >> 12) as f64 + 0.5) * STEP
    }

    /// Whole number in 0..`below`, by the high half of a 128-bit product.
    pub fn index(&self, node: u64, draw: u32, below: usize) -> usize {
        ((u128::from(self.word(node, draw)) * below as u128) >> 64) as usize
    }

    /// One standard normal number; the same as [`Random::normals`] gives for this realisation.
    pub fn normal(&self, node: u64, realisation: u32) -> f64 {
        let mut block = [0.0; BLOCK];
        self.normals(node, realisation / BLOCK as u32, &mut block);
        block[realisation as usize % BLOCK]
    }

    /// Standard normal numbers of one node for realisations `16·group ..`, as many as `out` holds.
    pub fn normals(&self, node: u64, group: u32, out: &mut [f64]) {
        run(Normals { random: *self, node, group, out });
    }

    /// Body of [`Random::normals`], for use inside a [`Job`].
    #[inline(always)]
    pub(crate) fn normals_inline<A: Arithmetic>(&self, node: u64, group: u32, out: &mut [f64]) {
        let mut block = [0.0; BLOCK];
        for (chunk, group) in out.chunks_mut(BLOCK).zip(group..) {
            self.block::<A>(node, group, &mut block);
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }

    /// A permutation of 0..`count`: indices ordered by random keys, ties by index.
    pub fn permutation(&self, node: u64, count: usize) -> Vec<u32> {
        let mut keyed: Vec<(u64, u32)> =
            (0..count as u32).map(|i| (self.word(node, i), i)).collect();
        keyed.sort_unstable();
        keyed.into_iter().map(|(_, i)| i).collect()
    }

    fn word(&self, node: u64, draw: u32) -> u64 {
        let counter = [[node & LOW], [node >> 32], [u64::from(draw)], [u64::from(self.stream)]];
        let words = philox(counter, self.key);
        words[0][0] | (words[1][0] << 32)
    }

    /// Sixteen normals: cosines of eight counters, then their sines.
    #[inline(always)]
    fn block<A: Arithmetic>(&self, node: u64, group: u32, out: &mut [f64; BLOCK]) {
        let mut draws = [0; LANES];
        for (lane, draw) in draws.iter_mut().enumerate() {
            *draw = u64::from(group) * LANES as u64 + lane as u64;
        }
        let words = philox(
            [[node & LOW; LANES], [node >> 32; LANES], draws, [u64::from(self.stream); LANES]],
            self.key,
        );
        for lane in 0..LANES {
            let radius = unit(words[0][lane] | (words[1][lane] << 32));
            let turn = unit(words[2][lane] | (words[3][lane] << 32));
            let length = (-2.0 * logarithm::<A>(1.0 - radius)).sqrt();
            let (sine, cosine) = turn_sine_cosine::<A>(turn);
            out[lane] = length * cosine;
            out[LANES + lane] = length * sine;
        }
    }
}

/// [`Random::normals`] as work for the widest instructions.
struct Normals<'a> {
    random: Random,
    node: u64,
    group: u32,
    out: &'a mut [f64],
}

impl Job for Normals<'_> {
    type Output = ();
    #[inline(always)]
    fn run<A: Arithmetic>(self) {
        self.random.normals_inline::<A>(self.node, self.group, self.out);
    }
}

/// Ten rounds of Philox4x32 on `N` counters at once; every word holds 32 bits.
#[inline(always)]
fn philox<const N: usize>(mut c: [[u64; N]; 4], mut key: [u32; 2]) -> [[u64; N]; 4] {
    for _ in 0..ROUNDS {
        for lane in 0..N {
            let left = MULTIPLIER[0] * c[0][lane];
            let right = MULTIPLIER[1] * c[2][lane];
            c[0][lane] = (right >> 32) ^ c[1][lane] ^ u64::from(key[0]);
            c[2][lane] = (left >> 32) ^ c[3][lane] ^ u64::from(key[1]);
            c[1][lane] = right & LOW;
            c[3][lane] = left & LOW;
        }
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
    }
    c
}

/// The upper 52 bits as a number in [0, 1).
#[inline(always)]
fn unit(bits: u64) -> f64 {
    f64::from_bits((bits >> 12) | 0x3FF0_0000_0000_0000) - 1.0
}

/// ln x for normal positive x: ln(2^e · m) with the series of artanh((m − 1)/(m + 1)).
#[inline(always)]
fn logarithm<A: Arithmetic>(x: f64) -> f64 {
    let bits = x.to_bits();
    let exponent =
        f64::from_bits((bits >> 52) | 0x4330_0000_0000_0000) - (4_503_599_627_370_496.0 + 1023.0);
    let mantissa = f64::from_bits((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
    let large = mantissa > std::f64::consts::SQRT_2;
    let mantissa = if large { 0.5 * mantissa } else { mantissa };
    let exponent = if large { exponent + 1.0 } else { exponent };
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    A::mul_add(s, polynomial::<A, _>(&LOGARITHM, s * s), exponent * std::f64::consts::LN_2)
}

/// (sin 2πt, cos 2πt) for t in [0, 1).
#[inline(always)]
fn turn_sine_cosine<A: Arithmetic>(t: f64) -> (f64, f64) {
    const ROUND: f64 = 6_755_399_441_055_744.0; // 1.5 · 2^52: adding it rounds to a whole number
    let shifted = A::mul_add(t, 4.0, ROUND);
    let quadrant = shifted.to_bits();
    let r = A::mul_add(t, 4.0, -(shifted - ROUND));
    let square = r * r;
    let sine = r * polynomial::<A, _>(&SINE, square);
    let cosine = polynomial::<A, _>(&COSINE, square);
    let odd = quadrant & 1 == 1;
    let (s, c) = (if odd { cosine } else { sine }, if odd { sine } else { cosine });
    let sign_s = (quadrant & 2) << 62;
    let sign_c = (quadrant.wrapping_add(1) & 2) << 62;
    (f64::from_bits(s.to_bits() ^ sign_s), f64::from_bits(c.to_bits() ^ sign_c))
}

#[inline(always)]
fn polynomial<A: Arithmetic, const N: usize>(coefficients: &[f64; N], x: f64) -> f64 {
    let mut sum = coefficients[N - 1];
    for i in (0..N - 1).rev() {
        sum = A::mul_add(sum, x, coefficients[i]);
    }
    sum
}

// Taylor coefficients of sin(πr/2), cos(πr/2) and 2·artanh(s), the odd ones without the factor.
const SINE: [f64; 8] = [
    std::f64::consts::FRAC_PI_2,
    -0.6459640975062463,
    0.07969262624616705,
    -0.004681754135318688,
    0.00016044118478735983,
    -3.598843235212085e-06,
    5.692172921967927e-08,
    -6.688035109811468e-10,
];
const COSINE: [f64; 9] = [
    1.0,
    -1.2337005501361697,
    0.25366950790104803,
    -0.02086348076335296,
    0.0009192602748394266,
    -2.5202042373060607e-05,
    4.710874778818172e-07,
    -6.386603083791852e-09,
    6.565963114979473e-11,
];
const LOGARITHM: [f64; 11] = [
    2.0,
    0.6666666666666666,
    0.4,
    0.2857142857142857,
    0.2222222222222222,
    0.18181818181818182,
    0.15384615384615385,
    0.13333333333333333,
    0.11764705882352941,
    0.10526315789473684,
    0.09523809523809523,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linalg::Fused;
    use crate::stats::distribution::normal_probability;

    #[test]
    fn philox_reproduces_the_published_known_answers() {
        // Random123 1.14, kat_vectors, philox4x32 with 10 rounds
        let cases = [
            ([0; 4], [0; 2], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
            ([u32::MAX; 4], [u32::MAX; 2], [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
            ),
        ];
        for (counter, key, expected) in cases {
            let words = philox(counter.map(|w: u32| [u64::from(w)]), key);
            assert_eq!(words.map(|w| w[0]), expected.map(|w: u32| u64::from(w)));
        }
    }

    #[test]
    fn polynomials_agree_with_libm() {
        for i in 1..20_000 {
            let x = f64::from(i) / 20_000.0;
            let (log, sine, cosine) = (
                libm::log(x),
                libm::sin(x * std::f64::consts::TAU),
                libm::cos(x * std::f64::consts::TAU),
            );
            assert!((logarithm::<Fused>(x) - log).abs() <= 4e-16 * log.abs(), "ln {x}");
            let (s, c) = turn_sine_cosine::<Fused>(x);
            assert!((s - sine).abs() < 9e-16 && (c - cosine).abs() < 9e-16, "turn {x}");
        }
        let tiny = 2_f64.powi(-52);
        assert!((logarithm::<Fused>(tiny) - libm::log(tiny)).abs() < 1e-14);
    }

    #[test]
    fn normals_have_the_moments_and_tails_of_the_normal_distribution() {
        let random = Random::new(7, Stream::Noise);
        let (mut sums, mut tails, mut block) = ([0.0; 4], [0.0; 7], [0.0; 160]);
        let nodes = 20_000;
        for node in 0..nodes {
            random.normals(node, 0, &mut block);
            for z in block {
                for (power, sum) in sums.iter_mut().enumerate() {
                    *sum += z.powi(power as i32 + 1);
                }
                for (i, count) in tails.iter_mut().enumerate() {
                    *count += f64::from(u8::from(z < -4.5 + 1.5 * i as f64));
                }
            }
        }
        let n = nodes as f64 * 160.0;
        // four standard errors of each moment: sqrt(var(zᵏ)/n) with variances 1, 2, 15, 96
        for (sum, (mean, variance)) in
            sums.iter().zip([(0.0, 1.0), (1.0, 2.0), (0.0, 15.0), (3.0, 96.0_f64)])
        {
            assert!((sum / n - mean).abs() < 4.0 * (variance / n).sqrt());
        }
        for (i, count) in tails.iter().enumerate() {
            let p = normal_probability(-4.5 + 1.5 * i as f64);
            assert!((count / n - p).abs() < 4.0 * (p * (1.0 - p) / n).sqrt() + 1e-6);
        }
    }

    #[test]
    fn neighbouring_nodes_realisations_and_seeds_are_uncorrelated() {
        let one = Random::new(1, Stream::Noise);
        let other = [Random::new(2, Stream::Noise), Random::new(1, Stream::Gibbs)];
        let n = 50_000_u64;
        let mut sums = [0.0; 5];
        for node in 0..n {
            let z = one.normal(node, 3);
            let partners = [
                one.normal(node + 1, 3),
                one.normal(node, 4),
                one.normal(node, 11), // the sine that shares a radius with the cosine of 3
                other[0].normal(node, 3),
                other[1].normal(node, 3),
            ];
            for (sum, partner) in sums.iter_mut().zip(partners) {
                *sum += z * partner;
            }
        }
        assert!(sums.iter().all(|s| (s / n as f64).abs() < 4.0 / (n as f64).sqrt()));
    }

    #[test]
    fn a_draw_does_not_depend_on_its_neighbours() {
        let random = Random::new(42, Stream::Noise);
        let mut block = [0.0; 37];
        random.normals(5, 0, &mut block);
        for (realisation, z) in block.iter().enumerate() {
            assert_eq!(*z, random.normal(5, realisation as u32));
        }
    }

    #[test]
    fn permutation_holds_every_index_once() {
        let mut order = Random::new(1, Stream::Path).permutation(9, 1000);
        assert_ne!(order[..5], [0, 1, 2, 3, 4]);
        order.sort_unstable();
        assert!(order.iter().enumerate().all(|(i, v)| i == *v as usize));
    }
}
