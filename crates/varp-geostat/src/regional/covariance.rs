use super::Region;

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

/// Distances between samples, between nodes, and from samples to nodes, once for all candidates.
pub(super) struct Lags {
    /// Lower triangle of samples without the diagonal, row by row.
    pub samples: Vec<Lag>,
    /// Row of samples for each node.
    pub across: Vec<Lag>,
    /// Lower triangle of nodes with the diagonal.
    pub nodes: Vec<Lag>,
    /// Product of each sample's scaled coordinates with themselves.
    pub own: Vec<f64>,
    /// Within the cell of a node.
    pub within: Lag,
    /// Whether heights differ.
    pub solid: bool,
}

/// Horizontal and vertical distance, and the product of scaled coordinates that a drift needs.
#[derive(Clone, Copy)]
pub(super) struct Lag {
    flat: f64,
    up: f64,
    product: f64,
}

impl Lags {
    pub fn new(region: &Region<'_>) -> Self {
        let (places, nodes) = (region.places, region.nodes);
        let count = nodes.len() as f64;
        let centre = [0, 1].map(|d| nodes.iter().map(|p| p[d]).sum::<f64>() / count);
        let square = |p: &[f64; 3]| (0..2).map(|d| (p[d] - centre[d]).powi(2)).sum::<f64>();
        let spread = (nodes.iter().map(square).sum::<f64>() / count).max(1e-12);
        let product = |a: [f64; 3], b: [f64; 3]| {
            (0..2).map(|d| (a[d] - centre[d]) * (b[d] - centre[d])).sum::<f64>() / spread
        };
        let lag = |a: [f64; 3], b: [f64; 3], wide: f64, high: f64| Lag {
            flat: ((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2) + wide * wide).sqrt(),
            up: ((a[2] - b[2]).powi(2) + high * high).sqrt(),
            product: product(a, b),
        };
        // A node stands for a cell: distances are means over it. From the middle of a unit square to
        // itself the mean distance is 0.38, between two of its points 0.52; in a unit length 1/4, 1/3.
        let [wide, high] = region.cell;
        let cell = |a, b| lag(a, b, 0.38 * wide, 0.25 * high);
        let cells = |a, b| lag(a, b, 0.52 * wide, high / 3.0);
        let heights = || places.iter().chain(nodes).map(|p| p[2]);
        let (low, top) = heights().fold((f64::MAX, f64::MIN), |(l, h), z| (l.min(z), h.max(z)));
        Self {
            samples: (0..places.len())
                .flat_map(|i| (0..i).map(move |j| (i, j)))
                .map(|(i, j)| lag(places[i], places[j], 0.0, 0.0))
                .collect(),
            across: nodes.iter().flat_map(|n| places.iter().map(|p| cell(*n, *p))).collect(),
            nodes: (0..nodes.len())
                .flat_map(|i| (0..=i).map(move |j| (i, j)))
                .map(|(i, j)| cells(nodes[i], nodes[j]))
                .collect(),
            within: Lag { flat: 0.52 * wide, up: high / 3.0, product: 0.0 },
            own: places.iter().map(|p| product(*p, *p)).collect(),
            solid: top > low,
        }
    }
}

impl Continuity {
    /// Correlation at a lag without the nugget, drift included; 1 + drift at most about 0.
    pub(super) fn correlation(&self, lag: Lag, solid: bool) -> f64 {
        let rest = 1.0 - self.nugget;
        let drift = self.drift * lag.product;
        let flat = lag.flat / self.range;
        if !solid {
            return rest * (-3.0 * flat).exp() + drift;
        }
        let up = lag.up / self.vertical;
        let body = (-3.0 * (flat * flat + up * up).sqrt()).exp();
        let layer = if self.layers > 0.0 { self.layers * (-3.0 * up).exp() } else { 0.0 };
        rest * ((1.0 - self.layers) * body + layer) + drift
    }

    /// Correlation of two places.
    pub(super) fn between(&self, a: [f64; 3], b: [f64; 3]) -> f64 {
        let flat = (a[0] - b[0]).hypot(a[1] - b[1]);
        let lag = Lag { flat, up: (a[2] - b[2]).abs(), product: 0.0 };
        self.correlation(lag, true)
    }
}
