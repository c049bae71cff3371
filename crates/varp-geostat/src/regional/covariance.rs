/// Continuity of a variable: one candidate of many.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Continuity {
    /// Practical range in the horizontal, metres.
    pub range: f64,
    /// Practical range in the vertical, metres.
    pub vertical: f64,
    /// Share of the variance without continuity.
    pub nugget: f64,
    /// Share of the rest that is the same over a whole layer.
    pub layers: f64,
    /// Variance of a drift across the region, relative to the variance.
    pub drift: f64,
}

/// What is assumed of continuity before looking at the samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ContinuityPrior {
    /// Least and greatest practical range, metres; all magnitudes between are as likely.
    pub range: [f64; 2],
    /// The same in the vertical; equal ends and flat data leave it without effect.
    pub vertical: [f64; 2],
    /// Least and greatest share of nugget.
    pub nugget: [f64; 2],
    /// Least and greatest share of layers.
    pub layers: [f64; 2],
    /// Greatest drift; half the candidates have none.
    pub drift: f64,
    /// Coefficient of variation that is expected.
    pub variation: f64,
    /// How many values that expectation is worth.
    pub freedom: f64,
    /// Number of candidates.
    pub candidates: usize,
}

impl ContinuityPrior {
    /// Candidates spread evenly over the prior (Halton's sequence).
    pub fn candidates(&self) -> Vec<Continuity> {
        let between = |[a, b]: [f64; 2], u: f64| a + u * (b - a);
        let magnitude = |[a, b]: [f64; 2], u: f64| a * libm::pow(b / a, u);
        (1..=self.candidates.max(1) as u64)
            .map(|i| {
                let u = halton(i, 11);
                Continuity {
                    range: magnitude(self.range, halton(i, 2)),
                    vertical: magnitude(self.vertical, halton(i, 5)),
                    nugget: between(self.nugget, halton(i, 3)),
                    layers: between(self.layers, halton(i, 7)),
                    drift: self.drift * (2.0 * u - 1.0).max(0.0),
                }
            })
            .collect()
    }
}

/// Radical inverse of `i` in a prime base (Halton 1960).
fn halton(mut i: u64, base: u64) -> f64 {
    let (mut value, mut step) = (0.0, 1.0);
    while i > 0 {
        step /= base as f64;
        value += step * (i % base) as f64;
        i /= base;
    }
    value
}

impl Continuity {
    /// Correlation at a distance without the nugget.
    pub(super) fn correlation(&self, flat: f64, up: f64, solid: bool) -> f64 {
        let rest = 1.0 - self.nugget;
        let flat = flat / self.range;
        if !solid {
            return rest * (-3.0 * flat).exp();
        }
        let up = up / self.vertical;
        let body = (-3.0 * (flat * flat + up * up).sqrt()).exp();
        let layer = if self.layers > 0.0 { self.layers * (-3.0 * up).exp() } else { 0.0 };
        rest * ((1.0 - self.layers) * body + layer)
    }

    /// Correlation of two places.
    pub(super) fn between(&self, a: [f64; 3], b: [f64; 3]) -> f64 {
        let flat = (a[0] - b[0]).hypot(a[1] - b[1]);
        self.correlation(flat, (a[2] - b[2]).abs(), true)
    }
}
