//! A fuzzer for the stable toolchain: seeds, mutated at random, thrown at a parser until time is up.
//!
//! `VARP_FUZZ_SECONDS` sets how long each target runs (2 unless set); `VARP_FUZZ_SEED` where the
//! stream of random numbers starts. An input that breaks a parser is printed, so that it can become
//! a test of its own.

#![allow(clippy::print_stdout, reason = "a test tells how much it tried")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Slower than this for some kilobytes is a fault, too: somebody could stop the import with it.
const SLOW: Duration = Duration::from_secs(20);

/// Throws mutations of `seeds` at `check` until time is up.
pub fn fuzz(target: &str, seeds: &[&[u8]], words: &[&str], check: impl Fn(&[u8])) {
    let time = Duration::from_secs(setting("VARP_FUZZ_SECONDS", 2));
    let mut random = Stream(setting("VARP_FUZZ_SEED", 1) ^ target.len() as u64);
    let (start, mut count) = (Instant::now(), 0_u64);
    while start.elapsed() < time {
        let input = mutated(&mut random, seeds, words);
        let began = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| check(&input)));
        count += 1;
        if outcome.is_err() || began.elapsed() > SLOW {
            let shown = input.escape_ascii().to_string();
            panic!("{target} broke after {count} inputs, in {:?}, by: {shown}", began.elapsed());
        }
    }
    println!("{target}: {count} inputs in {:?}", start.elapsed());
}

/// Random numbers (splitmix64).
struct Stream(u64);

impl Stream {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

fn mutated(random: &mut Stream, seeds: &[&[u8]], words: &[&str]) -> Vec<u8> {
    let mut bytes = seeds[random.below(seeds.len())].to_vec();
    for _ in 0..=random.below(6) {
        let at = random.below(bytes.len() + 1);
        let end = (at + random.below(24)).min(bytes.len());
        match random.below(9) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 => bytes.insert(at, random.next() as u8),
            2 => drop(bytes.drain(at..end)),
            3 => {
                let part = bytes[at..end].to_vec();
                let times = if random.below(20) == 0 { 400 } else { 1 + random.below(3) };
                bytes.splice(at..at, part.repeat(times));
            }
            4 | 5 if !words.is_empty() => {
                let word = words[random.below(words.len())].bytes();
                bytes.splice(at..end, word);
            }
            6 => {
                let other = seeds[random.below(seeds.len())];
                let from = random.below(other.len() + 1);
                bytes.splice(at.., other[from..].iter().copied());
            }
            7 => bytes.truncate(at),
            _ => {
                let numbers = [0, -1, i32::MAX, i32::MIN, 65_535, 1 << 24];
                let number = numbers[random.below(numbers.len())];
                let big = random.below(2) == 0;
                let four = if big { number.to_be_bytes() } else { number.to_le_bytes() };
                let end = (at + 4).min(bytes.len());
                bytes.splice(at..end, four);
            }
        }
        bytes.truncate(1 << 20);
    }
    bytes
}
