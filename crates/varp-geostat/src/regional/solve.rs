use super::Region;
use super::covariance::{Continuity, ContinuityPrior};
use super::lags::Lags;
use super::mixture::{Component, Law, Scale};
use crate::stats::distribution::normal_quantile;

/// Points at which the unknown variance is taken, middles of classes of equal probability: fewer as
/// it is better known.
fn variances(freedom: f64) -> usize {
    match freedom {
        f if f < 10.0 => 5,
        f if f < 40.0 => 3,
        _ => 1,
    }
}

/// Components lighter than this against the heaviest are not worked out.
const NEGLIGIBLE: f64 = 5e-3;

/// One continuity with what it makes of the samples.
pub(super) struct Candidate {
    continuity: Continuity,
    system: System,
    fits: Vec<Fit>,
}

/// One list of values on one scale, under one continuity.
struct Fit {
    list: usize,
    scale: Scale,
    evidence: f64,
    mean: f64,
    /// Sum of squares over the degrees of freedom.
    variance: f64,
    freedom: f64,
    /// Estimate at each node, on the scale.
    nodes: Vec<f64>,
}

/// What one continuity makes of each list on each scale; `None` where the matrix is singular.
pub(super) fn fit(
    region: &Region<'_>,
    lags: &Lags,
    lists: &[Vec<f64>],
    (continuity, prior): (Continuity, &ContinuityPrior),
    scales: &[(Scale, f64)],
) -> Option<Candidate> {
    let (system, factor) = System::new(region, lags, &continuity)?;
    let fits = lists
        .iter()
        .enumerate()
        .flat_map(|(list, values)| scales.iter().map(move |s| (list, values, *s)))
        .filter(|(_, values, s)| s.0 == Scale::Linear || values.iter().all(|v| *v > 0.0))
        .map(|(list, values, s)| system.fit(&factor, (list, values), s, prior))
        .collect();
    Some(Candidate { continuity, system, fits })
}

/// The components of one list: laws of those candidates that count.
pub(super) fn components(candidates: &[Candidate], list: usize, weights: &[f64]) -> Vec<Component> {
    let fits = || {
        { candidates.iter().flat_map(|c| c.fits.iter().map(move |f| (c, f))) }
            .filter(move |(_, f)| f.list == list)
    };
    let most = fits().map(|(_, f)| f.evidence).fold(f64::NEG_INFINITY, f64::max);
    let weights = shares(weights);
    fits()
        .filter(|(_, f)| f.evidence > most + NEGLIGIBLE.ln())
        .flat_map(|(c, f)| c.laws(f, &weights))
        .collect()
}

impl Candidate {
    fn laws(&self, fit: &Fit, weights: &[f64]) -> Vec<Component> {
        let one = |share: f64, law: Law, variance: f64| Component {
            log_weight: fit.evidence + share.ln(),
            law,
            continuity: self.continuity,
            scale: fit.scale,
            mean: fit.mean,
            variance,
            mean_error: 1.0 / self.system.information,
        };
        let (variance, freedom) = (fit.variance, fit.freedom);
        match fit.scale {
            Scale::Linear => {
                let location = dot(weights, &fit.nodes);
                let spread = self.system.spread(weights, |error| error);
                let law = Law::Student { location, scale: (variance * spread).sqrt(), freedom };
                vec![one(1.0, law, variance)]
            }
            Scale::Log => {
                let classes = variances(freedom);
                (0..classes)
                    .map(|k| {
                        let p = (k as f64 + 0.5) / classes as f64;
                        let variance = variance * freedom / chi_squared(p, freedom);
                        let law = self.system.lognormal(weights, &fit.nodes, variance);
                        one(1.0 / classes as f64, law, variance)
                    })
                    .collect()
            }
        }
    }
}

/// What does not depend on values.
struct System {
    n: usize,
    log_determinant: f64,
    /// L⁻¹·1.
    ones: Vec<f64>,
    /// 1'R⁻¹1.
    information: f64,
    /// L⁻¹·k of each node.
    nodes: Vec<Vec<f64>>,
    /// Covariance of errors at the nodes, in units of the variance: lower triangle.
    errors: Vec<f64>,
    /// Variance within the cell of a node, nugget included.
    within: f64,
}

impl System {
    /// With the Cholesky factor, row-major, lower.
    fn new(region: &Region<'_>, lags: &Lags, continuity: &Continuity) -> Option<(Self, Vec<f64>)> {
        let n = region.places.len();
        let mut factor = vec![0.0; n * n];
        let mut samples = lags.samples(continuity);
        let own = 1.0 + 1e-9;
        for i in 0..n {
            factor[i * n..i * n + i].iter_mut().zip(&mut samples).for_each(|(f, c)| *f = c);
            let noise = region.noise.map_or(0.0, |v| v[i]);
            factor[i * n + i] = own + noise + continuity.drift * lags.own[i];
        }
        let log_determinant = cholesky(&mut factor, n)?;
        let ones = forward(&factor, n, vec![1.0; n]);
        let across: Vec<f64> = lags.across(continuity).collect();
        let nodes: Vec<Vec<f64>> =
            across.chunks(n).map(|row| forward(&factor, n, row.to_vec())).collect();
        let information = dot(&ones, &ones);
        let slack: Vec<f64> = nodes.iter().map(|c| 1.0 - dot(&ones, c)).collect();
        let pairs = (0..nodes.len()).flat_map(|i| (0..=i).map(move |j| (i, j)));
        let error = |(prior, (i, j)): (f64, (usize, usize))| {
            prior - dot(&nodes[i], &nodes[j]) + slack[i] * slack[j] / information
        };
        let errors: Vec<f64> = lags.nodes(continuity).zip(pairs).map(error).collect();
        let within = 1.0 - lags.within(continuity);
        Some((Self { n, log_determinant, ones, information, nodes, errors, within }, factor))
    }

    fn fit(
        &self,
        factor: &[f64],
        (list, values): (usize, &[f64]),
        (scale, probability): (Scale, f64),
        prior: &ContinuityPrior,
    ) -> Fit {
        let count = self.n as f64;
        let centre = values.iter().sum::<f64>() / count;
        let jacobian = match scale {
            Scale::Linear => 0.0,
            Scale::Log => values.iter().map(|v| libm::log(*v)).sum(),
        };
        let y: Vec<f64> = values.iter().map(|v| scale.forward(*v)).collect();
        let b = forward(factor, self.n, y);
        let mean = dot(&self.ones, &b) / self.information;
        let rest: Vec<f64> = b.iter().zip(&self.ones).map(|(b, a)| b - mean * a).collect();
        let freedom = prior.freedom + count - 1.0;
        let expected = expected_variance(prior, scale, centre);
        let squares = prior.freedom * expected + dot(&rest, &rest);
        let evidence = probability.ln() + 0.5 * prior.freedom * libm::log(expected)
            - 0.5
                * (self.log_determinant
                    + libm::log(self.information)
                    + freedom * libm::log(squares))
            - jacobian;
        let nodes: Vec<f64> = self.nodes.iter().map(|c| mean + dot(c, &rest)).collect();
        Fit { list, scale, evidence, mean, variance: squares / freedom, freedom, nodes }
    }

    /// Mean and variance of Σ w·exp(y) from those of y (Fenton 1960: taken as lognormal).
    fn lognormal(&self, weights: &[f64], nodes: &[f64], variance: f64) -> Law {
        let mut own = 0;
        let means: Vec<f64> = (0..nodes.len())
            .map(|i| {
                own += i + 1;
                let error = (self.errors[own - 1] + self.within).max(0.0);
                weights[i] * (nodes[i] + 0.5 * variance * error).min(700.0).exp()
            })
            .collect();
        let mean: f64 = means.iter().sum();
        let largest = self.errors.iter().fold(0.0_f64, |m, e| m.max(e.abs()));
        let spread = match variance * largest <= 1.0 {
            true => self.spread(&means, |error| small_expm1(variance * error)),
            false => self.spread(&means, |error| (variance * error).min(50.0).exp_m1()),
        };
        Law::Lognormal { mean, variance: spread.max(0.0) }
    }

    /// ΣΣ wᵢ·wⱼ·f(errorᵢⱼ).
    fn spread(&self, weights: &[f64], f: impl Fn(f64) -> f64) -> f64 {
        let (mut sum, mut at) = (0.0, 0);
        for i in 0..weights.len() {
            let mut row = 0.0;
            for j in 0..i {
                row += weights[j] * f(self.errors[at]);
                at += 1;
            }
            sum += weights[i] * (2.0 * row + weights[i] * f(self.errors[at]));
            at += 1;
        }
        sum
    }
}

/// Each sample from those of other groups.
pub(super) fn leave_out(
    region: &Region<'_>,
    (continuity, scale): (&Continuity, Scale),
    groups: &[u32],
    prior: &ContinuityPrior,
) -> Vec<(f64, f64)> {
    let mut found = vec![(f64::NAN, f64::NAN); groups.len()];
    let mut numbers = groups.to_vec();
    numbers.sort_unstable();
    numbers.dedup();
    for group in numbers {
        let pick = |of: bool| (0..groups.len()).filter(move |i| (groups[*i] == group) == of);
        let kept: Vec<usize> = pick(false).collect();
        let n = kept.len();
        if n == 0 {
            continue;
        }
        let noise = |i: usize| region.noise.map_or(0.0, |v| v[i]);
        let mut factor = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..i {
                let (a, b) = (region.places[kept[i]], region.places[kept[j]]);
                factor[i * n + j] = continuity.between(a, b);
            }
            factor[i * n + i] = 1.0 + 1e-9 + noise(kept[i]);
        }
        if cholesky(&mut factor, n).is_none() {
            continue;
        }
        let ones = forward(&factor, n, vec![1.0; n]);
        let b =
            forward(&factor, n, kept.iter().map(|i| scale.forward(region.values[*i])).collect());
        let information = dot(&ones, &ones);
        let mean = dot(&ones, &b) / information;
        let rest: Vec<f64> = b.iter().zip(&ones).map(|(b, a)| b - mean * a).collect();
        let expected = expected_variance(prior, scale, mean);
        let squares = prior.freedom * expected + dot(&rest, &rest);
        let variance = squares / (prior.freedom + n as f64 - 1.0);
        for i in pick(true) {
            let k = kept.iter().map(|j| continuity.between(region.places[i], region.places[*j]));
            let c = forward(&factor, n, k.collect());
            let slack = 1.0 - dot(&ones, &c);
            let error = 1.0 + noise(i) - dot(&c, &c) + slack * slack / information;
            found[i] = (mean + dot(&c, &rest), (variance * error.max(0.0)).sqrt());
        }
    }
    found
}

/// Variance that the prior's coefficient of variation means on the scale.
pub(super) fn expected_variance(prior: &ContinuityPrior, scale: Scale, centre: f64) -> f64 {
    match scale {
        Scale::Linear => (prior.variation * centre).powi(2),
        Scale::Log => libm::log1p(prior.variation * prior.variation),
    }
}

pub(super) fn shares(weights: &[f64]) -> Vec<f64> {
    let total: f64 = weights.iter().sum();
    weights.iter().map(|w| w / total).collect()
}

/// Factor in place, row by row; the logarithm of the determinant, or `None`.
pub(super) fn cholesky(a: &mut [f64], n: usize) -> Option<f64> {
    let mut log_determinant = 0.0;
    for i in 0..n {
        let (above, row) = a.split_at_mut(i * n);
        for j in 0..i {
            let other = &above[j * n..j * n + j];
            row[j] = (row[j] - dot(&row[..j], other)) / above[j * n + j];
        }
        let rest = row[i] - dot(&row[..i], &row[..i]);
        if !(rest > 1e-12) {
            return None;
        }
        row[i] = rest.sqrt();
        log_determinant += libm::log(rest);
    }
    Some(log_determinant)
}

/// L⁻¹·v.
pub(super) fn forward(factor: &[f64], n: usize, mut v: Vec<f64>) -> Vec<f64> {
    for i in 0..n {
        let row = &factor[i * n..i * n + i + 1];
        v[i] = (v[i] - dot(&row[..i], &v[..i])) / row[i];
    }
    v
}

/// Eight sums side by side, then one: the same on every machine.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    let tail: f64 = a8.remainder().iter().zip(b8.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in a8.zip(b8) {
        for lane in 0..8 {
            sums[lane] += x[lane] * y[lane];
        }
    }
    sums.iter().sum::<f64>() + tail
}

/// exp(x) − 1 for |x| ≤ 1 by its series to the twelfth power: good to 1e-10, and without a branch.
fn small_expm1(x: f64) -> f64 {
    const INVERSE: [f64; 11] = [
        1.0 / 12.0,
        1.0 / 11.0,
        1.0 / 10.0,
        1.0 / 9.0,
        1.0 / 8.0,
        1.0 / 7.0,
        1.0 / 6.0,
        1.0 / 5.0,
        1.0 / 4.0,
        1.0 / 3.0,
        1.0 / 2.0,
    ];
    x * INVERSE.iter().fold(1.0, |sum, inverse| 1.0 + x * inverse * sum)
}

/// Quantile of χ² by Wilson and Hilferty's cube (1931), good to a per cent from three degrees on.
pub(super) fn chi_squared(p: f64, freedom: f64) -> f64 {
    let ninth = 2.0 / (9.0 * freedom);
    freedom * (1.0 - ninth + normal_quantile(p) * ninth.sqrt()).max(0.05).powi(3)
}
