//! Standard normal numbers by the ziggurat method (Marsaglia & Tsang 2000, in the form of
//! Doornik 2005 with 256 layers of equal area): exact in law, one word for 98.8 % of the numbers.

use super::Words;
use std::sync::LazyLock;

const LAYERS: usize = 256;
/// Start of the tail.
const RIGHT: f64 = 3.654_152_885_361_009;
/// Area of each layer.
const AREA: f64 = 0.004_928_673_233_997_087;

struct Layers {
    edge: [f64; LAYERS + 1],
    height: [f64; LAYERS + 1],
}

static LAYER: LazyLock<Layers> = LazyLock::new(|| {
    let density = |x: f64| libm::exp(-0.5 * x * x);
    let mut edge = [0.0; LAYERS + 1];
    edge[0] = AREA / density(RIGHT);
    edge[1] = RIGHT;
    for i in 2..LAYERS {
        edge[i] = libm::sqrt(-2.0 * libm::log(AREA / edge[i - 1] + density(edge[i - 1])));
    }
    let height = edge.map(density);
    Layers { edge, height }
});

/// One standard normal number from the words at `position` and after it.
#[inline]
pub(super) fn normal_from(words: Words, position: u64) -> f64 {
    let layers = &*LAYER;
    let word = words.word(position);
    let layer = (word & 0xFF) as usize;
    let x = signed_unit(word) * layers.edge[layer];
    if x.abs() < layers.edge[layer + 1] {
        return x;
    }
    rare(words, position, layers)
}

/// The wedges and the tail: repeats from the same first word, then goes on to new ones.
#[cold]
fn rare(words: Words, mut position: u64, layers: &Layers) -> f64 {
    loop {
        let word = words.word(position);
        let layer = (word & 0xFF) as usize;
        let x = signed_unit(word) * layers.edge[layer];
        if x.abs() < layers.edge[layer + 1] {
            return x;
        }
        if layer == 0 {
            return tail(words, position + 1).copysign(x);
        }
        let (low, high) = (layers.height[layer], layers.height[layer + 1]);
        let y = low + (high - low) * words.uniform(position + 1);
        if y < libm::exp(-0.5 * x * x) {
            return x;
        }
        position += 2;
    }
}

/// A normal number known to lie beyond [`RIGHT`] (Marsaglia 1964).
fn tail(words: Words, mut position: u64) -> f64 {
    loop {
        let x = -libm::log(words.uniform(position)) / RIGHT;
        let y = -libm::log(words.uniform(position + 1));
        if y + y > x * x {
            return RIGHT + x;
        }
        position += 2;
    }
}

/// Uniform in [−1, 1) from the upper 53 bits; the lower eight chose the layer.
#[inline]
fn signed_unit(word: u64) -> f64 {
    (word >> 11) as f64 * (2.0 / (1_u64 << 53) as f64) - 1.0
}
