use rayon::prelude::*;

use super::covariance::{Continuity, ContinuityPrior};
use super::mixture::Scale;
use super::solve::{chi_squared, cholesky, dot, expected_variance, forward};
use crate::random::{Random, Stream};
use crate::simulate::truncated_normal;
use crate::stats::distribution::normal_quantile;
use crate::stats::{StatsError, finite, same_length};

/// What is known of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Itself.
    Exact,
    /// That it lies below, as an assay below its limit.
    Below,
    /// That it lies above, as the thickness where a hole stopped short of the base.
    Above,
}

/// Samples of which some are known only to lie below or above a limit.
#[derive(Debug, Clone, Copy)]
pub struct Limited<'a> {
    /// Places of samples: x, y, z.
    pub places: &'a [[f64; 3]],
    /// Values, above zero; the limit where they are not known themselves.
    pub values: &'a [f64],
    /// What is known of each.
    pub known: &'a [Known],
}

/// Most samples that hang together; more are cut into blocks that share mean, variance, continuity.
const BLOCK: usize = 200;
/// Sets of ranges, nugget and layers that a chain chooses from.
const CANDIDATES: usize = 12;
/// Choices of continuity, variance and mean in a chain, and sweeps over the limited values after each.
const TURNS: u32 = 16;
const SWEEPS: u32 = 2;
/// Expected deviations below a limit within which values are drawn on a logarithmic scale.
const DEEPEST: f64 = 6.0;
/// Variance of the error of an assay relative to the variance: keeps twins apart.
const ASSAY: f64 = 0.01;

impl Limited<'_> {
    /// Lists of values as likely as each other, one for each start, with a draw below or above the limit
    /// in the place of each limit.
    ///
    /// Data augmentation (Tanner and Wong 1987): in turn, continuity, variance and mean are drawn given all
    /// values, and each limited value given all others, cut to its limit. So a hole whose neighbours are
    /// poor is drawn poor as a whole, and the spread of lists tells how much that leaves open.
    ///
    /// - `starts`: the scale on which a list is taken as Gaussian, and values to start from
    ///
    /// # Errors
    /// Numbers that are not finite, lists of another length, values not above zero on a logarithmic
    /// scale.
    pub fn filled(
        &self,
        starts: &[(Scale, Vec<f64>)],
        prior: &ContinuityPrior,
        seed: u64,
    ) -> Result<Vec<Vec<f64>>, StatsError> {
        finite(self.places.as_flattened(), 3)?;
        finite(self.values, 1)?;
        same_length(self.values.len(), self.places.len(), "places")?;
        same_length(self.values.len(), self.known.len(), "limits")?;
        for (scale, start) in starts {
            finite(start, 1)?;
            same_length(self.values.len(), start.len(), "start")?;
            let low = start.iter().chain(self.values).position(|v| *v <= 0.0);
            if let (Scale::Log, Some(index)) = (scale, low) {
                return Err(StatsError::NotPositive { index, value: 0.0 });
            }
        }
        let prior = ContinuityPrior { candidates: CANDIDATES, ..*prior };
        let blocks = blocks(self.places);
        let models: Vec<Model> = prior
            .candidates()
            .into_par_iter()
            .filter_map(|c| Model::new(self.places, &blocks, &c))
            .collect();
        if models.is_empty() {
            return Err(StatsError::TooFew { found: self.places.len(), needed: 1 });
        }
        let random = Random::new(seed, Stream::Gibbs);
        Ok((0..starts.len())
            .into_par_iter()
            .map(|k| self.chain(&models, &starts[k], &prior, (&random, k as u64)))
            .collect())
    }

    fn chain(
        &self,
        models: &[Model],
        (scale, start): &(Scale, Vec<f64>),
        prior: &ContinuityPrior,
        (random, list): (&Random, u64),
    ) -> Vec<f64> {
        let scale = *scale;
        let limits: Vec<f64> = self.values.iter().map(|v| scale.forward(*v)).collect();
        let centre = self.values.iter().sum::<f64>() / self.values.len() as f64;
        let reach = DEEPEST * expected_variance(prior, scale, centre).sqrt();
        let bounds: Vec<Option<[f64; 2]>> = self
            .known
            .iter()
            .zip(&limits)
            .map(|(k, limit)| k.bounds(scale, *limit, reach))
            .collect();
        let mut scores: Vec<f64> = start.iter().map(|v| scale.forward(*v)).collect();
        let chance = |turn: u32, what: u32| random.uniform(u64::MAX - list, 4 * turn + what);
        for turn in 0..TURNS {
            let values: f64 = scores.iter().map(|s| scale.back(*s)).sum();
            let expected = expected_variance(prior, scale, values / scores.len() as f64);
            let fits: Vec<Fit> =
                models.iter().map(|m| m.fit(&scores, (prior.freedom, expected))).collect();
            let chosen = pick(&fits, chance(turn, 0));
            let (model, fit) = (&models[chosen], &fits[chosen]);
            let variance = fit.squares / chi_squared(chance(turn, 1), fit.freedom);
            let error = (variance / model.information).sqrt();
            let mean = fit.mean + error * normal_quantile(chance(turn, 2));
            for sweep in 0..SWEEPS {
                let u = |i: usize| random.uniform((i as u64) << 32 | list, SWEEPS * turn + sweep);
                model.sweep(&mut scores, (mean, variance), &bounds, u);
            }
        }
        let value = |(i, score): (usize, &f64)| match self.known[i] {
            Known::Exact => self.values[i],
            Known::Below => scale.back(*score).clamp(1e-6 * self.values[i], self.values[i]),
            Known::Above => scale.back(*score).max(self.values[i]),
        };
        scores.iter().enumerate().map(value).collect()
    }
}

impl Known {
    /// Ends within which a score is drawn; at most `reach` from the limit. What lies farther adds nothing
    /// to a mean of small values, but as a logarithm it would widen the law without end.
    fn bounds(self, scale: Scale, limit: f64, reach: f64) -> Option<[f64; 2]> {
        match (self, scale) {
            (Self::Exact, _) => None,
            (Self::Below, Scale::Linear) => Some([0.0, limit]),
            (Self::Below, Scale::Log) => Some([limit - reach, limit]),
            (Self::Above, _) => Some([limit, limit + reach]),
        }
    }
}

/// What a model makes of the scores: logarithm of the evidence, mean, sum of squares.
struct Fit {
    evidence: f64,
    mean: f64,
    squares: f64,
    freedom: f64,
}

/// One continuity over all blocks.
struct Model {
    blocks: Vec<Block>,
    log_determinant: f64,
    /// 1'R⁻¹1.
    information: f64,
}

/// Samples that hang together.
struct Block {
    rows: Vec<usize>,
    /// R⁻¹, row-major.
    precision: Vec<f64>,
    /// R⁻¹·1.
    ones: Vec<f64>,
}

impl Model {
    fn new(places: &[[f64; 3]], blocks: &[Vec<usize>], continuity: &Continuity) -> Option<Self> {
        let mut model = Self { blocks: Vec::new(), log_determinant: 0.0, information: 0.0 };
        for rows in blocks {
            let n = rows.len();
            let mut factor = vec![0.0; n * n];
            for i in 0..n {
                for j in 0..i {
                    factor[i * n + j] = continuity.between(places[rows[i]], places[rows[j]]);
                }
                factor[i * n + i] = 1.0 + ASSAY;
            }
            model.log_determinant += cholesky(&mut factor, n)?;
            let precision = inverse(&factor, n);
            let ones: Vec<f64> = precision.chunks(n).map(|row| row.iter().sum()).collect();
            model.information += ones.iter().sum::<f64>();
            model.blocks.push(Block { rows: rows.clone(), precision, ones });
        }
        Some(model)
    }

    fn fit(&self, scores: &[f64], (worth, expected): (f64, f64)) -> Fit {
        let (mut across, mut square) = (0.0, 0.0);
        for block in &self.blocks {
            let own: Vec<f64> = block.rows.iter().map(|i| scores[*i]).collect();
            across += dot(&block.ones, &own);
            let rows = block.precision.chunks(own.len());
            square += rows.zip(&own).map(|(row, y)| y * dot(row, &own)).sum::<f64>();
        }
        let mean = across / self.information;
        let squares = worth * expected + (square - across * mean).max(0.0);
        let freedom = worth + scores.len() as f64 - 1.0;
        let evidence = 0.5 * worth * libm::log(expected)
            - 0.5
                * (self.log_determinant
                    + libm::log(self.information)
                    + freedom * libm::log(squares));
        Fit { evidence, mean, squares, freedom }
    }

    /// Draws each bounded score given all others of its block.
    fn sweep(
        &self,
        scores: &mut [f64],
        (mean, variance): (f64, f64),
        bounds: &[Option<[f64; 2]>],
        uniform: impl Fn(usize) -> f64,
    ) {
        for block in &self.blocks {
            let n = block.rows.len();
            let mut rest: Vec<f64> = block.rows.iter().map(|i| scores[*i] - mean).collect();
            for (at, i) in block.rows.iter().enumerate() {
                let Some([low, high]) = bounds[*i] else { continue };
                let row = &block.precision[at * n..(at + 1) * n];
                let centre = mean + rest[at] - dot(row, &rest) / row[at];
                let deviation = (variance / row[at]).sqrt();
                let cut = [(low - centre) / deviation, (high - centre) / deviation];
                let score = centre + deviation * truncated_normal(cut, uniform(*i));
                scores[*i] = score.clamp(low, high);
                rest[at] = scores[*i] - mean;
            }
        }
    }
}

/// A number of the list with a probability that follows the evidence.
fn pick(fits: &[Fit], u: f64) -> usize {
    let most = fits.iter().map(|f| f.evidence).fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = fits.iter().map(|f| libm::exp(f.evidence - most)).collect();
    let mut left = u * weights.iter().sum::<f64>();
    for (i, weight) in weights.iter().enumerate() {
        left -= weight;
        if left <= 0.0 {
            return i;
        }
    }
    weights.len() - 1
}

/// R⁻¹ from its lower factor: columns of L⁻¹, then their products.
fn inverse(factor: &[f64], n: usize) -> Vec<f64> {
    let unit = |i: usize| {
        let mut one = vec![0.0; n];
        one[i] = 1.0;
        forward(factor, n, one)
    };
    let columns: Vec<Vec<f64>> = (0..n).map(unit).collect();
    let mut precision = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..=i {
            let value = dot(&columns[i][i..], &columns[j][i..]);
            precision[i * n + j] = value;
            precision[j * n + i] = value;
        }
    }
    precision
}

/// Rows cut in halves across the longer side until each part is small enough.
fn blocks(places: &[[f64; 3]]) -> Vec<Vec<usize>> {
    let mut done = Vec::new();
    let mut open = vec![(0..places.len()).collect::<Vec<usize>>()];
    while let Some(mut rows) = open.pop() {
        if rows.len() <= BLOCK {
            done.push(rows);
            continue;
        }
        let side = |d: usize| {
            let all = rows.iter().map(|i| places[*i][d]);
            all.clone().fold(f64::NEG_INFINITY, f64::max) - all.fold(f64::INFINITY, f64::min)
        };
        let axis = usize::from(side(1) > side(0));
        rows.sort_by(|a, b| places[*a][axis].total_cmp(&places[*b][axis]).then(a.cmp(b)));
        let rest = rows.split_off(rows.len() / 2);
        open.extend([rest, rows]);
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prior() -> ContinuityPrior {
        ContinuityPrior {
            range: [50.0, 400.0],
            vertical: [1.0, 8.0],
            nugget: [0.0, 0.4],
            layers: [0.0, 0.3],
            drift: 0.0,
            variation: 0.5,
            freedom: 3.0,
            candidates: 12,
        }
    }

    /// `side`² holes of four samples; the north is poor.
    fn holes(side: usize) -> (Vec<[f64; 3]>, Vec<f64>) {
        let one = |i: usize| {
            let (hole, layer) = (i / 4, i % 4);
            let (x, y) = (40.0 * (hole % side) as f64, 40.0 * (hole / side) as f64);
            let rich = 1.0 + 3.0 * libm::exp(-y / 60.0) + 0.3 * libm::sin(7.3 * i as f64);
            ([x, y, -(layer as f64)], rich)
        };
        (0..side * side * 4).map(one).unzip()
    }

    #[test]
    fn draws_stay_below_the_limit_and_follow_their_neighbours() {
        let (places, truth) = holes(5);
        // one sample of the rich edge and one deep in the poor part are hidden by the same limit
        let (near, far) = (1, truth.len() - 2);
        let hidden = |i: usize| i == near || i == far;
        let known: Vec<Known> =
            (0..truth.len()).map(|i| if hidden(i) { Known::Below } else { Known::Exact }).collect();
        let values: Vec<f64> =
            (0..truth.len()).map(|i| if hidden(i) { 3.5 } else { truth[i] }).collect();
        let limited = Limited { places: &places, values: &values, known: &known };
        let starts: Vec<(Scale, Vec<f64>)> =
            (0..60).map(|_| (Scale::Log, values.clone())).collect();
        let lists = limited.filled(&starts, &prior(), 1).unwrap();
        let mean = |i: usize| lists.iter().map(|l| l[i]).sum::<f64>() / lists.len() as f64;
        assert!(lists.iter().all(|l| (0..l.len()).all(|i| l[i] <= values[i])));
        assert!(lists.iter().all(|l| (0..l.len()).all(|i| hidden(i) || l[i] == values[i])));
        assert!(mean(near) > 1.5 * mean(far), "{} {}", mean(near), mean(far));
        assert!((mean(far) / truth[far] - 1.0).abs() < 0.35, "{} {}", mean(far), truth[far]);
    }

    /// Without continuity a value below the limit follows the law of all values cut at the limit.
    #[test]
    fn far_apart_they_are_draws_of_the_truncated_law() {
        let n = 120;
        let places: Vec<[f64; 3]> = (0..n).map(|i| [1e7 * f64::from(i), 0.0, 0.0]).collect();
        let score = |i: i32| normal_quantile((f64::from(i) + 0.5) / f64::from(n));
        let truth: Vec<f64> = (0..n).map(|i| libm::exp(0.5 * score(i))).collect();
        let below = |v: &f64| if *v < 1.0 { Known::Below } else { Known::Exact };
        let known: Vec<Known> = truth.iter().map(below).collect();
        let values: Vec<f64> = truth.iter().map(|v| v.max(1.0)).collect();
        let limited = Limited { places: &places, values: &values, known: &known };
        let starts: Vec<(Scale, Vec<f64>)> =
            (0..40).map(|_| (Scale::Log, values.clone())).collect();
        let lists = limited.filled(&starts, &prior(), 2).unwrap();
        let hidden = |(_, k): &(&f64, &Known)| **k == Known::Below;
        let logs = lists.iter().flat_map(|l| l.iter().zip(&known).filter(hidden));
        let (sum, count) = logs.fold((0.0, 0), |(s, c), (v, _)| (s + libm::log(*v), c + 1));
        // mean of a normal law below its mean: −σ·√(2/π)
        let expected = -0.5 * (2.0 / std::f64::consts::PI).sqrt();
        let found = sum / f64::from(count);
        assert!((found - expected).abs() < 0.08, "{found} {expected}");
    }

    #[test]
    fn a_hole_that_stopped_short_is_at_least_as_deep_and_no_deeper_than_its_neighbours_say() {
        let places: Vec<[f64; 3]> =
            (0..25).map(|i| [40.0 * f64::from(i % 5), 40.0 * f64::from(i / 5), 0.0]).collect();
        let mut values = vec![10.0; 25];
        values.iter_mut().enumerate().for_each(|(i, v)| *v += 0.5 * libm::sin(2.1 * i as f64));
        let mut known = vec![Known::Exact; 25];
        (values[12], known[12]) = (6.0, Known::Above);
        let limited = Limited { places: &places, values: &values, known: &known };
        let starts = vec![(Scale::Linear, values.clone()); 40];
        let lists = limited.filled(&starts, &prior(), 3).unwrap();
        let mean = lists.iter().map(|l| l[12]).sum::<f64>() / 40.0;
        assert!(lists.iter().all(|l| l[12] >= 6.0));
        assert!((8.5..11.5).contains(&mean), "{mean}");
    }

    #[test]
    fn blocks_hold_every_sample_once() {
        let (places, _) = holes(12);
        let blocks = blocks(&places);
        assert!(blocks.len() > 1 && blocks.iter().all(|b| b.len() <= BLOCK));
        let mut rows: Vec<usize> = blocks.into_iter().flatten().collect();
        rows.sort_unstable();
        assert!(rows.into_iter().eq(0..places.len()));
    }
}
